"""The starter articles and questions: Markdown files with a small heading block, loaded into the database and shown as
clean HTML."""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import nh3
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from exercises.content.load import Outcome, Values, digest, grace, sort_out
from exercises.governance import attribute, look_again
from exercises.models import Article, Question
from exercises.teaching import Teaching

FOLDER = Path(__file__).parent / "articles"
QUESTIONS = Path(__file__).parent / "questions"
SOURCE = "Common advice for people with back pain, written for the starter library"


class Own(NamedTuple):
    """What a kind of text has beside what all have: lines of its heading block, and the field its Markdown goes to."""

    heading: tuple[str, ...]
    body: str

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.heading, "order", "moments", self.body)


# No raw HTML on the way in, and an allow-list on the way out: an article can carry words, and links to other pages.
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {"h2", "h3", "p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "hr", "br", "code"} | {
    "table", "thead", "tbody", "tr", "th", "td"
}  # fmt: skip


def _own_attribute(tag: str, name: str, value: str) -> str | None:
    """`//elsewhere` would be an address on another host without saying so."""
    return None if value.startswith("//") else value


def article_html(markdown: str) -> SafeString:
    """Safe HTML of an article. Its own headings start at level 2, below the page's title."""
    html = _markdown.render(markdown).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
        attribute_filter=_own_attribute,
    )
    return mark_safe(clean)


def _read(path: Path, own: Own) -> Values:
    """`title: …`, `order: …` and so on above a line of dashes, the Markdown below it."""
    heading, body = path.read_text(encoding="utf-8").split("\n---\n", 1)
    fields = dict(line.split(": ", 1) for line in heading.splitlines())
    return {name: fields[name] for name in own.heading} | {
        "order": int(fields["order"]),
        "moments": fields["matters"].split(", ") if "matters" in fields else [],
        own.body: body.strip(),
    }


def load_articles(*, overwrite: Collection[str] = ()) -> Outcome:
    return _load(Article, FOLDER, Own(heading=("title", "summary"), body="body"), overwrite)


def load_questions(*, overwrite: Collection[str] = ()) -> Outcome:
    return _load(Question, QUESTIONS, Own(heading=("question",), body="answer"), overwrite)


@transaction.atomic
def _load(model: type[Teaching], folder: Path, own: Own, overwrite: Collection[str]) -> Outcome:
    """As with exercises: what nobody edited follows its file, what an admin edited stays unless `overwrite` names it."""
    wanted = {path.stem: _read(path, own) for path in sorted(folder.glob("*.md"))}
    rows = model._default_manager.in_bulk(field_name="slug")
    current = {slug: {name: getattr(row, name) for name in own.fields} for slug, row in rows.items()}
    outcome = sort_out(wanted, rows, current, overwrite)
    for slug in (*outcome.created, *outcome.updated):
        text = rows.get(slug) or model(slug=slug, added_at=None)  # no news of the clinic's own
        for name, value in wanted[slug].items():
            setattr(text, name, value)
        text.loaded_hash = digest(wanted[slug])
        text.save()
    attribute(model, source=SOURCE)
    look_again(model._default_manager.filter(slug__in=outcome.updated), until=grace())
    return outcome

"""The starter articles: Markdown files with a small heading block, loaded into the database and shown as clean HTML."""

from collections.abc import Collection
from pathlib import Path

import nh3
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from exercises.content.load import Outcome, Values, digest, sort_out
from exercises.models import Article

FOLDER = Path(__file__).parent / "articles"
FIELDS = ("title", "summary", "order", "body")

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


def _read(path: Path) -> Values:
    """`title: …`, `summary: …` and `order: …` above a line of dashes, the Markdown below it."""
    heading, body = path.read_text(encoding="utf-8").split("\n---\n", 1)
    fields = dict(line.split(": ", 1) for line in heading.splitlines())
    return {
        "title": fields["title"],
        "summary": fields["summary"],
        "order": int(fields["order"]),
        "body": body.strip(),
    }


@transaction.atomic
def load_articles(*, overwrite: Collection[str] = ()) -> Outcome:
    """As with exercises: what nobody edited follows its file, what an admin edited stays unless `overwrite` names it."""
    wanted = {path.stem: _read(path) for path in sorted(FOLDER.glob("*.md"))}
    rows = Article.objects.in_bulk(field_name="slug")
    current = {slug: {name: getattr(row, name) for name in FIELDS} for slug, row in rows.items()}
    outcome = sort_out(wanted, rows, current, overwrite)
    for slug in (*outcome.created, *outcome.updated):
        article = rows.get(slug) or Article(slug=slug)
        for name, value in wanted[slug].items():
            setattr(article, name, value)
        article.loaded_hash = digest(wanted[slug])
        article.save()
    return outcome

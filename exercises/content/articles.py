"""The starter articles: Markdown files with a small heading block, loaded into the database and shown as clean HTML."""

import hashlib
from collections import Counter
from pathlib import Path

import nh3
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

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


def _read(path: Path) -> dict[str, str | int]:
    """`title: …`, `summary: …` and `order: …` above a line of dashes, the Markdown below it."""
    heading, body = path.read_text(encoding="utf-8").split("\n---\n", 1)
    fields = dict(line.split(": ", 1) for line in heading.splitlines())
    return {
        "title": fields["title"],
        "summary": fields["summary"],
        "order": int(fields["order"]),
        "body": body.strip(),
    }


def content_hash(values: dict[str, str | int]) -> str:
    return hashlib.sha256("\0".join(str(values[name]) for name in FIELDS).encode()).hexdigest()


@transaction.atomic
def load_articles() -> Counter[str]:
    """Writes new articles and updates those that nobody edited since they were loaded.

    Counts `created`, `updated`, `unchanged` and `edited`: an edited one is left as it is.
    """
    stored = Article.objects.in_bulk(field_name="slug")
    counts: Counter[str] = Counter(created=0, updated=0, unchanged=0, edited=0)
    for path in sorted(FOLDER.glob("*.md")):
        values = _read(path)
        new_hash = content_hash(values)
        article = stored.get(path.stem)
        if article is None:
            Article.objects.create(slug=path.stem, loaded_hash=new_hash, **values)
            counts["created"] += 1
        elif content_hash({name: getattr(article, name) for name in FIELDS}) != article.loaded_hash:
            counts["edited"] += 1
        elif article.loaded_hash == new_hash:
            counts["unchanged"] += 1
        else:
            for name, value in values.items():
                setattr(article, name, value)
            article.loaded_hash = new_hash
            article.save()
            counts["updated"] += 1
    return counts

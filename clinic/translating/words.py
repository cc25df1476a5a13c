"""All words of the portal that go through gettext, found by reading its own source."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2]
CODE = ("config", "exercises", "patients", "clinic")
TEMPLATES = ("*.html", "*.txt", "*.js")
NOT_READ = {"migrations", "demo"}
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "noop": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def words_of_the_portal() -> Catalog:
    """The template of every translation: each text once, with where it stands and how it is counted."""
    catalog = Catalog(project="Backwell", fuzzy=False)
    for path in _files():
        source = path.read_text(encoding="utf-8")
        place = str(path.relative_to(ROOT))
        code = source if path.suffix == ".py" else as_code(source, place)
        for line, message, _, context in extract("python", BytesIO(code.encode()), keywords=KEYWORDS):
            if message:
                catalog.add(message, locations=[(place, line)], context=context)
    return catalog


def as_code(template: str, name: str) -> str:
    """A template's words as calls of gettext, each on its own line still, without the layout that is no code."""
    return "\n".join(line.strip() for line in templatize(template, origin=name).split("\n"))


def _files() -> Iterator[Path]:
    for folder in CODE:
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if not NOT_READ & set(path.parts))
    for pattern in TEMPLATES:
        yield from sorted((ROOT / "templates").rglob(pattern))

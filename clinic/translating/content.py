"""The words of the catalogue and the articles as one .po file, for whoever translates them with a tool of their own.

The rows of `exercises.models.Translation` are what counts; the file carries them out and in again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from clinic.translating.catalogues import CannotTranslate, locale_of
from clinic.translating.pseudo import LANGUAGE as PSEUDO
from clinic.translating.pseudo import pseudo
from exercises.models import Translation
from exercises.translations import FIELDS, KINDS


@dataclass(slots=True)
class Taken:
    """What was taken in. changed: texts whose original says something else by now. wrong: why a text cannot stand."""

    rows: int = 0
    changed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def write_content(language: str, path: Path) -> int:
    """How many texts the file holds."""
    catalogue = Catalog(locale=locale_of(language), project="Backwell content", fuzzy=False)
    known = {(each.kind, each.slug): each.texts for each in Translation.objects.filter(language=language)}
    for row in _rows():
        texts = known.get((_kind(row), _slug(row)), {})
        for name in FIELDS[type(row)]:
            translated = _lines(texts.get(name, ""))
            for n, text in enumerate(_lines(getattr(row, name))):
                said = pseudo(text) if language == PSEUDO else "".join(translated[n : n + 1])
                catalogue.add(text, said, context=_place(row, name, n))
    with path.open("wb") as file:
        write_po(file, catalogue, width=110)
    return len(catalogue)


@transaction.atomic
def take_in_content(language: str, path: Path) -> Taken:
    """What the file says, beside what is translated already; empty texts change nothing."""
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=locale_of(language))
    except (OSError, ValueError) as error:
        raise CannotTranslate(f"{path} cannot be read: {error}") from error
    said = {str(m.context): (str(m.id), str(m.string)) for m in catalogue if m.id and m.string and not m.fuzzy}
    taken = Taken()
    for row in _rows():
        texts = {name: text for name in FIELDS[type(row)] if (text := _text(row, name, said, taken))}
        if texts:
            _save(row, language, texts)
            taken.rows += 1
    return taken


def _text(row: Model, name: str, said: dict[str, tuple[str, str]], taken: Taken) -> Any:
    """One field's text, whole or not at all: half a list of steps would leave the patient in the middle."""
    original = getattr(row, name)
    pairs = [(text, said.get(_place(row, name, n))) for n, text in enumerate(_lines(original))]
    found = [pair for _, pair in pairs if pair]
    if not found or len(found) < len(pairs):
        return None
    if any(pair and pair[0] != text for text, pair in pairs):
        taken.changed.append(_place(row, name))
        return None
    lines = [text for _, text in found]
    value = lines if isinstance(original, list) else lines[0]
    try:
        row._meta.get_field(name).run_validators(value)  # type: ignore[union-attr]
    except ValidationError as error:
        taken.wrong.append(f"{_place(row, name)}: {' '.join(error.messages)}")
        return None
    return value


def _save(row: Model, language: str, texts: dict[str, Any]) -> None:
    standing, _ = Translation.objects.get_or_create(kind=_kind(row), slug=_slug(row), language=language)
    if any(standing.texts.get(name) != text for name, text in texts.items()):
        standing.texts |= texts
        standing.based_on |= {name: getattr(row, name) for name in texts}
        standing.save()


def _rows() -> Iterator[Model]:
    for model in KINDS.values():
        yield from model._default_manager.order_by("slug")


def _lines(text: Any) -> list[str]:
    return [line for line in (text if isinstance(text, list) else [text]) if line]


def _place(row: Model, name: str, line: int | None = None) -> str:
    place = f"{_kind(row)}/{_slug(row)}/{name}"
    return f"{place}/{line + 1}" if line is not None and isinstance(getattr(row, name), list) else place


def _kind(row: Model) -> str:
    return str(row._meta.model_name)


def _slug(row: Model) -> str:
    return str(row.slug)  # type: ignore[attr-defined]

"""The catalogue's and the articles' words in another language: rows beside them, edited in the admin.

What is not translated is read in the clinic's own language, text by text. A clinic with one language asks nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Max, Model
from django.utils.translation import get_language

from exercises.models import Article, Equipment, Exercise, Muscle, Question, Translation

Row = TypeVar("Row", bound=Model)

# What a patient reads of each kind of row.
FIELDS: Mapping[type[Model], tuple[str, ...]] = {
    Exercise: (
        "plain_name", "purpose", "setup", "steps", "cues", "mistakes", "ease_off", "feel", "equipment_note",
        "picture_alt",
    ),
    Article: ("title", "summary", "body"),
    Question: ("question", "answer"),
    Muscle: ("plain_name",),
    Equipment: ("name",),
}  # fmt: skip
KINDS: Mapping[str, type[Model]] = {str(model._meta.model_name): model for model in FIELDS}


def other_languages() -> dict[str, str]:
    """What the clinic offers beside the language its content is written in."""
    return dict(settings.LANGUAGES[1:])


def in_language(rows: Iterable[Row]) -> list[Row]:
    """Copies of the rows that speak the language of the moment. One query, none in the clinic's own."""
    found = list(rows)
    language = get_language()
    if language not in other_languages() or not found:
        return found
    texts = {
        (each.kind, each.slug): each.texts
        for each in Translation.objects.filter(language=language).of_these(found).only("kind", "slug", "texts")
    }
    return [_speaking(row, texts.get((row._meta.model_name or "", row.slug), {})) for row in found]  # type: ignore[attr-defined]


def _speaking(row: Row, texts: Mapping[str, Any]) -> Row:
    speaking = copy(row)
    for name in FIELDS[type(row)]:
        if texts.get(name):
            setattr(speaking, name, texts[name])
    return speaking


def texts_of_kinds(kinds: Collection[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """By kind and slug, what is said in the language of the moment. One query, none in the clinic's own."""
    language = get_language()
    if language not in other_languages():
        return {}
    found = Translation.objects.filter(language=language, kind__in=kinds)
    return {(kind, slug): texts for kind, slug, texts in found.values_list("kind", "slug", "texts")}


def by_language(rows: Iterable[Model]) -> dict[tuple[str, str], dict[str, dict[str, Any]]]:
    """For each row, by kind and slug, its texts in every other language that has some. One query, or none."""
    found: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    if other_languages():
        for each in Translation.objects.filter(language__in=other_languages()).of_these(rows):
            found.setdefault((each.kind, each.slug), {})[each.language] = each.texts
    return found


def last_change() -> str:
    """Names the language of the moment, and changes whenever a translation into it does: part of the key of whatever is
    kept of its texts. Empty, and without a query, in the clinic's own."""
    language = get_language()
    if language not in other_languages():
        return ""
    at = Translation.objects.filter(language=language).aggregate(at=Max("updated_at"))["at"]
    return f"{language} {at.isoformat() if at else ''}"


def missing(source: Model, translation: Translation | None) -> list[str]:
    """The names of the fields that say something and are not translated."""
    texts = translation.texts if translation else {}
    return [name for name in FIELDS[type(source)] if getattr(source, name) and not texts.get(name)]


def outdated(source: Model, translation: Translation) -> list[str]:
    """The names of the translated fields whose original says something else by now."""
    return [name for name in translation.texts if translation.based_on.get(name) != getattr(source, name)]

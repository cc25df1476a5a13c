"""A language's catalogue: its .po file, kept in step with the portal's words, and the .mo that Django reads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.core import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.utils.translation import to_locale

from clinic.translating.pseudo import LANGUAGE as PSEUDO
from clinic.translating.pseudo import pseudo
from clinic.translating.words import words_of_the_portal

_FILLED_IN = re.compile(r"%(\(\w+\))?[sd]")


class CannotTranslate(ValueError):
    """Says why in its text."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a translation is. unsure: carried over from a text that has changed since, and not used until somebody
    has looked. wrong: what each faulty text lacks; such a text is not used."""

    path: Path
    texts: int
    missing: int
    unsure: int
    wrong: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return not (self.missing or self.unsure or self.wrong)


def folder_of(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES"


def bring_up_to_date(language: str) -> Standing:
    """Writes the language's .po with every word of the portal in it, keeping what is translated, and its .mo."""
    locale = locale_of(language)
    words = words_of_the_portal()
    path = folder_of(language) / "django.po"
    catalogue = _pseudo(words) if language == PSEUDO else _merged(locale, path, words)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, omit_header=False)
    wrong = _take_out_the_wrong(catalogue)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    texts = [message for message in catalogue if message.id]
    unsure = sum(message.fuzzy for message in texts)
    missing = sum(not _is_translated(message) for message in texts) - len(wrong)
    return Standing(path, len(texts), missing, unsure, wrong)


def locale_of(language: str) -> str:
    """As Babel knows it. CannotTranslate where it is no language."""
    try:
        return str(Locale.parse("en" if language == PSEUDO else to_locale(language)))
    except (UnknownLocaleError, ValueError) as error:
        raise CannotTranslate(f"{language!r} is no language known here; write it as: de, pt-br.") from error


def _merged(locale: str, path: Path, words: Catalog) -> Catalog:
    catalogue = Catalog(locale=locale, project="Backwell", fuzzy=False)
    if path.exists():
        try:
            with path.open("rb") as file:
                catalogue = read_po(file, locale=locale)
        except ValueError as error:
            raise CannotTranslate(f"{path} cannot be read: {error}") from error
    catalogue.update(words)
    return catalogue


def _pseudo(words: Catalog) -> Catalog:
    catalogue = Catalog(locale=locale_of(PSEUDO), project="Backwell", fuzzy=False)
    for source in (words, *_words_of_libraries()):
        for message in source:
            if message.id:
                said = tuple(map(pseudo, message.id)) if message.pluralizable else pseudo(str(message.id))
                catalogue.add(message.id, said, locations=message.locations, context=message.context)
    return catalogue


def _words_of_libraries() -> Iterator[Catalog]:
    """Libraries bring their own translations; the pseudo-language has theirs made as well."""
    import django

    folders = [Path(django.__file__).parent / "conf", *(Path(app.path) for app in apps.get_app_configs())]
    for folder in folders:
        for path in (folder / "locale" / "en" / "LC_MESSAGES").glob("django.po"):
            with path.open("rb") as file:
                yield read_po(file, locale="en")


def _is_translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def _take_out_the_wrong(catalogue: Catalog) -> tuple[str, ...]:
    """A translation that lost a value, or has one that the portal does not fill in, would break the page it is on."""
    wrong = []
    for message in catalogue:
        if "%" in str(message.id) and not _FILLED_IN.search(str(message.id)):
            continue  # a percentage, which Babel takes for a value: 5 % rest
        if message.id and _is_translated(message) and (errors := message.check(catalogue)):
            wrong.append(f"{message.id!r}: {'; '.join(map(str, errors))}")
            message.string = ("",) * catalogue.num_plurals if message.pluralizable else ""
    return tuple(wrong)

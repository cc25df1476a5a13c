from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def listed(names: Iterable[str]) -> str:
    """A, b and c."""
    *first, last = [*names] or [""]
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def in_words(names: Iterable[str]) -> str:
    """A, b and c; each once."""
    return listed(dict.fromkeys(names))


def in_a_sentence(label: "StrOrPromise") -> str:
    """A label within a sentence: with a small letter, but not in German, where nouns keep theirs, and not “I” or what
    is written in capitals."""
    label = str(label)
    if (get_language() or "").startswith("de") or label[1:2].isupper() or label.startswith("I "):
        return label
    return label[:1].lower() + label[1:]

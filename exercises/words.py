from collections.abc import Iterable

from django.utils.translation import gettext as _


def listed(names: Iterable[str]) -> str:
    """A, b and c."""
    *first, last = [*names] or [""]
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def in_words(names: Iterable[str]) -> str:
    """A, b and c; each once."""
    return listed(dict.fromkeys(names))

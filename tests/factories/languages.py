"""Languages that a test adds to the clinic's own."""

import gettext
from typing import Any

from asgiref.local import Local
from django.utils.translation import trans_real


def forget_languages() -> None:
    """Django keeps what it has read of catalogues and of the settings for the life of the process."""
    read: Any = gettext
    kept: Any = trans_real
    read._translations = {}
    kept._translations, kept._default, kept._active = {}, None, Local()
    for each in (kept.translation_catalog_exists, kept.get_languages, kept._get_supported_language_variant):
        each.cache_clear()

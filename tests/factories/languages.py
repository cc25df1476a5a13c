"""Languages that a test adds to the clinic's own."""

import gettext

from asgiref.local import Local
from django.utils.translation import trans_real


def forget_languages() -> None:
    """Django keeps what it has read of catalogues and of the settings for the life of the process."""
    gettext._translations = {}  # type: ignore[attr-defined]
    trans_real._translations = {}
    trans_real._default = None
    trans_real._active = Local()
    for kept in (
        trans_real.translation_catalog_exists,
        trans_real.get_languages,
        trans_real._get_supported_language_variant,
    ):
        kept.cache_clear()

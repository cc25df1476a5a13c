"""The time zones that a clinic or a patient can live in, by region. Aliases and offsets without a place are left out."""

import zoneinfo
from functools import cache
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NO_PLACES = {"Etc", "SystemV", "US", "posix", "right"}


@cache
def time_zone_choices() -> list[tuple["StrOrPromise", list[tuple[str, str]]]]:
    regions: dict[StrOrPromise, list[tuple[str, str]]] = {}
    for name in sorted(zoneinfo.available_timezones()):
        region, _, place = name.partition("/")
        if place and region not in NO_PLACES:
            regions.setdefault(region, []).append((name, place.replace("_", " ")))
    return [(gettext_lazy("General"), [("UTC", "UTC")]), *regions.items()]


def valid_time_zone(name: str) -> None:
    if not any(name == known for _, places in time_zone_choices() for known, _ in places):
        raise ValidationError(
            gettext("“%(name)s” is not a time zone. Choose one like Europe/London.") % {"name": name}
        )

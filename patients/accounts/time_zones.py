"""The time zones that a clinic or a patient can live in, by region. Aliases and offsets without a place are left out."""

import zoneinfo
from functools import cache

from django.core.exceptions import ValidationError

NO_PLACES = {"Etc", "SystemV", "US", "posix", "right"}


@cache
def time_zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(zoneinfo.available_timezones()):
        region, _, place = name.partition("/")
        if place and region not in NO_PLACES:
            regions.setdefault(region, []).append((name, place.replace("_", " ")))
    return [("General", [("UTC", "UTC")]), *regions.items()]


def valid_time_zone(name: str) -> None:
    if not any(name == known for _, places in time_zone_choices() for known, _ in places):
        raise ValidationError(f"“{name}” is not a time zone. Choose one like Europe/London.")

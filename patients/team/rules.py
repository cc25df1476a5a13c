"""How an absence is divided among those who cover. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

Who = TypeVar("Who")

LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Part(Generic[Who]):
    who: Who
    first_day: date
    last_day: date

    def meets(self, first: date, last: date) -> bool:
        return self.first_day <= last and self.last_day >= first


def divided(first_day: date, last_day: date, cover: Who, later: Iterable[tuple[date, Who]] = ()) -> list[Part[Who]]:
    """`cover` stands in from the first day on, each of `later` from a day of their own. No day is left alone, and none
    belongs to two."""
    starts = [(first_day, cover), *sorted(later, key=lambda each: each[0])]
    ends = [*(start - timedelta(days=1) for start, _ in starts[1:]), last_day]
    return [Part(who, start, end) for (start, who), end in zip(starts, ends, strict=True)]


def is_alone(part: Part[Who], away: Sequence[Part[Who]]) -> bool:
    """Whoever covers is away on one of these days too."""
    return any(each.who == part.who and each.meets(part.first_day, part.last_day) for each in away)

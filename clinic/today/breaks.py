"""When to get up from the desk: a day's prompts from a patient's own rhythm (BRK-1 to BRK-4). Pure.

Times are the patient's local time. A prompt comes after `every_minutes` of sitting, inside the hours and on the days
of work; any movement counts. Prompts are counted apart from the exercises: breaks done of prompts shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from patients.accounts.thresholds import Thresholds

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """weekdays: 0 is Monday. every_minutes: 30 to 120."""

    every_minutes: int
    from_time: time
    until_time: time
    weekdays: tuple[int, ...]
    is_on: bool = True

    def works_at(self, now: datetime) -> bool:
        return self.works_on(now.date()) and self.from_time <= now.time() <= self.until_time

    def works_on(self, day: date) -> bool:
        return self.is_on and day.weekday() in self.weekdays


@dataclass(frozen=True, slots=True)
class Shown:
    """A prompt that was shown. `at`: when it was shown last; putting it off counts as shown then."""

    number: int
    at: datetime
    thread: object = None
    snoozes: int = 0
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """number: of the day, from 1. at: when it is due. is_due: it stands there now. snoozes: how often it was put off,
    and snoozes_left: how often it still may be."""

    number: int
    at: datetime
    is_due: bool
    snoozes: int
    snoozes_left: int


def next_prompt(rhythm: Rhythm, shown: Sequence[Shown], now: datetime, limits: Thresholds) -> Prompt | None:
    """The prompt that stands there now or comes next today; None when there is no more.

    shown: today's, in their order. One that was neither done nor put off stands there until the next one is due.
    """
    if not rhythm.works_on(now.date()):
        return None
    every = timedelta(minutes=rhythm.every_minutes)
    last = shown[-1] if shown else None
    if last is None:
        at = datetime.combine(now.date(), rhythm.from_time, now.tzinfo) + every
    elif last.done_at is not None:
        at = last.done_at + every
    elif last.snoozes:
        again = last.at + timedelta(minutes=limits.break_snooze)
        if now < again + every:
            return _in_hours(rhythm, last.number, again, now, last.snoozes, limits)
        at = again + every
    else:
        if now < last.at + every:
            return _in_hours(rhythm, last.number, last.at, now, 0, limits)
        at = last.at + every
    number = last.number + 1 if last else 1
    return None if number > limits.breaks_a_day else _in_hours(rhythm, number, at, now, 0, limits)


def _in_hours(
    rhythm: Rhythm, number: int, at: datetime, now: datetime, snoozes: int, limits: Thresholds
) -> Prompt | None:
    """Quiet outside work: a prompt that would come after it does not come."""
    if max(at, now).time() > rhythm.until_time or max(at, now).date() != now.date():
        return None
    is_due = at <= now and rhythm.works_at(now)
    return Prompt(number, at, is_due, snoozes, max(0, limits.break_snoozes - snoozes))


def following(choices: Sequence[T], last: T | None) -> T | None:
    """Whose turn it is: the one after the last, so that none comes twice running where there are two (BRK-2)."""
    if not choices:
        return None
    return choices[(choices.index(last) + 1) % len(choices)] if last in choices else choices[0]


def adherence(shown: Iterable[Shown]) -> tuple[int, int]:
    """Breaks done, and prompts shown (BRK-4)."""
    prompts = list(shown)
    return sum(each.done_at is not None for each in prompts), len(prompts)

"""What a patient's plans asked for on days without a log, from the week that each version carries. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from clinic.prescriptions.week_plan import WeekPlan
from clinic.today.eased import Spell
from clinic.today.eased import asked_on as eased_on
from clinic.today.plan import DayTally

NOTHING_ASKED = WeekPlan(slots=[0] * 7, breaks=[0] * 7, flexible_slots=0, flexible_days=0)


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A published version: `last` is its last local day, None while it runs on. `pauses` are first and last days.
    `spells`: on which days some of its patient's exercises rest or are done at half."""

    title: str
    version: int
    starts: date
    last: date | None
    week: WeekPlan
    pauses: tuple[tuple[date, date | None], ...] = ()
    spells: tuple[Spell, ...] = ()

    def counts_on(self, day: date) -> bool:
        return self.starts <= day and (self.last is None or day <= self.last)

    def paused_since(self, day: date) -> date | None:
        """The first day of the pause that `day` lies in."""
        return next((first for first, last in self.pauses if first <= day and (last is None or day <= last)), None)


def last_day(ends_on: date | None, ended_on: date | None) -> date | None:
    """The last day a version counts: its planned end, or the day before somebody ended it (`Prescription.ended_on`)."""
    ended = ended_on - timedelta(days=1) if ended_on else None
    return min(day for day in (ends_on, ended) if day) if ends_on or ended else None


def asked_on(day: date, versions: Iterable[PlanVersion]) -> DayTally:
    """The tally of a day on which nothing was logged: the same as `tally` counts from the lines themselves."""
    for version in versions:
        if version.counts_on(day):
            week, weekday = version.week, day.weekday()
            if version.paused_since(day):
                return _tally(day, week["slots"][weekday], week["slots"][weekday], 0, 0, 0)
            if standing := [spell for spell in version.spells if spell.covers(day)]:
                asked = eased_on(week, standing, day)
                return _tally(
                    day, asked.slots, asked.excused, asked.flexible_slots, asked.flexible_days, asked.breaks
                )
            return _tally(
                day, week["slots"][weekday], 0, week["flexible_slots"], week["flexible_days"], week["breaks"][weekday]
            )
    return _tally(day, 0, 0, 0, 0, 0)


# Most patients of a caseload share a few protocols, so that most of their silent days are the same.
@lru_cache(maxsize=4096)
def _tally(day: date, slots: int, excused: int, flexible_slots: int, flexible_days: int, breaks: int) -> DayTally:
    return DayTally(
        day,
        planned_slots=slots,
        excused_slots=excused,
        flexible_slots=flexible_slots,
        flexible_days=flexible_days,
        breaks_planned=breaks,
    )


def days_from(
    start: date, count: int, stored: Mapping[date, DayTally], versions: Sequence[PlanVersion]
) -> list[DayTally]:
    """`count` days in a row: the stored tally where something was logged, else what was asked for."""
    return [stored.get(day) or asked_on(day, versions) for day in _in_a_row(start, count)]


# The patients of a caseload share their weeks.
@lru_cache(maxsize=64)
def _in_a_row(start: date, count: int) -> tuple[date, ...]:
    return tuple(start + timedelta(days=n) for n in range(count))


def so_far(days: Sequence[DayTally], today: date) -> list[DayTally]:
    """The days without what they still ask for: today until something is logged, and the days to come."""
    return [
        day
        if day.day < today or (day.day == today and (day.touched_slots or day.flexible_touched))
        else DayTally(day.day)
        for day in days
    ]

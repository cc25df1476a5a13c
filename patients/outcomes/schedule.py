"""Which measures are due when (PROM): at baseline, then every so many days or at the review, and at discharge. Pure.

Dates are the patient's local dates. Days between are the clinic's thresholds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from patients.accounts.thresholds import Thresholds
from patients.outcomes.measures import ALL, OWN, Asked, Measure

# A measure taken up to this many days before it is due counts for it: visits do not fall on the day.
EARLY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Taken:
    """One answering. Not complete: too little was answered for a score."""

    day: date
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class Due:
    """`again`: something was left out the last time, and it is asked once more (PROM-1)."""

    measure: Measure
    day: date
    again: bool = False

    def days_late(self, today: date) -> int:
        return (today - self.day).days


@dataclass(frozen=True, slots=True)
class Course:
    """start: the episode's, or the first visit. discharged: the last day of it, if it has ended."""

    start: date
    discharged: date | None = None


def settled(taken: Sequence[Taken]) -> tuple[list[date], date | None]:
    """The days that need no further answer, oldest first, and the day of a lone incomplete one at the end: it is asked
    again once, and what is then still missing stays missing (PROM-1)."""
    days: list[date] = []
    open_since: date | None = None
    for each in sorted(taken, key=lambda taken: taken.day):
        if each.is_complete or open_since is not None:
            days.append(each.day)
            open_since = None
        else:
            open_since = each.day
    return days, open_since


def next_due(measure: Measure, course: Course, taken: Sequence[Taken], thresholds: Thresholds) -> Due | None:
    """When the measure is due next, in the past where it is overdue; None when nothing more is to come."""
    asked = measure.asked
    if asked is None:
        return None
    days, open_since = settled([each for each in taken if each.day >= course.start - EARLY])
    if open_since is not None:
        return Due(measure, open_since, again=True)
    if course.discharged is not None:
        is_taken = any(day >= course.discharged - EARLY for day in days)
        return Due(measure, course.discharged) if asked.at_discharge and not is_taken else None
    return _in_course(measure, asked, course.start, days, thresholds)


def _in_course(
    measure: Measure, asked: Asked, start: date, days: Sequence[date], thresholds: Thresholds
) -> Due | None:
    if not days:
        return Due(measure, start + timedelta(days=asked.first))
    if asked.setting:
        return Due(measure, days[-1] + timedelta(days=getattr(thresholds, asked.setting)))
    review = start + timedelta(days=thresholds.measure_again)
    if asked.again and not any(day >= review - EARLY for day in days):
        return Due(measure, review)
    return None


def schedule(
    course: Course, taken: Mapping[str, Sequence[Taken]], thresholds: Thresholds, *, also: Iterable[str] = ()
) -> list[Due]:
    """What comes next of every measure that this patient is asked, the earliest first.

    The portal's own are for everybody. Another one is carried on with from the time that the clinic first took it in
    this episode; `also` names those that are asked from the start.
    """
    wanted = [
        measure
        for measure in ALL
        if measure in OWN
        or measure.slug in also
        or any(each.day >= course.start - EARLY for each in taken.get(measure.slug, ()))
    ]
    found = (next_due(measure, course, taken.get(measure.slug, ()), thresholds) for measure in wanted)
    return sorted((due for due in found if due), key=lambda due: due.day)


def due_on(day: date, coming: Iterable[Due]) -> list[Due]:
    return [due for due in coming if due.day <= day]

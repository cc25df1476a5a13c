"""What a plan asks of a day, against what people keep up (DOS-8). Pure: this is the one place that advises on it.

The more exercises, the fewer are done: older adults given two did better than those given eight (Henry 1999), and in back
and neck pain the number of exercises predicts how often people exercise (Medina-Mirapeix 2009). The limits are the
clinic's. Advice only: `checks.load_warnings` says when a plan is large by any measure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext, ngettext

from clinic.prescriptions.dosage import Dosage, seconds
from exercises.models import Phase
from patients.accounts.thresholds import DEFAULTS, Thresholds

MUST = 1  # the rank of what comes first: `models.Importance`


class Line(Protocol):
    phase: str
    importance: int

    @property
    def dosage(self) -> Dosage: ...


@dataclass(frozen=True)
class Burden:
    """The day of a week that asks most: how many exercises, how many minutes, and how much of that comes first.

    over: what there is more of than people keep up, in a sentence; empty where it is not. remedy: what to do about it.
    short_day: what is left of a day with little time, once something comes first.
    """

    exercises: int = 0
    minutes: int = 0
    over: str = ""
    remedy: str = ""
    short_day: str = ""


def burden(lines: Iterable[Line], thresholds: Thresholds = DEFAULTS) -> Burden:
    """Of the day that needs advice, and otherwise of the longest: a long day of few exercises hides no fuller one.
    Micro-breaks and what is done as needed are no part of it."""
    planned = [line for line in lines if line.phase != Phase.DESK and not line.dosage.as_needed]
    days = [[line for line in planned if not line.dosage.weekdays or day in line.dosage.weekdays] for day in range(7)]
    found = (_of_day(due, thresholds) for due in days)
    return max(found, key=lambda day: (bool(day.remedy), bool(day.short_day), day.minutes))


def _of_day(due: list[Line], thresholds: Thresholds) -> Burden:
    musts = [line for line in due if line.importance == MUST]
    minutes, must_minutes = _minutes(due), _minutes(musts)
    most, longest = thresholds.kept_exercises, thresholds.kept_minutes
    found = Burden(len(due), minutes)
    if len(due) <= most and minutes <= longest:
        return found
    over = gettext("Most people keep up about %(most)s exercises and %(longest)s minutes a day.") % {
        "most": most,
        "longest": longest,
    }
    if not musts:
        remedy = gettext("Rank the few that matter most as “Must do”: they come first on a day with little time.")
        return Burden(len(due), minutes, over, remedy)
    if len(musts) > most or must_minutes > longest:
        remedy = gettext("What is ranked “Must do” is more than that too. Rank fewer, so that something comes first.")
        return Burden(len(due), minutes, over, remedy)
    short_day = ngettext(
        "On a short day: %(number)d must-do exercise, %(minutes)s min.",
        "On a short day: %(number)d must-do exercises, %(minutes)s min.",
        len(musts),
    ) % {"number": len(musts), "minutes": must_minutes}
    return Burden(len(due), minutes, short_day=short_day)


def _seconds(lines: Iterable[Line]) -> int:
    return sum(seconds(line.dosage) * line.dosage.slots_per_day for line in lines)


def _minutes(lines: Iterable[Line]) -> int:
    return -(-_seconds(lines) // 60)

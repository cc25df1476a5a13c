"""What stands in the way of sending a plan, and what is only worth a second look. Pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.translation import gettext

from clinic.prescriptions.dosage import Dosage, plan_warnings, seconds, soft_warnings
from exercises.models import Exercise, Phase
from patients.accounts.thresholds import DEFAULTS, Thresholds


class Line(Protocol):
    exercise: Exercise
    phase: str
    clearance: str

    @property
    def dosage(self) -> Dosage: ...


@dataclass(frozen=True)
class DayLoad:
    """The fullest day of a week. A session is every line once, without the desk micro-breaks; `seconds_a_day`
    counts each occasion, micro-breaks included. Lines done as needed are not planned, so they are in neither."""

    main_count: int = 0
    session_seconds: int = 0
    seconds_a_day: int = 0


def fullest_day(lines: Iterable[Line]) -> DayLoad:
    """Lines whose days the patient chooses may fall on any day, so they count on each."""
    lines = [line for line in lines if not line.dosage.as_needed]
    days = [[line for line in lines if not line.dosage.weekdays or day in line.dosage.weekdays] for day in range(7)]
    return max((_load(due) for due in days), key=lambda load: load.seconds_a_day)


def _load(lines: list[Line]) -> DayLoad:
    return DayLoad(
        main_count=sum(line.phase == Phase.MAIN for line in lines),
        session_seconds=sum(seconds(line.dosage) for line in lines if line.phase != Phase.DESK),
        seconds_a_day=sum(seconds(line.dosage) * line.dosage.slots_per_day for line in lines),
    )


def line_warnings(line: Line, *, age: int | None) -> list[str]:
    category = "desk" if line.phase == Phase.DESK else line.exercise.category
    warnings = soft_warnings(line.dosage, category=category, age=age)
    if line.exercise.retired_at:
        warnings.append(gettext("This exercise was retired from the catalogue."))
    return warnings


def load_warnings(load: DayLoad, thresholds: Thresholds = DEFAULTS) -> list[str]:
    return plan_warnings(load.main_count, load.session_seconds, thresholds)


def needs_clearance(line: Line) -> bool:
    return line.exercise.clinician_only and not line.clearance


def obstacles(
    lines: Iterable[Line], *, starts_on: date, ends_on: date | None, today: date, safety: Iterable[str] = ()
) -> list[str]:
    """Why the plan cannot be sent yet, in words for the clinician; empty when it can. `safety`: what the patient's
    conditions put in the way, from `safety_reading.obstacles_of`."""
    lines = list(lines)
    found = [] if lines else [gettext("Add at least one exercise.")]
    if ends_on and ends_on < starts_on:
        found.append(gettext("The last day is before the first."))
    elif ends_on and ends_on < today:
        found.append(gettext("The last day is past."))
    for line in lines:
        if errors := line.dosage.errors():
            found.append(f"{line.exercise.name}: {' '.join(errors.values())}")
        if needs_clearance(line):
            found.append(
                gettext("%(exercise)s needs clearance: write who cleared it and when.")
                % {"exercise": line.exercise.name}
            )
    return list(dict.fromkeys([*found, *safety]))

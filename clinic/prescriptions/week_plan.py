"""What a week of a prescription asks for, counted once when it is published.

A caseload of hundreds reads these few numbers from the prescription's row instead of all its lines.
"""

from collections.abc import Iterable
from typing import NotRequired, Protocol, TypedDict

from clinic.prescriptions.dosage import Dosage
from exercises.models import Phase


class Line(Protocol):
    phase: str

    @property
    def dosage(self) -> Dosage: ...


class WeekLine(TypedDict):
    """One line: `slots` a day on its `days` (0 = Monday), or on `per_week` days that the patient chooses where none are
    named. `level` and `tags` say whether it stays when a back flares up."""

    thread: str
    is_break: bool
    days: list[int]
    per_week: int
    slots: int
    level: int
    tags: list[str]


class WeekPlan(TypedDict):
    """`slots` and `breaks` by weekday, Monday first: occasions of the lines of that day, micro-breaks apart.

    `flexible_slots`, `flexible_days`: occasions and session-days a week of the lines whose days the patient chooses.
    `lines`: the same by line, for days on which some of them rest; plans of before that was kept have none.
    """

    slots: list[int]
    breaks: list[int]
    flexible_slots: int
    flexible_days: int
    lines: NotRequired[list[WeekLine]]


def week_plan(lines: Iterable[Line]) -> WeekPlan:
    """Of lines done as needed nothing is asked."""
    lines = [line for line in lines if not line.dosage.as_needed]
    plan = WeekPlan(slots=[0] * 7, breaks=[0] * 7, flexible_slots=0, flexible_days=0)
    for line in lines:
        dose = line.dosage
        days = dose.fixed_weekdays
        is_break = line.phase == Phase.DESK
        for day in days:
            plan["breaks" if is_break else "slots"][day] += dose.slots_per_day
        if not days and not is_break:
            plan["flexible_slots"] += dose.slots_per_day * dose.days_per_week
            plan["flexible_days"] = max(plan["flexible_days"], dose.days_per_week)
    if all(getattr(line, "told", None) for line in lines):
        plan["lines"] = [_line(line) for line in lines]
    return plan


def _line(line: Line) -> WeekLine:
    told, dose = line.told, line.dosage  # type: ignore[attr-defined]
    return WeekLine(
        thread=str(line.thread),  # type: ignore[attr-defined]
        is_break=line.phase == Phase.DESK,
        days=list(dose.fixed_weekdays),
        per_week=dose.days_per_week,
        slots=dose.slots_per_day,
        level=told.get("level", 0),
        tags=told.get("tags", []),
    )

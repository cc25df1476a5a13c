"""What a week of a prescription asks for, counted once when it is published.

A caseload of hundreds reads these few numbers from the prescription's row instead of all its lines.
"""

from collections.abc import Iterable
from typing import Protocol, TypedDict

from clinic.prescriptions.dosage import Dosage
from exercises.models import Phase


class Line(Protocol):
    phase: str

    @property
    def dosage(self) -> Dosage: ...


class WeekPlan(TypedDict):
    """`slots` and `breaks` by weekday, Monday first: occasions of the lines of that day, micro-breaks apart.

    `flexible_slots`, `flexible_days`: occasions and session-days a week of the lines whose days the patient chooses.
    """

    slots: list[int]
    breaks: list[int]
    flexible_slots: int
    flexible_days: int


def week_plan(lines: Iterable[Line]) -> WeekPlan:
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
    return plan

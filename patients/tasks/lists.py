"""A clinician's tasks as the page shows them: what is late or urgent first. Two queries, whatever their number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext

from patients.accounts.models import Clinician
from patients.records.models import Patient
from patients.tasks.models import Task, TaskQuerySet

DONE_DAYS = 28
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class TaskRow:
    task: Task
    is_late: bool
    due: str
    colleagues: tuple[Clinician, ...]

    @property
    def tone(self) -> str:
        """How its tag looks, and what it says first."""
        return "danger" if self.task.is_urgent else "warn" if self.is_late else ""


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class TaskList:
    """`more` is how many are left out of the page, so that nothing is dropped unseen."""

    groups: tuple[Group, ...]
    total: int
    more: int


def rows(tasks: Iterable[Task], colleagues: Iterable[Clinician], now: datetime) -> tuple[TaskRow, ...]:
    others = tuple(colleagues)
    return tuple(TaskRow(task, _is_late(task, now), due_in_words(task, now), others) for task in tasks)


def task_list(tasks: TaskQuerySet, clinician: Clinician, now: datetime, *, show: str) -> TaskList:
    chosen = {
        "open": tasks.awake_at(now).order_by("due_at", "pk"),
        "snoozed": tasks.open().filter(snoozed_until__gt=now).order_by("snoozed_until", "pk"),
        "done": tasks.filter(resolved_at__gt=now - timedelta(days=DONE_DAYS)).order_by("-resolved_at", "-pk"),
    }[show]
    found = list(chosen.with_people(now.date()))
    shown = rows(found[:MOST_SHOWN], team(clinician), now)
    return TaskList(_groups(shown, show), len(found), max(0, len(found) - MOST_SHOWN))


def _groups(shown: tuple[TaskRow, ...], show: str) -> tuple[Group, ...]:
    if show != "open":
        return (Group("", shown),) if shown else ()
    urgent = tuple(row for row in shown if row.task.is_urgent)
    late = tuple(row for row in shown if row.is_late and row not in urgent)
    rest = tuple(row for row in shown if row not in urgent and row not in late)
    named = ((gettext("Urgent"), urgent), (gettext("Overdue"), late), (gettext("To do"), rest))
    return tuple(Group(title, some) for title, some in named if some)


def open_tasks(patient: Patient, clinician: Clinician, now: datetime) -> tuple[TaskRow, ...]:
    """Those of one patient, put off ones too. One query, and one for the colleagues where there is a task."""
    tasks = list(Task.objects.open().filter(patient=patient).with_people(now.date()))
    return rows(tasks, team(clinician), now) if tasks else ()


def team(clinician: Clinician) -> QuerySet[Clinician]:
    return Clinician.objects.filter(clinic=clinician.clinic_id, user__is_active=True).select_related("user")


def _is_late(task: Task, now: datetime) -> bool:
    return task.resolved_at is None and task.due_at < now


def due_in_words(task: Task, now: datetime) -> str:
    days = (task.due_at.astimezone(now.tzinfo).date() - now.date()).days
    if days < -1:
        return ngettext("%(number)d day overdue", "%(number)d days overdue", -days) % {"number": -days}
    if task.due_at < now:
        return gettext("overdue")
    if days < 2:
        return gettext("due tomorrow") if days else gettext("due today")
    return ngettext("due in %(number)d day", "due in %(number)d days", days) % {"number": days}


def anchor(task: UUID) -> str:
    return f"task-{task}"

"""What is done with a task. One open task of a kind per patient: raising it again adds to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from patients.accounts.models import Clinician, User
from patients.audit.actions import record
from patients.records.actions import SAME_WITHIN
from patients.records.models import LeadChange, Patient
from patients.tasks.models import Kind, Task, TaskQuerySet, TaskStep

P = ParamSpec("P")
R = TypeVar("R")

SAME_DAY, TWO_DAYS, WEEK = timedelta(hours=8), timedelta(days=2), timedelta(days=7)


def for_colleagues(action: Callable[P, R]) -> Callable[P, R]:
    """For what writes words into a record: they are in the clinic's language, whoever caused them."""

    @wraps(action)
    def speaking(*args: P.args, **kwargs: P.kwargs) -> R:
        with override(settings.LANGUAGE_CODE):
            return action(*args, **kwargs)

    return speaking


def raise_task(
    *, patient: Patient, kind: Kind, words: str, due_in: timedelta = TWO_DAYS, by: User | None = None,
    now: datetime | None = None, once: bool = False,
) -> Task:  # fmt: skip
    """Opens a task, or adds to the open one of that kind: it wakes up, and is due at the earlier time. The same
    words again add nothing. `by` is None where a rule raised it. `once`: not again with the same words even after it
    was resolved, for rules that look every day at what has not changed."""
    now = now or timezone.now()
    with transaction.atomic():
        # Two rules at once: the second waits, and adds to the first one's task.
        Patient.objects.hold(patient.pk)
        task = Task.objects.open().filter(patient=patient, kind=kind).first()
        if task is None:
            last = Task.objects.filter(patient=patient, kind=kind).order_by("-raised_at", "-pk").first()
            if once and last and last.words == words:
                return last
            task = Task.objects.create(
                patient=patient, kind=kind, words=words, raised_at=now, raised_by=by, due_at=now + due_in,
                assigned_to=patient.lead,
            )  # fmt: skip
        elif task.words == words:
            return task
        else:
            task.words, task.times_raised, task.snoozed_until = words, task.times_raised + 1, None
            task.due_at = min(task.due_at, now + due_in)
            task.save()
        _step(task, by, words, now)
        record(by=by, action="task.raised", patient=patient, subject=f"task:{task.uuid}", kind=kind.value)
    return task


def snooze(*, task: Task, by: User, until: datetime, now: datetime | None = None) -> bool:
    """False, as below, where somebody ended it meanwhile."""
    with _open(task) as current:
        if current is None:
            return False
        current.snoozed_until = until
        current.save(update_fields=["snoozed_until"])
        _step(current, by, gettext("Put off to %(day)s") % {"day": date_format(until, "j F")}, now or timezone.now())
        record(by=by, action="task.snoozed", patient=current.patient, subject=f"task:{current.uuid}")
    return True


def wake(*, task: Task, by: User, now: datetime | None = None) -> bool:
    """On the list again before the day it was put off to."""
    with _open(task) as current:
        if current is None or current.snoozed_until is None:
            return current is not None
        current.snoozed_until = None
        current.save(update_fields=["snoozed_until"])
        _step(current, by, gettext("Back on the list"), now or timezone.now())
        record(by=by, action="task.woken", patient=current.patient, subject=f"task:{current.uuid}")
    return True


def assign(*, task: Task, by: User, to: Clinician | None, now: datetime | None = None) -> bool:
    """to None: it is nobody's."""
    with _open(task) as current:
        if current is None or current.assigned_to_id == (to and to.pk):
            return current is not None
        current.assigned_to = to
        current.save(update_fields=["assigned_to"])
        _step(
            current,
            by,
            gettext("Assigned to %(clinician)s") % {"clinician": to or gettext("nobody")},
            now or timezone.now(),
        )
        record(by=by, action="task.assigned", patient=current.patient, subject=f"task:{current.uuid}")
    return True


@for_colleagues
def go_with_lead(change: LeadChange) -> None:
    """Open tasks of whoever led, and those that were nobody's, are the new lead's; that nobody leads is settled."""
    if change.to:
        words = gettext("%(name)s leads now.") % {"name": change.to}
        resolve_kind(patient=change.patient, kind=Kind.NO_LEAD, by=change.by, note=words)
    for task in Task.objects.open().of_or_nobodys(change.before).filter(patient=change.patient):
        assign(task=task, by=change.by, to=change.to)


def resolve(*, task: Task, by: User, note: str, now: datetime | None = None) -> bool:
    """Ends it with a note. False where it was ended before: then the note is not kept."""
    now = now or timezone.now()
    with _open(task) as current:
        if current is None:
            return False
        current.resolved_at, current.resolved_by, current.resolution = now, by, note
        current.save(update_fields=["resolved_at", "resolved_by", "resolution"])
        _step(current, by, note, now)
        record(by=by, action="task.resolved", patient=current.patient, subject=f"task:{current.uuid}")
    return True


def settled_just_now(tasks: TaskQuerySet, *, by: User, note: str) -> bool:
    """Whether one of them was ended by the same person with the same note: this is the second of two clicks."""
    return tasks.filter(resolved_by=by, resolution=note, resolved_at__gt=timezone.now() - SAME_WITHIN).exists()


def resolve_kind(*, patient: Patient, kind: Kind, by: User, note: str, now: datetime | None = None) -> None:
    """For actions that settle what a task asked for: clearing a flag, deciding on a proposal."""
    for task in Task.objects.open().filter(patient=patient, kind=kind):
        resolve(task=task, by=by, note=note, now=now)


@contextmanager
def _open(task: Task) -> Iterator[Task | None]:
    """The task as it stands, locked; None where somebody ended it meanwhile."""
    with transaction.atomic():
        found = Task.objects.open().select_for_update(of=("self",)).filter(pk=task.pk)
        yield found.select_related("patient").first()


def _step(task: Task, by: User | None, said: str, at: datetime) -> None:
    TaskStep.objects.create(task=task, by=by, said=said, at=at)

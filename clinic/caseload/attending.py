"""What is done about a patient on the caseload: settled with a note, put off, or given to a colleague.

A reason that is only counted becomes its task first, so that one record says what was done about it and by whom, and
the rules that look every day know of it.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from clinic.caseload.cases import Case, cases_of
from patients.models import Clinician, Patient
from patients.tasks import actions
from patients.tasks.actions import for_colleagues, raise_task
from patients.tasks.models import Kind, Task

# Each of these has its own question to answer, and is settled where that is asked.
ONE_BY_ONE = (Kind.FLAG_A, Kind.FLAG_B, Kind.FLAG_C, Kind.ADVERSE, Kind.SAFETY)


def case_for(patient: Patient, clinician: Clinician, now: datetime) -> Case | None:
    """None once the patient is discharged."""
    return next(iter(cases_of(clinician, now, only=[patient.pk])), None)


def settled_together(case: Case) -> bool:
    return any(reason.kind and reason.kind not in ONE_BY_ONE for reason in case.reasons)


@for_colleagues
@transaction.atomic
def settle(*, patient: Patient, by: Clinician, note: str, now: datetime | None = None) -> int:
    """Ends all that may be settled together, with the same note; how many that were."""
    tasks = list(_tasks(patient, by, now or timezone.now()))
    for task in tasks:
        actions.resolve(task=task, by=by.user, note=note, now=now)
    return len(tasks)


@for_colleagues
@transaction.atomic
def put_off(*, patient: Patient, by: Clinician, until: datetime, now: datetime | None = None) -> int:
    """They are off the list until then, unless something new or worse comes."""
    tasks = list(_tasks(patient, by, now or timezone.now()))
    for task in tasks:
        actions.snooze(task=task, by=by.user, until=until, now=now)
    return len(tasks)


@for_colleagues
@transaction.atomic
def give(*, patient: Patient, by: Clinician, to: Clinician, now: datetime | None = None) -> int:
    """All of it, for whoever calls should know all."""
    tasks = list(_tasks(patient, by, now or timezone.now(), leave=()))
    for task in tasks:
        actions.assign(task=task, by=by.user, to=to, now=now)
    return len(tasks)


def _tasks(patient: Patient, by: Clinician, now: datetime, *, leave: tuple[Kind, ...] = ONE_BY_ONE) -> Iterator[Task]:
    Patient.objects.hold(patient.pk)
    case = case_for(patient, by, now)
    is_open = {Kind(task.kind): task for task in Task.objects.awake_at(now).filter(patient=patient)}
    wanted = dict.fromkeys(is_open)  # an awake task of which the counted words speak is one of them
    for reason in case.reasons if case else ():
        if reason.kind:
            wanted[reason.kind] = reason.words
    for kind, words in wanted.items():
        if kind not in leave:
            yield is_open.get(kind) or raise_task(patient=patient, kind=kind, words=words or "", by=by.user, now=now)

"""What is done about a patient on the caseload: settled with a note, put off, or given to a colleague.

A reason that is only counted becomes its task first, so that one record says what was done about it and by whom, and
the rules that look every day know of it.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from clinic.caseload.cases import Case, cases_of
from patients.models import Clinician, Patient
from patients.tasks import actions
from patients.tasks.actions import for_colleagues, raise_task
from patients.tasks.models import Kind, Task

# Each of these has its own question to answer, and is settled where that is asked.
ONE_BY_ONE = (
    Kind.FLAG_A,
    Kind.FLAG_B,
    Kind.FLAG_C,
    Kind.ADVERSE,
    Kind.SAFETY,
    Kind.MESSAGE,
    Kind.NO_LEAD,
    Kind.EMERGENCY,
)


@dataclass(frozen=True, slots=True)
class Matter:
    """A reason, with the task that it is, if it is one already."""

    kind: Kind
    words: str
    task: Task | None

    @property
    def key(self) -> str:
        """What a page showed of it. Raised again, it is another matter."""
        return f"{self.task.uuid}.{self.task.times_raised}" if self.task else self.kind.value


def case_for(patient: Patient, clinician: Clinician, now: datetime) -> Case | None:
    """None once the patient is discharged."""
    return next(iter(cases_of(clinician, now, only=[patient.pk])), None)


def matters_of(patient: Patient, case: Case | None, now: datetime) -> list[Matter]:
    """One query."""
    is_open = {Kind(task.kind): task for task in Task.objects.awake_at(now).filter(patient=patient)}
    words = {reason.kind: reason.words for reason in case.reasons if reason.kind} if case else {}
    return [Matter(kind, said, is_open.get(kind)) for kind, said in words.items()]


def settled_together(matters: Iterable[Matter]) -> list[Matter]:
    return [matter for matter in matters if matter.kind not in ONE_BY_ONE]


def given_away(matters: Iterable[Matter]) -> list[Matter]:
    """All of it, for whoever calls should know all; but who opened the record in an emergency is the lead's to read."""
    return [matter for matter in matters if matter.kind != Kind.EMERGENCY]


@for_colleagues
@transaction.atomic
def settle(
    *, patient: Patient, by: Clinician, note: str, shown: Collection[str], now: datetime | None = None
) -> bool:
    """Ends what a page showed, as far as it may be settled together, with the same note; what came meanwhile stays.
    Whether the note is kept: the second of two clicks finds what the first one did."""
    now = now or timezone.now()
    settled = [actions.resolve(task=task, by=by.user, note=note, now=now) for task in _tasks(patient, by, now, shown)]
    return any(settled) or actions.settled_just_now(Task.objects.filter(patient=patient), by=by.user, note=note)


@for_colleagues
@transaction.atomic
def put_off(
    *, patient: Patient, by: Clinician, until: datetime, shown: Collection[str], now: datetime | None = None
) -> bool:
    """What a page showed is off the list until then, unless something new or worse comes. Whether it is, by this click
    or by the one before."""
    now = now or timezone.now()
    for task in _tasks(patient, by, now, shown):
        actions.snooze(task=task, by=by.user, until=until, now=now)
    return Task.objects.open().filter(patient=patient, snoozed_until=until, steps__by=by.user).exists()


@for_colleagues
@transaction.atomic
def give(*, patient: Patient, by: Clinician, to: Clinician, now: datetime | None = None) -> bool:
    """False where there was nothing to give."""
    now = now or timezone.now()
    tasks = [_task(matter, patient, by, now) for matter in given_away(_now(patient, by, now))]
    given = [actions.assign(task=task, by=by.user, to=to, now=now) for task in tasks]
    return any(given)


def _tasks(patient: Patient, by: Clinician, now: datetime, shown: Collection[str]) -> Iterator[Task]:
    for matter in settled_together(_now(patient, by, now)):
        if matter.key in shown:
            yield _task(matter, patient, by, now)


def _now(patient: Patient, by: Clinician, now: datetime) -> list[Matter]:
    Patient.objects.hold(patient.pk)
    return matters_of(patient, case_for(patient, by, now), now)


def _task(matter: Matter, patient: Patient, by: Clinician, now: datetime) -> Task:
    return matter.task or raise_task(patient=patient, kind=matter.kind, words=matter.words, by=by.user, now=now)

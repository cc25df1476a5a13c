"""The lead of a care team goes to somebody else for good; the tasks follow (`go_with_lead`). Each patient goes whole or not at all."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from patients.accounts.models import Clinician, User
from patients.records import actions as records
from patients.records.models import Patient
from patients.tasks.actions import WEEK, assign, for_colleagues, raise_task
from patients.tasks.models import Kind, Task


@for_colleagues
@transaction.atomic
def give(
    *, patient: Patient, by: User, giver: Clinician, to: Clinician, note: str = "", giver_stays: bool = False,
    sheet: UUID | None = None,
) -> bool:  # fmt: skip
    """Whether it happened: nothing does where `giver` leads no more, so that giving twice is giving once. Open tasks of
    the giver go along, and a task tells the receiver."""
    patient = records.locked(patient)
    if patient.clinic_id != to.clinic_id or not patient.care_team.filter(clinician=giver, leads=True).exists():
        return False
    if not records.hand_over(patient=patient, by=by, to=to, lead_stays=giver_stays, note=note, sheet=sheet):
        return False
    words = gettext("%(name)s handed over the lead to you.") % {"name": giver}
    raise_task(
        patient=patient, kind=Kind.HANDED_OVER, by=by, due_in=WEEK, words=f"{words}\n{note}" if note else words
    )
    return True


@for_colleagues
@transaction.atomic
def take(*, patient: Patient, by: User, clinician: Clinician) -> bool:
    """Leads a patient whom nobody leads, with the tasks that are nobody's. False where a colleague was first."""
    patient = records.locked(patient)
    if patient.clinic_id != clinician.clinic_id or patient.lead:
        return False
    return records.hand_over(patient=patient, by=by, to=clinician, lead_stays=False)


@for_colleagues
@transaction.atomic
def leave_alone(*, patient: Patient, by: User, giver: Clinician) -> None:
    """Nobody leads from now on, and a task says so until somebody does. The giver's open tasks are nobody's."""
    patient = records.locked(patient)
    for task in Task.objects.open().filter(patient=patient, assigned_to=giver):
        assign(task=task, by=by, to=None)
    words = gettext("%(name)s no longer works here. Who leads now?") % {"name": giver}
    raise_task(patient=patient, kind=Kind.NO_LEAD, by=by, words=words)

"""A patient goes to another clinic, whole record and all. The clinic that is left sees nothing from the next request on."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from exercises.search import searchable
from patients.accounts.models import Clinic, User
from patients.audit.actions import record
from patients.records.actions import SAME_WITHIN, locked
from patients.records.invitations import withdraw_invitations
from patients.records.models import LeadChange, Patient
from patients.tasks.actions import for_colleagues, raise_task, resolve
from patients.tasks.models import Kind, Task
from patients.team.models import Transfer


def moved_just_now(patient: UUID, *, by: User) -> Transfer | None:
    """What the first of two clicks did; the record is out of their sight then."""
    return (
        Transfer.objects.filter(patient__uuid=patient, by=by, at__gt=timezone.now() - SAME_WITHIN)
        .select_related("destination")
        .first()
    )


def clinic_named(typed: str, *, other_than: Clinic) -> Clinic | None:
    """By its whole name, because no clinic is shown a list of the others. The demo's stay among themselves."""
    others = Clinic.objects.exclude(pk=other_than.pk).filter(is_demo=other_than.is_demo)
    found = [each for each in others if searchable(each.name).split() == searchable(typed).split()]
    return found[0] if len(found) == 1 else None


@for_colleagues
@transaction.atomic
def transfer(
    *, patient: Patient, by: User, to: Clinic, agreed_how: str, agreed_on: date
) -> Transfer | None:  # fmt: skip
    """None where the patient was discharged, or is not at the clinic any more that `patient` says: sending it twice
    moves once.

    What is open stays open: it is closed here in words, and raised there."""
    current = locked(patient)
    if current.clinic_id != patient.clinic_id or current.clinic_id == to.pk or current.discharged_at:
        return None
    now, origin = timezone.now(), current.clinic
    record(by=by, action="patient.transferred", patient=current, subject=f"clinic:{to.pk}")
    open_tasks = list(Task.objects.open().filter(patient=current))
    for task in open_tasks:
        resolve(task=task, by=by, note=gettext("Moved to %(clinic)s with the patient.") % {"clinic": to}, now=now)
    withdraw_invitations(patient=current, by=by)
    current.emergencies.open_at(now).update(ended_at=now)
    lead = current.care_team.filter(leads=True).first()
    if lead:
        LeadChange.objects.create(patient=current, before=lead.clinician, to=None, at=now, by=by)
    current.care_team.all().delete()
    Patient.objects.filter(pk=current.pk).update(clinic=to)
    current.clinic = to
    for task in open_tasks:
        if task.kind not in (Kind.HANDED_OVER, Kind.NO_LEAD):
            raise_task(patient=current, kind=Kind(task.kind), words=task.words, due_in=task.due_at - now, now=now)
    words = gettext("Came from %(clinic)s on %(name)s’s own wish. Who leads now?")
    raise_task(
        patient=current, kind=Kind.NO_LEAD, now=now, words=words % {"clinic": origin, "name": current.greeting_name}
    )
    return Transfer.objects.create(
        patient=current, origin=origin, destination=to, name=current.full_name, agreed_how=agreed_how,
        agreed_on=agreed_on, at=now, by=by,
    )  # fmt: skip

"""A patient's conditions are written here, above the record: plans they have already are checked in the same moment."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from clinic.prescriptions.recheck import recheck
from patients.audit.actions import record
from patients.models import Patient, PatientCondition, User
from patients.records.actions import locked


@transaction.atomic
def add_condition(
    *, patient: Patient, by: User, code: str, note: str = "", since: date | None = None
) -> PatientCondition:
    locked(patient)
    condition, is_new = PatientCondition.objects.get_or_create(
        patient=patient, code=code, ended_at=None, defaults={"note": note, "since": since, "added_by": by}
    )
    if is_new:
        record(by=by, action="condition.added", patient=patient, subject=f"condition:{condition.pk}")
        recheck(patient=patient, by=by)
    return condition


@transaction.atomic
def end_condition(*, patient: Patient, by: User, code: str) -> None:
    locked(patient)
    for condition in PatientCondition.objects.select_for_update().filter(patient=patient, code=code, ended_at=None):
        condition.ended_at, condition.ended_by = timezone.now(), by
        condition.save()
        record(by=by, action="condition.ended", patient=patient, subject=f"condition:{condition.pk}")
        recheck(patient=patient, by=by)

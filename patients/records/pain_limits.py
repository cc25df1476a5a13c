"""A patient's own limits of the pain zones: who set them, and which numbers count (PAIN-2)."""

from dataclasses import dataclass

from django.db import transaction

from patients.accounts.models import User
from patients.accounts.thresholds import Thresholds
from patients.audit.actions import record
from patients.records.actions import locked
from patients.records.models import PainLimits, Patient


@dataclass(frozen=True, slots=True)
class Limits:
    """Pain is green up to `green_to` and amber up to `amber_to`, the ceiling; 0 to 10."""

    green_to: int
    amber_to: int


def limits_of(patient: Patient) -> Limits:
    """The numbers that count for this patient: their own where a clinician set them, else the clinic's. One query."""
    newest = patient.pain_limits.values_list("green_to", "amber_to").first()
    return limits_from(patient.clinic.thresholds, *(newest or (None, None)))


def limits_from(thresholds: Thresholds, green_to: int | None, amber_to: int | None) -> Limits:
    """Empty means the clinic's. A clinic's green that lies over somebody's own ceiling ends at the ceiling."""
    ceiling = thresholds.amber_to if amber_to is None else amber_to
    return Limits(min(thresholds.green_to if green_to is None else green_to, ceiling), ceiling)


@transaction.atomic
def set_pain_limits(
    *, patient: Patient, by: User, green_to: int | None, amber_to: int | None, note: str
) -> PainLimits:
    """Appends; the newest counts. Without numbers the clinic's count again. The same twice is said once."""
    locked(patient)
    newest = patient.pain_limits.first()
    if newest and (newest.green_to, newest.amber_to, newest.note) == (green_to, amber_to, note):
        return newest
    made = PainLimits.objects.create(patient=patient, green_to=green_to, amber_to=amber_to, note=note, set_by=by)
    fields = [name for name, value in (("green_limit", green_to), ("ceiling", amber_to)) if value is not None]
    record(by=by, action="pain_limits.set", patient=patient, fields=fields or ["clinic_limits"])
    return made

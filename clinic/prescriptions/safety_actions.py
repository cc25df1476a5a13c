"""What a clinician decides about an exercise that conditions block or caution against. Decisions are appended only."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from clinic.prescriptions.models import SafetyDecision
from clinic.prescriptions.recheck import recheck
from clinic.prescriptions.safety import REASON_FROM
from clinic.prescriptions.safety_rules import VERSION
from exercises.models import Exercise
from patients.audit.actions import record
from patients.models import Patient, User
from patients.records.conditions import BY_CODE

# A double click decides once.
SAME_WITHIN = timedelta(minutes=10)


class NoReason(Exception):
    """An override says why, in at least REASON_FROM characters."""


class NothingToDecide(Exception):
    """No condition that a decision can be for: what is blocked for everybody needs a dated clearance on the line."""


def override(
    *, patient: Patient, exercise: Exercise, because: Collection[str], reason: str, by: User
) -> SafetyDecision:
    """Keeps a blocked exercise for these conditions. NoReason where the reason is too short."""
    reason = " ".join(reason.split())
    if len(reason) < REASON_FROM:
        raise NoReason
    return _decide(patient, exercise, SafetyDecision.OVERRIDE, because, by, reason)


def acknowledge(*, patient: Patient, exercise: Exercise, because: Collection[str], by: User) -> SafetyDecision:
    """Notes that the cautions of these conditions were seen."""
    return _decide(patient, exercise, SafetyDecision.ACKNOWLEDGED, because, by)


def acknowledge_all(*, patient: Patient, seen: Iterable[tuple[Exercise, Collection[str]]], by: User) -> None:
    with transaction.atomic():
        for exercise, because in seen:
            acknowledge(patient=patient, exercise=exercise, because=because, by=by)


def _decide(
    patient: Patient, exercise: Exercise, kind: str, because: Collection[str], by: User, reason: str = ""
) -> SafetyDecision:
    codes = sorted(set(because) & BY_CODE.keys())
    if not codes:
        raise NothingToDecide
    with transaction.atomic():
        Patient.objects.hold(patient.pk)
        last = patient.safety_decisions.filter(exercise=exercise).first()
        if (
            last
            and (last.kind, last.because, last.reason, last.decided_by_id) == (kind, codes, reason, by.pk)
            and timezone.now() - last.decided_at < SAME_WITHIN
            and not patient.conditions.filter(code__in=codes, added_at__gt=last.decided_at).exists()
        ):
            return last
        made = SafetyDecision.objects.create(
            patient=patient, exercise=exercise, kind=kind, because=codes, reason=reason, decided_by=by
        )
        record(
            by=by,
            action=f"safety.{'overridden' if kind == SafetyDecision.OVERRIDE else 'acknowledged'}",
            patient=patient,
            subject=f"exercise:{exercise.slug}",
            conditions=len(codes),
            rules=VERSION,
        )
        recheck(patient=patient, by=by)
    return made

"""Literal red-flag checks for tests."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from patients.models import Patient, Screening, User
from patients.screening.actions import answer
from patients.screening.models import Occasion
from patients.screening.pages import clear_answers
from patients.screening.red_flags import RULES


def answers(patient: Patient, *, short: bool = False, **said: str) -> dict[str, str]:
    """No to everything but what is `said`, as RF02="yes"."""
    return clear_answers(age=patient.age_on(patient.local_day()), short=short) | said


def clear(patient: Patient, *, days_ago: int = 0) -> None:
    """A whole check, with a no to everything, some days ago. Written without an action, as the past is."""
    day: date = patient.local_day() - timedelta(days=days_ago)
    at: datetime = timezone.now() - timedelta(days=days_ago)
    by = patient.user or User.objects.filter(clinician__clinic=patient.clinic_id).first()
    if by:
        Screening.objects.create(
            patient=patient, occasion=Occasion.FIRST, answers=answers(patient), rules=RULES, answered_on=day,
            answered_at=at, answered_by=by,
        )  # fmt: skip
    Patient.objects.filter(pk=patient.pk).update(checked_on=day)
    patient.checked_on = day


def flagged(patient: Patient, *, by: User | None = None, short: bool = False, **said: str) -> Screening:
    by = by or patient.user
    assert by
    return answer(
        patient=patient,
        by=by,
        occasion=Occasion.REGULAR if short else Occasion.SYMPTOM,
        answers=answers(patient, short=short, **said),
        is_short=short,
    )

"""Days on which a patient could not do their plan, said afterwards for several at once."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from clinic.today.actions import skip_day
from clinic.today.models import SkipReason
from patients.audit.actions import record
from patients.models import Patient, User


def rest(*, patient: Patient, by: User, first: date, last: date, reason: SkipReason) -> int:
    """What was open on these days was not possible, for this reason; on how many days that changed something.

    It is the same answer that Today takes for one day, so that it counts the same everywhere (ADH-5): illness and travel
    leave the count, for so many days in a row. What was done or said before stays. DayClosed where a day is too long ago.
    """
    return _each_day(patient, by, _days(first, last), reason, "rest.said")


def unrest(*, patient: Patient, by: User, day: date) -> int:
    """Takes back what was said of the day, but not what was stopped on pain."""
    return _each_day(patient, by, [day], None, "rest.unsaid")


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _each_day(patient: Patient, by: User, days: Iterable[date], reason: SkipReason | None, said: str) -> int:
    with transaction.atomic():
        Patient.objects.hold(patient.pk)
        outcomes = [skip_day(patient=patient, by=by, day=day, reason=reason) for day in days]
        changed = sum(outcome.after.skipped != outcome.before.skipped for outcome in outcomes)
        if changed:
            record(by=by, action=said, patient=patient, days=changed)
    return changed

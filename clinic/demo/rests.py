"""Days on which demo patients were unwell or away, and said so afterwards. Deterministic given the date."""

from datetime import UTC, date, datetime, time, timedelta

from clinic.today.models import Skip, SkipReason
from clinic.today.plan import is_due
from clinic.today.reading import lines_between
from patients.models import Patient

# Surname, first and last day as days ago, reason.
RESTS = (
    ("Ellismoor", 54, 50, SkipReason.UNWELL),
    ("Tidewarden", 19, 14, SkipReason.TRAVEL),
)


def add_rests(today: date) -> None:
    """After the diaries are written, and before the tallies are made of them."""
    for last_name, first, last, reason in RESTS:
        patient = Patient.objects.get(last_name=last_name)
        for ago in range(first, last - 1, -1):
            _rest(patient, today - timedelta(days=ago), reason)


def _rest(patient: Patient, day: date, reason: SkipReason) -> None:
    assert patient.user
    for rows in (patient.check_offs, patient.skips, patient.sessions):
        rows.filter(day=day).delete()
    said_at = datetime.combine(day + timedelta(days=1), time(18), UTC)
    Skip.objects.bulk_create(
        Skip(
            patient=patient, day=day, thread=line.thread, occasion=occasion, line_id=line.pk, reason=reason,
            said_at=said_at, said_by=patient.user,
        )
        for line in lines_between(day, day, user=patient.user)
        if is_due(line.planned, day) and not line.is_apart
        for occasion in range(1, line.dose.times_per_day + 1)
    )  # fmt: skip

"""What a patient says before a guided session: how much time there is."""

from datetime import date

from django.db import transaction

from clinic.today.actions import check_open
from clinic.today.models import Session
from clinic.today.short import Short
from patients.audit.actions import record
from patients.models import Patient, User


def have_minutes(*, patient: Patient, by: User, day: date, occasion: int, short: Short | None) -> None:
    """The session is the exercises that fit into a few minutes; without them, all of it. What is left out stays open:
    it is neither skipped nor excused. Saying the same twice changes nothing."""
    now = check_open(patient=patient, day=day)
    minutes = short.minutes if short else None
    picked = [str(turn.line.thread) for turn in short.turns] if short else []
    with transaction.atomic():
        Patient.objects.hold(patient.pk)
        session = Session.objects.filter(patient=patient, day=day, occasion=occasion).first()
        if (session.minutes, session.picked) == (minutes, picked) if session else not short:
            return
        if session:
            # Not `save`: when a session was answered is when it ended, and that stays.
            Session.objects.filter(pk=session.pk).update(minutes=minutes, picked=picked)
        else:
            Session.objects.create(
                patient=patient,
                day=day,
                occasion=occasion,
                minutes=minutes,
                picked=picked,
                started_at=now,
                said_by=by,
            )
        record(
            by=by, action="session.shortened" if short else "session.whole", patient=patient, day=day.isoformat(),
            occasion=occasion, exercises=len(picked),
        )  # fmt: skip

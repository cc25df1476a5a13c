"""Literal days of exercise for tests, with the tallies that the ticks of those days come to."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from clinic.prescriptions.models import PrescribedExercise, Prescription
from clinic.today.models import CheckOff, Session, Skip
from clinic.today.reading import dose
from clinic.today.tallies import rebuild
from patients.models import Patient


def done(
    prescription: Prescription, *days: date, sets: int | None = None, lines: Iterable[int] | None = None
) -> None:
    """All sets of every line, or the first `sets` of the lines named by position, on these days."""
    patient, ticks = prescription.patient, []
    for line in prescription.lines.all():
        if lines is not None and line.position not in lines:
            continue
        for day in days:
            for occasion in range(1, line.dosage.slots_per_day + 1):
                ticks += [
                    CheckOff(
                        patient=patient,
                        day=day,
                        thread=line.thread,
                        occasion=occasion,
                        set_number=number,
                        side=side,
                        line=line,
                        done_at=datetime.combine(day, time(9), UTC),
                        done_by=patient.user,
                    )
                    for number, side in dose(line.dosage).ticks
                    if sets is None or number <= sets
                ]
    CheckOff.objects.bulk_create(ticks)
    rebuild([patient])


def said(patient: Patient, day: date, **answers: object) -> Session:
    assert patient.user
    return Session.objects.create(
        patient=patient, day=day, started_at=datetime.combine(day, time(9), UTC), said_by=patient.user, **answers
    )


def skipped(line: PrescribedExercise, day: date, reason: str) -> None:
    patient = line.prescription.patient
    assert patient.user
    Skip.objects.create(
        patient=patient,
        day=day,
        thread=line.thread,
        line=line,
        reason=reason,
        said_at=datetime.combine(day, time(9), UTC),
        said_by=patient.user,
    )
    rebuild([patient])

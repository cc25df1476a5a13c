"""Literal prescriptions for tests, in the state that publishing leaves them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from clinic.prescriptions.dosage import Dosage
from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.models import Pause, PrescribedExercise, Prescription
from clinic.prescriptions.telling import told
from clinic.prescriptions.week_plan import week_plan
from exercises.models import Exercise
from patients.models import Patient, User


@dataclass
class Line:
    """One line to prescribe, its dosage as shorthand."""

    exercise: Exercise
    shorthand: str = "3 x 10"
    phase: str = "main"
    note: str = ""
    thread: UUID = field(default_factory=uuid4)

    @property
    def dosage(self) -> Dosage:
        return parse(self.shorthand)


def published(
    patient: Patient,
    *,
    by: User,
    exercises: Sequence[Exercise] = (),
    lines: Sequence[Line] = (),
    starts_on: date | None = None,
    **fields: Any,
) -> Prescription:
    """A live prescription since two weeks, of `lines`, or of `exercises` at 3 x 10 every day."""
    now = timezone.now()
    lines = lines or [Line(exercise) for exercise in exercises]
    made = Prescription.objects.create(
        patient=patient,
        created_by=by,
        starts_on=starts_on or patient.local_day(now) - timedelta(days=14),
        **fields,
    )
    rows = [
        PrescribedExercise(
            prescription=made,
            exercise=line.exercise,
            thread=line.thread,
            phase=line.phase,
            position=position,
            dosage=line.dosage,
            note=line.note,
            told=told(line.exercise),
        )
        for position, line in enumerate(lines)
    ]
    PrescribedExercise.objects.bulk_create(rows)
    made.week_plan = week_plan(rows)
    made.published_at, made.published_by = now, by
    made.save()
    return made


def ended(prescription: Prescription, *, by: User, on: date, reason: str = "") -> Prescription:
    prescription.ended_at, prescription.ended_by, prescription.ended_on = timezone.now(), by, on
    prescription.end_reason = reason
    prescription.save()
    return prescription


def revised(old: Prescription, *, by: User, lines: Sequence[Line], on: date, note: str = "") -> Prescription:
    """The next version, in force from `on`."""
    ended(old, by=by, on=on, reason="revised")
    return published(
        old.patient, by=by, lines=lines, starts_on=on, version=old.version + 1, replaces=old, note_to_patient=note
    )


def paused(prescription: Prescription, *, by: User, since: date, until: date | None = None) -> Pause:
    return Pause.objects.create(
        prescription=prescription, from_day=since, until_day=until, reason="Settling a flare-up", paused_by=by
    )

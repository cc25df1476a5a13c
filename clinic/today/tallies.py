"""The stored daily tallies: one row kept with the ticks, or all of a patient's made anew from them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db import connection, transaction

from clinic.prescriptions.models import Pause, PrescribedExercise
from clinic.today.models import FIGURES, CheckOff, DailyTally, Skip
from clinic.today.plan import DayTally, PlannedLine
from clinic.today.plan import tally as count
from clinic.today.reading import DayLog, dose, planned_line
from patients.models import Patient

COUNTED = [name for name in FIGURES if name != "day"]


def one_at_a_time(patient: Patient) -> None:
    """Changes of one patient's days wait for each other until the transaction ends, so that none is counted without
    the other. SQLite lets one transaction write at a time anyway."""
    if connection.features.has_select_for_update:
        list(Patient.objects.filter(pk=patient.pk).select_for_update(no_key=True).values_list("pk"))


def keep(patient: Patient, log: DayLog, figures: DayTally) -> None:
    """Stores the day's figures, in the transaction that changed them. A day without tick and skip has no row."""
    if log.is_empty:
        DailyTally.objects.filter(patient=patient, day=log.day).delete()
    else:
        _write([_row(patient, figures)])


def rebuild(patients: Iterable[Patient]) -> int:
    """Makes the tallies of these patients anew from their ticks and skips; how many days that are."""
    return sum(_rebuild(patient) for patient in patients)


@transaction.atomic
def _rebuild(patient: Patient) -> int:
    one_at_a_time(patient)
    lines = _lines(patient)
    logs: dict[date, DayLog] = {}
    for day, thread, occasion, set_number, side in CheckOff.objects.filter(patient=patient).values_list(
        "day", "thread", "occasion", "set_number", "side"
    ):
        logs.setdefault(day, DayLog(day)).done.add((thread, occasion, set_number, side))
    for day, thread, occasion, reason in Skip.objects.filter(patient=patient).values_list(
        "day", "thread", "occasion", "reason"
    ):
        logs.setdefault(day, DayLog(day)).skipped[thread, occasion] = reason
    rows = [
        _row(patient, count([on(line, pauses, day) for line, pauses in lines], log.marks(), day, log.excused()))
        for day, log in logs.items()
    ]
    DailyTally.objects.filter(patient=patient).exclude(day__in=logs).delete()
    _write(rows)
    return len(rows)


def on(line: PlannedLine, pauses: Iterable[Pause], day: date) -> PlannedLine:
    """The line as it stands on `day`: paused or not."""
    return replace(line, paused=any(pause.covers(day) for pause in pauses))


def _lines(patient: Patient) -> list[tuple[PlannedLine, list[Pause]]]:
    """Every line ever published to the patient, with the pauses of its prescription."""
    pauses: dict[int, list[Pause]] = {}
    for pause in Pause.objects.filter(prescription__patient=patient):
        pauses.setdefault(pause.prescription_id, []).append(pause)
    published = PrescribedExercise.objects.filter(
        prescription__patient=patient, prescription__published_at__isnull=False
    ).select_related("prescription")
    return [(planned(line), pauses.get(line.prescription_id, [])) for line in published]


def planned(line: PrescribedExercise) -> PlannedLine:
    prescription = line.prescription
    return planned_line(
        thread=line.thread,
        phase=line.phase,
        dose=dose(line.dosage),
        starts=prescription.starts_on,
        ends=prescription.ends_on,
        ended=prescription.ended_on,
        paused=False,
    )


def _row(patient: Patient, figures: DayTally) -> DailyTally:
    return DailyTally(patient=patient, **{name: getattr(figures, name) for name in FIGURES})


def _write(rows: list[DailyTally]) -> None:
    DailyTally.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["patient", "day"], update_fields=COUNTED, batch_size=500
    )

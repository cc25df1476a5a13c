"""The stored daily tallies: one row kept with the ticks, or all of a patient's made anew from them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Value

from clinic.prescriptions.models import Pause, PrescribedExercise
from clinic.today.compiled import CompiledInsert
from clinic.today.eased import Spell, eased
from clinic.today.models import CAPPED_REASONS, FIGURES, CheckOff, DailyTally, Skip
from clinic.today.plan import STRETCH_GAP, DayTally, PlannedLine, days_excused
from clinic.today.plan import tally as count
from clinic.today.reading import TICK, DayLog, Told, dose, ease_planned, planned_line, spells_of
from patients.accounts.thresholds import Thresholds
from patients.models import Patient

COUNTED = [name for name in FIGURES if name != "day"]


def keep(patient: Patient, log: DayLog, figures: DayTally) -> None:
    """Stores the day's figures, in the transaction that changed them. A day without tick and skip has no row."""
    if log.is_empty:
        DailyTally.objects.filter(patient=patient, day=log.day).delete()
    else:
        _write_one([_row(patient, figures)])


def rebuild(patients: Iterable[Patient]) -> int:
    """Makes the tallies of these patients anew from their ticks and skips; how many days that are."""
    return sum(_rebuild(patient) for patient in patients)


def recount(patient: Patient, days: Collection[date]) -> None:
    """Makes the tallies of these days anew: for what changes a day without a tick, such as a flare-up that begins."""
    _rebuild(patient, days)


@transaction.atomic
def _rebuild(patient: Patient, only: Collection[date] | None = None) -> int:
    Patient.objects.hold(patient.pk)
    ticks, skips = CheckOff.objects.filter(patient=patient), Skip.objects.filter(patient=patient)
    if only is not None:
        ticks, skips = ticks.filter(day__in=only), skips.filter(day__in=only)
    logs: dict[date, DayLog] = {}
    for day, thread, occasion, number, side, amount in ticks.values_list(*TICK):
        logs.setdefault(day, DayLog(day)).add(thread, occasion, number, side, amount)
    for day, thread, occasion, reason in skips.values_list("day", "thread", "occasion", "reason"):
        logs.setdefault(day, DayLog(day)).add(thread, occasion, 0, reason)
    days = logs if only is None else only
    if not days:
        DailyTally.objects.filter(patient=patient).delete()
        return 0
    lines, spells = _lines(patient), spells_of([patient], min(days), max(days))
    over = _over(patient, patient.clinic.thresholds)
    rows = []
    for day, log in logs.items():
        log.over = frozenset(over.get(day, ()))
        asked = [on(line, day, spells) for line in lines]
        rows.append(_row(patient, count(asked, log.marks(), day, log.excused())))
    stale = DailyTally.objects.filter(patient=patient).exclude(day__in=logs)
    (stale if only is None else stale.filter(day__in=only)).delete()
    _write(rows)
    return len(rows)


def _over(patient: Patient, thresholds: Thresholds) -> dict[date, set[str]]:
    """By day, the reasons that were given for too many days in a row to excuse it (ADH-5)."""
    said: dict[str, set[date]] = defaultdict(set)
    given = Skip.objects.filter(patient=patient, reason__in=CAPPED_REASONS)
    for day, reason in given.values_list("day", "reason").distinct():
        said[reason].add(day)
    worked = set(CheckOff.objects.filter(patient=patient).values_list("day", flat=True).distinct()) if said else set()
    over: dict[date, set[str]] = defaultdict(set)
    for reason, days in said.items():
        for day in days - days_excused(days, worked, thresholds):
            over[day].add(reason)
    return over


def capped(patient: Patient, log: DayLog, thresholds: Thresholds) -> frozenset[str]:
    """The same for one day, as the log has it: a query only where such a reason was given."""
    given = CAPPED_REASONS & set(log.skipped.values())
    if not given:
        return frozenset()
    # A stretch that reaches back further than that has lasted too long, wherever it began.
    since = log.day - timedelta(days=thresholds.excused_days_max) - STRETCH_GAP
    in_time = {"patient": patient, "day__gte": since, "day__lt": log.day}
    rows = (
        Skip.objects.filter(**in_time, reason__in=given)
        .values_list("day", "reason")
        .union(CheckOff.objects.filter(**in_time).values_list("day", Value("")))
    )
    said: dict[str, set[date]] = defaultdict(set)
    for day, reason in rows:
        said[reason].add(day)
    worked = said[""] | ({log.day} if log.done else set())
    return frozenset(r for r in given if log.day not in days_excused(said[r] | {log.day}, worked, thresholds))


def changes_others(before: DayLog, after: DayLog) -> bool:
    """Whether other days may be excused now, or no longer: a stretch of illness or travel began, ended or was broken."""
    given = [CAPPED_REASONS & set(log.skipped.values()) for log in (before, after)]
    return given[0] != given[1] or bool(before.done) != bool(after.done)


@dataclass(frozen=True, slots=True)
class Published:
    """A line ever published to the patient, with the pauses of its prescription."""

    row: PrescribedExercise
    planned: PlannedLine
    pauses: tuple[Pause, ...]


def on(line: Published, day: date, spells: Iterable[Spell]) -> PlannedLine:
    """The line as it stands on `day`: paused or not, resting or at half."""
    row = line.row
    how = eased(spells, day, thread=row.thread, movement=Told.of(row.told).movement) if spells else None
    plan = ease_planned(line.planned, row.dosage, how, day)
    return replace(plan, paused=True) if any(pause.covers(day) for pause in line.pauses) else plan


def _lines(patient: Patient) -> list[Published]:
    pauses: dict[int, list[Pause]] = defaultdict(list)
    for pause in Pause.objects.filter(prescription__patient=patient):
        pauses[pause.prescription_id].append(pause)
    published = PrescribedExercise.objects.filter(
        prescription__patient=patient, prescription__published_at__isnull=False
    ).select_related("prescription")
    return [Published(line, planned(line), tuple(pauses[line.prescription_id])) for line in published]


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


_write_one = CompiledInsert(DailyTally, unique=("patient", "day"), update=COUNTED)


def _write(rows: list[DailyTally]) -> None:
    DailyTally.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["patient", "day"], update_fields=COUNTED, batch_size=500
    )

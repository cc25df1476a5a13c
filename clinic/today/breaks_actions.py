"""What a patient does about breaks at the desk. Each request names the state it wants, so that it may come twice."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from clinic.today.breaks_reading import Desk, desk_of
from clinic.today.models import BreakPrompt, BreakRhythm
from clinic.today.reading import Line
from patients.audit.actions import record
from patients.models import Patient, User


@transaction.atomic
def set_rhythm(
    *, patient: Patient, by: User, every_minutes: int, from_time: time, until_time: time, weekdays: Sequence[int],
    is_on: bool,
) -> BreakRhythm:  # fmt: skip
    """When the patient works and how often they want to be told to get up."""
    wanted = {
        "every_minutes": every_minutes, "from_time": from_time, "until_time": until_time,
        "weekdays": sorted(weekdays), "is_on": is_on,
    }  # fmt: skip
    Patient.objects.hold(patient.pk)
    current = BreakRhythm.objects.filter(patient=patient).first()
    changed = [name for name, value in wanted.items() if current is None or getattr(current, name) != value]
    if current and not changed:
        return current
    said, _ = BreakRhythm.objects.update_or_create(
        patient=patient, defaults={**wanted, "set_at": timezone.now(), "set_by": by}
    )
    record(by=by, action="breaks.set", patient=patient, fields=changed)
    return said


@transaction.atomic
def show_prompt(*, patient: Patient, by: User, number: int, lines: Sequence[Line], now: datetime) -> None:
    """The prompt has come onto the screen: from now on it counts as shown. Before its time nothing happens."""
    Patient.objects.hold(patient.pk)
    desk = desk_of(patient, by, now)
    _show(patient, by, desk, number, lines, now)


@transaction.atomic
def move(*, patient: Patient, by: User, number: int, moved: bool, lines: Sequence[Line], now: datetime) -> None:
    """The patient got up: whatever they did counts. Or did not, after all."""
    Patient.objects.hold(patient.pk)
    prompt = _shown(patient, by, number, lines, now)
    if prompt is None or (prompt.done_at is not None) == moved:
        return
    prompt.done_at = now if moved else None
    prompt.save(update_fields=["done_at"])
    record(by=by, action="break.done" if moved else "break.undone", patient=patient, subject=f"break:{prompt.pk}")


@transaction.atomic
def put_off(*, patient: Patient, by: User, number: int, times: int, lines: Sequence[Line], now: datetime) -> None:
    """In a few minutes, for the `times`-th time; not more often than the clinic lets."""
    Patient.objects.hold(patient.pk)
    prompt = _shown(patient, by, number, lines, now)
    if prompt is None or prompt.done_at is not None or times != prompt.snoozes + 1:
        return
    if times > patient.clinic.thresholds.break_snoozes:
        return
    prompt.snoozes, prompt.shown_at = times, now
    prompt.save(update_fields=["snoozes", "shown_at"])
    record(by=by, action="break.put_off", patient=patient, subject=f"break:{prompt.pk}")


def moved_at_desk(*, patient: Patient, by: User, day: date) -> None:
    """A micro-break ticked off answers the prompt that stands there; the tick has left its audit line."""
    newest = BreakPrompt.objects.visible_to(by).filter(patient=patient, day=day).order_by("-number").values("pk")[:1]
    BreakPrompt.objects.filter(pk__in=newest, done_at=None).update(done_at=timezone.now())


def _shown(patient: Patient, by: User, number: int, lines: Sequence[Line], now: datetime) -> BreakPrompt | None:
    """The row of a prompt that stands there; without script it becomes one when it is answered."""
    desk = desk_of(patient, by, now)
    known = BreakPrompt.objects.filter(patient=patient, day=now.date(), number=number).first()
    return known or _show(patient, by, desk, number, lines, now)


def _show(
    patient: Patient, by: User, desk: Desk, number: int, lines: Sequence[Line], now: datetime
) -> BreakPrompt | None:
    coming = desk.coming(now, patient.clinic.thresholds)
    if coming is None or coming.number != number or not coming.is_due or number <= desk.last_number:
        return None
    prompt = BreakPrompt.objects.create(
        patient=patient, day=now.date(), number=number, thread=desk.offered(lines), shown_at=now
    )
    record(by=by, action="break.shown", patient=patient, subject=f"break:{prompt.pk}")
    return prompt

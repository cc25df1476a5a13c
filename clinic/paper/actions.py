"""What came back on paper, entered by staff."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from clinic.paper.grid import Change, Changes, Said, changes
from clinic.paper.reading import grid_for
from clinic.today.follow_ups import said_of, session_said
from clinic.today.models import CAPPED_REASONS, CheckOff, Session, Skip
from clinic.today.tallies import recount
from patients.audit.actions import record
from patients.models import Patient, User


@dataclass(frozen=True, slots=True)
class Entered:
    done: int
    undone: int
    pains: int
    days: int


def enter_paper(*, patient: Patient, by: User, first: date, said: Said) -> Entered:
    """Stores what staff changed: ticks as theirs, tallies of those days, what their pain means, and one audit line.

    The days are read under the patient's lock. What is said twice, or was ticked by the patient meanwhile, changes
    nothing more.
    """
    now = timezone.now()
    with transaction.atomic():
        Patient.objects.hold(patient.pk)
        grid = grid_for(patient, user=by, first=first, today=patient.local_day(now))
        new = changes(grid, said)
        _tick(patient, by, new.done)
        _untick(patient, new.undone)
        _say(patient, by, new)
        days = {each.day for each in (*new.done, *new.undone)}
        entered = Entered(len(new.done), len(new.undone), len(new.pains), len(days | set(new.pains)))
        if not entered.days:
            return entered
        if days:
            # A day with something done ends a stretch of illness or travel, whose later days then count otherwise.
            later = Skip.objects.filter(patient=patient, day__gt=min(days), reason__in=CAPPED_REASONS)
            recount(patient, days | set(later.values_list("day", flat=True)))
        record(
            by=by, action="paper.entered", patient=patient, first=first.isoformat(), days=entered.days,
            done=entered.done, undone=entered.undone, pains=entered.pains,
        )  # fmt: skip
    return entered


def _tick(patient: Patient, by: User, done: tuple[Change, ...]) -> None:
    now = timezone.now()
    rows = [
        CheckOff(
            patient=patient, day=each.day, thread=each.line.thread, occasion=each.occasion, set_number=number,
            side=side, line_id=each.line.pk, done_at=now, done_by=by,
        )
        for each in done
        for number, side in each.line.dose.ticks
    ]  # fmt: skip
    CheckOff.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _untick(patient: Patient, undone: tuple[Change, ...]) -> None:
    wanted = {(each.day, each.line.thread, each.occasion) for each in undone}
    of_days = CheckOff.objects.filter(patient=patient, day__in={day for day, *_ in wanted})
    rows = of_days.values_list("pk", "day", "thread", "occasion")
    CheckOff.objects.filter(pk__in=[pk for pk, *slot in rows if tuple(slot) in wanted]).delete()


def _say(patient: Patient, by: User, new: Changes) -> None:
    now = timezone.now()
    for day, pain in sorted(new.pains.items()):
        before = Session.objects.filter(patient=patient, day=day, occasion=1).first()
        session, _ = Session.objects.update_or_create(
            patient=patient,
            day=day,
            occasion=1,
            defaults={"pain_worst": pain},
            create_defaults={"pain_worst": pain, "said_by": by, "started_at": now},
        )
        was = said_of(before or Session())
        session_said(patient=patient, session=session, was=was, now=now)

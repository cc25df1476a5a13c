"""Takes in what a patient tapped without a network.

Each tap is a row of its own, in one transaction with what follows from it. What follows is found by going through all
taps of the day in the order in which they were made (`order`), beside what was tapped with a network meanwhile; where
the day is not as it should be, the actions of Today bring it there. There is no second way to store a tick.

A tick, an exercise left out and an answer are facts: they are taken in although a check is due, the exercises are on hold
or the exercise rests meanwhile, for the patient did them before anybody told them so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.offline import reading
from clinic.offline.clock import put_right
from clinic.offline.models import LateTap, TapKind
from clinic.offline.reading import Batch, SentTap, Unclear
from clinic.offline.settling import settle
from clinic.today import after
from clinic.today.actions import DayClosed, NotInPlan, NotToday, check_open, plan_of
from clinic.today.breaks_actions import moved_at_desk
from clinic.today.hurts import MorningPast
from clinic.today.pages import closed_words
from clinic.today.reading import Line
from patients.models import Patient, User

ANOTHER_BODY = _("Something else came with the same key before. That one stays.")
CHANGED_PLAN = _("Your plan has changed since. This is kept with the plan you saw.")
LATER_COUNTS = _("You tapped something else for it later. That counts.")
NOT_IN_PLAN = _("This is not in your plan for that day.")
MORNING_PAST = _("That question was about an earlier morning. It is not asked any more.")


@dataclass(frozen=True, slots=True)
class Answer:
    """done: taken in now. known: it was taken in before. refused: it never will be, and why."""

    key: str
    answer: str
    words: str = ""


def take_in(*, patient: Patient, by: User, batch: Batch) -> list[Answer]:
    """An answer for each tap. A tap that cannot be taken in holds up none of the others."""
    received_at = timezone.now()
    answers = [_take_in(patient, by, tap, batch.sent_at, received_at) for tap in batch.taps]
    return answers + [Answer(key, "refused", str(reading.NOT_UNDERSTOOD)) for key in batch.unread]


def _take_in(patient: Patient, by: User, sent: SentTap, sent_at: datetime | None, received_at: datetime) -> Answer:
    key = str(sent.key)
    with transaction.atomic():
        Patient.objects.hold(patient.pk)
        known = LateTap.objects.visible_to(by).filter(key=sent.key).first()
        if known and (known.kind, known.said, known.claimed_at) != (sent.kind, sent.said, sent.at):
            return Answer(key, "refused", str(ANOTHER_BODY))
        if known:
            return Answer(key, "refused" if known.refusal else "known", known.refusal)
        tap = LateTap(
            patient=patient, key=sent.key, kind=sent.kind, said=sent.said, claimed_at=sent.at, tapped_at=sent.at,
            received_at=received_at,
        )  # fmt: skip
        try:
            with transaction.atomic():
                words = _store(tap, patient, by, sent_at)
        except REFUSALS as refused:
            tap.pk, tap.refusal = None, _why(refused, patient)
            tap.save()
            return Answer(key, "refused", tap.refusal)
    if sent.kind in (TapKind.SAY, TapKind.MORNING, TapKind.HURTS):
        after.session_said(patient)
    return Answer(key, "done", words)


REFUSALS = (Unclear, NotInPlan, NotToday, DayClosed, MorningPast)


def _why(refused: Exception, patient: Patient) -> str:
    match refused:
        case DayClosed():
            return closed_words(refused.day, refused.today, patient.clinic.thresholds)
        case MorningPast():
            return str(MORNING_PAST)
        case Unclear():
            return str(refused)
    return str(NOT_IN_PLAN)


def _store(tap: LateTap, patient: Patient, by: User, sent_at: datetime | None) -> str:
    """Stores the tap with all that follows from it. Returns what the patient should know of it."""
    said = reading.values_of(tap.said)
    tap.day = reading.day_of(said)
    instant = put_right(tap.claimed_at, day=tap.day, sent_at=sent_at, received_at=tap.received_at, zone=patient.zone)
    tap.tapped_at, tap.is_skewed = instant.at, instant.is_skewed
    if tap.kind != TapKind.MORNING:  # which has hours of its own
        check_open(patient=patient, day=tap.day, at=tap.tapped_at)
    lines, line, tap.ticks = _meant(tap, said, by)
    tap.line_id = line.pk if line else None
    tap.save()
    stands = settle(patient=patient, by=by, tap=tap)
    if tap.kind == TapKind.CHECK and line and line.is_break and tap.ticks and reading.tick_of(said).done:
        moved_at_desk(patient=patient, by=by, day=tap.day)
    if not stands:
        return str(LATER_COUNTS)
    return str(CHANGED_PLAN) if line and line not in lines else ""


def _meant(tap: LateTap, said: Any, by: User) -> tuple[Sequence[Line], Line | None, list[str]]:
    """The plan of the day, the line that is meant, and which of its sets. Refuses what no form would take."""
    assert tap.day
    match tap.kind:
        case TapKind.CHECK:
            tick = reading.tick_of(said)
            lines, line = plan_of(by, tap.day, tick.line, tick.occasion)
            every = line.whole.ticks if line.whole and not tick.done else line.dose.ticks
            sets = [tick.only] if tick.only else list(every)
            if not set(sets) <= set((line.whole or line.dose).ticks):
                raise NotInPlan
        case TapKind.COUNTED:
            amounts = reading.amounts_of(said)
            lines, line = plan_of(by, tap.day, reading.line_of(said), reading.occasion_of(said))
            sets = list(amounts)
            if not set(sets) <= set((line.whole or line.dose).ticks):
                raise NotInPlan
        case TapKind.SKIP if (skip := reading.skip_of(said)).line:
            lines, line = plan_of(by, tap.day, skip.line, skip.occasion)
            sets = []
        case TapKind.HURTS:
            reading.answers_of(TapKind.HURTS, said)
            lines, line = plan_of(by, tap.day, reading.line_of(said), reading.occasion_of(said))
            sets = []
        case TapKind.SAY | TapKind.MORNING:
            reading.answers_of(TapKind(tap.kind), said)
            return (), None, []
        case _:
            return (), None, []
    return lines, line, [f"{number}.{side}" for number, side in sets]

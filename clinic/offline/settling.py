"""Brings a day to what all taps about it say, through the actions of Today."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from clinic.offline import reading
from clinic.offline.models import LateTap, TapKind
from clinic.offline.order import (
    Answered,
    Counted,
    LeftOut,
    Outcome,
    Said,
    SaidOfDay,
    SaidOfSlot,
    Slot,
    Tap,
    Ticked,
    in_order,
)
from clinic.prescriptions.dosage import TickSide
from clinic.prescriptions.models import PrescribedExercise
from clinic.today.actions import plan_of, say, set_amounts, set_done, skip
from clinic.today.day import day_of
from clinic.today.hurts import say_morning, stop_on_pain
from clinic.today.models import CheckOff, Session, Skip, SkipReason
from clinic.today.plan import Tick
from clinic.today.reading import DayLog, SetDone, lines_on, log_on
from patients.audit.models import AuditEvent
from patients.models import Patient, User

NOBODY = UUID(int=0)  # what was tapped with a network has no key
PLACE = ("moved", "away_lasted")
MORNING = "pain_morning"
# The audit lines of what was tapped with a network and left no row with its instant.
JOURNAL = (
    "set.undone", "sets.counted", "exercise.unskipped", "day.unskipped", "session.said", "morning.said",
    "exercise.stopped",
)  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """The day as it is: rows by what they are about."""

    patient: Patient
    by: User
    day: date
    ticks: dict[SetDone, CheckOff]
    skips: dict[Slot, Skip]
    sessions: dict[int, Session]

    @classmethod
    def of(cls, patient: Patient, by: User, day: date) -> "Stored":
        ticks = CheckOff.objects.visible_to(by).filter(day=day).select_related("line")
        skips = Skip.objects.visible_to(by).filter(day=day).select_related("line")
        return cls(
            patient, by, day,
            {(each.thread, each.occasion, each.set_number, each.side): each for each in ticks},
            {(each.thread, each.occasion): each for each in skips},
            {each.occasion: each for each in Session.objects.visible_to(by).filter(day=day)},
        )  # fmt: skip


def settle(*, patient: Patient, by: User, tap: LateTap) -> bool:
    """After the tap was stored, in its transaction. Whether the day is now as the tap says."""
    assert tap.day
    taps = list(LateTap.objects.visible_to(by).filter(day=tap.day, refusal="").select_related("line"))
    stored = Stored.of(patient, by, tap.day)
    said = [Tap((each.tapped_at, each.key), what) for each in taps for what in said_by(each)]
    said += [
        Tap((at, NOBODY), what) for at, what in _said_directly(stored, instants={each.tapped_at for each in taps})
    ]
    outcome = in_order(said, _StillOpen(stored))
    _tick(outcome, stored)
    _leave_out(outcome, stored)
    _answer(outcome, stored)
    return all(outcome.is_as(what) for what in said_by(tap))


def said_by(tap: LateTap) -> Iterator[Said]:
    """What a stored tap says. What was not readable is not stored as taken in."""
    said, line = reading.values_of(tap.said), tap.line
    match tap.kind:
        case TapKind.CHECK if line:
            tick = reading.tick_of(said)
            yield Ticked(line.uuid, _sets(line.thread, tick.occasion, tap.ticks), tick.done)
        case TapKind.COUNTED if line:
            occasion, amounts = reading.occasion_of(said), reading.amounts_of(said)
            yield Counted(line.uuid, {(line.thread, occasion, *tick): amount for tick, amount in amounts.items()})
        case TapKind.SKIP:
            skipped = reading.skip_of(said)
            if line is None:
                yield SaidOfDay(skipped.reason)
            else:
                left_out = LeftOut(line.uuid, skipped.reason) if skipped.reason else None
                yield SaidOfSlot((line.thread, skipped.occasion), left_out)
        case TapKind.HURTS if line:
            occasion, hurts = reading.occasion_of(said), reading.answers_of(TapKind.HURTS, said)
            yield SaidOfSlot((line.thread, occasion), LeftOut(line.uuid, SkipReason.PAIN.value, **hurts))
            if hurts["moved"]:
                yield Answered(occasion, {name: hurts[name] for name in PLACE})
        case TapKind.SAY | TapKind.MORNING:
            occasion = reading.read_round(said.get("round", "")) or 1
            yield Answered(occasion, reading.answers_of(TapKind(tap.kind), said))


def _sets(thread: UUID, occasion: int, ticks: Sequence[str]) -> tuple[SetDone, ...]:
    pairs = [text.split(".") for text in ticks]
    return tuple((thread, occasion, int(number), side) for number, side in pairs)


def _said_directly(stored: Stored, *, instants: Collection[datetime]) -> Iterator[tuple[datetime, Said]]:
    """What was tapped with a network, and when. instants: of the taps that came late, whose rows say nothing new."""
    for each, tick in stored.ticks.items():
        if tick.done_at not in instants:
            yield tick.done_at, Ticked(tick.line.uuid, (each,), True)
    for slot, left_out in stored.skips.items():
        if left_out.said_at not in instants:
            yield left_out.said_at, SaidOfSlot(slot, LeftOut(left_out.line.uuid, left_out.reason, left_out.pain))
    journal = AuditEvent.objects.filter(
        patient=str(stored.patient.uuid),
        action__in=JOURNAL,
        at__gte=min(instants),
        detail__day=stored.day.isoformat(),
    )
    lines = [event for event in journal if "tapped_at" not in event.detail]
    uuids = {UUID(event.subject.partition(":")[2]) for event in lines if event.subject}
    found = PrescribedExercise.objects.filter(uuid__in=uuids, prescription__patient=stored.patient)
    threads = dict(found.values_list("uuid", "thread")) if uuids else {}
    for event in lines:
        line = UUID(event.subject.partition(":")[2]) if event.subject else NOBODY
        for said in _journalled(event, line, threads.get(line, NOBODY), stored):
            yield event.at, said


def _journalled(event: AuditEvent, line: UUID, thread: UUID, stored: Stored) -> Iterator[Said]:
    """Audit lines hold no values: what is stored now is what was said then, unless a later tap says otherwise."""
    occasion: int = event.detail.get("occasion", 1)
    sets = _sets(thread, occasion, event.detail.get("which", ()))
    session = stored.sessions.get(occasion)
    match event.action:
        case "set.undone":
            yield Ticked(line, sets, False)
        case "sets.counted":
            yield Counted(line, {each: stored.ticks[each].amount if each in stored.ticks else 0 for each in sets})
        case "exercise.unskipped":
            yield SaidOfSlot((thread, occasion), None)
        case "day.unskipped":
            yield SaidOfDay("")
        case "session.said" | "morning.said" if session:
            yield Answered(occasion, {name: getattr(session, name) for name in event.detail["fields"]})
        case "exercise.stopped" if session and PLACE[0] in event.detail["fields"]:
            yield Answered(occasion, {name: getattr(session, name) for name in PLACE})


class _StillOpen:
    """Which exercises of the day's plan are open, with so much said about it."""

    def __init__(self, stored: Stored) -> None:
        self.first_weekday = stored.patient.clinic.week_starts_on
        self.lines = lines_on(stored.day, user=stored.by)
        self.log = log_on(stored.day, user=stored.by, lines=self.lines, first_weekday=self.first_weekday)

    def __call__(self, so_far: Outcome) -> list[tuple[Slot, UUID]]:
        log = DayLog(
            self.log.day,
            done={each for each, done in so_far.done.items() if done},
            skipped={slot: left_out.reason for slot, left_out in so_far.left_out.items() if left_out},
            days_of_week=self.log.days_of_week,
        )
        rounds = day_of(self.lines, log, first_weekday=self.first_weekday).rounds
        return [
            ((turn.line.thread, turn.occasion), turn.line.uuid) for turns in rounds for turn in turns if turn.is_open
        ]


def _tick(outcome: Outcome, stored: Stored) -> None:
    counted: dict[tuple[UUID, int], dict[Tick, float | None]] = defaultdict(dict)
    counted_at: dict[tuple[UUID, int], datetime] = {}
    for each, done in outcome.done.items():
        _, occasion, number, side = each
        line, at = outcome.line_of[each], outcome.origins["done", each][0]
        row, amount = stored.ticks.get(each), outcome.amounts.get(each)
        if done and (amount or (row and row.amount and each in outcome.amounts)):
            if row is None or row.amount != amount:
                counted[line, occasion][number, side] = amount
                counted_at[line, occasion] = at
        elif done != (row is not None):
            set_done(
                patient=stored.patient, by=stored.by, day=stored.day, line=line, occasion=occasion, set_number=number,
                side=cast(TickSide, side), done=done, at=at,
            )  # fmt: skip
    for (line, occasion), amounts in counted.items():
        _, meant = plan_of(stored.by, stored.day, line, occasion)
        planned = dict(meant.planned.full) | meant.planned.volumes
        wanted = {tick: planned[tick] if amount is None else amount for tick, amount in amounts.items()}
        set_amounts(
            patient=stored.patient, by=stored.by, day=stored.day, line=line, occasion=occasion, amounts=wanted,
            at=counted_at[line, occasion],
        )  # fmt: skip


def _leave_out(outcome: Outcome, stored: Stored) -> None:
    for slot, wanted in outcome.left_out.items():
        row, at = stored.skips.get(slot), outcome.origins["left out", slot][0]
        about: dict[str, Any] = {
            "patient": stored.patient, "by": stored.by, "day": stored.day, "occasion": slot[1], "at": at,
        }  # fmt: skip
        if wanted is None and row:
            skip(**about, line=row.line.uuid, reason=None)
        elif wanted and (row is None or (row.reason, row.pain) != (wanted.reason, wanted.pain)):
            if wanted.pain is None:
                skip(**about, line=wanted.line, reason=SkipReason(wanted.reason))
            else:
                stop_on_pain(
                    **about, line=wanted.line, pain=wanted.pain, moved=wanted.moved, away_lasted=wanted.away_lasted
                )


def _answer(outcome: Outcome, stored: Stored) -> None:
    # Afresh: an exercise that was stopped on pain may have begun one.
    current = {session.occasion: session for session in Session.objects.visible_to(stored.by).filter(day=stored.day)}
    new: dict[int, dict[str, Any]] = defaultdict(dict)
    for (occasion, name), value in outcome.answers.items():
        if occasion not in current or getattr(current[occasion], name) != value:
            new[occasion][name] = value
    for occasion, answers in new.items():
        about: dict[str, Any] = {
            "patient": stored.patient, "by": stored.by, "day": stored.day, "occasion": occasion,
            "at": max(outcome.origins["answer", (occasion, name)][0] for name in answers),
        }  # fmt: skip
        pain = answers.pop(MORNING, None)
        if answers:
            say(**about, **answers)
        if pain is not None:
            say_morning(**about, pain=pain)

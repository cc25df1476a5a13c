"""What a patient says of a day: sets done, exercises that could not be, how it went.

Every action names the state that is wanted, so that a request sent twice, from two devices or replayed changes nothing
more. What was tapped without a network comes with `at`, the instant of the tap: it is taken if the day was open then,
against what the patient saw then. Tick, tally and audit line are one transaction. It takes no savepoint of its own: nothing here is caught and
carried on from, so inside another transaction it joins it, and alone it is the transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext

from clinic.prescriptions.dosage import TickSide
from clinic.prescriptions.models import Prescription
from clinic.today.compiled import CompiledInsert
from clinic.today.day import Turn, day_of, turn
from clinic.today.follow_ups import said_of, session_said, stop_taken_back
from clinic.today.models import CAPPED_REASONS, CheckOff, Session, Skip, SkipReason
from clinic.today.pain import Said
from clinic.today.plan import Tick, is_overdone, may_enter, volume_ratio
from clinic.today.reading import TICK, DayLog, Line, lines_on, log_on
from clinic.today.tallies import capped, changes_others, keep, recount
from exercises.words import in_a_sentence
from patients.audit.actions import record
from patients.models import Patient, User
from patients.tasks.actions import for_colleagues, raise_task
from patients.tasks.models import Kind


class NotInPlan(Exception):
    """No such set in any plan that this patient was given for that day."""


class NotToday(Exception):
    """The exercise rests on that day, or is at half and has no such set: nothing is ticked."""

    def __init__(self, line: Line) -> None:
        self.line = line
        super().__init__(f"{line.plain_name} is eased.")


class DayClosed(Exception):
    """The day is still to come, or more than a week ago."""

    def __init__(self, day: date, today: date) -> None:
        self.day, self.today = day, today
        super().__init__(f"{day} cannot be filled in.")


_tick = CompiledInsert(CheckOff, unique=("patient", "day", "thread", "occasion", "set_number", "side"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The day before and after. `line` is the one that was meant; it is `stale` when the plan has moved on since the
    patient's page was made."""

    lines: list[Line]
    before: DayLog
    after: DayLog
    line: Line | None = None

    @property
    def stale(self) -> bool:
        return self.line is not None and self.line not in self.lines


def set_done(
    *, patient: Patient, by: User, day: date, line: UUID, occasion: int, set_number: int, side: TickSide, done: bool,
    at: datetime | None = None,
) -> Outcome:  # fmt: skip
    """One set of a line is done, or not done after all. `line` is the version that the patient's page showed."""
    return _set_done(patient, by, day, line, occasion, (set_number, side), done, at)


def set_all_done(*, patient: Patient, by: User, day: date, line: UUID, occasion: int, done: bool) -> Outcome:
    return _set_done(patient, by, day, line, occasion, None, done, None)


def _set_done(
    patient: Patient, by: User, day: date, line: UUID, occasion: int, only: tuple[int, TickSide] | None, done: bool,
    at: datetime | None,
) -> Outcome:  # fmt: skip
    now = check_open(patient=patient, day=day, at=at)
    lines, meant = plan_of(by, day, line, occasion)
    every = meant.dose.ticks if done or meant.whole is None else (meant.whole.ticks)
    ticks = every if only is None else (only,)
    if not set(ticks) <= set((meant.whole or meant.dose).ticks):
        raise NotInPlan
    if done and at is None and (meant.rests or not set(ticks) <= set(every)):
        raise NotToday(meant)
    sets = {(meant.thread, occasion, *tick) for tick in ticks}
    with transaction.atomic(savepoint=False):
        log = _log(patient, by, day, lines)
        after = log.copy()
        after.done = log.done | sets if done else log.done - sets
        after.amounts = {each: amount for each, amount in log.amounts.items() if each in after.done}
        changed = after.done ^ log.done
        if done and changed:
            _tick(
                CheckOff(
                    patient=patient, day=day, thread=thread, occasion=occasion, set_number=number, side=side,
                    line_id=meant.pk, done_at=at or now, done_by=by,
                )
                for thread, occasion, number, side in sorted(changed)
            )  # fmt: skip
        elif changed:
            undone = CheckOff.objects.filter(patient=patient, day=day, thread=meant.thread, occasion=occasion)
            if only:
                undone = undone.filter(set_number=only[0], side=only[1])
            undone.delete()
        if changed:
            _keep(patient, log, after, lines, now)
            said = "set.done" if done else "set.undone"
            # Nothing else remembers which sets were taken back, and a tap that comes late is held against it.
            which = {} if done else {"which": [f"{number}.{side}" for *_, number, side in sorted(changed)]}
            _record(said, patient, by, day, meant, at, occasion=occasion, sets=len(changed), **which)
    return Outcome(lines, log, after, meant)


def skip(
    *,
    patient: Patient,
    by: User,
    day: date,
    line: UUID,
    occasion: int,
    reason: SkipReason | None,
    pain: int | None = None,
    at: datetime | None = None,
) -> Outcome:
    """The patient could not do this exercise on that occasion. Without a reason, it is taken back.

    pain: how much it hurt, 0 to 10, where it was stopped on pain.
    """
    now = check_open(patient=patient, day=day, at=at)
    lines, meant = plan_of(by, day, line, occasion)
    if reason and meant.rests and at is None:
        raise NotToday(meant)
    with transaction.atomic(savepoint=False):
        log = _log(patient, by, day, lines)
        after = log.copy()
        slot = (meant.thread, occasion)
        if reason:
            after.skipped[slot] = reason.value
            if after.skipped != log.skipped or pain is not None:
                _skip([turn(meant, occasion, log)], patient, by, day, reason, at or now, pain)
        elif after.skipped.pop(slot, None) is not None:
            Skip.objects.filter(patient=patient, day=day, thread=meant.thread, occasion=occasion).delete()
            if log.skipped[slot] == SkipReason.PAIN:
                stop_taken_back(patient=patient, by=by, thread=meant.thread, day=day)
        if after.skipped != log.skipped:
            _keep(patient, log, after, lines, now)
            said = "exercise.skipped" if reason else "exercise.unskipped"
            _record(said, patient, by, day, meant, at, occasion=occasion)
    return Outcome(lines, log, after, meant)


def skip_day(*, patient: Patient, by: User, day: date, reason: SkipReason | None) -> Outcome:
    """Everything still open that day could not be done. Without a reason, all that was skipped that day is taken back,
    but not what was stopped on pain."""
    now = check_open(patient=patient, day=day)
    lines = lines_on(day, user=by)
    with transaction.atomic(savepoint=False):
        log = _log(patient, by, day, lines)
        after = log.copy()
        if reason:
            rounds = day_of(lines, log, first_weekday=patient.clinic.week_starts_on).rounds
            left = [each for turns in rounds for each in turns if each.is_open]
            _skip(left, patient, by, day, reason, now)
            after.skipped |= {(each.line.thread, each.occasion): reason.value for each in left}
        else:
            stopped = Skip.objects.filter(patient=patient, day=day, pain__isnull=False)
            stays = set(stopped.values_list("thread", "occasion"))
            Skip.objects.filter(patient=patient, day=day, pain=None).delete()
            after.skipped = {slot: reason for slot, reason in log.skipped.items() if slot in stays}
        if after.skipped != log.skipped:
            _keep(patient, log, after, lines, now)
            said = "day.skipped" if reason else "day.unskipped"
            _record(said, patient, by, day, None, exercises=len(after.skipped) or len(log.skipped))
    return Outcome(lines, log, after)


def set_amounts(
    *, patient: Patient, by: User, day: date, line: UUID, occasion: int, amounts: Mapping[Tick, float | None],
    at: datetime | None = None,
) -> Outcome:  # fmt: skip
    """How much was done of each set, in the units of its volume (DOS-6): repetitions, seconds or minutes. 0 is not
    done; None leaves the set as it is. What equals the plan is a set done as planned."""
    now = check_open(patient=patient, day=day, at=at)
    lines, meant = plan_of(by, day, line, occasion)
    planned = meant.planned.volumes
    if at:
        planned = dict(meant.planned.full) | planned
    if not set(amounts) <= set(planned):
        raise NotInPlan
    if meant.rests and at is None:
        raise NotToday(meant)
    given = {tick: amount for tick, amount in amounts.items() if amount is not None}
    with transaction.atomic(savepoint=False):
        log = _log(patient, by, day, lines)
        after = log.copy()
        for tick, amount in given.items():
            done = (meant.thread, occasion, *tick)
            after.amounts.pop(done, None)
            if amount:
                after.done.add(done)
                if amount != planned[tick]:
                    after.amounts[done] = int(amount)
            else:
                after.done.discard(done)
        if (after.done, after.amounts) != (log.done, log.amounts):
            _store_amounts(patient, by, day, meant, occasion, after, log, at or now)
            _keep(patient, log, after, lines, now)
            which = [f"{number}.{side}" for number, side in given]
            _record("sets.counted", patient, by, day, meant, at, occasion=occasion, sets=len(given), which=which)
            _watch_overdoing(patient, meant, day, after, now)
    return Outcome(lines, log, after, meant)


def _store_amounts(
    patient: Patient, by: User, day: date, line: Line, occasion: int, after: DayLog, before: DayLog, now: datetime
) -> None:
    own = {each for each in after.done if each[:2] == (line.thread, occasion)}
    of_slot = CheckOff.objects.filter(patient=patient, day=day, thread=line.thread, occasion=occasion)
    for _, _, number, side in before.done - after.done:
        of_slot.filter(set_number=number, side=side).delete()
    CheckOff.objects.bulk_create(
        [
            CheckOff(
                patient=patient, day=day, thread=thread, occasion=occasion, set_number=number, side=side,
                amount=after.amounts.get((thread, occasion, number, side)), line_id=line.pk, done_at=now, done_by=by,
            )
            for thread, occasion, number, side in sorted(own)
        ],
        update_conflicts=True,
        unique_fields=["patient", "day", "thread", "occasion", "set_number", "side"],
        update_fields=["amount"],
    )  # fmt: skip


def _watch_overdoing(patient: Patient, line: Line, day: date, after: DayLog, now: datetime) -> None:
    """A clinician hears of it when an exercise is done far over its plan on several days (ADH-8)."""
    thresholds, today = patient.clinic.thresholds, patient.local_day(now)
    if _ratio(line, after) <= thresholds.overdone_ratio:
        return
    logs: dict[date, DayLog] = {}
    ticked = CheckOff.objects.filter(
        patient=patient, thread=line.thread, day__gt=today - timedelta(days=7), day__lte=today
    )
    for on, thread, occasion, number, side, amount in ticked.values_list(*TICK):
        logs.setdefault(on, DayLog(on)).add(thread, occasion, number, side, amount)
    if is_overdone({on: _ratio(line, log) for on, log in logs.items()}, today, thresholds):
        _note_overdone(patient, line.told.name or line.plain_name, now)


def _ratio(line: Line, log: DayLog) -> float:
    marks = [mark for mark in log.marks() if mark.thread == line.thread]
    occasions = {mark.occasion for mark in marks}
    return max(
        (volume_ratio(line.planned, [mark for mark in marks if mark.occasion == n]) for n in occasions), default=0.0
    )


def say(
    *, patient: Patient, by: User, day: date, occasion: int = 1, at: datetime | None = None,
    **answers: int | str | bool | list[str] | None,
) -> Session:  # fmt: skip
    """Pain before or at its worst, where it was felt, effort, a comment: only the answers given are changed. Zero is an
    answer, None is none. What they mean for the next days and the clinician follows in the same transaction."""
    now = check_open(patient=patient, day=day, at=at)
    with transaction.atomic():
        Patient.objects.hold(patient.pk)
        before = Session.objects.filter(patient=patient, day=day, occasion=occasion).first()
        was = said_of(before) if before else Said()
        said, _ = Session.objects.update_or_create(
            patient=patient,
            day=day,
            occasion=occasion,
            defaults={**answers, "said_by": by},
            create_defaults={**answers, "said_by": by, "started_at": at or now},
        )
        if at:  # the session ended with its last answer, not with the network
            said.said_at = max(at, before.said_at) if before else at
            Session.objects.filter(pk=said.pk).update(said_at=said.said_at)
        _record("session.said", patient, by, day, None, at, occasion=occasion, fields=sorted(answers))
        session_said(patient=patient, session=said, was=was, now=now)
    return said


def look_at_own_plan(*, patient: Patient, by: User, today: date) -> None:
    """A patient's reading of their own plan leaves one audit line per local day; that of who helps has its own."""
    if patient.seen_on == today or by.helping:
        return
    with transaction.atomic(savepoint=False):
        if Patient.objects.filter(pk=patient.pk).exclude(seen_on=today).update(seen_on=today):
            record(by=by, action="plan.viewed", patient=patient)


def note_seen(*, patient: Patient, by: User, prescription: UUID) -> None:
    """The patient has read what this version of their plan changes."""
    with transaction.atomic():
        unread = Prescription.objects.visible_to(by).filter(patient=patient, uuid=prescription, seen_at=None)
        if unread.update(seen_at=timezone.now()):
            record(by=by, action="plan.change_seen", patient=patient, subject=f"prescription:{prescription}")


def check_open(*, patient: Patient, day: date, at: datetime | None = None) -> datetime:
    """Now, if the day may still be filled in; or might be at the instant of the tap."""
    now = timezone.now()
    today = patient.local_day(at or now)
    if not may_enter(day, today, patient.clinic.thresholds):
        raise DayClosed(day, today)
    return now


def plan_of(by: User, day: date, line: UUID, occasion: int) -> tuple[list[Line], Line]:
    """The plan of the day, and the line that is meant, of whatever version.

    Read before the transaction, which stays short that way: what was published to somebody never changes, and never
    becomes somebody else's.
    """
    found = lines_on(day, user=by, also=line)
    meant = next((each for each in found if each.uuid == line), None)
    if meant is None or day < meant.version.starts_on or not 1 <= occasion <= meant.dose.times_per_day:
        raise NotInPlan
    return [each for each in found if each.is_in_force(day)], meant


def _log(patient: Patient, by: User, day: date, lines: list[Line]) -> DayLog:
    Patient.objects.hold(patient.pk)
    return log_on(day, user=by, lines=lines, first_weekday=patient.clinic.week_starts_on)


@for_colleagues
def _note_overdone(patient: Patient, exercise: str, now: datetime) -> None:
    thresholds = patient.clinic.thresholds
    words = ngettext(
        "%(exercise)s: done more than %(times)s times as prescribed on %(n)d day in 7.",
        "%(exercise)s: done more than %(times)s times as prescribed on %(n)d days in 7.",
        thresholds.overdone_days,
    ) % {"exercise": exercise, "times": f"{thresholds.overdone_ratio:g}", "n": thresholds.overdone_days}
    raise_task(patient=patient, kind=Kind.OVERDOING, words=words, now=now)


@for_colleagues
def _note_unwell(patient: Patient, log: DayLog, now: datetime) -> None:
    days = patient.clinic.thresholds.excused_days_max
    reasons = get_text_list(sorted(in_a_sentence(SkipReason(reason).label) for reason in log.over), gettext("and"))
    words = ngettext(
        "Said for over %(n)d day in a row: %(reasons)s. Missed days count again.",
        "Said for over %(n)d days in a row: %(reasons)s. Missed days count again.",
        days,
    ) % {"n": days, "reasons": reasons}
    raise_task(patient=patient, kind=Kind.UNWELL, words=words, now=now)


def _keep(patient: Patient, before: DayLog, after: DayLog, lines: list[Line], now: datetime) -> None:
    """The day's tally; and of later days those that this day's change excuses or no longer excuses."""
    today, thresholds = patient.local_day(now), patient.clinic.thresholds
    after.over = capped(patient, after, thresholds)
    keep(patient, after, after.tally(lines))
    if after.over and after.skipped != before.skipped:
        _note_unwell(patient, after, now)
    if after.day < today and changes_others(before, after):
        later = Skip.objects.filter(patient=patient, day__gt=after.day, reason__in=CAPPED_REASONS)
        if days := set(later.values_list("day", flat=True)):
            recount(patient, days)


def _skip(
    turns: list[Turn],
    patient: Patient,
    by: User,
    day: date,
    reason: SkipReason,
    now: datetime,
    pain: int | None = None,
) -> None:
    Skip.objects.bulk_create(
        [
            Skip(
                patient=patient, day=day, thread=each.line.thread, occasion=each.occasion, line_id=each.line.pk,
                reason=reason, pain=pain, said_at=now, said_by=by,
            )
            for each in turns
        ],
        update_conflicts=True,
        unique_fields=["patient", "day", "thread", "occasion"],
        update_fields=["reason", "pain", "line", "said_at", "said_by"],
    )  # fmt: skip


def _record(
    action: str,
    patient: Patient,
    by: User,
    day: date,
    line: Line | None,
    at: datetime | None = None,
    **detail: object,
) -> None:
    subject = f"line:{line.uuid}" if line else ""
    if at:
        detail["tapped_at"] = at.isoformat()
    record(by=by, action=action, patient=patient, subject=subject, day=day.isoformat(), **detail)

"""What a plan asks for on a date, and how much of it is done (ADH-1 to ADH-5).

A slot is one line of the plan on one local date at one of its occasions (ADH-1); its completion runs from
0 (nothing) to 1 (all of it, or more). Dates are the patient's local dates.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from patients.accounts.thresholds import DEFAULTS, Thresholds

Thread: TypeAlias = UUID | str
Slot: TypeAlias = tuple[Thread, int]  # thread of the line, occasion of the day from 1
Tick: TypeAlias = tuple[int, str]  # set number from 1, side: both, left or right

Days: TypeAlias = tuple[date, date | None]  # first and last, both included; no last is open-ended

DONE_FROM = 0.99  # ADH-3, FIXED
STRETCH_GAP = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One exercise of a plan, as far as planning needs it (DOS-1).

    starts, ends: first and last local date, both included; no `ends` means open-ended.
    times_per_day: occasions, 1 to 12. days_per_week: 1 to 7; read only when the line is flexible.
    weekdays: 0 = Monday to 6 = Sunday; empty means flexible, the patient chooses the days (ADH-1).
    ticks, volume_by_tick: what is ticked off on one occasion, and the repetitions, seconds or minutes each
        tick stands for (DOS-6); these differ where sets do, as in 6-4-2.
    paused: on hold by a clinician; its slots are excused (ADH-5).
    as_needed: done when it helps; nothing is planned, nothing is tallied (ADH-5).
    rests: days on which it is withheld from the patient; its slots are excused as far as they are not done.
    full: where the dose is at half, what each tick of the whole dose stands for: a set that was ticked before the
        dose was halved keeps its worth.

    ValueError where a field is out of range.
    """

    thread: Thread
    starts: date
    ends: date | None
    times_per_day: int
    weekdays: tuple[int, ...]
    days_per_week: int
    ticks: tuple[Tick, ...]
    volume_by_tick: tuple[float, ...]
    phase: str = "main"
    paused: bool = False
    as_needed: bool = False
    rests: tuple[Days, ...] = ()
    full: tuple[tuple[Tick, float], ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.times_per_day <= 12:
            raise ValueError("times_per_day must be 1 to 12")
        if not set(self.weekdays) <= set(range(7)):
            raise ValueError("weekdays must be 0 (Monday) to 6 (Sunday)")
        if self.is_flexible and not 1 <= self.days_per_week <= 7:
            raise ValueError("days_per_week must be 1 to 7")
        if not 0 < len(set(self.ticks)) == len(self.ticks) == len(self.volume_by_tick):
            raise ValueError("ticks must differ, and each needs its volume")
        if min(self.volume_by_tick) <= 0:
            raise ValueError("volume_by_tick must be above 0")

    @property
    def is_flexible(self) -> bool:
        return not self.weekdays

    @property
    def is_break(self) -> bool:
        return self.phase == "desk"

    @property
    def is_apart(self) -> bool:
        """Counted apart from the exercises of the day (ADH-5)."""
        return self.is_break or self.as_needed

    @property
    def volumes(self) -> dict[Tick, float]:
        return dict(zip(self.ticks, self.volume_by_tick, strict=True))

    def rests_on(self, day: date) -> bool:
        return any(first <= day and (last is None or day <= last) for first, last in self.rests)

    def is_planned(self, day: date) -> bool:
        """In force and on one of its weekdays, paused or resting or not; a flexible line may fall on any day."""
        in_force = self.starts <= day and (self.ends is None or day <= self.ends)
        return in_force and (self.is_flexible or day.weekday() in self.weekdays)


@dataclass(frozen=True, slots=True)
class Mark:
    """One set ticked off. `volume` (DOS-6 units) is given only where it differs from the plan; a set beyond
    the planned ones counts only when it brings its volume."""

    thread: Thread
    occasion: int
    set_number: int
    side: str
    volume: float | None = None


class Status(StrEnum):
    """How a slot stands (ADH-3); `open` is nothing logged yet, and still time."""

    DONE = "done"
    PARTIAL = "partial"
    SKIPPED = "skipped"
    STOPPED_ON_PAIN = "stopped-on-pain"
    MISSED = "missed"
    EXCUSED = "excused"
    NOT_DUE = "not-due"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class DayTally:
    """What one day asked of a patient and what was done, in slots: the stored daily row.

    An excused slot leaves the count only as far as it was not done (ADH-5), so that stopping on pain after
    two good sets neither costs the patient nor loses the two sets.

    planned_slots: slots of lines with fixed weekdays, excused ones included. done: sum of their completions.
        touched_slots: those begun. excused_slots: those excused with nothing done. excused_part: the undone
        part of those excused after a start.
    flexible_slots, flexible_days: what a whole week of the flexible lines in force on this day asks for:
        slots (times a day x days a week, summed) and session-days (the most of any line; 0 on a day off, and of
        a line that was excused for the whole day, as with illness).
    flexible_done: sum of the completions of flexible slots. flexible_touched: those begun, of lines begun on
        half of their occasions (ADH-6). flexible_excused: the undone part of excused ones; a day off adds 1/7.
    breaks_planned, breaks_done: micro-breaks, counted apart (ADH-5, BRK-4).
    """

    day: date
    planned_slots: int = 0
    done: float = 0.0
    touched_slots: int = 0
    excused_slots: int = 0
    excused_part: float = 0.0
    flexible_slots: int = 0
    flexible_days: int = 0
    flexible_done: float = 0.0
    flexible_touched: int = 0
    flexible_excused: float = 0.0
    breaks_planned: int = 0
    breaks_done: float = 0.0


def week_start(day: date, first_weekday: int = 0) -> date:
    """The first day of the week `day` lies in; `first_weekday` 0 = Monday to 6 = Sunday (ADH-4)."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def is_due(line: PlannedLine, day: date) -> bool:
    """Whether the plan asks for the line on `day`, or for a flexible line, allows it."""
    return line.is_planned(day) and not line.paused and not line.rests_on(day)


def days_done(marked_on: Iterable[date], day: date, first_weekday: int = 0) -> int:
    """Days of the week around `day` that carry marks of a line, `day` itself left out."""
    this_week = week_start(day, first_weekday)
    return len({d for d in marked_on if d != day and week_start(d, first_weekday) == this_week})


def offered(line: PlannedLine, day: date, days_done_this_week: int) -> bool:
    """Whether to put the line before the patient on `day` (ADH-1).

    A flexible line is offered until the days of its week are used; `days_done_this_week` counts the week's
    other days with marks (`days_done`), so a line begun today stays to be finished.
    """
    return is_due(line, day) and (not line.is_flexible or days_done_this_week < line.days_per_week)


def slots(line: PlannedLine, day: date) -> tuple[int, ...]:
    """The occasions of the line on `day`, from 1; none when it is not due."""
    return tuple(range(1, line.times_per_day + 1)) if is_due(line, day) else ()


def completion(line: PlannedLine, marks_of_slot: Iterable[Mark]) -> float:
    """How much of one slot is done, 0 to 1: the mean over its sides of min(1, done / planned volume) (ADH-2)."""
    planned = [(side, volume) for (_, side), volume in line.volumes.items()]
    done = _done(line, marks_of_slot)
    sides = {side for side, _ in planned}
    return sum(min(1.0, _of(side, done) / _of(side, planned)) for side in sides) / len(sides)


def _done(line: PlannedLine, marks: Iterable[Mark]) -> list[tuple[str, float]]:
    """Side and volume of each set done; a set ticked twice counts once."""
    planned = dict(line.full) | line.volumes
    once = {(mark.occasion, mark.set_number, mark.side): mark.volume for mark in marks}
    return [
        (side, planned.get((number, side), 0.0) if volume is None else volume)
        for (_, number, side), volume in once.items()
    ]


def _of(side: str, volumes: Iterable[tuple[str, float]]) -> float:
    return sum(volume for its_side, volume in volumes if its_side == side)


def status(c: float, *, skipped: bool, stopped_on_pain: bool, excused: bool, window_closed: bool) -> Status:
    """A slot's standing from its completion `c` (ADH-3). Stopping on pain is told even when the
    work was done (PAIN-5). The caller says `not-due` for a day without the slot."""
    if stopped_on_pain:
        return Status.STOPPED_ON_PAIN
    if c >= DONE_FROM:
        return Status.DONE
    if excused:
        return Status.EXCUSED
    if c > 0:
        return Status.PARTIAL
    if skipped:
        return Status.SKIPPED
    return Status.MISSED if window_closed else Status.OPEN


def closes_at(day: date, tz: tzinfo, thresholds: Thresholds = DEFAULTS) -> datetime:
    """When the slots of `day` close: the end of the local day and 24 full hours, or the clinic's own number (ADH-4)."""
    end_of_day = datetime.combine(day + timedelta(days=1), time.min, tz)
    # Local arithmetic would count 23 or 25 hours when the clocks change; UTC counts 24.
    return (end_of_day.astimezone(UTC) + timedelta(hours=thresholds.grace_hours)).astimezone(tz)


def may_enter(day: date, today: date, thresholds: Thresholds = DEFAULTS) -> bool:
    """Whether `day` may still be logged: today and the days before it that the clinic allows, else it is frozen
    (ADH-4)."""
    return timedelta(0) <= today - day <= timedelta(days=thresholds.back_entry_days)


def is_late(day: date, entered_at: datetime, tz: tzinfo, thresholds: Thresholds = DEFAULTS) -> bool:
    """Whether an entry for `day` came after its slots closed (ADH-4); `entered_at` is aware."""
    return entered_at >= closes_at(day, tz, thresholds)


def volume_ratio(line: PlannedLine, marks_of_slot: Iterable[Mark]) -> float:
    """Volume done over volume planned in one slot, both sides together and without a cap (ADH-8). It never enters a
    completion: doing more neither raises a score nor pays for another slot."""
    planned = line.volumes
    once = {(mark.set_number, mark.side): mark.volume for mark in marks_of_slot}
    done = sum(planned.get(tick, 0.0) if volume is None else volume for tick, volume in once.items())
    return done / sum(planned.values())


def is_overdone(ratios: Mapping[date, float], today: date, thresholds: Thresholds = DEFAULTS) -> bool:
    """More than prescribed: `overdone_ratio` times the plan is passed on `overdone_days` of the last 7 days (ADH-8).
    ratios: the highest `volume_ratio` of the exercise on each day."""
    over = [
        day
        for day, ratio in ratios.items()
        if timedelta(0) <= today - day < timedelta(days=7) and ratio > thresholds.overdone_ratio
    ]
    return len(over) >= thresholds.overdone_days


def days_excused(
    said_on: Iterable[date], worked_on: Collection[date], thresholds: Thresholds = DEFAULTS
) -> set[date]:
    """Of the days on which illness, or travel, was given as the reason, those that it still excuses (ADH-5): the first
    `excused_days_max` days of each stretch. A stretch ends with a week in which nobody said so, or with a day on which
    something was done."""
    excused, start, previous = set[date](), date.min, date.min
    for day in sorted(said_on):
        is_new = previous == date.min or day - previous > STRETCH_GAP
        if is_new or any(previous < worked <= day for worked in worked_on):
            start = day
        if (day - start).days < thresholds.excused_days_max:
            excused.add(day)
        previous = day
    return excused


def tally(
    lines: Iterable[PlannedLine],
    marks: Iterable[Mark],
    day: date,
    excused: Collection[Slot] = frozenset(),
    *,
    day_off: bool = False,
) -> DayTally:
    """Count one day (ADH-1, ADH-2, ADH-5).

    lines, marks: all lines of the patient, and the marks of `day`; only lines planned for `day` count.
    excused: single slots excused, such as those stopped on pain.
    day_off: the whole day is excused: hold, red-flag block, illness, travel, flare. A flexible line then
        asks for a seventh less of its week; the other days may still be chosen.
    """
    by_slot: dict[Slot, list[Mark]] = {}
    for mark in marks:
        by_slot.setdefault((mark.thread, mark.occasion), []).append(mark)
    fixed, flexible, breaks = list[tuple[float, bool]](), list[tuple[float, bool]](), list[float]()
    flexible_slots = flexible_days = flexible_touched = 0
    for line in lines:
        if line.as_needed or not line.is_planned(day) or (line.is_flexible and line.paused):
            continue
        rests, n = line.rests_on(day), line.times_per_day
        off = day_off or line.paused or rests
        keys = [(line.thread, occasion) for occasion in range(1, n + 1)]
        done = [(completion(line, by_slot.get(key, ())), key in excused or rests) for key in keys]
        begun = sum(c > 0 for c, _ in done)
        if line.is_flexible and rests and not begun:
            continue
        if line.is_break:
            # A flexible line of breaks is planned on the days the patient takes one.
            breaks += [c for c, _ in done] if begun or not (off or line.is_flexible) else []
        elif line.is_flexible:
            flexible += done
            flexible_touched += begun if 2 * begun >= n else 0
            flexible_slots += n * line.days_per_week
            is_off = day_off or (not begun and all(is_excused for _, is_excused in done))
            flexible_days = max(flexible_days, 0 if is_off else line.days_per_week)
        else:
            fixed += [(c, is_excused or off) for c, is_excused in done]
    return DayTally(
        day=day,
        planned_slots=len(fixed),
        done=sum(c for c, _ in fixed),
        touched_slots=sum(c > 0 for c, _ in fixed),
        excused_slots=sum(is_excused and c == 0 for c, is_excused in fixed),
        excused_part=sum(1 - c for c, is_excused in fixed if is_excused and c > 0),
        flexible_slots=flexible_slots,
        flexible_days=flexible_days,
        flexible_done=sum(c for c, _ in flexible),
        flexible_touched=flexible_touched,
        flexible_excused=sum(1 - c for c, is_excused in flexible if is_excused) + day_off * flexible_slots / 7,
        breaks_planned=len(breaks),
        breaks_done=sum(breaks),
    )


def next_day_with_plan(
    lines: Iterable[PlannedLine],
    after: date,
    horizon: int = 28,
    *,
    days_used: Mapping[Thread, int] | None = None,
    first_weekday: int = 0,
) -> date | None:
    """The first day after `after`, at most `horizon` days on, with more than breaks to do.

    days_used: of flexible lines, days with marks in the week of `after`; once used up, the next week counts.
    """
    used = days_used or {}
    exercises = [line for line in lines if not line.is_apart]
    for day in (after + timedelta(days=ahead) for ahead in range(1, horizon + 1)):
        same_week = week_start(day, first_weekday) == week_start(after, first_weekday)
        if any(offered(x, day, used.get(x.thread, 0) if same_week else 0) for x in exercises):
            return day
    return None

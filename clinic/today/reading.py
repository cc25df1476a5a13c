"""What Today reads of one patient's day: the lines of the plan in force, and what was ticked or skipped.

Two queries, whatever the day holds. Texts are parsed once per text and kept: a published line never changes, so the
same JSON always means the same dosage and the same words.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from clinic.prescriptions.dosage import Dosage, TickSide, seconds, sides_to_tick, volume_per_tick
from clinic.prescriptions.dosage_words import set_label, words, words_short, words_when
from clinic.prescriptions.models import (
    Pause,
    PrescribedExercise,
    in_force_between,
    in_force_on,
)
from clinic.today.compiled import Compiled
from clinic.today.models import EXCUSED_REASONS, CheckOff, Skip
from clinic.today.plan import DayTally, Mark, PlannedLine, Slot, Tick, offered, tally, week_start
from exercises.models import Category, Phase, Position, Side
from patients.models import User


@dataclass(frozen=True, slots=True)
class Picture:
    url: str


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What the patient was told of an exercise when the plan was published."""

    name: str = ""
    plain_name: str = ""
    slug: str = ""
    category: str = Category.MOBILITY
    position: str = Position.VARIES
    picture: "Picture | None" = None
    side: str = Side.NONE
    pose: str = ""
    picture_alt: str = ""
    video_url: str = ""
    purpose: str = ""
    setup: str = ""
    steps: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()
    ease_off: str = ""
    feel: str = ""

    @classmethod
    def of(cls, record: dict[str, Any]) -> Self:
        known: dict[str, Any] = {f.name: record[f.name] for f in fields(cls) if record.get(f.name)}
        for name in ("steps", "cues", "mistakes"):
            known[name] = tuple(known.get(name, ()))
        if "picture" in known:
            known["picture"] = Picture(known["picture"])
        known.setdefault("plain_name", known.get("name", ""))
        return cls(**known)


@dataclass(frozen=True, slots=True, eq=False)
class Dose:
    """A dosage with all that Today says of it. `ticks` are the buttons of one occasion, in the order they are done."""

    dosage: Dosage
    words: str
    short: str
    when: str
    label: str
    seconds: int
    times_per_day: int
    ticks: tuple[Tick, ...]
    volumes: tuple[float, ...]


@lru_cache(maxsize=2048)
def dose_of(text: str) -> Dose:
    return dose(Dosage.from_dict(json.loads(text)))


@lru_cache(maxsize=2048)
def dose(d: Dosage) -> Dose:
    order: list[tuple[int, TickSide]] = [(n, side) for n in range(1, d.sets + 1) for side in sides_to_tick(d)]
    return Dose(
        dosage=d,
        words=words(d),
        short=words_short(d),
        when=words_when(d),
        label=set_label(d),
        seconds=seconds(d),
        times_per_day=d.slots_per_day,
        ticks=tuple(order),
        volumes=tuple(float(volume_per_tick(d, n, side)) for n, side in order),
    )


@lru_cache(maxsize=2048)
def told_of(text: str) -> Told:
    return Told.of(json.loads(text))


@dataclass(frozen=True, slots=True)
class Version:
    """The prescription a line belongs to, as far as its patient's pages need it."""

    pk: int
    uuid: UUID
    replaces_id: int | None
    starts_on: date
    ends_on: date | None
    ended_on: date | None
    note_to_patient: str
    seen_at: datetime | None
    paused: bool

    @property
    def is_news(self) -> bool:
        return self.replaces_id is not None and self.seen_at is None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plan as its patient meets it."""

    pk: int
    uuid: UUID
    phase: str
    note: str
    dose: Dose
    told: Told
    planned: PlannedLine
    version: Version

    @property
    def thread(self) -> UUID:
        return self.planned.thread  # type: ignore[return-value]

    @property
    def dosage(self) -> Dosage:
        return self.dose.dosage

    @property
    def plain_name(self) -> str:
        return self.told.plain_name

    @property
    def is_break(self) -> bool:
        return self.phase == Phase.DESK

    def is_in_force(self, day: date) -> bool:
        return self.planned.starts <= day and (self.planned.ends is None or day <= self.planned.ends)


@lru_cache(maxsize=4096)
def planned_line(
    *, thread: UUID, phase: str, dose: Dose, starts: date, ends: date | None, ended: date | None, paused: bool
) -> PlannedLine:
    """`ends` is the prescription's own last day, `ended` the first day on which somebody's ending counts."""
    dosage = dose.dosage
    last = min((day for day in (ends, ended and ended - timedelta(days=1)) if day), default=None)
    return PlannedLine(
        thread=thread,
        starts=starts,
        ends=last,
        times_per_day=dose.times_per_day,
        weekdays=dosage.weekdays or (tuple(range(7)) if dosage.days_per_week == 7 else ()),
        days_per_week=dosage.days_per_week,
        ticks=dose.ticks,
        volume_by_tick=dose.volumes,
        phase=phase,
        paused=paused,
    )


LINE = ("pk", "uuid", "thread", "phase", "note", "dosage_text", "told_text", "paused", "prescription_id")
VERSION = ("uuid", "replaces_id", "starts_on", "ends_on", "ended_on", "note_to_patient", "seen_at")


def _lines(found: QuerySet[PrescribedExercise], paused: Exists | Value) -> QuerySet[Any, tuple[Any, ...]]:
    return (
        found.annotate(dosage_text=Cast("dosage", TextField()), told_text=Cast("told", TextField()), paused=paused)
        .order_by("position", "pk")
        .values_list(*LINE, *(f"prescription__{name}" for name in VERSION))
    )


def _on(*, user: User, day: date, line: UUID | None = None) -> QuerySet[Any, tuple[Any, ...]]:
    wanted = in_force_on(day, "prescription__")
    if line:
        wanted |= Q(uuid=line)
    paused = Exists(Pause.objects.on(day).filter(prescription=OuterRef("prescription")))
    return _lines(PrescribedExercise.objects.visible_to(user).filter(wanted), paused)


_lines_on = Compiled(_on, "day")
_lines_on_and = Compiled(_on, "day", "line")


def lines_on(day: date, *, user: User, also: UUID | None = None) -> list[Line]:
    """The lines of the plan that is in force on `day`, in their order.

    also: a line to fetch with them whatever its version, because the patient's page shows it.
    """
    rows = _lines_on_and(user=user, day=day, line=also) if also else _lines_on(user=user, day=day)
    return _read(rows)


def lines_between(first: date, last: date, *, user: User) -> list[Line]:
    """The lines of every plan in force on any of these days, as if there were no pauses."""
    found = PrescribedExercise.objects.visible_to(user).filter(in_force_between(first, last, "prescription__"))
    return _read(_lines(found, Value(False)))


def _read(rows: Iterable[Sequence[Any]]) -> list[Line]:
    versions: dict[int, Version] = {}
    lines = []
    for pk, uuid, thread, phase, note, dosage, told, paused, prescription, *said in rows:
        if prescription not in versions:
            versions[prescription] = Version(prescription, *said, bool(paused))  # type: ignore[call-arg]
        version, d = versions[prescription], dose_of(dosage)
        planned = planned_line(
            thread=thread,
            phase=phase,
            dose=d,
            starts=version.starts_on,
            ends=version.ends_on,
            ended=version.ended_on,
            paused=version.paused,
        )
        lines.append(Line(pk, uuid, phase, note, d, told_of(told), planned, version))
    return lines


SetDone = tuple[UUID, int, int, str]  # thread, occasion, set number, side


@dataclass(slots=True)
class DayLog:
    """What is ticked and skipped on one day, and on which other days of its week each exercise was done."""

    day: date
    done: set[SetDone] = field(default_factory=set)
    skipped: dict[tuple[UUID, int], str] = field(default_factory=dict)
    days_of_week: dict[UUID, set[date]] = field(default_factory=dict)

    def add(self, thread: UUID, occasion: int, set_number: int, word: str) -> None:
        """A tick with its side, or with set number 0 a skip with its reason."""
        if set_number:
            self.done.add((thread, occasion, set_number, word))
        else:
            self.skipped[thread, occasion] = word

    def copy(self) -> "DayLog":
        return DayLog(self.day, set(self.done), dict(self.skipped), self.days_of_week)

    @property
    def is_empty(self) -> bool:
        return not self.done and not self.skipped

    def days_used(self, thread: UUID) -> int:
        return len(self.days_of_week.get(thread, ()))

    def marks(self) -> list[Mark]:
        return [Mark(*mark) for mark in self.done]

    def excused(self) -> set[Slot]:
        return {slot for slot, reason in self.skipped.items() if reason in EXCUSED_REASONS}

    def tally(self, lines: Iterable[Line]) -> DayTally:
        return tally([line.planned for line in lines], self.marks(), self.day, self.excused())


TICK = ("day", "thread", "occasion", "set_number", "side")


def _log(*, user: User, day: date, last_day: date | None = None) -> QuerySet[Any, tuple[Any, ...]]:
    in_time = Q(day=day) if last_day is None else Q(day__gte=day, day__lte=last_day)
    ticks = CheckOff.objects.visible_to(user).filter(in_time)
    skips = Skip.objects.visible_to(user).filter(in_time)
    return ticks.values_list(*TICK).union(
        skips.values_list("day", "thread", "occasion", Value(0), "reason"), all=True
    )


def _log_in_week(*, user: User, day: date, first_day: date, last_day: date) -> QuerySet[Any, tuple[Any, ...]]:
    """The log of the day, and of the other days of its week only which exercises were done."""
    week = CheckOff.objects.visible_to(user).filter(day__gte=first_day, day__lte=last_day).exclude(day=day)
    return _log(user=user, day=day).union(
        week.values_list("day", "thread", Value(0), Value(0), Value("")).distinct(), all=True
    )


_log_of_day = Compiled(_log, "day")
_log_of_days = Compiled(_log, "day", "last_day")
_log_of_day_in_week = Compiled(_log_in_week, "day", "first_day", "last_day")


def log_on(day: date, *, user: User, lines: Iterable[Line], first_weekday: int) -> DayLog:
    """The day's ticks and skips; and where a line's days are the patient's choice, on which other days of the week it
    was done."""
    if not any(line.planned.is_flexible for line in lines):
        return logs_between(day, day, user=user)[day]
    first = week_start(day, first_weekday)
    rows = _log_of_day_in_week(user=user, day=day, first_day=first, last_day=first + timedelta(days=6))
    log = DayLog(day)
    for on, thread, *what in rows:
        if on != day:
            log.days_of_week.setdefault(thread, set()).add(on)
        else:
            log.add(thread, *what)
    return log


def logs_between(first: date, last: date, *, user: User) -> dict[date, DayLog]:
    """The log of every day from first to last, in one query; each knows of the other days."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    logs = {day: DayLog(day) for day in days}
    rows = _log_of_day(user=user, day=first) if first == last else _log_of_days(user=user, day=first, last_day=last)
    done_on: dict[UUID, set[date]] = {}
    for on, thread, *what in rows:
        logs[on].add(thread, *what)
        if what[1]:
            done_on.setdefault(thread, set()).add(on)
    for log in logs.values():
        log.days_of_week = {thread: on - {log.day} for thread, on in done_on.items()}
    return logs


def is_offered(line: Line, log: DayLog) -> bool:
    """Whether the day's page shows the line: it is due, or something of it is done already."""
    return offered(line.planned, log.day, log.days_used(line.thread)) or (
        line.planned.is_planned(log.day) and any(thread == line.thread for thread, *_ in log.done)
    )

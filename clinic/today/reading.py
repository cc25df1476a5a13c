"""What Today reads of one patient's day: the lines of the plan in force, and what was ticked or skipped.

Two queries, whatever the day holds. Texts are parsed once per text and kept: a published line never changes, so the
same JSON always means the same dosage and the same words.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

from django.db.models import (
    Exists,
    F,
    OuterRef,
    PositiveSmallIntegerField,
    Q,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat

from clinic.flare.models import FlareUp
from clinic.flare.rules import Movement
from clinic.prescriptions.dosage import Dosage, TickSide, halved, seconds, sides_to_tick, volume_per_tick
from clinic.prescriptions.dosage_words import set_label, words, words_short, words_when
from clinic.prescriptions.models import (
    Easing,
    Pause,
    PrescribedExercise,
    in_force_between,
    in_force_on,
)
from clinic.today.compiled import Compiled
from clinic.today.eased import FLARE, Eased, Spell, eased
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
    level: int = 0
    tags: tuple[str, ...] = ()

    @property
    def movement(self) -> Movement:
        return Movement(self.level, frozenset(self.tags))

    @classmethod
    def of(cls, record: dict[str, Any]) -> Self:
        known: dict[str, Any] = {f.name: record[f.name] for f in fields(cls) if record.get(f.name)}
        for name in ("steps", "cues", "mistakes", "tags"):
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
def half_dose(d: Dosage) -> Dose:
    """The dose at half, which says so; the dose itself where it cannot be less."""
    whole, half = dose(d), dose(halved(d))
    return whole if half is whole else replace(half, words=f"Half for now. {half.words}")


@lru_cache(maxsize=2048)
def told_of(text: str) -> Told:
    return Told.of(json.loads(text))


@dataclass(frozen=True, slots=True)
class Version:
    """The prescription a line belongs to, as far as its patient's pages need it. gentle_until: the last day of the
    flare-up that was begun and not ended; it may be past."""

    pk: int
    uuid: UUID
    replaces_id: int | None
    starts_on: date
    ends_on: date | None
    ended_on: date | None
    note_to_patient: str
    seen_at: datetime | None
    paused: bool
    gentle_until: date | None = None

    @property
    def is_news(self) -> bool:
        return self.replaces_id is not None and self.seen_at is None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plan as its patient meets it on a day. eased: it rests, or its dose is at half; `whole` is then
    the dose that was prescribed."""

    pk: int
    uuid: UUID
    phase: str
    note: str
    dose: Dose
    told: Told
    planned: PlannedLine
    version: Version
    eased: Eased | None = None
    whole: Dose | None = None

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
        return self.phase == Phase.DESK and not self.as_needed

    @property
    def as_needed(self) -> bool:
        return self.planned.as_needed

    @property
    def is_apart(self) -> bool:
        return self.planned.is_apart

    @property
    def rests(self) -> bool:
        return self.eased is not None and self.eased.rests

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
        weekdays=dosage.fixed_weekdays,
        days_per_week=dosage.days_per_week,
        ticks=dose.ticks,
        volume_by_tick=dose.volumes,
        phase=phase,
        paused=paused,
        as_needed=dosage.as_needed,
    )


def ease(line: Line, how: Eased | None, day: date) -> Line:
    """The line as it is on `day`, resting or at half."""
    if how is None:
        return line
    half = line.dose if how.rests else half_dose(line.dosage)
    if half is line.dose and not how.rests:
        return line
    return replace(
        line, dose=half, whole=line.dose, eased=how, planned=ease_planned(line.planned, line.dosage, how, day)
    )


def ease_planned(planned: PlannedLine, dosage: Dosage, how: Eased | None, day: date) -> PlannedLine:
    if how is None:
        return planned
    if how.rests:
        return replace(planned, rests=((day, how.last),))
    half = half_dose(dosage)
    whole = tuple(zip(planned.ticks, planned.volume_by_tick, strict=True))
    return replace(planned, ticks=half.ticks, volume_by_tick=half.volumes, full=whole)


LINE = (
    "pk", "uuid", "thread", "phase", "note", "dosage_text", "told_text", "paused", "gentle_until", "easing",
    "prescription_id",
)  # fmt: skip
VERSION = ("uuid", "replaces_id", "starts_on", "ends_on", "ended_on", "note_to_patient", "seen_at")


def _lines(found: QuerySet[PrescribedExercise], **of_the_day: Any) -> QuerySet[Any, tuple[Any, ...]]:
    return (
        found.annotate(dosage_text=Cast("dosage", TextField()), told_text=Cast("told", TextField()), **of_the_day)
        .order_by("position", "pk")
        .values_list(*LINE, *(f"prescription__{name}" for name in VERSION))
    )


def _on(*, user: User, day: date, line: UUID | None = None) -> QuerySet[Any, tuple[Any, ...]]:
    wanted = in_force_on(day, "prescription__")
    if line:
        wanted |= Q(uuid=line)
    return _lines(
        PrescribedExercise.objects.visible_to(user).filter(wanted),
        paused=Exists(Pause.objects.on(day).filter(prescription=OuterRef("prescription"))),
        gentle_until=_gentle_until(day),
        easing=_easing(day),
    )


def _gentle_until(day: date) -> Subquery:
    begun = FlareUp.objects.filter(patient=OuterRef("prescription__patient"), from_day__lte=day)
    return Subquery(
        begun.filter(Q(ended_on=None) | Q(ended_on__gt=day)).order_by("-from_day").values("until_day")[:1]
    )


def _easing(day: date) -> Subquery:
    """Kind, reason and last day of what eases the line, as a text: rest before half, and of two the longer."""
    of_line = Easing.objects.on(day).filter(patient=OuterRef("prescription__patient"), thread=OuterRef("thread"))
    last = Coalesce(Cast("until_day", TextField()), Value(""), output_field=TextField())
    said = Concat("kind", Value(" "), "because", Value(" "), last, output_field=TextField())
    order = F("until_day").desc(nulls_first=True)
    return Subquery(of_line.annotate(said=said).order_by("-kind", order).values("said")[:1])


_lines_on = Compiled(_on, "day")
_lines_on_and = Compiled(_on, "day", "line")


def lines_on(day: date, *, user: User, also: UUID | None = None) -> list[Line]:
    """The lines of the plan that is in force on `day`, in their order.

    also: a line to fetch with them whatever its version, because the patient's page shows it.
    """
    rows = _lines_on_and(user=user, day=day, line=also) if also else _lines_on(user=user, day=day)
    return _read(rows, day)


def lines_between(first: date, last: date, *, user: User) -> list[Line]:
    """The lines of every plan in force on any of these days, as if there were no pauses and nothing was eased."""
    found = PrescribedExercise.objects.visible_to(user).filter(in_force_between(first, last, "prescription__"))
    return lines_of(found, first)


def lines_of(found: QuerySet[PrescribedExercise], day: date) -> list[Line]:
    """These lines, as if there were no pauses and nothing was eased."""
    nothing = Value(None, output_field=TextField())
    return _read(_lines(found, paused=Value(False), gentle_until=nothing, easing=nothing), day)


def spells_of(patients: Any, first: date, last: date) -> list[Spell]:
    """The easings and flare-ups of a patient, given as a queryset or a list, that cover any of these days. One query."""
    in_time = Q(from_day__lte=last)
    easings = Easing.objects.filter(in_time, patient__in=patients).filter(Q(until_day=None) | Q(until_day__gte=first))
    flares = FlareUp.objects.filter(in_time, patient__in=patients, until_day__gte=first)
    rows = (
        easings.order_by()
        .values_list("thread", "from_day", "until_day", "lifted_on", "kind", "because")
        .union(
            flares.order_by().values_list(
                Cast(Value(None), UUIDField()), "from_day", "until_day", "ended_on", Value(FLARE), Value(FLARE)
            ),
            all=True,
        )
    )
    return [
        Spell(from_day, earlier(until_day, ended), kind, because, thread)
        for thread, from_day, until_day, ended, kind, because in rows
    ]


def earlier(until_day: date | None, ended: date | None) -> date | None:
    return min((day for day in (until_day, ended and ended - timedelta(days=1)) if day), default=None)


def _read(rows: Iterable[Sequence[Any]], day: date) -> list[Line]:
    versions: dict[int, Version] = {}
    lines = []
    for pk, uuid, thread, phase, note, dosage, told, paused, gentle_until, easing, prescription, *said in rows:
        if prescription not in versions:
            versions[prescription] = Version(prescription, *said, bool(paused), gentle_until)  # type: ignore[call-arg]
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
        line = Line(pk, uuid, phase, note, d, told_of(told), planned, version)
        if easing or (gentle_until and gentle_until >= day):
            spells = _spells(day, gentle_until, easing, thread)
            line = ease(line, eased(spells, day, thread=thread, movement=line.told.movement), day)
        lines.append(line)
    return lines


def _spells(day: date, gentle_until: date | None, easing: str | None, thread: UUID) -> list[Spell]:
    spells = [Spell(day, gentle_until, FLARE, FLARE)] if gentle_until else []
    if easing:
        kind, because, last = easing.split(" ")
        spells.append(Spell(day, date.fromisoformat(last) if last else None, kind, because, thread))
    return spells


SetDone = tuple[UUID, int, int, str]  # thread, occasion, set number, side


@dataclass(slots=True)
class DayLog:
    """What is ticked and skipped on one day, and on which other days of its week each exercise was done.

    amounts: of sets done with another number than the plan's, in the units of its volume. over: reasons that excuse
    nothing on this day any more, because they were given for too many days in a row.
    """

    day: date
    done: set[SetDone] = field(default_factory=set)
    skipped: dict[tuple[UUID, int], str] = field(default_factory=dict)
    days_of_week: dict[UUID, set[date]] = field(default_factory=dict)
    amounts: dict[SetDone, int] = field(default_factory=dict)
    over: frozenset[str] = frozenset()

    def add(self, thread: UUID, occasion: int, set_number: int, word: str, amount: int | None = None) -> None:
        """A tick with its side, or with set number 0 a skip with its reason."""
        if set_number:
            self.done.add((thread, occasion, set_number, word))
            if amount is not None:
                self.amounts[thread, occasion, set_number, word] = amount
        else:
            self.skipped[thread, occasion] = word

    def copy(self) -> "DayLog":
        return DayLog(self.day, set(self.done), dict(self.skipped), self.days_of_week, dict(self.amounts), self.over)

    @property
    def is_empty(self) -> bool:
        return not self.done and not self.skipped

    def days_used(self, thread: UUID) -> int:
        return len(self.days_of_week.get(thread, ()))

    def marks(self) -> list[Mark]:
        return [Mark(*mark, volume=self.amounts.get(mark)) for mark in self.done]

    def excused(self) -> set[Slot]:
        excusing = EXCUSED_REASONS - self.over
        return {slot for slot, reason in self.skipped.items() if reason in excusing}

    def tally(self, lines: Iterable[Line]) -> DayTally:
        return tally([line.planned for line in lines], self.marks(), self.day, self.excused())


TICK = ("day", "thread", "occasion", "set_number", "side", "amount")
NO_AMOUNT = Cast(Value(None), PositiveSmallIntegerField())


def _log(*, user: User, day: date, last_day: date | None = None) -> QuerySet[Any, tuple[Any, ...]]:
    in_time = Q(day=day) if last_day is None else Q(day__gte=day, day__lte=last_day)
    ticks = CheckOff.objects.visible_to(user).filter(in_time)
    skips = Skip.objects.visible_to(user).filter(in_time)
    return ticks.values_list(*TICK).union(
        skips.values_list("day", "thread", "occasion", Value(0), "reason", NO_AMOUNT), all=True
    )


def _log_in_week(*, user: User, day: date, first_day: date, last_day: date) -> QuerySet[Any, tuple[Any, ...]]:
    """The log of the day, and of the other days of its week only which exercises were done."""
    week = CheckOff.objects.visible_to(user).filter(day__gte=first_day, day__lte=last_day).exclude(day=day)
    return _log(user=user, day=day).union(
        week.values_list("day", "thread", Value(0), Value(0), Value(""), NO_AMOUNT).distinct(), all=True
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
    """Whether the day's page shows the line: it is due, or something of it is done already. What rests is not shown."""
    if line.planned.rests_on(log.day):
        return False
    return offered(line.planned, log.day, log.days_used(line.thread)) or (
        line.planned.is_planned(log.day) and any(thread == line.thread for thread, *_ in log.done)
    )

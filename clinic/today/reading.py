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
    OuterRef,
    PositiveSmallIntegerField,
    Q,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast, JSONArray
from django.utils.translation import get_language, gettext

from clinic.flare.models import FlareUp
from clinic.flare.rules import Movement
from clinic.prescriptions.dosage import Dosage, TickSide, halved, seconds, sides_to_tick, volume_per_tick
from clinic.prescriptions.dosage_words import set_label, words, words_short, words_when
from clinic.prescriptions.models import (
    Easing,
    Importance,
    Pause,
    PrescribedExercise,
    Prescription,
    in_force_between,
    in_force_on,
)
from clinic.prescriptions.telling import told_now
from clinic.today.compiled import Compiled
from clinic.today.eased import FLARE, Eased, Spell, eased
from clinic.today.listed import Listed
from clinic.today.models import EXCUSED_REASONS, CheckOff, Skip
from clinic.today.plan import DayTally, Mark, PlannedLine, Slot, Tick, offered, tally, week_start
from exercises.kept import kept_in_language
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
        record = told_now(record)
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


@kept_in_language(maxsize=2048)
def dose_of(text: str) -> Dose:
    return dose(Dosage.from_dict(json.loads(text)))


@kept_in_language(maxsize=2048)
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


@kept_in_language(maxsize=2048)
def half_dose(d: Dosage) -> Dose:
    """The dose at half, which says so; the dose itself where it cannot be less."""
    whole, half = dose(d), dose(halved(d))
    return whole if half is whole else replace(half, words=gettext("Half for now. %(dose)s") % {"dose": half.words})


@kept_in_language(maxsize=2048)
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
    importance: int = Importance.SHOULD

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


LINE = ("pk", "uuid", "thread", "phase", "note", "dosage_text", "told_text", "importance")
VERSION = ("pk", "uuid", "replaces_id", "starts_on", "ends_on", "ended_on", "note_to_patient", "seen_at")
STANDING = ("paused", "gentle_until", "easings")


def _standing(day: date, of: str = "") -> dict[str, Any]:
    """How a prescription stands on `day`: paused, in a flare-up until when, and the easings of its patient. `of` leads
    to the prescription."""
    begun = FlareUp.objects.filter(patient=OuterRef(f"{of}patient"), from_day__lte=day)
    flare = begun.filter(Q(ended_on=None) | Q(ended_on__gt=day)).order_by("-from_day")
    easings = Easing.objects.on(day).filter(patient=OuterRef(f"{of}patient")).order_by().values("patient")
    listed = easings.annotate(listed=Listed(JSONArray("thread", "kind", "because", "until_day")))
    return {
        "paused": Exists(Pause.objects.on(day).filter(prescription=OuterRef(f"{of}pk"))),
        "gentle_until": Subquery(flare.values("until_day")[:1]),
        "easings": Subquery(listed.values("listed")),
    }


def _lines(found: QuerySet[PrescribedExercise], **standing: Any) -> QuerySet[Any, tuple[Any, ...]]:
    return (
        found.annotate(dosage_text=Cast("dosage", TextField()), told_text=Cast("told", TextField()), **standing)
        .order_by("position", "pk")
        .values_list(*LINE, *(f"prescription__{name}" for name in VERSION), *STANDING)
    )


def _on(*, user: User, day: date, line: UUID | None = None) -> QuerySet[Any, tuple[Any, ...]]:
    wanted = in_force_on(day, "prescription__")
    if line:
        wanted |= Q(uuid=line)
    return _lines(PrescribedExercise.objects.visible_to(user).filter(wanted), **_standing(day, "prescription__"))


def _in_force(*, user: User, day: date) -> QuerySet[Any, tuple[Any, ...]]:
    found = Prescription.objects.visible_to(user).filter(in_force_on(day)).annotate(**_standing(day))
    return found.order_by("pk").values_list(*VERSION, *STANDING)


_lines_on = Compiled(_on, "day")
_lines_on_and = Compiled(_on, "day", "line")
_plans_on = Compiled(_in_force, "day")

# By patient, language and version, the lines as last read: what was published never changes, so only how it stands is asked for
# again. Which version is in force, and whose it is, the database says each time.
_kept: dict[tuple[int, str | None], dict[UUID, list[Line]]] = {}
MOST_KEPT = 2048  # patients


def lines_on(day: date, *, user: User, also: UUID | None = None, afresh: bool = False) -> list[Line]:
    """The lines of the plan that is in force on `day`, in their order. One query; and a second one when the plan has
    changed since this process last read it, unless they are read `afresh`.

    also: a line to fetch with them whatever its version, because the patient's page shows it.
    """
    found = None if afresh else _from_kept(day, user, also)
    if found is None:
        rows = _lines_on_and(user=user, day=day, line=also) if also else _lines_on(user=user, day=day)
        found = list(zip(_read(rows), (row[-1] for row in rows), strict=True))
        _keep([line for line, _ in found], day, user)
    return [_ease(line, easings, day) for line, easings in found]


def _from_kept(day: date, user: User, also: UUID | None) -> list[tuple[Line, str | None]] | None:
    """The lines with the easings of the day; None where this process does not have all those lines."""
    kept = _kept.get((user.plan_of.pk, get_language())) if user.plan_of else None
    if kept is None:
        return None
    owner = next((plan for plan, lines in kept.items() if any(line.uuid == also for line in lines)), None)
    if also and owner is None:
        return None
    found = [(_version(row), row[-1]) for row in _plans_on(user=user, day=day)]
    in_force = {version.uuid for version, _ in found}
    if not in_force <= kept.keys() or (also and owner not in in_force):
        return None
    for version, _ in found:
        if kept[version.uuid][0].version != version:
            kept[version.uuid] = [_under(line, version) for line in kept[version.uuid]]
    return [(line, easings) for version, easings in found for line in kept[version.uuid]]


def _keep(lines: list[Line], day: date, user: User) -> None:
    if not (patient := user.plan_of):
        return
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    plans: dict[UUID, list[Line]] = {}
    for line in lines:
        if line.is_in_force(day):  # of the others not all lines were read
            plans.setdefault(line.version.uuid, []).append(line)
    key = patient.pk, get_language()
    _kept[key] = _kept.get(key, {}) | plans


def lines_between(first: date, last: date, *, user: User) -> list[Line]:
    """The lines of every plan in force on any of these days, as if there were no pauses and nothing was eased."""
    found = PrescribedExercise.objects.visible_to(user).filter(in_force_between(first, last, "prescription__"))
    return lines_of(found, first)


def lines_of(found: QuerySet[PrescribedExercise], day: date) -> list[Line]:
    """These lines, as if there were no pauses and nothing was eased."""
    nothing = Value(None, output_field=TextField())
    return _read(_lines(found, paused=Value(False), gentle_until=nothing, easings=nothing))


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


def _read(rows: Iterable[Sequence[Any]]) -> list[Line]:
    versions: dict[int, Version] = {}
    lines = []
    for pk, uuid, thread, phase, note, dosage, told, importance, *said in rows:
        version = versions.get(said[0]) or versions.setdefault(said[0], _version(said))
        dose = dose_of(dosage)
        planned = _planned(thread, phase, dose, version)
        lines.append(Line(pk, uuid, phase, note, dose, told_of(told), planned, version, importance=importance))
    return lines


def _version(row: Sequence[Any]) -> Version:
    *said, paused, gentle_until, _ = row
    return Version(*said, bool(paused), gentle_until)  # type: ignore[call-arg]


def _under(line: Line, version: Version) -> Line:
    """The same line of a version that stands otherwise now: ended, paused, seen."""
    return replace(line, version=version, planned=_planned(line.thread, line.phase, line.dose, version))


def _planned(thread: UUID, phase: str, dose: Dose, version: Version) -> PlannedLine:
    return planned_line(
        thread=thread,
        phase=phase,
        dose=dose,
        starts=version.starts_on,
        ends=version.ends_on,
        ended=version.ended_on,
        paused=version.paused,
    )


def _ease(line: Line, easings: str | None, day: date) -> Line:
    spells = _spells(easings) if easings else ()
    if (until := line.version.gentle_until) and until >= day:
        spells = (*spells, Spell(day, until, FLARE, FLARE))
    return ease(line, eased(spells, day, thread=line.thread, movement=line.told.movement), day) if spells else line


@lru_cache(maxsize=1024)
def _spells(easings: str) -> tuple[Spell, ...]:
    """Those of the day that was asked about; on which day they began does not matter any more."""
    return tuple(
        Spell(date.min, date.fromisoformat(last) if last else None, kind, because, UUID(thread))
        for thread, kind, because, last in json.loads(easings)
    )


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

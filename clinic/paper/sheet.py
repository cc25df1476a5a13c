"""The plan on paper: what stands on the sheet that a patient takes home, and on the page of boxes they bring back.

One value for both ways to print it, the page and the PDF, so that neither has words of its own. Pure.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext

from clinic.prescriptions.models import Pause
from clinic.today.day import ORDER
from clinic.today.eased import Spell, why_it_rests
from clinic.today.pages import PHASES, long_date
from clinic.today.plan import is_due
from clinic.today.reading import Line, Told
from clinic.today.weeks import line_on

DAYS = 14
WEEK = 7
BOXES_TO = 3  # times a day with a box each; of more, the patient writes how many


@dataclass(frozen=True, slots=True)
class Cell:
    """One exercise on one day. boxes: to tick, one for each time that day. most: where a number is written instead, how
    many times at most. Neither: the plan does not ask for it on that day."""

    day: date
    boxes: int = 0
    most: int = 0

    @property
    def is_off(self) -> bool:
        return not self.boxes and not self.most

    @property
    def each_box(self) -> range:
        return range(1, self.boxes + 1)


@dataclass(frozen=True, slots=True)
class PaperExercise:
    """rests: why it rests or has no box for some days. cells: one for each day of the sheet."""

    number: int
    thread: UUID
    phase: str
    told: Told
    name: str
    words: str
    when: str
    note: str
    rests: str
    cells: tuple[Cell, ...]

    @property
    def counts(self) -> bool:
        return any(cell.most for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Week:
    days: tuple[date, ...]
    rows: tuple[tuple[PaperExercise, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Stops:
    """When to stop, in plain words: what pain means, and what is no matter for exercises. `emergency` says whom to
    call."""

    pain: tuple[tuple[str, str], ...] = ()
    signs: tuple[str, ...] = ()
    emergency: str = ""


@dataclass(frozen=True, slots=True)
class PaperPlan:
    """pause: that the sheet begins in one, and until when. ended_on: the first day on which this version no longer counts. address: the page of this version for the signed-in patient, as the code on the sheet says it."""

    title: str
    patient: str
    clinic: str
    phone: str
    by: str
    sent_on: date
    version: int
    starts_on: date
    last_on: date | None
    note: str
    pause: str
    ended_on: date | None
    address: str
    first: date
    exercises: tuple[PaperExercise, ...]
    stops: Stops = field(default_factory=Stops)

    @property
    def days(self) -> tuple[date, ...]:
        return days_from(self.first)

    @property
    def last(self) -> date:
        return self.days[-1]

    @property
    def weeks(self) -> tuple[Week, ...]:
        return tuple(
            Week(
                self.days[start : start + WEEK],
                tuple((each, each.cells[start : start + WEEK]) for each in self.exercises),
            )
            for start in range(0, DAYS, WEEK)
        )

    @property
    def counts(self) -> bool:
        """Some line of the page of boxes takes a number instead of ticks."""
        return any(each.counts for each in self.exercises)

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that somebody typed."""
        of_exercises = [
            text
            for each in self.exercises
            for text in (
                each.name,
                each.note,
                each.told.purpose,
                each.told.setup,
                *each.told.steps,
                each.told.ease_off,
            )
        ]
        return (self.title, self.patient, self.clinic, self.phone, self.by, self.note, *of_exercises)


def pause_words(pauses: Collection[Pause], day: date) -> str:
    pause = next((each for each in pauses if each.covers(day)), None)
    if pause is None:
        return ""
    if pause.until_day is None:
        return gettext("Your plan is paused for now. You need not do your exercises.")
    words = gettext("Your plan is paused until %(day)s. You need not do your exercises.")
    return words % {"day": long_date(pause.until_day)}


def days_from(first: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=n) for n in range(DAYS))


def counts(line: Line) -> bool:
    """Whether a number is written for a day instead of ticks."""
    return line.as_needed or line.dose.times_per_day > BOXES_TO


def cell(line: Line, day: date) -> Cell:
    """line: as it stands on that day."""
    if not is_due(line.planned, day):
        return Cell(day)
    times = line.dose.times_per_day
    return Cell(day, most=times) if counts(line) else Cell(day, boxes=times)


def exercises_of(
    lines: Sequence[Line], pauses: Collection[Pause], spells: Collection[Spell], first: date
) -> tuple[PaperExercise, ...]:
    """lines: of one version. What rests stays on the sheet and says so; its days of rest have no box."""
    in_order = sorted(lines, key=lambda line: ORDER[line.phase])
    return tuple(_exercise(n, line, pauses, spells, first) for n, line in enumerate(in_order, 1))


def _exercise(
    number: int, line: Line, pauses: Collection[Pause], spells: Collection[Spell], first: date
) -> PaperExercise:
    days = days_from(first)
    standing = [line_on(line, pauses, spells, day) for day in days]
    # Words are those of the sheet's first day that the plan covers.
    begins = max(first, line.version.starts_on)
    then = line_on(line, pauses, spells, begins)
    return PaperExercise(
        number=number,
        thread=line.thread,
        phase=str(PHASES.get(line.phase) or gettext("Small breaks")),
        told=line.told,
        name=line.plain_name,
        words=then.dose.words,
        when=f"{then.dose.when[:1].upper()}{then.dose.when[1:]}.",
        note=line.note,
        rests=why_it_rests(then.eased) if then.eased and then.rests else "",
        cells=tuple(cell(each, day) for each, day in zip(standing, days, strict=True)),
    )

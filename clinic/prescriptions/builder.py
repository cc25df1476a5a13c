"""What the builder shows: a pure function from a draft and its lines to frozen dataclasses."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from clinic.prescriptions.checks import (
    DayLoad,
    fullest_day,
    line_warnings,
    load_warnings,
    needs_clearance,
    obstacles,
)
from clinic.prescriptions.dosage import WEEKDAYS, Dosage, Measure, Side, seconds
from clinic.prescriptions.dosage_words import shorthand, weekdays_short, words, words_when
from clinic.prescriptions.forms import FIXED_DAYS, LineForm, shown
from clinic.prescriptions.models import DraftStep, PrescribedExercise, Prescription
from exercises.models import Exercise, Phase

LABELS = {
    "sets": ("Sets", "", 1, 10, 1),
    "reps": ("Reps", "", 1, 100, 1),
    "hold_s": ("Hold", "s", 0, 600, 1),
    "minutes": ("Time", "min", 0.5, 120, 0.5),
    "rest_s": ("Rest", "s", 0, 600, 5),
}
SIDES = {
    Side.NONE: "No side",
    Side.EACH: "Each side",
    Side.ALTERNATE: "Alternate",
    Side.LEFT: "Left",
    Side.RIGHT: "Right",
}
DAY_COUNTS = [("7", "Every day"), *((str(n), f"{n} days/week") for n in range(6, 1, -1)), ("1", "1 day/week")]
EMPTY_PHASES = {
    Phase.WARM: "Nothing to warm up with yet.",
    Phase.MAIN: "Drag an exercise here, or press + in the catalogue.",
    Phase.COOL: "Nothing to cool down with yet.",
    Phase.DESK: "No micro-breaks.",
}


@dataclass(frozen=True)
class Number:
    name: str
    label: str
    unit: str
    value: str
    low: float
    high: float
    step: float
    error: str
    is_list: bool = False


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Day:
    """A day of the week, and how many of the plan's lines are fixed on it."""

    value: int
    label: str
    lines: int
    of: int

    @property
    def chosen(self) -> bool:
        return self.lines == self.of > 0

    @property
    def mixed(self) -> bool:
        return 0 < self.lines < self.of


@dataclass(frozen=True)
class Row:
    uuid: UUID
    url: str
    exercise: Exercise
    phase: str
    was: str
    numbers: list[Number]
    values: Mapping[str, Any]
    errors: Mapping[str, str]
    sides: list[Choice]
    days: list[Choice]
    weekdays: list[Choice]
    warnings: list[str]
    asks_clearance: bool
    needs_clearance: bool
    words: str
    when: str

    @property
    def is_open(self) -> bool:
        """Whether its further fields stand open."""
        return bool({"note", "weekdays"} & self.errors.keys())


@dataclass(frozen=True)
class Section:
    phase: Phase
    rows: list[Row]
    minutes: int
    when_empty: str


@dataclass(frozen=True)
class Builder:
    draft: Prescription
    url: str
    age: int
    sections: list[Section]
    load: DayLoad
    warnings: list[str]
    obstacles: list[str]
    days: list[Day]
    last_step: str

    @property
    def rows(self) -> list[Row]:
        return [row for section in self.sections for row in section.rows]

    @property
    def session_minutes(self) -> int:
        return in_minutes(self.load.session_seconds)

    @property
    def minutes_a_day(self) -> int:
        return in_minutes(self.load.seconds_a_day)

    @property
    def slugs(self) -> set[str]:
        return {row.exercise.slug for row in self.rows}

    @property
    def needs_a_look(self) -> bool:
        """Whether sending asks first."""
        return bool(
            self.obstacles or self.warnings or self.draft.replaces_id or any(row.warnings for row in self.rows)
        )


def in_minutes(seconds: int) -> int:
    """Rounded up: nobody exercises for 0 minutes."""
    return -(-seconds // 60)


def build(
    draft: Prescription,
    lines: Sequence[PrescribedExercise],
    *,
    url: str,
    today: date,
    last_step: DraftStep | None,
    refused: LineForm | None = None,
) -> Builder:
    """`refused`: a form that came in with mistakes; its row shows them and what was typed."""
    age = draft.patient.age_on(today)
    load = fullest_day(lines)
    rows = [_row(line, url, age, refused if refused and refused.line.uuid == line.uuid else None) for line in lines]
    return Builder(
        draft=draft,
        url=url,
        age=age,
        sections=[_section(phase, rows, lines) for phase in Phase],
        load=load,
        warnings=load_warnings(load, draft.patient.clinic.thresholds),
        obstacles=obstacles(lines, starts_on=draft.starts_on, ends_on=draft.ends_on, today=today),
        days=_plan_days(lines),
        last_step=last_step.said if last_step else "",
    )


def _section(phase: Phase, rows: list[Row], lines: Sequence[PrescribedExercise]) -> Section:
    return Section(
        phase=phase,
        rows=[row for row in rows if row.phase == phase],
        minutes=in_minutes(sum(seconds(line.dosage) for line in lines if line.phase == phase)),
        when_empty=EMPTY_PHASES[phase],
    )


def _plan_days(lines: Sequence[PrescribedExercise]) -> list[Day]:
    fixed = Counter(day for line in lines for day in line.dosage.fixed_weekdays)
    return [Day(n, day, fixed[n], len(lines)) for n, day in enumerate(WEEKDAYS)]


def _row(line: PrescribedExercise, url: str, age: int, refused: LineForm | None) -> Row:
    dosage = line.dosage
    values = shown(dosage) | {"note": line.note, "clearance": line.clearance}
    errors = {}
    if refused:
        values |= {name: refused.data[name] for name in values if name in refused.data and name != "weekdays"}
        values["weekdays"] = refused.data.getlist("weekdays")
        errors = {field: " ".join(map(str, messages)) for field, messages in refused.errors.items()}
    fixed = [(FIXED_DAYS, weekdays_short(dosage))] if dosage.weekdays else []
    return Row(
        uuid=line.uuid,
        url=f"{url}lines/{line.uuid}/",
        exercise=line.exercise,
        phase=line.phase,
        was=shorthand(dosage),
        numbers=_numbers(dosage, values, errors),
        values=values,
        errors=errors,
        sides=[Choice(value, label, value == values["side"]) for value, label in SIDES.items()],
        days=[Choice(value, label, value == values["days"]) for value, label in [*fixed, *DAY_COUNTS]],
        weekdays=[Choice(str(n), day, str(n) in values["weekdays"]) for n, day in enumerate(WEEKDAYS)],
        warnings=line_warnings(line, age=age),
        asks_clearance=line.exercise.clinician_only,
        needs_clearance=needs_clearance(line),
        words=words(dosage),
        when=words_when(dosage),
    )


def _numbers(dosage: Dosage, values: Mapping[str, Any], errors: Mapping[str, str]) -> list[Number]:
    """Holds that stand alone are counted as sets, so that the repetitions of a set need no field."""
    names = ["sets", "reps", "hold_s", "rest_s"]
    holds = ""
    if dosage.measure == Measure.MINUTES:
        names = ["sets", "minutes", "rest_s"]
    elif dosage.measure == Measure.HOLD and dosage.reps == 1:
        names = ["sets", "hold_s", "rest_s"]
        holds = "sets"
    elif dosage.measure == Measure.HOLD:
        holds = "reps"
    return [_number(name, "Holds" if name == holds else "", values[name], errors.get(name, "")) for name in names]


def _number(name: str, label: str, value: str, error: str) -> Number:
    usual_label, unit, low, high, step = LABELS[name]
    return Number(name, label or usual_label, unit, value, low, high, step, error, is_list="-" in value)

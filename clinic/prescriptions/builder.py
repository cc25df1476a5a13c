"""What the builder shows: a pure function from a draft and its lines to frozen dataclasses."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.prescriptions.burden import Burden, burden
from clinic.prescriptions.checks import (
    DayLoad,
    fullest_day,
    line_warnings,
    load_warnings,
    needs_clearance,
    obstacles,
)
from clinic.prescriptions.dosage import Dosage, Measure, Side, seconds
from clinic.prescriptions.dosage_words import shorthand, weekdays_short, words, words_when
from clinic.prescriptions.forms import AS_NEEDED, FIXED_DAYS, KeepForm, LineForm, shown
from clinic.prescriptions.models import DraftStep, Importance, PrescribedExercise, Prescription
from clinic.prescriptions.neighbours import Step, steps
from clinic.prescriptions.safety import BLOCK, Facts, Match, alternatives
from clinic.prescriptions.safety_reading import Catalogue, LineSafety, Precautions, facts_of_card
from clinic.prescriptions.safety_rules import EVERYONE
from clinic.prescriptions.vouching import overdue
from exercises.governance import why_not
from exercises.index import Card
from exercises.models import Exercise, Phase

LABELS = {
    "sets": (_("Sets"), "", 1, 10, 1),
    "reps": (_("Reps"), "", 1, 100, 1),
    "hold_s": (_("Hold"), _("s"), 0, 600, 1),
    "minutes": (_("Time"), _("min"), 0.5, 120, 0.5),
    "rest_s": (_("Rest"), _("s"), 0, 600, 5),
}
SIDES = {
    Side.NONE: _("No side"),
    Side.EACH: _("Each side"),
    Side.ALTERNATE: _("Alternate"),
    Side.LEFT: _("Left"),
    Side.RIGHT: _("Right"),
}
DAY_COUNTS = [
    ("7", _("Every day")),
    *((str(n), format_lazy(_("{n} days/week"), n=n)) for n in range(6, 1, -1)),
    ("1", _("1 day/week")),
    (AS_NEEDED, _("As needed")),
]
EMPTY_PHASES = {
    Phase.WARM: _("Nothing to warm up with yet."),
    Phase.MAIN: _("Drag an exercise here, or press + in the catalogue."),
    Phase.COOL: _("Nothing to cool down with yet."),
    Phase.DESK: _("No micro-breaks."),
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
    importance: list[Choice]
    warnings: list[str]
    asks_clearance: bool
    needs_clearance: bool
    words: str
    when: str
    safety: LineSafety
    steps: list[Step]
    keep: KeepForm | None

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
    burden: Burden
    warnings: list[str]
    obstacles: list[str]
    days: list[Day]
    last_step: str
    precautions: Precautions
    catalogue: Catalogue

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
    def undecided(self) -> list[Row]:
        """What a condition blocks or cautions against, and nobody decided on. A dated clearance is written in the row."""
        return [row for row in self.rows if row.safety.asks_override or row.safety.asks_look]

    @property
    def unseen(self) -> list[Row]:
        return [row for row in self.rows if row.safety.asks_look]

    @property
    def needs_a_look(self) -> bool:
        """Whether sending asks first."""
        return bool(
            self.undecided
            or self.obstacles
            or self.warnings
            or self.draft.replaces_id
            or any(row.warnings for row in self.rows)
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
    precautions: Precautions,
    catalogue: Catalogue,
    safety: Sequence[LineSafety],
    unvouched: Sequence[str] = (),
    refused: LineForm | KeepForm | None = None,
) -> Builder:
    """`safety`: one for each line. `unvouched`: what is new and nobody vouches for, in words. `refused`: a form that came
    in with mistakes; its row shows them and what was typed."""
    age = draft.patient.age_on(today)
    load, thresholds = fullest_day(lines), draft.patient.clinic.thresholds
    taken = {line.exercise.slug for line in lines}
    rows = [
        _row(
            line,
            url,
            age,
            today,
            each,
            steps(catalogue[line.exercise.slug], catalogue, precautions, taken)
            if line.exercise.slug in catalogue
            else [],
            refused if refused and refused.line.uuid == line.uuid else None,
        )
        for line, each in zip(lines, safety, strict=True)
    ]
    # What can be decided on has its forms; what cannot is an obstacle like any other.
    no_choice = [(line, each) for line, each in zip(lines, safety, strict=True) if each.needs_date]
    return Builder(
        draft=draft,
        url=url,
        age=age,
        sections=[_section(phase, rows, lines) for phase in Phase],
        load=load,
        burden=burden(lines, thresholds),
        warnings=load_warnings(load, thresholds),
        obstacles=obstacles(
            lines,
            starts_on=draft.starts_on,
            ends_on=draft.ends_on,
            today=today,
            safety=[*(each.wants_date(line.exercise.name) for line, each in no_choice), *unvouched],
        ),
        days=_plan_days(lines),
        last_step=last_step.said if last_step else "",
        precautions=precautions,
        catalogue=catalogue,
    )


def _section(phase: Phase, rows: list[Row], lines: Sequence[PrescribedExercise]) -> Section:
    return Section(
        phase=phase,
        rows=[row for row in rows if row.phase == phase],
        minutes=in_minutes(sum(seconds(line.dosage) for line in lines if line.phase == phase)),
        when_empty=str(EMPTY_PHASES[phase]),
    )


def _plan_days(lines: Sequence[PrescribedExercise]) -> list[Day]:
    planned = [line.dosage for line in lines if not line.dosage.as_needed]
    fixed = Counter(day for dosage in planned for day in dosage.fixed_weekdays)
    return [Day(n, str(day), fixed[n], len(planned)) for n, day in WEEKDAY_NAMES.items()]


def _row(
    line: PrescribedExercise,
    url: str,
    age: int,
    today: date,
    safety: LineSafety,
    ladder: list[Step],
    form: LineForm | KeepForm | None,
) -> Row:
    refused = form if isinstance(form, LineForm) else None
    dosage = line.dosage
    values = shown(dosage)
    values |= {"importance": str(line.importance), "note": line.note, "clearance": line.clearance}
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
        sides=[Choice(value, str(label), value == values["side"]) for value, label in SIDES.items()],
        days=[Choice(value, str(label), value == values["days"]) for value, label in [*fixed, *DAY_COUNTS]],
        weekdays=[Choice(str(n), str(day), str(n) in values["weekdays"]) for n, day in WEEKDAY_NAMES.items()],
        importance=_importance(line, values["importance"]),
        warnings=[*line_warnings(line, age=age), *filter(None, [overdue(line.exercise, today)])],
        asks_clearance=line.exercise.clinician_only or EVERYONE in safety.match.all_codes,
        needs_clearance=needs_clearance(line) or safety.needs_date,
        words=words(dosage),
        when=words_when(dosage),
        safety=safety,
        steps=ladder,
        keep=form if isinstance(form, KeepForm) else None,
    )


def _importance(line: PrescribedExercise, value: str) -> list[Choice]:
    """Only what is part of a session competes for its minutes."""
    if line.phase == Phase.DESK or line.dosage.as_needed:
        return []
    return [Choice(str(number), str(label), str(number) == value) for number, label in Importance.choices]


@dataclass(frozen=True)
class Offer:
    """An exercise of the catalogue, with how it stands against the patient's conditions. why_not: nobody vouches for it,
    in words."""

    card: Card
    match: Match
    instead: Facts | None
    why_not: str


def offers(cards: Sequence[Card], precautions: Precautions, catalogue: Catalogue, taken: set[str]) -> list[Offer]:
    return [_offer(card, precautions, catalogue, taken) for card in cards]


def _offer(card: Card, precautions: Precautions, catalogue: Catalogue, taken: set[str]) -> Offer:
    facts = catalogue.get(card.slug) or facts_of_card(card)
    match = precautions.match(facts)
    found: list[Facts] = []
    if match.level == BLOCK:
        found = alternatives(facts, catalogue, precautions.standing, precautions.today, without=taken, most=1)
    return Offer(card, match, found[0] if found else None, why_not(card.review_by, precautions.today))


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
    return [
        _number(name, gettext("Holds") if name == holds else "", values[name], errors.get(name, "")) for name in names
    ]


def _number(name: str, label: str, value: str, error: str) -> Number:
    usual_label, unit, low, high, step = LABELS[name]
    return Number(name, label or str(usual_label), str(unit), value, low, high, step, error, is_list="-" in value)

"""What the pages about measures show. Each function says how many queries it takes, whatever the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from patients.outcomes.actions import coming_for
from patients.outcomes.charts import chart, sentence
from patients.outcomes.history import Answer, Series, between, course_of, items_changed, said, series_of
from patients.outcomes.measures import OWN, PSFS, Measure
from patients.outcomes.models import Activity, Measurement
from patients.outcomes.schedule import Course, Due, due_on
from patients.outcomes.scoring import band_of
from patients.outcomes.wording import is_answered_by_patient
from patients.records.models import Patient


@dataclass(frozen=True)
class Known:
    """Everything measured of a patient. Two queries."""

    patient: Patient
    today: date
    course: Course
    rows: Sequence[Measurement]

    @cached_property
    def coming(self) -> list[Due]:
        return coming_for(self.patient, self.rows, self.course)

    @cached_property
    def series(self) -> list[Series]:
        return series_of(self.rows, self.course)

    @property
    def own_due(self) -> list[Due]:
        return [due for due in due_on(self.today, self.coming) if is_answered_by_patient(due.measure)]

    @property
    def next_own(self) -> Due | None:
        return next(
            (due for due in self.coming if is_answered_by_patient(due.measure) and due.day > self.today), None
        )


def known_of(patient: Patient) -> Known:
    return Known(patient, patient.local_day(), course_of(patient), list(patient.measurements.all()))


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest score of one measure, with what became of it since the baseline."""

    measure: Measure
    score: str
    band: str
    day: date
    label: str
    tone: str


def latest_of(known: Known) -> list[Latest]:
    return [_latest(series) for series in known.series if series.last]


def _latest(series: Series) -> Latest:
    last = series.last
    assert last is not None
    return Latest(series.measure, said(series.measure, last.score), series.band, last.day, series.label, series.tone)


@dataclass(frozen=True, slots=True)
class Row:
    day: date
    score: str
    band: str
    label: str
    items: str
    note: str


@dataclass(frozen=True, slots=True)
class Told:
    """One measure on the clinician's page: its chart, a sentence, its history, newest first."""

    latest: Latest
    chart: SafeString
    narrow_chart: SafeString
    sentence: str
    rows: tuple[Row, ...]
    moved: tuple[str, ...]
    caveat: str


def told_of(known: Known, activities: Sequence[Activity]) -> list[Told]:
    names = {str(each.pk): each.text for each in activities}
    return [_told(series, names) for series in known.series if series.answers]


def _told(series: Series, names: dict[str, str]) -> Told:
    first, last = series.first, series.last
    moved: tuple[str, ...] = ()
    if series.measure is PSFS and first and last:
        changed = items_changed(first, last)
        moved = tuple(f"{names.get(key, gettext('An activity'))}: {points:+d}" for key, points in changed.items())
    newest = (
        _latest(series)
        if last
        else Latest(series.measure, "–", "", series.answers[-1].day, gettext("No score yet"), "")
    )
    return Told(
        latest=newest,
        chart=chart(series),
        narrow_chart=chart(series, width=330),
        sentence=sentence(series),
        rows=tuple(_row(series, answer, names) for answer in reversed(series.answers)),
        moved=moved,
        caveat=series.caveat,
    )


def _row(series: Series, answer: Answer, names: dict[str, str]) -> Row:
    measure, first = series.measure, series.first
    found = between(measure, first, answer) if first and answer.is_complete and answer.day >= first.day else None
    label = (
        gettext("Baseline")
        if answer is first
        else found.words
        if found
        else ""
        if answer.is_complete
        else gettext("Incomplete")
    )
    band = band_of(measure, answer.score, answer.items) if answer.score is not None else ""
    return Row(answer.day, said(measure, answer.score), band, label, _items(measure, answer, names), answer.note)


# What an item is called beside its answer, where its number does not do.
SHORT = {
    "now": gettext_lazy("now"), "worst": gettext_lazy("worst"), "week": gettext_lazy("week"),
    "days": gettext_lazy("days"), "minutes": gettext_lazy("minutes"),
    "total": gettext_lazy("total"), "psych": gettext_lazy("psych"),
}  # fmt: skip


def _items(measure: Measure, answer: Answer, names: dict[str, str]) -> str:
    if measure is PSFS:
        return "; ".join(f"{names.get(key, '?')} {value}" for key, value in answer.items.items())
    if len(answer.items) < 2 or len(answer.items) > 10:
        return ""
    return ", ".join(f"{SHORT.get(key, key.removeprefix('s'))} {value}" for key, value in answer.items.items())


@dataclass(frozen=True, slots=True)
class OwnAnswers:
    """All that a patient answered of one measure, newest first. No grade."""

    title: str
    rows: tuple[tuple[date, str], ...]


def own_answers(known: Known) -> list[OwnAnswers]:
    return [
        OwnAnswers(
            str(series.measure.plain_name),
            tuple((answer.day, said(series.measure, answer.score)) for answer in reversed(series.scored)),
        )
        for series in known.series
        if series.measure in OWN and series.last
    ]


@dataclass(frozen=True, slots=True)
class Measured:
    """latest: for the record. due: what is to be answered now."""

    due: list[Due]
    latest: tuple[Latest, ...] = ()


def measured_of(patient: Patient) -> Measured:
    """What the record says of a patient's measures. Two queries."""
    known = known_of(patient)
    return Measured(due_on(known.today, known.coming), latest=tuple(latest_of(known)))

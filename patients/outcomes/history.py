"""What was measured, measure by measure: where it began, where it stands, and whether the change matters."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises.words import in_a_sentence
from patients.outcomes.measures import ALL, CHANGE_WORDS, GROC, ODI, PSFS, START, Measure
from patients.outcomes.models import Measurement
from patients.outcomes.schedule import EARLY, Course, Taken
from patients.outcomes.scoring import (
    PSFS_ITEM_POINTS,
    Change,
    Label,
    band_of,
    change,
    is_deterioration,
    judges_change,
    rounded,
    shared_means,
)
from patients.records.models import Patient

RISKS = (_("low risk"), _("medium risk"), _("high risk"))


@dataclass(frozen=True, slots=True)
class Answer:
    day: date
    score: Decimal | None
    items: Mapping[str, int] = field(default_factory=dict)
    note: str = ""

    @property
    def is_complete(self) -> bool:
        return self.score is not None


@dataclass(frozen=True)
class Series:
    """All answers of one measure, oldest first. `start`: the episode's first day; what lies before is another story."""

    measure: Measure
    answers: tuple[Answer, ...]
    start: date

    @property
    def scored(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.is_complete]

    @property
    def first(self) -> Answer | None:
        """The baseline: the first score of this episode."""
        return next((answer for answer in self.scored if answer.day >= self.start - EARLY), None)

    @property
    def last(self) -> Answer | None:
        return self.scored[-1] if self.scored else None

    @property
    def change(self) -> Change | None:
        """Since the baseline; None with one score, or where no number says what matters."""
        first, last = self.first, self.last
        if first is None or last is None:
            return None
        return between(self.measure, first, last)

    @property
    def label(self) -> str:
        """The change in the field's terms, or what can be said without a number for it."""
        first, last = self.first, self.last
        if self.measure is START:
            return _risk_words(first, last)
        if self.change:
            return self.change.words
        return gettext("First score") if last is not None and first is last else ""

    @property
    def tone(self) -> str:
        """The colour that goes with the label, which says the same in words."""
        found = self.change
        if found is None or found.label == Label.NONE:
            return ""
        if found.label == Label.POSSIBLE:
            return "info"
        return "warn" if found.is_worse else "good"

    @property
    def band(self) -> str:
        return (
            band_of(self.measure, self.last.score, self.last.items)
            if self.last and self.last.score is not None
            else ""
        )

    @property
    def caveat(self) -> str:
        edges = self.measure.weak_outside
        if not edges or not self.first or self.first.score is None or edges[0] <= self.first.score <= edges[1]:
            return ""
        return gettext("%(measure)s shows change poorly from a start below %(low)s or above %(high)s.") % {
            "measure": self.measure.name,
            "low": edges[0],
            "high": edges[1],
        }


def between(measure: Measure, first: Answer, last: Answer) -> Change | None:
    if first.score is None or last.score is None or not judges_change(measure):
        return None
    if measure.from_zero:
        return change(measure, Decimal(0), last.score)
    if first is last:
        return None
    if measure is PSFS:
        means = shared_means(first.items, last.items)
        return change(measure, *means) if means else None
    return change(measure, first.score, last.score)


def _risk_words(first: Answer | None, last: Answer | None) -> str:
    if first is None or last is None or first is last:
        return gettext("First score") if last else ""
    was, now = _risk(first), _risk(last)
    if was == now or not was or not now:
        return gettext("Same risk group") if was and now else ""
    return gettext("Was %(risk)s") % {"risk": was}


def _risk(answer: Answer) -> str:
    return band_of(START, answer.score, answer.items) if answer.score is not None else ""


def worse_than(measure: Measure, before: Answer, now: Answer) -> bool:
    """Whether it got worse from one answer to the other by as much as matters (PROM-3)."""
    if before.score is None or now.score is None:
        return False
    if measure is START:
        ranks = [RISKS.index(risk) if (risk := _risk(each)) else None for each in (before, now)]
        return None not in ranks and ranks[1] > ranks[0]  # type: ignore[operator]
    if measure.from_zero:
        return is_deterioration(measure, Decimal(0), now.score)
    if measure is PSFS:
        means = shared_means(before.items, now.items)
        return means is not None and is_deterioration(measure, *means)
    return is_deterioration(measure, before.score, now.score)


def items_changed(first: Answer, last: Answer) -> dict[str, int]:
    """PSFS: activities whose own change since the baseline matters, with how many points."""
    moved = {key: value - first.items[key] for key, value in last.items.items() if key in first.items}
    return {key: points for key, points in moved.items() if abs(points) >= PSFS_ITEM_POINTS}


def said(measure: Measure, score: Decimal | None) -> str:
    """The number as it is read: `5.0`, `32 %`, `+3, much better`."""
    if score is None:
        return "–"
    if measure is GROC:
        number = f"{int(score):+d}" if score else "0"
        return f"{number}, {in_a_sentence(CHANGE_WORDS[int(score)])}"
    shown = f"{rounded(score, measure.places)}"
    number = number_format(shown.removesuffix(".0") if measure is ODI else shown)
    return f"{number} {measure.unit}" if measure.unit else number


def course_of(patient: Patient) -> Course:
    """The episode that counts now: the newest one, or without any the time since the record was made. One query."""
    episodes = sorted(patient.episodes.all(), key=lambda episode: (episode.opened_on, episode.pk))
    discharged = patient.local_day(patient.discharged_at) if patient.discharged_at else None
    if not episodes:
        return Course(patient.local_day(patient.created_at), discharged)
    newest = episodes[-1]
    return Course(newest.opened_on, discharged or newest.closed_on)


def taken_of(rows: Iterable[Measurement]) -> dict[str, list[Taken]]:
    found: dict[str, list[Taken]] = defaultdict(list)
    for row in rows:
        found[row.measure].append(Taken(row.day, row.score is not None))
    return found


def series_of(rows: Iterable[Measurement], course: Course) -> list[Series]:
    """Every measure that was ever answered, in the order of the register. Rows: by day."""
    found: dict[str, list[Answer]] = defaultdict(list)
    for row in rows:
        found[row.measure].append(Answer(row.day, row.score, row.items, row.note))
    return [Series(measure, tuple(found[measure.slug]), course.start) for measure in ALL if measure.slug in found]


def one_series(measure: Measure, rows: Sequence[Measurement], course: Course) -> Series:
    answers = tuple(Answer(row.day, row.score, row.items, row.note) for row in rows if row.measure == measure.slug)
    return Series(measure, answers, course.start)

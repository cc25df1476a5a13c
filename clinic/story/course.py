"""What the charts of a story, and its two days side by side, read of a patient."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from clinic.caseload.asked import PlanVersion
from clinic.caseload.cases import weeks_of
from clinic.caseload.overview import Day, calendar_of, plan_versions
from clinic.prescriptions.models import Prescription
from clinic.story.asked import Asked
from clinic.story.charts import Course, Function, week_points
from clinic.today.eased import FLARE, Spell
from clinic.today.plan import week_start
from clinic.today.reading import spells_of
from patients.outcomes.measures import ODI, PSFS
from patients.records.models import Note, Patient

PERIODS = {"6": 6, "12": 12}
WHOLE = "all"
MOST_WEEKS = 104
VISIT_WEEKS = 4  # back, where neither a visit nor a plan says from when on


@dataclass(frozen=True)
class Plans:
    """All published versions of a patient's plan, newest first, with all that ever eased them: there are few of either.
    Three queries."""

    patient: Patient
    published: list[Prescription]
    versions: tuple[PlanVersion, ...]
    spells: list[Spell]

    @classmethod
    def of(cls, asked: Asked) -> "Plans":
        rows = Prescription.objects.visible_to(asked.user).filter(patient=asked.patient).published()
        published = list(rows.prefetch_related("pauses").order_by("-version", "-pk"))
        spells = spells_of([asked.patient], date.min, asked.before)
        return cls(asked.patient, published, plan_versions(published, spells), spells)

    def on(self, day: date) -> Prescription | None:
        for row, version in zip(self.published, self.versions, strict=True):
            if version.counts_on(day):
                return row
        return None

    def is_paused(self, day: date) -> bool:
        return any(version.counts_on(day) and version.paused_since(day) for version in self.versions)

    def days(self, first: date, count: int, today: date) -> list[Day]:
        """Two queries."""
        return calendar_of(self.patient, first, count, self.versions, today)

    @cached_property
    def last_published_on(self) -> date | None:
        newest = max((row.published_at for row in self.published if row.published_at), default=None)
        return self.patient.local_day(newest) if newest else None


def worst_by_day(days: Iterable[Day]) -> list[tuple[date, int]]:
    return [(day.day, day.pain_most) for day in days if day.pain_most is not None]


def course_of(asked: Asked, period: str) -> Course:
    """Seven queries, two of which the timeline's measures share."""
    patient, today = asked.patient, asked.patient.local_day()
    last = week_start(today, patient.clinic.week_starts_on)
    count = PERIODS.get(period) or _weeks_of_episode(asked, last)
    start = last - timedelta(weeks=count - 1)
    plans = Plans.of(asked)
    days = plans.days(start, 7 * count, today)
    return Course(
        weeks=week_points(
            weeks_of([day.tally for day in days], today, patient.clinic.thresholds), worst_by_day(days)
        ),
        function=_function(asked, start),
        marks=tuple(_marks(plans.published, start)),
        flares=tuple(_flares(plans.spells, start, today)),
        thresholds=patient.clinic.thresholds,
    )  # fmt: skip


def _weeks_of_episode(asked: Asked, last: date) -> int:
    began = week_start(asked.known.course.start, asked.patient.clinic.week_starts_on)
    return min(max(1, (last - began).days // 7 + 1), MOST_WEEKS)


def _function(asked: Asked, start: date) -> Function | None:
    """PSFS, or where that was not answered ODI."""
    for series in asked.known.series:
        measure = series.measure
        if measure not in (PSFS, ODI):
            continue
        scores = tuple(
            (answer.day, float(answer.score))
            for answer in series.scored
            if answer.score is not None and answer.day >= start
        )
        if scores:
            return Function(
                str(measure.name), float(measure.low), float(measure.high), measure.higher_is_better, scores
            )
    return None


def _flares(spells: Iterable[Spell], start: date, today: date) -> Iterable[tuple[date, date]]:
    """One that was ended on its first day had no gentle day, and was there on that day."""
    for spell in sorted(spells, key=lambda spell: spell.first):
        last = max(spell.first, min(spell.last or today, today))
        if spell.kind == FLARE and spell.first <= today and last >= start:
            yield max(spell.first, start), last


def _marks(published: Sequence[Prescription], start: date) -> Iterable[tuple[date, str]]:
    for row in reversed(published):
        if row.starts_on >= start:
            word = _("Version %(number)s") % {"number": row.version} if row.replaces_id else _("Plan starts")
            yield row.starts_on, word


def default_since(patient: Patient, plans: Plans, today: date) -> date:
    """The visit before today's; or else the day the plan was last sent; or else four weeks ago. One query."""
    visits = Note.objects.filter(patient=patient, visit_on__lt=today, adds_to=None).order_by("-visit_on")
    visit: date | None = visits.values_list("visit_on", flat=True).first()
    if visit:
        return visit
    sent = plans.last_published_on
    return sent if sent and sent < today else today - timedelta(weeks=VISIT_WEEKS)

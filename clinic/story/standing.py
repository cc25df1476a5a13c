"""How a patient stands on a day, and what is different between two of them, in words. Pure but for `standings_of`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.utils.translation import gettext as _

from clinic.caseload.adherence import WeekAdherence, week_adherence
from clinic.caseload.asked import so_far
from clinic.prescriptions.changes import what_changed
from clinic.prescriptions.dosage_words import display
from clinic.prescriptions.models import PrescribedExercise, Prescription
from clinic.story.asked import Asked
from clinic.story.charts import number
from clinic.story.course import Plans, worst_by_day
from patients.models import Goal
from patients.outcomes.history import Answer, Series, between, said
from patients.records.closeness import Closeness

WEEK = 7


@dataclass(frozen=True, slots=True)
class Score:
    """The latest answer to a measure until that day."""

    series: Series
    answer: Answer

    @property
    def words(self) -> str:
        return said(self.series.measure, self.answer.score)


@dataclass(frozen=True, slots=True)
class Wish:
    """A goal as it stood that day."""

    pk: int
    text: str
    closeness: Closeness
    is_reached: bool

    @property
    def words(self) -> str:
        if self.is_reached:
            return _("reached")
        now = self.closeness.now
        return _("not rated") if now is None else _("%(close)s of 10") % {"close": now}


@dataclass(frozen=True, slots=True)
class Standing:
    """week, pain: of the seven days up to that day, itself included. pain: the median of the days' worst."""

    day: date
    plan: Prescription | None
    lines: tuple[PrescribedExercise, ...]
    is_paused: bool
    week: WeekAdherence
    pain: float | None
    scores: tuple[Score, ...]
    goals: tuple[Wish, ...]

    @property
    def exercises(self) -> list[tuple[str, str]]:
        return [(line.exercise.name, display(line.dosage)) for line in self.lines]

    @property
    def plan_words(self) -> str:
        if self.plan is None:
            return _("No plan in force")
        named = {"title": self.plan.title, "version": self.plan.version}
        if self.is_paused:
            return _("%(title)s, version %(version)s, paused") % named
        return _("%(title)s, version %(version)s") % named

    @property
    def week_words(self) -> str:
        if not self.week.session_days_planned:
            return _("nothing planned")
        done = {"done": self.week.session_days_done, "planned": self.week.session_days_planned}
        if self.week.dose is None:
            return _("%(done)s of %(planned)s days") % done
        return _("%(done)s of %(planned)s days, dose %(dose)s %%") % (done | {"dose": round(100 * self.week.dose)})

    @property
    def pain_words(self) -> str:
        return _("no answer") if self.pain is None else _("%(pain)s of 10") % {"pain": number(self.pain)}


def standings_of(asked: Asked, plans: Plans, days: Sequence[date]) -> list[Standing]:
    """Two queries a day asked about, and three more; what was measured may be known already."""
    patient, today = asked.patient, asked.patient.local_day()
    in_force = {day: plans.on(day) for day in days}
    lines: dict[int, list[PrescribedExercise]] = defaultdict(list)
    wanted = {plan.pk for plan in in_force.values() if plan}
    for line in (
        PrescribedExercise.objects.visible_to(asked.user).filter(prescription__in=wanted).select_related("exercise")
    ):
        lines[line.prescription_id].append(line)
    goals = list(patient.goals.prefetch_related("steps"))
    found = []
    for day in days:
        week = plans.days(day - timedelta(days=WEEK - 1), WEEK, today)
        pains = [score for _day, score in worst_by_day(week)]
        plan = in_force[day]
        found.append(
            Standing(
                day=day,
                plan=plan,
                lines=tuple(lines[plan.pk]) if plan else (),
                is_paused=plans.is_paused(day),
                week=week_adherence(so_far([each.tally for each in week], today), today, patient.clinic.thresholds),
                pain=median(pains) if pains else None,
                scores=tuple(_scores(asked.known.series, day)),
                goals=tuple(_goals(asked, goals, day)),
            )
        )
    return found


def _scores(all_series: Iterable[Series], day: date) -> Iterable[Score]:
    for series in all_series:
        answers = [answer for answer in series.scored if answer.day <= day]
        if answers:
            yield Score(series, answers[-1])


def _goals(asked: Asked, goals: Iterable[Goal], day: date) -> Iterable[Wish]:
    """Those that the patient had that day."""
    for goal in goals:
        was_dropped = goal.dropped_at and asked.day(goal.dropped_at) <= day
        if asked.day(goal.added_at) <= day and not was_dropped:
            is_reached = goal.reached_at is not None and asked.day(goal.reached_at) <= day
            yield Wish(goal.pk, goal.text, Closeness.of(goal.steps.all()).until(day), is_reached)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing on both days, and what is different."""

    name: str
    then: str
    now: str
    change: str


@dataclass(frozen=True, slots=True)
class Compared:
    then: Standing
    now: Standing

    @property
    def plan_changes(self) -> list[str]:
        """In the words of the plan's own changes; empty where either day had no plan, or both the same one."""
        if not self.then.plan or not self.now.plan or self.then.plan == self.now.plan:
            return []
        return what_changed(self.then.lines, self.now.lines) or [_("No exercise changed")]

    @property
    def plan_change(self) -> str:
        then, now = self.then.plan, self.now.plan
        if then == now:
            return _("The same plan") if now else ""
        if not then or not now:
            return _("Plan began") if now else _("No plan any more")
        return _("Another version") if now.replaces_id else _("Another plan")

    @property
    def rows(self) -> list[Row]:
        then, now = self.then, self.now
        return [
            Row(_("Plan in force"), then.plan_words, now.plan_words, self.plan_change),
            Row(
                _("Adherence, 7 days to that day"), then.week_words, now.week_words, _moved(_share(then), _share(now))
            ),
            Row(_("Median worst pain, 7 days to that day"), then.pain_words, now.pain_words, self._pain()),
        ]

    @property
    def score_rows(self) -> list[Row]:
        before: Mapping[str, Score] = {score.series.measure.slug: score for score in self.then.scores}
        return [
            Row(str(score.series.measure.name), was.words if was else "–", score.words, _score_change(was, score))
            for score in self.now.scores
            for was in [before.get(score.series.measure.slug)]
        ]

    @property
    def goal_rows(self) -> list[Row]:
        before = {wish.pk: wish for wish in self.then.goals}
        kept = {wish.pk for wish in self.now.goals}
        rows = [
            Row(wish.text, was.words if was else "–", wish.words, _goal_change(was, wish))
            for wish in self.now.goals
            for was in [before.get(wish.pk)]
        ]
        gone = (wish for wish in self.then.goals if wish.pk not in kept)
        return rows + [Row(wish.text, wish.words, "–", _("Set aside")) for wish in gone]

    def _pain(self) -> str:
        if self.then.pain is None or self.now.pain is None:
            return ""
        return points_words(self.now.pain - self.then.pain)


def _share(standing: Standing) -> float | None:
    return standing.week.frequency


def _moved(then: float | None, now: float | None) -> str:
    """A share of planned days, 0 to 1, in percentage points."""
    if then is None or now is None:
        return ""
    moved = round(100 * now) - round(100 * then)
    if not moved:
        return _("The same share of days")
    points = {"points": abs(moved)}
    return (
        _("Up %(points)s percentage points") % points
        if moved > 0
        else _("Down %(points)s percentage points") % points
    )


def points_words(moved: float) -> str:
    if not moved:
        return _("No change")
    points = {"points": number(abs(moved))}
    return _("Up %(points)s points") % points if moved > 0 else _("Down %(points)s points") % points


def _score_change(was: Score | None, now: Score) -> str:
    if was is None:
        return _("First score")
    if was.answer is now.answer:
        return _("Not answered since")
    found = between(now.series.measure, was.answer, now.answer)
    if now.series.measure.from_zero or found is None:
        return ""
    return found.words


def _goal_change(was: Wish | None, now: Wish) -> str:
    if was is None:
        return _("New goal")
    if now.is_reached:
        return "" if was.is_reached else _("Reached")
    then, last = was.closeness.now, now.closeness.now
    if then is None or last is None:
        return ""
    if then == last:
        return _("No change")
    points = {"points": abs(last - then)}
    return _("Closer by %(points)s") % points if last > then else _("Further away by %(points)s") % points

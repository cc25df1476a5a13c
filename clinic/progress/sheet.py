"""How it goes, as one value: what the page shows and what stands on the paper for the next appointment. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.progress.changes import Changed, Verdict, pain
from clinic.progress.charts import Chart, Line
from clinic.progress.sentences import Told
from clinic.progress.weeks import Week, days_done
from patients.outcomes.history import Series
from patients.records.closeness import NOT_SAID, Closeness

SHOWN = 6  # weeks, this one among them; the charts reach further back
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PainSaid:
    """What was said of pain on a day: before exercises, and at its worst."""

    day: date
    before: int | None
    worst: int | None


@dataclass(frozen=True, slots=True)
class PlanShort:
    title: str
    version: int
    since: date
    last: date | None
    exercises: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """A goal of the patient's, in their words. pk: by which they say how close it is."""

    text: str
    due_on: date | None
    is_reached: bool
    pk: int = 0
    closeness: Closeness = NOT_SAID


@dataclass(frozen=True, slots=True)
class Progress:
    """weeks: the current one first. since: the day from which the answers are compared."""

    name: str
    born_on: date
    clinic: str
    made_on: date
    told: Told
    weeks: tuple[Week, ...]
    pain: Chart | None = None
    function: Chart | None = None
    changes: tuple[Changed, ...] = ()
    goals: tuple[Wish, ...] = ()
    plan: PlanShort | None = None
    questions: str = ""

    @property
    def this_week(self) -> Week:
        return self.weeks[0]

    @property
    def shown(self) -> tuple[Week, ...]:
        """The last weeks; this one stands at the top of the page."""
        return self.weeks[1:SHOWN]

    @property
    def earlier(self) -> tuple[Week, ...]:
        return self.weeks[SHOWN:]

    @property
    def has_weeks(self) -> bool:
        return any(not week.is_empty for week in self.weeks)

    @property
    def since(self) -> date | None:
        return min((each.since for each in self.changes), default=None)

    @property
    def total(self) -> str:
        """Empty where nothing was done yet."""
        n = len(days_done(self.weeks))
        if not n:
            return ""
        since = {"n": n, "day": date_format(self.weeks[-1].start, "j F")}
        return (
            ngettext("%(n)s day with exercises since %(day)s.", "%(n)s days with exercises since %(day)s.", n) % since
        )

    @property
    def is_worse(self) -> bool:
        return self.told.asks_to_call or any(each.verdict is Verdict.WORSE for each in self.changes)

    @property
    def typed(self) -> list[str]:
        """What people have written into it, in whatever script."""
        plan = [self.plan.title, *(word for each in self.plan.exercises for word in each)] if self.plan else []
        goals, names = [goal.text for goal in self.goals], [each.name for each in self.changes]
        return [self.name, self.clinic, self.questions, *plan, *goals, *names]


def pain_chart(
    starts: Sequence[date], said: Iterable[PainSaid], nprs: Series | None, marks: Sequence[tuple[date, str]]
) -> Chart | None:
    """Pain week by week: how it usually was, and the worst of it. starts: the first days of the weeks, oldest first.

    Usual is what the patient answered for the week, or else the middle one of what they said before exercising.
    """
    usual, worst = dict[date, list[int]](), dict[date, list[int]]()
    for each in said:
        week = _week_of(each.day, starts)
        if week is None:
            continue
        if each.before is not None:
            usual.setdefault(week, []).append(each.before)
        worst.setdefault(week, []).extend(value for value in (each.before, each.worst) if value is not None)
    own: dict[date, int] = {}
    for answer in nprs.scored if nprs else ():
        if (week := _week_of(answer.day, starts)) and answer.score is not None:
            own[week] = int(answer.score)
            worst.setdefault(week, []).append(answer.items.get("worst", own[week]))
    middle = {week: _middle(values) for week, values in usual.items()} | own
    lines = (
        Line(_("Usual"), tuple((week, middle.get(week)) for week in starts)),
        Line(
            _("At its worst"),
            tuple((week, max(worst.get(week, []), default=None)) for week in starts),
            is_second=True,
        ),
    )
    chart = Chart(_("Pain, week by week"), _pain_words(lines), lines, tuple(marks))
    return chart if chart.days else None


def _week_of(day: date, starts: Sequence[date]) -> date | None:
    return next((start for start in reversed(starts) if start <= day < start + WEEK), None)


def _middle(values: Sequence[int]) -> int:
    return int(Decimal(median(values)).quantize(Decimal(1), ROUND_HALF_UP))


def _pain_words(lines: Sequence[Line]) -> str:
    usual, worst = ([int(value) for _, value in line.points if value is not None] for line in lines)
    if not usual:
        return _("At its worst it was %(worst)s.") % {"worst": pain(worst[-1])} if worst else ""
    said = {"usual": pain(usual[-1]), "worst": worst[-1], "then": usual[0], "then_worst": worst[0]}
    if len(usual) < 2:
        return _("Usually %(usual)s. At its worst %(worst)s.") % said
    return (
        _(
            "Lately it was usually %(usual)s, and %(worst)s at its worst. In the first week here: %(then)s, and %(then_worst)s."
        )
        % said
    )


def function_chart(psfs: Series | None, marks: Sequence[tuple[date, str]]) -> Chart | None:
    """How well the patient's own activities go, all together, from the first answer of this episode on."""
    first = psfs.first if psfs else None
    if psfs is None or first is None:
        return None
    scored = [
        (each.day, float(each.score)) for each in psfs.scored if each.score is not None and each.day >= first.day
    ]
    then, now = (int(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP)) for value in (scored[0][1], scored[-1][1]))
    sentence = (
        _("About %(now)s of 10 now. At the start it was about %(then)s.") % {"now": now, "then": then}
        if len(scored) > 1
        else _("About %(now)s of 10. This is where you start.") % {"now": now}
    )
    return Chart(_("What you want to do again"), sentence, (Line(_("All together"), tuple(scored)),), tuple(marks))

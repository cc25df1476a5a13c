"""The one sentence at the top of the progress page: kind, and true. Pure, and the only place that decides it.

What stands comes before what is counted, and a reason before a number. Nobody is told that things are better unless
their own answers say so by as much as matters.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.progress.weeks import Off
from patients.accounts.thresholds import DEFAULTS, Thresholds

RECENT = 28  # days
FIRST_WEEK = 7
BACK_FOR = 7


class Trend(StrEnum):
    """What the patient's own answers say since they began, by as much as matters (PROM)."""

    UNKNOWN = "unknown"
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    MIXED = "mixed"


class State(StrEnum):
    STOPPED = "stopped"
    NO_PLAN = "no-plan"
    TO_COME = "to-come"
    FINISHED = "finished"
    HOLD = "hold"
    FLARE = "flare"
    UNWELL_LONG = "unwell-long"
    UNWELL = "unwell"
    AWAY = "away"
    BACK = "back"
    NOT_BEGUN = "not-begun"
    FIRST_WEEK = "first-week"
    QUIET = "quiet"
    BETTER = "better"
    WORSE = "worse"
    MIXED = "mixed"
    SAME = "same"
    GOING = "going"


@dataclass(frozen=True, slots=True)
class Facts:
    """first_day, last_day: of the plan in force, else of the latest; no last day is open-ended. days_done: in their
    order. off: why today, or else yesterday, is a day off, and how many days in a row that has been so."""

    today: date
    first_day: date | None = None
    last_day: date | None = None
    began_on: date | None = None
    days_done: tuple[date, ...] = ()
    off: Off | None = None
    off_days: int = 0
    on_hold: bool = False
    in_flare: bool = False
    is_stopped: bool = False
    trend: Trend = Trend.UNKNOWN
    thresholds: Thresholds = DEFAULTS

    @property
    def recent(self) -> int:
        return sum((self.today - day).days < RECENT for day in self.days_done)

    @property
    def days_since(self) -> int:
        """Since something was last done, or else since the beginning."""
        last = self.days_done[-1] if self.days_done else self.began_on or self.today
        return (self.today - last).days

    @property
    def came_back_on(self) -> date | None:
        """The day on which somebody began again after a gap, as long as that is news."""
        for before, day in zip(self.days_done, self.days_done[1:], strict=False):
            is_gap = (day - before).days > self.thresholds.gap_short_days
            if is_gap and (self.today - day).days < BACK_FOR:
                return day
        return None


def state_of(facts: Facts) -> State:
    today = facts.today
    if facts.is_stopped:
        return State.STOPPED
    if facts.first_day is None:
        return State.NO_PLAN
    if facts.first_day > today:
        return State.TO_COME
    if facts.last_day is not None and facts.last_day < today:
        return State.FINISHED
    if facts.on_hold:
        return State.HOLD
    if facts.in_flare:
        return State.FLARE
    if facts.off is Off.UNWELL:
        is_long = facts.off_days > facts.thresholds.excused_days_max
        return State.UNWELL_LONG if is_long else State.UNWELL
    if facts.off is Off.AWAY:
        return State.AWAY
    if facts.came_back_on:
        return State.BACK
    if facts.began_on and (today - facts.began_on).days < FIRST_WEEK:
        return State.FIRST_WEEK if facts.days_done else State.NOT_BEGUN
    if facts.days_since >= facts.thresholds.gap_short_days:
        return State.QUIET
    of_trend = {
        Trend.BETTER: State.BETTER,
        Trend.WORSE: State.WORSE,
        Trend.MIXED: State.MIXED,
        Trend.SAME: State.SAME,
        Trend.UNKNOWN: State.GOING,
    }
    return of_trend[facts.trend]


@dataclass(frozen=True, slots=True)
class Told:
    """asks_to_call: things are worse, or have stood still for so long that somebody should hear of it."""

    state: State
    title: str
    text: str
    asks_to_call: bool = False


def told(facts: Facts) -> Told:
    state = state_of(facts)
    title, text = _words(state, facts)
    is_worse = facts.trend is Trend.WORSE
    return Told(state, title, text, asks_to_call=is_worse or state is State.UNWELL_LONG)


def _words(state: State, facts: Facts) -> tuple[str, str]:
    if state is State.BACK and (day := facts.came_back_on):
        return _("Good to have you back"), _(
            "You took up your exercises again on %(day)s. A break takes away nothing you have done. Start gently."
        ) % {"day": date_format(day, "l j F")}
    if state is State.TO_COME and facts.first_day:
        return _("Your plan is ready"), _("It starts on %(day)s. Nothing to do until then.") % {
            "day": date_format(facts.first_day, "l j F")
        }
    if state is State.FINISHED:
        return _("Your plan has come to its end"), _finished(facts)
    if state is State.FIRST_WEEK:
        return _("Your first week"), ngettext(
            "You did something on %(n)s day. This week it is enough to get to know the exercises.",
            "You did something on %(n)s days. This week it is enough to get to know the exercises.",
            len(facts.days_done),
        ) % {"n": len(facts.days_done)}
    if state is State.UNWELL_LONG:
        most = facts.thresholds.excused_days_max
        return _("Get well first"), ngettext(
            "You have been unwell for more than %(n)s day. Please let your clinic know. Your plan waits for you.",
            "You have been unwell for more than %(n)s days. Please let your clinic know. Your plan waits for you.",
            most,
        ) % {"n": most}
    if state is State.QUIET:
        return _("Your plan is still here"), ngettext(
            "Nothing was noted for %(n)s day. One short exercise is a good way back in.",
            "Nothing was noted for %(n)s days. One short exercise is a good way back in.",
            facts.days_since,
        ) % {"n": facts.days_since}
    if state is State.GOING:
        return _("You are on your way"), ngettext(
            "You did something on %(n)s day in the last 4 weeks. Your answers will show what changes.",
            "You did something on %(n)s days in the last 4 weeks. Your answers will show what changes.",
            facts.recent,
        ) % {"n": facts.recent}
    if state is State.BETTER:
        return _("Better than when you began"), ngettext(
            "Your own answers say so. You did something on %(n)s day in the last 4 weeks.",
            "Your own answers say so. You did something on %(n)s days in the last 4 weeks.",
            facts.recent,
        ) % {"n": facts.recent}
    if state is State.SAME:
        return _("About as it was when you began"), ngettext(
            "You did something on %(n)s day in the last 4 weeks. If you hoped for more by now, say so at your next appointment.",
            "You did something on %(n)s days in the last 4 weeks. If you hoped for more by now, say so at your next appointment.",
            facts.recent,
        ) % {"n": facts.recent}
    return {
        State.STOPPED: (
            _("Your exercises are stopped for now"),
            _("Your clinic wants to look at your answers first. There is nothing to catch up on."),
        ),
        State.NO_PLAN: (_("No plan yet"), _("When your clinic sends you a plan, your weeks show up here.")),
        State.HOLD: (
            _("Your plan is on hold"),
            _("Your clinic has put it on hold. These days are not counted, and there is nothing to catch up on."),
        ),
        State.FLARE: (
            _("Gentle days"),
            _("Your back flared up, so less is right just now. Each gentle exercise you do counts."),
        ),
        State.UNWELL: (
            _("Get well first"),
            _("The days you said you were unwell are taken out of the count. Your plan waits for you."),
        ),
        State.AWAY: (
            _("Away from home"),
            _("You said you were away. Your plan waits for you, and there is nothing to catch up on."),
        ),
        State.NOT_BEGUN: (
            _("Your first week"),
            _("Nothing is ticked yet. Start with one exercise: getting to know it is enough."),
        ),
        State.WORSE: (
            _("Harder than when you began"),
            _(
                "Your own answers say so. That is not your fault, and your clinic can change the plan. Please tell them."
            ),
        ),
        State.MIXED: (
            _("Some things better, some harder"),
            _("Your own answers say so. Take both to your next appointment: the plan can be changed."),
        ),
    }[state]


def _finished(facts: Facts) -> str:
    """Only days of the plan that is over; and how it went, where the answers say so."""
    if facts.trend is Trend.BETTER:
        return _("Your answers are better than when you began. Ask your clinic what keeps it that way.")
    if facts.trend is Trend.WORSE:
        return _("Your answers are harder than when you began. Please tell your clinic: there are other ways.")
    return _("Ask your clinic what comes next. What you have learned stays with you.")

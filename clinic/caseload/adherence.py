"""Weekly adherence from daily tallies (ADH-6 to ADH-10), and who of a caseload needs attention.

Adherence is a fraction, 0 to 1: frequency in session-days, dose in slots. None means nothing was asked, which
is neither good nor bad. Pain is NPRS, 0 to 10 (PAIN-1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil
from statistics import fmean

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from clinic.today.plan import DayTally
from exercises.words import listed
from patients.accounts.thresholds import DEFAULTS, Thresholds
from patients.tasks.models import Kind

UNDER_HALF = 0.5  # ADH-10, FIXED
WEEK = timedelta(days=7)


class Band(StrEnum):
    HIGH = "high"
    PARTIAL = "partial"
    LOW = "low"


class Severity(StrEnum):
    HOT = "hot"
    WATCH = "watch"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class WeekAdherence:
    """frequency, dose: 0 to 1, None when the week asks for nothing. The counts are days."""

    frequency: float | None
    dose: float | None
    session_days_done: int
    session_days_planned: int
    missed_days: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a patient stands where they stand on the caseload, the rule that says so, and the task that it becomes."""

    severity: Severity
    words: str
    rule: str = ""
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a caseload knows of one patient. None: not known, or none yet.

    created_on: when the patient was added. plan_ends_on: the last day of the current or latest plan.
    planned_days_without_log: since the last log (`planned_days_without_log`).
    week_doses: dose of the last full weeks, oldest first; None for a week that asked for nothing.
    last_pain, last_pain_on: the latest worst pain, 0 to 10, and its day; older than 7 days it is not news.
    pain_week_median, pain_prev_week_median: median worst pain of the last 7 days and of the 7 before (PAIN-7).
    repeated_skips: exercise and reason, where one was skipped 3 times for the same reason (ADH-10).
    """

    today: date
    created_on: date
    has_plan: bool
    has_draft: bool = False
    invited_not_joined: bool = False
    plan_ends_on: date | None = None
    last_session_on: date | None = None
    planned_days_without_log: int = 0
    week_doses: tuple[float | None, ...] = ()
    last_pain: int | None = None
    last_pain_on: date | None = None
    pain_week_median: float | None = None
    pain_prev_week_median: float | None = None
    repeated_skips: tuple[tuple[str, str], ...] = ()


def week_adherence(days: Sequence[DayTally], today: date, thresholds: Thresholds = DEFAULTS) -> WeekAdherence:
    """Frequency and dose of the week whose seven tallies `days` are.

    Frequency (ADH-6): a day is a session-day when half of its unexcused slots are begun; flexible slots join
    the day they are begun on. Planned are the days with fixed slots or the flexible lines' days a week,
    whichever is more, for both are done on the same day. Dose (ADH-7): completions over unexcused slots.
    Flexible slots make up for one another and never for fixed ones. A flexible line in force for part of the
    week asks for that part of it.

    missed_days: a fixed day once its window has closed; a flexible one once too few days remain (ADH-4, ADH-6).

    ValueError unless `days` are seven in a row.
    """
    first = days[0].day.toordinal()
    if [day.day.toordinal() for day in days] != list(range(first, first + 7)):
        raise ValueError("a week is seven days in a row")
    done = {day.day for day in days if is_session_day(day)}
    fixed = {day.day for day in days if asked_fixed(day)}
    flexible = round(sum(day.flexible_days for day in days) / 7)
    planned = max(len(fixed), flexible)

    grace = timedelta(days=ceil(thresholds.grace_hours / 24))
    still_open = {day.day for day in days if day.day >= today - grace}
    missed = max(len(fixed - done - still_open), flexible - len(done | still_open))
    return WeekAdherence(
        frequency=min(1.0, len(done) / planned) if planned else None,
        dose=_dose(days) if planned else None,
        session_days_done=min(len(done), planned),
        session_days_planned=planned,
        missed_days=max(0, min(missed, planned - len(done))),
    )


def asked_fixed(day: DayTally) -> int:
    """Slots on fixed weekdays that nothing excuses."""
    return day.planned_slots - day.excused_slots


def is_session_day(day: DayTally) -> bool:
    """Half of what was asked for is begun (ADH-6)."""
    begun = day.touched_slots + day.flexible_touched
    return begun > 0 and 2 * begun >= asked_fixed(day) + day.flexible_touched


def _dose(days: Sequence[DayTally]) -> float | None:
    fixed = done = flexible = flexible_done = flexible_off = 0.0
    most = 0
    for day in days:  # one pass: a caseload has thousands of weeks
        fixed += day.planned_slots - day.excused_slots - day.excused_part
        done += day.done
        flexible += day.flexible_slots
        flexible_done += day.flexible_done
        flexible_off += day.flexible_excused
        most = max(most, day.flexible_slots)
    flexible_done = min(flexible_done, most)
    # A day off late in the week takes away only what was still to do.
    asked = fixed + max(flexible / 7 - flexible_off, flexible_done)
    return min(1.0, (done + flexible_done) / asked) if asked > 0 else None


def band(x: float, thresholds: Thresholds = DEFAULTS) -> Band:
    """The band of an adherence, 0 to 1: high, partial or low, by the clinic's limits (ADH-9)."""
    x = round(x, 6)  # a sum of fractions may fall a hair short of 0.8
    return Band.HIGH if x >= thresholds.high_from else Band.PARTIAL if x >= thresholds.partial_from else Band.LOW


def program_adherence(weeks: Iterable[float | None]) -> float | None:
    """Mean frequency, or mean dose, of the weeks that asked for anything (ADH-9)."""
    asked = [week for week in weeks if week is not None]
    return fmean(asked) if asked else None


def planned_days_without_log(days: Iterable[DayTally], last_log_on: date | None, today: date) -> int:
    """Planned days after the last log (a tick or a skip) and before today (ADH-10). Where a day has no fixed
    slots, a flexible line of 3 days a week counts as 3/7 of a day."""
    quiet = [d for d in days if (last_log_on is None or last_log_on < d.day) and d.day < today]
    return sum(7 if asked_fixed(day) else day.flexible_days for day in quiet) // 7


def attention(facts: CaseFacts, thresholds: Thresholds = DEFAULTS) -> list[Reason]:
    """Why the patient needs a clinician, worst first; "On track" when nothing does."""
    reasons = [*_pain(facts, thresholds), *_quiet(facts, thresholds), *_plan(facts)]
    order = list(Severity)
    return sorted(reasons, key=lambda reason: order.index(reason.severity)) or [
        Reason(Severity.OK, gettext("On track"))
    ]


def _pain(facts: CaseFacts, thresholds: Thresholds) -> Iterable[Reason]:
    now, median, before = facts.last_pain, facts.pain_week_median, facts.pain_prev_week_median
    if now is not None and facts.last_pain_on and facts.today - facts.last_pain_on < WEEK:
        if now >= thresholds.severe_from:
            yield Reason(
                Severity.HOT,
                gettext("Pain %(now)s of 10 %(when)s") % {"now": now, "when": _ago(facts.last_pain_on, facts.today)},
                "PAIN-5",
                Kind.STOPS,
            )
        if before is not None and now - before >= thresholds.pain_up:
            yield Reason(
                Severity.HOT,
                gettext("Pain up %(points)s points in 7 days") % {"points": f"{now - before:g}"},
                "PAIN-7",
                Kind.PAIN_UP,
            )
            return
    if median is not None and before is not None and median - before >= thresholds.trend_rise:
        yield Reason(
            Severity.HOT,
            gettext("Median pain up %(points)s points in 7 days") % {"points": f"{median - before:g}"},
            "PAIN-7",
            Kind.PAIN_UP,
        )


def _quiet(facts: CaseFacts, thresholds: Thresholds) -> Iterable[Reason]:
    planned, last = facts.planned_days_without_log, facts.last_session_on
    days = (facts.today - last).days if last else None
    words = _quiet_words(planned, days)
    if planned >= thresholds.quiet_planned_days:
        yield Reason(Severity.HOT, words, "ADH-10", Kind.SILENT)
    elif planned and days is not None and days >= thresholds.gap_short_days:
        yield Reason(Severity.WATCH, words, "PROG-9", Kind.GAP)
    weeks = thresholds.low_weeks
    doses = [dose for dose in facts.week_doses[-weeks:] if dose is not None and round(dose, 6) < UNDER_HALF]
    if len(doses) == weeks:
        percent = listed(f"{dose:.0%}" for dose in doses)
        running = gettext("last week") if weeks == 1 else gettext("two weeks running")
        if weeks > 2:
            running = gettext("%(weeks)s weeks running") % {"weeks": weeks}
        yield Reason(
            Severity.HOT,
            gettext("Under half of the plan done %(when)s (%(percent)s)") % {"when": running, "percent": percent},
            "ADH-10",
            Kind.LOW,
        )
    for exercise, reason in facts.repeated_skips:
        words = gettext("%(exercise)s skipped %(times)s times: %(reason)s") % {
            "exercise": exercise,
            "times": thresholds.same_skips,
            "reason": reason,
        }
        yield Reason(Severity.WATCH, words, "ADH-10", Kind.SKIPS)


def _quiet_words(planned: int, days: int | None) -> str:
    if days is None:
        return gettext("No session yet in %(days)s planned days") % {"days": planned}
    return ngettext("No session for %(days)s day", "No session for %(days)s days", days) % {"days": days}


def _plan(facts: CaseFacts) -> Iterable[Reason]:
    ends = facts.plan_ends_on
    if ends and ends < facts.today:
        yield Reason(
            Severity.WATCH, gettext("Plan ended %(when)s") % {"when": _ago(ends, facts.today)}, kind=Kind.REVIEW
        )
    elif facts.has_plan and ends and ends - facts.today <= WEEK:
        left = (ends - facts.today).days
        when = (_("today"), _("tomorrow"))[left] if left < 2 else gettext("in %(days)s days") % {"days": left}
        yield Reason(Severity.WATCH, gettext("Plan ends %(when)s") % {"when": when}, kind=Kind.REVIEW)
    elif not facts.has_plan:
        words = gettext("Draft plan not sent yet") if facts.has_draft else gettext("No plan yet")
        yield Reason(Severity.WATCH, words, kind=Kind.NO_PLAN)
    if facts.invited_not_joined:
        words = gettext("Added %(when)s, not joined yet") % {"when": _ago(facts.created_on, facts.today)}
        yield Reason(Severity.WATCH, words, kind=Kind.NOT_JOINED)


def _ago(day: date, today: date) -> str:
    days = max(0, (today - day).days)  # a patient east of the clinic may be a day ahead
    return str((_("today"), _("yesterday"))[days]) if days < 2 else gettext("%(days)s days ago") % {"days": days}

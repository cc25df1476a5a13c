"""A patient's weeks as they read them: counts, never grades, and no day that is held against anybody. Pure.

The count itself is the clinician's (ADH-6); here is only what a day is called.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.caseload.adherence import asked_fixed, is_session_day, week_adherence
from clinic.today.models import SkipReason
from clinic.today.plan import DayTally
from patients.accounts.thresholds import DEFAULTS, Thresholds


class Mark(StrEnum):
    """How a day is drawn. `quiet`: something was asked for and nobody said anything; it looks like a day to come."""

    DONE = "done"
    PART = "part"
    OFF = "off"
    FREE = "free"
    OPEN = "open"
    QUIET = "quiet"


class Off(StrEnum):
    """Why a day asks for nothing that counts."""

    UNWELL = "unwell"
    AWAY = "away"
    HOLD = "hold"
    FLARE = "flare"
    PAIN = "pain"
    CLINIC = "clinic"


@dataclass(frozen=True, slots=True)
class DayFacts:
    """said: the reasons given that day for what was not done. on_hold: paused by the clinic."""

    tally: DayTally
    said: frozenset[str] = frozenset()
    on_hold: bool = False
    in_flare: bool = False

    @property
    def day(self) -> date:
        return self.tally.day

    @property
    def is_begun(self) -> bool:
        return bool(self.tally.touched_slots or self.tally.flexible_done)


@dataclass(frozen=True, slots=True)
class WeekDay:
    day: date
    mark: Mark
    off: Off | None = None

    @property
    def words(self) -> str:
        said = off_words(self.off) if self.off else MARKS[self.mark]()
        return _("%(day)s: %(how)s") % {"day": date_format(self.day, "l"), "how": said}


@dataclass(frozen=True, slots=True)
class Week:
    """done, planned: days with a session, and those that the plan asks for."""

    start: date
    days: tuple[WeekDay, ...]
    done: int
    planned: int
    is_current: bool

    @property
    def name(self) -> str:
        return _("This week") if self.is_current else date_format(self.start, "j F")

    @property
    def is_empty(self) -> bool:
        return not self.planned and all(each.mark in (Mark.FREE, Mark.OPEN) for each in self.days)

    @property
    def words(self) -> str:
        counts = {"done": self.done, "planned": self.planned}
        if not self.planned and not self.done:
            return _("A week off") if any(each.off for each in self.days) else _("No plan this week")
        if self.done > self.planned:
            return ngettext("%(done)s day", "%(done)s days", self.done) % counts
        if self.is_current and self.done < self.planned:
            return (
                ngettext("%(done)s of %(planned)s day so far", "%(done)s of %(planned)s days so far", self.planned)
                % counts
            )
        return ngettext("%(done)s of %(planned)s day", "%(done)s of %(planned)s days", self.planned) % counts

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is true of the week, each in a few words."""
        offs = Counter(each.off for each in self.days if each.off)
        notes = [off_note(off, offs[off]) for off in Off if offs[off]]
        if part := sum(each.mark is Mark.PART for each in self.days):
            notes.append(ngettext("a little on %(n)s day", "a little on %(n)s days", part) % {"n": part})
        return tuple(notes)

    @property
    def label(self) -> str:
        return "; ".join(each.words for each in self.days)


def off_words(off: Off) -> str:
    return {
        Off.UNWELL: _("unwell"),
        Off.AWAY: _("away"),
        Off.HOLD: _("on hold"),
        Off.FLARE: _("gentle day"),
        Off.PAIN: _("stopped because it hurt"),
        Off.CLINIC: _("resting for now"),
    }[off]


def off_note(off: Off, n: int) -> str:
    said = {
        Off.UNWELL: ngettext("unwell on %(n)s day", "unwell on %(n)s days", n),
        Off.AWAY: ngettext("away on %(n)s day", "away on %(n)s days", n),
        Off.HOLD: ngettext("%(n)s day on hold by your clinic", "%(n)s days on hold by your clinic", n),
        Off.FLARE: ngettext("%(n)s gentle day", "%(n)s gentle days", n),
        Off.PAIN: ngettext("stopped on %(n)s day because it hurt", "stopped on %(n)s days because it hurt", n),
        Off.CLINIC: ngettext("exercises resting on %(n)s day", "exercises resting on %(n)s days", n),
    }
    return said[off] % {"n": n}


MARKS = {
    Mark.DONE: lambda: _("done"),
    Mark.PART: lambda: _("a little done"),
    Mark.FREE: lambda: _("free"),
    Mark.OPEN: lambda: _("still open"),
    Mark.QUIET: lambda: _("nothing noted"),
}


def day_of(facts: DayFacts, today: date, thresholds: Thresholds = DEFAULTS) -> WeekDay:
    """What the day is called. What was done comes first; then a reason, whether it still leaves the count or not."""
    day, tally = facts.day, facts.tally
    if facts.is_begun:
        return WeekDay(day, Mark.DONE if is_session_day(tally) else Mark.PART)
    asked = asked_fixed(tally)
    if off := _off(facts, asked):
        return WeekDay(day, Mark.OFF, off)
    if not asked:
        return WeekDay(day, Mark.OPEN if tally.flexible_days and day >= today else Mark.FREE)
    grace = timedelta(days=ceil(thresholds.grace_hours / 24))
    return WeekDay(day, Mark.OPEN if day >= today - grace else Mark.QUIET)


def _off(facts: DayFacts, asked: int) -> Off | None:
    if facts.on_hold:
        return Off.HOLD
    if SkipReason.UNWELL in facts.said:
        return Off.UNWELL
    if SkipReason.TRAVEL in facts.said:
        return Off.AWAY
    if facts.in_flare:
        return Off.FLARE
    if asked or not facts.tally.excused_slots:
        return None
    return Off.PAIN if SkipReason.PAIN in facts.said else Off.CLINIC


def weeks_of(days: Sequence[DayFacts], today: date, thresholds: Thresholds = DEFAULTS) -> tuple[Week, ...]:
    """Whole weeks, the current one first, back to the first one that has anything. `days`: whole weeks in a row, the
    last of them this one."""
    weeks = [_week(days[n : n + 7], today, thresholds) for n in range(0, len(days), 7)]
    while len(weeks) > 1 and weeks[0].is_empty:
        weeks.pop(0)
    return tuple(reversed(weeks))


def _week(days: Sequence[DayFacts], today: date, thresholds: Thresholds) -> Week:
    counted = week_adherence([each.tally for each in days], today, thresholds)
    shown = tuple(day_of(each, today, thresholds) for each in days)
    done = sum(each.mark is Mark.DONE for each in shown)
    is_current = days[0].day <= today <= days[-1].day
    return Week(days[0].day, shown, done, counted.session_days_planned, is_current)


def days_done(weeks: Iterable[Week]) -> list[date]:
    """Days on which anything was done, in their order."""
    return sorted(each.day for week in weeks for each in week.days if each.mark in (Mark.DONE, Mark.PART))

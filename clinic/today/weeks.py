"""A patient's weeks, and their pain over time: counts, never grades. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import fmean

from django.utils.translation import gettext, ngettext

from clinic.prescriptions.models import Pause, Prescription
from clinic.today.day import day_of
from clinic.today.eased import Spell, asked_on, eased
from clinic.today.forms import PAIN_WORDS
from clinic.today.models import DailyTally
from clinic.today.plan import may_enter, week_start
from clinic.today.reading import DayLog, Line, ease
from patients.accounts.thresholds import DEFAULTS, Thresholds

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeekDay:
    """states: a bead for each exercise on each occasion. words: how the day stands. may_fill: it can be ticked off."""

    date: date
    is_today: bool
    states: tuple[str, ...]
    words: str
    breaks: str
    may_fill: bool


def week_days(
    first: date,
    lines: Sequence[Line],
    logs: Mapping[date, DayLog],
    pauses: Collection[Pause],
    spells: Collection[Spell] = (),
    *,
    today: date,
    first_weekday: int,
    thresholds: Thresholds = DEFAULTS,
) -> list[WeekDay]:
    """The seven days from `first` on. lines: of every plan in force on one of them. spells: what rests or is at half."""
    in_force = {day: [line_on(line, pauses, spells, day) for line in lines if line.is_in_force(day)] for day in logs}
    return [
        _week_day(day, in_force[day], logs[day], today, first_weekday, may_enter(day, today, thresholds))
        for day in sorted(logs)
    ]


def _week_day(
    day: date, in_force: Sequence[Line], log: DayLog, today: date, first_weekday: int, may_fill: bool
) -> WeekDay:
    shown = day_of(in_force, log, first_weekday=first_weekday)
    turns = [turn for turns in shown.rounds for turn in turns]
    states = tuple("skip" if turn.skipped else "done" if turn.is_done else "todo" for turn in turns)
    done, breaks = states.count("done"), [turn for turns in shown.breaks for turn in turns]
    if not turns:
        is_paused = bool(in_force) and all(line.planned.paused for line in in_force)
        words = gettext("Paused") if is_paused else gettext("Rest day") if in_force else gettext("No plan")
    elif day > today:
        words = ngettext("%(n)d planned", "%(n)d planned", len(turns)) % {"n": len(turns)}
    elif states.count("skip") == len(turns):
        words = gettext("Not this day")
    else:
        some = gettext("%(done)d of %(of)d done") % {"done": done, "of": len(turns)}
        words = gettext("All done") if done == len(turns) else some
    taken = sum(turn.is_done for turn in breaks)
    small = ngettext("%(done)d of %(n)d small breaks", "%(done)d of %(n)d small breaks", len(breaks))
    return WeekDay(
        date=day,
        is_today=day == today,
        states=states,
        words=words,
        breaks=small % {"done": taken, "n": len(breaks)} if breaks and day <= today else "",
        may_fill=bool(turns or breaks) and may_fill,
    )


def line_on(line: Line, pauses: Collection[Pause], spells: Collection[Spell], day: date) -> Line:
    """The line as it stands on `day`: paused or not, resting or at half."""
    if spells:
        line = ease(line, eased(spells, day, thread=line.thread, movement=line.told.movement), day)
    if not any(pause.prescription_id == line.version.pk and pause.covers(day) for pause in pauses):
        return line
    return replace(line, planned=replace(line.planned, paused=True))


@dataclass(frozen=True, slots=True)
class WeekCount:
    """Days of a week with exercises done, and how many the plan asked for; 0 when it asked for none."""

    start: date
    done: int
    asked: int
    is_current: bool

    @property
    def words(self) -> str:
        if not self.asked and not self.done:
            return gettext("No plan this week")
        if self.done > self.asked:
            return ngettext("%(n)d day", "%(n)d days", self.done) % {"n": self.done}
        words = ngettext("%(done)d of %(n)d day", "%(done)d of %(n)d days", self.asked)
        if self.is_current and self.done < self.asked:
            words = ngettext("%(done)d of %(n)d day so far", "%(done)d of %(n)d days so far", self.asked)
        return words % {"done": self.done, "n": self.asked}


def week_counts(
    prescriptions: Collection[Prescription],
    tallies: Iterable[DailyTally],
    spells: Collection[Spell] = (),
    *,
    today: date,
    weeks: int,
    first_weekday: int,
) -> list[WeekCount]:
    """The last `weeks` weeks, the current one first. Prescriptions come with their pauses."""
    done = {each.day for each in tallies if each.touched_slots or each.flexible_touched or each.flexible_done}
    this = week_start(today, first_weekday)
    counts = []
    for start in (this - WEEK * back for back in range(weeks)):
        days = [start + timedelta(days=n) for n in range(7)]
        counts.append(
            WeekCount(start, sum(day in done for day in days), _asked(prescriptions, days, spells), start == this)
        )
    while len(counts) > 1 and not (counts[-1].done or counts[-1].asked):
        counts.pop()
    return counts


def _asked(prescriptions: Collection[Prescription], days: Sequence[date], spells: Collection[Spell] = ()) -> int:
    """Days with exercises on fixed weekdays, or the days a week the patient chooses, whichever is more."""
    fixed, flexible = 0, 0.0
    for day in days:
        for each in prescriptions:
            if not each.is_in_force_on(day) or any(pause.covers(day) for pause in each.pauses.all()):
                continue
            if each.week_plan and (standing := [spell for spell in spells if spell.covers(day)]):
                asked = asked_on(each.week_plan, standing, day)
                fixed += asked.slots > asked.excused
                flexible += asked.flexible_days / 7
                continue
            fixed += bool(each.week_plan.get("slots") and each.week_plan["slots"][day.weekday()])
            flexible += each.week_plan.get("flexible_days", 0) / 7
    return max(fixed, round(flexible))


@dataclass(frozen=True, slots=True)
class PainDay:
    date: date
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class PainChart:
    """A chart of 340 by 150 with 0 to 10 from the bottom up, as points of two lines, and its sentence."""

    before: str
    after: str
    before_dots: tuple[tuple[int, int], ...]
    after_dots: tuple[tuple[int, int], ...]
    first: date
    last: date
    words: str


def pain_chart(days: Sequence[PainDay]) -> PainChart | None:
    """days: oldest first. None when fewer than two answered."""
    said = [day for day in days if day.before is not None or day.after is not None]
    if len(said) < 2:
        return None
    span = max(1, (said[-1].date - said[0].date).days)

    def dots(values: Iterable[tuple[date, int | None]]) -> tuple[tuple[int, int], ...]:
        return tuple(
            (round(24 + 306 * (day - said[0].date).days / span), round(130 - 12 * value))
            for day, value in values
            if value is not None
        )

    before, after = dots((day.date, day.before) for day in said), dots((day.date, day.after) for day in said)
    return PainChart(
        before=" ".join(f"{x},{y}" for x, y in before),
        after=" ".join(f"{x},{y}" for x, y in after),
        before_dots=before,
        after_dots=after,
        first=said[0].date,
        last=said[-1].date,
        words=_pain_words(said),
    )


def _pain_words(said: Sequence[PainDay]) -> str:
    """The first and the last week side by side, in numbers and words."""
    answers = [(day.date, day.after if day.after is not None else day.before) for day in said]
    first = [value for day, value in answers if value is not None and day - said[0].date < WEEK]
    last = [value for day, value in answers if value is not None and said[-1].date - day < WEEK]
    then, now = round(fmean(first)), round(fmean(last))
    if said[-1].date - said[0].date < WEEK:
        words = gettext("Your pain was about %(now)d of 10: %(words)s.")
    else:
        words = gettext(
            "About %(now)d of 10 in your last week (%(words)s). In your first week it was about %(then)d."
        )
    return words % {"now": now, "words": PAIN_WORDS[now].lower(), "then": then}

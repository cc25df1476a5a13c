"""A patient's week, day by day: counts, never grades. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext, ngettext

from clinic.prescriptions.models import Pause
from clinic.today.day import day_of
from clinic.today.eased import Spell, eased
from clinic.today.plan import may_enter
from clinic.today.reading import DayLog, Line, ease
from patients.accounts.thresholds import DEFAULTS, Thresholds


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

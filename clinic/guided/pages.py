"""What the pages of a guided session show: the walk through its exercises, and its end. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from clinic.guided.steps import Step, steps
from clinic.today import cards
from clinic.today.day import Day, Turn
from clinic.today.pages import day_words, query
from clinic.today.reading import Line
from clinic.today.sheet import Sheet, sheet_address
from clinic.today.short import about_minutes, shortened


@dataclass(frozen=True, slots=True)
class Walk:
    """One exercise of the session. key: names it for the script's memory, and means nothing to anybody else. back: the
    exercise before, if there is one. following: the one after it, done or not; empty after the last."""

    key: str
    steps: tuple[Step, ...]
    back: str
    following: str

    def record(self) -> list[dict[str, Any]]:
        return [step.record() for step in self.steps]


def walk_of(line: Line, sheet: Sheet, day: Day, *, today: date) -> Walk:
    turns = day.turns(sheet.occasion) if sheet.occasion <= len(day.rounds) else ()
    place = next((n for n, turn in enumerate(turns) if turn.line == line), None)
    around = (None, None) if place is None else (_at(turns, place - 1), _at(turns, place + 1))
    back, following = (turn and sheet_address(turn.line, sheet.occasion, day, today, "guided") for turn in around)
    return Walk(
        key=f"{sheet.id}.{sheet.occasion}.{day.on:%Y%m%d}",
        steps=() if sheet.why_not else _begun(line),
        back=back or "",
        following=following or "",
    )


def _at(turns: tuple[Turn, ...], place: int) -> Turn | None:
    return turns[place] if 0 <= place < len(turns) else None


def _begun(line: Line) -> tuple[Step, ...]:
    """Getting ready says how to lie, sit or stand."""
    ready, *rest = steps(line.dosage)
    setup = line.told.setup
    return (replace(ready, words=f"{ready.words} {setup}".strip(), place=setup), *rest)


@dataclass(frozen=True, slots=True)
class End:
    """How a session ended. more: the way to what a short session left out, and how many minutes that takes."""

    heading: str
    words: str
    spine: SafeString
    more: str
    more_minutes: int
    next_round: str
    next_round_name: str


def end_of(day: Day, round_number: int, picked: tuple[str, ...], *, today: date) -> End:
    turns = day.turns(round_number)
    short = shortened(day, round_number, picked).turns(round_number)
    left = day.now(round_number)
    done = sum(turn.is_done for turn in turns)
    following = next((n for n in range(1, len(day.rounds) + 1) if n != round_number and day.now(n)), 0)
    is_short = left is not None
    states = tuple(_state(turn) for turn in (short if is_short else turns))
    return End(
        heading=_heading(day, round_number, is_short=is_short, done=done, is_last=not following),
        words=_words(is_short=is_short, done=done, next_words=_next(day, today), following=bool(following)),
        spine=cards.spine(states, cards.exercises_done(states.count("done"), len(states))),
        more=sheet_address(left.line, round_number, day, today, "guided") if left else "",
        more_minutes=about_minutes(turns),
        next_round=query(day.on, following, len(day.rounds), today, always=True) if following else "",
        next_round_name=day.round_name(following) if following else "",
    )


def _state(turn: Turn) -> str:
    return "skip" if turn.skipped else "done" if turn.is_done else "todo"


def _next(day: Day, today: date) -> str:
    return day_words(day.next_date, today) if day.next_date else ""


def _heading(day: Day, round_number: int, *, is_short: bool, done: int, is_last: bool) -> str:
    if is_short:
        return gettext("The most important part is done.")
    if not done:
        return gettext("Rest for today.")
    if is_last:
        return gettext("Done for today.")
    return gettext("%(name)s done.") % {"name": day.round_name(round_number)}


def _words(*, is_short: bool, done: int, next_words: str, following: bool) -> str:
    if is_short:
        return gettext("Well done for taking the time. The rest can wait, or you do it later today.")
    if not done:
        return gettext("That happens. Your back will not mind one quiet day.")
    if following:
        return gettext("Well done. The rest of today comes later.")
    if next_words:
        return gettext("Well done. Next time: %(day)s.") % {"day": next_words}
    return gettext("Well done. That was the last day of this plan.")

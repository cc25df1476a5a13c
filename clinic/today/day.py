"""A day as its patient does it: rounds of exercises, each with its sets, and what comes next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.today.plan import next_day_with_plan
from clinic.today.reading import DayLog, Line, is_offered
from exercises.models import Phase

ORDER = {phase.value: number for number, phase in enumerate((Phase.WARM, Phase.MAIN, Phase.COOL, Phase.DESK))}
ROUND_NAMES = {2: (_("Morning"), _("Later")), 3: (_("Morning"), _("Midday"), _("Evening"))}


@dataclass(frozen=True, slots=True)
class Turn:
    """One exercise on one occasion. `done` runs parallel to the ticks of its dose; `skipped` is the reason given."""

    line: Line
    occasion: int
    done: tuple[bool, ...]
    skipped: str = ""

    @property
    def is_done(self) -> bool:
        return all(self.done)

    @property
    def is_open(self) -> bool:
        return not self.skipped and not self.is_done

    @property
    def seconds_left(self) -> float:
        return self.line.dose.seconds * self.done.count(False) / len(self.done) if self.is_open else 0


def turn(line: Line, occasion: int, log: DayLog) -> Turn:
    thread = line.thread
    done = tuple((thread, occasion, number, side) in log.done for number, side in line.dose.ticks)
    return Turn(line, occasion, done, log.skipped.get((thread, occasion), ""))


@dataclass(frozen=True)
class Day:
    """rounds: the exercises of each occasion, in the order they are done. breaks: each micro-break on each occasion.
    as_needed: the same of what is done when it helps."""

    on: date
    rounds: tuple[tuple[Turn, ...], ...]
    breaks: tuple[tuple[Turn, ...], ...]
    as_needed: tuple[tuple[Turn, ...], ...]
    lines: Sequence[Line]
    log: DayLog
    first_weekday: int

    @cached_property
    def next_date(self) -> date | None:
        """The next day with exercises to do."""
        begun = {thread for thread, *_ in self.log.done}
        return next_day_with_plan(
            [line.planned for line in self.lines],
            self.on,
            days_used={x.thread: self.log.days_used(x.thread) + (x.thread in begun) for x in self.lines},
            first_weekday=self.first_weekday,
        )

    @cached_property
    def open_round(self) -> int:
        """The first round with something to do, counted from 1; the last one when all are done."""
        return next((n for n, turns in enumerate(self.rounds, 1) if _now(turns)), len(self.rounds))

    @property
    def has_exercises(self) -> bool:
        return bool(self.rounds)

    def turns(self, round_number: int) -> tuple[Turn, ...]:
        return self.rounds[round_number - 1] if self.rounds else ()

    def now(self, round_number: int) -> Turn | None:
        """The exercise to do next in the round."""
        return _now(self.turns(round_number))

    def round_name(self, round_number: int) -> str:
        names = ROUND_NAMES.get(len(self.rounds))
        if len(self.rounds) < 2:
            return ""
        return str(names[round_number - 1]) if names else gettext("Round %(n)d") % {"n": round_number}

    @property
    def is_over(self) -> bool:
        """Nothing is left to do."""
        return all(_now(turns) is None for turns in self.rounds)


def _now(turns: Sequence[Turn]) -> Turn | None:
    return next((each for each in turns if each.is_open), None)


def _all_day(line: Line, log: DayLog) -> tuple[Turn, ...]:
    return tuple(turn(line, n, log) for n in range(1, line.dose.times_per_day + 1))


def day_of(lines: Sequence[Line], log: DayLog, *, first_weekday: int) -> Day:
    shown = sorted((line for line in lines if is_offered(line, log)), key=lambda line: ORDER[line.phase])
    exercises = [line for line in shown if not line.is_apart]
    last = max((line.dose.times_per_day for line in exercises), default=0)
    rounds = [[line for line in exercises if n <= line.dose.times_per_day] for n in range(1, last + 1)]
    return Day(
        on=log.day,
        rounds=tuple(tuple(turn(line, n, log) for line in them) for n, them in enumerate(rounds, 1)),
        breaks=tuple(_all_day(line, log) for line in shown if line.is_break),
        as_needed=tuple(_all_day(line, log) for line in shown if line.as_needed),
        lines=lines,
        log=log,
        first_weekday=first_weekday,
    )

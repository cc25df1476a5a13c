""" "I have 10 minutes": what of a day's exercises comes first, and what of it fits. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from clinic.today.day import Day, Turn
from clinic.today.reading import Line
from exercises.models import Phase

CHOICES = (5, 10, 15)  # minutes


@dataclass(frozen=True, slots=True)
class Short:
    """The exercises that fit into `minutes`, in the order of the plan. is_over: the most important one alone takes
    longer, and is there all the same."""

    minutes: int
    turns: tuple[Turn, ...]
    is_over: bool

    @property
    def takes(self) -> int:
        return in_minutes(self.turns)


def in_minutes(turns: Sequence[Turn]) -> int:
    """Rounded up, so that what is said to take 10 minutes does not take 11."""
    return -int(-sum(turn.seconds_left for turn in turns) // 60)


def about_minutes(turns: Sequence[Turn]) -> int:
    """As it is said where nothing depends on it."""
    return max(1, round(sum(turn.seconds_left for turn in turns) / 60))


def first_things_first(turns: Sequence[Turn]) -> list[Turn]:
    """By the clinician's word. Where that is the same: the first exercise of the main part, then the shortest to warm
    up with, so that nobody starts cold, then the main part, and last what else warms up and cools down."""
    main = [turn for turn in turns if turn.line.phase == Phase.MAIN]
    warm = sorted((turn for turn in turns if turn.line.phase == Phase.WARM), key=lambda turn: turn.seconds_left)
    usual = [*main[:1], *warm[:1], *main[1:]]
    usual += [turn for turn in turns if turn not in usual]
    return sorted(usual, key=lambda turn: turn.line.importance)


def what_fits(turns: Sequence[Turn], minutes: int) -> Short:
    """The exercises still open that fit, counted by the usual estimate (DOS-7).

    It stops at the first that does not fit and looks for no shorter one behind it: more minutes then never take an
    exercise away, and nothing unimportant pushes itself in front.
    """
    open_ones, picked, left = [turn for turn in turns if turn.is_open], list[Turn](), minutes * 60.0
    for turn in first_things_first(open_ones):
        left -= turn.seconds_left
        if left < 0:
            break
        picked.append(turn)
    is_over = bool(open_ones) and not picked
    if is_over:
        picked = first_things_first(open_ones)[:1]
    return Short(minutes, tuple(turn for turn in open_ones if turn in picked), is_over)


def choices(turns: Sequence[Turn]) -> list[Short]:
    """For each number of minutes that is less than all of it takes."""
    return [what_fits(turns, minutes) for minutes in CHOICES if minutes < in_minutes(turns)]


def shortened(day: Day, round_number: int, picked: Collection[str], line: Line | None = None) -> Day:
    """The day with only the exercises in that round that were picked for it. The day itself where the plan has none of
    them any more, and where `line` is another one: somebody does more than they had picked."""
    wanted = {UUID(thread) for thread in picked}
    turns = tuple(turn for turn in day.turns(round_number) if turn.line.thread in wanted)
    if not turns or (line and line.thread not in wanted):
        return day
    rounds = [turns if n == round_number else each for n, each in enumerate(day.rounds, 1)]
    return replace(day, rounds=tuple(rounds))

"""What counts of many taps that arrive in any order: of each thing that was said, what was tapped last. Pure.

Each tap assigns values: a set is done or not, its amount, an exercise is left out or not, an answer is this or that.
The taps of a day are gone through in the order in which they were made, whatever the order in which they came; so the
outcome is the same on every way there. Only "I can't do my exercises" looks at what was said before it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from clinic.today.reading import SetDone

Slot: TypeAlias = tuple[UUID, int]  # thread of the exercise, occasion
Question: TypeAlias = tuple[int, str]  # occasion, name of the answer
Origin: TypeAlias = tuple[datetime, UUID]  # when it was tapped, and its key


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An exercise left out, and why; stopped on pain with how much it hurt, and where that went."""

    line: UUID
    reason: str
    pain: int | None = None
    moved: str = ""
    away_lasted: bool | None = None


@dataclass(frozen=True, slots=True)
class Ticked:
    line: UUID
    sets: tuple[SetDone, ...]
    done: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """Amounts of sets: 0 is not done, None is done as planned."""

    line: UUID
    amounts: Mapping[SetDone, int | None]


@dataclass(frozen=True, slots=True)
class SaidOfSlot:
    """Left out, or not after all."""

    slot: Slot
    left_out: LeftOut | None


@dataclass(frozen=True, slots=True)
class SaidOfDay:
    """ "I can't do my exercises", for all that is still open; or some after all, where nothing was stopped on pain."""

    reason: str


@dataclass(frozen=True, slots=True)
class Answered:
    occasion: int
    answers: Mapping[str, Any]


Said: TypeAlias = Ticked | Counted | SaidOfSlot | SaidOfDay | Answered


@dataclass(frozen=True, slots=True)
class Tap:
    origin: Origin
    said: Said


@dataclass(slots=True)
class Outcome:
    """What the day should be, of all that anybody said about it. line_of: the version that the patient saw."""

    done: dict[SetDone, bool] = field(default_factory=dict)
    amounts: dict[SetDone, int | None] = field(default_factory=dict)
    left_out: dict[Slot, LeftOut | None] = field(default_factory=dict)
    answers: dict[Question, Any] = field(default_factory=dict)
    line_of: dict[SetDone | Slot, UUID] = field(default_factory=dict)
    origins: dict[tuple[str, Any], Origin] = field(default_factory=dict)

    def is_as(self, said: Said) -> bool:
        """Whether it is all as was said, and nothing that was tapped later counts instead. A blank answer says nothing."""
        match said:
            case Ticked(_, sets, done):
                return all(self.done[each] == done for each in sets)
            case Counted(_, amounts):
                return all((self.amounts.get(each) or 0) == (amount or 0) for each, amount in amounts.items())
            case SaidOfSlot(slot, left_out):
                return self.left_out[slot] == left_out
            case Answered(occasion, answers):
                given = {name: value for name, value in answers.items() if value not in BLANK}
                return all(self.answers[occasion, name] == value for name, value in given.items())
        return True  # said of the whole day: what it found to do, it did


BLANK: tuple[Any, ...] = (None, "", [])
StillOpen: TypeAlias = Callable[[Outcome], Collection[tuple[Slot, UUID]]]


def in_order(taps: Iterable[Tap], still_open: StillOpen) -> Outcome:
    """still_open: the exercises of the day's plan that are neither done nor left out, each with its line."""
    outcome = Outcome()
    for tap in sorted(taps, key=lambda tap: tap.origin):
        _apply(tap.said, tap.origin, outcome, still_open)
    return outcome


def _apply(said: Said, origin: Origin, to: Outcome, still_open: StillOpen) -> None:
    match said:
        case Ticked(line, sets, done):
            for each in sets:
                to.done[each], to.line_of[each] = done, line
                to.origins["done", each] = origin
                if not done:
                    to.amounts[each] = None
        case Counted(line, amounts):
            for each, amount in amounts.items():
                to.done[each], to.amounts[each], to.line_of[each] = amount != 0, amount or None, line
                to.origins["done", each] = origin
        case SaidOfSlot(slot, left_out):
            _leave_out(slot, left_out, origin, to)
        case SaidOfDay(""):
            for slot, left_out in list(to.left_out.items()):
                if left_out and left_out.pain is None:
                    _leave_out(slot, None, origin, to)
        case SaidOfDay(reason):
            for slot, line in still_open(to):
                _leave_out(slot, LeftOut(line, reason), origin, to)
        case Answered(occasion, answers):
            for name, value in answers.items():
                to.answers[occasion, name] = value
                to.origins["answer", (occasion, name)] = origin


def _leave_out(slot: Slot, left_out: LeftOut | None, origin: Origin, to: Outcome) -> None:
    before = to.left_out.get(slot)
    if before and before.pain is not None and left_out and left_out.pain is None:
        return  # It hurt: no other reason takes the place of that, only taking it back does.
    to.left_out[slot] = left_out
    to.origins["left out", slot] = origin

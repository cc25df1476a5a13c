"""A dose as steps with seconds: get ready, a set, a rest, the other side. Pure.

What the steps take together is the usual estimate (DOS-7), and changing sides, which it leaves out.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from clinic.prescriptions.dosage import SET_UP_S, Dosage, Measure, Side, TickSide, sides_to_tick
from clinic.prescriptions.dosage_words import duration, set_label

MOVE_S = 3  # seconds for a repetition, or to get into a hold
CHANGE_S = 5  # seconds to turn to the other side
TEMPO = ("Lower slowly.", "Pause.", "Lift slowly.", "Pause.")


class Kind(StrEnum):
    READY = "ready"
    WORK = "work"
    CHANGE = "change"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Beat:
    """A part of a repetition. counted: it is held or kept up, so that its seconds are worth counting."""

    words: str
    seconds: int
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """tick: the part of a set button's value that this step belongs to, `2.left`. ticks: it is done with this step.
    place: where it is, `Set 2 of 3, left side`. words: what to do, said when it begins. alternates: each repetition
    is on the other side. beats: of one repetition; of what is no work, there is one.
    """

    kind: Kind
    tick: str
    place: str
    words: str
    beats: tuple[Beat, ...]
    reps: int = 1
    alternates: bool = False
    ticks: bool = False

    @property
    def seconds(self) -> int:
        return self.reps * sum(beat.seconds for beat in self.beats)

    def record(self) -> dict[str, Any]:
        """In JSON's types, for the page's script."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Round:
    """Between two rests: the amount of one set, or where holds all stand in one set, one of them."""

    number: int
    of: int
    reps: int
    set_number: int
    ticks: bool


def steps(d: Dosage) -> tuple[Step, ...]:
    """From getting ready to the last set. DosageError if not valid."""
    return tuple(_steps(d, list(_rounds(d))))


def _steps(d: Dosage, rounds: list[_Round]) -> Iterator[Step]:
    name, sides = _name(d), sides_to_tick(d)
    first = f"{rounds[0].set_number}.{sides[0]}"
    yield Step(Kind.READY, first, "", "Get ready.", (Beat("Get ready. Take your time.", SET_UP_S, True),))
    before: _Round | None = None
    for each in rounds:
        place = f"{name} {each.number} of {each.of}" if each.of > 1 else ""
        if before and d.rest_s:
            yield _rest(d, f"{each.set_number}.{sides[0]}", place, f"{name} {before.number} done")
        for side in sides:
            tick = f"{each.set_number}.{side}"
            if side != sides[0]:
                words = f"Change sides. Now your {side} side."
                yield Step(Kind.CHANGE, tick, _on(place, side), words, (Beat(words, CHANGE_S, True),))
            yield _work(d, each, tick, _on(place, side))
        before = each


def _rounds(d: Dosage) -> Iterator[_Round]:
    """DOS-7 puts a rest between sets, and between holds where they are all in one set."""
    if d.measure == Measure.MINUTES:
        reps_by_set: tuple[int, ...] = (1,) * d.sets
        d.validate()
    else:
        reps_by_set = d.reps_by_set
    if d.measure == Measure.HOLD and len(reps_by_set) == 1:
        holds = reps_by_set[0]
        yield from (_Round(n, holds, 1, 1, n == holds) for n in range(1, holds + 1))
        return
    yield from (_Round(n, len(reps_by_set), reps, n, True) for n, reps in enumerate(reps_by_set, 1))


def _work(d: Dosage, each: _Round, tick: str, place: str) -> Step:
    alternates = d.side == Side.ALTERNATE
    return Step(
        kind=Kind.WORK,
        tick=tick,
        place=place,
        words=f"{place}. {_amount(d, each.reps)}".removeprefix(". "),
        beats=_beats(d),
        reps=each.reps * (2 if alternates else 1),
        alternates=alternates,
        ticks=each.ticks,
    )


def _beats(d: Dosage) -> tuple[Beat, ...]:
    if d.minutes is not None:
        return (Beat("Keep going. Breathe.", int(d.minutes * 60), True),)
    hold = (Beat("Hold. Keep breathing.", d.hold_s, True),) if d.hold_s else ()
    if d.measure == Measure.HOLD:
        return (Beat("Get into place.", MOVE_S), *hold)
    if d.tempo:
        pace = zip(TEMPO, map(int, d.tempo.split("-")), strict=True)
        return (*(Beat(words, seconds) for words, seconds in pace if seconds), *hold)
    return (Beat("Move slowly. Breathe.", MOVE_S), *hold)


def _rest(d: Dosage, tick: str, following: str, done: str) -> Step:
    words = f"{done}. Rest for {duration(d.rest_s)}."
    return Step(
        Kind.REST, tick, f"Next: {following[:1].lower()}{following[1:]}", words, (Beat("Rest.", d.rest_s, True),)
    )


def _amount(d: Dosage, reps: int) -> str:
    both = " on each side, changing sides each time" if d.side == Side.ALTERNATE else ""
    times = "Once" if reps == 1 else f"{reps} times"
    if d.minutes is not None:
        return f"Keep going for {duration(d.minutes * 60)}{both}."
    if d.measure == Measure.HOLD:
        again = f"{times}, hold" if reps > 1 else "Hold"
        return f"{again} for {duration(d.hold_s)}{both}."
    hold = f" Hold {'it' if reps == 1 else 'each'} for {duration(d.hold_s)}." if d.hold_s else ""
    return f"{times}{both}.{hold}"


def _name(d: Dosage) -> str:
    """What is counted: sets, holds or rounds."""
    if d.measure == Measure.HOLD and d.sets == 1:
        return "Hold"
    return {"Done": "Round"}.get(set_label(d), set_label(d))


def _on(place: str, side: TickSide) -> str:
    if side == "both":
        return place
    return f"{place}, {side} side" if place else f"{side.capitalize()} side"

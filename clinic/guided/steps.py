"""A dose as steps with seconds: get ready, a set, a rest, the other side. Pure.

What the steps take together is the usual estimate (DOS-7), and changing sides, which it leaves out.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic.prescriptions.dosage import SET_UP_S, Dosage, Measure, Side, TickSide, sides_to_tick
from clinic.prescriptions.dosage_words import duration, set_label
from exercises.words import in_a_sentence

MOVE_S = 3  # seconds for a repetition, or to get into a hold
CHANGE_S = 5  # seconds to turn to the other side
TEMPO = (gettext_lazy("Lower slowly."), gettext_lazy("Pause."), gettext_lazy("Lift slowly."), gettext_lazy("Pause."))


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
    yield Step(Kind.READY, first, "", _("Get ready."), (Beat(_("Get ready. Take your time."), SET_UP_S, True),))
    before: _Round | None = None
    for each in rounds:
        place = ""
        if each.of > 1:
            place = _("%(name)s %(number)s of %(of)s") % {"name": name, "number": each.number, "of": each.of}
        if before and d.rest_s:
            done = _("%(name)s %(number)s done") % {"name": name, "number": before.number}
            yield _rest(d, f"{each.set_number}.{sides[0]}", place, done)
        for side in sides:
            tick = f"{each.set_number}.{side}"
            if side != sides[0]:
                words = _("Change sides. Now your left side.")
                if side == "right":
                    words = _("Change sides. Now your right side.")
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
        return (Beat(_("Keep going. Breathe."), int(d.minutes * 60), True),)
    hold = (Beat(_("Hold. Keep breathing."), d.hold_s, True),) if d.hold_s else ()
    if d.measure == Measure.HOLD:
        return (Beat(_("Get into place."), MOVE_S), *hold)
    if d.tempo:
        pace = zip(TEMPO, map(int, d.tempo.split("-")), strict=True)
        return (*(Beat(str(words), seconds) for words, seconds in pace if seconds), *hold)
    return (Beat(_("Move slowly. Breathe."), MOVE_S), *hold)


def _rest(d: Dosage, tick: str, following: str, done: str) -> Step:
    words = _("%(done)s. Rest for %(time)s.") % {"done": done, "time": duration(d.rest_s)}
    place = _("Next: %(what)s") % {"what": in_a_sentence(following)}
    return Step(Kind.REST, tick, place, words, (Beat(_("Rest."), d.rest_s, True),))


def _amount(d: Dosage, reps: int) -> str:
    both = _(" on each side, changing sides each time") if d.side == Side.ALTERNATE else ""
    said = {"times": reps, "both": both, "time": duration(d.hold_s)}
    if d.minutes is not None:
        return _("Keep going for %(time)s%(both)s.") % (said | {"time": duration(d.minutes * 60)})
    if d.measure == Measure.HOLD:
        if reps > 1:
            return _("%(times)s times, hold for %(time)s%(both)s.") % said
        return _("Hold for %(time)s%(both)s.") % said
    amount = ngettext("Once%(both)s.", "%(times)s times%(both)s.", reps) % said
    if not d.hold_s:
        return amount
    hold = _("Hold it for %(time)s.") if reps == 1 else _("Hold each for %(time)s.")
    return f"{amount} {hold % said}"


def _name(d: Dosage) -> str:
    """What is counted: sets, holds or rounds."""
    if d.measure == Measure.HOLD and d.sets == 1:
        return _("Hold")
    return _("Round") if d.measure == Measure.MINUTES else set_label(d)


def _on(place: str, side: TickSide) -> str:
    if side == "both":
        return place
    if not place:
        return _("Left side") if side == "left" else _("Right side")
    return (_("%(place)s, left side") if side == "left" else _("%(place)s, right side")) % {"place": place}

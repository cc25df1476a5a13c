"""Which teaching text is offered where. Pure: this is the one place that decides it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from exercises.lists import Category, Moment, Phase


class Fits(Protocol):
    @property
    def moments(self) -> Collection[str]: ...


Text = TypeVar("Text", bound=Fits)


@dataclass(frozen=True, slots=True)
class Read:
    """A published text as a link to it needs it. minutes: to read it; 0 for a question, which is short."""

    title: str
    url: str
    minutes: int
    moments: frozenset[str]


OF_CATEGORY = {
    Category.STRETCH: Moment.STRETCH,
    Category.MOBILITY: Moment.STRETCH,
    Category.STABILITY: Moment.STRENGTH,
    Category.STRENGTH: Moment.STRENGTH,
    Category.AEROBIC: Moment.AEROBIC,
    Category.BREATHING: Moment.EASE,
    Category.DECOMPRESSION: Moment.EASE,
}
OF_PHASE = {Phase.DESK: Moment.BREAKS, Phase.WARM: Moment.WARM, Phase.COOL: Moment.COOL}
HEAVY = "heavy-lift"


def fitting(texts: Sequence[Text], moments: Sequence[Moment], *, most: int = 1) -> list[Text]:
    """Up to `most` of `texts`, which stand in the clinic's own order. Each of `moments`, the most pressing first, brings
    its first text; while there is room, each brings its next one."""
    chosen: list[Text] = []
    for _ in range(most):
        for moment in dict.fromkeys(moments):
            found = next((text for text in texts if moment in text.moments and text not in chosen), None)
            if found is not None:
                chosen.append(found)
    return chosen[:most]


def moments_of(*, category: str, phase: str = "", tags: Collection[str] = ()) -> list[Moment]:
    """What an exercise is a moment for: a break is a break; else what it asks of the body, then its part of the session."""
    kinds = [OF_CATEGORY[Category(category)]] if category in OF_CATEGORY else []
    part = [OF_PHASE[Phase(phase)]] if phase in OF_PHASE else []
    if phase == Phase.DESK:
        return part + kinds
    return [Moment.LIFTING] * (HEAVY in tags) + kinds + part

"""How close a goal came over time: in a sentence, and as a small line for eyes. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

WIDTH, HEIGHT, EDGE = 120, 30, 5


class Step(Protocol):
    @property
    def day(self) -> date: ...

    @property
    def close(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Closeness:
    """One number a day, oldest first, 0 not close at all to 10 reached."""

    said: tuple[tuple[date, int], ...]

    @classmethod
    def of(cls, steps: Iterable[Step]) -> "Closeness":
        """Steps in the order in which they were said: of several on a day the last counts."""
        return cls(tuple(sorted({step.day: step.close for step in steps}.items())))

    def until(self, day: date) -> "Closeness":
        return Closeness(tuple(each for each in self.said if each[0] <= day))

    @property
    def now(self) -> int | None:
        return self.said[-1][1] if self.said else None

    @property
    def sentence(self) -> str:
        if not self.said:
            return ""
        (first_day, first), (last_day, last) = self.said[0], self.said[-1]
        values = {"first": first, "first_day": _short(first_day), "last": last, "last_day": _short(last_day)}
        if len(self.said) == 1:
            return gettext("%(last)s of 10 on %(last_day)s") % values
        return gettext("from %(first)s on %(first_day)s to %(last)s of 10 on %(last_day)s") % values


NOT_SAID = Closeness(())


def line(closeness: Closeness) -> SafeString:
    """Empty with fewer than two days: a point is no course. What it shows stands beside it in words."""
    if len(closeness.said) < 2:
        return SafeString("")
    first, last = closeness.said[0][0], closeness.said[-1][0]
    span = max(1, (last - first).days)
    points = [
        (round(EDGE + (WIDTH - 2 * EDGE) * (day - first).days / span, 1), _high(close))
        for day, close in closeness.said
    ]
    return mark_safe(
        f'<svg class="goal-line" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(closeness.sentence)}">'
        f'<path class="base" d="M0 {_high(0)}H{WIDTH}M0 {_high(10)}H{WIDTH}"/>'
        f'<polyline points="{_joined(points)}"/><circle cx="{points[-1][0]}" cy="{points[-1][1]}" r="4"/></svg>'
    )


def _high(close: int) -> float:
    return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * close / 10, 1)


def _joined(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _short(day: date) -> str:
    return date_format(day, "j M")

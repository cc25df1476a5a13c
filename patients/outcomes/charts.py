"""A measure over time as SVG without a script, with a sentence that says the same. Its numbers stand in a table."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from math import ceil

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from exercises.words import in_a_sentence
from patients.outcomes.history import Answer, Series, said
from patients.outcomes.measures import ACTIVITY, Kind, Measure
from patients.outcomes.scoring import matters_at, rounded

TOP, BOTTOM = 16, 150
ACTIVE = Decimal(150)


def chart(series: Series, *, width: int = 820) -> SafeString:
    """The scores as points on a line, as wide as it is shown, so that its words keep their size, with a dashed line where
    a change since the baseline begins to matter, named in words, for the better and for the worse."""
    points = [answer for answer in series.scored if answer.score is not None]
    if len(points) < 2:
        return SafeString("")
    low, high = _range(series.measure, points)
    left, right = 42, width - 14
    span = max(1, (points[-1].day - points[0].day).days)

    def at(day: date) -> int:
        return round(left + 8 + (right - left - 20) * (day - points[0].day).days / span)

    def up(score: Decimal) -> int:
        return round(BOTTOM - (BOTTOM - TOP) * float((score - low) / (high - low)))

    lines = [(left, up(step), right, left - 8, up(step) + 4, f"{step:f}") for step in _steps(low, high)]
    drawn = [(at(answer.day), up(answer.score)) for answer in points if answer.score is not None]
    return format_html(
        '<svg class="chart" viewBox="0 0 {} 180" role="img" aria-label="{}">{}{}'
        '<polyline class="line" points="{}"/>{}{}</svg>',
        width,
        sentence(series),
        format_html_join(
            "", '<path class="grid" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>', lines
        ),
        _marks(series, up, left, right),
        " ".join(f"{x},{y}" for x, y in drawn),
        format_html_join(
            "", '<circle cx="{}" cy="{}" r="{}"/>', [(x, y, 5 if n == len(drawn) else 3.5) for n, (x, y) in enumerate(drawn, 1)]
        ),
        format_html(
            '<text x="{}" y="172">{}</text><text x="{}" y="172" text-anchor="end">{}</text>',
            left, short(points[0].day), right, short(points[-1].day),
        ),
    )  # fmt: skip


def _marks(series: Series, up, left: int, right: int) -> SafeString:  # type: ignore[no-untyped-def]
    first = series.first
    if first is None or first.score is None:
        return SafeString("")
    start = Decimal(0) if series.measure.from_zero else first.score
    ends = zip(("better", "worse"), matters_at(series.measure, start), strict=True)
    words = {"better": gettext("better from here"), "worse": gettext("worse from here")}
    low, high = _range(series.measure, series.scored)
    lines = [
        (f"mark {word}", left, up(score), right, left + 4, up(score) + (14 if score < start else -5), words[word])
        for word, score in ends
        if score is not None and low <= score <= high
    ]
    return format_html_join(
        "",
        '<path class="{}" d="M{} {}H{}"/><text class="mark-words" x="{}" y="{}">{}</text>',
        lines,
    )


def _range(measure: Measure, points: Sequence[Answer]) -> tuple[Decimal, Decimal]:
    """The scale of the instrument; where that is open, from 0 to a round number over what was measured."""
    if measure is not ACTIVITY and measure.kind != Kind.TIMED:
        return measure.low, measure.high
    most = max(
        [answer.score for answer in points if answer.score is not None]
        + [ACTIVE if measure is ACTIVITY else Decimal(10)]
    )
    step = Decimal(50) if measure is ACTIVITY else Decimal(10)
    return Decimal(0), min(measure.high, step * ceil(most / step))


def _steps(low: Decimal, high: Decimal) -> list[Decimal]:
    middle = (low + high) / 2
    return [low, rounded(middle, 0), high]


def sentence(series: Series) -> str:
    """For clinicians: from where to where, over how many answers, and what that is."""
    first, last = series.first, series.last
    if first is None or last is None:
        return gettext("No score in this episode yet.")
    name = series.measure.name
    if first is last:
        words = gettext("%(measure)s: %(score)s on %(day)s, one score in this episode.")
        return words % {"measure": name, "score": said(series.measure, last.score), "day": short(last.day)}
    count = sum(answer.day >= first.day for answer in series.scored)
    words = (
        ngettext(
            "%(measure)s went from %(first)s on %(first_day)s to %(last)s on %(last_day)s over %(count)d score: %(label)s.",
            "%(measure)s went from %(first)s on %(first_day)s to %(last)s on %(last_day)s over %(count)d scores: %(label)s.",
            count,
        )
        if series.label
        else ngettext(
            "%(measure)s went from %(first)s on %(first_day)s to %(last)s on %(last_day)s over %(count)d score.",
            "%(measure)s went from %(first)s on %(first_day)s to %(last)s on %(last_day)s over %(count)d scores.",
            count,
        )
    )
    return words % {
        "measure": name,
        "first": said(series.measure, first.score),
        "first_day": short(first.day),
        "last": said(series.measure, last.score),
        "last_day": short(last.day),
        "count": count,
        "label": in_a_sentence(series.label),
    }


def short(day: date) -> str:
    return date_format(day, "j M")

"""Adherence, pain and function on one axis of time, as SVG without a script: plan versions and flare-ups go through all
three. A sentence says the same, and its numbers stand in a table. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clinic.caseload.adherence import Band, WeekAdherence, band
from patients.accounts.thresholds import DEFAULTS, Thresholds

WEEK = timedelta(days=7)
LEFT, RIGHT, TOP, PANEL, GAP, FOOT = 34, 8, 48, 84, 30, 24
WORDS_FROM = 64  # between two marks, so that their words do not run into each other


@dataclass(frozen=True, slots=True)
class WeekPoint:
    """share: of the planned days that were done, 0 to 1; None where nothing was planned. usual, worst: the median of the
    days' worst pain, and the worst of all."""

    start: date
    share: float | None
    done: int
    planned: int
    usual: float | None
    worst: int | None


@dataclass(frozen=True, slots=True)
class Function:
    """One measure of function over time, on its own scale."""

    name: str
    low: float
    high: float
    higher_is_better: bool
    scores: tuple[tuple[date, float], ...]


@dataclass(frozen=True, slots=True)
class Course:
    """weeks: in a row, oldest first, the last of them so far. marks: days on which the plan changed, with a word.
    flares: first and last days."""

    weeks: tuple[WeekPoint, ...]
    function: Function | None = None
    marks: tuple[tuple[date, str], ...] = ()
    flares: tuple[tuple[date, date], ...] = ()
    thresholds: Thresholds = DEFAULTS

    @property
    def is_blank(self) -> bool:
        has_weeks = any(week.planned or week.worst is not None for week in self.weeks)
        return not has_weeks and not (self.function and self.function.scores)

    @property
    def newest_first(self) -> tuple[WeekPoint, ...]:
        return self.weeks[::-1]

    @property
    def sentence(self) -> str:
        return " ".join(filter(None, (self._adherence(), self._pain(), self._function(), self._flares())))

    def _adherence(self) -> str:
        asked = [week for week in self.weeks if week.planned]
        if not asked:
            return _("Nothing was planned in these weeks.")
        done, planned = sum(week.done for week in asked), sum(week.planned for week in asked)
        return _("%(done)s of %(planned)s planned days done.") % {"done": done, "planned": planned}

    def _pain(self) -> str:
        said = [week.usual for week in self.weeks if week.usual is not None]
        if not said:
            return _("No pain answers.")
        values = {"first": number(said[0]), "last": number(said[-1])}
        if len(said) == 1:
            return _("Median pain of the week %(last)s of 10.") % values
        return _("Median pain of the week from %(first)s to %(last)s of 10.") % values

    def _function(self) -> str:
        if not self.function or not self.function.scores:
            return ""
        scores = self.function.scores
        values = {"name": self.function.name, "first": number(scores[0][1]), "last": number(scores[-1][1])}
        if len(scores) == 1:
            return _("%(name)s %(last)s.") % values
        return _("%(name)s from %(first)s to %(last)s.") % values

    def _flares(self) -> str:
        days = ", ".join(short(first) for first, _last in self.flares)
        return _("Flare-ups from: %(days)s.") % {"days": days} if days else ""


def week_points(
    weeks: Iterable[tuple[date, WeekAdherence]], worst_by_day: Iterable[tuple[date, int]]
) -> tuple[WeekPoint, ...]:
    """worst_by_day: the worst pain of each day with an answer."""
    pains = list(worst_by_day)
    points = []
    for start, week in weeks:
        said = [score for day, score in pains if start <= day < start + WEEK]
        points.append(
            WeekPoint(
                start, week.frequency, week.session_days_done, week.session_days_planned,
                median(said) if said else None, max(said, default=None),
            )
        )  # fmt: skip
    return tuple(points)


@dataclass(frozen=True, slots=True)
class Place:
    """Where things go on a drawing of this width; three panels below one another."""

    course: Course
    width: int

    @property
    def height(self) -> int:
        return self.floor(len(self.panels) - 1) + FOOT

    @property
    def panels(self) -> tuple[str, ...]:
        named = (_("Days done, %"), _("Pain, 0 to 10"))
        return (*named, self.course.function.name) if self.course.function else named

    @property
    def first(self) -> date:
        return self.course.weeks[0].start

    def x(self, day: date, part: float = 0) -> float:
        """part: of a day, from its beginning."""
        days = 7 * len(self.course.weeks)
        at = LEFT + (self.width - LEFT - RIGHT) * ((day - self.first).days + part) / days
        return round(min(max(at, LEFT), self.width - RIGHT), 1)

    def floor(self, panel: int) -> int:
        return TOP + PANEL * (panel + 1) + GAP * panel

    def y(self, panel: int, share: float) -> float:
        return round(self.floor(panel) - PANEL * share, 1)


def svg(course: Course, *, width: int = 940) -> SafeString:
    place = Place(course, width)
    bottom = place.floor(len(place.panels) - 1)
    return format_html(
        '<svg class="chart story-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}{}{}{}</svg>',
        width,
        place.height,
        course.sentence,
        format_html_join(
            "", '<rect class="spell" x="{}" y="{}" width="{}" height="{}"/>',
            [(place.x(first), TOP, round(max(3, place.x(last, 1) - place.x(first)), 1), bottom - TOP) for first, last in course.flares],
        ),
        _grid(place),
        _marks(place, bottom),
        _bars(place),
        _pain(place),
        _function(place),
        _weeks(place, bottom),
    )  # fmt: skip


def _grid(place: Place) -> SafeString:
    function = place.course.function
    scales = [("0", "50", "100"), ("0", "5", "10")]
    if function:
        middle = (function.low + function.high) / 2
        scales.append((number(function.low), number(middle), number(function.high)))
    lines = [
        (LEFT, place.y(n, share), place.width - RIGHT, LEFT - 8, place.y(n, share) + 4, word)
        for n, scale in enumerate(scales)
        for share, word in zip((0, 0.5, 1), scale, strict=True)
    ]
    names = [(LEFT, place.y(n, 1) - 8, name) for n, name in enumerate(place.panels)]
    return format_html(
        "{}{}",
        format_html_join(
            "", '<path class="grid" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>', lines
        ),
        format_html_join("", '<text class="strong" x="{}" y="{}">{}</text>', names),
    )


def _marks(place: Place, bottom: int) -> SafeString:
    """A line for each; its word only where there is room after the one before."""
    drawn, free_from = [], 0.0
    for day, word in place.course.marks:
        x = place.x(day)
        is_late = x > place.width - WORDS_FROM
        shown = word if x >= free_from else ""
        if shown:
            free_from = x + WORDS_FROM
        drawn.append((x, 6, bottom, x - 5 if is_late else x + 5, 16, "end" if is_late else "start", shown))
    return format_html_join(
        "", '<path class="ev" d="M{} {}V{}"/><text x="{}" y="{}" text-anchor="{}">{}</text>', drawn
    )


def _bars(place: Place) -> SafeString:
    slot = (place.width - LEFT - RIGHT) / len(place.course.weeks)
    wide = round(max(2, min(slot - 4, 40)), 1)
    bars = []
    for week in place.course.weeks:
        if week.share:
            is_low = band(week.share, place.course.thresholds) is Band.LOW
            x = round(place.x(week.start) + (slot - wide) / 2, 1)
            y = place.y(0, min(week.share, 1))
            bars.append(("bar low" if is_low else "bar", x, y, wide, round(place.floor(0) - y, 1)))
    return format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="3"/>', bars)


def _pain(place: Place) -> SafeString:
    usual = [
        (place.x(week.start, 3.5), place.y(1, week.usual / 10)) if week.usual is not None else None
        for week in place.course.weeks
    ]
    worst = [
        (round(place.x(week.start, 3.5) - 3, 1), round(place.y(1, week.worst / 10) - 3, 1))
        for week in place.course.weeks
        if week.worst is not None
    ]
    return format_html(
        '{}<path class="l2" d="{}"/>{}',
        format_html_join("", '<rect class="worst" x="{}" y="{}" width="6" height="6"/>', worst),
        path(usual),
        format_html_join("", '<circle class="d2" cx="{}" cy="{}" r="3.5"/>', [point for point in usual if point]),
    )


def _function(place: Place) -> SafeString:
    function = place.course.function
    if not function:
        return SafeString("")
    points = [
        (place.x(day, 0.5), place.y(2, (score - function.low) / (function.high - function.low)))
        for day, score in function.scores
    ]
    return format_html(
        '<path class="l1" d="{}"/>{}',
        path(points),
        format_html_join("", '<circle class="d1" cx="{}" cy="{}" r="4"/>', points),
    )


def _weeks(place: Place, bottom: int) -> SafeString:
    weeks = place.course.weeks
    room = 70 if place.width > 500 else 58
    every = max(1, -(-room * len(weeks) // (place.width - LEFT - RIGHT)))
    names = [
        (place.x(week.start), bottom + 18, short(week.start))
        for n, week in enumerate(weeks)
        if n % every == 0 and place.x(week.start) < place.width - 40
    ]
    return format_html_join("", '<text x="{}" y="{}">{}</text>', names)


def path(points: Sequence[tuple[float, float] | None]) -> str:
    """Broken where nobody said what lies between."""
    drawn, is_open = "", False
    for point in points:
        if point:
            drawn += f"{'L' if is_open else 'M'}{point[0]} {point[1]}"
        is_open = point is not None
    return drawn


def number(value: float) -> str:
    return number_format(f"{value:.1f}".removesuffix(".0"))


def short(day: date) -> str:
    return date_format(day, "j M")

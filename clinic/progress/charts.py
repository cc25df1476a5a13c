"""A chart as a value, laid out once for the page and for the paper. Pure.

The page draws it as SVG without a script, with a sentence as its name; its numbers stand in a table below it.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from clinic.progress.changes import Strip

LOW, HIGH, STEP = 0, 10, 5


@dataclass(frozen=True, slots=True)
class Line:
    """is_second: told apart by its dashes and by squares, not by colour alone. points: None where nobody answered."""

    name: str
    points: tuple[tuple[date, float | None], ...]
    is_second: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """From 0 to 10. marks: days on which the plan changed, with a word for it."""

    title: str
    sentence: str
    lines: tuple[Line, ...]
    marks: tuple[tuple[date, str], ...] = ()

    @property
    def days(self) -> list[date]:
        return sorted({day for line in self.lines for day, value in line.points if value is not None})

    @property
    def rows(self) -> list[tuple[date, list[float | None]]]:
        """The numbers, newest first: a day and what each line says of it."""
        values = [dict(line.points) for line in self.lines]
        return [(day, [each.get(day) for each in values]) for day in reversed(self.days)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where things go on a field of this size, y from the top down."""

    chart: Chart
    width: float
    height: float
    left: float = 26
    right: float = 10
    top: float = 24
    bottom: float = 26

    @property
    def span(self) -> tuple[date, date]:
        return self.chart.days[0], self.chart.days[-1]

    def x(self, day: date) -> float:
        first, last = self.span
        room = self.width - self.left - self.right - 12
        return round(self.left + 6 + room * (day - first).days / max(1, (last - first).days), 1)

    def y(self, value: float) -> float:
        floor = self.height - self.bottom
        return round(floor - (floor - self.top) * (value - LOW) / (HIGH - LOW), 1)

    def runs(self, line: Line) -> list[list[tuple[float, float]]]:
        """Stretches of answers; a line is broken where nobody said what lies between."""
        runs: list[list[tuple[float, float]]] = [[]]
        for day, value in line.points:
            if value is None:
                runs.append([])
            else:
                runs[-1].append((self.x(day), self.y(value)))
        return [run for run in runs if run]

    @property
    def grid(self) -> list[tuple[float, str]]:
        return [(self.y(value), str(value)) for value in range(LOW, HIGH + 1, STEP)]

    @property
    def marks(self) -> list[tuple[float, str, bool]]:
        """x, word, and whether the word stands on the left of its line."""
        first, last = self.span
        return [
            (self.x(day), word, self.x(day) > self.width * 0.7)
            for day, word in self.chart.marks
            if first <= day <= last
        ]


def svg(chart: Chart, *, width: int = 340, height: int = 190) -> SafeString:
    """Empty with fewer than two days to show: a point is no course."""
    if len(chart.days) < 2:
        return SafeString("")
    place = Place(chart, width, height)
    first, last = place.span
    floor, right = height - place.bottom, width - place.right
    return format_html(
        '<svg class="chart course" viewBox="0 0 {} {}" role="img" aria-label="{}. {}">{}{}{}{}</svg>',
        width,
        height,
        chart.title,
        chart.sentence,
        format_html_join(
            "",
            '<path class="grid" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
            [(place.left, y, right, place.left - 8, y + 4, word) for y, word in place.grid],
        ),
        format_html_join(
            "",
            '<path class="version" d="M{} {}V{}"/><text x="{}" y="{}" text-anchor="{}">{}</text>',
            [
                (x, place.top - 8, floor, x - 5 if is_left else x + 5, 12, "end" if is_left else "start", word)
                for x, word, is_left in place.marks
            ],
        ),
        mark_safe("".join([_line(place, line) for line in chart.lines])),
        format_html(
            '<text x="{}" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}</text>',
            place.left, height - 6, short(first), right, height - 6, short(last),
        ),
    )  # fmt: skip


def _line(place: Place, line: Line) -> SafeString:
    runs = place.runs(line)
    kind = "second" if line.is_second else "first"
    dot = '<rect x="{}" y="{}" width="6" height="6"/>' if line.is_second else '<circle cx="{}" cy="{}" r="3.5"/>'
    shift = 3 if line.is_second else 0
    return format_html(
        '<g class="{}">{}{}</g>',
        kind,
        format_html_join("", '<polyline points="{}"/>', [(" ".join(f"{x},{y}" for x, y in run),) for run in runs]),
        format_html_join("", dot, [(round(x - shift, 1), round(y - shift, 1)) for run in runs for x, y in run]),
    )


WIDE = 200


def strip_svg(strip: Strip) -> SafeString:
    """Then as a ring, now as a dot, and a line between them. It says nothing that does not stand beside it."""
    then, now = strip_at(strip.then), strip_at(strip.now)
    return format_html(
        '<svg class="strip" viewBox="0 0 {} 20" aria-hidden="true"><path class="base" d="M8 10H{}"/>'
        '<path class="way" d="M{} 10H{}"/><circle class="then" cx="{}" cy="10" r="5"/>'
        '<circle class="now" cx="{}" cy="10" r="6"/></svg>',
        WIDE, WIDE - 8, then, now, then, now,
    )  # fmt: skip


def strip_at(value: float, width: float = WIDE, edge: float = 8) -> float:
    return round(edge + (width - 2 * edge) * value / HIGH, 1)


def short(day: date) -> str:
    return date_format(day, "j M")

"""How the numbers stand on their page: part by part, with a bar where a whole is split into groups."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from clinic.numbers.figures import Figure

TONES = ("good", "middle", "bad")  # of the groups of a split, best first
WIDTH, GAP = 600, 3


@dataclass(frozen=True, slots=True)
class Line:
    """label: what is counted. value: empty where it is held back. of: what it is a part of. tone: its colour in the
    bar."""

    label: str
    value: str
    of: str
    tone: str


@dataclass(frozen=True, slots=True)
class Part:
    """means: what is counted, once where it is the same for all lines."""

    name: str
    lines: Sequence[Line]
    is_split: bool
    bar: SafeString
    means: Sequence[tuple[str, str]]


def parts_of(figures: Iterable[Figure]) -> list[Part]:
    return [_part(name, list(those)) for name, those in groupby(figures, key=lambda figure: figure.part)]


def _part(name: str, figures: Sequence[Figure]) -> Part:
    is_split = any(figure.size is not None for figure in figures)
    tones = TONES if is_split else ("",) * len(figures)
    lines = [
        Line(figure.label, figure.value or "", _of(figure), tone) for figure, tone in zip(figures, tones, strict=True)
    ]
    means: list[tuple[str, str]] = [(figure.label, figure.means) for figure in figures]
    if len({figure.means for figure in figures}) == 1:
        means = [("", figures[0].means)]
    return Part(name, lines, is_split, _bar(figures) if is_split else mark_safe(""), means)


def _of(figure: Figure) -> str:
    if figure.n is None:
        return ""
    if figure.size is None:
        return gettext("n = %(n)s") % {"n": figure.n}
    return gettext("of %(n)s, %(percent)s %%") % {"n": figure.n, "percent": round(100 * figure.size / figure.n)}


def _bar(figures: Sequence[Figure]) -> SafeString:
    """The groups as one bar, those held back as one rest; none where even the whole is. All of it stands in words
    beside it."""
    whole = max(figure.n or 0 for figure in figures)
    if not whole:
        return mark_safe("")
    pieces = [(tone, figure.size) for tone, figure in zip(TONES, figures, strict=True) if figure.size]
    rest = whole - sum(size for _, size in pieces)
    rects, x = [], 0.0
    for tone, size in [*pieces, ("held", rest)]:
        width = WIDTH * size / whole
        if width:
            rects.append((tone, round(x, 1), round(max(width - GAP, 1), 1)))
        x += width
    drawn = format_html_join("", '<rect class="{}" x="{}" y="0" width="{}" height="14" rx="4"/>', rects)
    return mark_safe(
        f'<svg class="split" viewBox="0 0 {WIDTH} 14" preserveAspectRatio="none" aria-hidden="true">{drawn}</svg>'
    )

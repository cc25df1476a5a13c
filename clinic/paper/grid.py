"""A page of boxes that came back: fourteen days of a patient as they stand, what staff say stood on the paper, and what
of it is new. Pure.

What was shown as done travels with the form. Only what staff changed against it is a change, so that nobody undoes by
saving what the patient ticked on a phone meanwhile.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeAlias
from uuid import UUID

from clinic.paper.sheet import Cell, cell, days_from
from clinic.prescriptions.models import Pause
from clinic.today.day import ORDER
from clinic.today.eased import Spell
from clinic.today.reading import Line, SetDone
from clinic.today.weeks import line_on
from patients.accounts.thresholds import Thresholds

Box: TypeAlias = tuple[UUID, int, int]  # thread, day from 0, occasion from 1
Slot: TypeAlias = tuple[UUID, int]  # thread, day from 0

NUMBER = re.compile("[0-9]{1,2}", re.ASCII)
PAIN_MOST = 10


def may_enter_paper(day: date, today: date, thresholds: Thresholds) -> bool:
    """Paper comes back with the next visit, so staff may fill in more days than the patient (ADH-4). A clinic that sets
    no days takes no paper."""
    back = thresholds.paper_back_days
    return back > 0 and timedelta(0) <= today - day <= timedelta(days=back)


@dataclass(frozen=True, slots=True)
class GridCell:
    """line: as it stands on the day; None where no plan holds it. done: the times of which every set is ticked.
    begun: those with some. is_open: may be filled in."""

    at: int
    cell: Cell
    line: Line | None
    done: frozenset[int]
    begun: frozenset[int]
    is_open: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    thread: UUID
    name: str
    when: str
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """pains: the worst pain of each day, None where nobody said."""

    first: date
    rows: tuple[GridRow, ...]
    pains: tuple[int | None, ...]
    open_days: tuple[bool, ...]

    @property
    def days(self) -> tuple[date, ...]:
        return days_from(self.first)

    def open_cells(self) -> Iterator[tuple[GridRow, GridCell]]:
        for row in self.rows:
            yield from ((row, each) for each in row.cells if each.is_open)

    @property
    def shown_done(self) -> frozenset[Box]:
        return frozenset((row.thread, each.at, n) for row, each in self.open_cells() for n in each.done)


def grid_of(
    first: date,
    lines: Sequence[Line],
    pauses: Collection[Pause],
    spells: Collection[Spell],
    ticks: Mapping[date, Collection[SetDone]],
    pains: Mapping[date, int | None],
    *,
    today: date,
    thresholds: Thresholds,
) -> Grid:
    """lines: of every version in force on one of the days. A row is an exercise through all of them."""
    days = days_from(first)
    open_days = tuple(may_enter_paper(day, today, thresholds) for day in days)
    versions: dict[UUID, list[Line]] = {}
    for line in sorted(lines, key=lambda line: (-line.version.starts_on.toordinal(), ORDER[line.phase])):
        versions.setdefault(line.thread, []).append(line)
    rows = []
    for thread, of_thread in versions.items():
        newest = of_thread[0]
        cells = []
        for at, day in enumerate(days):
            in_force = next((each for each in of_thread if each.is_in_force(day)), None)
            standing = in_force and line_on(in_force, pauses, spells, day)
            cells.append(_cell(at, day, standing, ticks.get(day, ()), open_days[at]))
        rows.append(GridRow(thread, newest.plain_name, newest.dose.when, tuple(cells)))
    return Grid(first, tuple(rows), tuple(pains.get(day) for day in days), open_days)


def _cell(at: int, day: date, line: Line | None, ticks: Collection[SetDone], is_open: bool) -> GridCell:
    if line is None:
        return GridCell(at, Cell(day), None, frozenset(), frozenset(), False)
    asked = cell(line, day)
    mine = {tick[1:] for tick in ticks if tick[0] == line.thread}
    times = range(1, line.dose.times_per_day + 1)
    done = frozenset(n for n in times if all((n, *tick) in mine for tick in line.dose.ticks))
    begun = frozenset(n for n in times if any(tick[0] == n for tick in mine)) - done
    return GridCell(at, asked, line, done, begun, is_open and not asked.is_off)


@dataclass(slots=True)
class Said:
    """What the form says. numbers: how often, where a day takes a number. had: what it was shown as done with, and
    had_pains likewise. typed, errors: by the name of the field, where it is no such number."""

    ticks: set[Box] = field(default_factory=set)
    numbers: dict[Slot, int] = field(default_factory=dict)
    pains: dict[int, int | None] = field(default_factory=dict)
    had: frozenset[Box] = frozenset()
    had_pains: tuple[int | None, ...] = ()
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def shown(grid: Grid) -> Said:
    """The form as it is opened."""
    said = Said(had=grid.shown_done, had_pains=grid.pains, ticks=set(grid.shown_done))
    said.numbers = {(row.thread, each.at): len(each.done) for row, each in grid.open_cells() if each.cell.most}
    said.pains = dict(enumerate(grid.pains))
    return said


def everything(grid: Grid, said: Said, wanted: str) -> None:
    """Fills a row or a day of the form, as its button says: `day.3`, or `row.` and the thread."""
    kind, _, which = wanted.partition(".")
    for row, each in grid.open_cells():
        if (kind == "day" and which == str(each.at)) or (kind == "row" and which == str(row.thread)):
            said.ticks |= {(row.thread, each.at, n) for n in each.cell.each_box}
            # How often something was done as needed is nobody's to guess.
            if each.line and each.cell.most and not each.line.as_needed:
                said.numbers[row.thread, each.at] = each.cell.most
                said.typed.pop(number_name(row.thread, each.at), None)


def box_name(thread: UUID, at: int) -> str:
    return f"t-{thread}-{at}"


def number_name(thread: UUID, at: int) -> str:
    return f"n-{thread}-{at}"


def pain_name(at: int) -> str:
    return f"pain-{at}"


def had_text(had: Collection[Box], thread: UUID) -> str:
    return " ".join(f"{at}.{n}" for of, at, n in sorted(had, key=str) if of == thread)


@dataclass(frozen=True, slots=True)
class Change:
    line: Line
    day: date
    occasion: int


@dataclass(frozen=True, slots=True)
class Changes:
    done: tuple[Change, ...]
    undone: tuple[Change, ...]
    pains: dict[date, int | None]


def changes(grid: Grid, said: Said) -> Changes:
    """What staff changed, against the days as they stand now."""
    done, undone = list[Change](), list[Change]()
    for row, each in grid.open_cells():
        assert each.line
        had = {n for thread, at, n in said.had if (thread, at) == (row.thread, each.at)}
        if each.cell.most:
            wanted = said.numbers.get((row.thread, each.at), len(had))
            left = [n for n in range(1, each.cell.most + 1) if n not in each.done]
            more = left[: max(0, wanted - len(each.done))] if wanted > len(had) else []
            fewer = sorted(set(sorted(had)[wanted:]) & each.done)
        else:
            ticked = {n for n in each.cell.each_box if (row.thread, each.at, n) in said.ticks}
            more, fewer = sorted(ticked - had - each.done), sorted((had - ticked) & each.done)
        done += [Change(each.line, each.cell.day, n) for n in more]
        undone += [Change(each.line, each.cell.day, n) for n in fewer]
    pains = {
        grid.days[at]: pain
        for at, pain in said.pains.items()
        if grid.open_days[at] and at < len(said.had_pains) and pain != said.had_pains[at] and pain != grid.pains[at]
    }
    return Changes(tuple(done), tuple(undone), pains)

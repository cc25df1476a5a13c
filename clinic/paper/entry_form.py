"""The form of a returned page: which days, and the boxes as fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from clinic.paper.grid import (
    NUMBER,
    PAIN_MOST,
    Box,
    Grid,
    GridCell,
    Said,
    box_name,
    had_text,
    number_name,
    pain_name,
)
from clinic.paper.reading import last_two_weeks
from clinic.paper.sheet import DAYS
from patients.accounts.thresholds import Thresholds


class StartForm(forms.Form):
    start = forms.DateField(
        label=_("First day on the sheet"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("A date, please, as 2026-11-30.")},
    )

    def __init__(self, asked: Mapping[str, str], *, today: date, thresholds: Thresholds) -> None:
        self.today, self.thresholds = today, thresholds
        super().__init__({"start": asked.get("start") or last_two_weeks(today).isoformat()})

    def clean_start(self) -> date:
        start: date = self.cleaned_data["start"]
        if start > self.today:
            raise forms.ValidationError(gettext("These days are still to come."))
        earliest = self.today - timedelta(days=self.thresholds.paper_back_days + DAYS - 1)
        if start < earliest:
            back = self.thresholds.paper_back_days
            words = ngettext(
                "All of these days are more than %(n)d day ago. They are closed.",
                "All of these days are more than %(n)d days ago. They are closed.",
                back,
            )
            raise forms.ValidationError(words % {"n": back})
        return start


def said_in(posted: QueryDict, grid: Grid) -> Said:
    """Reads the fields of the grid; any others are nobody's."""
    said = Said(had=frozenset(_had(posted, grid)), had_pains=tuple(_had_pains(posted.get("had-pain", ""))))
    for row, each in grid.open_cells():
        if each.cell.most:
            number = _number(posted, number_name(row.thread, each.at), each.cell.most, said)
            said.numbers[row.thread, each.at] = number or 0
        else:
            ticked = posted.getlist(box_name(row.thread, each.at))
            said.ticks |= {(row.thread, each.at, n) for n in each.cell.each_box if str(n) in ticked}
    for at, is_open in enumerate(grid.open_days):
        if is_open:
            said.pains[at] = _number(posted, pain_name(at), PAIN_MOST, said)
    return said


def _number(posted: QueryDict, name: str, most: int, said: Said) -> int | None:
    text = posted.get(name, "").strip()
    said.typed[name] = text
    if not text:
        return None
    if not NUMBER.fullmatch(text) or int(text) > most:
        said.errors[name] = gettext("A whole number from 0 to %(most)d, or leave it empty.") % {"most": most}
        return None
    return int(text)


def _had(posted: QueryDict, grid: Grid) -> list[Box]:
    found = []
    for row in grid.rows:
        for text in posted.get(f"had-{row.thread}", "").split():
            at, _, n = text.partition(".")
            if NUMBER.fullmatch(at) and NUMBER.fullmatch(n):
                found.append((row.thread, int(at), int(n)))
    return found


def _had_pains(text: str) -> list[int | None]:
    parts = text.split(",") if text else []
    return [int(part) if NUMBER.fullmatch(part) else None for part in parts[:DAYS]]


@dataclass(frozen=True, slots=True)
class Field:
    """One cell as it is shown. boxes: number, whether it is ticked, whether it was begun."""

    at: int
    day: date
    name: str
    is_open: bool
    boxes: tuple[tuple[int, bool, bool], ...] = ()
    most: int = 0
    value: str = ""
    error: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    thread: UUID
    name: str
    when: str
    had: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    exercises: tuple[Row, ...]
    pains: tuple[Field, ...]
    had_pains: str
    errors: tuple[tuple[str, str], ...]


def rows_of(grid: Grid, said: Said) -> Rows:
    exercises = tuple(
        Row(
            row.thread, row.name, row.when, had_text(said.had, row.thread),
            tuple(_field(row.thread, each, said) for each in row.cells),
        )
        for row in grid.rows
    )  # fmt: skip
    pains = []
    for at, day in enumerate(grid.days):
        name, pain = pain_name(at), said.pains.get(at)
        value = said.typed.get(name, "" if pain is None else str(pain))
        mark = "" if grid.pains[at] is None else str(grid.pains[at])
        pains.append(
            Field(at, day, name, grid.open_days[at], value=value, error=said.errors.get(name, ""), mark=mark)
        )
    had = ",".join("" if pain is None else str(pain) for pain in said.had_pains)
    return Rows(exercises, tuple(pains), had, tuple(said.errors.items()))


def _field(thread: UUID, each: GridCell, said: Said) -> Field:
    day = each.cell.day
    if not each.is_open:
        # Closed, to come, or not asked for: what is ticked shows all the same.
        return Field(each.at, day, "", False, mark=str(len(each.done)) if each.done else "")
    if each.cell.most:
        name = number_name(thread, each.at)
        number = said.numbers.get((thread, each.at), 0)
        value = said.typed.get(name, str(number) if number else "")
        return Field(each.at, day, name, True, most=each.cell.most, value=value, error=said.errors.get(name, ""))
    boxes = tuple((n, (thread, each.at, n) in said.ticks, n in each.begun) for n in each.cell.each_box)
    return Field(each.at, day, box_name(thread, each.at), True, boxes=boxes)

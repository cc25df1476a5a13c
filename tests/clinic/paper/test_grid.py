"""What of a returned page is new: whatever was ticked before, meanwhile, and on paper."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from clinic.paper.grid import Grid, GridCell, GridRow, Said, changes
from clinic.paper.sheet import Cell

THREAD, DAY, MOST = UUID(int=1), date(2026, 11, 30), 6
LINE: Any = SimpleNamespace(thread=THREAD, as_needed=True)
times = st.frozensets(st.integers(1, MOST))


def grid(done: frozenset[int], *, counts: bool) -> Grid:
    cell = Cell(DAY, most=MOST) if counts else Cell(DAY, boxes=MOST)
    row = GridRow(THREAD, "Bridge", "", (GridCell(0, cell, LINE, done, frozenset(), True),))
    return Grid(DAY, (row,), (None,) * 14, (True,) * 14)


def said(had: frozenset[int], **fields) -> Said:
    return Said(had=frozenset((THREAD, 0, n) for n in had), had_pains=(None,) * 14, **fields)


def stored(now: frozenset[int], form: Said, *, counts: bool) -> frozenset[int]:
    """What is done once the form is saved; saved again, it changes nothing more."""
    new = changes(grid(now, counts=counts), form)
    assert not {each.occasion for each in new.done} & now
    after = (now | {each.occasion for each in new.done}) - {each.occasion for each in new.undone}
    again = changes(grid(after, counts=counts), form)
    assert (again.done, again.undone) == ((), ())
    return after


@given(had=times, now=times, paper=times)
def test_boxes_say_what_staff_changed_and_leave_the_rest(had, now, paper):
    after = stored(now, said(had, ticks={(THREAD, 0, n) for n in paper}), counts=False)

    assert after == (now | (paper - had)) - (had - paper)


@given(had=times, now=times, number=st.integers(0, MOST))
def test_number_never_takes_back_what_was_ticked_meanwhile(had, now, number):
    after = stored(now, said(had, numbers={(THREAD, 0): number}), counts=True)

    assert now - had <= after
    if had == now:
        assert len(after) == number
    if number == len(had):
        assert after == now


@given(had=st.none() | st.integers(0, 10), now=st.none() | st.integers(0, 10), paper=st.none() | st.integers(0, 10))
def test_pain_is_new_only_where_staff_changed_it(had, now, paper):
    stands = replace(grid(frozenset(), counts=False), pains=(now,) + (None,) * 13)
    form = Said(had_pains=(had,) + (None,) * 13, pains={0: paper})

    assert changes(stands, form).pains == ({DAY: paper} if paper not in (had, now) else {})

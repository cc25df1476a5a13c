"""Days without a log, counted from the week that a version carries, are the days its lines come to."""

from datetime import date, timedelta
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from clinic.caseload.asked import NOTHING_ASKED, PlanVersion, asked_on, days_from, last_day, so_far
from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.week_plan import week_plan
from clinic.today.plan import DayTally, tally
from clinic.today.reading import dose, planned_line

MONDAY = date(2026, 11, 16)
DOSES = st.sampled_from(
    [
        "3 x 10",
        "2 x 8, Mo-Fr",
        "10 min, 4 days/week",
        "3 x 30 s, each side, 2x/day",
        "1 x 5, 3x/day, Tu, Th",
        "5 min, 2x/day, 3 days/week",
    ]
)
LINES = st.lists(st.tuples(DOSES, st.sampled_from(["warm", "main", "cool", "desk"])), max_size=6)


@given(LINES, st.integers(0, 20), st.booleans())
def test_an_unlogged_day_asks_for_what_its_lines_ask_for(lines, days_on, is_paused):
    lines = [SimpleNamespace(dosage=parse(text), phase=phase) for text, phase in lines]
    day = MONDAY + timedelta(days=days_on)
    pauses = ((day, None),) if is_paused else ()
    version = PlanVersion("Plan", 1, MONDAY, None, week_plan(lines), pauses)
    planned = [
        planned_line(
            thread=str(n),
            phase=line.phase,
            dose=dose(line.dosage),
            starts=MONDAY,
            ends=None,
            ended=None,
            paused=is_paused,
        )
        for n, line in enumerate(lines)
    ]
    assert asked_on(day, [version]) == tally(planned, (), day)


def test_nothing_is_asked_before_the_first_day_or_after_the_last():
    week = week_plan([SimpleNamespace(dosage=parse("3 x 10"), phase="main")])
    version = PlanVersion("Plan", 1, MONDAY, MONDAY + timedelta(days=2), week)
    asked = [asked_on(MONDAY + timedelta(days=n), [version]).planned_slots for n in (-1, 0, 2, 3)]
    assert asked == [0, 1, 1, 0]


def test_a_version_that_somebody_ended_counts_until_the_day_before():
    assert last_day(None, None) is None
    assert last_day(MONDAY, None) == MONDAY
    assert last_day(None, MONDAY) == MONDAY - timedelta(days=1)
    assert last_day(MONDAY + timedelta(days=9), MONDAY) == MONDAY - timedelta(days=1)


def test_a_stored_day_wins_over_what_was_asked():
    stored = DayTally(MONDAY, planned_slots=4, done=2.5, touched_slots=3)
    version = PlanVersion("Plan", 1, MONDAY, None, NOTHING_ASKED)
    assert days_from(MONDAY, 2, {MONDAY: stored}, [version]) == [stored, DayTally(MONDAY + timedelta(days=1))]


def test_so_far_leaves_out_what_can_still_be_done():
    days = [
        DayTally(MONDAY + timedelta(days=n), planned_slots=3, done=3, touched_slots=3 if n < 2 else 0)
        for n in range(7)
    ]
    assert [day.planned_slots for day in so_far(days, MONDAY + timedelta(days=1))] == [3, 3, 0, 0, 0, 0, 0]
    assert [day.planned_slots for day in so_far(days, MONDAY + timedelta(days=2))] == [3, 3, 0, 0, 0, 0, 0]

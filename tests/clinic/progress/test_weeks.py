"""What a day is called and a week counts: no day that had a reason looks missed."""

from datetime import date, timedelta

import pytest

from clinic.caseload.adherence import week_adherence
from clinic.progress.weeks import DayFacts, Mark, Off, day_of, days_done, weeks_of
from clinic.today.plan import DayTally

MONDAY = date(2026, 5, 18)
TODAY = date(2026, 5, 31)  # a Sunday: the week before is closed
ASKED = {"planned_slots": 2}


def day(offset=0, *, said=(), on_hold=False, in_flare=False, **tally):
    return DayFacts(DayTally(MONDAY + timedelta(days=offset), **tally), frozenset(said), on_hold, in_flare)


def marked(facts, today=TODAY):
    found = day_of(facts, today)
    return found.mark, found.off


@pytest.mark.parametrize(
    ("facts", "mark", "off"),
    [
        (day(planned_slots=2, touched_slots=2, done=2), Mark.DONE, None),
        (day(planned_slots=2, touched_slots=1, done=0.5), Mark.DONE, None),
        (day(planned_slots=4, touched_slots=1, done=1), Mark.PART, None),
        (day(flexible_slots=3, flexible_days=3, flexible_touched=1, flexible_done=1), Mark.DONE, None),
        (day(**ASKED), Mark.QUIET, None),
        (day(**ASKED, said=["time"]), Mark.QUIET, None),
        (day(), Mark.FREE, None),
        (day(flexible_slots=3, flexible_days=3), Mark.FREE, None),
        (day(**ASKED, excused_slots=2, said=["unwell"]), Mark.OFF, Off.UNWELL),
        (
            day(**ASKED, said=["unwell"]),
            Mark.OFF,
            Off.UNWELL,
        ),  # said for too long to be excused, and ill all the same
        (day(**ASKED, excused_slots=2, said=["travel"]), Mark.OFF, Off.AWAY),
        (day(**ASKED, excused_slots=2, on_hold=True), Mark.OFF, Off.HOLD),
        (day(**ASKED, in_flare=True), Mark.OFF, Off.FLARE),
        (day(**ASKED, excused_slots=2, said=["pain"]), Mark.OFF, Off.PAIN),
        (day(**ASKED, excused_slots=2), Mark.OFF, Off.CLINIC),
        (day(**ASKED, touched_slots=2, done=2, in_flare=True, said=["unwell"]), Mark.DONE, None),
    ],
)
def test_day_is_called_what_it_was(facts, mark, off):
    assert marked(facts) == (mark, off)


@pytest.mark.parametrize(("ago", "mark"), [(-2, Mark.OPEN), (0, Mark.OPEN), (1, Mark.OPEN), (2, Mark.QUIET)])
def test_day_is_open_until_its_window_has_closed(ago, mark):
    assert marked(day(**ASKED), today=MONDAY + timedelta(days=ago))[0] is mark


def week(*facts):
    return weeks_of(facts, TODAY)[0]


def full(kinds, start=0):
    """A week as letters: x done, . nothing noted, - free, u unwell, h on hold."""
    days = {
        "x": lambda n: day(n, planned_slots=1, touched_slots=1, done=1),
        ".": lambda n: day(n, planned_slots=1),
        "-": lambda n: day(n),
        "u": lambda n: day(n, planned_slots=1, excused_slots=1, said=["unwell"]),
        "h": lambda n: day(n, planned_slots=1, excused_slots=1, on_hold=True),
    }
    return [days[kind](start + n) for n, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("kinds", "words", "notes"),
    [
        ("xxxx.--", "4 of 5 days", ()),
        ("xxxxx--", "5 of 5 days", ()),
        ("x------", "1 of 1 day", ()),
        ("xxuu.--", "2 of 3 days", ("unwell on 2 days",)),
        ("uuuuu--", "A week off", ("unwell on 5 days",)),
        ("hhh....", "0 of 4 days", ("3 days on hold by your clinic",)),
        ("-------", "No plan this week", ()),
    ],
)
def test_week_in_words(kinds, words, notes):
    found = week(*full(kinds))

    assert (found.words, found.notes) == (words, notes)


def test_current_week_is_counted_so_far():
    found = weeks_of(full("xx.....", start=14), date(2026, 6, 3))[0]

    assert found.is_current
    assert found.words == "2 of 7 days so far"


def test_more_than_asked_is_no_fraction():
    more = [day(n, flexible_slots=3, flexible_days=3, flexible_touched=1, flexible_done=1) for n in range(5)]
    rest = [day(n, flexible_slots=3, flexible_days=3) for n in (5, 6)]

    assert week(*more, *rest).words == "5 days"


def test_patient_and_clinician_count_alike():
    facts = full("xxu.h--")
    counted = week_adherence([each.tally for each in facts], TODAY)

    found = week(*facts)

    assert (found.done, found.planned) == (counted.session_days_done, counted.session_days_planned) == (2, 3)


def test_little_is_said_as_well():
    facts = [day(n, planned_slots=4, touched_slots=1, done=1) if n < 2 else day(n) for n in range(7)]

    assert week(*facts).notes == ("a little on 2 days",)


def test_weeks_before_the_plan_are_left_out_and_the_newest_comes_first():
    found = weeks_of([*full("-------", -7), *full("xx....."), *full("-------", 7)], TODAY)

    assert [each.start for each in found] == [MONDAY + timedelta(days=7), MONDAY]
    assert days_done(found) == [MONDAY, MONDAY + timedelta(days=1)]


def test_each_day_is_said_to_those_who_cannot_see_it():
    assert week(*full("x.u-h--")).label == (
        "Monday: done; Tuesday: nothing noted; Wednesday: unwell; Thursday: free; Friday: on hold; Saturday: free; "
        "Sunday: free"
    )

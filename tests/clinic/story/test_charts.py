"""The charts of a story: what they say, and where things go on their one axis."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.caseload.adherence import WeekAdherence
from clinic.story.charts import Course, Function, WeekPoint, path, svg, week_points

START = date(2026, 3, 2)
WEEK = timedelta(days=7)


def week(n, share=1.0, usual=None, worst=None, planned=4):
    done = round((share or 0) * planned)
    return WeekPoint(START + n * WEEK, share if planned else None, done, planned, usual, worst)


def test_weeks_hold_the_median_and_the_worst_of_their_own_days():
    asked = WeekAdherence(0.5, 0.5, 2, 4, 0)
    weeks = [(START, asked), (START + WEEK, asked)]
    pains = [(START, 2), (START + timedelta(days=3), 7), (START + timedelta(days=6), 3), (START + WEEK, 9)]

    first, second = week_points(weeks, pains)

    assert (first.usual, first.worst, second.usual, second.worst) == (3, 7, 9, 9)
    assert (first.share, first.done, first.planned) == (0.5, 2, 4)


def test_sentence_says_what_is_drawn():
    function = Function("PSFS", 0, 10, True, ((START, 3.5), (START + WEEK, 6)))
    course = Course((week(0, 0.5, 6, 8), week(1, 1, 2.5, 4)), function, flares=((START, START),))

    assert course.sentence == (
        "6 of 8 planned days done. Median pain of the week from 6 to 2.5 of 10. PSFS from 3.5 to 6. Flare-ups from: 2 Mar."
    )


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        ((week(0, None, planned=0),), "Nothing was planned in these weeks. No pain answers."),
        ((week(0, 1, 4, 5), week(1)), "8 of 8 planned days done. Median pain of the week 4 of 10."),
    ],
)
def test_sentence_says_what_is_not_known(weeks, said):
    assert Course(weeks).sentence == said


def test_course_is_blank_until_something_was_planned_or_answered():
    assert Course((week(0, None, planned=0),)).is_blank
    assert not Course((week(0, None, usual=3, worst=3, planned=0),)).is_blank


def test_line_is_broken_where_nobody_answered():
    assert path([(1, 2), (3, 4), None, (5, 6)]) == "M1 2L3 4M5 6"


def test_version_goes_through_all_panels_at_its_own_day():
    function = Function("PSFS", 0, 10, True, ((START + WEEK, 5),))
    drawn = svg(Course((week(0), week(1)), function, marks=((START + WEEK, "Version 2"),)), width=462)

    x, bottom = re.search(r'class="ev" d="M(\S+) 6V(\d+)"', drawn).groups()
    assert float(x) == 34 + (462 - 34 - 8) / 2
    assert int(bottom) == max(int(y) for y in re.findall(r'class="grid" d="M34 (\d+)(?:\.0)?H', drawn))
    assert ">Version 2</text>" in drawn


def test_words_of_marks_do_not_run_into_each_other():
    marks = tuple((START + timedelta(days=n), f"Version {n}") for n in range(1, 8))

    drawn = svg(Course(tuple(week(n) for n in range(12)), marks=marks), width=360)

    assert drawn.count('class="ev"') == 7
    assert len(re.findall(r">Version \d<", drawn)) == 1


@given(
    st.lists(st.tuples(st.one_of(st.none(), st.floats(0, 1)), st.integers(0, 10)), min_size=1, max_size=104),
    st.lists(st.tuples(st.integers(-30, 800), st.integers(0, 90)), max_size=5),
    st.sampled_from([360, 940]),
)
def test_nothing_is_drawn_outside(weeks, flares, width):
    course = Course(
        tuple(
            week(n, share, worst, worst, planned=0 if share is None else 4) for n, (share, worst) in enumerate(weeks)
        ),
        Function("ODI", 0, 100, False, ((START, 40),)),
        flares=tuple((START + timedelta(days=n), START + timedelta(days=n + more)) for n, more in flares),
    )

    drawn = svg(course, width=width)

    height = int(re.search(r'viewBox="0 0 \d+ (\d+)"', drawn)[1])
    for x, y, wide, high in re.findall(
        r'<rect class="\w[\w ]*" x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"', drawn
    ):
        assert float(x) >= 0 and float(x) + float(wide) <= width + 3
        assert float(y) >= 0 and float(y) + float(high) <= height
    for x, y in re.findall(r'<circle class="d\d" cx="(\S+)" cy="(\S+)"', drawn):
        assert 0 <= float(x) <= width and 0 <= float(y) <= height

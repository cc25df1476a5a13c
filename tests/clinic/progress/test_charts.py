"""Charts as values: the same layout for the page and for the paper."""

from datetime import date, timedelta

from clinic.progress.changes import Strip
from clinic.progress.charts import Chart, Line, Place, strip_svg, svg

MONDAY = date(2026, 5, 4)


def chart(*values, marks=(), title="Pain"):
    points = tuple((MONDAY + timedelta(weeks=n), value) for n, value in enumerate(values))
    return Chart(title, "It fell.", (Line("Usual", points),), tuple(marks))


def test_point_alone_is_no_course():
    assert svg(chart(3)) == svg(chart(None, 3, None)) == ""


def test_line_is_broken_where_nobody_answered():
    assert len(Place(chart(5, 4, None, 3, 2), 340, 190).runs(chart(5, 4, None, 3, 2).lines[0])) == 2
    assert svg(chart(5, 4, None, 3, 2)).count("<polyline") == 2


def test_ends_of_the_scale_lie_on_the_grid():
    place = Place(chart(10, 0), 340, 190)

    assert [y for y, _ in place.grid] == [place.y(0), place.y(5), place.y(10)] == [164, 94, 24]


def test_sentence_is_its_name_and_what_was_typed_is_text():
    drawn = svg(chart(3, 2, title="<b>Pain"))

    assert 'aria-label="&lt;b&gt;Pain. It fell."' in drawn


def test_change_of_plan_is_marked_within_the_time_shown():
    inside, outside = (MONDAY + timedelta(weeks=1), "Version 2"), (MONDAY - timedelta(weeks=5), "Version 1")
    drawn = svg(chart(3, 2, 1, marks=[outside, inside]))

    assert drawn.count('class="version"') == 1
    assert "Version 2" in drawn and "Version 1" not in drawn


def test_numbers_are_listed_newest_first():
    assert chart(3, None, 1).rows == [(MONDAY + timedelta(weeks=2), [1]), (MONDAY, [3])]


def test_strip_says_nothing_that_is_not_said_beside_it():
    assert 'aria-hidden="true"' in strip_svg(Strip(2, 7))

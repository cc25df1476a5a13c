from datetime import date, timedelta

from clinic.today.weeks import PainDay, WeekCount, pain_chart

MONDAY = date(2026, 5, 18)


def count(done, asked, is_current=False):
    return WeekCount(MONDAY, done, asked, is_current).words


def test_week_is_counted_in_days():
    assert count(4, 5) == "4 of 5 days"
    assert count(0, 5) == "0 of 5 days"
    assert count(1, 1) == "1 of 1 day"


def test_current_week_is_not_over():
    assert count(2, 5, is_current=True) == "2 of 5 days so far"
    assert count(5, 5, is_current=True) == "5 of 5 days"


def test_more_than_asked_is_no_fraction():
    assert count(6, 5) == "6 days"


def test_week_without_a_plan():
    assert count(0, 0) == "No plan this week"
    assert count(1, 0) == "1 day"


def pain(*scores):
    return [PainDay(MONDAY + timedelta(days=n), None, score) for n, score in enumerate(scores)]


def test_pain_chart_needs_two_answers():
    assert pain_chart(pain(3)) is None
    assert pain_chart(pain(None, None, 3)) is None
    assert pain_chart(pain(3, 3)) is not None


def test_pain_chart_runs_from_the_first_to_the_last_answer():
    chart = pain_chart(pain(None, 10, 5, None, 0))

    assert (chart.first, chart.last) == (MONDAY + timedelta(days=1), MONDAY + timedelta(days=4))
    assert chart.after_dots == ((24, 10), (126, 70), (330, 130))
    assert chart.after == "24,10 126,70 330,130"
    assert chart.before == ""


def test_pain_chart_says_first_and_last_week_side_by_side():
    chart = pain_chart(pain(*[6] * 7, *[2] * 7))

    assert chart.words == "About 2 of 10 in your last week (mild). In your first week it was about 6."


def test_two_answers_on_one_day_are_no_division_by_zero():
    assert pain_chart([PainDay(MONDAY, 4, 2), PainDay(MONDAY, 5, 3)]).last == MONDAY

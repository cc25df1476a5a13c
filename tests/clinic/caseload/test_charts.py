from datetime import date, timedelta

from clinic.caseload.adherence import WeekAdherence
from clinic.caseload.charts import heat, level, pain_chart, pain_sentence, sessions_chart, sessions_sentence, spark

MONDAY = date(2026, 11, 16)


def week(done, planned):
    return WeekAdherence(done / planned if planned else None, None, done, planned, 0)


def test_a_week_takes_the_band_of_its_frequency():
    assert [level(week(*counts)) for counts in ((0, 0), (0, 5), (2, 5), (3, 5), (4, 5))] == [
        "off",
        "h0",
        "h1",
        "h3",
        "h4",
    ]


def test_beads_say_each_week_in_words():
    label = 'aria-label="Sessions done by week, last 3 weeks: no plan or paused, none, 80 % or more"'
    assert label in heat([week(0, 0), week(0, 3), week(3, 3)])


def test_a_spark_names_its_first_and_last_score():
    pains = [(MONDAY, 6), (MONDAY + timedelta(days=3), 2)]
    assert 'aria-label="Pain over 4 weeks, from 6 to 2"' in spark(pains, MONDAY + timedelta(days=4), 28)
    assert spark([], MONDAY, 28) == ""
    assert 'aria-label="Pain 0, one answer"' in spark([(MONDAY, 0)], MONDAY, 28)


def test_pain_is_told_in_a_sentence():
    assert pain_sentence([]) == "No pain answers yet."
    assert pain_sentence([0]) == "Worst pain 0 of 10 in the one week with an answer."
    assert pain_sentence([6, 8, 3]) == (
        "Worst pain of the week fell from 6 to 3 of 10 over 3 weeks with an answer, with a peak of 8."
    )
    assert pain_sentence([4, 4]) == "Worst pain of the week stayed at 4 of 10 over 2 weeks with an answer."


def test_the_pain_line_breaks_where_a_week_has_no_answer():
    weeks = [(MONDAY + timedelta(weeks=n), score) for n, score in enumerate((5, 4, None, 3, 2))]
    drawn = pain_chart(weeks, [(MONDAY + timedelta(weeks=2), "Version <2>")])
    path = drawn.split('class="l2" d="')[1].split('"')[0]
    assert path.count("M") == 2
    assert path.count("L") == 2
    assert "Version &lt;2&gt;" in drawn


def test_a_chart_without_any_answer_still_says_so():
    drawn = pain_chart([(MONDAY + timedelta(weeks=n), None) for n in range(12)], [])
    assert 'aria-label="No pain answers yet."' in drawn


def test_sessions_say_in_how_many_weeks_the_plan_was_met():
    weeks = [week(0, 0), week(3, 3), week(1, 3)]
    assert sessions_sentence(weeks) == (
        "Days with a session, each week against the plan: all of them done in 1 of 2 weeks with a plan."
    )
    assert sessions_sentence([week(0, 0)]) == "Nothing was planned in these weeks."
    drawn = sessions_chart([(MONDAY + timedelta(weeks=n), each) for n, each in enumerate(weeks)])
    assert drawn.count("<rect") == 2
    assert drawn.count('class="plan"') == 2

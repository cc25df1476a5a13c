"""First beside latest in the patient's words; whether it matters is the clinical source's to say."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from clinic.progress.changes import Verdict, changes_of, trend_of
from clinic.progress.sentences import Trend
from clinic.progress.sheet import PainSaid, function_chart, pain_chart
from patients.outcomes.history import Answer, Series
from patients.outcomes.measures import ACTIVITY, GROC, NPRS, PSFS
from patients.outcomes.scoring import score_of

START = date(2026, 3, 2)
NAMES = {"1": "Tie my shoes", "2": "Sit through a film", "3": "Dig the garden"}


def series(measure, *answers):
    rows = [
        Answer(START + timedelta(weeks=2 * n), score_of(measure, items), items) for n, items in enumerate(answers)
    ]
    return Series(measure, tuple(rows), START)


def able(*values):
    return {str(n): value for n, value in enumerate(values, 1)}


def week(value, **more):
    return {"week": value} | more


@pytest.mark.parametrize(
    ("then", "now", "verdict"),
    [
        (6, 4, Verdict.BETTER),
        (9, 7, Verdict.MAYBE_BETTER),
        (6, 5, Verdict.SAME),
        (4, 6, Verdict.WORSE),
        (8, 10, Verdict.MAYBE_WORSE),
        (0, 0, Verdict.SAME),
    ],
)
def test_pain_by_the_clinical_source(then, now, verdict):
    (pain,) = changes_of([series(NPRS, week(then), week(now))], {})

    assert pain.verdict is verdict


def test_activities_are_the_patients_own_words_and_each_needs_its_own_points():
    changes = changes_of([series(PSFS, able(2, 4, 5), able(6, 6, 1))], NAMES)

    assert [(each.name, each.verdict) for each in changes] == [
        ("Tie my shoes", Verdict.BETTER),
        ("Sit through a film", Verdict.SAME),  # 2 points of one activity are within the error
        ("Dig the garden", Verdict.WORSE),
    ]
    assert (changes[0].then, changes[0].now) == ("2 of 10, very hard", "6 of 10, a bit more than half")
    assert (changes[0].strip.then, changes[0].strip.now) == (2, 6)


def test_activity_named_later_starts_where_it_is_and_one_without_a_name_is_left_out():
    changes = changes_of([series(PSFS, able(2, 2, 2), {"1": 2, "2": 2, "4": 5, "9": 1})], NAMES | {"4": "Drive"})

    assert [(each.name, each.verdict) for each in changes] == [
        ("Tie my shoes", Verdict.SAME),
        ("Sit through a film", Verdict.SAME),
        ("Drive", Verdict.FIRST),
    ]


def test_one_answer_is_a_start_and_no_change():
    (pain,) = changes_of([series(NPRS, week(5))], {})

    assert pain.verdict is Verdict.FIRST
    assert pain.verdict.words.startswith("This is where you start.")


def test_all_in_all_is_itself_a_change():
    (all_in_all,) = changes_of([series(GROC, {"change": 3})], {})

    assert (all_in_all.then, all_in_all.now, all_in_all.verdict) == ("", "Much better", Verdict.BETTER)


def test_all_in_all_a_little_better_is_not_contradicted():
    (all_in_all,) = changes_of([series(GROC, {"change": 1})], {})

    assert (all_in_all.now, all_in_all.verdict) == ("A little better", Verdict.UNJUDGED)


def test_moving_about_has_no_number_that_matters_and_is_not_judged():
    (moving,) = changes_of([series(ACTIVITY, {"days": 3, "minutes": 25}, {"days": 5, "minutes": 25})], {})

    assert (moving.then, moving.now) == ("75 minutes a week", "125 minutes a week")
    assert moving.verdict.words == moving.verdict.short == ""


def test_worse_says_what_to_do_and_not_whose_fault_it_is():
    assert Verdict.WORSE.words == "Clearly harder. Please tell your clinic."


def test_every_verdict_has_its_words():
    for verdict in Verdict:
        assert bool(verdict.words) == bool(verdict.short) == (verdict is not Verdict.UNJUDGED)


BETTER, WORSE = series(NPRS, week(6), week(3)), series(PSFS, able(6, 6, 6), able(2, 2, 2))
SAME, ONCE = series(NPRS, week(6), week(5)), series(NPRS, week(6))


@pytest.mark.parametrize(
    ("known", "trend"),
    [
        ([], Trend.UNKNOWN),
        ([ONCE], Trend.UNKNOWN),
        ([series(ACTIVITY, {"days": 0}, {"days": 7, "minutes": 60})], Trend.UNKNOWN),
        ([SAME], Trend.SAME),
        ([series(NPRS, week(9), week(7))], Trend.SAME),  # perhaps better is not better
        ([BETTER, ONCE], Trend.BETTER),
        ([WORSE, SAME], Trend.WORSE),
        ([BETTER, WORSE], Trend.MIXED),
    ],
)
def test_trend_claims_only_what_matters(known, trend):
    assert trend_of(known) is trend


WEEKS = [START + timedelta(weeks=n) for n in range(3)]


def values(chart):
    return [[value for _, value in line.points] for line in chart.lines]


def test_pain_of_a_week_is_its_middle_and_its_worst():
    said = [PainSaid(START, 3, 6), PainSaid(START + timedelta(days=1), 5, None), PainSaid(WEEKS[2], 4, 2)]

    chart = pain_chart(WEEKS, said, None, ())

    assert values(chart) == [[4, None, 4], [6, None, 4]]


def test_own_answer_for_the_week_goes_before_the_middle():
    nprs = Series(NPRS, (Answer(WEEKS[0], Decimal(7), {"week": 7, "worst": 9}),), START)

    chart = pain_chart(WEEKS[:1], [PainSaid(START, 3, 4)], nprs, ())

    assert values(chart) == [[7], [9]]
    assert chart.sentence == "Usually 7 of 10, strong. At its worst 9."


def test_pain_sentence_puts_first_and_latest_side_by_side():
    chart = pain_chart(WEEKS, [PainSaid(WEEKS[0], 6, 8), PainSaid(WEEKS[2], 2, 3)], None, ())

    assert chart.sentence == (
        "Lately it was usually 2 of 10, mild, and 3 at its worst. In the first week here: 6, and 8."
    )


def test_worst_alone_is_told_too():
    assert (
        pain_chart(WEEKS, [PainSaid(WEEKS[0], None, 8)], None, ()).sentence
        == "At its worst it was 8 of 10, very strong."
    )


def test_nothing_said_is_no_chart():
    assert pain_chart(WEEKS, [], None, ()) is None
    assert function_chart(None, ()) is None


def test_function_is_drawn_from_this_episode_on():
    before = Answer(START - timedelta(days=90), Decimal(9), able(9, 9, 9))
    psfs = Series(PSFS, (before, *series(PSFS, able(2, 3, 4), able(7, 7, 7)).answers), START)

    chart = function_chart(psfs, ())

    assert values(chart) == [[3.0, 7.0]]
    assert chart.sentence == "About 7 of 10 now. At the start it was about 3."

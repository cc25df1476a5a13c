from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.flare.models import FlareUp
from clinic.flare.rules import (
    ACUTE_BLOCKS,
    Because,
    Movement,
    PainDay,
    exit_is_offered,
    extended,
    first_last_day,
    flare_is_offered,
    gentle,
    has_risen,
    is_again,
    is_long,
    longest,
    usual_pain,
)
from patients.accounts.thresholds import Thresholds

TODAY = date(2026, 11, 20)


def ago(days):
    return TODAY - timedelta(days=days)


def pains(*scores):
    """The last answer is today's, the one before it yesterday's, and so on; None is a day without an answer."""
    return [PainDay(ago(n), score) for n, score in enumerate(reversed(scores)) if score is not None]


def offer(answers=(), stops=(), **more):
    return flare_is_offered(answers=answers, stops=stops, today=TODAY, **more)


# FLARE-1


@pytest.mark.parametrize(
    ("scores", "risen"),
    [
        ((3, 3, 3, 3, 3, 5, 5), True),
        ((3, 3, 3, 3, 3, 5, 4), False),
        ((3, 3, 3, 3, 3, 4, 9), False),  # not yet for more than a day
        ((3, 3, 3, 3, 3, None, 6), False),
        ((3, 4, 3, 6, 5), True),
        ((6, 6), False),  # nothing is usual yet
        ((0, 2, 2), True),
        ((2, 3, 5, 5), True),
        ((2, 4, 4, 4), False),
    ],
)
def test_flare1_pain_two_points_over_the_usual_on_two_days_running_is_a_rise(scores, risen):
    assert has_risen(pains(*scores), TODAY) is risen


def test_flare1_a_rise_follows_the_clinics_own_number():
    answers = pains(3, 3, 3, 5, 5)
    assert has_risen(answers, TODAY)
    assert not has_risen(answers, TODAY, Thresholds(flare_rise=3))


def test_flare1_the_usual_pain_is_the_median_of_the_seven_days_before():
    answers = [PainDay(ago(n), score) for n, score in enumerate([9, 1, 2, 3, 4, 5, 6, 7, 0])]
    assert usual_pain(answers, TODAY) == 4
    assert usual_pain([PainDay(ago(8), 5)], TODAY) is None


def test_flare1_two_stops_in_seven_days_offer_the_gentle_plan():
    assert offer(stops=[ago(0), ago(6)]) is Because.STOPS
    assert offer(stops=[ago(0), ago(0)]) is Because.STOPS
    assert offer(stops=[ago(0), ago(7)]) is None
    assert offer(stops=[ago(0)]) is None
    assert offer(stops=[ago(0)], thresholds=Thresholds(stops=1)) is Because.STOPS


def test_flare1_a_rise_offers_it_too():
    assert offer(pains(3, 3, 5, 6)) is Because.RISE
    assert offer(pains(3, 3, 3, 3)) is None


def test_reasons_are_those_of_the_record():
    assert [each.value for each in Because] == FlareUp.Because.values


# FLARE-3


@pytest.mark.parametrize(
    ("level", "tags", "stays"),
    [
        (1, (), True),
        (2, ("supine", "flexion", "breath-hold"), True),
        (3, (), False),
        (0, (), False),
        (1, ("rotation",), False),
        (2, ("supine", "heavy-lift"), False),
    ],
)
def test_flare3_levels_one_and_two_stay_without_what_the_acute_phase_blocks(level, tags, stays):
    assert gentle(Movement(level, frozenset(tags))) is stays


@given(st.integers(1, 5), st.frozensets(st.sampled_from([*ACUTE_BLOCKS, "supine", "floor"])))
def test_flare3_no_blocked_movement_is_ever_gentle(level, tags):
    if tags & ACUTE_BLOCKS or level > 2:
        assert not gentle(Movement(level, tags))


# FLARE-4


def test_flare4_it_starts_with_three_days_and_reaches_seven():
    assert first_last_day(TODAY) == TODAY + timedelta(days=2)
    assert longest(TODAY) == TODAY + timedelta(days=6)
    assert extended(TODAY, ago(-2), TODAY) == ago(-5)
    assert extended(TODAY, ago(-5), TODAY) == ago(-6)
    assert extended(TODAY, ago(-6), TODAY) is None


def test_flare4_more_days_after_a_gap_count_from_today():
    assert extended(ago(4), ago(2), TODAY) == ago(-2)
    assert extended(ago(7), ago(2), TODAY) is None


def test_flare4_on_day_eight_it_is_long():
    assert [is_long(ago(n), TODAY) for n in (0, 6, 7, 20)] == [False, False, True, True]


@given(st.integers(0, 20), st.integers(0, 20), st.integers(1, 7), st.integers(3, 14))
def test_flare4_no_extension_passes_the_longest_or_ends_in_the_past(begun, used, days, most):
    thresholds = Thresholds(flare_days=days, flare_days_max=most)
    from_day = ago(begun)
    until_day = min(from_day + timedelta(days=used), longest(from_day, thresholds))
    new = extended(from_day, until_day, TODAY, thresholds)
    if new is not None:
        assert until_day < new <= longest(from_day, thresholds)
        assert new >= TODAY


# FLARE-5


@pytest.mark.parametrize(
    ("scores", "offered"),
    [
        ((3, 3, 3, 8, 4, 4), True),
        ((3, 3, 3, 8, 5, 4), False),
        ((3, 3, 3, 8, 4, None), False),
        ((3, 3, 3, 4, None, 3), True),
        ((None, None, None, 8, 2, 2), True),
        ((None, None, None, 8, 3, 2), False),
    ],
)
def test_flare5_the_way_back_is_offered_after_two_days_near_the_usual(scores, offered):
    assert exit_is_offered(pains(*scores), ago(2), TODAY) is offered


def test_flare5_a_second_one_within_28_days_is_reviewed():
    assert is_again(TODAY, [ago(28)])
    assert not is_again(TODAY, [ago(29)])
    assert not is_again(TODAY, [])
    assert is_again(TODAY, [ago(40)], Thresholds(flare_again_days=60))

"""The pain rules, PAIN-1 to PAIN-7: every vector of the specification, and what must always hold."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.today.pain import (
    Change,
    Concern,
    Course,
    Decision,
    Said,
    Zone,
    asks_morning,
    change,
    concerns,
    count_stops,
    course,
    decide,
    is_rising,
    trend,
    working_days,
    zone,
)
from patients.accounts.thresholds import DEFAULTS, Thresholds
from patients.records.pain_limits import Limits, limits_from

DAY = date(2026, 11, 18)
USUAL = Limits(2, 5)
MILDEST_FIRST = list(Decision)


def ago(days):
    return DAY - timedelta(days=days)


# PAIN-2


@pytest.mark.parametrize(
    ("worst", "expected"),
    [(0, Zone.GREEN), (2, Zone.GREEN), (3, Zone.AMBER), (5, Zone.AMBER), (6, Zone.RED), (10, Zone.RED)],
)
def test_zone_is_that_of_the_worst_pain(worst, expected):
    assert zone(worst) is expected


@pytest.mark.parametrize(
    ("worst", "green_to", "amber_to", "expected"),
    [
        (4, 2, 3, Zone.RED),
        (3, 2, 3, Zone.AMBER),
        (7, 2, 7, Zone.AMBER),
        (8, 2, 7, Zone.RED),
        (4, 4, 5, Zone.GREEN),
        (5, 4, 5, Zone.AMBER),
        (4, 4, 3, Zone.RED),
    ],
)
def test_personal_limits_move_the_zones_and_the_ceiling_is_the_stronger(worst, green_to, amber_to, expected):
    assert zone(worst, green_to, amber_to) is expected


def test_what_is_not_set_for_the_patient_is_the_clinics():
    rules = Thresholds(green_to=1, amber_to=4)

    assert limits_from(rules, None, None) == Limits(1, 4)
    assert limits_from(rules, 3, None) == Limits(3, 4)
    assert limits_from(rules, None, 7) == Limits(1, 7)


def test_green_of_the_clinic_ends_at_a_lower_ceiling():
    assert limits_from(Thresholds(green_to=4), None, 3) == Limits(3, 3)


# PAIN-3


@pytest.mark.parametrize(
    ("before", "morning", "expected"),
    [
        (3, 3, Change.SETTLED),
        (3, 4, Change.SETTLED),
        (3, 0, Change.SETTLED),
        (3, 5, Change.RAISED),
        (0, 2, Change.RAISED),
        (0, 0, Change.SETTLED),
        (3, None, Change.UNKNOWN),
        (None, 3, Change.UNKNOWN),
    ],
)
def test_next_morning_is_compared_with_before(before, morning, expected):
    assert change(before, morning) is expected


# PAIN-4


def decided(worst, rise, limits=USUAL):
    before = 3
    morning = None if rise is None else before + rise
    return Said(before=before, worst=worst, morning=morning).decision(limits)


@pytest.mark.parametrize(
    ("worst", "rise", "expected"),
    [
        (2, 0, Decision.GO),
        (2, None, Decision.HOLD),
        (4, 1, Decision.HOLD),
        (4, None, Decision.HOLD),
        (3, 2, Decision.STEP_BACK),
        (1, 2, Decision.STEP_BACK),
        (6, -1, Decision.STOP),
        (6, 0, Decision.STOP),
        (6, 2, Decision.STOP),
        (6, None, Decision.STOP),
    ],
)
def test_decision_grid(worst, rise, expected):
    assert decided(worst, rise) is expected


def test_lower_ceiling_stops_earlier():
    assert decided(4, 0, Limits(2, 3)) is Decision.STOP


def test_higher_green_limit_lets_a_settled_session_progress():
    assert decided(4, 0) is Decision.HOLD
    assert decided(4, 0, Limits(4, 5)) is Decision.GO


def test_without_a_worst_pain_it_is_never_go():
    assert Said(before=2, morning=2).decision(USUAL) is Decision.HOLD
    assert Said(before=2, morning=4).decision(USUAL) is Decision.STEP_BACK


scores = st.integers(0, 10)
answers = st.none() | scores
limits = st.builds(limits_from, st.just(DEFAULTS), st.none() | st.integers(2, 4), st.none() | st.integers(3, 7))
placed = {
    "moved": st.sampled_from(["", "toward", "not", "away"]),
    "lasted": st.sampled_from([None, True, False]),
    "is_numb": st.sampled_from([None, True, False]),
}
saids = st.builds(Said, before=answers, worst=answers, morning=answers, **placed)


def rank(decision):
    return MILDEST_FIRST.index(decision)


@given(saids, limits, answers)
def test_a_stop_never_turns_into_go_by_another_morning(said, own, morning):
    if said.decision(own) is Decision.STOP:
        other = Said(said.before, said.worst, morning, said.moved, said.lasted, said.is_numb)

        assert other.decision(own) is Decision.STOP


@given(saids, limits, scores, scores)
def test_a_higher_worst_pain_never_gives_a_milder_decision(said, own, one, another):
    low, high = sorted((one, another))

    def with_worst(worst):
        return Said(said.before, worst, said.morning, said.moved, said.lasted, said.is_numb).decision(own)

    assert rank(with_worst(low)) <= rank(with_worst(high))


@given(saids, limits, scores, scores)
def test_a_worse_morning_never_gives_a_milder_decision(said, own, one, another):
    low, high = sorted((one, another))

    def with_morning(morning):
        return Said(said.before, said.worst, morning, said.moved, said.lasted, said.is_numb).decision(own)

    assert rank(with_morning(low)) <= rank(with_morning(high))


@given(scores, st.integers(2, 4), st.integers(3, 7), st.integers(3, 7))
def test_a_lower_ceiling_never_gives_a_milder_zone(worst, green, one, another):
    low, high = sorted((one, another))

    assert list(Zone).index(zone(worst, green, low)) >= list(Zone).index(zone(worst, green, high))


@given(saids, limits)
def test_go_needs_green_and_a_settled_morning(said, own):
    if said.decision(own) is Decision.GO:
        assert said.worst is not None and said.worst <= own.green_to
        assert said.change() is Change.SETTLED
        assert said.course is Course.CARRY_ON


# PAIN-5


def test_stops_of_seven_days_are_counted_and_a_session_counts_once():
    stopped = [(ago(1), 1), (ago(7), 1)]
    red = [(ago(1), 1), (ago(1), 2), (ago(6), 1), (ago(8), 1)]

    assert count_stops(stopped, red, DAY) == 3


def test_two_exercises_stopped_in_one_session_are_two_stops():
    assert count_stops([(DAY, 1), (DAY, 1)], [(DAY, 1)], DAY) == 2


def test_what_comes_after_the_day_is_not_counted():
    assert count_stops([(DAY + timedelta(days=1), 1)], [], DAY) == 0


@pytest.mark.parametrize(
    ("stops", "given_scores", "before", "expected"),
    [
        (1, (3, 6, None), 3, ()),
        (2, (3, 6, None), 3, (Concern.STOPS,)),
        (0, (3, 8, None), 3, (Concern.SEVERE,)),
        (0, (3, 4, 8), 3, (Concern.SEVERE,)),
        (0, (7, 7, None), 7, (Concern.BEFORE_HIGH,)),
        (0, (6, 7, None), 6, ()),
        (0, (8, None, None), 8, (Concern.SEVERE, Concern.BEFORE_HIGH)),
        (3, (9, 9, 9), 9, (Concern.STOPS, Concern.SEVERE, Concern.BEFORE_HIGH)),
    ],
)
def test_two_stops_a_severe_score_or_much_pain_before_raise_concern(stops, given_scores, before, expected):
    assert concerns(stops=stops, scores=given_scores, before=before) == expected


@pytest.mark.parametrize(
    ("weekday", "days"), [("2026-11-16", 2), ("2026-11-19", 4), ("2026-11-20", 4), ("2026-11-21", 3)]
)
def test_two_working_days_leave_out_the_weekend(weekday, days):
    now = datetime.fromisoformat(f"{weekday}T15:00+00:00")

    assert working_days(now, 2) == timedelta(days=days)


# PAIN-6


@pytest.mark.parametrize(
    ("moved", "lasted", "is_numb", "expected"),
    [
        ("", None, None, Course.CARRY_ON),
        ("not", None, False, Course.CARRY_ON),
        ("toward", None, False, Course.CARRY_ON),
        ("away", False, False, Course.CARRY_ON),
        ("away", None, None, Course.CARRY_ON),
        ("away", True, False, Course.WITHHOLD),
        ("away", True, True, Course.CHECK),
        ("toward", None, True, Course.CHECK),
    ],
)
def test_place_decides_before_the_score(moved, lasted, is_numb, expected):
    assert course(moved=moved, lasted=lasted, is_numb=is_numb) is expected


def test_away_and_lasting_stops_a_session_that_was_green():
    assert Said(before=2, worst=1, morning=2, moved="away", lasted=True).decision(USUAL) is Decision.STOP


def test_toward_carries_on_up_to_the_ceiling_and_not_over_it():
    assert Said(before=2, worst=5, moved="toward").decision(USUAL) is Decision.HOLD
    assert Said(before=2, worst=6, moved="toward").decision(USUAL) is Decision.STOP


@given(st.sampled_from(list(Zone)), st.sampled_from(list(Change)), st.sampled_from(list(Course)))
def test_place_never_makes_the_decision_milder(where, morning, placed_course):
    assert rank(decide(where, morning, placed_course)) >= rank(decide(where, morning))


# PAIN-7


def test_trend_compares_the_medians_of_two_weeks():
    worst = [(ago(13), 2), (ago(10), 3), (ago(7), 9), (ago(6), 5), (ago(1), 5), (DAY, 6)]

    assert trend(worst, DAY) == 2
    assert is_rising(worst, DAY)


@pytest.mark.parametrize("worst", [[], [(DAY, 9)], [(ago(8), 1)], [(ago(8), 3), (DAY, 4)], [(ago(14), 0), (DAY, 9)]])
def test_nothing_rises_within_two_points_or_without_both_weeks(worst):
    assert not is_rising(worst, DAY)


# PAIN-1

LONDON = ZoneInfo("Europe/London")


def at(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("ended", "now", "expected"),
    [
        (at(ago(1), 18), at(DAY, 5, 59), False),
        (at(ago(1), 18), at(DAY, 6), True),
        (at(ago(1), 18), at(DAY, 23, 59), True),
        (at(ago(1), 8), at(ago(1), 21), False),
        (at(ago(1), 8), at(DAY, 8), True),
        (at(ago(1), 8), at(DAY, 20), True),
        (at(ago(1), 8), at(DAY, 20, 1), False),
        (at(ago(1), 22), at(DAY, 9, 59), False),
        (at(DAY, 7), at(DAY, 8), False),
        (at(DAY, 7), at(DAY, 12), True),
    ],
    ids=[
        "under 12 hours", "12 hours", "late that day", "same day", "a day later", "36 hours", "over 36 hours",
        "late session", "filled in this morning", "filled in this morning, from noon",
    ],
)  # fmt: skip
def test_morning_is_asked_on_the_next_day_12_to_36_hours_after_the_end(ended, now, expected):
    assert asks_morning(ago(1), ended, now) is expected


def test_morning_is_asked_of_the_last_day_only():
    assert not asks_morning(ago(2), at(ago(2), 23), at(DAY, 8))


def test_hours_are_real_hours_when_the_clocks_change():
    before = date(2026, 10, 24)
    now = at(date(2026, 10, 25), 7).astimezone(LONDON)

    # From 20:00 to 07:00 on the night of 25 hours are 12.
    assert asks_morning(before, at(before, 20), now)
    assert not asks_morning(before, at(before, 20), now - timedelta(minutes=1))
    assert asks_morning(before, datetime(2026, 10, 24, 19, tzinfo=UTC), now)

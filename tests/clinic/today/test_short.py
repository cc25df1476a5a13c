""" "I have 10 minutes": what matters most comes first, and more time never takes anything away."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.prescriptions.models import Importance
from clinic.today.day import Turn, day_of
from clinic.today.reading import DayLog, lines_on
from clinic.today.short import CHOICES, choices, first_things_first, in_minutes, shortened, what_fits

MUST, SHOULD, IF_TIME = Importance.MUST, Importance.SHOULD, Importance.IF_TIME


@dataclass(frozen=True)
class Dose:
    seconds: int


@dataclass(frozen=True)
class Line:
    """As much of a line as is needed here."""

    name: str
    phase: str
    importance: int
    dose: Dose


def turn(name, minutes, phase="main", importance=SHOULD, *, done=False):
    return Turn(Line(name, phase, importance, Dose(round(minutes * 60))), 1, (done,))


def names(turns):
    return [turn.line.name for turn in turns]


PLAN = [
    turn("walking", 5, "warm"),
    turn("cat-cow", 1, "warm"),
    turn("bridge", 4),
    turn("bird-dog", 4),
    turn("curl-up", 3),
    turn("knees to chest", 2, "cool"),
]


def test_where_nobody_ranked_it_is_the_main_part_with_a_short_warm_up():
    assert names(first_things_first(PLAN)) == [
        "bridge", "cat-cow", "bird-dog", "curl-up", "walking", "knees to chest",
    ]  # fmt: skip


def test_clinicians_word_goes_first():
    ranked = [
        turn("walking", 5, "warm", MUST), turn("bridge", 4, importance=IF_TIME), turn("bird-dog", 4),
        turn("stretch", 2, "cool", MUST),
    ]  # fmt: skip

    assert names(first_things_first(ranked)) == ["walking", "stretch", "bird-dog", "bridge"]


@pytest.mark.parametrize(
    ("minutes", "picked"),
    [
        (5, ["cat-cow", "bridge"]),
        (10, ["cat-cow", "bridge", "bird-dog"]),
        (15, ["cat-cow", "bridge", "bird-dog", "curl-up"]),
        (17, ["walking", "cat-cow", "bridge", "bird-dog", "curl-up"]),
        (19, names(PLAN)),
    ],
)
def test_what_fits_stands_in_the_order_of_the_plan(minutes, picked):
    short = what_fits(PLAN, minutes)

    assert (names(short.turns), short.is_over) == (picked, False)


def test_most_important_one_is_there_even_if_it_alone_takes_longer():
    short = what_fits([turn("bridge", 4), turn("walking", 12, "warm", MUST)], 5)

    assert (names(short.turns), short.is_over, short.takes) == (["walking"], True, 12)


def test_what_is_done_already_takes_no_time():
    short = what_fits([turn("walking", 12, "warm", MUST, done=True), turn("bridge", 4)], 5)

    assert names(short.turns) == ["bridge"]


def test_choices_are_only_those_that_are_less_than_all_of_it():
    assert [each.minutes for each in choices(PLAN)] == [5, 10, 15]
    assert [each.minutes for each in choices(PLAN[2:4])] == [5]
    assert choices(PLAN[2:3]) == []


def test_minutes_are_rounded_up():
    assert in_minutes([turn("bridge", 4.1)]) == 5
    assert in_minutes([turn("bridge", 4)]) == 4


a_turn = st.builds(
    lambda n, minutes, phase, importance, done: turn(f"{n}", minutes, phase, importance, done=done),
    st.integers(),
    st.floats(0.5, 30),
    st.sampled_from(["warm", "main", "cool"]),
    st.sampled_from(Importance),
    st.booleans(),
)
some_turns = st.lists(a_turn, max_size=12, unique_by=lambda turn: turn.line.name)


@given(some_turns, st.integers(1, 60))
def test_never_more_than_there_is_time_for_unless_one_alone_is(turns, minutes):
    short = what_fits(turns, minutes)

    if short.is_over:
        assert short.turns == tuple(first_things_first([turn for turn in turns if turn.is_open])[:1])
        assert short.takes > minutes
    else:
        assert short.takes <= minutes


@given(some_turns, st.integers(1, 60), st.integers(0, 30))
def test_more_time_never_takes_an_exercise_away(turns, minutes, more):
    assert set(what_fits(turns, minutes).turns) <= set(what_fits(turns, minutes + more).turns)


@given(some_turns, st.integers(1, 60))
def test_nothing_is_left_out_for_something_less_important(turns, minutes):
    picked = set(what_fits(turns, minutes).turns)
    left = [turn for turn in turns if turn.is_open and turn not in picked]

    worst = max((turn.line.importance for turn in picked), default=0)
    assert all(turn.line.importance >= worst for turn in left)


@given(some_turns, st.integers(1, 60))
def test_the_same_question_has_the_same_answer_in_the_order_of_the_plan(turns, minutes):
    once, again = what_fits(turns, minutes), what_fits(list(turns), minutes)

    assert once == again
    assert [turn for turn in turns if turn in once.turns] == list(once.turns)


@given(some_turns)
def test_something_is_picked_whenever_something_is_open(turns):
    for minutes in CHOICES:
        assert bool(what_fits(turns, minutes).turns) == any(turn.is_open for turn in turns)


@pytest.fixture
def day(plan):
    lines = lines_on(plan.day, user=plan.patient.user)
    return day_of(lines, DayLog(plan.day), first_weekday=0)


def test_short_day_has_only_what_was_picked(day, plan):
    short = shortened(day, 1, [str(plan.plank.thread), str(plan.bridge.thread)])

    assert [turn.line.uuid for turn in short.turns(1)] == [plan.bridge.uuid, plan.plank.uuid]


def test_day_is_whole_where_the_plan_has_none_of_it_any_more(day):
    assert shortened(day, 1, ["00000000-0000-4000-8000-000000000000"]) is day
    assert shortened(day, 1, []) is day


def test_day_is_whole_for_an_exercise_beyond_what_was_picked(day, plan):
    beyond = next(turn.line for turn in day.turns(1) if turn.line.uuid == plan.bird_dog.uuid)

    assert shortened(day, 1, [str(plan.bridge.thread)], beyond) is day

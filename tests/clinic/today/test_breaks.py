"""BRK-1 to BRK-4: when a prompt comes, whose turn it is, what is counted."""

from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from clinic.today.breaks import Prompt, Rhythm, Shown, adherence, following, next_prompt
from patients.accounts.thresholds import DEFAULTS, Thresholds

LONDON = ZoneInfo("Europe/London")
OFFICE = Rhythm(60, time(9), time(17), (0, 1, 2, 3, 4))


def at(hour, minute=0, day=2):  # 2 March 2026 is a Monday
    return datetime(2026, 3, day, hour, minute, tzinfo=LONDON)


def coming(now, *shown, rhythm=OFFICE, limits=DEFAULTS):
    return next_prompt(rhythm, shown, now, limits)


def test_first_prompt_comes_an_hour_after_work_begins():
    assert coming(at(8)) == Prompt(1, at(10), False, 0, 2)
    assert coming(at(9, 59)) == Prompt(1, at(10), False, 0, 2)
    assert coming(at(10)) == Prompt(1, at(10), True, 0, 2)
    assert coming(at(14, 20)) == Prompt(1, at(10), True, 0, 2)


def test_next_prompt_comes_an_hour_after_the_patient_moved():
    moved = Shown(1, at(10), done_at=at(10, 7))

    assert coming(at(10, 30), moved) == Prompt(2, at(11, 7), False, 0, 2)
    assert coming(at(11, 7), moved) == Prompt(2, at(11, 7), True, 0, 2)


def test_unanswered_prompt_stands_until_the_next_is_due():
    ignored = Shown(1, at(10))

    assert coming(at(10, 40), ignored) == Prompt(1, at(10), True, 0, 2)
    assert coming(at(11), ignored) == Prompt(2, at(11), True, 0, 2)


def test_prompt_put_off_comes_back_in_ten_minutes_and_twice_at_most():
    once, twice = Shown(1, at(10, 3), snoozes=1), Shown(1, at(10, 15), snoozes=2)

    assert coming(at(10, 5), once) == Prompt(1, at(10, 13), False, 1, 1)
    assert coming(at(10, 13), once) == Prompt(1, at(10, 13), True, 1, 1)
    assert coming(at(10, 26), twice) == Prompt(1, at(10, 25), True, 2, 0)


def test_all_is_quiet_outside_work():
    assert coming(at(17, 1)) is None
    assert coming(at(12, day=7)) is None  # a Saturday
    assert coming(at(16, 30), Shown(6, at(16, 10), done_at=at(16, 10))) is None
    assert coming(at(16, 55), Shown(6, at(16, 53), snoozes=1)) is None
    assert coming(at(12), rhythm=Rhythm(60, time(9), time(17), (0,), is_on=False)) is None


def test_there_are_eight_prompts_a_day_at_most():
    eighth = Shown(8, at(14), done_at=at(14))

    assert coming(at(15), eighth) is None
    assert coming(at(15), eighth, limits=Thresholds(breaks_a_day=9)) == Prompt(9, at(15), True, 0, 2)


def test_breaks_are_counted_against_the_prompts_shown():
    shown = [Shown(1, at(10), done_at=at(10, 2)), Shown(2, at(11)), Shown(3, at(12), done_at=at(12, 1))]

    assert adherence(shown) == (2, 3)
    assert adherence([]) == (0, 0)


def test_whose_turn_it_is_goes_round():
    assert [following(list("abc"), last) for last in ("a", "b", "c", None, "gone")] == ["b", "c", "a", "a", "a"]
    assert following(["a"], "a") == "a"
    assert following([], "a") is None


@given(st.lists(st.integers(0, 9), min_size=2, max_size=6, unique=True), st.integers(2, 30))
def test_none_comes_twice_running(choices, times):
    turns = [following(choices, None)]
    for _ in range(times):
        turns.append(following(choices, turns[-1]))

    assert all(one != other for one, other in pairwise(turns))
    assert set(turns[: len(choices)]) == set(choices) or times < len(choices)


@given(
    st.integers(30, 120),
    st.lists(st.sampled_from(["moved", "later", "nothing"]), max_size=60),
    st.integers(1, 45),
)
def test_a_day_keeps_its_limits_whatever_the_patient_does(every, answers, step):
    """Walks through a working day in steps, seeing each prompt that is due and answering it one way or another."""
    rhythm = Rhythm(every, time(9), time(17), (0,))
    shown, now, said = [], at(7), iter(answers)
    while now < at(21):
        prompt = next_prompt(rhythm, shown, now, DEFAULTS)
        if prompt and prompt.is_due:
            assert time(9) <= now.time() <= time(17)
            if prompt.number > len(shown):
                if shown:
                    assert now - (shown[-1].done_at or shown[-1].at) >= timedelta(minutes=every)
                shown.append(Shown(prompt.number, now))
            answer, last = next(said, "nothing"), shown[-1]
            if answer == "moved":
                shown[-1] = Shown(last.number, last.at, None, last.snoozes, now)
            elif answer == "later" and prompt.snoozes_left:
                shown[-1] = Shown(last.number, now, None, last.snoozes + 1)
        now += timedelta(minutes=step)

    assert len(shown) <= min(DEFAULTS.breaks_a_day, 480 // every)
    assert all(each.snoozes <= DEFAULTS.break_snoozes for each in shown)
    assert [each.number for each in shown] == list(range(1, len(shown) + 1))

"""The sentence at the top: one for each state, in the order in which they go before one another, and never untrue."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.progress.sentences import Facts, State, Trend, state_of, told
from clinic.progress.weeks import Off

TODAY = date(2026, 5, 20)
BEGAN = TODAY - timedelta(days=60)


def ago(*days):
    return tuple(sorted(TODAY - timedelta(days=n) for n in days))


def facts(**said):
    usual = {"first_day": BEGAN, "began_on": BEGAN, "days_done": ago(1, 3, 5, 8)}
    return Facts(today=TODAY, **usual | said)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"first_day": None, "began_on": None, "days_done": ()}, State.NO_PLAN),
        ({"first_day": TODAY + timedelta(days=3), "days_done": ()}, State.TO_COME),
        ({"last_day": TODAY - timedelta(days=1)}, State.FINISHED),
        ({"last_day": TODAY}, State.GOING),
        ({"on_hold": True}, State.HOLD),
        ({"in_flare": True}, State.FLARE),
        ({"off": Off.UNWELL, "off_days": 7}, State.UNWELL),
        ({"off": Off.UNWELL, "off_days": 8}, State.UNWELL_LONG),
        ({"off": Off.AWAY, "off_days": 2}, State.AWAY),
        ({"days_done": ago(2, 10)}, State.BACK),
        ({"days_done": ago(2, 9)}, State.GOING),
        ({"days_done": ago(8, 20)}, State.QUIET),
        ({"days_done": ()}, State.QUIET),
        ({"first_day": TODAY, "began_on": TODAY, "days_done": ()}, State.NOT_BEGUN),
        ({"began_on": TODAY - timedelta(days=6), "days_done": ago(0)}, State.FIRST_WEEK),
        ({"trend": Trend.BETTER}, State.BETTER),
        ({"trend": Trend.WORSE}, State.WORSE),
        ({"trend": Trend.MIXED}, State.MIXED),
        ({"trend": Trend.SAME}, State.SAME),
        ({"trend": Trend.UNKNOWN}, State.GOING),
        ({"is_stopped": True, "on_hold": True}, State.STOPPED),
    ],
)
def test_state(said, state):
    assert state_of(facts(**said)) is state


def test_reason_goes_before_what_is_counted():
    """Who is ill hears neither that nothing was noted nor that things are worse."""
    ill = facts(off=Off.UNWELL, off_days=3, days_done=ago(20), trend=Trend.WORSE)

    assert told(ill).title == "Get well first"


def test_coming_back_names_the_day_and_counts_no_gap():
    back = told(facts(days_done=ago(1, 2, 30)))

    assert back.text.startswith("You took up your exercises again on Monday 18 May.")
    assert "28" not in back.text


def test_worse_is_said_without_blame_and_asks_to_call():
    worse = told(facts(trend=Trend.WORSE))

    assert worse.title == "Harder than when you began"
    assert "not your fault" in worse.text
    assert worse.asks_to_call


def test_worse_asks_to_call_whatever_else_is_said():
    assert told(facts(trend=Trend.WORSE, in_flare=True)).asks_to_call
    assert told(facts(trend=Trend.WORSE, last_day=TODAY - timedelta(days=2))).asks_to_call


@pytest.mark.parametrize(
    ("trend", "words"),
    [(Trend.BETTER, "are better"), (Trend.WORSE, "are harder"), (Trend.SAME, "what comes next")],
)
def test_finished_plan_says_how_it_went_only_where_answers_say_so(trend, words):
    ended = told(facts(last_day=TODAY - timedelta(days=3), trend=trend))

    assert ended.title == "Your plan has come to its end"
    assert words in ended.text


def test_one_day_is_no_plural():
    assert "on 1 day in" in told(facts(days_done=ago(2))).text


BLAME = ("missed", "failed", "should have", "streak", "only", "lazy", "behind")
days = st.lists(st.integers(0, 80), max_size=40, unique=True)


@given(
    days=days,
    began=st.integers(0, 200),
    last=st.none() | st.integers(-30, 30),
    off=st.none() | st.sampled_from(Off),
    off_days=st.integers(0, 20),
    flags=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    trend=st.sampled_from(Trend),
)
def test_every_state_has_a_kind_and_true_sentence(days, began, last, off, off_days, flags, trend):
    on_hold, in_flare, is_stopped = flags
    day_began = TODAY - timedelta(days=began)
    said = facts(
        days_done=ago(*[n for n in days if n <= began]), began_on=day_began, first_day=day_began,
        last_day=None if last is None else TODAY + timedelta(days=last), off=off, off_days=off_days, on_hold=on_hold,
        in_flare=in_flare, is_stopped=is_stopped, trend=trend,
    )  # fmt: skip

    spoken = told(said)

    assert spoken.title and spoken.text and "%" not in spoken.text
    assert not any(word in f"{spoken.title} {spoken.text}".lower() for word in BLAME)
    claims_better = "better" in f"{spoken.title} {spoken.text}".lower()
    assert not claims_better or trend in (Trend.BETTER, Trend.MIXED)
    assert "on 0 days in" not in spoken.text

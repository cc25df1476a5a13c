"""Which text is offered where: the one rule of it."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.lists import Category, Moment, Phase
from exercises.offers import fitting, moments_of


@dataclass(frozen=True)
class Text:
    name: str
    moments: frozenset[str] = field(default_factory=frozenset)


def text(name, *moments):
    return Text(name, frozenset(moments))


def names(texts):
    return [each.name for each in texts]


def test_first_text_by_the_clinics_order_is_offered():
    texts = [text("sleep", "rest-day"), text("rest", "flare"), text("flare", "flare")]

    assert names(fitting(texts, [Moment.FLARE])) == ["rest"]


def test_most_pressing_moment_comes_first_and_each_brings_one_before_any_brings_two():
    texts = [text("a", "stretch"), text("b", "stretch"), text("c", "flare")]

    assert names(fitting(texts, [Moment.FLARE, Moment.STRETCH], most=3)) == ["c", "a", "b"]
    assert names(fitting(texts, [Moment.FLARE, Moment.STRETCH], most=2)) == ["c", "a"]


def test_nothing_is_offered_where_no_text_matters():
    assert fitting([text("a"), text("b", "flare")], [Moment.BREAKS]) == []


@given(
    st.lists(st.frozensets(st.sampled_from(Moment.values), max_size=4), max_size=8),
    st.lists(st.sampled_from(Moment), max_size=5),
    st.integers(0, 4),
)
def test_offer_is_never_a_wall_never_twice_and_always_fits(places, moments, most):
    texts = [Text(str(n), each) for n, each in enumerate(places)]

    offered = fitting(texts, moments, most=most)

    assert len(offered) <= most
    assert len(set(offered)) == len(offered)
    assert all(each.moments & set(moments) for each in offered)
    # Room is left only where nothing more fits.
    assert len(offered) == most or all(each in offered for each in texts if each.moments & set(moments))


@pytest.mark.parametrize(
    ("exercise", "moments"),
    [
        ({"category": Category.STRETCH, "phase": Phase.COOL}, ["stretch", "cool-down"]),
        ({"category": Category.STRENGTH, "phase": Phase.MAIN, "tags": ["heavy-lift"]}, ["lifting", "strength"]),
        ({"category": Category.MOBILITY, "phase": Phase.DESK}, ["breaks", "stretch"]),
        ({"category": Category.AEROBIC, "phase": Phase.WARM}, ["aerobic", "warm-up"]),
        ({"category": Category.EDUCATION, "phase": Phase.MAIN}, []),
        ({"category": "long gone", "phase": "long gone"}, []),
    ],
)
def test_exercise_is_a_moment_for(exercise, moments):
    assert moments_of(**exercise) == moments

"""The vectors of PROM, and what holds for every score."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.outcomes.measures import (
    ACTIVITY,
    ALL,
    BY_SLUG,
    GROC,
    NPRS,
    ODI,
    OWN,
    PSFS,
    RMDQ,
    START,
    Kind,
)
from patients.outcomes.scoring import (
    Label,
    OutOfRange,
    band_of,
    change,
    checked,
    fits_start,
    higher_of,
    is_deterioration,
    judges_change,
    matters_at,
    odi,
    score_of,
    shared_means,
    start_back,
    start_risk,
    version_of,
)

RANK = {Label.NONE: 0, Label.POSSIBLE: 1, Label.MEANINGFUL: 2}


def sections(*values):
    return {f"s{n}": value for n, value in enumerate(values, 1)}


@pytest.mark.parametrize(
    ("values", "score"),
    [((3, 3, 3, 3, 2, 2, 2, 2), "50.0"), ((2, 2, 2, 2, 2, 2, 1, 1, 1, 1), "32.0"), ((5,) * 10, "100.0"),
     ((0,) * 8, "0.0"), ((1, 0, 0, 0, 0, 0, 0, 0, 0), "2.2")],
)  # fmt: skip
def test_odi_is_the_sum_over_what_was_answered(values, score):
    assert score_of(ODI, sections(*values)) == Decimal(score)


def test_odi_with_fewer_than_eight_sections_has_no_score():
    assert odi([3] * 7) is None


def test_odi_of_two_ticks_takes_the_higher():
    assert higher_of([2, 4]) == 4


@pytest.mark.parametrize(
    ("score", "band"),
    [("0", "minimal"), ("20", "minimal"), ("20.4", "minimal"), ("21", "moderate"), ("40", "moderate"),
     ("41", "severe"), ("60", "severe"), ("61", "very severe"), ("80", "very severe"),
     ("81", "bed-bound or exaggerated"), ("100", "bed-bound or exaggerated")],
)  # fmt: skip
def test_odi_bands(score, band):
    assert band_of(ODI, Decimal(score)) == band


@pytest.mark.parametrize(
    ("total", "psych", "risk"),
    [(5, 4, "high risk"), (5, 3, "medium risk"), (3, 3, "low risk"), (3, None, "low risk"), (9, 5, "high risk"),
     (4, 0, "medium risk"), (6, None, "")],
)  # fmt: skip
def test_start_back_risk_follows_the_total_and_then_the_subscale(total, psych, risk):
    assert start_risk(total, psych) == risk


@pytest.mark.parametrize(
    ("agreed", "bothersome", "scores"),
    [([True] * 8, 4, (9, 5)), ([True] * 8, 2, (8, 4)), ([False] * 8, 3, (1, 1)), ([True] * 4 + [False] * 4, 0, (4, 0))],
)  # fmt: skip
def test_start_back_counts_bothersome_from_very(agreed, bothersome, scores):
    assert start_back(agreed, bothersome) == scores


def test_start_back_subscale_has_to_fit_the_total():
    assert [fits_start(5, psych) for psych in range(6)] == [False, True, True, True, True, True]
    with pytest.raises(OutOfRange):
        score_of(START, {"total": 2, "psych": 3})


def test_psfs_is_the_mean_of_three_to_five_activities():
    assert score_of(PSFS, {"1": 2, "2": 5, "3": 8}) == Decimal("5.0")
    assert score_of(PSFS, {"1": 2, "2": 5, "3": 6}) == Decimal("4.3")
    assert score_of(PSFS, {"1": 2, "2": 5}) is None


def test_psfs_compares_the_activities_that_both_answered():
    assert shared_means({"1": 2, "2": 4, "3": 0}, {"1": 6, "2": 6, "4": 9}) == (Decimal("3.0"), Decimal("6.0"))
    assert shared_means({"1": 2}, {"2": 6}) is None


def test_rmdq_counts_ticks_and_a_blank_is_not_ticked():
    assert score_of(RMDQ, {"1": 1, "2": 0, "24": 1}) == 2
    assert score_of(RMDQ, {}) == 0
    with pytest.raises(OutOfRange):
        score_of(RMDQ, {"25": 1})


def test_pain_scores_the_week_and_a_blank_is_no_answer():
    assert score_of(NPRS, {"now": 2, "worst": 7, "week": 0}) == 0
    assert score_of(NPRS, {"now": 2, "worst": 7}) is None


def test_activity_is_days_times_minutes():
    assert score_of(ACTIVITY, {"days": 5, "minutes": 30}) == 150
    assert score_of(ACTIVITY, {"days": 0}) == 0
    assert score_of(ACTIVITY, {"days": 3}) is None
    assert [band_of(ACTIVITY, Decimal(n)) for n in (149, 150)] == ["under 150 minutes", "150 minutes or more"]


@pytest.mark.parametrize(
    ("slug", "score", "band"),
    [("tug", "13.4", "usual"), ("tug", "13.5", "risk of falls"), ("sit-to-stand", "15", "usual"),
     ("sit-to-stand", "15.1", "slow"), ("pseq-2", "5", "low"), ("pseq-2", "8", "good"), ("pseq-10", "19", "very low"),
     ("pseq-10", "20", "low"), ("pseq-10", "31", "moderate"), ("pseq-10", "41", "high")],
)  # fmt: skip
def test_bands_of_other_measures(slug, score, band):
    assert band_of(BY_SLUG[slug], Decimal(score)) == band


@pytest.mark.parametrize(
    ("measure", "first", "last", "label"),
    [
        (RMDQ, 12, 7, Label.MEANINGFUL),
        (NPRS, 6, 4, Label.MEANINGFUL),
        (NPRS, 9, 7, Label.POSSIBLE),
        (NPRS, 3, 2, Label.POSSIBLE),
        (NPRS, 6, 5, Label.NONE),
        (NPRS, 6, 6, Label.NONE),
        (NPRS, 0, 2, Label.MEANINGFUL),
        (NPRS, 0, 1, Label.NONE),
        (ODI, 40, 28, Label.MEANINGFUL),
        (ODI, 60, 48, Label.POSSIBLE),
        (PSFS, 3, 5, Label.MEANINGFUL),
        (PSFS, 3, "4.9", Label.NONE),
        (GROC, 0, 3, Label.MEANINGFUL),
        (GROC, 0, 2, Label.NONE),
        (BY_SLUG["pseq-10"], 30, 36, Label.POSSIBLE),
        (BY_SLUG["pseq-10"], 30, 39, Label.MEANINGFUL),
        (BY_SLUG["peg"], 6, "4.2", Label.MEANINGFUL),
        (BY_SLUG["peg"], 6, 5, Label.NONE),
        (BY_SLUG["vas"], 60, 45, Label.POSSIBLE),
        (BY_SLUG["qbpds"], 50, 30, Label.MEANINGFUL),
    ],
)
def test_change_label(measure, first, last, label):
    assert change(measure, Decimal(first), Decimal(last)).label == label


def test_change_says_which_way_it_went():
    assert change(RMDQ, Decimal(12), Decimal(7)).words == "Better, meaningful change"
    assert change(RMDQ, Decimal(7), Decimal(12)).words == "Worse, meaningful change"
    assert change(PSFS, Decimal(7), Decimal(4)).words == "Worse, meaningful change"
    assert change(NPRS, Decimal(6), Decimal(5)).words == "No clear change"


def test_change_that_matters_is_marked_on_both_sides_as_far_as_the_scale_goes():
    assert matters_at(NPRS, Decimal(9)) == (Decimal("6.3"), None)
    assert matters_at(PSFS, Decimal(3)) == (Decimal(5), Decimal(1))
    assert matters_at(BY_SLUG["tug"], Decimal(12)) == (None, None)


def test_deterioration_is_by_the_points_that_matter():
    assert is_deterioration(NPRS, Decimal(7), Decimal(9))
    assert not is_deterioration(NPRS, Decimal(7), Decimal(8))
    assert not is_deterioration(NPRS, Decimal(7), Decimal(3))
    assert is_deterioration(BY_SLUG["peg"], Decimal(5), Decimal("6.5"))
    assert not is_deterioration(BY_SLUG["tug"], Decimal(10), Decimal(30))


@pytest.mark.parametrize("score", ["-1", "10.5", "11"])
def test_score_that_a_measure_does_not_have_is_refused(score):
    with pytest.raises(OutOfRange):
        checked(NPRS, Decimal(score))


@pytest.mark.parametrize(("measure", "answers"), [(NPRS, {"week": 11}), (GROC, {"change": -6}), (NPRS, {"x": 1})])
def test_answer_that_a_measure_does_not_have_is_refused(measure, answers):
    with pytest.raises(OutOfRange):
        score_of(measure, answers)


def test_words_are_shipped_only_where_they_are_our_own():
    with_text = {measure.slug for measure in ALL for item in measure.items if item.text and len(item.text) > 40}

    assert with_text <= {measure.slug for measure in OWN} | {"start-back"}
    assert RMDQ.items == ()
    assert all(measure.kind == Kind.SCORE for measure in (RMDQ, ODI, START))


def test_every_measure_fits_its_column_and_names_its_version():
    assert len(BY_SLUG) == len(ALL)
    assert all(len(measure.slug) <= 20 and 0 < len(version_of(measure)) <= 20 for measure in ALL)
    assert all(measure.low < measure.high for measure in ALL)


def scores_of(measure):
    scale = 10**measure.places
    return st.integers(int(measure.low * scale), int(measure.high * scale)).map(lambda n: Decimal(n) / scale)


measures_with_change = st.sampled_from([measure for measure in ALL if judges_change(measure)])


@given(st.lists(st.integers(0, 5), min_size=8, max_size=10))
def test_odi_stays_in_its_range(values):
    assert 0 <= odi(values) <= 100


@given(st.lists(st.integers(0, 10), min_size=3, max_size=5))
def test_psfs_stays_between_its_answers(values):
    score = score_of(PSFS, {str(n): value for n, value in enumerate(values)})

    assert min(values) <= score <= max(values)


@given(st.lists(st.booleans(), min_size=8, max_size=8), st.integers(0, 4))
def test_start_back_totals_always_fit_each_other(agreed, bothersome):
    total, psych = start_back(agreed, bothersome)

    assert 0 <= psych <= 5 and total <= 9
    assert fits_start(total, psych)
    assert start_risk(total, psych) != ""


@given(st.data())
def test_a_larger_change_the_same_way_never_has_a_weaker_label(data):
    measure = data.draw(measures_with_change)
    first, one, two = (data.draw(scores_of(measure)) for _ in range(3))
    near, far = sorted((change(measure, first, one), change(measure, first, two)), key=lambda found: abs(found.gain))
    if near.gain * far.gain >= 0:
        assert RANK[near.label] <= RANK[far.label]


@given(st.data())
def test_what_stays_is_no_change_and_a_mark_is_meaningful(data):
    measure = data.draw(measures_with_change)
    first = data.draw(scores_of(measure))

    assert change(measure, first, first).label == Label.NONE
    for at in matters_at(measure, first):
        assert at is None or change(measure, first, at).label == Label.MEANINGFUL

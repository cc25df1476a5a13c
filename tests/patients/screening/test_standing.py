from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.accounts.thresholds import DEFAULTS
from patients.screening.standing import Check, Standing, Why, is_valid, may_be_due, standing

DAY = date(2026, 11, 27)


def ago(days):
    return None if days is None else DAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("checked", "logged", "flare", "expected"),
    [
        (None, None, None, Standing(Check.FULL, Why.NOT_CHECKED)),
        (None, 0, None, Standing(Check.FULL, Why.NOT_CHECKED)),
        (0, None, None, Standing(Check.NONE, Why.NOT_DUE)),
        (27, 1, None, Standing(Check.NONE, Why.NOT_DUE)),
        (27, None, None, Standing(Check.NONE, Why.NOT_DUE)),
        (28, 1, None, Standing(Check.SHORT, Why.REGULAR)),
        (28, 27, None, Standing(Check.SHORT, Why.REGULAR)),
        (28, 28, None, Standing(Check.FULL, Why.GAP)),
        (28, None, None, Standing(Check.FULL, Why.GAP)),
        (60, 59, None, Standing(Check.FULL, Why.GAP)),
        (60, 2, None, Standing(Check.SHORT, Why.REGULAR)),
        (3, 1, 2, Standing(Check.FULL, Why.FLARE)),
        (2, 1, 2, Standing(Check.NONE, Why.NOT_DUE)),
        (1, 1, 2, Standing(Check.NONE, Why.NOT_DUE)),
    ],
)
def test_what_is_due(checked, logged, flare, expected):
    assert expected == standing(
        DAY, checked_on=ago(checked), last_logged_on=ago(logged), flare_since=ago(flare)
    )  # fmt: skip


def test_clinic_sets_its_own_days():
    own = replace(DEFAULTS, check_days=14, gap_check_days=21)

    assert standing(DAY, checked_on=ago(14), last_logged_on=ago(1), thresholds=own).check == Check.SHORT
    assert standing(DAY, checked_on=ago(21), last_logged_on=ago(21), thresholds=own).why == Why.GAP


@pytest.mark.parametrize(("days", "valid"), [(0, True), (28, True), (29, False), (None, False)])
def test_check_is_valid_for_28_days(days, valid):
    assert is_valid(DAY, checked_on=ago(days)) is valid


days = st.integers(min_value=0, max_value=120)


@given(checked=days, logged=st.none() | days, check=st.integers(7, 56), gap=st.integers(14, 90))
def test_nothing_is_due_where_the_last_log_is_not_even_asked_for(checked, logged, check, gap):
    own = replace(DEFAULTS, check_days=check, gap_check_days=gap)
    if not may_be_due(DAY, checked_on=ago(checked), thresholds=own):
        assert standing(DAY, checked_on=ago(checked), last_logged_on=ago(logged), thresholds=own).check == Check.NONE

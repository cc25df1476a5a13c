from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from patients.accounts.thresholds import DEFAULTS, Thresholds
from patients.outcomes.measures import ACTIVITY, ALL, BY_SLUG, GROC, NPRS, ODI, PSFS, START
from patients.outcomes.schedule import Course, Due, Taken, due_on, next_due, schedule

START_DAY = date(2026, 3, 2)
COURSE = Course(START_DAY)


def day(n):
    return START_DAY + timedelta(days=n)


def taken(*days):
    return [Taken(day(n)) for n in days]


def due(measure, *days, course=COURSE, thresholds=DEFAULTS):
    found = next_due(measure, course, taken(*days), thresholds)
    return found and (found.day - START_DAY).days


def test_function_is_asked_at_baseline_and_every_two_weeks():
    assert [due(PSFS), due(PSFS, 0), due(PSFS, 0, 15)] == [0, 14, 29]


def test_change_is_asked_from_the_second_week():
    assert [due(GROC), due(GROC, 14)] == [14, 28]


def test_pain_is_asked_weekly_and_activity_monthly():
    assert [due(NPRS, 0), due(ACTIVITY, 0)] == [7, 28]


def test_the_clinic_may_ask_at_other_times():
    assert due(PSFS, 0, thresholds=Thresholds(measure_every=21)) == 21


def test_review_comes_once_after_six_weeks():
    assert [due(ODI), due(ODI, 0), due(ODI, 0, 42), due(ODI, 0, 36), due(ODI, 0, 20)] == [0, 42, None, None, 42]


def test_first_contact_is_asked_once():
    assert [due(START), due(START, 0)] == [0, None]


def test_discharge_asks_what_is_asked_then_and_nothing_else():
    ended = Course(START_DAY, discharged=day(60))

    assert [due(PSFS, 0, 40, course=ended), due(PSFS, 0, 55, course=ended)] == [60, None]
    assert [due(NPRS, 0, course=ended), due(ODI, 0, 42, course=ended)] == [None, 60]


def test_what_was_left_out_is_asked_again_once():
    incomplete = Taken(day(0), is_complete=False)

    assert next_due(PSFS, COURSE, [incomplete], DEFAULTS) == Due(PSFS, day(0), again=True)
    assert next_due(PSFS, COURSE, [incomplete, incomplete], DEFAULTS) == Due(PSFS, day(14))
    assert next_due(PSFS, COURSE, [incomplete, Taken(day(1))], DEFAULTS) == Due(PSFS, day(15))


def test_an_earlier_episode_does_not_count():
    assert due(PSFS, -60) == 0
    assert due(PSFS, -3) == 11


def test_clinics_own_measures_go_on_once_they_were_begun():
    fresh = [each.measure for each in schedule(COURSE, {}, DEFAULTS)]
    begun = [each.measure for each in schedule(COURSE, {"odi": taken(0)}, DEFAULTS)]

    assert set(fresh) == {PSFS, NPRS, ACTIVITY, GROC}
    assert set(begun) == {PSFS, NPRS, ACTIVITY, GROC, ODI}
    assert [each.measure for each in schedule(COURSE, {}, DEFAULTS, also=["rmdq"]) if each.day == START_DAY] == [
        PSFS, NPRS, ACTIVITY, BY_SLUG["rmdq"],
    ]  # fmt: skip


def test_due_is_what_has_come():
    coming = schedule(COURSE, {}, DEFAULTS)

    assert [each.measure for each in due_on(day(13), coming)] == [PSFS, NPRS, ACTIVITY]
    assert [each.measure for each in due_on(day(14), coming)] == [PSFS, NPRS, ACTIVITY, GROC]
    assert coming[0].days_late(day(9)) == 9


@given(st.sampled_from(ALL), st.lists(st.integers(0, 200), max_size=12))
def test_answering_when_due_always_moves_on(measure, days):
    found = next_due(measure, COURSE, taken(*days), DEFAULTS)
    if found is None:
        return
    after = next_due(measure, COURSE, [*taken(*days), Taken(max(found.day, day(max([0, *days]))))], DEFAULTS)

    assert after is None or after.day > found.day

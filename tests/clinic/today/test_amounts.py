"""Sets done with another number than the plan's (ADH-2), more than prescribed (ADH-8), and days that illness and travel
excuse (ADH-5)."""

from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from clinic.models import DailyTally
from clinic.today.actions import DayClosed, NotInPlan, set_amounts, set_done, skip
from clinic.today.models import CheckOff, SkipReason
from clinic.today.plan import Mark, PlannedLine, completion, days_excused, is_overdone, volume_ratio
from clinic.today.tallies import rebuild
from patients.accounts.thresholds import Thresholds
from patients.models import Task

MONDAY = date(2026, 11, 16)
TICKS = ((1, "both"), (2, "both"), (3, "both"))
PLANK = PlannedLine("plank", MONDAY, None, 1, tuple(range(7)), 7, TICKS, (30.0, 30.0, 30.0))


def day(n):
    return MONDAY + timedelta(days=n)


# ADH-8


def test_adh8_the_ratio_has_no_cap_and_counts_what_was_really_done():
    assert volume_ratio(PLANK, [Mark("plank", 1, n, "both", 40) for n in (1, 2, 3)]) == pytest.approx(4 / 3)
    assert volume_ratio(PLANK, [Mark("plank", 1, n, "both", 60) for n in (1, 2, 3)]) == 2
    assert volume_ratio(PLANK, [Mark("plank", 1, 1, "both")]) == pytest.approx(1 / 3)
    assert volume_ratio(PLANK, []) == 0


@pytest.mark.parametrize(
    ("ratios", "flagged"),
    [
        ({0: 1.6, 1: 1.6}, True),
        ({0: 1.5, 1: 1.6}, False),
        ({0: 2.0}, False),
        ({0: 1.6, 6: 1.6}, True),
        ({0: 1.6, 7: 1.6}, False),
    ],
)
def test_adh8_more_than_prescribed_on_two_days_in_seven_is_flagged(ratios, flagged):
    assert is_overdone({day(-n): ratio for n, ratio in ratios.items()}, MONDAY) is flagged


def test_adh8_the_clinics_own_numbers_count():
    assert is_overdone({MONDAY: 1.3}, MONDAY, Thresholds(overdone_ratio=1.2, overdone_days=1))


@given(st.lists(st.tuples(st.sampled_from(TICKS), st.none() | st.integers(1, 600)), max_size=6))
def test_adh8_doing_more_never_passes_one(done):
    marks = [Mark("plank", 1, number, side, volume) for (number, side), volume in done]
    assert 0 <= completion(PLANK, marks) <= 1
    assert volume_ratio(PLANK, marks) >= completion(PLANK, marks) - 1e-9


# ADH-5


def excused(said, worked=(), **more):
    return sorted((d - MONDAY).days for d in days_excused([day(n) for n in said], {day(n) for n in worked}, **more))


def test_adh5_illness_excuses_seven_days_in_a_row_and_then_counts():
    assert excused(range(10)) == list(range(7))


def test_adh5_days_between_without_a_word_do_not_begin_anew():
    assert excused([0, 2, 4, 7, 9]) == [0, 2, 4]


def test_adh5_a_day_of_work_or_a_week_without_a_word_begins_anew():
    assert excused([*range(7), 8, 9], worked=[7]) == [*range(7), 8, 9]
    assert excused([0, 7, 14], thresholds=Thresholds(excused_days_max=3)) == [0]
    assert excused([0, 8]) == [0, 8]


@given(st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)), st.integers(1, 28))
def test_adh5_no_more_days_in_a_row_are_excused_than_the_most(said, worked, most):
    found = excused(said, worked, thresholds=Thresholds(excused_days_max=most))
    assert set(found) <= said
    for first in found:
        stretch = [n for n in found if first <= n and not any(first < w <= n for w in worked)]
        in_a_row = [n for n in stretch if all(k in found for k in range(first, n + 1))]
        assert len(in_a_row) <= most


# Through the actions

pytestmark = pytest.mark.django_db


def count(plan, amounts, line=None, day=None):
    return set_amounts(
        patient=plan.patient, by=plan.patient.user, day=day or plan.day, line=(line or plan.plank).uuid, occasion=1,
        amounts=amounts,
    )  # fmt: skip


def test_adh2_longer_holds_than_planned_are_done_in_full_and_no_more(plan):
    count(plan, {(1, "both"): 40, (2, "both"): 40, (3, "both"): 40})

    assert list(CheckOff.objects.order_by("set_number").values_list("set_number", "amount")) == [
        (1, 40),
        (2, 40),
        (3, 40),
    ]
    assert DailyTally.objects.get().done == 1.0


def test_fewer_than_planned_are_done_in_part(plan):
    count(plan, {(1, "both"): 5, (2, "both"): 10}, plan.bridge)

    assert DailyTally.objects.get().done == pytest.approx(0.5)


def test_the_planned_number_is_a_set_as_planned_nought_is_none_and_empty_leaves_it(plan):
    plan.all_done(plan.bridge)
    count(plan, {(1, "both"): 10, (2, "both"): 0, (3, "both"): None}, plan.bridge)

    assert list(CheckOff.objects.order_by("set_number").values_list("set_number", "amount")) == [(1, None), (3, None)]


def test_a_set_taken_back_and_done_again_is_as_planned(plan):
    count(plan, {(1, "both"): 40})
    plan.done(plan.plank, done=False)
    plan.done(plan.plank)

    assert CheckOff.objects.get().amount is None
    assert DailyTally.objects.get().done == pytest.approx(1 / 3)


def test_amounts_of_another_set_or_of_a_closed_day_are_refused(plan):
    with pytest.raises(NotInPlan):
        count(plan, {(4, "both"): 10})
    with pytest.raises(DayClosed):
        count(plan, {(1, "both"): 10}, day=plan.day - timedelta(days=8))


def test_adh8_two_days_far_over_the_plan_ask_a_clinician(plan):
    much = {(n, "both"): 60 for n in (1, 2, 3)}
    count(plan, much, day=plan.day - timedelta(days=1))
    assert not Task.objects.exists()

    count(plan, much)

    task = Task.objects.get()
    assert (task.kind, task.words) == ("overdoing", "Plank: done more than 1.5 times as prescribed on 2 days in 7.")
    assert [row.done for row in DailyTally.objects.all()] == [1.0, 1.0]


def test_kept_tallies_with_amounts_equal_rebuilt_ones(plan):
    count(plan, {(1, "both"): 5, (2, "both"): 31})
    kept = DailyTally.objects.get().figures()
    rebuild([plan.patient])

    assert DailyTally.objects.get().figures() == kept


def test_the_page_takes_numbers_and_keeps_wrong_ones_to_be_corrected(plan, patient_client):
    sent = {"day": plan.day, "line": plan.plank.uuid, "round": "1", "on": "exercise", "n.1.both": "40"}
    response = patient_client.post("/today/counted/", sent | {"n.2.both": "many"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "A whole number from 0 to 600, or leave it empty." in page
    assert 'value="many"' in page
    assert not CheckOff.objects.exists()

    response = patient_client.post("/today/counted/", sent)
    assert response.status_code == 302
    assert CheckOff.objects.get().amount == 40
    assert 'value="40"' in patient_client.get(f"/today/exercise/{plan.plank.uuid}/").content.decode()


def test_the_page_in_parts_answers_with_the_sheet(plan, patient_client):
    sent = {"day": plan.day, "line": plan.plank.uuid, "round": "1", "on": "exercise", "n.1.both": "40"}
    response = patient_client.post("/today/counted/", sent, headers={"HX-Request": "true"})

    assert response.content.decode().strip().startswith("<section")
    assert "Saved." in response.content.decode()


def test_adh5_after_seven_days_of_illness_days_count_again_and_a_clinician_is_asked(plan):
    start = plan.patient.local_day()
    for n in range(9):
        with time_machine.travel(f"{start + timedelta(days=n)}T12:00:00Z", tick=False):
            skip(patient=plan.patient, by=plan.patient.user, day=start + timedelta(days=n), line=plan.bridge.uuid,
                 occasion=1, reason=SkipReason.UNWELL)  # fmt: skip
    kept = {row.day: row.figures() for row in DailyTally.objects.all()}

    assert [figures.excused_slots for _, figures in sorted(kept.items())] == [1] * 7 + [0, 0]
    assert Task.objects.get().kind == "unwell"
    rebuild([plan.patient])
    assert {row.day: row.figures() for row in DailyTally.objects.all()} == kept


def test_adh5_an_earlier_day_filled_in_counts_the_later_ones_anew(plan):
    plan.patient.clinic.thresholds_set = {"excused_days_max": 2}
    user, today = plan.patient.user, plan.day
    user.patient.clinic.thresholds_set = {"excused_days_max": 2}
    plan.patient.clinic.save()
    for n in (2, 1, 0):
        skip(patient=plan.patient, by=user, day=today - timedelta(days=n), line=plan.bridge.uuid, occasion=1,
             reason=SkipReason.TRAVEL)  # fmt: skip
    assert DailyTally.objects.get(day=today).excused_slots == 0

    set_done(patient=plan.patient, by=user, day=today - timedelta(days=1), line=plan.plank.uuid, occasion=1,
             set_number=1, side="both", done=True)  # fmt: skip

    assert DailyTally.objects.get(day=today).excused_slots == 1
    kept = [row.figures() for row in DailyTally.objects.order_by("day")]
    rebuild([plan.patient])
    assert [row.figures() for row in DailyTally.objects.order_by("day")] == kept


def test_adh4_a_week_older_than_the_window_is_frozen(plan):
    with pytest.raises(DayClosed):
        plan.done(day=plan.day - timedelta(days=8))
    plan.patient.clinic.thresholds_set = {"back_entry_days": 3}
    with pytest.raises(DayClosed):
        plan.done(day=plan.day - timedelta(days=4))

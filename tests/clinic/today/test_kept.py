"""A plan that was read before is not read again, and never stands as it stood then."""

from datetime import timedelta

import pytest

from clinic.models import Easing
from clinic.prescriptions.actions import end, pause, resume
from clinic.today.reading import lines_on
from tests.factories import plans

pytestmark = pytest.mark.django_db


def names(plan, day=None, also=None):
    lines = lines_on(day or plan.day, user=plan.patient.user, also=also)
    return [line.plain_name for line in lines]


def test_second_reading_asks_for_no_line(plan, django_assert_num_queries):
    first = lines_on(plan.day, user=plan.patient.user)

    with django_assert_num_queries(1) as asked:
        again = lines_on(plan.day, user=plan.patient.user)

    assert again == first
    assert "told" not in asked.captured_queries[0]["sql"]


def test_new_version_is_seen_at_once(plan, clinician, exercises, django_assert_num_queries):
    lines_on(plan.day, user=plan.patient.user)
    plans.revised(plan.prescription, by=clinician.user, lines=[plans.Line(exercises["plank"])], on=plan.day)

    with django_assert_num_queries(2):
        assert names(plan) == ["Plank"]
    with django_assert_num_queries(1):
        assert names(plan) == ["Plank"]


def test_line_of_the_version_before_is_still_found(plan, clinician, exercises):
    lines_on(plan.day, user=plan.patient.user)
    plans.revised(plan.prescription, by=clinician.user, lines=[plans.Line(exercises["plank"])], on=plan.day)

    found = lines_on(plan.day, user=plan.patient.user, also=plan.bridge.uuid)

    old = next(line for line in found if line.uuid == plan.bridge.uuid)
    assert not old.is_in_force(plan.day)
    assert names(plan) == ["Plank"]
    assert names(plan, day=plan.day - timedelta(days=1)) == ["Bridge", "Bird dog", "Plank", "Shrug"]


def test_pause_and_its_end_are_seen_at_once(plan, clinician):
    lines_on(plan.day, user=plan.patient.user)
    pause(prescription=plan.prescription, by=clinician.user, reason="Away")
    assert all(line.planned.paused for line in lines_on(plan.day, user=plan.patient.user))

    resume(prescription=plan.prescription, by=clinician.user)
    assert not any(line.planned.paused for line in lines_on(plan.day, user=plan.patient.user))


def test_ended_plan_is_gone_at_once(plan, clinician):
    assert names(plan)
    end(prescription=plan.prescription, by=clinician.user, reason="Done")

    assert names(plan, day=plan.day + timedelta(days=1)) == []


def test_what_is_eased_on_one_day_is_whole_on_the_next(plan):
    Easing.objects.create(
        patient=plan.patient, thread=plan.bridge.thread, kind="withheld", because="stop", from_day=plan.day,
        until_day=plan.day,
    )  # fmt: skip

    for _ in range(2):
        eased = [line.plain_name for line in lines_on(plan.day, user=plan.patient.user) if line.rests]
        assert eased == ["Bridge"]
        assert not any(line.rests for line in lines_on(plan.day + timedelta(days=1), user=plan.patient.user))


def test_another_patient_never_gets_what_was_kept(plan, other_patient):
    names(plan)

    for _ in range(2):
        assert lines_on(plan.day, user=other_patient.user, also=plan.bridge.uuid) == []

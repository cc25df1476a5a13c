"""A compiled query answers what its queryset answers."""

from datetime import timedelta
from uuid import uuid4

import pytest

from clinic.flare.rules import Because
from clinic.models import Easing
from clinic.today import answers, reading
from clinic.today.actions import say, skip
from clinic.today.flare_days import begin
from clinic.today.models import SkipReason
from tests.factories import checks, plans

pytestmark = pytest.mark.django_db


@pytest.fixture
def history(plan, clinician, exercises):
    """Ticks and skips of two days, a pause, and a replaced version."""
    yesterday = plan.day - timedelta(days=1)
    plan.all_done()
    plan.all_done(plan.bird_dog, day=yesterday)
    skip(
        patient=plan.patient, by=plan.patient.user, day=plan.day, line=plan.plank.uuid, occasion=1,
        reason=SkipReason.TIME,
    )  # fmt: skip
    say(patient=plan.patient, by=plan.patient.user, day=plan.day, pain_before=0, comment="’ “ 😀")
    plans.paused(plan.prescription, by=clinician.user, since=yesterday, until=yesterday)
    for kind, until in (("half", None), ("withheld", plan.day)):
        Easing.objects.create(
            patient=plan.patient, thread=plan.bridge.thread, kind=kind, because="stop", from_day=yesterday,
            until_day=until,
        )  # fmt: skip
    begin(patient=plan.patient, by=plan.patient.user, answers=checks.answers(plan.patient), because=Because.PRESSED)
    plans.revised(plan.prescription, by=clinician.user, lines=[plans.Line(exercises["plank"])], on=plan.day)
    return plan


@pytest.mark.parametrize("ago", [0, 1, 3, 100])
def test_compiled_queries_answer_like_the_orm(history, ago):
    user, day = history.patient.user, history.day - timedelta(days=ago)
    week = {"first_day": day - timedelta(days=3), "last_day": day + timedelta(days=3)}
    cases = [
        (reading._lines_on, {"day": day}),
        (reading._lines_on_and, {"day": day, "line": history.bridge.uuid}),
        (reading._lines_on_and, {"day": day, "line": uuid4()}),
        (reading._plans_on, {"day": day}),
        (reading._log_of_day, {"day": day}),
        (reading._log_of_days, {"day": day - timedelta(days=3), "last_day": day}),
        (reading._log_of_day_in_week, {"day": day, **week}),
        (answers._said_on, {"day": day, "occasion": 1, "first_day": day - timedelta(days=1)}),
        (answers._said_on, {"day": day, "occasion": 2, "first_day": day - timedelta(days=1)}),
    ]
    for compiled, values in cases:
        rows = [tuple(row) for row in compiled(user=user, **values)]

        assert sorted(rows, key=repr) == sorted(compiled.build(user=user, **values), key=repr)


def test_one_patients_query_never_answers_with_anothers_rows(history, other_patient):
    assert reading.lines_on(history.day, user=other_patient.user, also=history.bridge.uuid) == []
    assert reading.logs_between(history.day, history.day, user=other_patient.user)[history.day].is_empty
    assert answers.said_on(history.day, user=other_patient.user, occasion=1) == {}


def test_account_that_is_no_patient_goes_through_the_orm(history, clinician, foreign_clinician):
    theirs = reading.lines_on(history.day, user=clinician.user)

    assert [line.told.plain_name for line in theirs] == ["Plank"]
    assert reading.lines_on(history.day, user=foreign_clinician.user) == []

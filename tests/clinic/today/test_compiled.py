"""A compiled query answers what its queryset answers."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from clinic.flare.rules import Because
from clinic.models import Easing
from clinic.today import answers, reading
from clinic.today.actions import say, skip
from clinic.today.compiled import CompiledInsert
from clinic.today.flare_days import begin
from clinic.today.models import CheckOff, SkipReason
from tests.factories import checks, plans

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


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


def test_compiled_rows_are_stored_like_the_orms(plan):
    def row(number, **more):
        return CheckOff(
            patient=plan.patient, day=plan.day, thread=plan.bridge.thread, set_number=number, line=plan.bridge,
            done_at=NOW, done_by=plan.patient.user, **more,
        )  # fmt: skip

    unique = ("patient", "day", "thread", "occasion", "set_number", "side")
    keep, change = (CompiledInsert(CheckOff, unique=unique, update=names) for names in ((), ("amount",)))
    CheckOff.objects.bulk_create([row(1)])
    keep([row(1, amount=5), row(2)])
    assert list(CheckOff.objects.order_by("set_number").values_list("set_number", "amount")) == [(1, None), (2, None)]

    change([row(2, amount=7)])

    first, second = CheckOff.objects.order_by("set_number")
    assert (second.amount, second.done_at, second.thread, second.day) == (7, first.done_at, first.thread, first.day)

"""What the caseload counts becomes tasks, once."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from clinic.caseload.alerts import raise_alerts
from clinic.caseload.cases import cases_of
from patients.models import Task
from patients.tasks.actions import resolve, snooze
from patients.tasks.models import Kind
from tests.factories import catalogue, history, plans, tasks

TODAY = date(2026, 11, 18)  # a Wednesday
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def plan(patient, clinician):
    return plans.published(patient, by=clinician.user, exercises=[catalogue.exercise("bridge")], starts_on=ago(40))


def open_tasks():
    return {task.kind: task.words for task in Task.objects.open()}


def test_no_log_in_seven_planned_days_is_a_task(plan):
    history.done(plan, *[ago(days) for days in range(9, 41)])

    raise_alerts(NOON)

    assert open_tasks() == {Kind.SILENT: "Nothing logged in 7 planned days. Last session on 9 November 2026."}


def test_under_half_done_two_weeks_running_is_a_task(plan):
    history.done(plan, *[day for days in range(1, 40) if (day := ago(days)).weekday() == 0])

    raise_alerts(NOON)

    assert open_tasks() == {Kind.LOW: "Under half of the plan done two weeks running (14% and 14%)."}


def test_three_skips_for_one_reason_are_a_task(plan):
    history.done(plan, *[ago(days) for days in range(4, 40)])
    for days in (1, 2, 3):
        history.skipped(plan.lines.get(), ago(days), "equipment")

    raise_alerts(NOON)

    assert open_tasks() == {Kind.SKIPS: "Skipped 3 times or more for the same reason. Bridge: no equipment here."}


def test_run_every_day_adds_nothing_while_nothing_changes(plan, clinician):
    history.done(plan, *[ago(days) for days in range(9, 41)])
    raise_alerts(NOON)
    task = Task.objects.get()
    resolve(task=task, by=clinician.user, note="Away until December.")

    raise_alerts(NOON + timedelta(days=1))

    assert Task.objects.get() == task


def test_steady_patient_raises_nothing(plan):
    history.done(plan, *[ago(days) for days in range(1, 41)])

    assert raise_alerts(NOON) == 0
    assert open_tasks() == {}


def reasons(clinician, patient):
    case = next(case for case in cases_of(clinician, NOON) if case.pk == patient.pk)
    return [reason.words for reason in case.reasons]


def test_what_is_counted_speaks_for_the_task_that_it_became(plan, clinician, patient):
    history.done(plan, *[ago(days) for days in range(9, 41)])
    before = reasons(clinician, patient)

    raise_alerts(NOON)

    assert before == reasons(clinician, patient) == ["No session for 9 days"]


@pytest.mark.parametrize("settled", [True, False])
def test_what_was_put_off_or_settled_is_not_said_again(settled, plan, clinician, patient):
    history.done(plan, *[ago(days) for days in range(9, 41)])
    raise_alerts(NOON)
    task = Task.objects.get()
    if settled:
        resolve(task=task, by=clinician.user, note="On holiday until December.", now=NOON)
    else:
        snooze(task=task, by=clinician.user, until=NOON + timedelta(days=3), now=NOON)

    assert reasons(clinician, patient) == ["On track"]


def test_other_open_tasks_are_reasons_pressing_ones_first(plan, clinician, patient):
    history.done(plan, *[ago(days) for days in range(1, 41)])
    tasks.task(patient, Kind.PLATEAU, now=NOON)
    tasks.task(patient, Kind.FLAG_B, now=NOON)

    assert reasons(clinician, patient) == ["Red flag: contact today", "No progression"]

"""A fixed number of queries, whatever the plan and its history."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from clinic.today.models import CheckOff, DailyTally, Session
from tests.factories import catalogue, plans

pytestmark = pytest.mark.django_db


def make_plan(patient, clinician, lines):
    exercises = [catalogue.exercise(f"exercise-{n}") for n in range(lines)]
    return plans.published(
        patient,
        by=clinician.user,
        lines=[plans.Line(exercise, "3 x 10, 3 days/week" if n % 2 else "2 x 6 each side")
               for n, exercise in enumerate(exercises)],
        starts_on=patient.local_day() - timedelta(days=1200),
    )  # fmt: skip


def make_history(patient, plan, days):
    line, now = plan.lines.first(), timezone.now()
    past = [patient.local_day() - timedelta(days=n) for n in range(1, days + 1)]
    CheckOff.objects.bulk_create(
        CheckOff(patient=patient, day=day, thread=line.thread, set_number=1, side="left", line=line, done_at=now,
                 done_by=patient.user)
        for day in past
    )  # fmt: skip
    DailyTally.objects.bulk_create(
        DailyTally(patient=patient, day=day, planned_slots=1, touched_slots=1) for day in past
    )
    Session.objects.bulk_create(
        Session(patient=patient, day=day, pain_before=3, pain_worst=2, started_at=now, said_by=patient.user)
        for day in past
    )


@pytest.fixture(params=[(1, 1), (20, 1), (1, 1000), (20, 1000)], ids=lambda p: f"{p[0]} lines, {p[1]} days")
def plan_with_history(request, patient, clinician):
    lines, days = request.param
    made = make_plan(patient, clinician, lines)
    make_history(patient, made, days)
    return made


@pytest.mark.parametrize(
    ("path", "first", "again"),
    [("/today/", 7, 5), ("/today/week/", 8, 6), ("/today/plan/", 7, 5), ("/today/progress/", 15, 12)],
)
def test_page_asks_a_fixed_number_of_queries(
    plan_with_history, patient_client, django_assert_num_queries, path, first, again
):
    with django_assert_num_queries(first):
        patient_client.get(path)
    with django_assert_num_queries(again):
        patient_client.get(path)


def test_exercise_asks_four_queries_and_one_for_what_may_be_read_with_it(
    plan_with_history, patient_client, django_assert_num_queries
):
    patient_client.get("/today/")
    address = f"/today/exercise/{plan_with_history.lines.first().uuid}/"

    with django_assert_num_queries(5):
        patient_client.get(address)
    with django_assert_num_queries(4):
        patient_client.get(address)


@pytest.mark.parametrize("what", ["1.1.left.1", "1.all.1"])
def test_check_off_asks_at_most_eight_queries(
    plan_with_history, patient, patient_client, django_assert_num_queries, what
):
    data = {"day": patient.local_day(), "tick": f"{plan_with_history.lines.first().uuid}.{what}", "round": "1"}

    with django_assert_num_queries(most(7)):
        patient_client.post("/today/check/", data, headers={"HX-Request": "true"})
    with django_assert_num_queries(most(7)):
        patient_client.post("/today/check/", data | {"tick": data["tick"][:-1] + "0"}, headers={"HX-Request": "true"})


def most(on_sqlite):
    """PostgreSQL locks the patient's row with a query of its own; SQLite has one writer at a time."""
    return on_sqlite + connection.features.has_select_for_update


def test_double_tap_asks_no_more_than_it_must(plan_with_history, patient, patient_client, django_assert_num_queries):
    data = {"day": patient.local_day(), "tick": f"{plan_with_history.lines.first().uuid}.1.all.1", "round": "1"}
    patient_client.post("/today/check/", data, headers={"HX-Request": "true"})

    with django_assert_num_queries(most(4)):
        patient_client.post("/today/check/", data, headers={"HX-Request": "true"})

"""The next day's pages, which a phone keeps for a morning without a network."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from clinic.prescriptions.models import PrescribedExercise
from clinic.today.checks import check_due
from clinic.today.models import CheckOff
from patients.models import Patient
from tests.clinic.today.test_sprite import POSE
from tests.factories import checks, plans

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 7, 15, 19, tzinfo=UTC)  # a Wednesday; London is an hour ahead
MIDNIGHT = datetime(2026, 7, 15, 23, tzinfo=UTC)


@pytest.fixture(autouse=True)
def evening():
    with time_machine.travel(EVENING, tick=False) as travel:
        yield travel


def test_page_ahead_is_the_next_days_and_says_so(plan, patient_client):
    plan.all_done(plan.bridge)
    page = patient_client.get("/today/?ahead=1").content.decode()

    assert "This is your plan for Thursday 16 July. You can tick it off on that day." in page
    assert f'id="ahead" data-from="{int(MIDNIGHT.timestamp() * 1000)}"' in page
    assert set(re.findall(r'name="day" value="([\d-]+)"', page)) == {"2026-07-16"}
    assert 'aria-pressed="true"' not in page
    assert f'href="/today/exercise/{plan.bridge.uuid}/"' in page
    assert "Good evening" not in page


def test_page_of_an_exercise_ahead_carries_its_day(plan, patient_client):
    page = patient_client.get(f"/today/exercise/{plan.bridge.uuid}/?ahead=1").content.decode()

    assert 'id="ahead"' in page
    assert set(re.findall(r'name="day" value="([\d-]+)"', page)) == {"2026-07-16"}


def test_tick_from_the_page_ahead_waits_for_its_day(plan, patient_client, evening):
    tomorrow = plan.day + timedelta(days=1)
    early = plan.tap(patient_client, f"{plan.bridge.uuid}.1.1.both.1", day=tomorrow)
    assert early.status_code == 422
    assert "is still to come" in early.content.decode()

    evening.move_to(MIDNIGHT)
    assert plan.tap(patient_client, f"{plan.bridge.uuid}.1.1.both.1", day=tomorrow).status_code == 200
    assert CheckOff.objects.get().day == tomorrow


def test_plan_that_begins_tomorrow_is_kept_today(patient, clinician, exercises, patient_client):
    plans.published(
        patient, by=clinician.user, exercises=[exercises["bridge"]], starts_on=patient.local_day() + timedelta(days=1)
    )

    assert "Bridge" not in patient_client.get("/today/").content.decode()
    assert "Bridge" in patient_client.get("/today/?ahead=1").content.decode()


def test_check_that_is_due_tomorrow_keeps_the_exercises_back(plan, patient, patient_client):
    def is_due(on):
        return check_due(Patient.objects.get(pk=patient.pk), on).is_full

    for days_ago in range(400):
        checks.clear(patient, days_ago=days_ago)
        if is_due(plan.day + timedelta(days=1)):
            break
    assert not is_due(plan.day)

    for path in ("/today/", f"/today/exercise/{plan.bridge.uuid}/"):
        assert patient_client.get(path).status_code == 200
        assert patient_client.get(f"{path}?ahead=1").status_code == 422


def test_red_flag_stops_the_page_ahead_too(plan, patient, patient_client):
    checks.flagged(patient, RF02="yes")

    assert patient_client.get("/today/?ahead=1").status_code == 403


def test_figures_of_tomorrows_plan_come(patient, clinician, exercises, patient_client):
    made = plans.published(
        patient, by=clinician.user, exercises=[exercises["plank"]], starts_on=patient.local_day() + timedelta(days=1)
    )
    for line in made.lines.all():
        told = line.told | {"pose": POSE.format(60)}
        PrescribedExercise.objects.filter(pk=line.pk).update(told=told)  # as published: lines never change
    figures = re.search(r"/today/figures/\w+\.svg", patient_client.get("/today/?ahead=1").content.decode())

    assert figures and patient_client.get(figures[0]).status_code == 200


def test_page_ahead_asks_no_more_than_today(plan, patient_client, django_assert_max_num_queries):
    patient_client.get("/today/")
    with django_assert_max_num_queries(6):
        patient_client.get("/today/?ahead=1")

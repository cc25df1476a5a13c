"""A clinician's pages tell the time by the clinic's clock, wherever the server stands; a patient's days are the patient's."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from clinic.prescriptions.actions import revise
from patients.models import Task
from patients.records.actions import discharge
from patients.tasks.models import Kind
from patients.team.handing_over import give
from tests.conftest import signed_in
from tests.factories import catalogue, history, people, plans, tasks

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)  # 1 o'clock in the night to Thursday, in Auckland


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def clinic(db):
    return people.clinic("Backs Down Under", time_zone="Pacific/Auckland")


@pytest.fixture
def clinician(clinic):
    return people.clinician(clinic, "Rita", "Voss")


@pytest.fixture
def colleague(clinic):
    return people.clinician(clinic, "Sam", "Achterberg")


@pytest.fixture
def patient(clinic, clinician):
    """In London for the winter."""
    return people.patient(clinic, "Margaret", "Ellis", lead=clinician, time_zone="Europe/London")


def text(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


def test_caseload_and_tasks(clinician_client, patient):
    task = tasks.task(patient)
    assert "Thursday 19 November" in text(clinician_client, "caseload")
    for page in (text(clinician_client, "tasks"), text(clinician_client, "task", task.uuid)):
        assert "raised 19 Nov, 01:00" in page
    clinician_client.post(reverse("task", args=[task.uuid]), {"do": "resolve", "note": "Called."})
    assert "Done 19 Nov, 01:00 by Rita Voss: Called." in text(clinician_client, "task", task.uuid)


@pytest.mark.parametrize("page", ["task", "attend"])
def test_what_is_put_off_comes_back_in_the_clinics_morning(clinician_client, patient, page):
    task = tasks.task(patient)
    url = reverse(page, args=[task.uuid if page == "task" else patient.uuid])
    said = {"do": "snooze" if page == "task" else "later", "until": "2026-11-19", "shown": [f"{task.uuid}.1"]}
    assert clinician_client.post(url, said).status_code == 422  # that is today
    clinician_client.post(url, said | {"until": "2026-11-20"})
    assert Task.objects.get(kind=Kind.OTHER).snoozed_until == datetime(2026, 11, 19, 17, tzinfo=UTC)


def test_hand_over_sheet(clinician, colleague, patient):
    tasks.task(patient)
    give(patient=patient, by=clinician.user, giver=clinician, to=colleague, sheet=patient.uuid)
    assert "due 21 Nov" in text(signed_in(colleague.user), "hand_over_sheet", patient.uuid)


def test_day_of_discharge(clinician_client, clinician, patient):
    discharge(patient=patient, by=clinician.user)
    assert "Discharged 19 Nov 2026" in text(clinician_client, "patient_record", patient.uuid)


def test_plans_and_when_a_colleague_sent_one(clinician_client, colleague, patient):
    bridge = catalogue.exercise("bridge")
    plan = plans.published(patient, by=colleague.user, exercises=[bridge])
    newer = plans.revised(plan, by=colleague.user, lines=[plans.Line(bridge)], on=patient.local_day())
    said = {"exercise": "bridge", "kind": "remove", "send": "1", "plan": [str(plan.uuid)]}
    answer = clinician_client.post(reverse("change_many"), said).content.decode()
    assert "Sam Achterberg sent a new version at 01:00." in answer
    assert "19 Nov 2026, 01:00" in text(clinician_client, "prescription", newer.uuid)
    draft = revise(prescription=newer, by=colleague.user)
    assert 'Draft saved <span class="num">01:00</span>' in text(clinician_client, "prescription_edit", draft.uuid)


def test_days_of_a_patient_elsewhere_are_their_own(clinician_client, clinician, patient):
    plan = plans.published(patient, by=clinician.user, exercises=[catalogue.exercise("bridge")])
    history.done(plan, date(2026, 11, 18))
    page = clinician_client.get(reverse("patient_days", args=[patient.uuid]))
    assert page.context["detail"].day == date(2026, 11, 18)
    assert ">09:00</time>" in page.content.decode()

"""The way round: with the patient's own first exercise, kept from who must not see one, and skipped in one tap."""

import pytest

from clinic.today.models import CheckOff
from patients.models import Patient
from tests.factories import catalogue, checks, plans

STEPS = "/today/first-steps/"
DONE = "/today/first-steps/done/"


@pytest.fixture
def live(patient, clinician):
    return plans.published(
        patient, by=clinician.user, exercises=[catalogue.exercise("bridge"), catalogue.exercise("plank")]
    )


def page(client, step):
    response = client.get(STEPS, {"step": step})
    assert response.status_code == 200
    return response.content.decode()


def test_first_steps_show_the_patients_own_first_exercise(live, patient_client):
    assert "Bridge" in page(patient_client, 1)
    assert "It hurts" in page(patient_client, 2)
    assert "+44 20 7946 0000" in page(patient_client, 3)


def test_trying_stores_nothing(live, patient_client):
    tried = page(patient_client, 2)

    assert 'name="tick"' not in tried
    assert "/today/check/" not in tried
    assert not CheckOff.objects.exists()


def test_nothing_prescribed_yet_says_what_will_come(patient_client):
    assert "Your clinician chooses exercises for you." in page(patient_client, 1)
    assert "Set 1" in page(patient_client, 2)


def test_whole_check_that_is_due_keeps_the_exercise_back(live, patient, patient_client):
    Patient.objects.filter(pk=patient.pk).update(checked_on=None)

    assert "First we ask a few questions about your health." in page(patient_client, 1)
    assert "Bridge" not in page(patient_client, 1) + page(patient_client, 2)


def test_stopped_patient_is_not_shown_round(live, patient, patient_client):
    checks.flagged(patient, RF02="yes")

    response = patient_client.get(STEPS)

    assert response.status_code == 403
    assert "Bridge" not in response.content.decode()


@pytest.mark.parametrize("step", ["1", "2", "3"])
def test_every_step_is_skipped_in_one_tap_and_for_good(step, live, patient, patient_client):
    assert f'action="{DONE}"' in page(patient_client, step)

    assert patient_client.post(DONE)["Location"] == "/today/"

    first = Patient.objects.get(pk=patient.pk).shown_around_at
    patient_client.post(DONE)
    assert first is not None
    assert Patient.objects.get(pk=patient.pk).shown_around_at == first


@pytest.mark.parametrize("step", ["", "0", "4", "x", "9" * 30, "\0", "²"])
def test_step_that_there_is_not_is_the_first(step, live, patient_client):
    assert "How it works, 1 of 3" in page(patient_client, step)


def test_help_leads_back_to_it(patient_client):
    assert f'href="{STEPS}"' in patient_client.get("/help/").content.decode()


def test_steps_ask_few_queries(live, patient_client, django_assert_num_queries):
    page(patient_client, 1)
    with django_assert_num_queries(QUERIES):
        page(patient_client, 1)


QUERIES = 3

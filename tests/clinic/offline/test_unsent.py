"""What a phone says about pain that the clinic cannot hear of: never that it knows, always whom to call."""

import pytest

from patients.models import Clinic

pytestmark = pytest.mark.django_db


def test_page_says_that_nobody_knows_yet_and_whom_to_call(patient, patient_client):
    Clinic.objects.update(phone="020 7946 0123", emergency_phone="999")
    page = patient_client.get("/today/unsent/").content.decode()

    assert "The clinic does not know yet." in page
    assert "told your clinic" not in page
    assert 'href="tel:02079460123"' in page
    assert 'href="tel:999"' in page
    for advice in ("stopped", "red", "before", "morning", "away", "numb"):
        assert f'data-advice="{advice}"' in page


def test_scores_that_bring_advice_are_the_clinics(patient, patient_client):
    page = patient_client.get("/today/unsent/").content.decode()

    assert 'data-of="pain_worst" data-from="6"' in page


def test_without_an_emergency_number_there_is_a_place_to_go(patient, patient_client):
    Clinic.objects.update(emergency_phone="")

    assert "go to an emergency department now" in patient_client.get("/today/unsent/").content.decode()

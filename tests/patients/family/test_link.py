"""The link that lets a helper in: used well, twice, too late, by the wrong person, guessed at."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from patients.models import AuditEvent, FamilyAccess, PinDevice, User
from tests.conftest import signed_in
from tests.factories import people
from tests.patients.entrance.conftest import code_in, sign_in_by_pin
from tests.patients.family.conftest import BORN, BY_PIN, give, link_in, only

BY_PASSWORD = BORN | {"way": "password", "email": "dora@family.example", "password": "three quiet otters"}


def today_of(access):
    return f"/helping/{access.uuid}/today/"


def test_page_says_nothing_of_whose_it_is_before_the_birth_date(link, client):
    response = client.get(link)

    page = response.content.decode()
    assert "Margaret" not in page and "Ellis" not in page
    assert response["Referrer-Policy"] == "strict-origin" and "no-store" in response["Cache-Control"]


def test_pin_lets_a_helper_in_to_the_patients_day(link, client, patient, plan):
    response = client.post(link, BY_PIN)

    access = only()
    assert response["Location"] == today_of(access)
    assert (access.helper.first_name, access.helper.last_name, access.helper.email) == ("Dora", "Ellis", "")
    assert "You are helping" in client.get(today_of(access)).content.decode()
    assert AuditEvent.objects.filter(action="family.joined", actor=str(access.helper.pk)).count() == 1


def test_helper_comes_back_in_by_the_pin(link, client, plan):
    client.post(link, BY_PIN)
    client.post("/accounts/logout/")

    response = sign_in_by_pin(client)

    assert response["Location"] == "/start/"
    assert client.get("/start/")["Location"] == today_of(only())


def test_password_and_mailed_code_let_in_as_well(patient_client, plan):
    client = Client()
    assert client.post(give(patient_client), BY_PASSWORD)["Location"] == today_of(only())
    client = Client()
    link, by_code = give(patient_client, name="Ines Ellis"), BORN | {"way": "code", "email": "ines@family.example"}
    client.post(link, by_code)

    client.post(link, by_code | {"code": code_in(mail.outbox[-1])})

    assert set(User.objects.filter(helps__isnull=False).values_list("email", flat=True)) == {
        "dora@family.example", "ines@family.example",
    }  # fmt: skip


def test_link_works_once(link, client):
    client.post(link, BY_PIN)

    second = Client()
    assert second.get(link).status_code == second.post(link, BY_PIN).status_code == 410
    assert PinDevice.objects.count() == 1


def test_link_runs_out(link, client):
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1), tick=False):
        assert client.get(link).status_code == client.post(link, BY_PIN).status_code == 410

    assert FamilyAccess.objects.get().helper is None


def test_three_wrong_birth_dates_close_the_link(link, client, patient, patient_client):
    wrong = BY_PIN | {"year": "1963"}
    first = client.post(link, wrong)
    assert first.status_code == 422 and "You can try 2 more times" in first.content.decode()
    client.post(link, wrong)
    assert client.post(link, wrong).status_code == 410
    assert client.post(link, BY_PIN).status_code == 410
    assert not PinDevice.objects.exists()

    renewed = link_in(patient_client.post(f"/family/{only().uuid}/link/"))

    assert client.post(renewed, BY_PIN).status_code == 302
    assert AuditEvent.objects.filter(action="family.wrong_try", patient=str(patient.uuid)).count() == 3


@pytest.mark.parametrize("born", [{"day": "31", "month": "2", "year": "1962"}, {"day": "x"}, {}])
def test_no_date_is_asked_again(link, client, born):
    assert client.post(link, born).status_code == 422
    assert only().wrong_tries == 0


def test_new_link_ends_the_one_before(link, patient_client, client):
    second = link_in(patient_client.post(f"/family/{only().uuid}/link/"))

    assert (client.get(link).status_code, client.get(second).status_code) == (410, 200)


def test_ended_before_it_was_used(link, patient_client, client):
    patient_client.post(f"/family/{only().uuid}/end/")

    assert client.post(link, BY_PIN).status_code == 410


def test_address_of_somebody_else_is_not_taken(link, client, clinician):
    response = client.post(link, BY_PASSWORD | {"email": clinician.user.email})

    assert response.status_code == 422 and only().helper is None


def test_patients_birthday_is_no_pin(link, client):
    assert client.post(link, BY_PIN | {"pin": "140362"}).status_code == 422


def test_unknown_link_is_gone(db, client):
    assert client.get("/helping/welcome/guessed/").status_code == 410


# --- for somebody who signs in already ---


def test_another_patient_helps_with_the_account_they_have(link, other_patient_client, other_patient, plan):
    asked = other_patient_client.post(link, BORN).content.decode()
    assert "Help Margaret?" in asked and only().helper is None

    response = other_patient_client.post(link, BORN | {"join": "yes"})

    access = only()
    assert (access.helper, response["Location"]) == (other_patient.user, today_of(access))
    assert "You are helping" in other_patient_client.get(today_of(access)).content.decode()


def test_clinician_helps_their_father(link, clinician_client, clinician, plan):
    clinician_client.post(link, BORN | {"join": "yes"})

    access = only()
    assert access.helper == clinician.user
    assert clinician_client.get(today_of(access)).status_code == 200
    assert clinician_client.get(f"/helping/{access.uuid}/clinic/").status_code == 404
    assert clinician_client.get("/start/")["Location"] == "/clinic/"
    assert "People I help" in clinician_client.get("/clinic/").content.decode()


def test_nobody_helps_themselves(link, patient_client):
    response = patient_client.post(link, BORN | {"join": "yes"})

    assert "This link is for somebody else" in response.content.decode()
    assert only().helper is None


def test_birth_date_is_asked_of_somebody_signed_in_too(link, other_patient_client):
    assert other_patient_client.post(link, BORN | {"year": "1963", "join": "yes"}).status_code == 422
    assert only().helper is None


def test_pressing_twice_joins_once(link, other_patient_client):
    other_patient_client.post(link, BORN | {"join": "yes"})

    assert other_patient_client.post(link, BORN | {"join": "yes"}).status_code == 410
    assert AuditEvent.objects.filter(action="family.joined").count() == 1


def test_newer_access_of_the_same_two_takes_the_place_of_the_older(dora, patient_client):
    link = give(patient_client, name="Dora Ellis again", level="look")

    dora.client.post(link, BORN | {"join": "yes"})

    assert dora.get("/today/").status_code == 410
    assert FamilyAccess.objects.filter(ended_at=None).get().level == "look"


def test_parent_of_two_helps_both(dora, other_patient, clinician):
    second = people.helper(other_patient, "look", by=other_patient.user, account=dora.access.helper)

    page = dora.client.get("/helping/").content.decode()

    assert today_of(dora.access) in page and today_of(second) in page
    assert dora.client.get("/start/")["Location"] == "/helping/"


def test_helper_looks_after_their_own_ways_in(dora):
    dora.client.force_login(dora.access.helper)

    page = dora.client.get("/my-sign-in/")

    assert page.status_code == 200 and "dora.0@family.example" in page.content.decode()


def test_expired_helper_is_told_and_led_nowhere(patient, clinician):
    access = people.helper(patient, by=patient.user, days=-1)
    client = signed_in(access.helper)

    assert client.get("/start/")["Location"] == "/helping/"
    page = client.get("/helping/").content.decode()
    assert "You help nobody at the moment." in page and "Margaret, until" in page

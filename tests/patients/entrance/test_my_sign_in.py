"""A patient's own ways in: seen, added, changed and removed, after showing once more who it is."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from patients.models import AuditEvent, PinDevice, User
from tests.factories import people
from tests.factories.passkeys import passkey
from tests.patients.entrance.conftest import PIN, code_in, is_signed_in, now, sign_in_by_pin

MINE = "/my-sign-in/"
STILL = "/my-sign-in/still-you/"


@pytest.fixture
def mine(device):
    sign_in_by_pin(device)
    return device


def shown_again(client, pin=PIN):
    return client.post(STILL, {"pin": pin})


def by_password(patient):
    client = Client()
    client.post("/accounts/login/", {"login": patient.user.email, "password": people.PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": people.PASSWORD})
    return client


def test_page_shows_ways_and_devices_in_plain_words(mine):
    page = mine.get(MINE, headers={"User-Agent": "Mozilla/5.0 (iPhone) Safari/604"}).content.decode()

    assert page.count("This device") == 2
    assert "Last used" in page
    assert "No e-mail address." in page
    assert "You have no password. That is fine." in page


@pytest.mark.parametrize(
    "path",
    ["/my-sign-in/pin/", "/accounts/2fa/webauthn/add/", "/accounts/password/set/", "/accounts/2fa/totp/activate/"],
)
def test_nothing_is_changed_before_the_pin_is_typed_again(mine, path):
    assert mine.get(path)["Location"].startswith(STILL)
    assert shown_again(mine, "111222").status_code == 422
    assert mine.get(path)["Location"].startswith(STILL)

    shown_again(mine)

    assert mine.get(path).status_code == 200


def test_address_is_not_changed_before_the_pin_is_typed_again(mine, newcomer):
    response = mine.post("/accounts/email/", {"email": "thief@bad.example", "action_add": ""})

    assert response["Location"].startswith(STILL)
    assert mail.outbox == []


def test_after_the_pin_it_goes_on_where_it_was_asked_for_and_nowhere_else(mine):
    assert mine.post(STILL, {"pin": PIN, "next": "/my-sign-in/pin/"})["Location"] == "/my-sign-in/pin/"
    assert mine.post(STILL, {"pin": PIN, "next": "https://bad.example/"})["Location"] == MINE


def test_wrong_pins_here_count_as_at_the_door(mine):
    for _ in range(5):
        shown_again(mine, "111222")

    assert not PinDevice.objects.exists()
    assert "ask your clinic for a new link" in mine.get(STILL).content.decode()


def test_patient_with_a_mailbox_only_shows_it_by_a_code(client, patient):
    User.objects.filter(pk=patient.user_id).update(password="!")
    client.post("/accounts/login/code/", {"email": patient.user.email})
    client.post("/accounts/login/code/confirm/", {"code": code_in(mail.outbox[-1])})
    assert client.get("/my-sign-in/pin/")["Location"].startswith(STILL)

    client.post(STILL, {})
    assert client.post(STILL, {"code": "AAAA-AAAA"}).status_code == 422
    code = code_in(mail.outbox[-1])
    client.post(STILL, {"code": code})

    assert client.get("/my-sign-in/pin/").status_code == 200
    assert client.post(STILL, {"code": code}).status_code == 422


def test_pin_is_changed_and_the_old_one_is_dead(mine, newcomer):
    User.objects.filter(pk=now(newcomer).user_id).update(email="margaret@home.example")
    shown_again(mine)
    mine.post("/my-sign-in/pin/", {"pin": "918273"})
    assert [message.subject for message in mail.outbox] == ["Your PIN was set"]
    mine.post("/accounts/logout/")

    sign_in_by_pin(mine)
    assert not is_signed_in(mine)
    sign_in_by_pin(mine, "918273")
    assert is_signed_in(mine)
    assert PinDevice.objects.count() == 1


def test_pin_is_added_on_a_second_device(patient):
    client = by_password(patient)
    client.post("/my-sign-in/pin/", {"pin": PIN})
    client.post("/accounts/logout/")

    sign_in_by_pin(client)

    assert is_signed_in(client)
    assert AuditEvent.objects.filter(action="pin.added", patient=str(patient.uuid)).count() == 1


def test_pin_that_is_easy_to_guess_is_refused_here_too(mine):
    shown_again(mine)

    response = mine.post("/my-sign-in/pin/", {"pin": "140362"})

    assert response.status_code == 422


def test_last_way_in_is_not_removed(mine):
    shown_again(mine)

    page = mine.post("/my-sign-in/pin/remove/", {"pin": PinDevice.objects.get().pk}, follow=True).content.decode()

    assert "This is your only way in." in page
    assert PinDevice.objects.exists()


def test_pin_is_removed_where_another_way_is_left(patient):
    client = by_password(patient)
    client.post("/my-sign-in/pin/", {"pin": PIN})

    client.post("/my-sign-in/pin/remove/", {"pin": PinDevice.objects.get().pk})

    assert not PinDevice.objects.exists()
    assert [message.subject for message in mail.outbox] == ["Your PIN was set", "Your PIN was removed"]


def test_last_passkey_is_not_removed(mine, newcomer):
    PinDevice.objects.all().delete()
    user = now(newcomer).user
    key = passkey(user)
    client = Client()
    client.force_login(user)

    client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")

    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_others_devices_do_not_exist(mine, other_patient_client, other_patient, newcomer):
    other = by_password(other_patient)
    session = UserSession.objects.filter(user=now(newcomer).user).first()
    key = passkey(now(newcomer).user)

    assert other.post("/my-sign-in/pin/remove/", {"pin": PinDevice.objects.get().pk}).status_code == 404
    assert other.post("/my-sign-in/device/sign-out/", {"session": session.pk}).status_code == 404
    assert other.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/").status_code == 404
    assert mine.get("/today/").status_code == 200


@pytest.mark.parametrize("number", ["", "x", "9" * 30, "-1", "\0", "1.5"])
def test_ids_that_are_none_answer_404(mine, number):
    shown_again(mine)

    assert mine.post("/my-sign-in/pin/remove/", {"pin": number}).status_code == 404
    assert mine.post("/my-sign-in/device/sign-out/", {"session": number}).status_code == 404


def test_patient_signs_out_another_device_from_here(patient):
    phone, tablet = by_password(patient), by_password(patient)
    page = phone.get(MINE).content.decode()
    (other,) = UserSession.objects.exclude(session_key=phone.session.session_key)
    assert f'name="session" value="{other.pk}"' in page

    phone.post("/my-sign-in/device/sign-out/", {"session": other.pk})

    assert tablet.get("/today/").status_code == 302
    assert phone.get("/today/").status_code == 200


def test_signing_out_this_device_leads_to_the_door(patient):
    client = by_password(patient)
    session = UserSession.objects.get()

    response = client.post("/my-sign-in/device/sign-out/", {"session": session.pk})

    assert response["Location"] == "/accounts/login/"
    assert client.get("/today/").status_code == 302


def test_pin_of_another_patient_on_this_device_is_not_shown_as_mine(mine, other_patient):
    mine.post("/accounts/logout/")
    mine.post("/accounts/login/", {"login": other_patient.user.email, "password": people.PASSWORD})
    mine.post("/accounts/reauthenticate/", {"password": people.PASSWORD})

    assert "Set a PIN on this device" in mine.get(MINE).content.decode()
    mine.post("/my-sign-in/pin/", {"pin": "918273"})

    assert PinDevice.objects.filter(user=other_patient.user).count() == 1
    assert PinDevice.objects.count() == 2


# --- one factor, or two ---


def test_passkey_of_a_patient_is_no_second_step_of_the_other_ways(client, patient):
    passkey(patient.user)

    client.post("/accounts/login/", {"login": patient.user.email, "password": people.PASSWORD})

    assert is_signed_in(client)


def test_second_step_that_a_patient_set_up_is_asked_for(client, patient):
    TOTP.activate(patient.user, generate_totp_secret())

    response = client.post("/accounts/login/", {"login": patient.user.email, "password": people.PASSWORD})

    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_signed_in(client)


def test_passkey_of_staff_stays_their_second_step(client, clinician):
    passkey(clinician.user)

    client.post("/accounts/login/", {"login": clinician.user.email, "password": people.PASSWORD})

    assert not is_signed_in(client)


def test_page_asks_as_many_queries_for_one_device_as_for_ten(mine, newcomer, django_assert_num_queries):
    mine.get(MINE)
    with django_assert_num_queries(QUERIES):
        mine.get(MINE)
    for number in range(10):
        PinDevice.objects.create(user=now(newcomer).user, secret_hash=str(number), pin="x", name="Tablet")
    with django_assert_num_queries(QUERIES):
        mine.get(MINE)


QUERIES = 10


def test_typed_pin_is_in_no_page_that_comes_back(mine):
    client = Client(enforce_csrf_checks=True)
    client.cookies.update(mine.cookies)

    response = client.post("/sign-in/pin/", {"pin": PIN}, headers={"Origin": "http://testserver"})

    assert response.status_code == 403
    assert not re.search(PIN, response.content.decode())

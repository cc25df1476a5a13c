"""The ways in that a link offers, each to the end and back, used well and attacked."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from patients.accounts import mailed_codes
from patients.accounts.pins import TRIES, is_easy_to_guess
from patients.models import AuditEvent, Invitation, Patient, PinDevice, User
from tests.factories import people
from tests.patients.entrance.conftest import (
    BORN,
    BY_PIN,
    PIN,
    asked,
    code_in,
    is_signed_in,
    link_for,
    now,
    sign_in_by_pin,
)

BY_CODE = BORN | {"way": "code", "email": "Margaret@home.example"}
BY_PASSWORD = BORN | {"way": "password", "email": "margaret@home.example", "password": "three quiet otters"}

# --- the choice ---


def test_birth_date_leads_to_the_ways_in_with_the_easiest_first(link, client):
    page = client.post(link, BORN).content.decode()

    assert re.findall(r'name="way" value="(\w+)"', page) == ["passkey", "pin", "code", "password"]
    assert "How do you want to get in?" in page


def test_choosing_uses_nothing_up(link, client, newcomer):
    for way in ("pin", "code", "password", "passkey"):
        assert client.post(link, BORN | {"way": way}).status_code == 200

    assert Invitation.objects.get().used_at is None
    assert now(newcomer).user is None
    assert not User.objects.filter(is_active=True, first_name="Margaret").exists()


@pytest.mark.parametrize("way", ["", "sms", "PIN", "\0", "__class__"])
def test_way_that_there_is_not_asks_again(link, client, way):
    response = client.post(link, BORN | {"way": way, "pin": PIN})

    assert "How do you want to get in?" in response.content.decode()


def test_no_way_goes_past_the_birth_date(link, client, newcomer):
    for sent in (BY_PIN, BY_PASSWORD):
        assert client.post(link, sent | {"year": "1963"}).status_code == 422

    assert now(newcomer).user is None
    assert not PinDevice.objects.exists()


# --- a PIN ---


def test_pin_lets_in_a_patient_without_an_e_mail_address(link, client, newcomer):
    response = client.post(link, BY_PIN)

    user = now(newcomer).user
    assert response["Location"] == "/today/first-steps/"
    assert (user.email, user.is_active, user.has_usable_password()) == ("", True, False)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get("/start/")["Location"] == "/today/"


def test_device_keeps_a_secret_that_the_server_does_not(link, client):
    cookie = client.post(link, BY_PIN).cookies["pin"]
    device = PinDevice.objects.get()

    assert len(cookie.value) >= 43
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie.value not in str(PinDevice.objects.values())
    assert PIN not in device.pin
    assert PIN not in str(AuditEvent.objects.values())


def test_returning_patient_is_asked_for_the_pin_first_and_no_name_is_shown(device, newcomer):
    page = device.get("/accounts/login/").content.decode()

    assert page.index("Your PIN") < page.index("Sign in another way")
    assert newcomer.first_name not in page
    assert newcomer.first_name not in str(device.cookies)
    assert sign_in_by_pin(device)["Location"] == "/start/"
    assert device.session["_auth_user_id"] == str(now(newcomer).user_id)
    assert PinDevice.objects.get().last_used_at is not None


def test_pin_may_be_typed_with_spaces(device):
    sign_in_by_pin(device, "270 581")

    assert is_signed_in(device)


def test_pin_is_worth_nothing_on_another_device(device):
    other = Client()
    other.get("/accounts/login/")

    response = other.post("/sign-in/pin/", {"pin": PIN, "asked": ""})

    assert response.status_code == 422
    assert not is_signed_in(other)
    assert asked(other) == ""


@pytest.mark.parametrize("carried", ["", "ÿ 😀", "x" * 5000])
def test_pin_from_no_page_of_ours_is_worth_nothing(device, carried):
    response = device.post("/sign-in/pin/", {"pin": PIN, "asked": carried})

    assert response.status_code == 422
    assert not is_signed_in(device)


def test_secret_is_worth_nothing_without_the_pin(device):
    for _ in range(3):
        sign_in_by_pin(device, "111222")

    assert not is_signed_in(device)


def test_fifth_wrong_pin_takes_it_off_the_device(device, newcomer):
    User.objects.filter(pk=now(newcomer).user_id).update(email="margaret@home.example")

    pages = [sign_in_by_pin(device, "111222").content.decode() for _ in range(TRIES)]

    assert "You can try 4 more times." in pages[0]
    assert "You can try 1 more time." in pages[3]
    assert "This PIN no longer works" in pages[4]
    assert not PinDevice.objects.exists()
    assert sign_in_by_pin(device).status_code == 422
    assert not is_signed_in(device)
    assert asked(device) == ""
    assert [message.subject for message in mail.outbox] == ["Your PIN was taken off a device"]
    assert AuditEvent.objects.filter(action="pin.wrong_try").count() == TRIES


def test_right_pin_forgives_the_wrong_ones_before(device):
    for _ in range(TRIES - 1):
        sign_in_by_pin(device, "111222")
    sign_in_by_pin(device)

    assert is_signed_in(device)
    assert PinDevice.objects.get().wrong_tries == 0


def test_post_of_a_pin_that_was_listened_to_signs_nobody_in_later(device):
    heard_cookies, sent = dict(device.cookies.items()), {"asked": asked(device), "pin": PIN}
    heard_cookies = {name: morsel.value for name, morsel in device.cookies.items()}
    device.post("/sign-in/pin/", sent)
    assert is_signed_in(device)
    device.post("/accounts/logout/")

    thief = Client()
    thief.cookies.load(heard_cookies)
    thief.post("/sign-in/pin/", sent)
    device.post("/sign-in/pin/", sent)

    assert not is_signed_in(thief)
    assert not is_signed_in(device)


def test_session_id_changes_at_sign_in_by_pin(device):
    asked(device)
    before = device.session.session_key

    sign_in_by_pin(device)

    assert device.session.session_key != before


def test_stopped_patient_cannot_use_the_pin(device, newcomer, clinician_client):
    clinician_client.post(f"/clinic/patients/{newcomer.uuid}/sign-in/", {"wanted": "stopped"})

    assert asked(device) == ""
    assert device.post("/sign-in/pin/", {"pin": PIN, "asked": "x"}).status_code == 422
    assert not is_signed_in(device)


@pytest.mark.parametrize(
    "pin", ["000000", "123456", "987654", "890123", "140362", "620314", "031462", "031962", "121212"]
)
def test_pin_that_is_easy_to_guess_is_refused(link, client, newcomer, pin):
    response = client.post(link, BY_PIN | {"pin": pin})

    assert response.status_code == 422
    assert "easy to guess" in response.content.decode()
    assert now(newcomer).user is None


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "١٢٣٤٥٦", "27058a", "\0", "9" * 5000, "-27058"])
def test_pin_that_is_none_is_refused_at_the_field(link, client, pin):
    response = client.post(link, BY_PIN | {"pin": pin})

    assert response.status_code == 422
    assert response.context["form"].errors["pin"]


def test_most_pins_are_not_easy_to_guess():
    easy = sum(is_easy_to_guess(f"{number:06}", date(1962, 3, 14)) for number in range(0, 1_000_000, 7))

    assert easy < 20
    assert not is_easy_to_guess(PIN, date(1962, 3, 14))


def test_address_on_record_is_taken_only_where_the_patient_says_it_is_theirs(link, client, newcomer):
    Patient.objects.update(email="margaret@home.example")

    assert "margaret@home.example" in client.post(link, BORN | {"way": "pin"}).content.decode()
    client.post(link, BY_PIN)
    assert now(newcomer).user.email == ""


def test_address_on_record_is_taken_over_when_ticked(link, client, newcomer):
    Patient.objects.update(email="Margaret@home.example")

    client.post(link, BY_PIN | {"mine": "on"})

    assert now(newcomer).user.email == "margaret@home.example"


def test_two_patients_without_an_address_are_two_people(link, client, spine_ina, clinician, clinician_client):
    other = people.patient(spine_ina, "Tom", "Okafor", lead=clinician, signs_in=False, email="")
    client.post(link, BY_PIN)
    Client().post(link_for(clinician_client, other), BY_PIN)

    assert User.objects.filter(email="").count() == 2


# --- a code by e-mail ---


def test_code_by_mail_shows_that_the_address_is_the_patients_own(link, client, newcomer):
    page = client.post(link, BY_CODE).content.decode()
    (message,) = mail.outbox
    assert message.to == ["margaret@home.example"]
    assert "Type the code" in page
    assert now(newcomer).user is None

    response = client.post(link, BY_CODE | {"code": code_in(message).lower().replace("-", " ")})

    assert response["Location"] == "/today/first-steps/"
    assert now(newcomer).user.email == "margaret@home.example"
    client.post("/accounts/logout/")
    assert "E-mail me a sign-in code" in client.get("/accounts/login/").content.decode()
    client.post("/accounts/login/code/", {"email": "margaret@home.example"})
    client.post("/accounts/login/code/confirm/", {"code": code_in(mail.outbox[-1])})
    assert is_signed_in(client)


def test_code_counts_for_its_address_its_link_and_its_device_only(
    link, client, newcomer, clinician_client, spine_ina, clinician
):
    other = people.patient(spine_ina, "Tom", "Okafor", lead=clinician, signs_in=False, email="")
    others_link = link_for(clinician_client, other)
    client.post(link, BY_CODE)
    code = code_in(mail.outbox[0])

    answers = [
        client.post(link, BY_CODE | {"email": "thief@bad.example", "code": code}),
        client.post(others_link, BY_CODE | {"code": code}),
        Client().post(link, BY_CODE | {"code": code}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert now(newcomer).user is None
    assert now(other).user is None


def test_code_is_dead_after_three_wrong_ones(link, client, newcomer):
    client.post(link, BY_CODE)
    for _ in range(3):
        assert client.post(link, BY_CODE | {"code": "AAAA-AAAA"}).status_code == 422

    assert client.post(link, BY_CODE | {"code": code_in(mail.outbox[0])}).status_code == 422
    assert now(newcomer).user is None


def test_code_runs_out(link, client, newcomer):
    client.post(link, BY_CODE)

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=mailed_codes.MINUTES, seconds=1)):
        assert client.post(link, BY_CODE | {"code": code_in(mail.outbox[0])}).status_code == 422
    assert now(newcomer).user is None


def test_fourth_code_for_one_address_in_ten_minutes_is_not_sent(link, client):
    answers = [client.post(link, BY_CODE) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3]["Retry-After"] == "600"
    assert len(mail.outbox) == 3


def test_code_is_never_sent_to_somebody_elses_sign_in(link, client, clinician):
    answer = client.post(link, BY_CODE | {"email": clinician.user.email})

    assert answer.status_code == 422
    assert "This address cannot be used here." in answer.content.decode()
    assert mail.outbox == []


# --- a password ---


def test_password_lets_in_and_lets_back_in(link, client, newcomer):
    client.post(link, BY_PASSWORD)
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": "margaret@home.example", "password": "three quiet otters"})

    assert client.session["_auth_user_id"] == str(now(newcomer).user_id)


# --- a passkey: its ceremony is in the browser's tests ---


@pytest.mark.parametrize("credential", ["", "1", "null", "[]", "[" * 200_000, '{"id": "x"}', '{"rawId": 5}'])
def test_passkey_that_answers_nonsense_opens_nothing(link, client, newcomer, credential):
    client.post(link, BORN | {"way": "passkey"})

    response = client.post(link, BORN | {"way": "passkey", "credential": credential})

    assert response.status_code == 422
    assert "This did not work. Please try again" in response.content.decode()
    assert now(newcomer).user is None


def test_looking_at_the_passkey_twice_makes_one_account_that_nobody_can_use(link, client, newcomer):
    for _ in range(2):
        client.post(link, BORN | {"way": "passkey"})

    account = User.objects.get(first_name="Margaret")
    assert (account.is_active, account.has_usable_password(), account.email) == (False, False, "")
    client.post(link, BY_PIN)
    assert now(newcomer).user == account


# --- forwarded, opened twice, scanned ---


def test_link_that_two_devices_opened_lets_the_first_one_in(link, newcomer):
    first, second = Client(), Client()
    for each in (first, second):
        each.post(link, BORN | {"way": "pin"})

    first.post(link, BY_PIN)
    answer = second.post(link, BY_PIN | {"pin": "918273"})

    assert answer.status_code == 410
    assert not is_signed_in(second)
    assert PinDevice.objects.count() == 1


def test_link_that_was_used_is_dead_for_whoever_has_it(link, client):
    client.post(link, BY_PIN)

    for sent in (BY_PIN, BY_CODE, BY_PASSWORD, BORN):
        assert Client().post(link, sent).status_code == 410


def test_scanner_of_mails_that_follows_the_link_uses_nothing_up(link, client, newcomer):
    for _ in range(50):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200

    assert client.post(link, BY_PIN).status_code == 302


# --- guessing is slowed ---


def test_guessing_birth_dates_over_many_links_is_slowed_by_address(clinician_client, spine_ina, clinician, settings):
    settings.WAYS_IN_LIMITS = {"welcome": "4/10m/ip"}
    links = [
        link_for(clinician_client, people.patient(spine_ina, "Pat", f"Ient{n}", signs_in=False, email=""))
        for n in range(3)
    ]
    thief = Client()

    answers = [thief.post(link, BORN | {"day": day}) for link in links for day in ("1", "2")]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429, 429]
    assert answers[-1]["Retry-After"] == "600"
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.post(links[2], BY_PIN).status_code == 302


def test_right_answers_of_a_whole_clinic_behind_one_address_are_not_slowed(link, client, settings):
    settings.WAYS_IN_LIMITS = {"welcome": "2/10m/ip"}

    for _ in range(6):
        assert client.post(link, BORN).status_code == 200


def test_guessing_pins_is_slowed_by_address(device, settings):
    settings.WAYS_IN_LIMITS = {"pin": "2/10m/ip"}

    answers = [sign_in_by_pin(device, "111222") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert PinDevice.objects.get().wrong_tries == 2


def test_attacker_cannot_lock_the_owner_out(device, newcomer, settings):
    """Who does not hold the device reaches neither its PIN nor its tries."""
    settings.ACCOUNT_RATE_LIMITS = {}
    User.objects.filter(pk=now(newcomer).user_id).update(email="margaret@home.example")
    for _ in range(12):
        attacker = Client(REMOTE_ADDR="203.0.113.9")
        attacker.post("/accounts/login/", {"login": "margaret@home.example", "password": "guess"})
        attacker.post("/sign-in/pin/", {"pin": PIN, "asked": ""})

    sign_in_by_pin(device)

    assert is_signed_in(device)


class NoCache:
    """A cache whose server is gone."""

    def __init__(self, *_):
        pass

    def __getattr__(self, name):
        raise ConnectionRefusedError


def test_without_the_cache_that_counts_nobody_gets_in(device, link, settings, monkeypatch, caplog):
    monkeypatch.setattr("allauth.core.internal.ratelimit.cache", NoCache())

    answers = [device.post("/sign-in/pin/", {"pin": PIN, "asked": "x"}), Client().post(link, BY_PIN)]

    assert [answer.status_code for answer in answers] == [429, 429]
    assert PIN not in caplog.text


def test_allauths_own_limits_say_when_to_try_again(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}

    answers = [client.post("/accounts/login/", {"login": "a@b.example", "password": "x"}) for _ in range(3)]

    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "600"
    assert "Please wait a little" in answers[-1].content.decode()


def test_cache_of_an_installation_does_not_forget_counts_in_a_flood():
    import environ

    options = environ.Env.cache_url_config("dbcache://backwell_cache?max_entries=100000")

    assert options["OPTIONS"]["MAX_ENTRIES"] == 100_000

"""Signing in and out, and how long that lasts."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.cache import cache
from django.test import Client

from patients.models import AuditEvent, User
from tests.factories import people

LOGIN = "/accounts/login/"
MONDAY = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)


def sign_in(client, email, password=people.PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password} | more)


def is_signed_in(client):
    return "_auth_user_id" in client.session


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()
    yield
    cache.clear()


# --- in ---


@pytest.mark.parametrize(
    ("who", "first_page"),
    [("clinician", "/clinic/"), ("patient", "/today/"), ("admin", "/admin/"), ("nobody", "/no-role/")],
)
def test_signing_in_lands_on_ones_own_first_page(who, first_page, request, client):
    person = request.getfixturevalue(who)
    user = person if isinstance(person, User) else person.user

    response = sign_in(client, user.email.upper())

    assert response["Location"] == "/start/"
    assert client.get("/start/")["Location"] == first_page


def test_session_key_changes_at_sign_in(client, patient):
    client.get(LOGIN)
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["session"] = session.session_key
    before = session.session_key

    sign_in(client, patient.user.email)

    assert client.session.session_key != before


def test_sign_up_is_closed(client, db):
    response = client.post(
        "/accounts/signup/", {"email": "new@example.org", "password1": "three quiet otters", "is_staff": "1"}
    )

    assert response.templates[0].name == "account/signup_closed.html"
    assert User.objects.count() == 0


def without_token(response):
    """The page, less what differs on every answer anyway."""
    return re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]+', "", response.content.decode())


def test_known_and_unknown_addresses_get_the_same_answer_at_sign_in(patient):
    known = sign_in(Client(), patient.user.email, "wrong password")
    unknown = sign_in(Client(), "margaret.elliz@patients.example", "wrong password")

    assert known.status_code == unknown.status_code == 200
    assert without_token(known).replace(patient.user.email, "") == without_token(unknown).replace(
        "margaret.elliz@patients.example", ""
    )


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/login/code/"])
def test_known_and_unknown_addresses_get_the_same_answer_when_they_ask_for_a_mail(path, patient):
    known = Client().post(path, {"email": patient.user.email}, follow=True)
    unknown = Client().post(path, {"email": "margaret.elliz@patients.example"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain
    assert without_token(known).replace(patient.user.email, "") == without_token(unknown).replace(
        "margaret.elliz@patients.example", ""
    )
    assert len(mail.outbox) == 2


def test_code_by_mail_signs_in(client, patient):
    client.post("/accounts/login/code/", {"email": patient.user.email})
    (message,) = mail.outbox
    code = re.search(r"^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})$", message.body, re.MULTILINE)[1]

    response = client.post("/accounts/login/code/confirm/", {"code": code})

    assert response["Location"] == "/start/"
    assert is_signed_in(client)


def test_guessing_is_slowed_and_does_not_say_for_whom(settings, patient):
    settings.ACCOUNT_RATE_LIMITS = {}
    for _ in range(5):
        sign_in(Client(), patient.user.email, "wrong password")

    known = sign_in(Client(), patient.user.email)
    for _ in range(4):
        sign_in(Client(), "nobody@patients.example", "wrong password")

    assert "Too many failed login attempts." in known.content.decode()
    assert AuditEvent.objects.filter(action="sign_in.succeeded").count() == 0


def test_stopped_account_cannot_sign_in(client, patient):
    User.objects.filter(pk=patient.user_id).update(is_active=False)

    sign_in(client, patient.user.email)

    assert not is_signed_in(client)


def test_mail_server_that_is_down_breaks_no_page(client, patient, settings):
    settings.EMAIL_BACKEND = "tests.patients.records.test_invitations.BrokenMail"

    known = client.post("/accounts/password/reset/", {"email": patient.user.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@patients.example"})

    assert (known.status_code, unknown.status_code) == (302, 302)


@pytest.mark.parametrize("email", ["\0", "a" * 100_000, "🙂@🙂.example", "' OR 1=1 --", ""])
def test_hostile_address_is_refused_beside_the_field(client, db, email):
    assert sign_in(Client(), email).status_code == 200
    assert client.post("/accounts/password/reset/", {"email": email}).status_code in (200, 302)


# --- the log ---


def test_sign_ins_failures_and_sign_outs_are_noted(client, patient):
    sign_in(client, patient.user.email, "wrong password")
    sign_in(client, "nobody@patients.example", "wrong password")
    sign_in(client, patient.user.email)
    client.post("/accounts/logout/")

    lines = AuditEvent.objects.order_by("pk").values_list("action", "actor", "patient", "subject")
    me, mine = str(patient.user.pk), str(patient.uuid)
    assert list(lines) == [
        ("sign_in.failed", "system", "", f"user:{me}"),
        ("sign_in.failed", "system", "", ""),
        ("sign_in.succeeded", me, mine, ""),
        ("sign_out", me, mine, ""),
    ]
    assert "example" not in str(AuditEvent.objects.values())


def test_refusals_are_noted(patient_client, patient, foreign_patient, clinician_client):
    patient_client.get("/clinic/patients/")
    clinician_client.get(f"/clinic/patients/{foreign_patient.uuid}/notes/")
    clinician_client.get("/no/such/page/")

    lines = AuditEvent.objects.filter(action="refused").order_by("pk")
    assert [(line.role, line.detail) for line in lines] == [
        ("patient", {"view": "patients", "status": 403}),
        ("clinician", {"view": "patient_notes", "status": 404}),
    ]


# --- out ---


@pytest.mark.parametrize("path", ["/accounts/logout/", "/admin/logout/"])
def test_sign_out_ends_the_session_and_clears_the_device(path, admin_client):
    stolen = Client()
    stolen.cookies.update(admin_client.cookies)
    assert stolen.get("/admin/").status_code == 200

    response = admin_client.post(path)

    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert response.cookies["sessionid"].value == ""
    assert stolen.get("/admin/").status_code == 302


def test_nothing_is_cleared_for_whoever_stays(patient_client, client):
    assert "Clear-Site-Data" not in patient_client.get("/accounts/logout/")
    assert "Clear-Site-Data" not in client.get(LOGIN)


# --- how long ---


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 302)])
def test_staff_are_signed_out_after_a_quarter_of_an_hour_without_a_request(clinician, minutes, status):
    with time_machine.travel(MONDAY, tick=False) as clock:
        client = Client()
        client.force_login(clinician.user)
        client.get("/clinic/patients/")
        clock.shift(timedelta(minutes=minutes))

        response = client.get("/clinic/patients/")

        assert response.status_code == status
        assert ("Clear-Site-Data" in response) is (status == 302)


def test_staff_who_keep_working_are_signed_out_after_twelve_hours(clinician):
    with time_machine.travel(MONDAY, tick=False) as clock:
        client = Client()
        client.force_login(clinician.user)
        answers = []
        for _ in range(74):
            answers.append(client.get("/clinic/patients/").status_code)
            clock.shift(timedelta(minutes=10))

        assert answers == [200] * 73 + [302]


def test_staff_signed_out_by_htmx_are_told_where_to_go(clinician):
    with time_machine.travel(MONDAY, tick=False) as clock:
        client = Client()
        client.force_login(clinician.user)
        client.get("/clinic/patients/")
        clock.shift(timedelta(minutes=16))

        response = client.get("/clinic/patients/", headers={"HX-Request": "true"})

        assert (response.status_code, response.content) == (401, b"")


@pytest.mark.parametrize(("days", "signed_in"), [(29, True), (31, False)])
def test_patients_own_device_stays_signed_in_for_thirty_days(patient, days, signed_in):
    with time_machine.travel(MONDAY, tick=False) as clock:
        client = Client()
        sign_in(client, patient.user.email, remember="on")
        clock.shift(timedelta(days=days))

        assert (client.get("/start/")["Location"] == "/today/") is signed_in


@pytest.mark.parametrize("who", ["clinician", "patient"])
def test_stopping_an_account_ends_its_session_at_the_next_request(who, request):
    user = request.getfixturevalue(who).user
    client = Client()
    client.force_login(user)
    assert client.get("/start/")["Location"] != "/accounts/login/?next=/start/"

    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get("/start/")["Location"] == "/accounts/login/?next=/start/"
    assert client.get("/clinic/patients/")["Location"].startswith("/accounts/login/")


def test_new_password_ends_the_other_sessions(client, patient):
    other = Client()
    sign_in(client, patient.user.email)
    sign_in(other, patient.user.email)

    client.post(
        "/accounts/password/change/",
        {"oldpassword": people.PASSWORD, "password1": "three quiet otters", "password2": "three quiet otters"},
    )

    assert other.get("/today/").status_code == 302
    (message,) = mail.outbox
    assert message.to == [patient.user.email]


# --- who belongs nowhere, and the admin's door ---


def test_person_without_a_role_reaches_only_the_page_that_says_so(nobody_client):
    assert nobody_client.get("/start/")["Location"] == "/no-role/"
    assert nobody_client.get("/no-role/").status_code == 200
    assert nobody_client.get("/today/").status_code == 403
    assert nobody_client.get("/clinic/patients/").status_code == 403


def test_admins_door_is_the_same_sign_in(client, clinician_client, admin):
    response = client.get("/admin/login/?next=/admin/")
    assert response["Location"] == "/accounts/login/?next=%2Fadmin%2F"

    client.post("/admin/login/", {"username": admin.email, "password": people.PASSWORD})
    assert not is_signed_in(client)
    assert clinician_client.get("/admin/", follow=True).status_code == 403


# --- the second factor ---


@pytest.fixture
def second_factor(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.mark.parametrize("path", ["/clinic/patients/", "/clinic/patients/new/", "/start/", "/exercises/"])
def test_staff_with_a_password_alone_reach_only_the_set_up_of_a_factor(second_factor, clinician_client, path):
    assert clinician_client.get(path)["Location"] == "/accounts/2fa/"
    assert clinician_client.get(path, headers={"HX-Request": "true"})["HX-Redirect"] == "/accounts/2fa/"


def test_admin_pages_want_a_second_factor_too(second_factor, admin_client):
    assert admin_client.get("/admin/")["Location"] == "/accounts/2fa/"


@pytest.mark.parametrize("path", ["/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"])
def test_set_up_of_a_factor_is_within_reach_once_the_password_was_said_again(second_factor, client, clinician, path):
    sign_in(client, clinician.user.email)
    client.post("/accounts/reauthenticate/", {"password": people.PASSWORD})

    assert client.get(path).status_code == 200


def test_staff_with_a_factor_reach_their_pages(second_factor, clinician_client, clinician):
    TOTP.activate(clinician.user, generate_totp_secret())

    assert clinician_client.get("/clinic/patients/").status_code == 200


def test_password_is_not_enough_where_a_factor_is_set_up(client, clinician):
    TOTP.activate(clinician.user, generate_totp_secret())

    response = sign_in(client, clinician.user.email)

    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_signed_in(client)


def test_new_password_does_not_skip_the_second_factor(client, clinician):
    TOTP.activate(clinician.user, generate_totp_secret())
    client.post("/accounts/password/reset/", {"email": clinician.user.email})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    form = client.get(link)["Location"]

    client.post(form, {"password1": "three quiet otters", "password2": "three quiet otters"})
    assert not is_signed_in(client)

    assert sign_in(client, clinician.user.email, "three quiet otters")["Location"].startswith("/accounts/2fa/")


def test_patients_sign_in_with_one_factor(second_factor, patient_client):
    assert patient_client.get("/start/")["Location"] == "/today/"


def test_without_the_setting_a_password_is_enough(clinician_client):
    assert clinician_client.get("/clinic/patients/").status_code == 200


GARBLED_CREDENTIALS = [
    "", "1", "null", "[]", "9" * 5_000, "[" * 200_000, '{"id": "x"}', '{"rawId": 5}', '{"response": [], "rawId": "AA"}',
    '{"rawId": "AA", "response": {"clientDataJSON": "_w", "authenticatorData": "AA", "signature": "AA"}}',
]  # fmt: skip


@pytest.mark.parametrize("credential", GARBLED_CREDENTIALS)
def test_passkey_that_answers_nonsense_signs_nobody_in(client, db, credential):
    response = client.post("/accounts/2fa/webauthn/login/", {"credential": credential})

    assert response["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("credential", GARBLED_CREDENTIALS)
def test_passkey_that_answers_nonsense_is_not_added(client, clinician, credential):
    sign_in(client, clinician.user.email)
    client.post("/accounts/reauthenticate/", {"password": people.PASSWORD})

    response = client.post("/accounts/2fa/webauthn/add/", {"name": "Key", "credential": credential})

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Authenticator.objects.exists()

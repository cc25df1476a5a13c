"""The patient's way in, used well and attacked."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from patients.models import AuditEvent, Invitation, Patient, User
from patients.records.invitations import hash_of
from tests.factories import people

BORN = {"day": "14", "month": "3", "year": "1962"}
WAY_IN = BORN | {"way": "password", "email": "margaret@home.example", "password": "three quiet otters"}
CLOSED = "This link does not work"


@pytest.fixture
def newcomer(spine_ina, clinician):
    return people.patient(spine_ina, "Margaret", "Ellis", lead=clinician, signs_in=False)


@pytest.fixture
def link(clinician_client, newcomer, django_capture_on_commit_callbacks):
    return invite(clinician_client, newcomer)


def invite(client, patient):
    """The address of the welcome page, as the clinician is shown it."""
    response = client.post(f"/clinic/patients/{patient.uuid}/invite/")
    assert response.status_code == 200
    return re.search(r"http://testserver(/welcome/[\w-]+/)", response.content.decode())[1]


def now(patient):
    return Patient.objects.get(pk=patient.pk)


def test_invitation_lets_the_patient_in_on_their_own_first_page(link, newcomer, client):
    assert client.post(link, BORN).status_code == 200
    response = client.post(link, WAY_IN)

    user = User.objects.get(email="margaret@home.example")
    assert (response.status_code, response["Location"]) == (302, "/today/first-steps/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert now(newcomer).user == user
    assert (user.first_name, user.role) == ("Margaret", "patient")
    assert user.check_password("three quiet otters")
    assert Invitation.objects.get().used_at is not None
    assert AuditEvent.objects.get(action="invitation.accepted").actor == str(user.pk)


def test_invitation_keeps_only_a_hash_and_lasts_seven_days(link, clinician):
    token = link.split("/")[2]
    invitation = Invitation.objects.get()

    assert len(token) >= 43
    assert invitation.token_hash == hash_of(token)
    assert token not in str(Invitation.objects.values())
    assert token not in str(AuditEvent.objects.values())
    assert timedelta(days=6, hours=23) < invitation.expires_at - datetime.now(UTC) <= timedelta(days=7)
    assert invitation.made_by == clinician.user


def test_invitation_is_mailed_without_a_word_about_health(
    clinician_client, newcomer, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        link = invite(clinician_client, newcomer)

    (message,) = mail.outbox
    assert message.to == [newcomer.email]
    assert message.subject == "Your personal link from Spine INA"
    assert f"http://testserver{link}" in message.body
    text = message.body.lower()
    for word in (newcomer.problem, newcomer.last_name, "pain", "exercise", "patient", "back ", "1962"):
        assert word.lower() not in text


def test_invitation_without_an_address_mails_nothing_and_says_so(
    clinician_client, newcomer, django_capture_on_commit_callbacks
):
    Patient.objects.update(email="")

    with django_capture_on_commit_callbacks(execute=True):
        response = clinician_client.post(f"/clinic/patients/{newcomer.uuid}/invite/")

    assert mail.outbox == []
    assert "There is no e-mail address on record" in response.content.decode()


def test_invitation_whose_mail_fails_is_still_shown(
    clinician_client, newcomer, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "tests.patients.records.test_invitations.BrokenMail"

    with django_capture_on_commit_callbacks(execute=True):
        assert invite(clinician_client, newcomer).startswith("/welcome/")


class BrokenMail:
    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


def test_invitation_sheet_carries_a_code_and_no_inline_style(clinician_client, newcomer):
    page = clinician_client.post(f"/clinic/patients/{newcomer.uuid}/invite/").content.decode()

    assert '<svg class="qr" role="img" aria-label="QR code"' in page
    assert " style=" not in page
    assert "<script>" not in page


def test_invitation_made_twice_leaves_one_open(clinician_client, newcomer, clinician, client):
    first, second = invite(clinician_client, newcomer), invite(clinician_client, newcomer)

    assert CLOSED in client.get(first).content.decode()
    assert "when were you born?" in client.get(second).content.decode()
    assert Invitation.objects.get(withdrawn_at__isnull=False).withdrawn_by == clinician.user


def test_invitation_is_withdrawn(clinician_client, newcomer, link, client):
    for _ in range(2):
        clinician_client.post(f"/clinic/patients/{newcomer.uuid}/uninvite/")

    assert client.get(link).status_code == 410
    assert AuditEvent.objects.filter(action="invitation.withdrawn").count() == 1


def test_discharge_withdraws_the_invitation(clinician_client, newcomer, link, client):
    clinician_client.post(f"/clinic/patients/{newcomer.uuid}/discharge/")

    assert client.get(link).status_code == 410
    assert clinician_client.post(f"/clinic/patients/{newcomer.uuid}/invite/").status_code == 302
    assert Invitation.objects.count() == 1


# --- the same neutral page for every link that does not work ---


def closed_pages(client, link, clinician_client, newcomer):
    yield client.get("/welcome/" + "x" * 43 + "/")
    yield client.get(link[:-3] + ("a" if link[-3] != "a" else "b") + link[-2:])
    yield client.get("/welcome/%F0%9F%99%82/")
    yield client.get("/welcome/" + "9" * 2000 + "/")
    yield client.post("/welcome/unknown/", WAY_IN)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=7, seconds=1)):
        yield client.get(link)
        yield client.post(link, WAY_IN)
    Client().post(link, WAY_IN)
    yield client.get(link)
    yield client.post(link, WAY_IN)


def test_used_expired_and_altered_links_show_one_and_the_same_page(link, clinician_client, newcomer, client):
    pages = list(closed_pages(client, link, clinician_client, newcomer))

    assert {page.status_code for page in pages} == {410}
    assert len({re.sub(r'nonce="[^"]+"', "", page.content.decode()) for page in pages}) == 1
    assert CLOSED in pages[0].content.decode()
    assert newcomer.first_name not in pages[0].content.decode()


def test_link_used_twice_changes_nothing_the_second_time(link, newcomer):
    Client().post(link, WAY_IN)
    Client().post(link, WAY_IN | {"email": "thief@bad.example", "password": "another long secret"})

    assert now(newcomer).user.email == "margaret@home.example"
    assert not User.objects.filter(email="thief@bad.example").exists()


# --- the birth date ---


def test_wrong_birth_date_is_counted_and_the_third_ends_the_link(link, client):
    answers = [client.post(link, BORN | {"day": day}) for day in ("1", "2", "3")]

    assert [answer.status_code for answer in answers] == [422, 422, 410]
    assert "You can try 2 more times." in answers[0].content.decode()
    assert "You can try 1 more time." in answers[1].content.decode()
    assert client.post(link, BORN).status_code == 410
    assert Invitation.objects.get().withdrawn_by is None
    assert AuditEvent.objects.filter(action="invitation.wrong_try", actor="system").count() == 3


def test_birth_date_is_asked_again_at_the_last_step(link, client, newcomer):
    client.post(link, BORN)

    assert client.post(link, WAY_IN | {"year": "1963"}).status_code == 422
    assert now(newcomer).user is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"day": ""}, "Please fill in the day."),
        ({"day": "31", "month": "2"}, "There is no such day. Please check the date."),
        ({"day": "x"}, "The day is a number from 1 to 31."),
        ({"year": "62"}, "The year is a number from 1900 to 2100."),
        ({"year": "9" * 5000}, "The year is a number from 1900 to 2100."),
        ({"year": "1e309"}, "The year is a number from 1900 to 2100."),
        ({"month": "\0"}, "The month is a number from 1 to 12."),
    ],
)
def test_birth_date_that_is_none_is_no_try(link, client, changes, message):
    response = client.post(link, BORN | changes)

    assert response.status_code == 422
    assert message in response.content.decode()
    assert Invitation.objects.get().wrong_tries == 0


def test_address_on_record_is_not_shown_before_the_birth_date(link, client, newcomer):
    before = client.get(link).content.decode() + client.post(link, BORN | {"day": "1"}).content.decode()
    after = client.post(link, BORN | {"way": "password"}).content.decode()

    assert newcomer.email not in before
    assert newcomer.first_name not in before
    assert newcomer.email in after


# --- e-mail address and password ---


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "password1234"}, "password"),
        ({"password": ""}, "password"),
        ({"email": ""}, "email"),
        ({"email": "none"}, "email"),
        ({"email": "a" * 300 + "@x.example"}, "email"),
    ],
)
def test_way_in_that_is_wrong_keeps_the_address_and_the_link(link, client, newcomer, changes, field):
    response = client.post(link, WAY_IN | changes)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Invitation.objects.get().wrong_tries == 0
    assert now(newcomer).user is None


@pytest.mark.parametrize("password", ["🙂" * 12, "  spaces at both ends  ", "x1" * 64])
def test_way_in_takes_any_long_password(link, client, newcomer, password):
    client.post(link, WAY_IN | {"password": password})

    assert now(newcomer).user.check_password(password)


def test_way_in_never_takes_over_somebody_elses_sign_in(link, client, newcomer, clinician):
    password = clinician.user.password

    answers = [client.post(link, WAY_IN | {"email": clinician.user.email.upper()}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [422, 422, 410]
    assert "This address cannot be used here." in answers[0].content.decode()
    clinician.user.refresh_from_db()
    assert clinician.user.password == password
    assert now(newcomer).user is None


def test_way_in_fills_in_a_missing_address_and_keeps_one_that_stands(link, client, newcomer):
    Patient.objects.update(email="")
    client.post(link, WAY_IN)

    assert now(newcomer).email == "margaret@home.example"


def test_way_in_ignores_fields_it_does_not_have(link, client, other_clinic):
    client.post(link, WAY_IN | {"is_staff": "1", "is_superuser": "1", "role": "admin", "clinic": other_clinic.pk})

    user = User.objects.get(email="margaret@home.example")
    assert (user.is_staff, user.is_superuser, user.role) == (False, False, "patient")


def test_way_in_on_a_clinicians_browser_ends_the_clinicians_session_there(link, clinician_client, newcomer):
    before = clinician_client.session.session_key
    clinician_client.post(link, WAY_IN)

    assert clinician_client.session.session_key != before
    assert clinician_client.session["_auth_user_id"] == str(now(newcomer).user_id)
    assert clinician_client.get("/clinic/patients/").status_code == 403


# --- who may be invited ---


def test_patient_who_signs_in_gets_no_second_link(clinician_client, patient):
    response = clinician_client.post(f"/clinic/patients/{patient.uuid}/invite/")

    assert response.status_code == 302
    assert Invitation.objects.count() == 0


def test_patient_whose_sign_in_was_stopped_is_invited_anew_and_keeps_the_account(
    clinician_client, patient, patient_client, client
):
    clinician_client.post(f"/clinic/patients/{patient.uuid}/sign-in/", {"wanted": "stopped"})
    assert patient_client.get("/today/").status_code == 302

    client.post(invite(clinician_client, patient), WAY_IN)

    assert now(patient).user_id == patient.user_id
    assert now(patient).user.is_active
    assert now(patient).user.email == "margaret@home.example"


def test_staff_who_are_patients_too_keep_their_own_way_in(clinician_client, spine_ina, colleague):
    patient = people.patient(spine_ina, "Sam", "Achterberg", signs_in=False)
    patient.user = colleague.user
    patient.save()
    User.objects.filter(pk=colleague.user.pk).update(is_active=False)

    for what, sent in (("invite", {}), ("sign-in", {"wanted": "allowed"})):
        assert clinician_client.post(f"/clinic/patients/{patient.uuid}/{what}/", sent).status_code == 302
    assert Invitation.objects.count() == 0
    assert not User.objects.get(pk=colleague.user.pk).is_active


@pytest.mark.parametrize("what", ["invite", "uninvite", "sign-in"])
def test_way_in_of_another_clinics_patient_does_not_exist(
    what, foreign_clinician_client, clinician_client, patient_client, client, newcomer
):
    address = f"/clinic/patients/{newcomer.uuid}/{what}/"

    assert foreign_clinician_client.post(address).status_code == 404
    assert patient_client.post(address).status_code == 403
    assert clinician_client.get(address).status_code == 405
    assert client.get(address).status_code in (302, 405)
    assert Invitation.objects.count() == 0


def test_password_link_is_mailed_to_the_patient_and_not_shown(
    clinician_client, patient, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = clinician_client.post(
            f"/clinic/patients/{patient.uuid}/sign-in/", {"wanted": "password link"}, follow=False
        )

    (message,) = mail.outbox
    assert message.to == [patient.user.email]
    assert "/accounts/password/reset/key/" in message.body
    assert response.content == b""


# --- headers ---


def test_welcome_leaves_no_trace_of_its_address(link, client):
    for response in (client.get(link), client.get("/welcome/unknown/"), client.post(link, BORN)):
        assert response["Referrer-Policy"] == "strict-origin"
        assert response["Cache-Control"] == "no-store, private"


def test_opening_the_link_changes_nothing(link, client):
    before = list(Invitation.objects.values())

    client.get(link)
    client.head(link)

    assert list(Invitation.objects.values()) == before
    assert User.objects.filter(email__contains="home.example").count() == 0


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_welcome_refuses_other_methods(link, client, method):
    assert getattr(client, method)(link).status_code == 405

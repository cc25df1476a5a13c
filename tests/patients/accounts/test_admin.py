"""People, clinics and the audit log in the Django admin."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.contrib import admin as django_admin
from django.core import mail
from django.test import Client

from patients.audit.actions import record
from patients.models import AuditEvent, Clinic, Clinician, User
from tests.factories import people

ADD = "/admin/patients/user/add/"
LIST = "/admin/patients/user/"


def staff(**changes):
    return {
        "email": "New.Person@clinic.example",
        "first_name": "New",
        "last_name": "Person",
        "role": "clinician",
    } | changes


def test_admin_holds_no_patient_and_no_health_data():
    offered = {
        model.__name__ for model in django_admin.site._registry if model._meta.app_label in ("patients", "clinic")
    }

    of_the_front_door = {"TeamMember", "SiteTexts", "Service", "ReaderQuestion", "Issue", "Subscriber"}
    # What became of a reminder, and not whose. Who reads the newsletter is nobody's patient here.
    # Who opened a record in an emergency, or moved one to another clinic, and not whose.
    # When a clinician is away, and not why.
    no_records = {"Protocol", "LetStand", "Sending", "EmergencyAccess", "Transfer", "Absence"}
    assert offered - of_the_front_door - no_records == {
        "AuditEvent",
        "Clinic",
        "User",
    }
    assert "Authenticator" not in {model.__name__ for model in django_admin.site._registry}


def test_admin_adds_a_clinician_who_chooses_the_password(admin_client, spine_ina, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = admin_client.post(ADD, staff(clinic=spine_ina.pk, title="Physiotherapist"))

    user = User.objects.get(email="new.person@clinic.example")
    assert response.status_code == 302
    assert (user.role, user.clinician.clinic, user.has_usable_password()) == ("clinician", spine_ina, False)
    (message,) = mail.outbox
    assert message.to == ["new.person@clinic.example"]
    link = next(word for word in message.body.split() if "/password/reset/key/" in word)
    client = Client()
    form = client.get(link)["Location"]
    client.post(form, {"password1": "three quiet otters", "password2": "three quiet otters"})
    user.refresh_from_db()
    assert user.check_password("three quiet otters")


def test_admin_adds_an_admin(admin_client):
    admin_client.post(ADD, staff(role="admin"))

    user = User.objects.get(email="new.person@clinic.example")
    assert (user.role, user.is_superuser) == ("admin", True)
    assert not Clinician.objects.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "A clinician belongs to a clinic."),
        ({"email": "ADMIN@example.org", "role": "admin"}, "Somebody signs in with this address already."),
        ({"email": "none", "role": "admin"}, "Enter a valid email address."),
        ({"first_name": "a\0b", "role": "admin"}, "Null characters are not allowed."),
    ],
)
def test_admin_is_told_what_is_wrong(admin_client, changes, message):
    response = admin_client.post(ADD, staff(**changes))

    assert response.status_code == 200
    assert message in response.content.decode()
    assert User.objects.count() == 1


def test_clinic_in_a_time_zone_that_does_not_exist_is_refused_at_the_field(admin_client, spine_ina):
    form = {"name": "Spine INA", "slug": "spine-ina", "week_starts_on": "0", "time_zone": "Europe/Atlantis"}

    response = admin_client.post(f"/admin/patients/clinic/{spine_ina.pk}/change/", form)

    assert response.context["adminform"].errors["time_zone"] == [
        "Select a valid choice. Europe/Atlantis is not one of the available choices."
    ]
    spine_ina.refresh_from_db()
    assert spine_ina.time_zone == "Europe/London"


def test_doctored_form_makes_no_admin_and_no_password(admin_client, clinician):
    form = {
        "email": clinician.user.email, "first_name": "Rita", "last_name": "Voss", "is_active": "on",
        "is_staff": "on", "is_superuser": "on", "role": "admin", "password": "x", "groups": "1", "id": "1",
        "clinician-TOTAL_FORMS": "1", "clinician-INITIAL_FORMS": "1", "clinician-0-id": clinician.pk,
        "clinician-0-user": clinician.user.pk, "clinician-0-clinic": clinician.clinic.pk, "clinician-0-title": "Lead",
    }  # fmt: skip
    before = clinician.user.password

    response = admin_client.post(f"{LIST}{clinician.user.pk}/change/", form)

    user = User.objects.get(pk=clinician.user.pk)
    assert response.status_code == 302
    assert (user.is_staff, user.is_superuser, user.password, user.role) == (False, False, before, "clinician")
    assert user.clinician.title == "Lead"


def test_admin_cannot_stop_their_own_sign_in(admin_client, admin):
    form = {"email": admin.email, "first_name": "Ada", "last_name": "Min"}
    admin_client.post(f"{LIST}{admin.pk}/change/", form)
    admin_client.post(LIST, {"action": "stop", "_selected_action": [admin.pk]})

    assert User.objects.get(pk=admin.pk).is_active


def test_new_address_is_told_to_the_old_one(admin_client, clinician, django_capture_on_commit_callbacks):
    before = clinician.user.email
    form = {
        "email": "other@clinic.example", "first_name": "Rita", "last_name": "Voss", "is_active": "on",
        "clinician-TOTAL_FORMS": "1", "clinician-INITIAL_FORMS": "1", "clinician-0-id": clinician.pk,
        "clinician-0-user": clinician.user.pk, "clinician-0-clinic": clinician.clinic.pk, "clinician-0-title": "PT",
    }  # fmt: skip

    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(f"{LIST}{clinician.user.pk}/change/", form)

    assert [message.to for message in mail.outbox] == [[before]]


def signed_in_for_real(user):
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": people.PASSWORD})
    assert client.get("/start/").status_code == 302
    return client


@pytest.mark.parametrize("action", ["stop", "end_sessions", "remove_second_factors"])
def test_admin_ends_a_persons_sessions(admin_client, patient, action):
    client = signed_in_for_real(patient.user)

    admin_client.post(LIST, {"action": action, "_selected_action": [patient.user.pk]})

    assert client.get("/start/")["Location"] == "/accounts/login/?next=/start/"
    assert User.objects.get(pk=patient.user.pk).is_active is (action != "stop")


def test_admin_removes_a_lost_factor_and_its_owner_is_told(
    admin_client, clinician, django_capture_on_commit_callbacks
):
    TOTP.activate(clinician.user, generate_totp_secret())

    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(LIST, {"action": "remove_second_factors", "_selected_action": [clinician.user.pk]})

    assert not Authenticator.objects.exists()
    assert [message.to for message in mail.outbox] == [[clinician.user.email]]
    assert AuditEvent.objects.get(action="second_factors.removed").detail == {"factors": 1}


def test_admin_stops_and_allows_a_sign_in(admin_client, patient):
    for action, is_active in (("stop", False), ("allow", True)):
        admin_client.post(LIST, {"action": action, "_selected_action": [patient.user.pk]})
        assert User.objects.get(pk=patient.user.pk).is_active is is_active


def test_nobody_is_ever_deleted(admin_client, clinician, spine_ina):
    for address in (f"{LIST}{clinician.user.pk}/delete/", f"/admin/patients/clinic/{spine_ina.pk}/delete/"):
        assert admin_client.post(address, {"post": "yes"}).status_code == 403
    page = admin_client.get(LIST).content.decode()
    assert "delete_selected" not in page


def test_clinic_is_edited_with_its_numbers_and_rules(admin_client, spine_ina):
    form = {
        "name": "Spine INA", "slug": "spine-ina", "phone": "+49 30 1", "emergency_phone": "112", "address": "",
        "email": "", "time_zone": "Europe/Berlin", "week_starts_on": "6",
    }  # fmt: skip

    assert admin_client.post(f"/admin/patients/clinic/{spine_ina.pk}/change/", form).status_code == 302

    clinic = Clinic.objects.get()
    assert (clinic.phone, clinic.week_starts_on, clinic.shares_records, clinic.is_demo) == (
        "+49 30 1",
        6,
        False,
        False,
    )


def test_audit_log_is_read_only_and_found_by_exact_ids(admin_client, clinician, patient):
    line = record(by=clinician.user, action="record.viewed", patient=patient, part="notes")

    found = admin_client.get("/admin/patients/auditevent/", {"q": str(patient.uuid)})
    page = admin_client.get(f"/admin/patients/auditevent/{line.pk}/change/").content.decode()

    assert "1 audit event" in found.content.decode()
    assert patient.last_name not in page + found.content.decode()
    assert 'name="_save"' not in page
    assert admin_client.post(f"/admin/patients/auditevent/{line.pk}/change/", {"action": "x"}).status_code == 403
    assert admin_client.post(f"/admin/patients/auditevent/{line.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin_client.get("/admin/patients/auditevent/add/").status_code == 403


@pytest.mark.parametrize("path", [LIST, ADD, "/admin/patients/clinic/", "/admin/patients/auditevent/"])
def test_admin_pages_are_closed_to_everybody_else(path, clinician_client, patient_client, nobody_client, client):
    for somebody in (clinician_client, patient_client, nobody_client):
        assert somebody.get(path, follow=True).status_code == 403
    assert client.get(path).status_code == 302


def test_people_list_asks_as_many_queries_for_one_as_for_thirty(admin_client, spine_ina, django_assert_num_queries):
    admin_client.get(LIST)
    with django_assert_num_queries(QUERIES):
        admin_client.get(LIST)
    for number in range(30):
        people.clinician(spine_ina, "Cal", f"League{number}")
    with django_assert_num_queries(QUERIES):
        admin_client.get(LIST)


QUERIES = 7


def test_admins_password_is_changed_where_everybodys_is(admin_client):
    assert admin_client.get("/admin/password_change/")["Location"] == "/accounts/password/change/"


def test_audit_log_is_filtered_by_role(admin_client, clinician, patient):
    record(by=clinician.user, action="record.viewed", patient=patient)
    record(by=None, action="invitation.wrong_try", patient=patient)

    page = admin_client.get("/admin/patients/auditevent/", {"role": "system"})

    assert [line.action for line in page.context["cl"].result_list] == ["invitation.wrong_try"]


@pytest.mark.parametrize("selected", ["x", "", "9" * 30, "-1", "\0"])
def test_unreadable_selection_breaks_nothing(admin_client, selected):
    response = admin_client.post(LIST, {"action": "end_sessions", "_selected_action": selected})

    assert response.status_code in (200, 302, 400)


@pytest.mark.parametrize("field", ["primary_muscles", "equipment", "regression"])
@pytest.mark.parametrize("number", ["9223372036854775808", "1" + 30 * "0", "-1"])
def test_id_that_no_database_can_hold_is_refused(admin_client, field, number):
    response = admin_client.post("/admin/exercises/exercise/add/", {field: number})

    # The page again with what is wrong, or a plain refusal.
    assert response.status_code in (200, 400)


def test_every_model_of_health_stays_out_of_the_admin():
    kept_out = {"Patient", "Note", "Goal", "PatientCondition", "Invitation", "CareTeamMember"}
    models = {model.__name__: model for model in apps.get_app_config("patients").get_models()}

    assert kept_out <= set(models)
    assert not any(django_admin.site.is_registered(models[name]) for name in kept_out)

"""A new link for who could sign in already: what it closes, who hears of it, and what it cannot be used for."""

import pytest
from django.core import mail
from django.test import Client

from patients.models import AuditEvent, Invitation, PinDevice, User
from tests.factories import people
from tests.factories.passkeys import passkey
from tests.patients.entrance.conftest import BY_PIN, PIN, is_signed_in, link_for, now, sign_in_by_pin


def record_page(client, patient):
    return client.get(f"/clinic/patients/{patient.uuid}/").content.decode()


def test_lost_phone_lets_nobody_in_from_the_moment_the_link_is_made(device, newcomer, clinician_client):
    sign_in_by_pin(device)
    passkey(now(newcomer).user)

    link_for(clinician_client, newcomer, lost="yes")

    assert device.get("/today/").status_code == 302
    assert sign_in_by_pin(device).status_code == 422
    assert not PinDevice.objects.exists()
    assert not now(newcomer).user.authenticator_set.exists()
    assert AuditEvent.objects.filter(action="invitation.renewed", patient=str(newcomer.uuid)).count() == 1


def test_new_link_keeps_the_account_and_sets_a_new_way_in(device, newcomer, clinician_client, spine_ina):
    before = now(newcomer).user
    link = link_for(clinician_client, newcomer, lost="yes")
    new_phone = Client()

    new_phone.post(link, BY_PIN | {"pin": "918273"})

    assert is_signed_in(new_phone)
    assert now(newcomer).user == before
    new_phone.post("/accounts/logout/")
    sign_in_by_pin(new_phone, "918273")
    assert is_signed_in(new_phone)


def test_link_is_not_made_by_the_way(device, newcomer, clinician_client):
    response = clinician_client.post(f"/clinic/patients/{newcomer.uuid}/invite/")

    assert response.status_code == 302
    assert Invitation.objects.count() == 1
    assert PinDevice.objects.exists()
    assert "Lost phone, or no way in" in record_page(clinician_client, newcomer)


@pytest.mark.django_db
def test_owner_hears_by_mail_and_at_the_next_sign_in(clinician_client, patient, django_capture_on_commit_callbacks):
    link = link_for(clinician_client, patient, lost="yes")
    with django_capture_on_commit_callbacks(execute=True):
        Client().post(link, BY_PIN)
    owner = Client()

    owner.post("/accounts/login/", {"login": patient.user.email, "password": people.PASSWORD})
    page = owner.get("/today/").content.decode()

    assert "A new link to your page was used" in [message.subject for message in mail.outbox]
    assert "Your clinic made a new link for you on" in page
    assert "New links from your clinic" in owner.get("/my-sign-in/").content.decode()
    owner.post("/accounts/logout/")
    owner.post("/accounts/login/", {"login": patient.user.email, "password": people.PASSWORD})
    assert "made a new link" not in owner.get("/today/").content.decode()


def test_link_lets_nobody_past_a_stopped_sign_in(device, newcomer, clinician_client):
    link = link_for(clinician_client, newcomer, lost="yes")
    clinician_client.post(f"/clinic/patients/{newcomer.uuid}/sign-in/", {"wanted": "stopped"})

    assert Client().post(link, BY_PIN).status_code == 410


def test_staff_get_no_link_to_their_own_account(clinician_client, spine_ina, colleague):
    patient = people.patient(spine_ina, "Sam", "Achterberg", signs_in=False)
    patient.user = colleague.user
    patient.save()

    response = clinician_client.post(f"/clinic/patients/{patient.uuid}/invite/", {"lost": "yes"})

    assert response.status_code == 302
    assert Invitation.objects.count() == 0


def test_another_clinics_clinician_makes_no_link(foreign_clinician_client, patient_client, patient):
    address = f"/clinic/patients/{patient.uuid}/invite/"

    assert foreign_clinician_client.post(address, {"lost": "yes"}).status_code == 404
    assert patient_client.post(address, {"lost": "yes"}).status_code == 403
    assert Invitation.objects.count() == 0


def test_clinic_signs_out_all_devices_and_leaves_the_ways_in(device, newcomer, clinician_client):
    sign_in_by_pin(device)
    assert device.get("/today/").status_code == 200

    clinician_client.post(f"/clinic/patients/{newcomer.uuid}/sign-in/", {"wanted": "signed out"})

    assert device.get("/today/").status_code == 302
    assert AuditEvent.objects.filter(action="sessions.ended", patient=str(newcomer.uuid)).count() == 1
    sign_in_by_pin(device)
    assert is_signed_in(device)


def test_password_link_goes_to_nobody_without_an_address(device, newcomer, clinician_client):
    clinician_client.post(f"/clinic/patients/{newcomer.uuid}/sign-in/", {"wanted": "password link"})

    assert mail.outbox == []
    page = record_page(clinician_client, newcomer)
    assert "Signs in without an e-mail address" in page
    assert "Mail a new password link" not in page


def test_link_lasts_as_long_as_the_setting_says(clinician_client, newcomer, settings):
    settings.INVITATION_DAYS = 1
    page = clinician_client.post(f"/clinic/patients/{newcomer.uuid}/invite/").content.decode()

    invitation = Invitation.objects.get()
    assert (invitation.expires_at - invitation.made_at).total_seconds() == pytest.approx(86_400, abs=60)
    assert "for 1 day." in page


def test_unused_accounts_of_the_admin_page_open_with_an_address_only(admin_client, clinician):
    form = {
        "email": "", "first_name": "Rita", "last_name": "Voss", "is_active": "on",
        "clinician-TOTAL_FORMS": "1", "clinician-INITIAL_FORMS": "1", "clinician-0-id": clinician.pk,
        "clinician-0-user": clinician.user.pk, "clinician-0-clinic": clinician.clinic.pk, "clinician-0-title": "PT",
    }  # fmt: skip

    response = admin_client.post(f"/admin/patients/user/{clinician.user.pk}/change/", form)

    assert response.context["adminform"].errors["email"]
    assert User.objects.get(pk=clinician.user.pk).email


def test_pin_of_the_old_phone_is_nothing_on_the_new_one(device, newcomer, clinician_client):
    link = link_for(clinician_client, newcomer, lost="yes")
    new_phone = Client()
    new_phone.post(link, BY_PIN | {"pin": "918273"})
    new_phone.post("/accounts/logout/")

    sign_in_by_pin(new_phone, PIN)

    assert not is_signed_in(new_phone)

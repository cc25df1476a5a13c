"""A clinician with active patients is deactivated: in the admin, by command, and what becomes of everything."""

import pytest
from django.core.management import CommandError, call_command
from django.db.models import ProtectedError

from patients.models import Absence, AuditEvent, LeadChange, Task
from patients.tasks.actions import raise_task
from patients.tasks.models import Kind
from patients.team.leaving import deactivate
from tests.conftest import signed_in
from tests.factories import people, plans, team
from tests.factories.catalogue import exercise

LIST = "/admin/patients/user/"


def stop(clinician, **decided):
    return {"action": "stop", "_selected_action": [clinician.user.pk]} | decided


def test_admin_is_asked_where_the_patients_go_and_nothing_happens_before(admin_client, clinician, colleague, patient):
    response = admin_client.post(LIST, stop(clinician))

    page = response.content.decode()
    assert "Rita Voss leads 1 active patient. Who leads from now on?" in page
    assert "Sam Achterberg" in page and "Ellis" not in page
    clinician.user.refresh_from_db()
    assert clinician.user.is_active


def test_deciding_nothing_is_refused(admin_client, clinician, patient):
    response = admin_client.post(LIST, stop(clinician, decided="1"))

    assert response.status_code == 422
    assert "Choose who leads, or nobody yet." in response.content.decode()
    clinician.user.refresh_from_db()
    assert clinician.user.is_active


def test_patients_go_to_the_colleague_with_their_tasks(admin_client, admin, clinician, colleague, patient):
    raise_task(patient=patient, kind=Kind.REVIEW, words="The plan ends.")
    live = signed_in(clinician.user)
    assert live.get("/clinic/").status_code == 200

    admin_client.post(LIST, stop(clinician, decided="1") | {f"clinician-{clinician.pk}-to": colleague.pk})

    assert live.get("/clinic/").status_code == 302  # signed out within one request
    assert patient.lead == colleague
    assert {task.assigned_to for task in Task.objects.all()} == {colleague}
    change = LeadChange.objects.get()
    assert (change.before, change.to, change.by) == (clinician, colleague, admin)


def test_patients_left_alone_are_on_the_list_and_a_task_says_so(
    admin_client, clinician, colleague_client, patient, patient_client
):
    live = plans.published(patient, by=clinician.user, exercises=[exercise("bridge")])
    raise_task(patient=patient, kind=Kind.REVIEW, words="The plan ends.")

    admin_client.post(LIST, stop(clinician, decided="1") | {f"clinician-{clinician.pk}-to": "nobody"})

    assert "Margaret Ellis" in colleague_client.get("/clinic/team/").content.decode()
    assert "Nobody leads" in colleague_client.get("/clinic/").content.decode()
    assert {task.assigned_to for task in Task.objects.all()} == {None}
    # The patient goes on with the same plan, and sees the clinic as the contact.
    assert "Bridge" in patient_client.get("/today/").content.decode()
    assert "Rita Voss" not in patient_client.get("/help/").content.decode()
    live.refresh_from_db()
    assert live.created_by == clinician.user


def test_task_raised_later_is_nobodys_and_not_lost_with_who_left(clinician, admin, patient):
    deactivate(clinician=clinician, by=admin, to=None)

    assert raise_task(patient=patient, kind=Kind.LOW, words="Under half.").assigned_to is None


def test_whoever_comes_back_signs_in_and_leads_those_whom_nobody_took(
    admin_client, admin, clinician, colleague, patient, other_patient
):
    deactivate(clinician=clinician, by=admin, to=None)
    signed_in(colleague.user).post(f"/clinic/team/lead/{other_patient.uuid}/")

    admin_client.post(LIST, {"action": "allow", "_selected_action": [clinician.user.pk]})

    clinician.user.refresh_from_db()
    assert clinician.user.is_active
    assert (patient.lead, other_patient.lead) == (clinician, colleague)
    assert signed_in(clinician.user).get("/clinic/").status_code == 200


def test_absences_end_and_covers_are_warned_of(admin, clinician, colleague, patient, colleague_client, third):
    team.absence(clinician, colleague)
    team.absence(third, clinician, first=9, last=10)

    deactivate(clinician=clinician, by=admin, to=None)

    assert Absence.objects.standing().get().clinician == third
    assert "Not there on all of these days" in colleague_client.get("/clinic/team/").content.decode()


def test_form_of_a_clinician_cannot_stop_the_sign_in_by_the_way(admin_client, clinician, patient):
    form = {
        "email": clinician.user.email, "first_name": "Rita", "last_name": "Voss",
        "clinician-TOTAL_FORMS": "1", "clinician-INITIAL_FORMS": "1", "clinician-0-id": clinician.pk,
        "clinician-0-user": clinician.user.pk, "clinician-0-clinic": clinician.clinic.pk, "clinician-0-title": "Lead",
    }  # fmt: skip

    admin_client.post(f"{LIST}{clinician.user.pk}/change/", form)  # without is_active

    clinician.user.refresh_from_db()
    assert clinician.user.is_active


def test_two_at_once_are_each_asked_for_and_neither_is_offered(
    admin_client, clinician, colleague, patient, spine_ina
):
    people.patient(spine_ina, "Ida", "Third", lead=colleague)

    response = admin_client.post(LIST, stop(clinician) | {"_selected_action": [clinician.user.pk, colleague.user.pk]})

    forms = response.context["forms"]
    assert len(forms) == 2
    assert all(not form.colleagues for form in forms)


def test_colleague_of_another_clinic_is_no_choice(admin_client, clinician, foreign_clinician, patient):
    response = admin_client.post(
        LIST, stop(clinician, decided="1") | {f"clinician-{clinician.pk}-to": foreign_clinician.pk}
    )

    assert response.status_code == 422
    assert patient.lead == clinician


def test_clinician_with_patients_is_never_deleted(clinician, patient):
    with pytest.raises(ProtectedError):
        clinician.user.delete()
    with pytest.raises(ProtectedError):
        clinician.delete()


def test_command_asks_hands_over_and_refuses_strangers(clinician, colleague, foreign_clinician, patient):
    email = clinician.user.email
    for wrong in ([email], [email, "--to", foreign_clinician.user.email], [email, "--to", email], ["who@x.example"]):
        with pytest.raises(CommandError):
            call_command("deactivate_clinician", *wrong, verbosity=0)
    assert patient.lead == clinician

    call_command("deactivate_clinician", email.upper(), "--to", colleague.user.email)

    clinician.user.refresh_from_db()
    assert not clinician.user.is_active
    assert patient.lead == colleague
    assert AuditEvent.objects.filter(action="clinician.left").count() == 1


def test_command_leaves_patients_on_the_list(clinician, patient):
    call_command("deactivate_clinician", clinician.user.email, "--nobody")

    assert patient.lead is None

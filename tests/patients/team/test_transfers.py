"""A patient goes to another clinic: what goes along, what stays, and what the old clinic can still do (nothing)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from clinic.messaging.models import Message
from clinic.prescriptions.actions import save_as_protocol
from patients.models import AuditEvent, LeadChange, Patient, Task, Transfer
from patients.records.actions import discharge
from patients.records.invitations import invite, open_invitation
from patients.records.models import PatientQuerySet
from patients.tasks.actions import raise_task
from patients.tasks.models import Kind
from patients.team.transfers import clinic_named, transfer
from tests.conftest import signed_in
from tests.factories import messages, people, plans
from tests.factories.catalogue import exercise


def path(patient):
    return f"/clinic/patients/{patient.uuid}/transfer/"


def agreed(patient, to="Harbour Backs", **fields):
    day = patient.local_day().isoformat()
    return {"to": to, "agreed_how": "spoken", "agreed_on": day, "agreed": "1"} | fields


@pytest.fixture
def moved(clinician_client, foreign_clinician, patient):
    """Margaret, whose record is at Harbour Backs now."""
    response = clinician_client.post(path(patient), agreed(patient))
    assert response.status_code == 302, response.context["form"].errors
    return Patient.objects.get(pk=patient.pk)


def test_old_clinic_loses_the_record_on_the_next_request_and_the_new_one_has_it(
    moved, clinician_client, foreign_clinician_client, other_clinic
):
    record = f"/clinic/patients/{moved.uuid}/"
    for page in ("", "messages/", "days/", "audit/", "care-team/", "transfer/"):
        assert clinician_client.get(f"{record}{page}").status_code == 404
    assert moved.clinic == other_clinic
    assert foreign_clinician_client.get(record).status_code == 200


def test_old_clinic_keeps_a_line_and_no_more(moved, clinician_client, foreign_clinician_client, clinician):
    line = Transfer.objects.get()
    assert (line.name, line.by, line.agreed_how) == ("Margaret Ellis", clinician.user, "spoken")

    page = clinician_client.get("/clinic/team/").content.decode()
    assert "Moved to another clinic" in page and "Margaret Ellis" in page
    assert "Moved to another clinic" not in foreign_clinician_client.get("/clinic/team/").content.decode()


def test_nobody_leads_yet_at_the_new_clinic_and_it_is_warned(moved, foreign_clinician_client, clinician):
    assert moved.lead is None and not moved.care_team.exists()
    assert "Margaret Ellis" in foreign_clinician_client.get("/clinic/team/").content.decode()
    task = Task.objects.open().get(kind=Kind.NO_LEAD)
    assert "Came from Spine INA" in task.words and task.assigned_to is None
    assert LeadChange.objects.get().before == clinician
    care_team = foreign_clinician_client.get(f"/clinic/patients/{moved.uuid}/care-team/").content.decode()
    assert "Rita Voss led until then, at another clinic." in care_team


def test_open_tasks_are_closed_in_words_and_open_there(clinician_client, clinician, foreign_clinician, patient):
    messages.asked(patient)
    raise_task(patient=patient, kind=Kind.FLAG_C, words="Answers need a look.", by=clinician.user)
    due = {task.kind: task.due_at for task in Task.objects.all()}

    clinician_client.post(path(patient), agreed(patient))

    closed = Task.objects.filter(resolved_at__isnull=False)
    assert {task.resolution for task in closed} == {"Moved to Harbour Backs with the patient."}
    opened = Task.objects.open().exclude(kind=Kind.NO_LEAD)
    assert {task.kind for task in opened} == {Kind.MESSAGE, Kind.FLAG_C}
    for task in opened:
        assert (task.assigned_to, task.raised_by) == (None, None)
        assert abs(task.due_at - due[task.kind]) < timedelta(seconds=1)
    assert Message.objects.visible_to(foreign_clinician.user).count() == 1
    assert Message.objects.visible_to(clinician.user).count() == 0


def test_patient_goes_on_with_a_plan_of_the_old_clinics_own_protocol(
    clinician_client, clinician, foreign_clinician, foreign_clinician_client, patient, patient_client
):
    plan = plans.published(patient, by=clinician.user, exercises=[exercise("bridge")])
    protocol = save_as_protocol(prescription=plan, by=clinician.user, name="Ours alone")
    type(plan).objects.filter(pk=plan.pk).update(protocol=protocol)

    clinician_client.post(path(patient), agreed(patient))

    assert "Bridge" in patient_client.get("/today/").content.decode()
    assert "Harbour Backs" in patient_client.get("/today/").content.decode()
    for page in (f"patients/{patient.uuid}/", f"prescriptions/{plan.uuid}/"):
        assert foreign_clinician_client.get(f"/clinic/{page}").status_code == 200
    revised = foreign_clinician_client.post(f"/clinic/prescriptions/{plan.uuid}/revise/")
    assert foreign_clinician_client.get(revised["Location"]).status_code == 200
    assert clinician_client.get(f"/clinic/prescriptions/{plan.uuid}/").status_code == 404
    assert "Ours alone" not in foreign_clinician_client.get("/clinic/protocols/").content.decode()


def test_sending_it_twice_moves_once(clinician_client, foreign_clinician, patient):
    first, second = (clinician_client.post(path(patient), agreed(patient), follow=True) for _ in range(2))

    for answer in (first, second):
        assert "Margaret Ellis moved to Harbour Backs. The record is theirs now." in answer.content.decode()
    assert Transfer.objects.count() == AuditEvent.objects.filter(action="patient.transferred").count() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert clinician_client.post(path(patient), agreed(patient)).status_code == 404


def test_two_clicks_at_the_same_moment_get_the_same_answer(clinician_client, foreign_clinician, patient, monkeypatch):
    def both(**fields):
        assert transfer(**fields)
        return transfer(**fields)

    monkeypatch.setattr("patients.team.transfer_views.transfer", both)
    answer = clinician_client.post(path(patient), agreed(patient), follow=True)

    assert "Margaret Ellis moved to Harbour Backs." in answer.content.decode()


def test_colleague_who_did_not_move_them_hears_nothing(moved, colleague_client):
    assert colleague_client.post(path(moved), agreed(moved)).status_code == 404


def test_discharged_patient_stays_and_the_page_says_so(clinician_client, clinician, other_clinic, patient):
    discharge(patient=patient, by=clinician.user)

    answer = clinician_client.post(path(patient), agreed(patient))

    assert answer.status_code == 422
    assert "and was not moved" in answer.context["form"].errors["to"][0]
    assert "moved to" not in clinician_client.get("/clinic/team/").content.decode()
    assert not Transfer.objects.exists()


def test_open_invitation_ends_and_family_keeps_its_access(clinician_client, clinician, other_clinic, spine_ina):
    patient = people.patient(spine_ina, "Una", "Invited", lead=clinician, signs_in=False)
    token = invite(patient=patient, by=clinician.user, address_of=lambda token: token)
    helper = people.helper(patient, by=clinician.user)

    clinician_client.post(path(patient), agreed(patient))

    assert open_invitation(token) is None
    assert signed_in(helper.helper).get(f"/helping/{helper.uuid}/today/").status_code == 200


def test_only_the_lead_moves_a_patient(colleague_client, foreign_clinician_client, patient, other_clinic):
    assert colleague_client.get(path(patient)).status_code == 403
    assert colleague_client.post(path(patient), agreed(patient)).status_code == 403
    assert foreign_clinician_client.post(path(patient), agreed(patient)).status_code == 404
    assert not Transfer.objects.exists()


def test_nobody_is_moved_without_their_word(clinician_client, patient, other_clinic):
    tomorrow = (patient.local_day() + timedelta(days=2)).isoformat()
    for field, wrong in [
        ("agreed", ""), ("agreed_on", tomorrow), ("agreed_on", ""), ("agreed_on", "2001-01-01"), ("agreed_how", "x"),
        ("to", ""), ("to", "No such clinic"), ("to", "Spine INA"), ("to", "a\0b"),
    ]:  # fmt: skip
        response = clinician_client.post(path(patient), agreed(patient, **{field: wrong}))
        assert response.status_code == 422
        assert response.context["form"].errors[field]
    assert not Transfer.objects.exists()


def test_no_clinic_is_shown_the_names_of_the_others(clinician_client, patient, other_clinic):
    page = clinician_client.get(path(patient)).content.decode()

    assert "Harbour Backs" not in page
    assert clinic_named(" harbour  BACKS ", other_than=patient.clinic) == other_clinic


def test_record_links_to_it_for_the_lead_alone(clinician_client, colleague_client, patient):
    record = f"/clinic/patients/{patient.uuid}/"

    assert path(patient) in clinician_client.get(record).content.decode()
    assert path(patient) not in colleague_client.get(record).content.decode()


# --- by an admin, who sees no patients


def asked(patient, other_clinic, **changes):
    return {
        "origin": patient.clinic.pk, "destination": other_clinic.pk, "full_name": "margaret ellis", "born_on": "1962-03-14",
        "agreed_how": "written", "agreed_on": patient.local_day().isoformat(), "agreed": "1",
    } | changes  # fmt: skip


ADD = "/admin/patients/transfer/add/"


def test_admin_moves_a_patient_by_name_and_birth_date_and_sees_no_record(admin_client, admin, patient, other_clinic):
    response = admin_client.post(ADD, asked(patient, other_clinic))

    assert response.status_code == 302, response.context["adminform"].errors
    patient.refresh_from_db()
    assert (patient.clinic, patient.lead) == (other_clinic, None)
    moved = Transfer.objects.get()
    assert (moved.by, moved.name) == (admin, "Margaret Ellis")
    for page in ("", f"{moved.pk}/change/", f"{moved.pk}/history/"):
        shown = admin_client.get(f"/admin/patients/transfer/{page}").content.decode()
        assert "Ellis" not in shown and "Spine INA" in shown
    assert admin_client.post(ADD, asked(patient, other_clinic)).status_code == 200  # once more: not there any more
    assert Transfer.objects.count() == 1


def test_admin_hears_of_it_when_the_patient_is_discharged_at_that_moment(
    admin_client, clinician, patient, other_clinic, monkeypatch
):
    look = PatientQuerySet.looking_like

    def too_late(self, **fields):
        found = look(self, **fields)
        discharge(patient=patient, by=clinician.user)
        return found

    monkeypatch.setattr(PatientQuerySet, "looking_like", too_late)
    response = admin_client.post(ADD, asked(patient, other_clinic))

    assert "not exactly one active patient" in response.context["adminform"].errors["full_name"][0]
    assert not Transfer.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"full_name": "Margaret"}, "full_name"),
        ({"full_name": ""}, "full_name"),
        ({"born_on": "1962-03-15"}, "full_name"),
        ({"agreed": ""}, "agreed"),
        ({"agreed_on": "2001-01-01"}, "agreed_on"),
        ({"destination": ""}, "destination"),
    ],
)
def test_admins_form_says_what_is_missing(admin_client, patient, other_clinic, changes, field):
    response = admin_client.post(ADD, asked(patient, other_clinic, **changes))

    assert response.context["adminform"].errors[field]
    assert not Transfer.objects.exists()


def test_admin_cannot_move_to_the_same_clinic_nor_change_what_was(admin_client, patient, other_clinic):
    response = admin_client.post(ADD, asked(patient, patient.clinic))

    assert response.context["adminform"].errors["destination"] == ["Choose another clinic."]

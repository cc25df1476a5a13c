"""A record opened in an emergency, where records are not shared."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from clinic.messaging.models import Message
from patients.models import AuditEvent, EmergencyAccess, Patient, Task
from patients.tasks.models import Kind
from patients.team.emergencies import open_record
from tests.conftest import signed_in
from tests.factories import messages, people

PAGE = "/clinic/team/emergency/"
WHY = "Fell in our waiting room, what does she take?"
pytestmark = pytest.mark.usefixtures("private")


def asked(**changes):
    return {"name": "Margaret Ellis", "born_on": "1962-03-14", "reason": WHY} | changes


def record(patient):
    return f"/clinic/patients/{patient.uuid}/"


def test_whole_name_and_birth_date_open_the_record_for_some_hours(colleague_client, colleague, patient, settings):
    assert colleague_client.get(record(patient)).status_code == 404

    response = colleague_client.post(PAGE, asked(name=" ellis  MARGARET ", born_on="14.03.1962"))

    assert response["Location"] == record(patient)
    page = colleague_client.get(record(patient)).content.decode()
    assert "You opened the record of <bdi>Margaret Ellis</bdi> in an emergency." in page
    assert "in an emergency" in colleague_client.get(f"{record(patient)}messages/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(hours=settings.EMERGENCY_HOURS, minutes=1), tick=False):
        assert list(Patient.objects.visible_to(colleague.user)) == []


def test_lead_patient_and_audit_log_hear_of_it(
    colleague_client, clinician, patient, patient_client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        colleague_client.post(PAGE, asked())

    task = Task.objects.get(kind=Kind.EMERGENCY)
    assert task.assigned_to == clinician
    assert "Sam Achterberg opened this record in an emergency" in task.words and WHY in task.words
    patient.refresh_from_db()
    assert patient.unread_messages == 1
    page = patient_client.get("/messages/").content.decode()
    assert "Sam Achterberg, who does not usually look after you, opened your record" in page and WHY not in page
    (message,) = mail.outbox
    assert message.to == [patient.email]
    assert "/messages/" in message.body
    for word in ("Achterberg", "Ellis", "fell", "back pain"):
        assert word not in message.subject + message.body
    line = AuditEvent.objects.get(action="emergency.opened")
    assert line.patient == str(patient.uuid) and WHY not in str(line.detail)


def test_note_to_the_patient_answers_nothing_that_waits(colleague_client, patient):
    messages.asked(patient)

    colleague_client.post(PAGE, asked())

    assert Task.objects.open().filter(kind=Kind.MESSAGE).exists()
    assert Message.objects.filter(from_patient=False).count() == 1


def test_double_click_opens_once(colleague_client, patient):
    for _ in range(2):
        assert colleague_client.post(PAGE, asked())["Location"] == record(patient)

    assert EmergencyAccess.objects.count() == Message.objects.count() == 1
    assert AuditEvent.objects.filter(action="emergency.opened").count() == 1


def test_opening_it_again_at_the_same_moment_changes_nothing(colleague, patient):
    assert open_record(patient=patient, by=colleague, reason=WHY) == open_record(
        patient=patient, by=colleague, reason="Another reason."
    )


def test_only_whoever_opened_it_sees_it(colleague_client, third, patient):
    colleague_client.post(PAGE, asked())

    assert not Patient.objects.visible_to(third.user).exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "Margaret"}, "name"),
        ({"name": "Margaret Elli"}, "name"),
        ({"born_on": "1962-03-15"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"born_on": "soon"}, "born_on"),
        ({"reason": ""}, "reason"),
        ({"reason": "quick"}, "reason"),
    ],
)
def test_anything_less_opens_nothing_and_keeps_the_typing(colleague_client, patient, wrong, field):
    response = colleague_client.post(PAGE, asked(**wrong))

    assert response.status_code == 422
    assert response.context["form"].errors[field]
    assert "waiting room" in response.content.decode() or "reason" in wrong
    assert not EmergencyAccess.objects.exists()


def test_looking_around_is_noted_and_soon_stops(colleague_client, patient):
    answers = [colleague_client.post(PAGE, asked(name=f"Guess {number}")).status_code for number in range(11)]

    assert answers == [422] * 10 + [429]
    assert AuditEvent.objects.filter(action="emergency.not_found").count() == 10


def test_nobody_of_another_clinic_opens_it(foreign_clinician_client, other_clinic, patient):
    assert foreign_clinician_client.post(PAGE, asked()).status_code == 422
    assert not EmergencyAccess.objects.exists()


def test_record_that_is_open_anyway_needs_no_emergency(clinician_client, patient):
    assert clinician_client.post(PAGE, asked())["Location"] == record(patient)
    assert not EmergencyAccess.objects.exists()


def test_twins_in_name_and_birth_date_open_neither(colleague_client, patient, spine_ina, clinician):
    people.patient(spine_ina, "Margaret", "Ellis", lead=clinician, signs_in=False)

    assert "More than one patient" in colleague_client.post(PAGE, asked()).context["form"].errors["name"][0]


def test_closing_it_early_is_at_once_and_harmless_twice(colleague_client, third, patient):
    colleague_client.post(PAGE, asked())
    end = f"{PAGE}{EmergencyAccess.objects.get().uuid}/end/"

    for _ in range(2):
        assert colleague_client.post(end).status_code == 302

    assert colleague_client.get(record(patient)).status_code == 404
    assert AuditEvent.objects.filter(action="emergency.closed").count() == 1


def test_anothers_access_is_not_closed(clinician_client, colleague, patient):
    access = open_record(patient=patient, by=colleague, reason=WHY)

    assert clinician_client.post(f"{PAGE}{access.uuid}/end/").status_code == 404


def test_lead_finds_it_on_the_team_page_and_strangers_do_not(clinician_client, colleague, third, patient):
    open_record(patient=patient, by=colleague, reason=WHY)

    assert WHY in clinician_client.get("/clinic/team/").content.decode()
    assert WHY not in signed_in(third.user).get("/clinic/team/").content.decode()


def test_admin_sees_every_use_without_health_data(admin_client, colleague, patient):
    access = open_record(patient=patient, by=colleague, reason=WHY)
    place = "/admin/patients/emergencyaccess/"

    for path in (place, f"{place}{access.pk}/change/"):
        page = admin_client.get(path).content.decode()
        assert "Sam Achterberg" in page and str(patient.uuid) in page
        assert "Ellis" not in page and "waiting room" not in page
    assert admin_client.get(f"{place}add/").status_code == 403
    assert admin_client.post(f"{place}{access.pk}/delete/").status_code == 403


def test_clinic_that_shares_its_records_needs_none(colleague_client, spine_ina, patient):
    spine_ina.shares_records = True
    spine_ina.save()

    assert "Your clinic shares its records" in colleague_client.get(PAGE).content.decode()
    assert "Open a record in an emergency" not in colleague_client.get("/clinic/team/").content.decode()


def test_patient_without_a_sign_in_gets_a_mail_without_a_link(
    colleague, spine_ina, clinician, django_capture_on_commit_callbacks
):
    patient = people.patient(spine_ina, "Una", "Offline", lead=clinician, signs_in=False)
    with django_capture_on_commit_callbacks(execute=True):
        open_record(patient=patient, by=colleague, reason=WHY, link="http://testserver/messages/")

    assert "/messages/" not in mail.outbox[0].body and "call" in mail.outbox[0].body


def test_whoever_is_let_in_for_a_while_does_not_join_the_team(colleague_client, colleague, clinician, patient):
    colleague_client.post(PAGE, asked())
    team_page = f"{record(patient)}care-team/"

    assert "Add a colleague, or hand over" not in colleague_client.get(team_page).content.decode()
    for wish in ("join", "lead"):
        assert colleague_client.post(team_page, {"wish": wish, "clinician": colleague.pk}).status_code == 403

    assert [each.clinician for each in patient.care_team.all()] == [clinician]

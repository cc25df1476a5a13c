"""A holiday: who sees whom, from when to when, and what the form refuses."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from clinic.enquiries.models import VisitRequest
from patients.models import Absence, AuditEvent, Patient, Task
from patients.tasks.actions import raise_task
from patients.tasks.models import Kind
from patients.team import away
from patients.team.rules import divided
from tests.factories import enquiries, people, team


def days(clinician, first, last):
    today = clinician.today()
    return {
        "first_day": (today + timedelta(days=first)).isoformat(),
        "last_day": (today + timedelta(days=last)).isoformat(),
    }


def record(patient):
    return f"/clinic/patients/{patient.uuid}/"


def test_cover_sees_the_patients_while_it_lasts_and_no_longer(
    private, clinician, colleague_client, colleague, patient
):
    assert colleague_client.get(record(patient)).status_code == 404

    absence = team.absence(clinician, colleague, first=0, last=2)

    assert colleague_client.get(record(patient)).status_code == 200
    assert Patient.objects.of_care_team(colleague).get() == patient
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        assert list(Patient.objects.visible_to(colleague.user)) == []
    away.end(absence=absence, by=clinician.user)
    assert colleague_client.get(record(patient)).status_code == 404


def test_cover_sees_nothing_before_the_first_day(private, clinician, colleague, patient):
    team.absence(clinician, colleague, first=1, last=2)

    assert list(Patient.objects.visible_to(colleague.user)) == []
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert list(Patient.objects.visible_to(colleague.user)) == [patient]


def test_day_begins_by_the_clinics_clock(private, clinician, colleague, patient):
    private.time_zone = "Pacific/Auckland"
    private.save()
    clinician.clinic.time_zone = colleague.clinic.time_zone = "Pacific/Auckland"
    colleague.user.clinician = colleague
    with time_machine.travel("2026-11-29T12:00:00Z", tick=False):  # already Monday in Auckland
        team.absence(clinician, colleague, first=0, last=0)
        assert list(Patient.objects.visible_to(colleague.user)) == [patient]
    with time_machine.travel("2026-11-30T11:30:00Z", tick=False):  # already Tuesday
        assert list(Patient.objects.visible_to(colleague.user)) == []


def test_each_part_has_its_own_cover(private, clinician, colleague, third, patient):
    today = clinician.today()
    parts = divided(today, today + timedelta(days=4), colleague, [(today + timedelta(days=2), third)])
    away.announce(clinician=clinician, by=clinician.user, parts=parts)

    assert Patient.objects.visible_to(colleague.user).exists()
    assert not Patient.objects.visible_to(third.user).exists()
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert not Patient.objects.visible_to(colleague.user).exists()
        assert Patient.objects.visible_to(third.user).exists()


def test_cover_of_a_cover_sees_nothing(private, clinician, colleague, third, patient):
    team.absence(clinician, colleague)
    Absence.objects.update(first_day=clinician.today())
    team.absence(colleague, third)  # who fell ill meanwhile

    assert not Patient.objects.visible_to(third.user).exists()


def test_tasks_of_whoever_is_away_are_the_covers_too(clinician, colleague, colleague_client, patient):
    raise_task(patient=patient, kind=Kind.REVIEW, words="The plan ends on Friday.")
    assert "The plan ends on Friday." not in colleague_client.get("/clinic/tasks/?who=mine").content.decode()

    absence = team.absence(clinician, colleague)

    page = colleague_client.get("/clinic/tasks/?who=mine").content.decode()
    assert "The plan ends on Friday." in page
    until = f"{absence.last_day.day} {absence.last_day:%b}"
    assert f"for Rita Voss, away until {until}" in page
    assert f"for Rita Voss, away until {until}" in colleague_client.get("/clinic/tasks/").content.decode()
    task = Task.objects.get()
    answer = colleague_client.post(
        f"/clinic/tasks/{task.uuid}/", {"do": "assign", "to": colleague.pk}, headers={"HX-Request": "true"}
    )
    assert "Sam Achterberg" in answer.content.decode()
    assert "away until" not in answer.content.decode()


def test_form_says_it_and_the_team_page_shows_it(clinician, colleague, clinician_client):
    response = clinician_client.post("/clinic/team/away/", days(clinician, 3, 7) | {"cover": colleague.pk})

    assert response["Location"] == "/clinic/team/"
    page = clinician_client.get("/clinic/team/").content.decode()
    assert "Sam Achterberg covers" in page and "Cancel" in page
    assert AuditEvent.objects.filter(action="absence.said").count() == 1


def test_double_click_is_one_absence(clinician, colleague, clinician_client):
    for _ in range(2):
        response = clinician_client.post("/clinic/team/away/", days(clinician, 3, 7) | {"cover": colleague.pk})

    assert response.status_code == 302
    assert Absence.objects.count() == AuditEvent.objects.filter(action="absence.said").count() == 1


@pytest.mark.parametrize(
    ("first", "last", "field", "says"),
    [
        (7, 3, "last_day", "before the first day"),
        (-9, -3, "last_day", "These days are past."),
        (3, 900, "last_day", "At most a year"),
    ],
)
def test_days_that_make_no_sense_are_refused_at_the_field(
    clinician, colleague, clinician_client, first, last, field, says
):
    response = clinician_client.post("/clinic/team/away/", days(clinician, first, last) | {"cover": colleague.pk})

    assert response.status_code == 422
    assert says in response.context["form"].errors[field][0]


def test_nobody_covers_for_themselves_and_nobody_of_another_clinic(
    clinician, colleague, foreign_clinician, clinician_client
):
    for wrong in (clinician.pk, foreign_clinician.pk, "", 10**30, "x\0"):
        response = clinician_client.post("/clinic/team/away/", days(clinician, 1, 2) | {"cover": wrong})
        assert response.status_code == 422
        assert response.context["form"].errors["cover"]
    assert not Absence.objects.exists()


def test_cover_who_is_away_then_is_refused_with_the_days(clinician, colleague, third, clinician_client):
    team.absence(colleague, third, first=2, last=4)

    response = clinician_client.post("/clinic/team/away/", days(clinician, 4, 8) | {"cover": colleague.pk})

    assert response.status_code == 422
    assert "Sam Achterberg is away then" in response.context["form"].errors["cover"][0]
    later = {"cover": third.pk, "from_2": days(clinician, 5, 5)["first_day"], "cover_2": colleague.pk}
    assert clinician_client.post("/clinic/team/away/", days(clinician, 4, 8) | later).status_code == 302


def test_days_that_meet_ones_own_absence_are_refused(clinician, colleague, clinician_client):
    team.absence(clinician, colleague, first=2, last=4)

    response = clinician_client.post("/clinic/team/away/", days(clinician, 4, 8) | {"cover": colleague.pk})

    assert "You are away already" in response.context["form"].errors["first_day"][0]


def test_somebody_who_takes_over_needs_a_day_within_and_a_name(clinician, colleague, third, clinician_client):
    for later, field in [
        ({"cover_2": third.pk}, "from_2"),
        ({"from_2": days(clinician, 3, 3)["first_day"]}, "cover_2"),
        ({"cover_2": third.pk, "from_2": days(clinician, 1, 1)["first_day"]}, "from_2"),
        ({"cover_2": third.pk, "from_2": days(clinician, 9, 9)["first_day"]}, "from_2"),
    ]:
        response = clinician_client.post(
            "/clinic/team/away/", days(clinician, 1, 5) | {"cover": colleague.pk} | later
        )
        assert response.status_code == 422
        assert response.context["form"].errors[field]
        assert response.context["form"].later_in_use


def test_colleague_who_falls_ill_while_covering_is_warned_of(clinician, colleague, third, clinician_client):
    team.absence(clinician, colleague, first=0, last=5)
    team.absence(colleague, third, first=1, last=2)

    assert "Not there on all of these days" in clinician_client.get("/clinic/team/").content.decode()


def test_only_whoever_is_away_ends_it(clinician, colleague, colleague_client, clinician_client, private, patient):
    absence = team.absence(clinician, colleague)
    path = f"/clinic/team/away/{absence.uuid}/end/"

    assert colleague_client.post(path).status_code == 404
    for _ in range(2):
        assert clinician_client.post(path).status_code == 302

    assert AuditEvent.objects.filter(action="absence.ended").count() == 1
    assert colleague_client.get(record(patient)).status_code == 404
    private.refresh_from_db()
    assert private.away_until is None


def test_patient_who_writes_reads_who_answers(
    clinician, colleague, patient, patient_client, django_assert_num_queries
):
    team.absence(clinician, colleague, first=0, last=2)

    page = patient_client.get("/messages/").content.decode()

    assert "We usually answer" in page
    assert "Rita Voss is away until" in page
    assert "Sam Achterberg answers you meanwhile." in page


def test_patient_reads_nothing_of_an_absence_to_come(clinician, colleague, patient_client):
    team.absence(clinician, colleague, first=1, last=2)

    assert "is away" not in patient_client.get("/messages/").content.decode()


def test_patients_of_a_clinic_that_shares_are_mine_while_i_cover(clinician, colleague, colleague_client, patient):
    team.absence(clinician, colleague)

    mine = colleague_client.get("/clinic/?who=mine").content.decode()

    assert patient.last_name in mine
    assert patient.last_name in colleague_client.get("/clinic/patients/?show=mine").content.decode()


def test_discharged_and_foreign_patients_do_not_come_along(private, clinician, colleague, other_clinic, patient):
    elsewhere = people.patient(other_clinic, "Erin", "Elsewhere", lead=clinician)  # from before a change of clinic
    team.absence(clinician, colleague)

    assert elsewhere not in Patient.objects.visible_to(colleague.user)


def test_requests_for_a_visit_that_the_colleague_took_come_along(private, clinician, colleague):
    asked = enquiries.visit_request(private, assigned_to=clinician)
    assert asked not in VisitRequest.objects.visible_to(colleague.user)

    team.absence(clinician, colleague)

    assert asked in VisitRequest.objects.visible_to(colleague.user)

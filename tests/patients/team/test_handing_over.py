"""The lead goes to a colleague for good: patients, tasks, history, sheet."""

from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from patients.models import AuditEvent, Clinician, LeadChange, Patient, Task
from patients.tasks.actions import raise_task
from patients.tasks.models import Kind
from patients.team.handing_over import give, take
from tests.conftest import signed_in
from tests.factories import people

PAGE = "/clinic/team/hand-over/"


def sent(colleague, *patients, **fields):
    return {"to": colleague.pk, "patients": [each.uuid for each in patients], "key": uuid4(), "note": ""} | fields


def test_page_lists_whom_i_lead_with_what_is_open(clinician_client, colleague, patient, other_patient, spine_ina):
    raise_task(patient=patient, kind=Kind.PAIN_UP, words="Pain went up by 3.")
    people.patient(spine_ina, "Ida", "Notmine", lead=colleague)

    page = clinician_client.get(PAGE).content.decode()

    assert "Margaret Ellis" in page and "Tom Okafor" in page and "Notmine" not in page
    assert "Pain went up by 3." in page


def test_number_of_queries_does_not_grow_with_the_patients(
    clinician_client, clinician, spine_ina, patient, django_assert_max_num_queries, django_assert_num_queries
):
    clinician_client.get(PAGE)
    with django_assert_max_num_queries(12) as few:
        clinician_client.get(PAGE)
    for number in range(5):
        raise_task(
            patient=people.patient(spine_ina, f"P{number}", "More", lead=clinician), kind=Kind.REVIEW, words="x"
        )
    with django_assert_num_queries(len(few)):
        clinician_client.get(PAGE)


def test_handing_over_takes_lead_tasks_and_note_along(clinician_client, clinician, colleague, patient, other_patient):
    raise_task(patient=patient, kind=Kind.REVIEW, words="The plan ends on Friday.")

    response = clinician_client.post(PAGE, sent(colleague, patient, note="Likes mornings."))

    assert response.status_code == 302
    assert patient.lead == colleague and other_patient.lead == clinician
    told, review = Task.objects.order_by("kind")
    assert (told.kind, told.assigned_to, review.assigned_to) == (Kind.HANDED_OVER, colleague, colleague)
    assert "Rita Voss handed over the lead to you." in told.words and "Likes mornings." in told.words
    change = LeadChange.objects.get()
    assert (change.before, change.to, change.by) == (clinician, colleague, clinician.user)
    sheet = clinician_client.get(response["Location"]).content.decode()
    assert "Margaret Ellis" in sheet and "The plan ends on Friday." in sheet and "Likes mornings." in sheet
    assert "handed over the lead to you" not in sheet  # the note stands above already


def test_all_go_with_one_tick(clinician_client, clinician, colleague, patient, other_patient):
    form = sent(colleague, everybody="1")
    response = clinician_client.post(PAGE, form)
    assert clinician_client.post(PAGE, form)["Location"] == response["Location"]

    assert (patient.lead, other_patient.lead) == (colleague, colleague)
    assert "Tom Okafor" in clinician_client.get(response["Location"]).content.decode()
    assert "You lead no active patient." in clinician_client.get(PAGE).content.decode()


def test_double_click_hands_over_once_and_shows_the_same_sheet(clinician_client, colleague, patient):
    form = sent(colleague, patient)

    first, second = clinician_client.post(PAGE, form), clinician_client.post(PAGE, form)

    assert first["Location"] == second["Location"] != "/clinic/team/"
    assert LeadChange.objects.count() == Task.objects.count() == 1
    assert AuditEvent.objects.filter(action="care_team.handed_over").count() == 1


def test_what_breaks_off_half_way_moves_nobody_and_the_same_form_then_moves_all(
    clinician_client, clinician, colleague, patient, other_patient, monkeypatch
):
    form, gave = sent(colleague, patient, other_patient), []

    def breaks_off(**fields):
        if gave:
            raise OperationalError
        gave.append(give(**fields))
        return True

    with monkeypatch.context() as broken, pytest.raises(OperationalError):
        broken.setattr("patients.team.views.give", breaks_off)
        clinician_client.post(PAGE, form)
    assert gave == [True]
    assert patient.lead == other_patient.lead == clinician
    assert not LeadChange.objects.exists()

    clinician_client.post(PAGE, form)

    assert patient.lead == other_patient.lead == colleague


def test_giving_what_one_does_not_lead_changes_nothing(clinician, colleague, third, patient):
    give(patient=patient, by=clinician.user, giver=clinician, to=colleague)

    assert not give(patient=patient, by=clinician.user, giver=clinician, to=third)
    assert patient.lead == colleague


def test_nothing_goes_to_another_clinic(clinician, foreign_clinician, patient, clinician_client):
    response = clinician_client.post(PAGE, sent(foreign_clinician, patient))

    assert response.status_code == 422 and response.context["form"].errors["to"]
    assert not give(patient=patient, by=clinician.user, giver=clinician, to=foreign_clinician)


def test_anothers_patient_among_the_chosen_is_refused_with_the_typing_kept(
    clinician_client, colleague, patient, spine_ina
):
    theirs = people.patient(spine_ina, "Ida", "Notmine", lead=colleague)

    response = clinician_client.post(PAGE, sent(colleague, patient, theirs, note="Bring the X-ray."))

    assert response.status_code == 422
    assert "not yours to hand over" in response.context["form"].errors["patients"][0]
    page = response.content.decode()
    assert "Bring the X-ray." in page and f'value="{patient.uuid}" checked' in page
    assert not LeadChange.objects.exists()


def test_nobody_chosen_and_rubbish_are_refused_at_the_field(clinician_client, colleague, patient):
    for wrong in ({"patients": []}, {"patients": ["x"]}, {"patients": ["\0"]}, {"to": "nobody"}, {"key": "x"}):
        response = clinician_client.post(PAGE, sent(colleague, patient) | wrong)
        assert response.status_code == 422


def test_where_records_are_not_shared_the_giver_loses_the_record(private, clinician_client, colleague, patient):
    response = clinician_client.post(PAGE, sent(colleague, patient))

    assert response["Location"] == "/clinic/team/"
    assert clinician_client.get(f"/clinic/patients/{patient.uuid}/").status_code == 404
    sheet = LeadChange.objects.get().sheet
    assert clinician_client.get(f"{PAGE}{sheet}/").status_code == 404
    assert "Margaret Ellis" in signed_in(colleague.user).get(f"{PAGE}{sheet}/").content.decode()


def test_giver_may_stay_on_the_team(private, clinician_client, colleague, patient):
    clinician_client.post(PAGE, sent(colleague, patient, stays="1"))

    assert clinician_client.get(f"/clinic/patients/{patient.uuid}/").status_code == 200
    assert patient.lead == colleague


def test_sheet_of_another_clinic_does_not_exist(clinician_client, colleague, patient, foreign_clinician_client):
    address = clinician_client.post(PAGE, sent(colleague, patient))["Location"]

    assert foreign_clinician_client.get(address).status_code == 404


def test_care_team_page_says_who_led_before(clinician_client, clinician, colleague, patient):
    give(patient=patient, by=clinician.user, giver=clinician, to=colleague, note="Moves to nights.")

    page = clinician_client.get(f"/clinic/patients/{patient.uuid}/care-team/").content.decode()

    assert "Rita Voss handed over to Sam Achterberg." in page and "Moves to nights." in page


def test_tasks_go_along_also_where_the_lead_changes_in_the_record(clinician_client, clinician, colleague, patient):
    kept = raise_task(patient=patient, kind=Kind.REVIEW, words="x")

    clinician_client.post(
        f"/clinic/patients/{patient.uuid}/care-team/", {"wish": "lead", "clinician": colleague.pk, "lead_stays": "1"}
    )

    kept.refresh_from_db()
    assert kept.assigned_to == colleague
    assert [step.said for step in kept.steps.all()] == ["x", "Assigned to Sam Achterberg"]


# --- patients whom nobody leads


def test_team_page_names_patients_whom_nobody_leads_and_one_press_leads_them(
    private, clinician_client, clinician, spine_ina, patient
):
    alone = people.patient(spine_ina, "Wren", "Alone")
    raise_task(patient=alone, kind=Kind.MESSAGE, words="1 message waits for an answer.")
    page = clinician_client.get("/clinic/team/").content.decode()
    assert "Wren Alone" in page
    assert clinician_client.get(f"/clinic/patients/{alone.uuid}/").status_code == 404
    assert "1 patient of the clinic is led by nobody." in clinician_client.get("/clinic/").content.decode()

    for _ in range(2):
        assert clinician_client.post(f"/clinic/team/lead/{alone.uuid}/").status_code == 302

    assert alone.lead == clinician
    assert Task.objects.get().assigned_to == clinician
    assert clinician_client.get(f"/clinic/patients/{alone.uuid}/").status_code == 200
    assert "Wren Alone" not in clinician_client.get("/clinic/team/").context["team"].alone


def test_task_that_nobody_leads_is_settled_by_whoever_is_given_the_lead(clinician_client, colleague, spine_ina):
    alone = people.patient(spine_ina, "Wren", "Alone")
    task = raise_task(patient=alone, kind=Kind.NO_LEAD, words="Who leads now?")

    clinician_client.post(
        f"/clinic/patients/{alone.uuid}/care-team/", {"wish": "lead", "clinician": colleague.pk, "lead_stays": "1"}
    )

    task.refresh_from_db()
    assert alone.lead == colleague
    assert task.resolution == "Sam Achterberg leads now."


def test_second_of_two_who_take_the_lead_hears_who_was_first(clinician_client, colleague, spine_ina):
    alone = people.patient(spine_ina, "Wren", "Alone")
    assert take(patient=alone, by=colleague.user, clinician=colleague)

    page = clinician_client.post(f"/clinic/team/lead/{alone.uuid}/", follow=True).content.decode()

    assert "A colleague was first: Sam Achterberg leads." in page
    assert alone.lead == colleague


def test_led_patient_of_a_clinic_that_does_not_share_cannot_be_taken(private, colleague_client, patient, clinician):
    assert colleague_client.post(f"/clinic/team/lead/{patient.uuid}/").status_code == 404
    assert patient.lead == clinician


def test_discharged_patients_are_nobodys_worry(clinician_client, spine_ina, clinician):
    people.patient(
        spine_ina, "Wren", "Alone", signs_in=False, discharged_at=timezone.now(), discharged_by=clinician.user
    )

    assert clinician_client.get("/clinic/team/").context["team"].alone == []


def test_numbers_of_colleagues(clinician_client, clinician, colleague, patient, other_patient):
    patient.care_team.create(clinician=colleague)
    raise_task(patient=patient, kind=Kind.REVIEW, words="x")

    shown = {str(each): each for each in clinician_client.get("/clinic/team/").context["team"].colleagues}

    assert [(shown["Rita Voss"].leads, shown["Rita Voss"].helps, shown["Rita Voss"].to_do)] == [(2, 0, 1)]
    assert [(shown["Sam Achterberg"].leads, shown["Sam Achterberg"].helps)] == [(0, 1)]


def test_where_records_are_not_shared_numbers_of_colleagues_are_not_said(
    private, clinician_client, colleague, patient
):
    page = clinician_client.get("/clinic/team/").content.decode()

    assert "Not shared" in page


def test_team_page_asks_the_same_number_of_queries_however_many(
    clinician_client, clinician, spine_ina, patient, django_assert_max_num_queries, django_assert_num_queries
):
    clinician_client.get("/clinic/team/")
    with django_assert_max_num_queries(10) as few:
        clinician_client.get("/clinic/team/")
    for number in range(4):
        people.patient(spine_ina, f"P{number}", "Alone")
        people.clinician(spine_ina, f"C{number}", "More")
    with django_assert_num_queries(len(few)):
        clinician_client.get("/clinic/team/")


def test_clinician_who_went_to_another_clinic_leads_nobody_here(clinician, other_clinic, patient):
    Clinician.objects.filter(pk=clinician.pk).update(clinic=other_clinic)

    assert patient.lead is None
    assert list(Patient.objects.led_by_nobody()) == [patient]

from datetime import date, timedelta

import pytest

from patients.models import AuditEvent, Patient
from tests.factories import people

URL = "/clinic/patients/new/"


def typed(**changes):
    return {
        "first_name": "Ada",
        "last_name": "Newman",
        "known_as": "",
        "born_on": "1980-05-17",
        "email": "ada@newman.example",
        "phone": "+44 20 7946 0001",
        "time_zone": "Europe/Paris",
        "problem": "acute low back pain",
    } | changes


def test_patient_new_adds_the_patient_and_makes_the_creator_lead(clinician_client, clinician):
    response = clinician_client.post(URL, typed())

    patient = Patient.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/clinic/patients/{patient.uuid}/"
    assert (patient.full_name, patient.born_on, patient.time_zone) == (
        "Ada Newman",
        date(1980, 5, 17),
        "Europe/Paris",
    )
    assert (patient.clinic, patient.created_by, patient.user) == (clinician.clinic, clinician.user, None)
    assert [(m.clinician, m.leads) for m in patient.care_team.all()] == [(clinician, True)]
    line = AuditEvent.objects.get(action="patient.added")
    assert (line.actor, line.patient) == (str(clinician.user.pk), str(patient.uuid))


def test_patient_new_starts_with_the_clinics_time_zone(clinician_client, spine_ina):
    spine_ina.time_zone = "Europe/Lisbon"
    spine_ina.save()

    assert clinician_client.get(URL).context["form"]["time_zone"].value() == "Europe/Lisbon"


@pytest.mark.parametrize("born_on", ["17/05/1980", "17.05.1980", "17 May 1980"])
def test_patient_new_reads_a_birth_date_as_on_paper(clinician_client, born_on):
    clinician_client.post(URL, typed(born_on=born_on))

    assert Patient.objects.get().born_on == date(1980, 5, 17)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"first_name": ""}, "This field is required."),
        ({"first_name": "   \u3000"}, "This field is required."),
        ({"last_name": "\u200b\u200e"}, "Please write something here."),
        ({"first_name": "A" * 81}, "Ensure this value has at most 80 characters (it has 81)."),
        ({"first_name": "A" * 100_000}, "Ensure this value has at most 80 characters (it has 100000)."),
        ({"first_name": "Ad\0a"}, "Null characters are not allowed."),
        ({"born_on": "1980-02-30"}, "Enter a valid date."),
        ({"born_on": "NaN"}, "Enter a valid date."),
        ({"born_on": "9" * 400}, "Enter a valid date."),
        ({"born_on": "0001-01-01"}, "This date is too long ago. Please check the year."),
        ({"born_on": str(date.today() + timedelta(days=3))}, "This day is still to come. Please check the date."),
        ({"email": "not an address"}, "Enter a valid email address."),
        ({"time_zone": "Mars/Phobos"}, "Select a valid choice. Mars/Phobos is not one of the available choices."),
    ],
)
def test_patient_new_says_what_is_wrong_and_keeps_the_typing(clinician_client, changes, message):
    response = clinician_client.post(URL, typed(**changes))

    (field,) = changes
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [message]}
    assert response.context["form"]["problem"].value() == "acute low back pain"
    assert Patient.objects.count() == 0


@pytest.mark.parametrize("name", ["👩‍👧", "Zoë", "محمد", "O'Brien-Łukasz", "<b>Bold</b>", "{{ 7|add:7 }}", "A" * 80])
def test_patient_new_keeps_any_name_as_it_was_typed(clinician_client, name):
    clinician_client.post(URL, typed(first_name=name))

    assert Patient.objects.get().first_name == name
    page = clinician_client.get("/clinic/patients/").content.decode()
    assert "<b>Bold" not in page
    assert "Newman, 14" not in page


@pytest.mark.parametrize(
    "changes",
    [
        {"first_name": "MARGARET", "last_name": "Ellis", "born_on": "1962-03-14"},
        {"email": "Margaret.Ellis@patients.example"},
    ],
)
def test_patient_new_shows_who_looks_alike_and_keeps_the_typing(clinician_client, patient, changes):
    response = clinician_client.post(URL, typed(**changes))

    page = response.content.decode()
    assert response.status_code == 409
    assert response.context["others"] == [patient]
    assert f'href="/clinic/patients/{patient.uuid}/"' in page
    assert 'value="acute low back pain"' in page
    assert Patient.objects.count() == 1


def test_patient_new_adds_somebody_else_once_that_was_said(clinician_client, patient):
    like = typed(first_name="Margaret", last_name="Ellis", born_on="1962-03-14", email="")
    seen = clinician_client.post(URL, like).context["somebody_else"]

    response = clinician_client.post(URL, like | {"somebody_else": seen})

    assert response.status_code == 302
    assert Patient.objects.filter(last_name="Ellis").count() == 2


def test_patient_new_sent_twice_adds_one_patient(clinician_client, patient):
    like = typed(first_name="Margaret", last_name="Ellis", born_on="1962-03-14", email="")
    seen = clinician_client.post(URL, like).context["somebody_else"]
    warned = [clinician_client.post(URL, like | {"somebody_else": seen}) for _ in range(2)]
    plain = [clinician_client.post(URL, typed()) for _ in range(2)]

    for first, again in (warned, plain):
        assert first.status_code == 302
        assert again["Location"] == first["Location"]
    assert Patient.objects.filter(last_name="Ellis").count() == 2
    assert Patient.objects.filter(last_name="Newman").count() == 1


def test_patient_new_typed_by_a_colleague_a_moment_later_is_warned_of(clinician_client, colleague_client):
    clinician_client.post(URL, typed())

    assert colleague_client.post(URL, typed()).status_code == 409


@pytest.mark.parametrize("rubbish", ["x", ",,,", "1' OR 1=1", "\0", "9" * 50])
def test_patient_new_is_not_talked_out_of_the_warning(clinician_client, patient, rubbish):
    like = typed(first_name="Margaret", last_name="Ellis", born_on="1962-03-14", somebody_else=rubbish)

    assert clinician_client.post(URL, like).status_code == 409


def test_patient_new_does_not_look_into_other_clinics(clinician_client, foreign_patient):
    like = typed(first_name="Freya", last_name="Stranger", born_on=str(foreign_patient.born_on))

    assert clinician_client.post(URL, like).status_code == 302


def test_patient_new_does_not_show_what_the_clinician_may_not_open(colleague_client, spine_ina, patient):
    spine_ina.shares_records = False
    spine_ina.save()
    like = typed(first_name="Margaret", last_name="Ellis", born_on="1962-03-14")

    assert colleague_client.post(URL, like).status_code == 302


def test_patient_new_ignores_fields_it_does_not_have(clinician_client, other_clinic, other_patient, clinician):
    clinician_client.post(
        URL,
        typed(clinic=other_clinic.pk, user=other_patient.user_id, uuid=str(other_patient.uuid), is_staff="1", edit=9),
    )

    made = Patient.objects.get(last_name="Newman")
    assert (made.clinic, made.user, made.edit) == (clinician.clinic, None, 0)
    assert made.uuid != other_patient.uuid


def test_patient_new_is_closed_to_everybody_else(patient_client, admin_client, nobody_client, client):
    for somebody in (patient_client, admin_client, nobody_client):
        assert somebody.post(URL, typed()).status_code == 403
    assert client.get(URL).status_code == 302
    assert Patient.objects.filter(last_name="Newman").count() == 0


def test_patients_of_the_factory_are_found_by_what_was_typed(spine_ina):
    people.patient(spine_ina, "Åsa", "Öberg")

    assert Patient.objects.matching("asa oberg").count() == 1

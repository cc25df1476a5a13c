import pytest
from django.urls import reverse

from clinic.palette.places import PLACES, places_like
from patients.models import AuditEvent
from tests.factories import people

HTMX = {"HX-Request": "true"}


def names(typed):
    return [place.name for place in places_like(typed)]


def test_places_are_found_by_the_beginnings_of_words():
    assert names("prot") == ["protocols"]
    assert names("chan plans") == ["change_many"]
    assert "patients" in names("PATIENT")
    assert names("zebra") == []
    assert len(names("")) == len(PLACES)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_place_opens_for_a_clinician(place, clinician_client):
    assert clinician_client.get(reverse(place.name)).status_code == 200


def test_patients_are_found_by_name_and_lead_to_their_record(patient, clinician_client):
    page = clinician_client.post("/clinic/go/", {"q": "marg ell"})

    assert reverse("patient_record", args=[patient.uuid]) in page.content.decode()
    assert 'value="marg ell"' in page.content.decode()


def test_name_in_an_address_is_not_read(patient, clinician_client):
    page = clinician_client.get("/clinic/go/", {"q": "Margaret"})

    assert "Margaret" not in page.content.decode()


def test_nobody_of_another_clinic_is_found(patient, foreign_clinician_client):
    page = foreign_clinician_client.post("/clinic/go/", {"q": "Ellis"}).content.decode()

    assert "Margaret" not in page and str(patient.uuid) not in page


def test_palette_gets_the_list_alone(patient, clinician_client):
    answer = clinician_client.post("/clinic/go/", {"q": "  Ellis "}, headers=HTMX).content.decode()

    assert answer.strip().startswith('<div class="go-found" id="palette-found" data-q="Ellis">')
    assert "1 found" in answer


@pytest.mark.parametrize("typed", ["", "\0", "x" * 5000, "<script>", "zebra"])
def test_whatever_is_typed_is_answered(typed, clinician_client):
    assert clinician_client.post("/clinic/go/", {"q": typed}).status_code == 200


def test_search_takes_as_many_queries_for_one_patient_as_for_eight(
    patient, clinician, clinician_client, django_assert_num_queries
):
    clinician_client.post("/clinic/go/", {"q": "ellis"}, headers=HTMX)
    with django_assert_num_queries(4) as few:
        clinician_client.post("/clinic/go/", {"q": "ellis"}, headers=HTMX)
    for number in range(9):
        people.patient(clinician.clinic, f"Ann{number}", "Ellis")

    with django_assert_num_queries(len(few)):
        answer = clinician_client.post("/clinic/go/", {"q": "ellis"}, headers=HTMX)
    assert "8 found" in answer.content.decode()


def test_search_for_a_patient_leaves_a_line_and_an_empty_box_none(patient, clinician, clinician_client):
    clinician_client.post("/clinic/go/", {"q": " "}, headers=HTMX)
    assert not AuditEvent.objects.filter(action="patients.listed").exists()
    clinician_client.post("/clinic/go/", {"q": "ellis"}, headers=HTMX)

    line = AuditEvent.objects.get(action="patients.listed")
    assert (line.actor, line.detail) == (str(clinician.user.pk), {"part": "go to", "found": 1})


def test_page_has_one_list_and_no_dialog_beside_it(clinician_client):
    page = clinician_client.get("/clinic/go/").content.decode()

    assert page.count('id="palette-found"') == 1
    assert 'id="palette"' not in page


def test_palette_is_on_clinicians_pages_alone(clinician_client, patient_client, patient):
    assert 'id="palette"' in clinician_client.get("/clinic/patients/").content.decode()
    assert "palette" not in patient_client.get("/today/week/").content.decode()

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from patients.models import AuditEvent, CareTeamMember, Patient
from tests.factories import people

URL = "/clinic/patients/"
HTMX = {"HX-Request": "true"}


def names(response):
    return [f"{p.first_name} {p.last_name}" for p in response.context["page"]]


def test_patients_lists_the_clinics_active_patients_by_surname(
    clinician_client, patient, other_patient, foreign_patient
):
    response = clinician_client.get(URL)

    assert response.status_code == 200
    assert names(response) == ["Margaret Ellis", "Tom Okafor"]
    assert foreign_patient.last_name not in response.content.decode()
    assert reverse("patient_record", args=[patient.uuid]) in response.content.decode()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ellis", ["Margaret Ellis"]),
        ("ELLIS margaret", ["Margaret Ellis"]),
        ("tom.okafor@", ["Tom Okafor"]),
        ("1970-02-01", ["Tom Okafor"]),
        ("1/2/1970", ["Tom Okafor"]),
        ("01.02.1970", ["Tom Okafor"]),
        ("nobody", []),
        ("100%", []),
        ("_", []),
        ("🙂", []),
    ],
)
def test_patients_finds_by_name_address_and_birth_date(clinician_client, patient, other_patient, words, found):
    other_patient.born_on = date(1970, 2, 1)
    other_patient.save()

    response = clinician_client.post(URL, {"q": words})

    assert names(response) == found


def test_patients_finds_a_name_whatever_its_accents(clinician_client, spine_ina):
    people.patient(spine_ina, "Éva", "Müller")

    assert names(clinician_client.post(URL, {"q": "eva muller"})) == ["Éva Müller"]


def test_patients_answers_htmx_with_the_results_only(clinician_client, patient):
    response = clinician_client.post(URL, {"q": "ellis"}, headers=HTMX)

    assert response.content.decode().strip().startswith('<div id="results">')
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("method", ["get", "post"])
def test_patients_puts_no_searched_name_into_an_address(clinician_client, clinician, spine_ina, method, headers):
    for number in range(51):
        people.patient(spine_ina, "Pat", f"Ellis{number:02}", lead=clinician, signs_in=False)

    response = getattr(clinician_client, method)(URL, {"q": "ellis", "show": "mine"}, headers=headers)

    page = response.content.decode()
    addresses = re.findall(r'(?:href|src|action|formaction|hx-[\w-]+)="([^"]*)"', page)
    assert [address for address in addresses if "q=" in address or "ellis" in address.lower()] == []
    assert not {"HX-Push-Url", "HX-Replace-Url", "HX-Location", "Location"} & set(response.headers)
    assert "hx-push-url" not in page
    assert '<button class="facet" type="submit" form="search" id="show-mine" name="show" value="mine"' in page
    assert 'form="search" name="page" value="2">Next' in page


def test_patients_pages_through_a_search_by_its_form(clinician_client, clinician, spine_ina):
    for number in range(51):
        people.patient(spine_ina, "Pat", f"Ellis{number:02}", lead=clinician, signs_in=False)

    # The list that is open stands in a hidden field; the button pressed comes after it.
    second = clinician_client.post(URL, {"q": "ellis", "show": ["active", "mine"], "page": "2"})

    assert names(second) == ["Pat Ellis50"]
    assert second.context["show"] == "mine"


def test_patients_links_its_pages_and_lists_outside_a_search(clinician_client, clinician, spine_ina):
    for number in range(51):
        people.patient(spine_ina, "Pat", f"Ellis{number:02}", lead=clinician, signs_in=False)

    page = clinician_client.get(URL, {"show": "mine"}).content.decode()

    assert 'href="?show=mine&amp;page=2"' in page
    assert 'href="?show=discharged"' in page


def test_patients_search_wants_the_forms_token(clinician):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(clinician.user)

    assert browser.post(URL, {"q": "ellis"}).status_code == 403


def test_patients_refuses_a_nul_in_the_search_beside_the_field(clinician_client, patient):
    response = clinician_client.post(URL, {"q": "el\0lis"})

    assert response.status_code == 422
    assert "Null characters are not allowed." in response.content.decode()


def test_patients_shows_mine_and_discharged_apart(clinician_client, clinician, colleague, spine_ina, patient):
    theirs = people.patient(spine_ina, "Uma", "Theirs", lead=colleague)
    gone = people.patient(
        spine_ina, "Gus", "Gone", lead=clinician, discharged_at=datetime(2026, 1, 1, tzinfo=UTC),
        discharged_by=clinician.user,
    )  # fmt: skip

    assert names(clinician_client.get(URL, {"show": "mine"})) == [patient.full_name]
    assert names(clinician_client.get(URL, {"show": "active"})) == [patient.full_name, theirs.full_name]
    assert names(clinician_client.get(URL, {"show": "discharged"})) == [gone.full_name]
    assert clinician_client.get(URL).context["tabs"] == [
        ("active", "Active", 2), ("mine", "My patients", 1), ("discharged", "Discharged", 1),
    ]  # fmt: skip


def test_patients_of_a_clinic_that_does_not_share_are_those_of_ones_care_teams(
    clinician_client, colleague_client, colleague, spine_ina, patient, other_patient
):
    spine_ina.shares_records = False
    spine_ina.save()
    CareTeamMember.objects.create(patient=other_patient, clinician=colleague)

    assert names(clinician_client.get(URL)) == ["Margaret Ellis", "Tom Okafor"]
    assert names(colleague_client.get(URL)) == ["Tom Okafor"]
    assert colleague_client.get(URL, {"q": "ellis"}).context["page"].paginator.count == 0


def test_patients_shows_fifty_a_page(clinician_client, spine_ina):
    for number in range(53):
        people.patient(spine_ina, "Pat", f"Number{number:02}", signs_in=False)

    first, second = clinician_client.get(URL), clinician_client.get(URL, {"page": 2})

    assert len(names(first)) == 50
    assert names(second) == ["Pat Number50", "Pat Number51", "Pat Number52"]
    assert clinician_client.get(URL, {"page": "10" * 30}).status_code == 200


def test_patients_asks_as_many_queries_for_one_as_for_thirty(
    clinician_client, clinician, spine_ina, patient, django_assert_num_queries
):
    clinician_client.get(URL)
    with django_assert_num_queries(QUERIES):
        clinician_client.get(URL)

    for number in range(30):
        people.patient(spine_ina, "Pat", f"Number{number:02}", lead=clinician)
    with django_assert_num_queries(QUERIES):
        clinician_client.get(URL)


QUERIES = 7  # session, user, tab counts, count, page, leads, audit line


def test_patients_is_noted_in_the_audit_log_without_names(clinician_client, clinician, patient):
    clinician_client.post(URL, {"q": "ellis"})

    line = AuditEvent.objects.get(action="patients.listed")
    assert (line.actor, line.detail) == (str(clinician.user.pk), {"found": 1})


def test_patients_refuses_other_methods(clinician_client):
    assert clinician_client.put(URL).status_code == 405


def test_patients_is_closed_to_patients_admins_and_strangers(patient_client, admin_client, client):
    assert patient_client.get(URL).status_code == 403
    assert admin_client.get(URL).status_code == 403
    assert client.get(URL)["Location"] == "/accounts/login/?next=/clinic/patients/"


def test_looking_like_needs_name_and_birth_date_or_the_address(patient):
    def alike(full_name, born_on, email=""):
        return Patient.objects.looking_like(full_name=full_name, born_on=born_on, email=email)

    assert alike("margaret  ELLIS", patient.born_on) == [patient]
    assert alike("Ellis Margaret", patient.born_on) == [patient]
    assert alike("Margaret Ellis", date(1962, 3, 15)) == []
    assert alike("Somebody Else", patient.born_on) == []
    assert alike("Somebody Else", date(1990, 1, 1), patient.email.upper()) == [patient]

"""Several requests in the same instant, each on a connection of its own."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from patients.models import Invitation, Note, Patient
from patients.records.invitations import invite
from tests.factories import people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clinician(transactional_db):
    return people.clinician(people.clinic(), "Rita", "Voss")


def all_at_once(ask, *arguments):
    def one(argument):
        try:
            return ask(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(one, arguments))


def test_many_guesses_of_a_birth_date_at_once_are_three(clinician):
    patient = people.patient(clinician.clinic, signs_in=False, email="")
    link = invite(patient=patient, by=clinician.user, address_of=lambda token: f"/welcome/{token}/")

    def guess(day):
        return Client().post(link, {"day": day, "month": "1", "year": "1962"}).status_code

    statuses = all_at_once(guess, *range(1, 9))

    assert sorted(statuses) == [410] * 6 + [422] * 2
    assert Invitation.objects.get().wrong_tries == 3


def test_invitation_accepted_twice_at_once_lets_one_in(clinician):
    patient = people.patient(clinician.clinic, signs_in=False, email="")
    link = invite(patient=patient, by=clinician.user, address_of=lambda token: f"/welcome/{token}/")
    born = {"day": "14", "month": "3", "year": "1962", "way": "password", "password": "three quiet otters"}

    statuses = all_at_once(
        lambda name: Client().post(link, born | {"email": f"{name}@home.example"}).status_code, "one", "two", "three"
    )

    assert sorted(statuses) == [302, 410, 410]


def test_patient_added_twice_at_once_is_one_patient(clinician):
    form = {"first_name": "Ada", "last_name": "Newman", "born_on": "1980-05-17", "time_zone": "UTC"}

    def add(client):
        return client.post("/clinic/patients/new/", form)["Location"]

    clients = [Client(), Client()]
    for client in clients:
        client.force_login(clinician.user)
    records = all_at_once(add, *clients)

    assert records == [f"/clinic/patients/{Patient.objects.get().uuid}/"] * 2


def test_note_sent_twice_at_once_is_one_note(clinician):
    patient = people.patient(clinician.clinic, lead=clinician)
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(clinician.user)

    all_at_once(
        lambda client: client.post(f"/clinic/patients/{patient.uuid}/notes/", {"note-text": "Better."}), *clients
    )

    assert Note.objects.count() == 1

import re

import pytest
from django.core.cache import cache

from patients.models import Patient
from tests.factories import people

BORN = {"day": "14", "month": "3", "year": "1962"}
PIN = "270581"
BY_PIN = BORN | {"way": "pin", "pin": PIN}


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def newcomer(spine_ina, clinician):
    """Without an e-mail address anywhere."""
    return people.patient(spine_ina, "Margaret", "Ellis", lead=clinician, signs_in=False, email="")


def link_for(client, patient, **more):
    """The address of the welcome page, as the clinician is shown it."""
    response = client.post(f"/clinic/patients/{patient.uuid}/invite/", more)
    assert response.status_code == 200
    return re.search(r"http://testserver(/welcome/[\w-]+/)", response.content.decode())[1]


@pytest.fixture
def link(clinician_client, newcomer):
    return link_for(clinician_client, newcomer)


def now(patient):
    return Patient.objects.select_related("user").get(pk=patient.pk)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def code_in(message):
    return re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", message.body, re.MULTILINE)[1]


def asked(client):
    """What the sign-in page's PIN form carries; empty where it asks for no PIN."""
    found = re.search(r'name="asked" value="([^"]+)"', client.get("/accounts/login/").content.decode())
    return found[1] if found else ""


def sign_in_by_pin(client, pin=PIN, **more):
    return client.post("/sign-in/pin/", {"asked": asked(client), "pin": pin} | more)


@pytest.fixture
def device(link, client):
    """The client of a patient who set up a PIN and signed out."""
    client.post(link, BY_PIN)
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    return client

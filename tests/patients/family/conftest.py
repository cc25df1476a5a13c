import re

import pytest

from patients.models import FamilyAccess
from tests.conftest import signed_in
from tests.factories import catalogue, people, plans

BORN = {"day": "14", "month": "3", "year": "1962"}
PIN = "270581"
BY_PIN = BORN | {"way": "pin", "pin": PIN}
GIVEN = {"name": "Dora Ellis", "relation": "daughter", "level": "help", "term": "3"}
BY_CLINIC = GIVEN | {"channel": "spoken", "agreed_on": "2020-03-01", "agreed": "1"}


def link_in(response):
    assert response.status_code == 200, response.content.decode()
    return re.search(r"http://testserver(/helping/welcome/[\w-]+/)", response.content.decode())[1]


def give(client, **more):
    return link_in(client.post("/family/give/", GIVEN | more))


@pytest.fixture
def link(patient_client):
    return give(patient_client)


POSE = "view side\nstart stand\npose\npose\n  arm {} 0\n"


@pytest.fixture
def plan(patient, clinician):
    """Two exercises with figures."""
    drawn = [catalogue.exercise(slug, pose=POSE.format(60 + n)) for n, slug in enumerate(("bridge", "plank"))]
    return plans.published(patient, by=clinician.user, exercises=drawn)


class Helper:
    """Somebody who helps `access.patient`, on a device of their own."""

    def __init__(self, access):
        self.access, self.client = access, signed_in(access.helper)

    def below(self, path):
        return f"/helping/{self.access.uuid}{path}"

    def get(self, path, **more):
        return self.client.get(self.below(path), **more)

    def post(self, path, data, **more):
        return self.client.post(self.below(path), data, **more)

    def tick(self, line, what="1.all.1", **more):
        data = {"day": self.access.patient.local_day().isoformat(), "tick": f"{line.uuid}.{what}"}
        return self.post("/today/check/", data, **more)


@pytest.fixture
def dora(patient, plan):
    return Helper(people.helper(patient, "help", by=patient.user))


@pytest.fixture
def looker(patient, plan):
    return Helper(people.helper(patient, "look", by=patient.user))


def only():
    return FamilyAccess.objects.select_related("patient__clinic").get()

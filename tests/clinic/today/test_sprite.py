"""The file that holds a plan's small figures, and the cards that point into it."""

import re
from datetime import timedelta

import pytest

from clinic.prescriptions.models import PrescribedExercise, Prescription
from tests.factories import plans

pytestmark = pytest.mark.django_db
POSE = "view side\nstart stand\npose\npose\n  arm {} 0\n"
ADDRESS = re.compile(r'<use href="(/today/figures/[0-9a-f]{16}\.svg)#(f[0-9a-f]{8})"/>')


@pytest.fixture
def drawn(plan):
    for n, line in enumerate((plan.bridge, plan.plank)):
        told = line.told | {"pose": POSE.format(60 + n)}
        PrescribedExercise.objects.filter(pk=line.pk).update(told=told)  # as published: lines never change
    return plan


def test_cards_point_into_one_file_that_the_device_keeps(drawn, patient_client):
    page = patient_client.get("/today/").content.decode()
    found = ADDRESS.findall(page)
    file = patient_client.get(found[0][0])

    assert len(found) == 2 and len({address for address, _ in found}) == 1
    assert file["Content-Type"] == "image/svg+xml"
    assert file["Cache-Control"] == "private, max-age=31536000, immutable"
    for _, symbol in found:
        assert f'<symbol id="{symbol}"' in file.content.decode()
    assert "class=" not in file.content.decode()
    assert "@@" not in page


def test_told_without_a_pose_keeps_the_card(drawn, patient_client):
    page = patient_client.get("/today/").content.decode()

    assert page.count("figcard") == 2  # the bird dog and the micro-break


def test_earlier_day_has_its_file_too(drawn, patient_client):
    Prescription.objects.update(starts_on=drawn.day - timedelta(days=9))
    page = patient_client.get(f"/today/{drawn.day - timedelta(days=7)}/").content.decode()

    assert patient_client.get(ADDRESS.findall(page)[0][0]).status_code == 200


def test_file_of_another_plan_is_not_found(drawn, patient_client, clinician_client, client):
    address = "/today/figures/0123456789abcdef.svg"

    assert patient_client.get(address).status_code == 404
    assert clinician_client.get(address).status_code == 403
    assert client.get(address).status_code == 302
    assert patient_client.post(address).status_code == 405


def test_published_plan_keeps_the_figure_as_it_was(patient, clinician, exercises):
    bridge = exercises["bridge"]
    bridge.pose = POSE.format(80)
    bridge.save()
    made = plans.published(patient, by=clinician.user, lines=[plans.Line(bridge, "3 x 10 5s")])
    bridge.pose = POSE.format(20)
    bridge.save()

    assert made.lines.get().told["pose"] == POSE.format(80)

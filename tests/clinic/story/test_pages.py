"""The pages of a story: what they show and to whom, and at what cost."""

from uuid import uuid4

import pytest

from patients.models import AuditEvent

pytestmark = pytest.mark.django_db
PAGES = ["", "two-days/", "summary/", "summary.pdf", "note/"]


def url(patient, page=""):
    return f"/clinic/patients/{patient.uuid}/story/{page}"


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_page_opens_for_a_record_with_nothing_in_it(page, in_may, clinician_client, patient):
    assert clinician_client.get(url(patient, page)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_record_of_another_clinic_does_not_exist(page, foreign_clinician_client, clinician_client, patient):
    assert foreign_clinician_client.get(url(patient, page)).status_code == 404
    assert clinician_client.get(f"/clinic/patients/{uuid4()}/story/{page}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_every_look_leaves_an_audit_line(page, in_may, clinician_client, patient):
    clinician_client.get(url(patient, page))

    line = AuditEvent.objects.get(patient=str(patient.uuid), action__in=["record.viewed", "summary.printed"])
    assert line.detail == ({} if page == "summary.pdf" else {"part": line.detail["part"]})

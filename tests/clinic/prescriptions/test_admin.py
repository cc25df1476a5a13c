import pytest
from django.urls import reverse

from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.models import Protocol, ProtocolLine
from tests.factories.catalogue import VOUCHED_FOR


@pytest.fixture
def protocol(bridge):
    made = Protocol.objects.create(review_by=VOUCHED_FOR, slug="hips", name="Hips")
    ProtocolLine.objects.create(protocol=made, phase="main", position=0, exercise=bridge, dosage=parse("3x10"))
    return made


def form(protocol, dose):
    line = protocol.lines.get()
    return {
        "name": "Strong hips",
        "slug": protocol.slug,
        "lines-TOTAL_FORMS": 1,
        "lines-INITIAL_FORMS": 1,
        "lines-0-id": line.pk,
        "lines-0-protocol": protocol.pk,
        "lines-0-stage": 1,
        "lines-0-phase": "main",
        "lines-0-position": 0,
        "lines-0-exercise": line.exercise_id,
        "lines-0-dose": dose,
        "lines-0-importance": "2",
    }


def test_line_is_edited_in_shorthand(protocol, admin_client):
    url = reverse("admin:clinic_protocol_change", args=[protocol.pk])
    page = admin_client.get(url).content.decode()

    response = admin_client.post(url, form(protocol, "2x12 5s hold 60s rest"))

    protocol.refresh_from_db()
    assert 'value="3 x 10"' in page
    assert response.status_code == 302
    assert (protocol.name, protocol.lines.get().dosage) == ("Strong hips", parse("2x12 5s hold 60s rest"))


def test_dose_that_is_not_understood_is_told_at_the_line(protocol, admin_client):
    url = reverse("admin:clinic_protocol_change", args=[protocol.pk])

    page = admin_client.post(url, form(protocol, "a bit")).content.decode()

    assert "&quot;a&quot; was not understood." in page
    assert protocol.lines.get().dosage == parse("3x10")


def test_protocols_are_retired_and_never_deleted(protocol, admin_client):
    data = {"action": "retire", "_selected_action": [protocol.pk]}

    admin_client.post(reverse("admin:clinic_protocol_changelist"), data)
    refused = admin_client.post(reverse("admin:clinic_protocol_delete", args=[protocol.pk]), {"post": "yes"})

    assert refused.status_code == 403
    assert not Protocol.objects.current().exists()


def test_clinicians_do_not_reach_it(protocol, clinician_client):
    response = clinician_client.get(reverse("admin:clinic_protocol_changelist"))

    assert response.status_code in (302, 403)


def test_doctored_count_of_lines_has_no_more_than_a_hundred_drawn(protocol, admin_client):
    data = form(protocol, "") | {"lines-TOTAL_FORMS": "1" + 30 * "0"}

    response = admin_client.post(reverse("admin:clinic_protocol_change", args=[protocol.pk]), data)

    assert response.status_code == 200
    assert len(response.context["inline_admin_formsets"][0].formset.forms) == 100

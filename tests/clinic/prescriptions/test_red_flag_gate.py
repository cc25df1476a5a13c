"""No way of sending a plan gets past the red-flag check: builder, protocol, revision, copy, resume, a direct POST."""

from datetime import timedelta

import pytest
from django.contrib import admin

from clinic.prescriptions.actions import NotReady, end, pause, publish, resume, revise, start_draft
from clinic.prescriptions.models import Prescription, Protocol, ProtocolLine
from patients.models import Clearance, Patient, Screening
from patients.records.actions import discharge, reopen
from patients.screening.actions import record_clearance
from tests.factories import checks, plans
from tests.factories.catalogue import VOUCHED_FOR

pytestmark = pytest.mark.django_db
NOTE = "Examined today, no signs."


@pytest.fixture
def live(patient, clinician, bridge):
    return plans.published(patient, by=clinician.user, exercises=[bridge])


@pytest.fixture
def protocol(bridge, draft):
    made = Protocol.objects.create(review_by=VOUCHED_FOR, slug="own", name="Own")
    ProtocolLine.objects.create(
        protocol=made, exercise=bridge, phase="main", position=0, dosage=draft.lines.first().dosage
    )
    return made


def flag_c(patient):
    checks.flagged(patient, RF20="yes")


def flag_a(patient):
    checks.flagged(patient, RF02="yes")


def expire(patient):
    Patient.objects.update(checked_on=patient.local_day() - timedelta(days=29))


def never(patient):
    Patient.objects.update(checked_on=None)


@pytest.mark.parametrize("why", [flag_c, flag_a, expire, never])
def test_builders_draft_does_not_go_live(why, draft, patient, clinician):
    why(patient)

    with pytest.raises(NotReady) as refusal:
        publish(draft=draft, by=clinician.user)

    assert ["red-flag check" in words for words in refusal.value.obstacles] == [True]
    assert Prescription.objects.published().count() == 0


def test_plan_of_a_protocol_does_not_go_live(protocol, draft, patient, clinician):
    draft.delete()
    flag_c(patient)

    with pytest.raises(NotReady):
        publish(draft=start_draft(patient=patient, by=clinician.user, protocol=protocol), by=clinician.user)


def test_revision_does_not_go_live_and_the_old_version_stays(live, patient, clinician):
    flag_c(patient)

    with pytest.raises(NotReady):
        publish(draft=revise(prescription=live, by=clinician.user), by=clinician.user)

    assert list(Prescription.objects.live()) == [live]


def test_copy_of_the_last_plan_does_not_go_live(live, patient, clinician):
    end(prescription=live, by=clinician.user, reason="Done")
    flag_c(patient)

    with pytest.raises(NotReady):
        publish(draft=start_draft(patient=patient, by=clinician.user, from_last=True), by=clinician.user)


@pytest.mark.parametrize("values", [{}, {"confirmed": "1"}, {"confirmed": "1", "note_to_patient": "Go."}])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_direct_post_sends_nothing(values, headers, draft, patient, clinician_client):
    flag_c(patient)
    path = f"/clinic/prescriptions/{draft.uuid}/publish/"

    response = clinician_client.post(path, {"edit": draft.edit, **values}, headers=headers)

    assert response.get("Location", response.get("HX-Redirect")) == path
    assert Prescription.objects.published().count() == 0


def test_paused_plan_is_not_resumed_while_a_flag_stops_the_program(live, patient, clinician, clinician_client):
    pause(prescription=live, by=clinician.user, reason="Away")
    flag_a(patient)

    with pytest.raises(NotReady):
        resume(prescription=live, by=clinician.user)

    page = clinician_client.post(f"/clinic/prescriptions/{live.uuid}/resume/", follow=True).content.decode()
    assert "Not resumed." in page
    assert live.pauses.get().until_day is None


def test_discharge_and_reopening_show_no_plan_to_a_stopped_patient(live, patient, clinician, patient_client):
    flag_a(patient)
    discharge(patient=patient, by=clinician.user)
    reopen(patient=patient, by=clinician.user)

    assert patient_client.get("/today/").status_code == 403


def test_reopened_patient_answers_the_whole_check_first(live, patient, clinician, patient_client):
    discharge(patient=patient, by=clinician.user)
    reopen(patient=patient, by=clinician.user)

    page = patient_client.get("/today/").content.decode()
    assert "A few health questions first" in page
    assert "Bridge" not in page


@pytest.mark.parametrize("model", [Prescription, Screening, Clearance, Patient])
def test_admin_edits_none_of_it(model):
    assert not admin.site.is_registered(model)


def test_all_no_does_not_open_the_gate_and_clearance_does(draft, patient, clinician):
    screening = checks.flagged(patient, RF13="yes")
    checks.flagged(patient)
    with pytest.raises(NotReady):
        publish(draft=draft, by=clinician.user)

    record_clearance(screening=screening, by=clinician.user, cleared=True, note=NOTE)

    assert publish(draft=draft, by=clinician.user).is_live


def test_publish_page_says_what_is_missing_and_leads_to_the_check(draft, patient, clinician_client):
    never(patient)

    page = clinician_client.get(f"/clinic/prescriptions/{draft.uuid}/publish/").content.decode()

    assert "Not ready to send" in page
    assert "has not been filled in" in page
    assert f"/clinic/patients/{patient.uuid}/checks/?draft={draft.uuid}" in page
    assert "note_to_patient" not in page

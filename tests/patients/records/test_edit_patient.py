import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from patients.models import AuditEvent, Patient
from patients.records.forms import PatientForm


def url(patient):
    return f"/clinic/patients/{patient.uuid}/edit/"


def fields_of(response):
    """What a browser would send of the form on the page."""
    form = response.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def now(patient):
    return Patient.objects.get(pk=patient.pk)


def test_patient_edit_saves_and_says_who_and_when(clinician_client, clinician, patient):
    fields = fields_of(clinician_client.get(url(patient)))

    with time_machine.travel(datetime(2026, 5, 6, 9, 30, tzinfo=UTC), tick=False):
        clinician_client.force_login(clinician.user)
        response = clinician_client.post(url(patient), fields | {"phone": "+44 1", "known_as": "Peggy"})

    saved = now(patient)
    assert (response.status_code, response["Location"]) == (302, f"/clinic/patients/{patient.uuid}/")
    assert (saved.phone, saved.known_as, saved.edit) == ("+44 1", "Peggy", 1)
    assert (saved.edited_by, saved.edited_at) == (clinician.user, datetime(2026, 5, 6, 9, 30, tzinfo=UTC))
    line = AuditEvent.objects.get(action="patient.edited")
    assert line.detail == {"fields": ["known_as", "phone"]}


def test_patient_edit_without_a_change_leaves_no_trace(clinician_client, patient):
    fields = fields_of(clinician_client.get(url(patient)))

    assert clinician_client.post(url(patient), fields).status_code == 302
    assert now(patient).edit == 0
    assert not AuditEvent.objects.filter(action="patient.edited").exists()


def test_patient_edit_sent_twice_counts_one_edit(clinician_client, patient):
    fields = fields_of(clinician_client.get(url(patient))) | {"phone": "+44 1"}

    assert [clinician_client.post(url(patient), fields).status_code for _ in range(2)] == [302, 302]
    assert now(patient).edit == 1


def test_patient_edit_shows_the_second_what_the_first_saved(clinician_client, colleague_client, clinician, patient):
    mine, theirs = (fields_of(client.get(url(patient))) for client in (colleague_client, clinician_client))
    clinician_client.post(url(patient), theirs | {"phone": "+44 111", "known_as": "Peggy"})

    response = colleague_client.post(url(patient), mine | {"phone": "+44 222", "problem": "sciatica"})

    form = response.context["form"]
    page = response.content.decode()
    assert response.status_code == 409
    assert "Changed by Rita Voss just now" in page
    assert form.errors == {"phone": ["Rita Voss saved: +44 111. You wrote: +44 222."]}
    assert form["phone"].value() == "+44 222"
    assert form["problem"].value() == "sciatica"
    assert form["known_as"].value() == "Peggy"
    assert form.fields["known_as"].help_text == "Now as Rita Voss saved it. Before: nothing here."
    assert now(patient).phone == "+44 111"


def test_patient_edit_says_how_long_ago_a_colleague_saved(clinician_client, colleague_client, patient):
    mine, theirs = (fields_of(client.get(url(patient))) for client in (colleague_client, clinician_client))
    clinician_client.post(url(patient), theirs | {"phone": "+44 111"})
    Patient.objects.update(edited_at=timezone.now() - timedelta(minutes=2))

    response = colleague_client.post(url(patient), mine | {"phone": "+44 222"})

    assert "Changed by Rita Voss 2\xa0minutes ago" in response.content.decode()


def test_patient_edit_saves_mine_on_top_once_theirs_was_seen(clinician_client, colleague_client, patient):
    mine, theirs = (fields_of(client.get(url(patient))) for client in (colleague_client, clinician_client))
    clinician_client.post(url(patient), theirs | {"phone": "+44 111", "known_as": "Peggy"})
    seen = fields_of(colleague_client.post(url(patient), mine | {"phone": "+44 222"}))

    response = colleague_client.post(url(patient), seen)

    saved = now(patient)
    assert response.status_code == 302
    assert (saved.phone, saved.known_as, saved.edit) == ("+44 222", "Peggy", 2)


def test_patient_edit_warns_again_when_it_moved_on_again(clinician_client, colleague_client, patient):
    mine, theirs = (fields_of(client.get(url(patient))) for client in (colleague_client, clinician_client))
    clinician_client.post(url(patient), theirs | {"phone": "+44 111"})
    seen = fields_of(colleague_client.post(url(patient), mine | {"phone": "+44 222"}))
    clinician_client.post(url(patient), fields_of(clinician_client.get(url(patient))) | {"phone": "+44 333"})

    response = colleague_client.post(url(patient), seen)

    assert response.status_code == 409
    assert response.context["form"].errors == {"phone": ["Rita Voss saved: +44 333. You wrote: +44 222."]}
    assert now(patient).phone == "+44 333"


def test_patient_edit_puts_changes_of_different_fields_together(clinician_client, colleague_client, patient):
    mine, theirs = (fields_of(client.get(url(patient))) for client in (colleague_client, clinician_client))
    clinician_client.post(url(patient), theirs | {"phone": "+44 111"})

    response = colleague_client.post(url(patient), mine | {"problem": "sciatica"})
    assert response.status_code == 409
    assert response.context["form"].errors == {}
    assert "Both changes are filled in below" in response.content.decode()

    colleague_client.post(url(patient), fields_of(response))
    assert (now(patient).phone, now(patient).problem) == ("+44 111", "sciatica")


@pytest.mark.parametrize("was", ["", "no json", "[]", "[" * 20_000, json.dumps({"phone": ["x"]}), "x" * 19_000])
def test_patient_edit_treats_an_altered_memory_as_none(clinician_client, colleague_client, patient, was):
    mine, theirs = (fields_of(client.get(url(patient))) for client in (colleague_client, clinician_client))
    clinician_client.post(url(patient), theirs | {"phone": "+44 111"})

    response = colleague_client.post(url(patient), mine | {"phone": "+44 222", "was": was})

    assert response.status_code == 409
    assert response.context["form"]["phone"].value() == "+44 222"
    assert now(patient).phone == "+44 111"


@pytest.mark.parametrize("edit", ["", "-1", "NaN", "1e309", "9" * 5000, "１"])
def test_patient_edit_refuses_a_doctored_count(clinician_client, patient, edit):
    fields = fields_of(clinician_client.get(url(patient))) | {"phone": "+44 1", "edit": edit}

    assert clinician_client.post(url(patient), fields).status_code in (409, 422)
    assert now(patient).phone == patient.phone


def test_patient_edit_keeps_the_typing_when_a_field_is_wrong(clinician_client, patient):
    fields = fields_of(clinician_client.get(url(patient))) | {"born_on": "1962-02-30", "problem": "sciatica"}

    response = clinician_client.post(url(patient), fields)

    assert response.status_code == 422
    assert response.context["form"].errors == {"born_on": ["Enter a valid date."]}
    assert 'value="sciatica"' in response.content.decode()


def test_patient_edit_shows_hostile_text_as_text(clinician_client, patient):
    fields = fields_of(clinician_client.get(url(patient)))
    clinician_client.post(url(patient), fields | {"known_as": '"><script>alert(1)</script>'})

    page = clinician_client.get(url(patient)).content.decode()

    assert "<script>alert" not in page


def test_patient_edit_of_another_clinics_patient_does_not_exist(foreign_clinician_client, patient):
    fields = {"phone": "+44 666", "edit": 0}

    assert foreign_clinician_client.get(url(patient)).status_code == 404
    assert foreign_clinician_client.post(url(patient), fields).status_code == 404
    assert now(patient).phone == patient.phone


def test_patient_edit_of_a_clinic_that_does_not_share_is_for_the_care_team(colleague_client, spine_ina, patient):
    assert colleague_client.get(url(patient)).status_code == 200

    spine_ina.shares_records = False
    spine_ina.save()

    assert colleague_client.get(url(patient)).status_code == 404


def test_patient_edit_is_noted_when_it_is_opened(clinician_client, clinician, patient):
    clinician_client.get(url(patient))

    line = AuditEvent.objects.get(action="record.viewed")
    assert (line.actor, line.patient, line.detail) == (
        str(clinician.user.pk), str(patient.uuid), {"part": "edit form"},
    )  # fmt: skip


def test_patient_edit_does_not_move_the_patient_to_another_clinic(clinician_client, patient, other_clinic):
    fields = fields_of(clinician_client.get(url(patient)))

    clinician_client.post(
        url(patient), fields | {"clinic": other_clinic.pk, "user": "", "discharged_at": "2020-01-01"}
    )

    saved = now(patient)
    assert (saved.clinic, saved.user, saved.discharged_at) == (patient.clinic, patient.user, None)


def test_discharge_and_reopening_name_who_did_it(clinician_client, clinician, patient):
    clinician_client.post(f"/clinic/patients/{patient.uuid}/discharge/")
    clinician_client.post(f"/clinic/patients/{patient.uuid}/discharge/")

    gone = now(patient)
    assert gone.discharged_by == clinician.user
    assert AuditEvent.objects.filter(action="patient.discharged").count() == 1

    clinician_client.post(f"/clinic/patients/{patient.uuid}/reopen/")
    assert (now(patient).discharged_at, now(patient).discharged_by) == (None, None)


@pytest.mark.parametrize("what", ["discharge", "reopen"])
def test_discharge_is_refused_to_others_and_by_get(what, clinician_client, foreign_clinician_client, patient):
    address = f"/clinic/patients/{patient.uuid}/{what}/"

    assert clinician_client.get(address).status_code == 405
    assert foreign_clinician_client.post(address).status_code == 404
    assert now(patient).discharged_at is None


@pytest.mark.parametrize(("kept", "shown"), [("Pacific/Auckland", ["Pacific/Auckland"]), ('"><script>', [])])
def test_time_zone_on_record_is_the_one_chosen_in_the_list(kept, shown):
    select = str(PatientForm(initial={"time_zone": kept})["time_zone"])

    assert re.findall('<option value="([^"]*)" selected>', select) == shown
    assert "<script>" not in select

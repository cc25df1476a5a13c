from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.models import Prescription, Proposal
from clinic.prescriptions.actions import publish, revise
from clinic.prescriptions.dosage_parse import parse
from patients.models import AuditEvent
from tests.clinic.progression.conftest import NOON
from tests.factories import catalogue, checks, people, plans

HTMX = {"HX-Request": "true"}


def proposed(plan, position=0, dosage="3 x 12", rule="PROG-3", **change):
    line = plan.lines.get(position=position)
    return Proposal.objects.create(
        patient=plan.patient, prescription=plan, thread=line.thread, rule=rule, made_at=NOON,
        change={"dosage": parse(dosage).to_dict()} | change, evidence="6 of 6 sessions done <b>",
    )  # fmt: skip


@pytest.fixture
def plan(patient, clinician):
    exercises = [catalogue.exercise("bridge"), catalogue.exercise("plank")]
    return plans.published(patient, by=clinician.user, exercises=exercises)


@pytest.fixture
def first(plan):
    return proposed(plan)


@pytest.fixture
def second(plan):
    return proposed(plan, 1, "4 x 10")


def accept_url(patient):
    return reverse("proposals_accept", args=[patient.uuid])


def url(name, proposal):
    return reverse(name, args=[proposal.uuid])


def test_the_page_shows_each_with_its_evidence_and_rule(clinician_client, clinician, first):
    page = clinician_client.get(reverse("proposals"))

    text = page.content.decode()
    for part in ("Margaret Ellis", "Bridge", "3 × 10", "3 × 12", "PROG-3", "6 of 6 sessions done &lt;b&gt;"):
        assert part in text
    line = AuditEvent.objects.get(action="proposals.viewed")
    assert (line.actor, line.detail) == (str(clinician.user.pk), {"patients": 1})


def test_the_record_shows_them(clinician_client, patient, first):
    page = clinician_client.get(reverse("patient_record", args=[patient.uuid]))

    assert [row.title for row in page.context["group"].rows] == ["Bridge"]
    assert "Proposed changes" in page.content.decode()


def test_a_record_without_any_says_nothing_of_them(clinician_client, patient, plan):
    page = clinician_client.get(reverse("patient_record", args=[patient.uuid]))

    assert "Proposed changes" not in page.content.decode()


def test_the_page_holds_the_clinicians_own_patients_unless_asked_for_all(
    clinician_client, colleague_client, foreign_clinician_client, first
):
    assert "Margaret" in clinician_client.get(reverse("proposals")).content.decode()
    assert "Margaret" not in colleague_client.get(reverse("proposals")).content.decode()
    assert "Margaret" in colleague_client.get(reverse("proposals") + "?who=all").content.decode()
    assert "Margaret" not in foreign_clinician_client.get(reverse("proposals") + "?who=all").content.decode()


def test_accepting_one_sends_it(clinician_client, patient, first, second):
    data = {"only": str(first.uuid), "proposal": [str(second.uuid)], "back": "record"}

    response = clinician_client.post(accept_url(patient), data, follow=True)

    live = Prescription.objects.live().get()
    assert [line.dosage.reps for line in live.lines.all()] == [12, 10]
    assert response.redirect_chain[0][0] == f"/clinic/patients/{patient.uuid}/#proposals-{patient.uuid}"
    assert "Sent as version 2. Margaret sees it from Wednesday, 18 November." in response.content.decode()


def test_accepting_the_ticked_ones_sends_one_version(clinician_client, patient, first, second):
    data = {"proposal": [str(first.uuid), str(second.uuid)], "back": "proposals"}

    assert clinician_client.post(accept_url(patient), data)["Location"] == reverse("proposals")
    assert [(line.dosage.sets, line.dosage.reps) for line in Prescription.objects.live().get().lines.all()] == [
        (3, 12), (4, 10),
    ]  # fmt: skip


def test_accepting_none_says_so(clinician_client, patient, first, second):
    response = clinician_client.post(accept_url(patient), {"back": "record"})

    assert (response.status_code, "Tick at least one." in response.content.decode()) == (422, True)


def test_what_has_to_be_confirmed_is_asked_for_at_its_field(clinician_client, patient, plan, second):
    first = proposed(plan, sign_off=True)
    data = {"proposal": [str(first.uuid), str(second.uuid)]}

    response = clinician_client.post(accept_url(patient), data)

    rows = response.context["groups"][0].rows
    assert response.status_code == 422
    assert [(row.not_confirmed, row.uuid in response.context["groups"][0].chosen) for row in rows] == [
        (False, True), (True, True),
    ]  # fmt: skip
    assert clinician_client.post(accept_url(patient), data | {"confirm": str(first.uuid)}).status_code == 302
    assert Prescription.objects.live().get().version == 2


def test_a_new_screen_is_asked_for(clinician_client, patient, plan):
    checks.clear(patient, days_ago=40)
    gap = Proposal.objects.create(
        patient=patient, prescription=plan, rule="PROG-9", change={"volume": 0.6, "screen": True}, evidence="Away.",
        made_at=NOON,
    )  # fmt: skip

    response = clinician_client.post(accept_url(patient), {"only": str(gap.uuid)})

    assert (response.status_code, "new red-flag screen" in response.content.decode()) == (422, True)


def test_with_a_draft_it_goes_there(clinician_client, clinician, patient, plan, first):
    draft = revise(prescription=plan, by=clinician.user)

    response = clinician_client.post(accept_url(patient), {"only": str(first.uuid)})

    assert response["Location"] == reverse("prescription_edit", args=[draft.uuid])
    assert draft.lines.first().dosage.reps == 12


@pytest.mark.parametrize("htmx", [False, True])
def test_move_to_an_exercise_that_nobody_vouches_for_is_refused_in_words(clinician_client, patient, plan, htmx):
    catalogue.exercise("march", review_by=None)
    move = proposed(plan, exercise="march")
    headers = {"HX-Request": "true"} if htmx else {}

    for at, data in ((accept_url(patient), {"only": str(move.uuid)}), (url("proposal_change", move), {})):
        response = clinician_client.post(at, data, headers=headers)

        assert response.status_code == 422
        assert "March cannot be prescribed." in response.content.decode()
    move.refresh_from_db()
    assert move.state == Proposal.OPEN
    assert Prescription.objects.get() == plan


def test_accepting_what_somebody_decided_meanwhile_is_said(clinician_client, patient, first):
    Proposal.objects.update(state="overtaken")

    response = clinician_client.post(accept_url(patient), {"only": str(first.uuid)}, follow=True)

    assert "Somebody decided on this meanwhile" in response.content.decode()
    assert Prescription.objects.live().get().version == 1


def test_a_newer_version_takes_proposals_of_the_older_off_the_pages(
    clinician_client, clinician, patient, plan, first
):
    pages = reverse("proposals"), reverse("patient_record", args=[patient.uuid])
    assert all("6 of 6 sessions done" in clinician_client.get(page).content.decode() for page in pages)

    publish(draft=revise(prescription=plan, by=clinician.user), by=clinician.user)

    assert not any("6 of 6 sessions done" in clinician_client.get(page).content.decode() for page in pages)


def test_changing_opens_the_builder(clinician_client, patient, first):
    response = clinician_client.post(url("proposal_change", first), {"back": "record"})

    draft = Prescription.objects.drafts().get()
    assert response["Location"] == reverse("prescription_edit", args=[draft.uuid])
    again = clinician_client.post(url("proposal_change", first), {"back": "record"})
    assert again["Location"].startswith(reverse("patient_record", args=[patient.uuid]))


def test_declining_needs_a_reason_and_keeps_what_was_typed(clinician_client, first):
    response = clinician_client.post(url("proposal_decline", first), {"reason": "x" * 301}, headers=HTMX)

    text = response.content.decode()
    assert response.status_code == 422
    assert "x" * 301 in text and "<html" not in text
    assert clinician_client.post(url("proposal_decline", first), {"reason": " "}).status_code == 422
    assert Proposal.objects.open().count() == 1


def test_declining_by_htmx_answers_with_what_is_left(clinician_client, first, second):
    response = clinician_client.post(
        url("proposal_decline", first), {"reason": "Shoulder first", "back": "record"}, headers=HTMX
    )

    assert [row.title for row in response.context["group"].rows] == ["Plank"]
    assert response["HX-Trigger"] == '{"announce": {"value": "Declined."}}'
    first.refresh_from_db()
    assert (first.state, first.reason) == ("declined", "Shoulder first")


def test_declining_by_a_plain_form_leads_back(clinician_client, patient, first):
    response = clinician_client.post(url("proposal_decline", first), {"reason": "Later", "back": "record"})

    assert response["Location"].startswith(reverse("patient_record", args=[patient.uuid]))


@pytest.mark.parametrize("name", ["proposal_change", "proposal_decline"])
def test_another_clinics_proposal_does_not_exist(foreign_clinician_client, clinician_client, first, name):
    assert foreign_clinician_client.post(url(name, first), {"reason": "No"}).status_code == 404
    assert clinician_client.post(reverse(name, args=[uuid4()]), {"reason": "No"}).status_code == 404
    assert clinician_client.get(url(name, first)).status_code == 405


def test_a_proposal_of_another_patient_is_not_accepted_here(clinician_client, clinician, other_patient, first):
    theirs = plans.published(other_patient, by=clinician.user, exercises=[catalogue.exercise("walk")])

    response = clinician_client.post(accept_url(other_patient), {"only": str(first.uuid)})

    assert response.status_code == 422
    assert Prescription.objects.live().get(patient=theirs.patient).version == 1


@pytest.mark.parametrize("data", [{"only": "x"}, {"proposal": "'"}, {"confirm": "1"}])
def test_ids_that_are_none_do_not_exist(clinician_client, patient, first, data):
    assert clinician_client.post(accept_url(patient), {"only": str(first.uuid)} | data).status_code == 404 or (
        "proposal" in data
    )


def test_patients_have_no_such_page(patient_client, first):
    assert patient_client.get(reverse("proposals")).status_code == 403
    assert patient_client.post(url("proposal_decline", first), {"reason": "No"}).status_code == 403


def test_the_page_costs_the_same_for_one_and_for_thirty(clinician_client, clinician, spine_ina, first):
    bridge = first.prescription.lines.first().exercise
    clinician_client.get(reverse("proposals"))
    with CaptureQueriesContext(connection) as few:
        clinician_client.get(reverse("proposals"))
    for n in range(29):
        who = people.patient(spine_ina, f"Person{n}", "Many", lead=clinician, signs_in=False)
        proposed(plans.published(who, by=clinician.user, exercises=[bridge]))
    with CaptureQueriesContext(connection) as many:
        page = clinician_client.get(reverse("proposals"))

    assert len(page.context["groups"]) == 30
    assert len(many) == len(few)


def test_the_record_costs_the_same_for_one_and_for_many(clinician_client, clinician, patient, first):
    address = reverse("patient_record", args=[patient.uuid])
    clinician_client.get(address)
    with CaptureQueriesContext(connection) as few:
        clinician_client.get(address)
    Proposal.objects.all().delete()
    more = [catalogue.exercise(f"more-{n}") for n in range(12)]
    plan = plans.revised(
        first.prescription, by=clinician.user, lines=[plans.Line(each) for each in more], on=date(2026, 11, 18)
    )
    for position in range(12):
        proposed(plan, position)
    with CaptureQueriesContext(connection) as many:
        clinician_client.get(address)

    assert len(many) == len(few)

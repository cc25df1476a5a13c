"""Nobody prescribes what nobody vouches for; what a plan has already stays."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from clinic.models import Protocol, ProtocolLine
from clinic.prescriptions.actions import NotReady, publish, revise, save_as_protocol
from clinic.prescriptions.condition_actions import add_condition
from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.drafting import (
    add_exercise,
    change_line,
    duplicate_line,
    remove_line,
    swap_line,
    undo,
)
from clinic.prescriptions.models import Prescription
from clinic.prescriptions.vouching import NotVouchedFor
from exercises.models import Exercise
from tests.clinic.prescriptions.conftest import names
from tests.factories import catalogue, plans
from tests.factories.catalogue import VOUCHED_FOR

HTMX = {"HX-Request": "true"}
YESTERDAY = date.today() - timedelta(days=1)


def ran_out(*exercises):
    for exercise in exercises:
        exercise.review_by = YESTERDAY
        exercise.save()


@pytest.fixture(params=[None, YESTERDAY], ids=["never reviewed", "ran out"])
def plank(request, db):
    return catalogue.exercise("plank", review_by=request.param, reviewed_on=None)


def test_what_nobody_vouches_for_gets_into_no_draft(draft, clinician, plank):
    with pytest.raises(NotVouchedFor, match="Plank cannot be prescribed"):
        add_exercise(draft=draft, exercise=plank, by=clinician.user)
    with pytest.raises(NotVouchedFor):
        swap_line(line=draft.lines.first(), exercise=plank, by=clinician.user)

    assert names(draft) == ["walking", "bridge", "bird-dog"]
    assert draft.steps.count() == 3


def test_builder_says_so_and_loses_nothing(draft, clinician_client, plank):
    url = reverse("line_add", args=[draft.uuid])
    for headers in ({}, HTMX):
        response = clinician_client.post(url, {"exercise": "plank", "edit": draft.edit}, headers=headers)

        page = response.content.decode()
        assert response.status_code == 422
        assert 'id="not-vouched"' in page
        assert "Plank cannot be prescribed." in page
        assert "bird-dog" in page
    assert names(draft) == ["walking", "bridge", "bird-dog"]


def test_library_still_finds_it_and_says_why_it_cannot_be_added(draft, clinician_client, plank):
    page = clinician_client.get(reverse("prescription_edit", args=[draft.uuid]) + "?q=plank").content.decode()

    card = page[page.index('data-slug="plank"') :]
    assert "Not to be prescribed" in card
    assert "disabled" in card[card.index('id="add-plank"') :].split(">")[0]


def test_what_the_plan_has_stays_and_can_be_changed(patient, clinician, bridge, bird_dog):
    live = plans.published(patient, by=clinician.user, exercises=[bridge, bird_dog])
    ran_out(bridge)
    draft = revise(prescription=live, by=clinician.user)
    line = draft.lines.select_related("exercise").get(exercise=bridge)
    line.prescription = draft

    change_line(line=line, by=clinician.user, dosage=parse("2 x 8"))
    duplicate_line(line=line, by=clinician.user)
    remove_line(line=line, by=clinician.user)
    undo(draft=draft, by=clinician.user)
    sent = publish(draft=draft, by=clinician.user)

    assert names(sent) == ["bridge", "bridge", "bird-dog"]


def test_what_the_plan_had_can_come_back_into_its_next_version(patient, clinician, bridge, bird_dog):
    live = plans.published(patient, by=clinician.user, exercises=[bridge, bird_dog])
    ran_out(bridge)
    draft = revise(prescription=live, by=clinician.user)
    remove_line(line=draft.lines.get(exercise=bridge), by=clinician.user)

    add_exercise(draft=draft, exercise=bridge, by=clinician.user)

    assert publish(draft=draft, by=clinician.user).is_live


def test_clinician_is_told_that_a_review_is_overdue(patient, clinician, clinician_client, bridge, bird_dog):
    live = plans.published(patient, by=clinician.user, exercises=[bridge, bird_dog])
    draft = revise(prescription=live, by=clinician.user)
    ran_out(bridge)

    page = clinician_client.get(reverse("prescription_edit", args=[draft.uuid])).content.decode()
    sheet = clinician_client.get(reverse("prescription", args=[live.uuid])).content.decode()

    assert page.count("Review overdue since") == 1
    assert sheet.count("Review overdue") == 1


def test_what_ran_out_in_a_draft_is_not_sent_when_it_is_new(draft, clinician, clinician_client, bridge):
    ran_out(bridge)

    with pytest.raises(NotReady, match="Bridge cannot be prescribed"):
        publish(draft=draft, by=clinician.user)
    page = clinician_client.get(reverse("prescription_publish", args=[draft.uuid])).content.decode()

    assert "Not ready to send" in page
    assert "Bridge cannot be prescribed." in page


@pytest.fixture
def protocol(bridge, bird_dog):
    made = Protocol.objects.create(slug="hips", name="Hips", review_by=VOUCHED_FOR)
    for stage, exercise in ((1, bridge), (2, bird_dog)):
        ProtocolLine.objects.create(
            protocol=made, stage=stage, phase="main", position=stage, exercise=exercise, dosage=parse("3x10")
        )
    return made


def start(client, patient, protocol, stage):
    return client.post(reverse("prescription_new", args=[patient.uuid]), {"start": f"{protocol.pk}/{stage}"})


def test_protocol_that_nobody_vouches_for_is_not_started(patient, clinician_client, protocol):
    Protocol.objects.update(review_by=None)

    page = clinician_client.get(reverse("prescription_new", args=[patient.uuid])).content.decode()
    response = start(clinician_client, patient, protocol, 1)

    assert "Not to be started." in page
    assert "disabled" in page
    assert response.status_code == 422
    assert "Hips cannot be prescribed." in response.content.decode()
    assert not Prescription.objects.exists()


def test_stage_with_an_exercise_that_ran_out_is_not_started_and_the_others_are(
    patient, clinician_client, protocol, bird_dog
):
    ran_out(bird_dog)

    page = clinician_client.get(reverse("prescription_new", args=[patient.uuid])).content.decode()

    assert "Nobody vouches for: Bird dog." in page
    assert start(clinician_client, patient, protocol, 2).status_code == 422
    assert start(clinician_client, patient, protocol, 1).status_code == 302
    assert names(Prescription.objects.get()) == ["bridge"]


def test_protocol_made_of_a_plan_is_vouched_for_by_who_made_it(draft, clinician):
    made = save_as_protocol(prescription=draft, name="My own", by=clinician.user)

    assert (made.author, made.reviewed_by) == ("Rita Voss", "Rita Voss")
    assert made.review_by > date.today()
    assert made.lose_review() == []


def test_only_what_is_vouched_for_stands_in_for_a_blocked_exercise(patient, clinician, clinician_client, draft):
    tag = catalogue.exercise("jump").tags.create(slug="impact", name="Impact", meaning="jolts")
    assert tag.exercises.get().slug == "jump"
    add_condition(patient=patient, by=clinician.user, code="osteoporosis")
    url = reverse("prescription_edit", args=[draft.uuid]) + "?q=jump"
    catalogue.exercise("hop", level=1)

    assert 'value="hop"' in clinician_client.get(url).content.decode()

    Exercise.objects.get(slug="hop").delete()
    catalogue.exercise("hop", level=1, review_by=YESTERDAY)
    assert 'value="hop"' not in clinician_client.get(url).content.decode().split('id="add-jump"')[0]

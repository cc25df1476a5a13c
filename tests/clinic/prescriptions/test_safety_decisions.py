"""Decisions on what conditions speak against, and that no path to the patient avoids them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.prescriptions.actions import NotReady, publish, revise, start_draft
from clinic.prescriptions.condition_actions import add_condition, end_condition
from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.drafting import add_exercise, change_line, duplicate_line, swap_line, undo
from clinic.prescriptions.models import Prescription, Protocol, ProtocolLine, SafetyDecision
from clinic.prescriptions.safety_actions import NoReason, NothingToDecide, acknowledge, acknowledge_all, override
from exercises.models import MovementTag
from patients.models import AuditEvent, PatientCondition
from tests.clinic.prescriptions.conftest import names
from tests.factories import catalogue, plans
from tests.factories.catalogue import VOUCHED_FOR

HTMX = {"HX-Request": "true"}
BLOCKED = "Curl up. Osteoporosis: blocks loaded flexion. Swap it, or keep it with a reason."
CAUTIONED = "Twist. Osteoporosis: caution with rotation. Say that you have seen it."


def tagged(slug, *tags, **fields):
    made = catalogue.exercise(slug, **fields)
    made.tags.set([MovementTag.objects.get_or_create(slug=tag, defaults={"name": tag})[0] for tag in tags])
    made.save()
    return made


@pytest.fixture
def curl_up(db):
    return tagged("curl-up", "loaded-flexion", "supine")


@pytest.fixture
def twist(db):
    return tagged("twist", "rotation", level=1)


@pytest.fixture
def osteoporosis(patient, clinician):
    return add_condition(patient=patient, by=clinician.user, code="osteoporosis")


@pytest.fixture
def both(patient, clinician, osteoporosis, curl_up, twist, bridge):
    """A draft with a blocked, a cautioned and a harmless exercise."""
    made = start_draft(patient=patient, by=clinician.user)
    for exercise in (bridge, curl_up, twist):
        add_exercise(draft=made, exercise=exercise, by=clinician.user)
    return made


def line_of(draft, slug):
    return draft.lines.select_related("exercise").get(exercise__slug=slug)


def address(name, draft, slug=None):
    return reverse(name, args=[draft.uuid, line_of(draft, slug).uuid] if slug else [draft.uuid])


def refused(draft, by):
    with pytest.raises(NotReady) as error:
        publish(draft=draft, by=by)
    return error.value.obstacles


def settle(patient, by, curl_up, twist):
    override(patient=patient, exercise=curl_up, because=["osteoporosis"], reason="Supervised weekly.", by=by)
    acknowledge(patient=patient, exercise=twist, because=["osteoporosis"], by=by)


# --- decisions ---


def test_override_keeps_who_why_and_for_which_conditions(patient, clinician, osteoporosis, curl_up):
    made = override(
        patient=patient, exercise=curl_up, because=["osteoporosis"], reason=" Supervised  weekly. ", by=clinician.user
    )

    assert (made.kind, made.because, made.reason, made.decided_by) == (
        "override", ["osteoporosis"], "Supervised weekly.", clinician.user,
    )  # fmt: skip
    line = AuditEvent.objects.get(action="safety.overridden")
    assert (line.patient, line.subject, line.detail) == (
        str(patient.uuid), "exercise:curl-up", {"conditions": 1, "rules": 1},
    )  # fmt: skip


@pytest.mark.parametrize("reason", ["", "because", "        ok        ", "123456789"])
def test_override_needs_a_reason_of_ten_characters(patient, clinician, osteoporosis, curl_up, reason):
    with pytest.raises(NoReason):
        override(patient=patient, exercise=curl_up, because=["osteoporosis"], reason=reason, by=clinician.user)
    assert not SafetyDecision.objects.exists()


def test_decision_names_a_condition(patient, clinician, curl_up):
    with pytest.raises(NothingToDecide):
        acknowledge(patient=patient, exercise=curl_up, because=["everyone", "invented"], by=clinician.user)


def test_decision_made_twice_stands_once(patient, clinician, osteoporosis, twist):
    for _ in range(2):
        acknowledge_all(patient=patient, seen=[(twist, ["osteoporosis"])], by=clinician.user)

    assert SafetyDecision.objects.count() == 1
    assert AuditEvent.objects.filter(action="safety.acknowledged").count() == 1


# --- no path avoids them ---


def test_draft_is_not_sent_while_a_block_or_a_caution_is_open(both, clinician, patient, curl_up, twist):
    assert refused(both, clinician.user) == [BLOCKED, CAUTIONED]

    override(
        patient=patient, exercise=curl_up, because=["osteoporosis"], reason="Supervised weekly.", by=clinician.user
    )
    assert refused(both, clinician.user) == [CAUTIONED]
    acknowledge(patient=patient, exercise=twist, because=["osteoporosis"], by=clinician.user)
    assert publish(draft=both, by=clinician.user).is_live


def test_looking_at_a_block_does_not_send_it(both, clinician, patient, curl_up):
    acknowledge(patient=patient, exercise=curl_up, because=["osteoporosis"], by=clinician.user)

    assert BLOCKED in refused(both, clinician.user)


def test_direct_post_does_not_send_it(both, clinician_client):
    for data in ({"edit": both.edit}, {"edit": both.edit, "confirmed": "1", "note_to_patient": ""}):
        response = clinician_client.post(address("prescription_publish", both), data)
        assert response["Location"] == address("prescription_publish", both)

    assert Prescription.objects.published().count() == 0


def test_protocol_brings_nothing_past_the_check(patient, clinician, osteoporosis, curl_up):
    protocol = Protocol.objects.create(review_by=VOUCHED_FOR, slug="curls", name="Curls")
    ProtocolLine.objects.create(protocol=protocol, phase="main", position=0, exercise=curl_up, dosage=parse("3x10"))
    draft = start_draft(patient=patient, by=clinician.user, protocol=protocol)

    assert refused(draft, clinician.user) == [BLOCKED]


def test_revision_and_copy_bring_nothing_past_the_check(patient, clinician, curl_up):
    live = plans.published(patient, by=clinician.user, exercises=[curl_up])
    PatientCondition.objects.create(patient=patient, code="osteoporosis")

    revision = revise(prescription=live, by=clinician.user)
    assert refused(revision, clinician.user) == [BLOCKED]
    revision.delete()
    copied = start_draft(patient=patient, by=clinician.user, from_last=True)
    assert refused(copied, clinician.user) == [BLOCKED]


def test_duplicate_and_undo_bring_nothing_past_the_check(both, clinician, patient, curl_up, twist):
    settle(patient, clinician.user, curl_up, twist)
    add_condition(patient=patient, by=clinician.user, code="postpartum")
    duplicate_line(line=line_of(both, "curl-up"), by=clinician.user)

    assert refused(both, clinician.user) == [
        "Curl up. Postpartum, under 12 weeks: caution with loaded flexion. Say that you have seen it."
    ]
    assert undo(draft=both, by=clinician.user) == "Curl up duplicated"
    assert len(refused(both, clinician.user)) == 1


def test_new_condition_asks_anew_and_so_does_one_that_came_back(both, clinician, patient, curl_up, twist):
    settle(patient, clinician.user, curl_up, twist)
    end_condition(patient=patient, by=clinician.user, code="osteoporosis")
    add_condition(patient=patient, by=clinician.user, code="osteoporosis")

    assert refused(both, clinician.user) == [BLOCKED, CAUTIONED]


def test_edited_tag_asks_anew(both, clinician, patient, curl_up, twist):
    settle(patient, clinician.user, curl_up, twist)
    twist.tags.add(MovementTag.objects.get(slug="loaded-flexion"))

    assert refused(both, clinician.user) == [
        "Twist. Osteoporosis: blocks loaded flexion. Swap it, or keep it with a reason."
    ]


def test_inversion_needs_a_dated_clearance_whoever_it_is(patient, clinician):
    table = tagged("inversion-table", "inversion", clinician_only=True)
    draft = start_draft(patient=patient, by=clinician.user)
    line = add_exercise(draft=draft, exercise=table, by=clinician.user)
    wanted = ["Inversion table needs clearance: write who cleared it and when."]

    assert refused(draft, clinician.user) == wanted
    change_line(line=line, clearance="Dr Hale", by=clinician.user)
    assert refused(draft, clinician.user) == wanted
    change_line(line=line, clearance="Dr Hale, 3 May 2031", by=clinician.user)
    assert publish(draft=draft, by=clinician.user).is_live


# --- swapping ---


def test_swap_keeps_the_place_and_the_days_and_can_be_taken_back(both, clinician, walking):
    change_line(line=line_of(both, "curl-up"), dosage=parse("3x10 2x/day Mo-Fr"), note="Slowly.", by=clinician.user)
    old = line_of(both, "curl-up")

    new = swap_line(line=old, exercise=walking, by=clinician.user)

    assert names(both) == ["bridge", "walking", "twist"]
    assert (new.phase, new.note, new.thread != old.thread) == ("main", "", True)
    assert line_of(both, "walking").dosage == parse("10 min 2x/day Mo-Fr")
    assert undo(draft=both, by=clinician.user) == "Curl up swapped for Walking"
    assert names(both) == ["bridge", "curl-up", "twist"]
    assert (line_of(both, "curl-up").note, line_of(both, "curl-up").thread) == ("Slowly.", old.thread)


# --- the builder ---


def test_builder_says_what_is_blocked_what_stands_in_and_what_needs_a_look(both, clinician_client, curl_up):
    tagged("dead-bug", level=1)

    page = clinician_client.get(address("prescription_edit", both)).content.decode()

    row = page[page.index(f'id="safety-{line_of(both, "curl-up").uuid}"') :].split("</li>\n")[0]
    assert "Osteoporosis: blocks loaded flexion." in row
    assert re.findall(r'name="exercise" value="(.*?)"', row)[0] == "dead-bug"
    assert "Seen, keep it" in page
    card = page[page.index('<li data-slug="curl-up" class="block">') :].split("</li>")[0]
    assert "Osteoporosis</span>" in card
    assert "instead of Curl up" in card
    assert '<li data-slug="twist" class="caution">' in page
    assert '<li data-slug="bridge">' in page


def test_swap_button_works_with_and_without_script(both, clinician_client, walking):
    plain = clinician_client.post(address("line_swap", both, "curl-up"), {"exercise": "walking", "edit": both.edit})
    both.refresh_from_db()
    htmx = clinician_client.post(
        address("line_swap", both, "twist"), {"exercise": "walking", "edit": both.edit}, headers=HTMX
    )

    assert plain["Location"] == address("prescription_edit", both)
    assert "Twist swapped for Walking" in htmx["HX-Trigger"]
    assert names(both) == ["bridge", "walking", "walking"]


def test_reason_that_is_too_short_stays_with_its_message(both, clinician_client):
    sent = {"because": "osteoporosis", "reason": "is fine", "edit": both.edit}
    for headers in ({}, HTMX):
        for back in ("", "publish"):
            response = clinician_client.post(
                address("line_keep", both, "curl-up"), sent | {"back": back}, headers=headers
            )
            assert response.status_code == 422
            assert 'value="is fine"' in response.content.decode()
            assert "Say why, in 10 characters or more." in response.content.decode()

    assert not SafetyDecision.objects.exists()


def test_kept_rows_come_back_settled(both, clinician_client):
    sent = {"because": "osteoporosis", "edit": both.edit}
    kept = clinician_client.post(
        address("line_keep", both, "curl-up"), sent | {"reason": "Supervised weekly."}, headers=HTMX
    ).content.decode()
    seen = clinician_client.post(address("line_keep", both, "twist"), sent | {"back": "publish"})

    assert "Kept with a reason" in kept
    assert "“Supervised weekly.” Rita Voss" in kept
    assert seen["Location"] == address("prescription_publish", both)
    assert list(SafetyDecision.objects.values_list("kind", "because")) == [
        ("acknowledged", ["osteoporosis"]), ("override", ["osteoporosis"]),
    ]  # fmt: skip


def test_nobody_decides_on_a_condition_that_the_page_did_not_show(both, clinician, clinician_client, patient):
    add_condition(patient=patient, by=clinician.user, code="stenosis")
    twist = line_of(both, "twist").exercise
    twist.tags.add(MovementTag.objects.get_or_create(slug="extension")[0])

    clinician_client.post(
        address("line_keep", both, "twist"), {"because": "osteoporosis,glaucoma", "edit": both.edit}
    )

    assert SafetyDecision.objects.get().because == ["osteoporosis"]
    assert refused(both, clinician.user)[1] == (
        "Twist. Osteoporosis: caution with rotation. Spinal stenosis: caution with extension. Say that you have seen it."
    )


def test_publish_page_lists_what_is_open_and_takes_all_cautions_at_once(
    both, clinician_client, twist, patient, clinician
):
    bend = tagged("bend", "lateral-flexion")
    add_exercise(draft=both, exercise=bend, by=clinician.user)

    page = clinician_client.get(address("prescription_publish", both)).content.decode()
    assert "3 exercises to decide on" in page
    seen = re.findall(r'name="seen" value="(.*?)"', page)
    response = clinician_client.post(address("lines_keep", both), {"seen": seen})

    assert response["Location"] == address("prescription_publish", both)
    assert refused(both, clinician.user) == [BLOCKED]


def test_another_clinic_and_a_patient_decide_nothing(both, foreign_clinician_client, patient_client):
    for client, status in ((foreign_clinician_client, 404), (patient_client, 403)):
        for name in ("line_swap", "line_keep"):
            assert client.post(address(name, both, "twist"), {"because": "osteoporosis"}).status_code == status
        assert client.post(address("lines_keep", both)).status_code == status
    assert not SafetyDecision.objects.exists()


def test_builder_takes_as_many_queries_with_conditions_for_one_line_as_for_thirty(
    both, clinician, clinician_client, patient, django_assert_max_num_queries, django_assert_num_queries
):
    url = address("prescription_edit", both)
    clinician_client.get(url)
    with django_assert_max_num_queries(12) as few:
        clinician_client.get(url)
    spent = len(few)
    for number in range(30):
        exercise = tagged(f"exercise-{number}", "loaded-flexion", name=f"Exercise {number}")
        add_exercise(draft=both, exercise=exercise, by=clinician.user)
    for code in ("stenosis", "glaucoma", "neck-problem", "wrist-problem"):
        add_condition(patient=patient, by=clinician.user, code=code)
    clinician_client.get(url)

    with django_assert_num_queries(spent):
        clinician_client.get(url)


def test_acute_phase_that_lasts_is_asked_about(both, clinician_client, patient):
    today = patient.local_day()
    PatientCondition.objects.create(patient=patient, code="acute-phase", since=today - timedelta(days=9))
    page = clinician_client.get(address("prescription_edit", both)).content.decode()
    assert "set 9 days ago: still acute?" in page

    PatientCondition.objects.filter(code="acute-phase").update(since=today - timedelta(days=7))
    assert "still acute?" not in clinician_client.get(address("prescription_edit", both)).content.decode()


# --- for the co-signer ---


def test_plan_and_record_show_the_reason_to_colleagues(both, clinician, colleague_client, patient, curl_up, twist):
    settle(patient, clinician.user, curl_up, twist)
    live = publish(draft=both, by=clinician.user, now=timezone.now())

    for page in (reverse("prescription", args=[live.uuid]), reverse("patient_record", args=[patient.uuid])):
        text = colleague_client.get(page).content.decode()
        assert "“Supervised weekly.” Rita Voss" in text
        assert "Osteoporosis: caution with rotation." in text

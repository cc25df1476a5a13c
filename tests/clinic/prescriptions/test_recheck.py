"""Plans that patients have already, when conditions or tags change."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from clinic.prescriptions.actions import publish, revise
from clinic.prescriptions.condition_actions import add_condition, end_condition
from clinic.prescriptions.drafting import add_exercise, remove_line
from clinic.prescriptions.models import Easing
from clinic.prescriptions.recheck import recheck, recheck_all
from clinic.prescriptions.safety_actions import override
from exercises.models import MovementTag
from patients.models import AuditEvent, PatientCondition, Task
from tests.clinic.prescriptions.test_safety_decisions import curl_up, line_of, tagged, twist  # noqa: F401
from tests.exercises.test_transfer import CSV, confirm, exported, look
from tests.factories import plans


@pytest.fixture
def live(patient, clinician, curl_up, twist):  # noqa: F811
    return plans.published(patient, by=clinician.user, exercises=[curl_up, twist])


def resting(patient):
    names = dict(patient.prescriptions.live().get().lines.values_list("thread", "exercise__slug"))
    return [names[easing.thread] for easing in patient.easings.on(patient.local_day())]


def test_new_condition_puts_what_it_blocks_on_hold_at_once(live, patient, clinician):
    add_condition(patient=patient, by=clinician.user, code="osteoporosis")

    easing = Easing.objects.get()
    assert (easing.thread, easing.kind, easing.because) == (line_of(live, "curl-up").thread, "withheld", "safety")
    assert (easing.from_day, easing.until_day, easing.made_by) == (patient.local_day(), None, clinician.user)
    assert easing.words == "Osteoporosis: blocks loaded flexion."
    task = Task.objects.get()
    assert (task.kind, task.raised_by, task.assigned_to) == ("safety", None, clinician)
    assert task.words == "On hold for the patient until you decide:\nCurl up. Osteoporosis: blocks loaded flexion."
    assert AuditEvent.objects.get(action="safety.rechecked").detail == {"resting": 1, "back": 0}


def test_second_condition_adds_to_the_one_task(live, patient, clinician):
    add_condition(patient=patient, by=clinician.user, code="osteoporosis")
    add_condition(patient=patient, by=clinician.user, code="acute-phase")

    assert resting(patient) == ["curl-up", "twist"]
    task = Task.objects.get()
    assert task.times_raised == 2
    assert task.words.splitlines()[1:] == [
        "Curl up. Acute phase: blocks loaded flexion. Osteoporosis: blocks loaded flexion.",
        "Twist. Acute phase: blocks rotation.",
    ]


def test_condition_that_ends_brings_it_back_and_ends_the_task(live, patient, clinician):
    add_condition(patient=patient, by=clinician.user, code="osteoporosis")
    end_condition(patient=patient, by=clinician.user, code="osteoporosis")

    assert resting(patient) == []
    assert (Easing.objects.get().lifted_on, Easing.objects.get().lifted_by) == (patient.local_day(), clinician.user)
    assert Task.objects.get().resolved_by == clinician.user


def test_it_rests_while_another_condition_still_blocks_it(live, patient, clinician):
    add_condition(patient=patient, by=clinician.user, code="osteoporosis")
    add_condition(patient=patient, by=clinician.user, code="radiculopathy-acute")
    end_condition(patient=patient, by=clinician.user, code="osteoporosis")

    assert resting(patient) == ["curl-up"]
    assert Task.objects.get().resolved_at is None


def test_override_brings_it_back(live, patient, clinician, curl_up):  # noqa: F811
    add_condition(patient=patient, by=clinician.user, code="osteoporosis")
    override(
        patient=patient, exercise=curl_up, because=["osteoporosis"], reason="Supervised weekly.", by=clinician.user
    )

    assert resting(patient) == []
    assert Task.objects.get().resolved_by == clinician.user
    assert recheck(patient=patient, by=None) == []


def test_override_of_the_live_plan_is_made_on_its_page(live, patient, clinician, clinician_client):
    add_condition(patient=patient, by=clinician.user, code="osteoporosis")
    page = reverse("prescription", args=[live.uuid])
    keep = reverse("line_keep", args=[live.uuid, line_of(live, "curl-up").uuid])

    assert "On hold for the patient" in clinician_client.get(page).content.decode()
    short = clinician_client.post(keep, {"because": "osteoporosis", "reason": "short"})
    assert (short.status_code, 'value="short"' in short.content.decode()) == (422, True)
    kept = clinician_client.post(keep, {"because": "osteoporosis", "reason": "Supervised weekly."})
    assert kept["Location"] == page
    assert resting(patient) == []


def test_version_without_it_ends_the_hold(live, patient, clinician, curl_up):  # noqa: F811
    add_condition(patient=patient, by=clinician.user, code="radiculopathy-acute")
    draft = revise(prescription=live, by=clinician.user)
    for slug in ("curl-up", "twist"):
        remove_line(line=line_of(draft, slug), by=clinician.user)
    add_exercise(draft=draft, exercise=tagged("march"), by=clinician.user)
    publish(draft=draft, by=clinician.user)

    assert Easing.objects.get().lifted_on == patient.local_day()
    assert Task.objects.get().resolved_by == clinician.user


def test_plan_that_is_over_is_left_alone(live, patient, clinician):
    plans.ended(live, by=clinician.user, on=patient.local_day())
    add_condition(patient=patient, by=clinician.user, code="osteoporosis")

    assert not Easing.objects.exists()
    assert not Task.objects.exists()


def test_plan_that_starts_later_is_checked_too(patient, clinician, curl_up):  # noqa: F811
    plans.published(
        patient, by=clinician.user, exercises=[curl_up], starts_on=patient.local_day() + timedelta(days=3)
    )
    add_condition(patient=patient, by=clinician.user, code="osteoporosis")

    assert resting(patient) == ["curl-up"]


def test_command_checks_everybody(live, patient):
    PatientCondition.objects.create(patient=patient, code="osteoporosis")
    said = StringIO()

    call_command("recheck_safety", stdout=said)
    call_command("recheck_safety", stdout=said)

    assert said.getvalue() == "1 exercises put on hold.\n0 exercises put on hold.\n"
    assert resting(patient) == ["curl-up"]
    assert AuditEvent.objects.get(action="safety.rechecked").actor == "system"


def test_recheck_of_one_exercise_leaves_plans_without_it(live, patient, bridge):
    PatientCondition.objects.create(patient=patient, code="osteoporosis")

    assert recheck_all(by=None, exercises=[bridge.pk]) == 0
    assert recheck_all(by=None, exercises=[line_of(live, "curl-up").exercise_id]) == 1


def test_conditions_page_says_what_went_on_hold(live, patient, clinician_client):
    url = reverse("patient_conditions", args=[patient.uuid])

    answer = clinician_client.post(
        url, {"condition": "osteoporosis", "wanted": "1"}, headers={"HX-Request": "true"}
    ).content.decode()

    assert "On hold for the patient: Curl up." in answer


def test_tags_edited_in_the_admin_are_checked_against_plans(live, patient, clinician, admin_client, twist):  # noqa: F811
    add_condition(patient=patient, by=clinician.user, code="glaucoma")
    upside = MovementTag.objects.create(slug="head-down", name="Head down", meaning="puts the head down")
    page = reverse("admin:exercises_exercise_change", args=[twist.pk])
    form = admin_client.get(page).context["adminform"].form
    data = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    data = {name: value for name, value in data.items() if name not in ("picture",)}

    response = admin_client.post(page, data | {"tags": [upside.pk]}, follow=True)

    assert "1 prescribed exercise rests until a clinician decides." in response.content.decode()
    assert resting(patient) == ["twist"]
    assert "Margaret" not in response.content.decode()


def test_imported_tags_are_checked_against_plans(live, patient, clinician, admin_client, twist):  # noqa: F811
    add_condition(patient=patient, by=clinician.user, code="glaucoma")
    MovementTag.objects.create(slug="head-down", name="Head down", meaning="puts the head down")
    text = exported(admin_client, CSV).replace("rotation", "head-down")

    answer = confirm(admin_client, look(admin_client, text, CSV))

    assert "1 prescribed exercise rests until a clinician decides." in answer.content.decode()
    assert resting(patient) == ["twist"]


def test_slug_of_a_tag_is_not_edited(admin_client, twist):  # noqa: F811
    tag = MovementTag.objects.get(slug="rotation")
    admin_client.post(
        reverse("admin:exercises_movementtag_change", args=[tag.pk]),
        {"slug": "renamed", "name": "Twisting", "meaning": "twists the trunk"},
    )

    tag.refresh_from_db()
    assert (tag.slug, tag.name) == ("rotation", "Twisting")

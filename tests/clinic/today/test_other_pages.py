"""One exercise, the week, the whole plan."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from clinic.today.actions import skip
from clinic.today.models import SkipReason
from tests.clinic.today.conftest import HTMX
from tests.factories import catalogue, plans

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


# One exercise


def test_exercise_says_what_the_patient_was_told(plan, patient_client):
    plan.bridge.exercise.purpose = "Edited after it was published."
    plan.bridge.exercise.save()

    page = text(patient_client.get(f"/today/exercise/{plan.bridge.uuid}/"))

    for told in ("This may help your hips carry you.", "Lie on your back with your knees bent.", "Press your feet down.",
                 "Keep breathing.", "Arching your back. Lift a little less high.", "Work in your buttocks.",
                 "Stop if the pain spreads down your leg.", "Squeeze a towel between your knees.", "Every day."):  # fmt: skip
        assert told in page
    assert "Edited after" not in page
    assert "Main part · exercise 1 of 3" in page
    assert 'aria-label="Next: Bird dog"' in page


def test_exercise_that_only_clinicians_prescribe_is_shown_to_whom_it_was(
    patient, clinician, patient_client, other_patient_client
):
    inversion = catalogue.exercise("inversion-table", clinician_only=True)
    line = plans.published(patient, by=clinician.user, exercises=[inversion]).lines.get()

    assert patient_client.get(f"/today/exercise/{line.uuid}/").status_code == 200
    assert other_patient_client.get(f"/today/exercise/{line.uuid}/").status_code == 404


def test_unknown_exercise_is_not_found(plan, patient_client):
    assert patient_client.get(f"/today/exercise/{uuid4()}/").status_code == 404


def test_exercise_of_a_draft_is_not_found(plan, patient_client):
    plan.prescription.published_at = plan.prescription.published_by = None
    plan.prescription.save()

    assert patient_client.get(f"/today/exercise/{plan.bridge.uuid}/").status_code == 404


def test_last_set_on_the_exercises_page_leads_on(plan, patient_client):
    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.all.1", on="exercise", round="1")

    page = text(response)
    assert 'id="sheet"' in page and 'hx-swap-oob="true"' in page
    assert "btn-primary" in page and f"/today/exercise/{plan.bird_dog.uuid}/" in page
    assert "Undo" in page
    assert '"focus-on":"next"' in response["HX-Trigger-After-Settle"]


def test_last_exercise_leads_back_to_today(plan, patient_client):
    plan.all_done(plan.bird_dog)
    plan.all_done(plan.plank)

    page = text(plan.tap(patient_client, f"{plan.bridge.uuid}.1.all.1", on="exercise"))

    assert "Back to today" in page


def test_exercise_opens_its_reasons_when_asked(plan, patient_client):
    assert '<details class="cant" id="cant" open>' in text(
        patient_client.get(f"/today/exercise/{plan.bridge.uuid}/?cant=1")
    )
    assert '<details class="cant" id="cant">' in text(patient_client.get(f"/today/exercise/{plan.bridge.uuid}/"))


def test_skipped_exercise_offers_to_come_back(plan, patient_client):
    skip(
        patient=plan.patient, by=plan.patient.user, day=plan.day, line=plan.bridge.uuid, occasion=1,
        reason=SkipReason.UNCLEAR,
    )  # fmt: skip

    assert "Not today: not sure how to do it." in text(patient_client.get(f"/today/exercise/{plan.bridge.uuid}/"))


def test_exercise_of_an_earlier_day_stays_with_that_day(plan, patient_client):
    day = plan.day - timedelta(days=2)

    page = text(patient_client.get(f"/today/exercise/{plan.bridge.uuid}/?day={day}"))

    assert f'name="day" value="{day}"' in page
    assert f'href="/today/{day}/"' in page
    assert f"/today/exercise/{plan.bird_dog.uuid}/?day={day}" in page


@pytest.mark.parametrize("day", ["x", "\x00", "2026-02-31", ""])
def test_day_that_is_none_is_today(plan, patient_client, day):
    page = text(patient_client.get(f"/today/exercise/{plan.bridge.uuid}/", {"day": day}))

    assert f'name="day" value="{plan.day}"' in page


def test_exercise_on_a_closed_day_says_why(plan, patient_client):
    response = patient_client.get(f"/today/exercise/{plan.bridge.uuid}/?day={plan.day + timedelta(days=1)}")

    assert response.status_code == 422


def test_exercise_of_a_replaced_version_sends_to_the_new_one(plan, clinician, exercises, patient_client):
    plans.revised(
        plan.prescription,
        by=clinician.user,
        lines=[plans.Line(exercises["bridge"], "2 x 5", thread=plan.bridge.thread)],
        on=plan.day,
    )

    page = text(patient_client.get(f"/today/exercise/{plan.bridge.uuid}/"))

    assert "This is from an earlier version of your plan." in page
    assert 'name="tick"' not in page


def test_exercise_that_is_not_due_has_no_buttons(patient, clinician, exercises, patient_client):
    with time_machine.travel(datetime(2026, 5, 19, 8, 0, tzinfo=UTC), tick=False):
        made = plans.published(patient, by=clinician.user, lines=[plans.Line(exercises["bridge"], "3 x 10, Mo")])
        page = text(patient_client.get(f"/today/exercise/{made.lines.get().uuid}/"))

    assert "There is nothing to do for this one on this day." in page
    assert 'name="tick"' not in page


def test_later_round_has_its_own_sets(twice_a_day, patient_client):
    plan = twice_a_day

    page = text(patient_client.get(f"/today/exercise/{plan.bridge.uuid}/?round=2"))

    assert f'value="{plan.bridge.uuid}.2.1.both.1"' in page
    assert "exercise 1 of 2 · Later" in page
    assert f'href="/today/exercise/{plan.plank.uuid}/?round=2"' in page


# The week


@pytest.fixture
def in_may():
    """A Wednesday."""
    with time_machine.travel(datetime(2026, 5, 20, 8, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def may_plan(in_may, patient, clinician, exercises):
    return plans.published(
        patient,
        by=clinician.user,
        lines=[
            plans.Line(exercises["bridge"], "1 x 10, Mo, We, Fr"),
            plans.Line(exercises["plank"], "2 x 20 s, Mo, We, Fr"),
        ],
        starts_on=date(2026, 5, 4),
    )


def test_week_shows_each_day_in_words(may_plan, patient, patient_client):
    from clinic.today.actions import set_all_done

    bridge = may_plan.lines.first()
    set_all_done(patient=patient, by=patient.user, day=date(2026, 5, 18), line=bridge.uuid, occasion=1, done=True)

    page = text(patient_client.get("/today/week/"))

    assert "18 May to 24 May" in page
    assert "1 of 2 done" in page  # Monday
    assert page.count("Rest day") == 4
    assert "2 planned" in page  # Friday
    assert page.count(">Fill in</a>") == 1
    assert 'href="/today/2026-05-18/"' in page


def test_week_starts_where_the_clinic_starts_it(may_plan, patient, patient_client):
    patient.clinic.week_starts_on = 6
    patient.clinic.save()

    assert "17 May to 23 May" in text(patient_client.get("/today/week/"))


def test_last_week_can_be_filled_in_for_seven_days(may_plan, patient_client):
    page = text(patient_client.get("/today/week/?last=1"))

    assert "11 May to 17 May" in page
    assert 'href="/today/2026-05-13/"' in page
    assert 'href="/today/2026-05-11/"' not in page


def test_paused_days_of_the_week_say_so(may_plan, clinician, patient_client):
    plans.paused(may_plan, by=clinician.user, since=date(2026, 5, 19), until=date(2026, 5, 21))

    page = text(patient_client.get("/today/week/"))

    assert page.count("Paused") == 3


def test_week_without_a_plan_says_so(patient, patient_client):
    assert text(patient_client.get("/today/week/")).count("No plan") == 7


# The plan


def test_plan_shows_every_line_with_its_days_and_note(may_plan, patient_client, clinician):
    page = text(patient_client.get("/today/plan/"))

    assert "Since 4 May 2026 · by Rita Voss" in page
    assert "Monday, Wednesday and Friday." in page
    assert "Do it 10 times." in page


def test_plan_lists_what_changed_from_version_to_version(may_plan, clinician, exercises, patient_client):
    plans.revised(
        may_plan,
        by=clinician.user,
        lines=[plans.Line(exercises["bridge"], "1 x 12, Mo, We, Fr", thread=may_plan.lines.first().thread)],
        on=date(2026, 5, 20),
        note="Two more each time.",
    )

    page = text(patient_client.get("/today/plan/"))

    assert "Two more each time." in page
    assert "Bridge: now 12 times (was 10)." in page
    assert "Removed: Plank." in page


def test_plan_that_begins_later_is_shown_already(in_may, patient, clinician, exercises, patient_client):
    plans.published(patient, by=clinician.user, exercises=[exercises["bridge"]], starts_on=date(2026, 5, 25))

    assert "Starts 25 May 2026" in text(patient_client.get("/today/plan/"))


def test_no_plan_is_told_kindly(patient, patient_client):
    assert "You have no plan at the moment." in text(patient_client.get("/today/plan/"))


@pytest.mark.parametrize("path", ["/today/week/", "/today/plan/"])
def test_page_of_one_patient_shows_nothing_of_another(plan, other_patient_client, path):
    page = text(other_patient_client.get(path))

    assert "Bridge" not in page and "towel" not in page and "Ellis" not in page


@pytest.mark.parametrize("path", ["/today/week/", "/today/plan/"])
def test_clinician_has_no_such_page(plan, clinician_client, path):
    assert clinician_client.get(path).status_code == 403


def test_fragment_is_no_page_of_its_own(plan, patient_client):
    page = text(patient_client.get(f"/today/exercise/{plan.bridge.uuid}/", headers=HTMX))

    assert "<html" in page

"""What conditions speak against: swapped, kept with a reason, or seen, on the way to the patient."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from clinic.prescriptions.actions import start_draft
from clinic.prescriptions.condition_actions import add_condition
from clinic.prescriptions.drafting import add_exercise
from clinic.prescriptions.models import Prescription, SafetyDecision
from exercises.models import Exercise
from tests.browser.conftest import DESK, PHONE
from tests.factories import catalogue, plans


@pytest.fixture
def viewport():
    return DESK


@pytest.fixture
def draft(transactional_db, patient, clinician):
    """Osteoporosis and falls: the deadlift and the curl-up are blocked, the others need a look."""
    call_command("load_catalogue", verbosity=0)
    catalogue.vouch_for_everything()
    add_condition(patient=patient, by=clinician.user, code="osteoporosis")
    add_condition(patient=patient, by=clinician.user, code="falls-risk")
    made = start_draft(patient=patient, by=clinician.user)
    for slug in ("bridge", "barbell-deadlift", "mcgill-curl-up", "lower-trunk-rotation", "calf-raise"):
        add_exercise(draft=made, exercise=Exercise.objects.get(slug=slug), by=clinician.user)
    return made


@pytest.fixture
def builder(page, sign_in, draft, clinician):
    sign_in(clinician.user)
    page.goto(f"/clinic/prescriptions/{draft.uuid}/edit/")
    return page


def row(page, slug):
    return page.locator(f".rx[data-exercise={slug}]")


def test_swap_override_and_look_bring_the_plan_to_the_patient(
    builder, draft, assert_accessible, patient, colleague, sign_in, console
):
    assert_accessible(builder)

    # A swap takes the place of the line, and undo brings the line back.
    deadlift = row(builder, "barbell-deadlift")
    expect(deadlift.get_by_text("Blocked")).to_be_visible()
    swap = deadlift.locator("form[id^=swap-] button").first
    instead = swap.get_attribute("value")
    swap.click()
    expect(builder.locator("#undo")).to_contain_text("swapped")
    expect(row(builder, instead)).to_have_count(1)
    builder.locator("#undo").click()
    expect(row(builder, "barbell-deadlift")).to_have_count(1)
    row(builder, "barbell-deadlift").locator("form[id^=swap-] button").first.click()
    expect(row(builder, instead)).to_have_count(1)

    # A reason that is too short comes back; a good one settles it.
    curl = row(builder, "mcgill-curl-up")
    curl.get_by_label("Keep it, with a reason").fill("fine")
    curl.get_by_role("button", name="Keep McGill curl-up").click()
    expect(curl.get_by_text("Say why, in 10 characters or more.")).to_be_visible()
    expect(curl.get_by_label("Keep it, with a reason")).to_have_value("fine")
    assert_accessible(builder)
    curl.get_by_label("Keep it, with a reason").fill("Head stays down, hands under the back.")
    curl.get_by_role("button", name="Keep McGill curl-up").click()
    expect(curl.get_by_text("Kept with a reason")).to_be_visible()
    console.forgive("422")

    # One tap for a caution.
    twist = row(builder, "lower-trunk-rotation")
    twist.get_by_role("button", name="Seen, keep it").click()
    expect(twist.get_by_text("Seen", exact=True)).to_be_visible()

    # What is left is listed before sending, and taken at once.
    builder.get_by_role("button", name="Send to patient").click()
    builder.wait_for_url("**/publish/")
    expect(builder.get_by_role("heading", name="Not ready to send")).to_be_visible()
    assert_accessible(builder)
    builder.set_viewport_size(PHONE)
    assert_accessible(builder)
    assert builder.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    builder.locator("#seen-all").click()
    expect(builder.get_by_role("heading", name="Before you send it")).to_be_visible()
    builder.get_by_role("button", name="Send to patient").click()
    expect(builder.get_by_text("With the patient")).to_be_visible()
    expect(builder.get_by_text("“Head stays down, hands under the back.”")).to_be_visible()
    assert_accessible(builder)
    builder.set_viewport_size(DESK)
    assert_accessible(builder)
    assert Prescription.objects.live().get(patient=patient).lines.count() == 5
    assert SafetyDecision.objects.get(kind="override").because == ["falls-risk", "osteoporosis"]

    # A colleague reads it on the record.
    sign_in(colleague.user)
    builder.goto(f"/clinic/patients/{patient.uuid}/")
    expect(builder.get_by_text("“Head stays down, hands under the back.”")).to_be_visible()
    assert_accessible(builder)


@pytest.mark.parametrize("width", [320, 390, 768, 1200])
def test_builder_with_conditions_fits_and_is_accessible(builder, width, assert_accessible):
    builder.set_viewport_size({"width": width, "height": 844})
    assert builder.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(builder)


def test_catalogue_dims_what_is_blocked_and_offers_what_stands_in(builder, draft):
    builder.get_by_role("searchbox", name="Search exercises").fill("roman chair")
    card = builder.locator(".cat [data-slug=roman-chair-extension]")
    expect(card).to_contain_text("Osteoporosis")
    assert card.locator(".pic").evaluate("pic => getComputedStyle(pic).opacity") == "0.35"
    instead = card.locator(".instead")
    slug = instead.get_attribute("value")
    instead.click()

    expect(row(builder, slug)).to_have_count(1)


def test_condition_added_later_puts_an_exercise_on_hold(page, sign_in, transactional_db, patient, clinician):
    call_command("load_catalogue", verbosity=0)
    catalogue.vouch_for_everything()
    plans.published(patient, by=clinician.user, exercises=[Exercise.objects.get(slug="mcgill-curl-up")])
    sign_in(clinician.user)
    page.goto(f"/clinic/patients/{patient.uuid}/conditions/")
    page.get_by_role("button", name="Add Osteoporosis").click()

    expect(page.locator("#list [role=status]")).to_contain_text("On hold for the patient: McGill curl-up.")
    page.get_by_role("link", name="Decide on it").click()
    expect(page.get_by_text("On hold for the patient").first).to_be_visible()
    page.locator("#checked").get_by_role("link", name="Decide on it").click()
    page.get_by_label("Keep it, with a reason").fill("Under supervision only, twice a week.")
    page.get_by_role("button", name="Keep McGill curl-up").click()
    expect(page.get_by_text("On hold for the patient")).to_have_count(0)

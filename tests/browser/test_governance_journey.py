"""An admin vouches for what a clinician has read, and then it can be prescribed."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from clinic.prescriptions.actions import start_draft
from clinic.prescriptions.models import Prescription
from tests.browser.conftest import DESK
from tests.factories import articles, catalogue


@pytest.fixture
def viewport():
    return DESK


@pytest.fixture
def draft(transactional_db, patient, clinician):
    catalogue.exercise("bridge", review_by=date.today() - timedelta(days=3))
    catalogue.exercise("plank", review_by=None, reviewed_on=None, reviewed_by="")
    catalogue.exercise("bird-dog")
    articles.article(body="Push through the pain, and walk on.")
    return start_draft(patient=patient, by=clinician.user)


def card(page, slug):
    return page.locator(f"#cat [data-slug={slug}]")


def test_admin_vouches_and_the_clinician_prescribes(
    page, sign_in, draft, admin, clinician, assert_accessible, console
):
    # The clinician finds the exercises, with the reason why they cannot be added.
    sign_in(clinician.user)
    page.goto(f"/clinic/prescriptions/{draft.uuid}/edit/")
    expect(card(page, "bridge").get_by_text("Its review ran out")).to_be_visible()
    expect(page.locator("#add-plank")).to_be_disabled()
    expect(card(page, "plank").get_by_text("Not reviewed by anybody of your clinic.")).to_be_visible()
    expect(page.locator("#add-bird-dog")).to_be_enabled()
    assert_accessible(page)

    # A page from before the review ran out adds nothing, says why, and loses nothing.
    page.locator("#add-bird-dog").click()
    expect(page.locator(".rx[data-exercise=bird-dog]")).to_have_count(1)
    page.locator("#add-plank").evaluate("button => { button.disabled = false; button.click() }")
    expect(page.locator("#not-vouched")).to_contain_text("Plank cannot be prescribed.")
    expect(page.locator(".rx")).to_have_count(1)
    assert_accessible(page)
    console.forgive("422")

    # The admin sees what is to do, and vouches for it in one action.
    sign_in(admin)
    page.goto("/admin/")
    page.get_by_role("link", name="Content to review").click()
    expect(page.get_by_role("row", name="Bridge")).to_contain_text("Review ran out")
    expect(page.get_by_role("link", name="Exercises, not reviewed: 1")).to_be_visible()
    assert_accessible(page)
    page.locator(".governance").get_by_role("link", name="Exercises", exact=True).click()
    for name in ("Bridge", "Plank"):
        page.get_by_role("row", name=name).locator("input.action-select").check()
    page.locator("select[name=action]").select_option("vouch")
    page.get_by_role("button", name="Run").or_(page.get_by_role("button", name="Go")).first.click()
    page.get_by_label("Who has read them").fill("Rita Voss")
    page.get_by_role("button", name="Vouch for them").click()
    expect(page.get_by_text("Tick this, or go back: nobody vouches by accident.")).to_be_visible()
    expect(page.get_by_label("Who has read them")).to_have_value("Rita Voss")
    console.forgive("422")
    page.get_by_label("I have read these").check()
    page.get_by_role("button", name="Vouch for them").click()
    expect(page.get_by_text("2 are vouched for.")).to_be_visible()

    # Now it is prescribed.
    sign_in(clinician.user)
    page.goto(f"/clinic/prescriptions/{draft.uuid}/edit/")
    page.locator("#add-plank").click()
    expect(page.locator(".rx[data-exercise=plank]")).to_have_count(1)
    page.locator("#send").click()
    expect(page.get_by_text("Sent. Margaret sees it from")).to_be_visible()
    assert Prescription.objects.live().get().lines.count() == 2
    page.goto("/exercises/plank/")
    expect(page.get_by_text("by Rita Voss.")).to_be_visible()
    assert_accessible(page)


def test_contradiction_is_left_standing_with_a_reason(page, sign_in, draft, admin, console):
    sign_in(admin)
    page.goto("/admin/clinic/letstand/contradictions/")
    found = page.locator(".finding").filter(has_text="Push through the pain")
    expect(found).to_contain_text("Pain that rises is a reason to do less.")
    found.locator("summary").click()
    found.get_by_label("Why it stands").fill("no")
    found.get_by_role("button", name="It stands").click()
    expect(page.get_by_text("Say why, in 10 characters or more.")).to_be_visible()
    expect(found.get_by_label("Why it stands")).to_have_value("no")
    console.forgive("422")
    found.get_by_label("Why it stands").fill("A quotation, and the next line answers it.")
    found.get_by_role("button", name="It stands").click()
    expect(page.get_by_text("It stands, until its text changes.")).to_be_visible()
    expect(page.locator(".finding").filter(has_text="Push through the pain")).to_have_count(0)


@pytest.mark.parametrize("scripts", [False])
def test_refusal_without_scripts_keeps_the_plan(page, sign_in, draft, clinician, scripts):
    sign_in(clinician.user)
    page.goto(f"/clinic/prescriptions/{draft.uuid}/edit/")
    page.locator("#add-bird-dog").click()

    expect(page.locator(".rx[data-exercise=bird-dog]")).to_have_count(1)
    expect(page.locator("#add-plank")).to_be_disabled()
    expect(page.locator("#unvouched-plank")).to_contain_text("Not to be prescribed")

"""A flare-up on a phone: from the tap to gentle days and back, with and without script."""

import pytest
from playwright.sync_api import expect

from clinic.flare.models import FlareUp
from exercises.models import MovementTag
from tests.browser.conftest import PHONE, device, session_cookie
from tests.factories import articles, catalogue, people, plans

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def patient():
    clinic = people.clinic("Spine INA")
    clinician = people.clinician(clinic)
    patient = people.patient(clinic, lead=clinician)
    rolls = catalogue.exercise("knee-rolls")
    rolls.tags.add(MovementTag.objects.create(slug="rotation", name="Rotation", meaning="it twists"))
    articles.article("flare-ups")
    plans.published(
        patient,
        by=clinician.user,
        lines=[plans.Line(catalogue.exercise("bridge"), "4 x 10"), plans.Line(rolls, "2 x 10")],
    )
    return patient


def walk(page, check):
    page.goto("/today/")
    expect(page.get_by_role("heading", name="Knee rolls")).to_be_visible()
    page.get_by_role("link", name="My back flared up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("When your back flares up")
    check(page)

    page.get_by_role("button", name="Start gentle days").click()
    expect(page.get_by_text("Please choose an answer.").first).to_be_visible()
    check(page)
    for answer in page.get_by_role("radio", name="No", exact=True).all():
        answer.check()
    page.get_by_role("button", name="Start gentle days").click()

    expect(page.get_by_role("heading", name="Gentle days until")).to_be_visible()
    expect(page.get_by_role("heading", name="Knee rolls")).to_have_count(0)
    expect(page.get_by_text("Half for now.").first).to_be_visible()
    expect(page.locator(".set")).to_have_count(2)
    check(page)

    page.goto("/today/plan/")
    page.get_by_role("link", name="Knee rolls").click()
    expect(page.get_by_text("this one rests until it is calmer")).to_be_visible()
    expect(page.locator(".set")).to_have_count(0)
    check(page)

    page.goto("/today/")
    page.get_by_role("button", name="I need more days").click()
    expect(page.get_by_role("heading", name="Gentle days until")).to_be_visible()
    page.get_by_role("link", name="What eases a sore back").click()
    expect(page.get_by_role("heading", name="What eases a sore back")).to_be_visible()
    check(page)

    page.get_by_role("button", name="I am better").click()
    expect(page.get_by_text("Your usual plan is back.")).to_be_visible()
    expect(page.get_by_role("heading", name="Knee rolls")).to_be_visible()
    flare = FlareUp.objects.get()
    assert (flare.until_day - flare.from_day).days == 5
    assert flare.ended_on == flare.from_day


def test_a_flare_up_from_the_tap_to_better(page, sign_in, patient, assert_accessible, console):
    sign_in(patient.user)
    walk(page, assert_accessible)
    console.forgive("422")


def test_a_flare_up_without_script(chromium, site, patient, console):
    without = device(chromium, site, viewport=PHONE, java_script_enabled=False)
    console.listen(without)
    without.add_cookies([session_cookie(patient.user, site)])
    walk(without.new_page(), lambda page: None)
    console.forgive("422")
    without.close()


def test_a_different_number_of_a_set(page, sign_in, patient, assert_accessible):
    sign_in(patient.user)
    page.goto("/today/")
    page.get_by_role("link", name="Start with Bridge").click()
    page.get_by_text("I did a different number").click()
    page.get_by_label("Set 1").last.fill("8")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#live")).to_have_text("Saved.")
    expect(page.get_by_role("button", name="Set 1")).to_have_attribute("aria-pressed", "true")
    assert_accessible(page)

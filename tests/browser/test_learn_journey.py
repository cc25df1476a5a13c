"""A patient wants to understand: from an exercise to a read and back, a question found in their own words; with and
without script."""

import pytest
from playwright.sync_api import expect

from exercises.content.articles import load_articles, load_questions
from tests.browser.conftest import PHONE, device, session_cookie
from tests.factories import catalogue, people, plans

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def patient():
    clinic = people.clinic("Spine INA")
    clinician = people.clinician(clinic)
    patient = people.patient(clinic, lead=clinician)
    load_articles()
    load_questions()
    catalogue.vouch_for_everything()
    stretch = catalogue.exercise("knee-hug", category="stretch")
    plans.published(patient, by=clinician.user, lines=[plans.Line(stretch, "3 x 30s", phase="cool")])
    return patient


def walk_from_exercise_to_read_and_back(page, check):
    page.goto("/today/")
    page.get_by_role("heading", name="Knee hug").get_by_role("link").click()
    for heading in ("Why this exercise", "What it should feel like", "Stop and tell us if"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    check(page)

    page.get_by_role("navigation", name="Good to read with this").get_by_role("link", name="How to stretch").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How to stretch, and when not to")
    expect(page.get_by_text("2 minutes to read")).to_be_visible()
    check(page)
    page.get_by_role("link", name="The exercise").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Knee hug")

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Learn").click()
    expect(page.get_by_role("heading", name="For you now")).to_be_visible()
    expect(page.locator(".arts").first.get_by_role("link", name="How to stretch")).to_be_visible()
    check(page)


def test_a_patient_learns_with_script(page, sign_in, patient, assert_accessible):
    sign_in(patient.user)
    walk_from_exercise_to_read_and_back(page, assert_accessible)

    page.get_by_label("What would you like to know?").press_sequentially("can i driv")
    answer = page.get_by_text("Drive only if you can brake hard")
    expect(answer).to_be_visible()
    expect(page.get_by_role("heading", name="For you now")).to_have_count(0)
    expect(page.locator("#live")).to_contain_text("found")
    assert "q=" not in page.url
    assert_accessible(page)

    page.get_by_label("What would you like to know?").fill("")
    expect(page.get_by_role("heading", name="For you now")).to_be_visible()
    question = page.locator("summary", has_text="Do I need a scan of my back?")
    question.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("These are a bit like grey hair.")).to_be_visible()


def test_a_patient_learns_without_script(chromium, site, patient, console):
    without = device(chromium, site, viewport=PHONE, java_script_enabled=False)
    console.listen(without)
    without.add_cookies([session_cookie(patient.user, site)])
    page = without.new_page()
    walk_from_exercise_to_read_and_back(page, lambda page: None)

    page.get_by_label("What would you like to know?").fill("can i driev")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("Drive only if you can brake hard")).to_be_visible()
    page.goto("/learn/#disc")
    expect(page.get_by_text("Discs are strong")).to_be_visible()
    without.close()

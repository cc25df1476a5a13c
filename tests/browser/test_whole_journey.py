"""What the portal is for, in one walk through the demo clinic: prescribe, do, see, and put a word right."""

import re

import pytest
from playwright.sync_api import expect

from clinic.prescriptions.models import Prescription
from clinic.today.models import CheckOff, Session
from clinic.today.reading import dose
from exercises.models import Exercise
from tests.browser.conftest import DESK
from tests.factories.people import PASSWORD


@pytest.fixture(autouse=True)
def db(demo):
    """The demo clinic's, for the whole module."""


@pytest.fixture
def site(demo):
    return demo.url


@pytest.fixture
def viewport():
    return DESK


def sign_in_by_form(page, email):
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/" not in url)


def prescribe(page):
    """Stage 1 of a protocol, and one exercise more from the catalogue. Returns the clicks it took from the caseload."""
    clicks = [
        page.get_by_role("link", name="Noor Newharrow").first,
        page.get_by_role("link", name="Write plan").first,
        page.get_by_role("button", name="Stage 1").and_(page.get_by_role("button", name="Subacute")),
    ]
    for what in clicks:
        what.click()
    search = page.get_by_role("searchbox", name="Search exercises")
    search.fill("bird dog")
    search.press("Enter")
    expect(page.locator("#undo")).to_contain_text("added")
    send = page.get_by_role("button", name="Send to patient")
    while not page.get_by_text("With the patient").is_visible():
        clicks.append(send)
        with page.expect_navigation():
            send.click()
    return len(clicks)


def test_from_a_prescription_to_a_day_of_it_and_back_to_the_clinician(page, phone, assert_accessible):
    sign_in_by_form(page, "clinician@demo.example")
    expect(page.get_by_role("heading", level=1)).to_have_text("Caseload")
    assert prescribe(page) <= 5
    plan = Prescription.objects.live().get(patient__last_name="Newharrow")
    doses = [dose(line.dosage) for line in plan.lines.all()]
    asked = sum(each.times_per_day for each in doses)

    sign_in_by_form(phone, "newpatient@demo.example")
    expect(phone.locator("#progress")).to_contain_text("0 of ")
    assert_accessible(phone)

    phone.get_by_role("link", name="Start with").tap()
    first = plan.lines.order_by("position").first()
    expect(phone.get_by_role("heading", level=1)).to_have_text(first.told["plain_name"])
    phone.get_by_text("How to do it", exact=True).tap()
    for step in first.told["steps"]:
        expect(phone.get_by_role("listitem").filter(has_text=step)).to_be_visible()
    phone.get_by_role("link", name="Today", exact=True).first.tap()
    phone.wait_for_url("**/today/")

    taps = tick_set_by_set(phone)
    expect(phone.locator("#progress")).to_contain_text("Done for today.")
    assert taps == sum(len(each.ticks) * each.times_per_day for each in doses)
    assert CheckOff.objects.filter(patient=plan.patient).count() == taps

    phone.get_by_role("link", name="How did it go?").tap()
    for _ in range(2):
        phone.get_by_role("button", name="More: How did your back feel at its worst?").tap()
    phone.locator("#after").get_by_role("button", name="Save").tap()
    expect(phone.locator("#after")).to_contain_text("Saved. Thank you.")
    assert_accessible(phone)
    assert Session.objects.get(patient=plan.patient).pain_worst == 1

    page.get_by_role("link", name="Caseload").first.click()
    row = page.get_by_role("row", name=re.compile("Noor Newharrow"))
    expect(row).to_contain_text("Today")
    row.get_by_role("link", name="Noor Newharrow").first.click()
    expect(page.locator("#sessions")).to_contain_text(f"{asked} of {asked} done")
    expect(page.locator("#sessions")).to_contain_text("pain – to 1")


def tick_set_by_set(phone):
    """Taps each set of the day once, in the morning's round and the later ones, and says how often it tapped."""
    taps, to_do = 0, phone.locator("#check .set[aria-pressed=false]")
    while True:
        expect(to_do).not_to_have_count(0)
        while left := to_do.count():
            to_do.first.tap()
            taps += 1
            expect(to_do).to_have_count(left - 1)
        later = phone.get_by_role("link", name="Go to")
        expect(later.or_(phone.get_by_text("Done for today."))).to_be_visible()
        if not later.count():
            return taps
        later.tap()


def test_admin_puts_an_exercise_in_plainer_words(page):
    sign_in_by_form(page, "admin@demo.example")
    page.locator("#content-main .model-exercise th a").click()
    page.locator("#searchbar").fill("brigde")
    page.locator("#searchbar").press("Enter")
    page.get_by_role("link", name="Bridge", exact=True).click()
    page.locator("#id_plain_name").fill("Hips up, slowly")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")

    page.goto("/exercises/bridge/")
    expect(page.get_by_role("article").get_by_text("Hips up, slowly").locator("visible=true").first).to_be_visible()
    assert Exercise.objects.get(slug="bridge").plain_name == "Hips up, slowly"

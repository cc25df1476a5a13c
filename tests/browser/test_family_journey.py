"""From the patient who lets her daughter help, over the daughter's phone, to the clinician who reads who ticked."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from patients.models import FamilyAccess
from tests.browser.conftest import PHONE, axe, device, session_cookie
from tests.browser.test_ways_in_journey import unlockable
from tests.factories import catalogue, people, plans

BIRTHDAY = {"Day": "14", "Month": "3", "Year": "1962"}


@pytest.fixture
def clinician(transactional_db):
    return people.clinician(people.clinic(), "Rita", "Voss")


@pytest.fixture
def patient(clinician):
    margaret = people.patient(clinician.clinic, "Margaret", "Ellis", lead=clinician)
    exercises = [catalogue.exercise("bridge"), catalogue.exercise("plank")]
    plans.published(margaret, by=clinician.user, exercises=exercises)
    return margaret


def assert_accessible(page):
    """In both themes, and not a pixel wider than a small phone."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size(PHONE)


def give(page):
    """The patient's four taps and two words."""
    page.goto("/family/")
    page.get_by_role("link", name="Give access").click()
    page.get_by_label("Their name").fill("Dora Ellis")
    page.get_by_label("Who they are to you").fill("daughter")
    page.get_by_label(re.compile("^Look and help")).check()
    page.get_by_role("button", name="Give access").click()
    expect(page.get_by_text("This link is shown only now.")).to_be_visible()
    return page.locator("#link").inner_text()


def get_in(page, link, pin="270581"):
    page.goto(link)
    for label, value in BIRTHDAY.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name=re.compile("^A PIN")).click()
    page.get_by_label("Choose 6 digits").fill(pin)
    page.get_by_role("button", name="Go to my page").click()
    page.wait_for_url("**/helping/*/today/")


@pytest.fixture
def daughters(chromium, site, console):
    """The daughter's phone, where a worker may keep what it likes."""
    made = device(chromium, site, viewport=PHONE, service_workers="allow")
    console.listen(made)
    yield made.new_page()
    made.close()


def test_daughter_helps_and_everybody_sees_it(page, sign_in, site, daughters, patient, clinician, context, console):
    sign_in(patient.user)
    page.goto("/today/plan/")
    page.get_by_label("Your account").click()
    page.get_by_role("link", name="Family and helpers").click()
    assert_accessible(page)
    page.goto("/family/give/")
    assert_accessible(page)
    link = give(page)
    assert_accessible(page)

    daughters.goto(link)
    assert_accessible(daughters)
    get_in(daughters, link)
    expect(daughters.get_by_text("You are helping Margaret")).to_be_visible()
    assert_accessible(daughters)
    daughters.get_by_role("button", name="Set 1").first.click()
    expect(daughters.get_by_role("button", name="Set 1").first).to_have_attribute("aria-pressed", "true")
    daughters.get_by_role("link", name="Bridge", exact=True).click()
    expect(daughters.get_by_text("You are helping Margaret")).to_be_visible()
    assert_accessible(daughters)
    daughters.get_by_role("button", name="All done").click()
    expect(daughters.get_by_role("button", name="Undo")).to_be_visible()
    # Nothing of the plan is left on her phone: no kept page, no queue, no worker.
    assert daughters.evaluate("caches.keys()") == []
    assert daughters.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0
    assert daughters.evaluate("localStorage.length") == 0

    page.goto("/today/")
    expect(page.locator("#sum")).to_contain_text("1 of 2 done")
    page.goto("/family/")
    expect(page.get_by_text("Last looked on")).to_be_visible()

    context.clear_cookies()
    context.add_cookies([session_cookie(clinician.user, site)])
    page.goto(f"/clinic/patients/{patient.uuid}/")
    family = page.get_by_role("region", name="Family and helpers")
    expect(family).to_contain_text("Dora Ellis, daughter")
    family.get_by_role("link", name="Manage").click()
    assert_accessible(page)
    page.goto(f"/clinic/patients/{patient.uuid}/days/{patient.local_day()}/")
    expect(page.get_by_text("By Dora Ellis, daughter")).to_be_visible()
    assert_accessible(page)

    page.goto(f"/clinic/patients/{patient.uuid}/family/")
    page.get_by_role("link", name="End it").click()
    page.get_by_role("button", name="End it now").click()
    expect(page.get_by_text("Dora Ellis can no longer see anything.")).to_be_visible()
    # Her page still stands there; the next tap says that it is over.
    daughters.get_by_role("button", name="Undo").click()
    expect(daughters.get_by_role("heading", name="Your access has ended")).to_be_visible()
    assert_accessible(daughters)
    console.forgive("status of 410")


def test_daughter_gets_in_by_unlocking_her_phone(page, sign_in, daughters, patient):
    sign_in(patient.user)
    link = give(page)
    unlockable(daughters)
    daughters.goto(link)
    for label, value in BIRTHDAY.items():
        daughters.get_by_label(label).fill(value)
    daughters.get_by_role("button", name="Next").click()

    daughters.get_by_role("button", name=re.compile("^As you unlock this device")).click()
    daughters.get_by_role("button", name="Set it up").click()

    daughters.wait_for_url("**/helping/*/today/")
    helper = FamilyAccess.objects.get().helper
    assert (helper.is_active, helper.email, helper.get_full_name()) == (True, "", "Dora Ellis")
    daughters.goto("/accounts/logout/")
    daughters.locator("main").get_by_role("button", name="Sign out").click()
    daughters.goto("/accounts/login/")
    daughters.get_by_role("button", name="Unlock with this device").click()
    daughters.wait_for_url("**/helping/*/today/")


def test_who_only_looks_finds_nothing_to_press(page, sign_in, site, patient):
    access = people.helper(patient, "look", by=patient.user)
    sign_in(access.helper)

    page.goto("/start/")

    page.wait_for_url(f"{site}/helping/{access.uuid}/today/")
    assert_accessible(page)
    expect(page.locator("#check button:enabled")).to_have_count(0)
    page.get_by_role("link", name="Progress").click()
    page.get_by_role("link", name="My own pages").click()
    page.wait_for_url(f"{site}/helping/{access.uuid}/today/")  # of the one person whom she helps


def test_last_week_of_an_access_is_said_gently(page, sign_in, patient):
    people.helper(patient, by=patient.user, days=3)
    sign_in(patient.user)

    page.goto("/family/")

    ends = FamilyAccess.objects.get().until
    assert ends == patient.local_day() + timedelta(days=3)
    expect(page.get_by_text("If it should go on, choose a new day.")).to_be_visible()
    page.get_by_role("link", name="Change or extend").click()
    assert_accessible(page)
    page.get_by_label("6 months").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Dora Ellis has access as you chose.")).to_be_visible()
    expect(page.get_by_text("If it should go on, choose a new day.")).to_have_count(0)


class TestWithoutJavaScript:
    @pytest.fixture
    def scripts(self):
        return False

    def test_given_and_used_and_ticked(self, page, sign_in, site, chromium, patient):
        sign_in(patient.user)
        link = give(page)
        hers = device(chromium, site, viewport=PHONE, java_script_enabled=False).new_page()

        get_in(hers, link)
        hers.get_by_role("button", name="All done: Bridge").click()

        expect(hers.get_by_text("You are helping Margaret")).to_be_visible()
        expect(hers.locator("#sum")).to_contain_text("1 of 2 done")
        page.goto("/family/")
        page.get_by_role("link", name="End it").click()
        page.get_by_role("button", name="End it now").click()
        hers.get_by_role("button", name="All done: Plank").click()
        expect(hers.get_by_text("What you just sent was not saved.")).to_be_visible()
        hers.context.close()

"""From the link to one's own page and, signed out, back in: by each of the four ways."""

import re

import pytest
from django.core import mail
from django.test import Client
from playwright.sync_api import expect

from patients.models import Patient, PinDevice
from tests.browser.conftest import PHONE, device
from tests.factories import catalogue, people, plans
from tests.patients.entrance.conftest import code_in

SMALL = {"width": 320, "height": 640}


@pytest.fixture
def clinician(transactional_db):
    return people.clinician(people.clinic(), "Rita", "Voss")


@pytest.fixture
def walter(clinician):
    """Without an e-mail address, and with a plan."""
    patient = people.patient(clinician.clinic, "Walter", "Quist", lead=clinician, signs_in=False, email="")
    plans.published(patient, by=clinician.user, exercises=[catalogue.exercise("bridge")])
    return patient


def link_for(clinician, patient, **more):
    client = Client()
    client.force_login(clinician.user)
    page = client.post(f"/clinic/patients/{patient.uuid}/invite/", more).content.decode()
    return re.search(r"http://testserver(/welcome/[\w-]+/)", page)[1]


def to_the_choice(page, link):
    page.goto(link)
    page.get_by_label("Day").fill("14")
    page.get_by_label("Month").fill("3")
    page.get_by_label("Year").fill("1962")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="How do you want to get in?")).to_be_visible()


def choose(page, name):
    page.get_by_role("button", name=re.compile(f"^{name}")).click()


def arrived(page):
    expect(page.get_by_role("heading", name="Your exercises are here")).to_be_visible()


def sign_out(page):
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/")
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()


def is_in(page):
    page.wait_for_url("**/today/")


def fits(page):
    """Nothing is cut off or scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def unlockable(page):
    """A device with a fingerprint reader, whose owner touches it when asked."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                "isUserVerified": True, "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip


def test_pin(page, clinician, walter, assert_accessible):
    to_the_choice(page, link_for(clinician, walter))
    assert_accessible(page)
    choose(page, "A PIN")
    page.get_by_label("Choose 6 digits").fill("123456")
    page.get_by_role("button", name="Go to my page").click()
    expect(page.get_by_text("easy to guess")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Choose 6 digits").fill("270581")
    page.get_by_role("button", name="Go to my page").click()
    arrived(page)
    assert_accessible(page)

    page.get_by_role("link", name="Next", exact=True).click()
    page.locator("label.try").click()
    expect(page.get_by_text("Well done.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Next", exact=True).click()
    assert_accessible(page)
    page.get_by_role("button", name="Go to today").click()
    is_in(page)

    sign_out(page)
    assert_accessible(page)
    page.get_by_label("Your PIN").fill("111222")
    page.locator("form", has_text="Your PIN").get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("You can try 4 more times.")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Your PIN").fill("270581")
    page.get_by_role("button", name="Sign in", exact=True).click()
    is_in(page)

    page.goto("/my-sign-in/")
    assert_accessible(page)
    page.get_by_role("link", name="Change the PIN here").click()
    expect(page.get_by_role("heading", name="Is it still you?")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Your PIN").fill("270581")
    page.get_by_role("button", name="It is me").click()
    expect(page.get_by_role("heading", name="Another PIN for this device")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Choose 6 digits").fill("918273")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your PIN for this device is set.")).to_be_visible()


@pytest.fixture
def forgiving(console):
    """What is refused is 422, of which Chromium complains."""
    yield
    console.forgive("422")


pytestmark = pytest.mark.usefixtures("forgiving")


def test_passkey(page, clinician, walter, assert_accessible):
    unlockable(page)
    to_the_choice(page, link_for(clinician, walter))
    expect(page.get_by_role("button", name="As you unlock this device")).to_be_visible()
    assert_accessible(page)
    choose(page, "As you unlock this device")
    assert_accessible(page)
    page.get_by_role("button", name="Set it up").click()
    arrived(page)
    page.get_by_role("button", name="Skip").click()
    is_in(page)
    assert Patient.objects.get().shown_around_at

    sign_out(page)
    assert_accessible(page)
    page.get_by_role("button", name="Unlock with this device").click()
    is_in(page)


def test_device_without_a_reader_is_offered_the_pin_first(page, clinician, walter):
    to_the_choice(page, link_for(clinician, walter))

    expect(page.get_by_role("button", name="As you unlock this device")).to_be_hidden()
    expect(page.get_by_role("button", name="A PIN")).to_contain_text("Easy")


def by_code(page, clinician, walter):
    to_the_choice(page, link_for(clinician, walter))
    choose(page, "A code by e-mail")
    page.get_by_label("Your e-mail address").fill("walter@home.example")
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("The code from the e-mail").fill(code_in(mail.outbox[-1]))
    page.get_by_role("button", name="Go to my page").click()
    arrived(page)
    sign_out(page)
    page.get_by_role("link", name="E-mail me a sign-in code").click()
    page.locator("[name=email]").fill("walter@home.example")
    page.get_by_role("button", name="Send the code").click()
    page.locator("[name=code]").fill(code_in(mail.outbox[-1]))
    page.get_by_role("button", name="Sign in", exact=True).click()
    is_in(page)


def by_password(page, clinician, walter):
    to_the_choice(page, link_for(clinician, walter))
    choose(page, "A password")
    page.get_by_label("Your e-mail address").fill("walter@home.example")
    page.get_by_label("Choose a password").fill("three quiet otters")
    page.get_by_role("button", name="Go to my page").click()
    arrived(page)
    sign_out(page)
    page.locator("[name=login]").fill("walter@home.example")
    page.locator("[name=password]").fill("three quiet otters")
    page.get_by_role("button", name="Sign in", exact=True).click()
    is_in(page)


def by_pin(page, clinician, walter):
    to_the_choice(page, link_for(clinician, walter))
    choose(page, "A PIN")
    page.get_by_label("Choose 6 digits").fill("270581")
    page.get_by_role("button", name="Go to my page").click()
    arrived(page)
    sign_out(page)
    page.get_by_label("Your PIN").fill("270581")
    page.locator("form", has_text="Your PIN").get_by_role("button", name="Sign in").click()
    is_in(page)


@pytest.mark.parametrize("way", [by_code, by_password])
def test_other_ways(way, page, clinician, walter):
    way(page, clinician, walter)


@pytest.mark.parametrize("way", [by_pin, by_code, by_password])
def test_ways_without_javascript(way, chromium, site, clinician, walter, console):
    context = device(chromium, site, viewport=PHONE, java_script_enabled=False)
    console.listen(context)
    way(context.new_page(), clinician, walter)
    context.close()


def test_pages_fit_a_narrow_phone(page, clinician, walter, assert_accessible):
    page.set_viewport_size(SMALL)
    link = link_for(clinician, walter)
    to_the_choice(page, link)
    assert fits(page)
    for name in ("A PIN", "A code by e-mail", "A password"):
        choose(page, name)
        assert fits(page), name
        page.get_by_role("button", name="Choose another way").click()
    choose(page, "A PIN")
    page.get_by_label("Choose 6 digits").fill("270581")
    page.get_by_role("button", name="Go to my page").click()
    arrived(page)
    for path in (
        "/today/first-steps/?step=2",
        "/today/first-steps/?step=3",
        "/my-sign-in/",
        "/my-sign-in/still-you/",
    ):
        page.goto(path)
        assert fits(page), path
    sign_out(page)
    assert fits(page)


def test_lost_phone(page, phone, sign_in, clinician, walter, assert_accessible):
    by_pin(phone, clinician, walter)
    sign_in(clinician.user)
    page.goto(f"/clinic/patients/{walter.uuid}/")
    page.get_by_text("Lost phone, or no way in").click()
    assert_accessible(page)
    page.get_by_role("button", name="Sign out and make a new link").click()
    expect(page.get_by_role("heading", name="Your personal link")).to_be_visible()
    assert_accessible(page)

    phone.goto("/today/")
    expect(phone.get_by_role("heading", name="Welcome back")).to_be_visible()
    expect(phone.get_by_label("Your PIN")).to_have_count(0)
    assert not PinDevice.objects.exists()

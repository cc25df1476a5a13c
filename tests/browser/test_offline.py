"""A patient's own phone without a network: pages open, taps are kept and said to be kept, and each arrives once."""

import re

import pytest
from playwright.sync_api import expect

from clinic.offline.models import LateTap
from clinic.today.models import CheckOff, Session
from tests.browser.conftest import PHONE, device
from tests.factories import catalogue, people, plans

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = "Saved on this phone. It will be sent when you are online."
NO_NETWORK = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to fetch")


@pytest.fixture
def context(chromium, site, console):
    made = device(chromium, site, viewport=PHONE, service_workers="allow")
    console.listen(made)
    yield made
    made.close()
    console.forgive(*NO_NETWORK)


@pytest.fixture
def patient():
    clinic = people.clinic("Spine INA")
    clinician = people.clinician(clinic)
    patient = people.patient(clinic, lead=clinician)
    lines = [
        plans.Line(catalogue.exercise("bridge"), "3 x 10 5s"),
        plans.Line(catalogue.exercise("bird-dog"), "2 x 6"),
    ]
    plans.published(patient, by=clinician.user, lines=lines)
    return patient


@pytest.fixture
def own_phone(page, sign_in, patient):
    """A phone whose owner said that it is theirs, and who then looked at Today."""
    sign_in(patient.user)
    page.goto("/phone/")
    page.get_by_role("button", name="Yes, this is my own phone").click()
    expect(page.get_by_text("Your plan is kept on this phone.").first).to_be_visible()
    page.goto("/today/")
    expect(page.get_by_role("heading", name="Bridge")).to_be_visible()
    keeps(page, "/today/exercise/", 2)
    return page


def keeps(page, path, count):
    """Waits until the phone keeps so many pages below that address."""
    page.evaluate(
        """async ([path, count]) => {
          const kept = async () => (await (await caches.open("own-pages")).keys()).map(({ url }) => new URL(url).pathname);
          while ((await kept()).filter((each) => each.startsWith(path)).length < count) {
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        }""",
        [path, count],
    )


def bridge(page, name):
    return page.locator(".ex", has=page.get_by_role("heading", name="Bridge")).get_by_role("button", name=name)


def says(page, text):
    expect(page.locator("#waits")).to_contain_text(text)


def test_day_without_a_network_arrives_once_after_the_page_was_closed(own_phone, context, assert_accessible):
    context.set_offline(True)
    own_phone.reload()
    says(own_phone, "You are offline, or the internet is slow. This page is as it was")
    bridge(own_phone, "Set 1").click()
    expect(bridge(own_phone, "Set 1")).to_have_attribute("aria-pressed", "true")
    expect(own_phone.locator(".ex", has_text="Bridge").locator(".waits")).to_have_text(KEPT)
    bridge(own_phone, "Set 2").click()
    bridge(own_phone, "Set 2").click()
    expect(bridge(own_phone, "Set 2")).to_have_attribute("aria-pressed", "false")
    after = own_phone.locator("#after")
    after.get_by_role("button", name=re.compile("More: How did your back")).click()
    after.get_by_label("Anything your clinician should know?").fill("At the lake")
    after.get_by_role("button", name="Save").click()
    says(own_phone, "4 things wait to be sent.")
    assert_accessible(own_phone)
    assert not CheckOff.objects.exists()

    own_phone.get_by_role("link", name="Bridge", exact=True).click()
    expect(own_phone.get_by_role("heading", level=1)).to_have_text("Bridge")
    expect(own_phone.get_by_role("heading", name="How to do it")).to_be_visible()
    expect(own_phone.get_by_role("button", name="Set 1")).to_have_attribute("aria-pressed", "true")
    own_phone.close()

    context.set_offline(False)
    again = context.new_page()
    again.goto("/today/")
    says(again, "All sent.")
    expect(bridge(again, "Set 1")).to_have_attribute("aria-pressed", "true")
    tick = CheckOff.objects.get()
    assert tick.set_number == 1
    said = Session.objects.get()
    assert (said.pain_worst, said.comment) == (0, "At the lake")
    assert LateTap.objects.count() == 4

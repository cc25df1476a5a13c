"""A network of 400 ms and 50 KB a second: Today is usable, a tap shows at once, and what is not saved is not called so."""

import re

import pytest
from playwright.sync_api import expect

from clinic.offline.models import LateTap
from clinic.today.models import CheckOff, Session
from tests.browser.conftest import PHONE, device
from tests.browser.test_offline import arrived, bridge, own_phone, patient, says

__all__ = ["own_phone", "patient"]

pytestmark = pytest.mark.django_db(transaction=True)
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
STUCK = SLOW | {"latency": 60_000}


@pytest.fixture
def network(page):
    """Makes the network of the page as slow as said."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")
    return lambda conditions: cdp.send("Network.emulateNetworkConditions", conditions)


@pytest.fixture
def slow(page, sign_in, patient, network):
    """Somebody's phone that keeps nothing: a worker would fetch past the slowness."""
    sign_in(patient.user)
    network(SLOW)
    page.goto("/today/", timeout=30_000)
    return page


def test_today_can_be_used_while_the_rest_still_comes(page, sign_in, patient, network):
    sign_in(patient.user)
    network(SLOW)
    page.goto("/today/", wait_until="commit")

    expect(page.get_by_role("heading", name="Bridge")).to_be_visible(timeout=3000)
    # Before the script is there the button sends its form, and the click ends with the page that comes back.
    bridge(page, "Set 1").click(timeout=30_000)
    expect(bridge(page, "Set 1")).to_have_attribute("aria-pressed", "true", timeout=30_000)
    assert CheckOff.objects.count() == 1


def test_tap_shows_at_once_as_on_its_way_and_as_done_when_it_is(slow):
    held = []

    def hold(route):
        held.append(route)

    slow.route("**/today/check/", hold, times=1)
    bridge(slow, "Set 1").click()
    bridge(slow, "Set 2").click()

    expect(slow.locator(".set.going")).to_have_count(2, timeout=300)
    expect(bridge(slow, "Set 1")).to_have_attribute("aria-pressed", "false")
    expect(slow.locator(".saving")).to_have_text("Saving…")
    assert not CheckOff.objects.exists()

    held.pop().continue_()
    for name in ("Set 1", "Set 2"):
        expect(bridge(slow, name)).to_have_attribute("aria-pressed", "true")
    expect(slow.locator(".going, .saving")).to_have_count(0)


def test_double_taps_on_a_slow_network_do_not_double(slow):
    bridge(slow, "Set 1").dblclick()
    bridge(slow, "Set 2").dblclick()
    bridge(slow, "Set 1").click()

    expect(slow.locator(".going")).to_have_count(0)
    for name in ("Set 1", "Set 2"):
        expect(bridge(slow, name)).to_have_attribute("aria-pressed", "true")
    expect(slow.locator(".saving")).to_have_count(0)
    assert sorted(CheckOff.objects.values_list("set_number", flat=True)) == [1, 2]


def waited_for(page, is_so):
    for _ in range(200):
        if is_so():
            return
        page.wait_for_timeout(50)


def test_page_left_with_taps_on_their_way_loses_none(slow):
    bridge(slow, "Set 1").click()
    bridge(slow, "Set 2").click()
    slow.goto("about:blank")

    waited_for(slow, lambda: CheckOff.objects.count() == 2)
    assert sorted(CheckOff.objects.values_list("set_number", flat=True)) == [1, 2]


def test_answers_on_their_way_outlive_the_page(slow):
    after = slow.locator("#after")
    after.get_by_label("Anything your clinician should know?").fill("On the train")
    after.get_by_role("button", name="Save").click()
    slow.goto("about:blank")

    waited_for(slow, Session.objects.exists)
    assert Session.objects.get().comment == "On the train"


class TestOwnPhone:
    """The tap stands on the disk before it is on its way."""

    @pytest.fixture
    def context(self, chromium, site, console):
        made = device(chromium, site, viewport=PHONE, service_workers="allow")
        console.listen(made)
        yield made
        made.close()
        console.forgive("ERR_", "Failed to fetch", "htmx:", "Not sent yet")

    def test_phone_that_goes_off_with_a_tap_on_its_way_sends_it_later(self, own_phone, context):
        context.route("**/today/check/", lambda route: None)  # on its way for ever
        bridge(own_phone, "Set 1").click()
        expect(own_phone.locator(".set.going")).to_have_count(1)
        own_phone.evaluate("async () => { while (!(await queue.size())); }")
        own_phone.evaluate("() => { self.fetch = () => Promise.reject(new Error('off')); }")
        own_phone.close()
        assert not CheckOff.objects.exists()

        again = context.new_page()
        again.goto("/today/")
        arrived(again, 1)
        expect(bridge(again, "Set 1")).to_have_attribute("aria-pressed", "true")
        assert CheckOff.objects.count() == 1
        assert LateTap.objects.get().refusal == ""
        context.unroute_all(behavior="ignoreErrors")

    def test_tap_that_was_answered_waits_no_longer(self, own_phone):
        bridge(own_phone, "Set 1").click()
        expect(bridge(own_phone, "Set 1")).to_have_attribute("aria-pressed", "true")
        own_phone.evaluate(
            "async () => { while (await queue.size()) await new Promise((resolve) => setTimeout(resolve, 20)); }"
        )

        own_phone.reload()
        expect(bridge(own_phone, "Set 1")).to_have_attribute("aria-pressed", "true")
        expect(own_phone.locator("#waits")).to_have_count(0)
        assert not LateTap.objects.exists()

    def test_slow_network_says_what_is_only_on_the_phone(self, own_phone, network):
        network(STUCK)
        own_phone.evaluate("htmx.config.timeout = 1000")
        bridge(own_phone, "Set 1").click()

        says(own_phone, "1 thing waits to be sent.")
        expect(own_phone.locator(".waits")).to_have_text(re.compile("Saved on this phone"))

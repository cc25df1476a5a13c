"""The evening before, a phone keeps the next day: it opens after midnight without a network, and its ticks are the new day's."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from playwright.sync_api import expect

from clinic.offline.models import LateTap
from clinic.today.models import CheckOff
from tests.browser.test_offline import arrived, bridge, context, keeps, patient, says

__all__ = ["context", "patient"]

pytestmark = pytest.mark.django_db(transaction=True)
KEEPS_AHEAD = """async (count) => {
  const ahead = async () => (await (await caches.open("own-pages")).keys()).filter(({ url }) => url.endsWith("?ahead=1"));
  while ((await ahead()).length < count) await new Promise((resolve) => setTimeout(resolve, 50));
}"""


@pytest.fixture
def tomorrow(patient):
    return patient.local_day() + timedelta(days=1)


@pytest.fixture
def in_the_evening(page, sign_in, patient):
    """An own phone whose owner looked at Today, and which has kept the next day as well."""
    sign_in(patient.user)
    page.goto("/phone/")
    page.get_by_role("button", name="Yes, this is my own phone").click()
    expect(page.get_by_text("Your plan is kept on this phone.").first).to_be_visible()
    page.goto("/today/")
    keeps(page, "/today/exercise/", 2)
    page.evaluate(KEEPS_AHEAD, 3)
    return page


def wakes_on(page, context, day):
    """The phone's clock, for its pages and for the worker, whose clock no test can set: what was kept is a day older."""
    moved = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=8)
    page.evaluate(
        """async (hours) => {
          const pages = await caches.open("own-pages");
          for (const request of await pages.keys()) {
            const found = await pages.match(request);
            if (!found.headers.has("Kept-At")) continue;
            const headers = new Headers(found.headers);
            headers.set("Kept-At", new Date(Date.parse(headers.get("Kept-At")) - hours * 36e5).toISOString());
            if (headers.has("Begins")) headers.set("Begins", Number(headers.get("Begins")) - hours * 36e5);
            await pages.put(request, new Response(await found.arrayBuffer(), { headers }));
          }
        }""",
        24,
    )
    context.clock.set_fixed_time(moved)
    return moved


def test_new_day_opens_without_a_network_and_its_ticks_are_its_own(
    in_the_evening, context, patient, tomorrow, assert_accessible
):
    page = in_the_evening
    bridge(page, "Set 1").click()
    expect(bridge(page, "Set 1")).to_have_attribute("aria-pressed", "true")
    context.set_offline(True)
    morning = wakes_on(page, context, tomorrow)
    page.goto("/today/")

    says(page, "This page is as it was")
    expect(page.locator("#waits")).not_to_contain_text("What you tick here counts for")
    expect(page.locator("#ahead")).to_have_count(0)
    expect(page.locator(".eyebrow").first).to_contain_text(f"{tomorrow:%A} {tomorrow.day}")
    expect(bridge(page, "Set 1")).to_have_attribute("aria-pressed", "false")
    bridge(page, "Set 1").click()
    expect(bridge(page, "Set 1")).to_have_attribute("aria-pressed", "true")
    assert_accessible(page)
    page.get_by_role("link", name="Bridge", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bridge")
    expect(page.get_by_role("button", name="Set 1")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Set 2").click()
    says(page, "2 things wait to be sent.")

    with time_machine.travel(morning):
        context.set_offline(False)
        arrived(page, 2)
    assert {tap.refusal for tap in LateTap.objects.all()} == {""}
    ticks = CheckOff.objects.filter(day=tomorrow)
    assert sorted(ticks.values_list("set_number", flat=True)) == [1, 2]
    assert not any(tap.is_skewed for tap in LateTap.objects.all())
    assert CheckOff.objects.exclude(day=tomorrow).count() == 1


def test_on_the_evening_itself_it_is_still_today_that_opens(in_the_evening, context, patient):
    context.set_offline(True)
    in_the_evening.goto("/today/")

    says(in_the_evening, "This page is as it was")
    today = patient.local_day()
    expect(in_the_evening.locator(".eyebrow").first).to_contain_text(f"{today:%A} {today.day}")
    in_the_evening.goto("/today/?ahead=1")
    expect(in_the_evening.locator("#ahead")).to_contain_text("You can tick it off on that day.")


def test_page_that_was_opened_on_the_new_day_is_newer_than_the_one_kept_ahead(in_the_evening, context, tomorrow):
    page = in_the_evening
    wakes_on(page, context, tomorrow)
    bridge(page, "Set 1").click()
    expect(bridge(page, "Set 1")).to_have_attribute("aria-pressed", "true")
    page.goto("/today/", wait_until="networkidle")
    context.set_offline(True)
    page.reload()

    says(page, "This page is as it was")
    expect(bridge(page, "Set 1")).to_have_attribute("aria-pressed", "true")

"""A patient's own phone without a network: pages open, taps are kept and said to be kept, and each arrives once."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session as SignIn
from django.utils import timezone
from playwright.sync_api import expect

from clinic.offline.models import LateTap
from clinic.reminders.models import Sending
from clinic.today.models import CheckOff, Session
from tests.browser.conftest import PHONE, device
from tests.factories import catalogue, people, plans

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = "Saved on this phone. It will be sent when you are online."
# The notification on the screen, waited for longer than the worker waits for the words.
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  for (let tries = 0; tries < 200; tries += 1) {
    const [shown] = await registration.getNotifications();
    if (shown) return [shown.title, shown.body, shown.data.url];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}"""
NO_NETWORK = (
    "ERR_INTERNET_DISCONNECTED",
    "ERR_FAILED",
    "Failed to fetch",
    "htmx:afterRequest",
    "htmx:sendError",
    "Not sent yet",
)


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
    """Waits until the phone keeps so many pages below that address, for the same day."""
    page.evaluate(
        """async ([path, count]) => {
          const kept = async () => (await (await caches.open("own-pages")).keys()).map(({ url }) => new URL(url));
          const isOfToday = ({ pathname, search }) => pathname.startsWith(path) && !search;
          while ((await kept()).filter(isOfToday).length < count) {
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        }""",
        [path, count],
    )


def bridge(page, name):
    return page.locator(".ex", has=page.get_by_role("heading", name="Bridge")).get_by_role("button", name=name)


def arrived(page, count):
    """Waits until so many taps are with the server: sent by the page, or by the worker before a page was open."""
    for _ in range(160):
        if LateTap.objects.count() == count:
            return
        page.wait_for_timeout(50)
    assert LateTap.objects.count() == count


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
    expect(bridge(again, "Set 1")).to_have_attribute("aria-pressed", "true")
    arrived(again, 4)
    again.reload()
    expect(bridge(again, "Set 1")).to_have_attribute("aria-pressed", "true")
    expect(again.locator(".waits")).to_have_count(0)
    tick = CheckOff.objects.get()
    assert tick.set_number == 1
    said = Session.objects.get()
    assert (said.pain_worst, said.comment) == (0, "At the lake")


def test_without_saying_so_nothing_is_kept_and_the_page_says_what_it_needs(page, context, sign_in, patient, console):
    sign_in(patient.user)
    page.goto("/today/")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    context.set_offline(True)
    bridge(page, "Set 1").click()
    expect(page.get_by_text("Not saved.")).to_be_visible()
    expect(bridge(page, "Set 1")).to_have_attribute("aria-pressed", "false")

    page.reload()
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    kept = page.evaluate(
        """async () => [Object.keys(localStorage), await caches.has("own-pages"),
          (await (await caches.match("/offline/")).text()).includes("data-owner")]"""
    )
    assert kept == [[], False, False]
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0


def test_taps_of_two_tabs_arrive_once_each(own_phone, context):
    other = context.new_page()
    other.goto("/today/")
    context.set_offline(True)
    for each in (own_phone, other):
        bridge(each, "Set 1").click()
        says(each, "to be sent.")
    bridge(other, "Set 3").click()
    expect(bridge(other, "Set 3")).to_have_attribute("aria-pressed", "true")

    context.set_offline(False)
    says(own_phone, "All sent.")
    expect(bridge(own_phone, "Set 3")).to_have_attribute("aria-pressed", "true")
    assert sorted(CheckOff.objects.values_list("set_number", flat=True)) == [1, 3]
    assert LateTap.objects.count() == 3


def test_tap_whose_answer_was_lost_is_kept_and_stored_once(own_phone, context):
    def lose_the_answer(route):
        route.fetch()
        route.abort()

    context.route("**/today/check/", lose_the_answer, times=1)
    bridge(own_phone, "Set 1").click()
    says(own_phone, "All sent.")

    expect(bridge(own_phone, "Set 1")).to_have_attribute("aria-pressed", "true")
    assert CheckOff.objects.get().set_number == 1
    assert LateTap.objects.get().refusal == ""


def test_answer_to_the_queue_that_was_lost_is_asked_for_again(own_phone, context):
    lost = []

    def lose_the_answer(route):
        route.fetch()
        lost.append(route)
        route.abort()

    context.set_offline(True)
    bridge(own_phone, "Set 1").click()
    says(own_phone, "1 thing waits to be sent.")
    context.route("**/today/sync/", lose_the_answer, times=1)
    context.set_offline(False)
    own_phone.reload()

    says(own_phone, "All sent.")
    assert CheckOff.objects.count() == LateTap.objects.count() == 1


def test_sign_in_that_ended_meanwhile_loses_nothing(own_phone, context, sign_in, patient, console):
    SignIn.objects.all().delete()
    bridge(own_phone, "Set 1").click()
    says(own_phone, "1 thing waits to be sent.")
    link = own_phone.get_by_role("link", name="Sign in to send")
    expect(link).to_have_attribute("href", "/accounts/login/?next=%2Ftoday%2F")
    link.click()
    own_phone.locator("[name=login]").fill(patient.user.email)
    own_phone.locator("[name=password]").fill(people.PASSWORD)
    own_phone.get_by_role("button", name="Sign in", exact=True).click()

    says(own_phone, "All sent.")
    expect(bridge(own_phone, "Set 1")).to_have_attribute("aria-pressed", "true")
    assert CheckOff.objects.count() == 1
    console.forgive("401")


def sign_out(page):
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Sign out").click()


def storage_of(page):
    return page.evaluate(
        """async () => [await caches.has("own-pages"), Object.keys(localStorage),
          (await indexedDB.databases()).map(({ name }) => name)]"""
    )


def test_signing_out_asks_first_sends_and_clears_the_phone(own_phone, context, assert_accessible):
    context.set_offline(True)
    bridge(own_phone, "Set 1").click()
    says(own_phone, "1 thing waits to be sent.")
    sign_out(own_phone)
    dialog = own_phone.get_by_role("dialog", name="1 thing waits to be sent")
    expect(dialog).to_be_visible()
    assert_accessible(own_phone)
    dialog.get_by_role("button", name="Send, then sign out").click()
    expect(dialog).to_contain_text("They cannot be sent now.")

    context.set_offline(False)
    dialog.get_by_role("button", name="Send, then sign out").click()
    own_phone.wait_for_url("**/")
    expect(own_phone.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    assert CheckOff.objects.count() == 1
    assert storage_of(own_phone) == [False, [], []]


def test_what_is_kept_on_signing_out_stays_sealed_to_its_owner(own_phone, context, sign_in, patient, console):
    other = people.patient(patient.clinic, "Tom", "Okafor")
    plans.published(other, by=patient.user, exercises=[catalogue.exercise("plank")])
    context.set_offline(True)
    bridge(own_phone, "Set 1").click()
    says(own_phone, "1 thing waits to be sent.")
    sign_out(own_phone)
    own_phone.get_by_role("button", name="Keep until I sign in again").click()
    expect(own_phone.get_by_role("heading", name="No connection")).to_be_visible()
    own_phone.goto("/today/")
    expect(own_phone.get_by_role("heading", name="No connection")).to_be_visible()

    context.set_offline(False)
    own_phone.goto("/today/")  # the session ends before anything else
    expect(own_phone.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    sign_in(other.user)
    own_phone.goto("/today/")
    expect(own_phone.get_by_role("heading", name="Plank")).to_be_visible()
    own_phone.get_by_role("button", name="Set 1").click()
    expect(own_phone.get_by_role("button", name="Set 1")).to_have_attribute("aria-pressed", "true")
    assert set(CheckOff.objects.values_list("patient", flat=True)) == {other.pk}
    expect(own_phone.locator("#waits")).to_have_count(0)

    context.clear_cookies()
    sign_in(patient.user)
    own_phone.goto("/today/")
    says(own_phone, "All sent.")
    assert CheckOff.objects.filter(patient=patient).count() == 1
    assert LateTap.objects.get().patient == patient


def test_next_person_sees_nothing_of_the_one_before(own_phone, context, sign_in, patient):
    other = people.patient(patient.clinic, "Tom", "Okafor")
    context.set_offline(True)
    bridge(own_phone, "Set 1").click()
    says(own_phone, "1 thing waits to be sent.")
    own_phone.goto("about:blank")
    context.clear_cookies()
    SignIn.objects.all().delete()
    context.set_offline(False)
    sign_in(other.user)

    own_phone.goto("/today/")
    expect(own_phone.get_by_text("No plan yet")).to_be_visible()
    own_phone.evaluate(
        """async () => { while (await caches.has("own-pages")) await new Promise((resolve) => setTimeout(resolve, 50)); }"""
    )
    context.set_offline(True)
    own_phone.goto("/today/")
    expect(own_phone.get_by_role("heading", name="No connection")).to_be_visible()
    assert not CheckOff.objects.exclude(patient=patient).exists()
    assert not LateTap.objects.exclude(patient=patient).exists()


def test_what_is_refused_for_good_is_shown_with_what_was_typed(own_phone, context, patient, assert_accessible):
    context.set_offline(True)
    own_phone.evaluate(
        "day => document.querySelectorAll('[name=day]').forEach((field) => (field.value = day))",
        (patient.local_day() - timedelta(days=9)).isoformat(),
    )
    after = own_phone.locator("#after")
    after.get_by_label("Anything your clinician should know?").fill("It pulled in my leg")
    after.get_by_role("button", name="Save").click()
    says(own_phone, "1 thing waits to be sent.")
    context.set_offline(False)
    own_phone.reload()

    says(own_phone, "is more than a week ago")
    says(own_phone, "You wrote: “It pulled in my leg”")
    assert_accessible(own_phone)
    own_phone.get_by_role("button", name="OK, I have seen it").click()
    expect(own_phone.locator("#waits .warn")).to_have_count(0)
    assert LateTap.objects.get().refusal


def test_phone_that_can_keep_nothing_never_shows_a_false_tick(own_phone, context):
    own_phone.add_init_script("IDBObjectStore.prototype.put = () => { throw new Error('quota') }")
    own_phone.reload()
    context.set_offline(True)
    bridge(own_phone, "Set 1").click()

    expect(own_phone.get_by_text("This phone cannot keep it, so it needs a connection.")).to_be_visible()
    expect(bridge(own_phone, "Set 1")).to_have_attribute("aria-pressed", "false")


def test_worker_that_was_stopped_wakes_for_the_next_page(own_phone, context, chromium):
    context.set_offline(True)
    cdp = context.new_cdp_session(own_phone)
    cdp.send("ServiceWorker.enable")
    cdp.send("ServiceWorker.stopAllWorkers")
    own_phone.reload()

    says(own_phone, "This page is as it was")
    expect(own_phone.get_by_role("heading", name="Bridge")).to_be_visible()


def test_slow_network_shows_the_kept_page(own_phone, context):
    context.route("**/today/", lambda route: None)  # answered by nobody
    own_phone.reload(wait_until="commit")
    says(own_phone, "or the internet is slow. This page is as it was")
    expect(own_phone.get_by_role("heading", name="Bridge")).to_be_visible()
    context.unroute_all(behavior="ignoreErrors")


def knocked(page, context, site):
    """What the device shows after a push, which is empty. A push may get lost before it reaches the worker: then it is
    sent again, as a push service does."""
    context.grant_permissions(["notifications"], origin=site)
    cdp = context.new_cdp_session(page)
    found = {}
    cdp.on("ServiceWorker.workerRegistrationUpdated", lambda said: found.update(said["registrations"][0]))
    cdp.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.ready")
    push = {"origin": site, "registrationId": found["registrationId"], "data": ""}
    for _ in range(3):
        cdp.send("ServiceWorker.deliverPushMessage", push)
        if shown := page.evaluate(SHOWN):
            return shown
    return None


def test_nudge_at_the_desk_does_not_read_like_a_reminder(own_phone, context, site, patient):
    now = timezone.now()
    Sending.objects.create(
        patient=patient,
        day=patient.local_day(),
        kind="break",
        way="push",
        state="claimed",
        begun_at=now,
        claimed_at=now,
    )

    assert knocked(own_phone, context, site) == ["Backwell", "Time to get up for a minute?", "/today/"]


def test_knock_at_a_phone_that_reaches_nobody_says_what_fits_everybody(own_phone, context, site):
    SignIn.objects.all().delete()

    assert knocked(own_phone, context, site) == ["Backwell", "Time for your exercises?", "/today/"]


def test_staffs_pages_are_never_kept(page, sign_in, patient, context):
    sign_in(patient.care_team.get().clinician.user)
    page.goto("/clinic/")
    page.evaluate("document.readyState")

    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0

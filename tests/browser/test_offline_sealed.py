"""What a patient's own phone keeps cannot be read where it lies, and goes with the sign-in."""

import pytest
from django.contrib.sessions.models import Session as SignIn
from playwright.sync_api import expect

from clinic.today.models import CheckOff
from tests.browser.test_offline import bridge, context, own_phone, patient, says, sign_out

__all__ = ["context", "own_phone", "patient"]

pytestmark = pytest.mark.django_db(transaction=True)

# All that lies on the phone, as somebody would find it who copies it: pages, pictures, rows, notes.
READ = """async () => {
  const lies = [];
  for (const name of await caches.keys()) {
    if (name.startsWith("shell-")) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) lies.push(request.url, await (await cache.match(request)).text());
  }
  const { result } = await new Promise((resolve) => {
    const asked = indexedDB.open("backwell");
    asked.onsuccess = () => resolve(asked);
  });
  for (const store of result.objectStoreNames) {
    const all = result.transaction(store).objectStore(store).getAll();
    await new Promise((resolve) => (all.onsuccess = resolve));
    for (const row of all.result) {
      lies.push(JSON.stringify(row), row.sealed ? new TextDecoder().decode(row.sealed) : "");
      if (row instanceof CryptoKey) lies.push(`key:${row.extractable}:${await crypto.subtle.exportKey("raw", row).catch((e) => e.name)}`);
    }
  }
  result.close();
  return lies.concat(Object.entries({ ...localStorage, ...sessionStorage }).flat()).join("\\n");
}"""


def test_nothing_that_lies_on_the_phone_can_be_read(own_phone, context, patient):
    context.set_offline(True)
    own_phone.reload()
    bridge(own_phone, "Set 1").click()
    after = own_phone.locator("#after")
    after.get_by_label("Anything your clinician should know?").fill("At the lake")
    after.get_by_role("button", name="Save").click()
    says(own_phone, "2 things wait to be sent.")

    lies = own_phone.evaluate(READ)

    assert lies.count("key:false:InvalidAccessError") == 2
    for readable in ("Bridge", "At the lake", patient.first_name, "<html", "<svg", "pain_worst", "session_say"):
        assert readable not in lies, readable
    own_phone.reload()
    expect(bridge(own_phone, "Set 1")).to_have_attribute("aria-pressed", "true")
    expect(own_phone.get_by_label("Anything your clinician should know?")).to_have_value("At the lake")


def test_sign_in_that_was_taken_away_takes_the_kept_pages_with_it(own_phone, context, console):
    SignIn.objects.all().delete()
    bridge(own_phone, "Set 1").click()
    says(own_phone, "1 thing waits to be sent.")
    own_phone.goto("/today/")
    expect(own_phone.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    own_phone.evaluate(
        "async () => { while (await caches.has('own-pages')) await new Promise((resolve) => setTimeout(resolve, 50)); }"
    )

    assert own_phone.evaluate(READ).count("key:") == 1  # of the tap that waits for its owner
    context.set_offline(True)
    own_phone.goto("/today/")
    expect(own_phone.get_by_role("heading", name="No connection")).to_be_visible()
    console.forgive("401")


def test_page_without_its_key_is_not_shown(own_phone, context):
    own_phone.evaluate(
        """() => new Promise((resolve) => {
          const asked = indexedDB.open("backwell");
          asked.onsuccess = () => {
            const notes = asked.result.transaction("notes", "readwrite").objectStore("notes");
            notes.clear().onsuccess = () => resolve(asked.result.close());
          };
        })"""
    )
    context.set_offline(True)
    own_phone.reload()

    expect(own_phone.get_by_role("heading", name="No connection")).to_be_visible()


def test_page_older_than_any_sign_in_is_thrown_away(own_phone, context):
    own_phone.evaluate(
        """async () => {
          const pages = await caches.open("own-pages");
          const found = await pages.match("/today/");
          const headers = new Headers(found.headers);
          headers.set("Kept-At", new Date(Date.now() - 31 * 864e5).toISOString());
          await pages.put("/today/", new Response(await found.arrayBuffer(), { headers }));
        }"""
    )
    context.set_offline(True)
    own_phone.reload()

    expect(own_phone.get_by_role("heading", name="No connection")).to_be_visible()
    assert not own_phone.evaluate("caches.has('own-pages')")


def test_what_an_earlier_version_kept_readable_goes_and_its_taps_arrive(own_phone, context, patient):
    own_phone.evaluate(
        """async ([owner, tick, day]) => {
          const pages = await caches.open("own-pages");
          await pages.put("/today/plan/", new Response("<html>Readable", { headers: { "Kept-At": new Date().toISOString() } }));
          await new Promise((resolve) => {
            const asked = indexedDB.open("backwell");
            asked.onsuccess = () => {
              const tap = { key: crypto.randomUUID(), owner, kind: "check", at: new Date().toISOString(), number: 0 };
              const taps = asked.result.transaction("taps", "readwrite").objectStore("taps");
              taps.put({ ...tap, said: { tick: [tick], day: [day] } }).onsuccess = () => resolve(asked.result.close());
            };
          });
          // The worker of the new version takes over.
          await (await navigator.serviceWorker.getRegistration()).unregister();
        }""",
        [patient.device_key, bridge(own_phone, "Set 1").get_attribute("value"), patient.local_day().isoformat()],
    )
    own_phone.goto("/help/")
    own_phone.evaluate(
        """async () => {
          await navigator.serviceWorker.ready;
          const isReadable = async () => (await (await (await caches.open("own-pages")).match("/today/plan/"))?.text())?.startsWith("<html>");
          while (await isReadable()) await new Promise((resolve) => setTimeout(resolve, 50));
        }"""
    )
    own_phone.goto("/today/")
    expect(bridge(own_phone, "Set 1")).to_have_attribute("aria-pressed", "true")
    assert CheckOff.objects.count() == 1


def test_signing_out_while_taps_stay_throws_the_key_of_the_pages_away(own_phone, context):
    context.set_offline(True)
    bridge(own_phone, "Set 1").click()
    says(own_phone, "1 thing waits to be sent.")
    sign_out(own_phone)
    own_phone.get_by_role("button", name="Keep until I sign in again").click()
    expect(own_phone.get_by_role("heading", name="No connection")).to_be_visible()

    assert own_phone.evaluate(READ).count("key:") == 1


def test_address_that_is_not_secure_keeps_nothing_and_says_so(page, context, sign_in, patient, assert_accessible):
    """As on a clinic's own network without https: no worker, no means to seal."""
    sign_in(patient.user)
    page.add_init_script(
        """Object.defineProperty(self, "isSecureContext", { value: false });
        Object.defineProperty(Crypto.prototype, "subtle", { value: undefined });
        Object.defineProperty(Navigator.prototype, "serviceWorker", { value: undefined });
        Object.defineProperty(self, "caches", { value: undefined });"""
    )
    page.goto("/phone/")

    expect(page.get_by_text("nothing is kept")).to_be_visible()
    expect(page.get_by_role("button", name="Yes, this is my own phone")).to_be_hidden()
    assert_accessible(page)
    assert page.evaluate("Object.keys(localStorage)") == []

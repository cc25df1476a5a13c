"""Whole journeys in a real Chromium. A test asks for `page`, signs somebody in, and walks.

A page that logs an error or a warning, breaks the Content-Security-Policy or asks for something that does not come
fails its test. Nothing is fetched from another host: names other than localhost do not resolve.
"""

import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.core.management import call_command
from django.db import connection
from django.test import Client
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from clinic.demo import seed

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-component-update",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM:
        if os.environ.get("BROWSER_TESTS") == "required":
            pytest.fail("There is no Chromium, and BROWSER_TESTS=required. Install the Debian package chromium.")
        pytest.skip("There is no Chromium here: browser tests are left out.")
    # Playwright runs an event loop in the test's thread, where Django would refuse to touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demo clinic as `make demo` fills it, served, for all tests of a module, which share its data.

    A module that walks through it has its own `db` and `site`: see the ones of test_every_page.py.
    """
    # Where no test asks for `db`, there is no test database, and this would be the developer's own.
    assert "test" in Path(str(connection.settings_dict["NAME"])).name
    with django_db_blocker.unblock():
        call_command("load_catalogue", verbosity=0)
        call_command("load_protocols", verbosity=0)
        seed.seed(datetime.now(ZoneInfo(seed.ZONE)).date())
        server = LiveServer("localhost")
        try:
            yield server
        finally:
            server.stop()
            call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def site(live_server):
    """Where the pages are. A module that walks through the demo clinic says `demo.url` instead."""
    return live_server.url


@pytest.fixture
def viewport():
    """A phone, unless a module says otherwise."""
    return PHONE


class Complaints(list):
    """What the pages of a test complained of."""

    def listen(self, context):
        context.on("console", self._said)
        context.on("weberror", lambda error: self.append(str(error.error)))
        context.on("requestfailed", self._failed)

    def _said(self, message):
        if message.type in ("error", "warning") and "blocked by Playwright" not in message.text:
            self.append(f"{message.text} ({message.location['url']}:{message.location['lineNumber']})")

    def _failed(self, request):
        # Chromium calls it that when a page is left, or when htmx drops an answer nobody waits for any more.
        if request.failure != "net::ERR_ABORTED":
            self.append(f"{request.url}: {request.failure}")

    def forgive(self, *parts):
        """Drops what had to come: Chromium complains of every answer that is 4xx or 5xx."""
        self[:] = [said for said in self if not any(part in said for part in parts)]


@pytest.fixture
def console():
    complaints = Complaints()
    yield complaints
    assert complaints == []


def device(chromium, url, **options):
    """A browser of its own, as somebody in London holds it."""
    settings = {
        "reduced_motion": "reduce", "locale": "en-GB", "timezone_id": "Europe/London",
        # A worker between page and server would hide what goes over the wire: test_offline.py lets it.
        "service_workers": "block",
    } | options  # fmt: skip
    made = chromium.new_context(base_url=url, **settings)
    made.set_default_timeout(8000)
    return made


@pytest.fixture
def scripts():
    """Whether pages run their scripts; a module that walks without them says False."""
    return True


@pytest.fixture
def context(chromium, site, viewport, scripts, console):
    made = device(chromium, site, viewport=viewport, java_script_enabled=scripts)
    console.listen(made)
    yield made
    made.close()


@pytest.fixture
def page(context):
    return context.new_page()


@pytest.fixture
def phone(chromium, site, console):
    """A second person's page, on a touch screen: `phone.tap(...)`."""
    made = device(chromium, site, viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=3)
    console.listen(made)
    yield made.new_page()
    made.close()


def session_cookie(user, url):
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}


@pytest.fixture
def sign_in(context, site):
    def sign_in(user):
        context.add_cookies([session_cookie(user, site)])

    return sign_in


# Without preloading: it adds a style sheet to the page, which the page's own policy forbids.
VIOLATIONS: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
RULES = VIOLATIONS | {"rules": {"target-size": {"enabled": True}}}
COLOURS = VIOLATIONS | {"runOnly": ["color-contrast", "link-in-text-block"]}


LOOK = """async rules => {
  // What listens to the colour scheme hears of it within two frames, on a slow machine too.
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  for (const moving of document.getAnimations()) if (moving.effect.getTiming().iterations !== Infinity) moving.finish();
  return (await axe.run(rules)).violations;
}"""


def axe(page, rules=RULES):
    """One line for each element that breaks WCAG 2.2 AA or what axe calls best practice."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(LOOK, rules)
    return [
        f"{broken['id']}: {' '.join(map(str, node['target']))}: "
        + " ".join(said["message"] for said in node["any"] + node["all"] + node["none"])
        for broken in found
        for node in broken["nodes"]
    ]


def axe_in_both_colours(page):
    """As `axe`, in light and in dark, where only colours can differ."""
    found = []
    for scheme, rules in (("light", RULES), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {each}" for each in axe(page, rules)]
    page.emulate_media(color_scheme="light")
    return found


@pytest.fixture
def assert_accessible():
    def assert_accessible(page):
        assert axe_in_both_colours(page) == []

    return assert_accessible

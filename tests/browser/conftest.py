"""Whole journeys in a real Chromium. A test asks for `page`, signs somebody in, and walks.

A page that logs an error or a warning, or breaks the Content-Security-Policy, fails its test.
"""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import sync_playwright

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


@pytest.fixture
def viewport():
    """A phone, unless a module says otherwise."""
    return PHONE


@pytest.fixture
def console():
    """What the page complained of. Empty at the end of every test."""
    return []


@pytest.fixture
def context(chromium, live_server, viewport):
    made = chromium.new_context(
        viewport=viewport,
        base_url=live_server.url,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/London",
    )
    made.set_default_timeout(8000)
    yield made
    made.close()


@pytest.fixture
def page(context, console):
    opened = context.new_page()
    opened.on("console", lambda said: console.append(said.text) if said.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: console.append(str(error)))
    yield opened
    opened.close()
    assert console == []


@pytest.fixture
def sign_in(context, live_server):
    def sign_in(user):
        client = Client()
        client.force_login(user)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    return sign_in


@pytest.fixture
def assert_accessible():
    """No finding of axe in light and in dark colours."""

    def assert_accessible(page):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page)
            assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"
        page.emulate_media(color_scheme="light")

    return assert_accessible

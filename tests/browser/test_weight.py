"""What Today weighs on the way to a phone, from the server that `make demo` starts: compressed, with cached statics."""

import os
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, device
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.xdist_group("weight")
KB = 1024
READY_IN = 120  # seconds, on a busy machine


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The demo on a data folder of its own."""
    port, data = free_port(), tmp_path_factory.mktemp("demo")
    ours = {"BACKWELL_MODE": "demo", "BACKWELL_DATA": str(data), "PORT": str(port)}
    rest = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    log = data / "log"
    with (
        log.open("w") as said,
        subprocess.Popen(
            [sys.executable, "manage.py", "demo"], cwd=settings.BASE_DIR, env=rest | ours, stdout=said, stderr=said
        ) as process,
    ):
        latest = time.monotonic() + READY_IN
        while not answers(port):
            assert process.poll() is None and time.monotonic() < latest, log.read_text()
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@pytest.fixture
def site(server):
    return server


@pytest.fixture
def today(chromium, site, page, console):
    """A patient's page, about to open Today on a phone that has not been here before."""
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill("patient@demo.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/today/")
    fresh = device(chromium, site, viewport=PHONE)
    fresh.add_cookies(page.context.cookies())
    console.listen(fresh)
    yield fresh.new_page()
    fresh.close()


class Wire:
    """Counts the requests of a page, and the bytes of their answers as they come: heads included, compressed."""

    def __init__(self, page):
        self.requests, self.sizes = {}, {}
        cdp = page.context.new_cdp_session(page)
        cdp.on(
            "Network.requestWillBeSent",
            lambda sent: self.requests.update({sent["requestId"]: sent["request"]["url"]}),
        )
        cdp.on(
            "Network.loadingFinished", lambda done: self.sizes.update({done["requestId"]: done["encodedDataLength"]})
        )
        cdp.send("Network.enable")

    def forget(self):
        self.requests.clear()
        self.sizes.clear()

    @property
    def asked(self):
        """What had to come from the server, and not from the browser's cache."""
        return [url for key, url in self.requests.items() if self.sizes[key]]

    @property
    def bytes(self):
        return sum(self.sizes[key] for key in self.requests)

    def __str__(self):
        return "\n".join(f"{self.sizes.get(key, 0):>7.0f} {url}" for key, url in self.requests.items())


@pytest.fixture
def visited(today):
    """Today, opened once; and what goes over the wire from then on."""
    today.goto("/today/", wait_until="networkidle")
    return today, Wire(today)


def test_first_visit_takes_100_kb_in_8_requests(today):
    wire = Wire(today)
    today.goto("/today/", wait_until="networkidle")

    assert wire.bytes <= 100 * KB, str(wire)
    assert len(wire.asked) <= 8, str(wire)


def test_next_visit_takes_6_kb(visited):
    today, wire = visited
    today.goto("/today/", wait_until="networkidle")

    assert len(wire.asked) == 1, str(wire)
    assert wire.bytes <= 6 * KB, str(wire)


def test_each_tick_of_the_day_is_answered_with_1_kb(visited):
    today, wire = visited
    to_do = today.locator("#check .ex:not(.done) .set[aria-pressed=false]")
    expect(to_do).not_to_have_count(0)
    while left := to_do.count():
        wire.forget()
        to_do.first.click()
        expect(to_do).to_have_count(left - 1)
        assert wire.bytes <= 1 * KB, f"{wire}, {left} left"
        assert len(wire.asked) == 1, str(wire)
    expect(today.locator("#progress")).to_contain_text("Done for today.")

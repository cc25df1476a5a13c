"""What figures cost: the catalogue with them against without, in one process; and how smoothly a browser shows them."""

import os
import shutil
import statistics
import time
from collections.abc import Iterator
from unittest.mock import patch

from django.conf import settings
from django.test import Client

from exercises.templatetags.catalogue import exercise_card

ROUNDS, PAGES = 7, 20
FRAMES = """() => new Promise(done => {
  const times = [];
  const tick = now => {
    times.push(now);
    if (now - times[0] < 2000) requestAnimationFrame(tick);
    else done((times.length - 1) / ((now - times[0]) / 1000));
  };
  requestAnimationFrame(tick);
})"""
LONG_TASKS = """() => new Promise(done => {
  const tasks = [];
  new PerformanceObserver(list => tasks.push(...list.getEntries().map(task => task.duration)))
    .observe({type: "longtask", buffered: true});
  setTimeout(() => done(Math.max(0, ...tasks)), 800);
})"""


def with_and_without() -> tuple[float, int, int]:
    """Time of the catalogue page with its figures over the same page without, and the bytes of both."""
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])

    def timed() -> tuple[float, int]:
        exercise_card.cache_clear()
        client.get("/exercises/")  # draws each card once
        started = time.perf_counter()
        for _ in range(PAGES):
            page = client.get("/exercises/")
        return time.perf_counter() - started, len(page.content)

    ratios, sizes = [], (0, 0)
    for _ in range(ROUNDS):
        drawn, large = timed()
        with patch("exercises.templatetags.look.thumb", lambda pose: None):
            blank, small = timed()
        ratios.append(drawn / blank)
        sizes = (large, small)
    return statistics.median(ratios), *sizes


def in_a_browser(port: int) -> Iterator[str]:
    """Frames a second while figures move, and the longest task of a load, on a page with 40 figures and on one that
    moves. Without Playwright or Chromium, nothing is measured and it says so."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        chromium = None
    if not chromium:
        yield "No Chromium here: how smoothly a browser shows figures was not measured."
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, path in (("the catalogue", "/exercises/"), ("a moving figure", "/exercises/bird-dog/")):
            page = browser.new_page(viewport={"width": 390, "height": 844})
            page.goto(f"http://127.0.0.1:{port}{path}")
            page.reload()  # the second visit: scripts and styles are there
            longest, frames = page.evaluate(LONG_TASKS), page.evaluate(FRAMES)
            count = page.locator("svg.fig").count()
            tasks = f"a task of {longest:.0f} ms on load" if longest else "no task over 50 ms on load"
            yield f"{name} ({count} figures): {frames:.0f} frames a second, {tasks}"
            page.close()
        browser.close()


def lines(port: int) -> list[str]:
    ratio, large, small = with_and_without()
    return [
        f"The catalogue page with figures takes {ratio:.2f} of its time without ({large:,} and {small:,} bytes before compression).",
        "",
        "In Chromium at 390 wide, drawn by the processor:",
        "",
        *[f"- {said}" for said in in_a_browser(port)],
    ]

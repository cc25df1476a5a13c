"""Figures in a browser: they move, they stop, and a page full of them stays light."""

import pytest
from playwright.sync_api import expect

from exercises.content.load import load_catalogue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("figures")]
TIME = "document.querySelector('.fig.move').getCurrentTime()"
LONG_TASKS = """() => new Promise(done => {
  const tasks = [];
  new PerformanceObserver(list => tasks.push(...list.getEntries().map(task => task.duration)))
    .observe({type: "longtask", buffered: true});
  setTimeout(() => done(tasks), 500);
})"""


@pytest.fixture
def page(context):
    load_catalogue()
    return context.new_page()


def test_figure_moves_and_pauses_by_button_and_by_a_tap_on_it(page, assert_accessible):
    page.emulate_media(reduced_motion="no-preference")
    page.goto("/exercises/bridge/")
    pause = page.get_by_role("button", name="Pause the movement")
    before = page.evaluate(TIME)
    page.wait_for_timeout(200)
    assert page.evaluate(TIME) > before

    pause.click()
    expect(pause).to_have_attribute("aria-pressed", "true")
    stopped = page.evaluate(TIME)
    page.wait_for_timeout(200)
    assert page.evaluate(TIME) == stopped

    page.locator(".fig.move").click()
    expect(pause).to_have_attribute("aria-pressed", "false")
    assert_accessible(page)


@pytest.mark.parametrize("media", [{"reduced_motion": "reduce"}, {"media": "print"}])
def test_key_poses_stand_in_where_nothing_may_move(page, media):
    page.emulate_media(**{"reduced_motion": "no-preference"} | media)
    page.goto("/exercises/bridge/")

    expect(page.locator(".fig.still")).to_be_visible()
    expect(page.locator(".fig.move")).to_be_hidden()
    expect(page.locator(".fig-toggle")).to_be_hidden()


def test_catalogue_full_of_figures_holds_up_nobody(page):
    page.goto("/exercises/")  # draws what a fresh server has not drawn yet
    page.goto("/exercises/")

    assert page.locator(".ex-card svg.fig").count() >= 24
    tasks = page.evaluate(LONG_TASKS)
    print("long tasks:", tasks)
    assert max(tasks, default=0) < 250  # 50 on a machine with nothing else to do

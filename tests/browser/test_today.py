"""A patient's day on a phone, with and without script."""

import re

import pytest
from playwright.sync_api import expect

from clinic.today.models import CheckOff, Session, Skip
from tests.browser.conftest import PHONE, device, session_cookie
from tests.factories import catalogue, people, plans

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def patient():
    clinic = people.clinic("Spine INA")
    clinician = people.clinician(clinic)
    patient = people.patient(clinic, lead=clinician)
    plans.published(
        patient,
        by=clinician.user,
        lines=[
            plans.Line(catalogue.exercise("walking", position="standing"), "2 min", phase="warm"),
            plans.Line(catalogue.exercise("bridge"), "3 x 10 5s", note="Squeeze a towel between your knees."),
            plans.Line(catalogue.exercise("bird-dog", position="quadruped"), "2 x 6 each side"),
            plans.Line(catalogue.exercise("knees-to-chest"), "3 x 20 s", phase="cool"),
            plans.Line(catalogue.exercise("shrug", position="seated"), "1 x 5, 3x/day", phase="desk"),
        ],
    )
    return patient


@pytest.fixture
def today(page, sign_in, patient):
    sign_in(patient.user)
    page.goto("/today/")
    return page


def card(page, name):
    return page.locator(".ex", has=page.get_by_role("heading", name=name, exact=True))


def says(page, text):
    expect(page.locator("#live")).to_have_text(text)


def test_session_is_ticked_set_by_set_in_nine_taps(today, assert_accessible):
    assert_accessible(today)
    expect(today.locator("#progress")).to_contain_text("0 of 4 done")
    expect(today.locator(".ex.now")).to_contain_text("Walking")

    card(today, "Walking").get_by_role("button", name="Done", exact=True).click()
    says(today, "Walking done. Next: Bridge.")
    expect(today.locator(".ex.now")).to_contain_text("Bridge")
    expect(today.get_by_role("heading", name="Bridge")).to_be_focused()

    card(today, "Bridge").get_by_role("button", name="Set 1").click()
    says(today, "Bridge, set 1 of 3 done.")
    first = card(today, "Bridge").get_by_role("button", name="Set 1")
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(first).to_be_focused()

    for name in ("Set 2", "Set 3"):
        card(today, "Bridge").get_by_role("button", name=name).click()
    says(today, "Bridge done. Next: Bird dog.")
    expect(card(today, "Bridge")).to_have_class(re.compile("done"))

    for name in ("Set 1 left", "Set 1 right", "Set 2 left", "Set 2 right"):
        card(today, "Bird dog").get_by_role("button", name=name).click()
        expect(today.get_by_role("heading", name="Bird dog")).to_be_visible()
    says(today, "Bird dog done. Next: Knees to chest.")

    card(today, "Knees to chest").get_by_role("button", name="All done").click()
    says(today, "Knees to chest done.")
    expect(today.get_by_role("heading", name="Done for today.")).to_be_focused()
    assert CheckOff.objects.count() == 11
    assert_accessible(today)

    today.reload()
    expect(today.locator("#progress")).to_contain_text("Done for today.")


def test_taps_faster_than_the_answers_are_all_kept(today):
    buttons = card(today, "Bird dog").locator(".set")
    buttons.evaluate_all("all => all.forEach((button) => button.click())")

    expect(card(today, "Bird dog")).to_have_class(re.compile("done"))
    assert CheckOff.objects.count() == 4


def test_undo_is_one_tap_where_it_was_done(today):
    card(today, "Bridge").get_by_role("button", name="All done").click()
    card(today, "Bridge").get_by_role("button", name="Bridge: done. Undo").click()

    says(today, "Bridge: undone.")
    expect(today.get_by_role("heading", name="Bridge")).to_be_focused()
    expect(card(today, "Bridge").locator(".set[aria-pressed=false]")).to_have_count(3)
    expect(today.locator(".ex.now")).to_contain_text("Walking")
    assert not CheckOff.objects.exists()


def test_keyboard_is_enough(today):
    card(today, "Walking").get_by_role("button", name="Done", exact=True).focus()
    today.keyboard.press("Enter")
    expect(today.get_by_role("heading", name="Bridge")).to_be_focused()
    for key in ("Tab", "Tab", "Space"):  # the exercise's link, then its first set
        today.keyboard.press(key)

    says(today, "Bridge, set 1 of 3 done.")


def test_big_button_leads_through_the_exercises_one_by_one(today, assert_accessible):
    today.get_by_role("link", name="Start with Walking").click()
    expect(today.get_by_role("heading", level=1)).to_have_text("Walking")
    assert_accessible(today)

    today.get_by_role("button", name="Done", exact=True).click()
    says(today, "Walking done. Next: Bridge.")
    following = today.get_by_role("link", name="Next: Bridge")
    expect(following).to_be_focused()
    following.click()
    expect(today.get_by_role("heading", level=1)).to_have_text("Bridge")

    today.get_by_role("link", name="I can’t do this").click()
    today.get_by_role("button", name="Tired or unwell").click()
    says(today, "Bridge: not today. Next: Bird dog.")
    assert Skip.objects.get().reason == "unwell"
    assert_accessible(today)

    today.get_by_role("button", name="I can after all").click()
    says(today, "Bridge is back.")
    assert not Skip.objects.exists()


def test_cannot_do_it_is_two_taps_from_today(today):
    today.get_by_role("link", name="Can’t do Walking today?").click()
    today.get_by_role("button", name="No time").click()

    says(today, "Walking: not today. Next: Bridge.")


def test_breaks_are_tapped_and_taken_back(today):
    breaks = today.locator(".brk-item")
    breaks.locator(".brk").click()
    says(today, "Shrug done.")
    breaks.locator(".brk").click()
    expect(breaks).to_contain_text("2 of 3 today")
    expect(today.get_by_role("img", name="2 of 3 breaks today")).to_be_visible()

    breaks.get_by_role("button", name="Shrug: take one back").click()
    expect(breaks).to_contain_text("1 of 3 today")


def test_pain_is_answered_with_buttons_and_zero_is_an_answer(today, assert_accessible):
    after = today.locator("#after")
    said = after.locator("output").first
    expect(said).to_have_text("Not answered")

    after.get_by_role("button", name=re.compile("More: How did your back")).click()
    expect(said).to_have_text("0 · No pain")
    after.get_by_role("button", name=re.compile("More: How did your back")).click()
    expect(said).to_have_text("1 · Hardly any")
    after.get_by_role("slider").nth(1).press("ArrowRight")
    after.get_by_label("Anything your clinician should know?").fill("Went well 👍")
    after.get_by_role("button", name="Save").click()

    expect(today.get_by_role("heading", name="Saved. Thank you.")).to_be_focused()
    expect(today.locator("#after output").first).to_have_text("1 · Hardly any")
    assert_accessible(today)
    answered = Session.objects.get()
    assert (answered.pain_before, answered.pain_worst, answered.effort) == (None, 1, 1)
    assert answered.comment == "Went well 👍"

    today.locator("#after").get_by_role("button", name="Clear").first.click()
    today.locator("#after").get_by_role("button", name="Save").click()
    expect(today.locator("#after output").first).to_have_text("Not answered")
    expect(today.get_by_role("heading", name="Saved. Thank you.")).to_be_visible()


def test_pages_fit_a_narrow_phone_and_large_text(today):
    for width in (320, 390):
        today.set_viewport_size({"width": width, "height": 700})
        for path in ("/today/", "/today/week/", "/today/plan/", "/today/progress/"):
            today.goto(path)
            assert today.evaluate("document.documentElement.scrollWidth") == width, path


def test_whole_day_without_script(chromium, site, patient, console):
    without = device(chromium, site, viewport=PHONE, java_script_enabled=False)
    console.listen(without)
    without.add_cookies([session_cookie(patient.user, site)])
    page = without.new_page()
    page.goto("/today/")

    card(page, "Walking").get_by_role("button", name="Done", exact=True).click()
    expect(page.locator("#progress")).to_contain_text("1 of 4 done")
    for name in ("Set 1", "Set 2", "Set 3"):
        card(page, "Bridge").get_by_role("button", name=name).click()
    card(page, "Bridge").get_by_role("button", name="Bridge: done. Undo").click()
    expect(card(page, "Bridge").locator(".set[aria-pressed=false]")).to_have_count(3)
    for name in ("Bridge", "Bird dog", "Knees to chest"):
        card(page, name).get_by_role("button", name="All done").click()
    expect(page.get_by_role("heading", name="Done for today.")).to_be_visible()

    page.get_by_label("How did your back feel at its worst?").fill("0")
    page.get_by_label("How hard was it?").fill("11")
    page.locator("#after").get_by_role("button", name="Save").click()
    expect(page.get_by_text("A whole number from 0 to 10, or leave it empty.")).to_be_visible()
    expect(page.get_by_label("How hard was it?")).to_have_value("11")
    page.get_by_label("How hard was it?").fill("3")
    page.locator("#after").get_by_role("button", name="Save").click()
    expect(page.get_by_label("How hard was it?")).to_have_value("3")
    assert Session.objects.get().pain_worst == 0
    console.forgive("422")
    without.close()


def test_page_and_answers_are_small_on_the_wire(today):
    with today.expect_event("requestfinished", lambda request: request.url.endswith("/today/")) as finished:
        today.goto("/today/")
    page = finished.value.sizes()
    assert page["responseBodySize"] + page["responseHeadersSize"] <= 6 * 1024

    for name in ("Set 1", "Set 2", "Set 3"):
        with today.expect_event("requestfinished", lambda request: request.url.endswith("/today/check/")) as finished:
            card(today, "Bridge").get_by_role("button", name=name).click()
        assert finished.value.sizes()["responseBodySize"] <= 1024


def test_no_page_runs_a_text_as_script(today):
    assert today.evaluate("[htmx.config.allowEval, htmx.config.selfRequestsOnly, htmx.config.timeout]") == [
        False,
        True,
        15000,
    ]

"""A guided session on a phone: counted by a clock that the test turns, with sound and without, with script and without."""

import re

import pytest
from playwright.sync_api import expect

from clinic.prescriptions.models import Importance, PrescribedExercise
from clinic.today.models import CheckOff, Session, Skip
from tests.browser.conftest import PHONE, device, session_cookie
from tests.factories import catalogue, people, plans

pytestmark = pytest.mark.django_db(transaction=True)

# What is said aloud, and whether the screen is kept on, as the test can read it.
EARS = """
  window.said = [];
  window.awake = 0;
  Object.defineProperty(window, "speechSynthesis", {value: {speak: (words) => said.push(words.text), cancel() {}}});
  Object.defineProperty(navigator, "wakeLock", {value: {request: async () => (awake++, {release: () => awake--})}});
"""


@pytest.fixture
def patient():
    clinic = people.clinic("Spine INA")
    clinician = people.clinician(clinic)
    patient = people.patient(clinic, lead=clinician)
    plans.published(
        patient,
        by=clinician.user,
        lines=[
            plans.Line(catalogue.exercise("bridge"), "2 x 2 5s, 30 s rest", note="Squeeze a towel."),
            plans.Line(catalogue.exercise("bird-dog", position="quadruped"), "1 x 2 each side"),
            plans.Line(catalogue.exercise("walking", position="standing"), "10 min", phase="cool"),
        ],
    )
    return patient


@pytest.fixture
def session(page, sign_in, patient):
    """At the first exercise, not started yet."""
    page.add_init_script(EARS)
    page.clock.install()
    sign_in(patient.user)
    page.goto("/today/")
    page.get_by_role("link", name="Start with Bridge").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bridge")
    page.wait_for_load_state()  # the heading is there before the script that counts
    return page


def says(page, text):
    expect(page.locator("#live")).to_have_text(text)


def now(page, text):
    expect(page.locator("#now")).to_have_text(text)


def place(page, text):
    expect(page.locator("#place")).to_have_text(text)


def go(page, name="Start"):
    page.locator(".bar").get_by_role("button", name=name).click()


def turn(page, seconds):
    """The clock, while the page is looked at."""
    page.clock.run_for(seconds * 1000)


def ready(page):
    """Started, and past the time to get ready."""
    go(page)
    page.get_by_role("button", name="I am ready").click()


def test_session_is_counted_ticked_and_ends_with_a_kind_word(session, assert_accessible):
    assert_accessible(session)
    now(session, "Get ready. Take your time.")
    go(session)
    says(session, "Get ready. Lie on your back with your knees bent.")
    assert session.evaluate("awake") == 1

    turn(session, 20)
    place(session, re.compile("^Set 1 of 2 · 1 of 2"))
    says(session, "Set 1 of 2. 2 times. Hold each for 5 seconds.")
    turn(session, 4)
    now(session, "Hold. Keep breathing.")
    assert_accessible(session)
    turn(session, 12)
    expect(session.get_by_role("button", name="Set 1")).to_have_attribute("aria-pressed", "true")
    now(session, "Rest.")
    says(session, "Set 1 done. Rest for 30 seconds.")
    assert CheckOff.objects.count() == 1

    turn(session, 25)
    says(session, "5 seconds left.")
    session.get_by_role("button", name="Skip the rest").click()
    turn(session, 16)
    now(session, "Done. Well done.")
    expect(session.get_by_role("link", name="Next: Bird dog")).to_be_focused()
    expect(session.get_by_role("button", name="Pause")).to_be_hidden()
    assert session.evaluate("awake") == 0
    assert CheckOff.objects.count() == 2
    spoken = session.evaluate("said")
    assert spoken[:3] == [
        "Get ready. Lie on your back with your knees bent.",
        "Set 1 of 2. 2 times. Hold each for 5 seconds.",
        "Hold",
    ]
    assert spoken[-1] == "Done. Well done."

    session.locator("#skip").click()
    expect(session.get_by_role("heading", level=1)).to_have_text("Bird dog")
    ready(session)
    place(session, re.compile("^Left side · 1 of 2"))
    turn(session, 6)
    says(session, "Change sides. Now your right side.")
    turn(session, 11)
    expect(session.locator(".set[aria-pressed=true]")).to_have_count(2)
    now(session, "Done. Well done.")
    assert sorted(CheckOff.objects.values_list("side", flat=True)) == ["both", "both", "left", "right"]

    session.locator("#skip").click()
    ready(session)
    session.get_by_role("button", name="Set done").click()
    now(session, "Done. Well done.")
    session.get_by_role("link", name="How did it go?").click()
    expect(session.get_by_role("heading", level=1)).to_have_text("Done for today.")
    assert_accessible(session)
    session.get_by_role("button", name=re.compile("More: How did your back")).click()
    session.locator("#after").get_by_role("button", name="Save").click()
    expect(session.get_by_role("heading", name="Saved. Thank you.")).to_be_focused()
    assert Session.objects.get().pain_worst == 0


def test_reload_in_the_middle_of_a_hold_carries_on_in_it(session):
    ready(session)
    turn(session, 5)
    now(session, "Hold. Keep breathing.")

    session.reload()

    now(session, "Hold. Keep breathing.")
    place(session, re.compile("^Set 1 of 2 · 1 of 2"))
    expect(session.locator(".bar").get_by_role("button", name="Pause")).to_be_visible()
    turn(session, 12)
    expect(session.get_by_role("button", name="Set 1")).to_have_attribute("aria-pressed", "true")


def test_pause_stands_still_and_a_reload_keeps_it(session):
    ready(session)
    turn(session, 5)
    go(session, "Pause")
    says(session, "Paused.")
    assert session.evaluate("awake") == 0

    turn(session, 120)
    session.reload()
    turn(session, 120)

    now(session, "Hold. Keep breathing.")
    place(session, re.compile("^Set 1 of 2 · 1 of 2"))
    go(session, "Carry on")
    says(session, "Carrying on. Set 1 of 2")
    turn(session, 12)
    expect(session.get_by_role("button", name="Set 1")).to_have_attribute("aria-pressed", "true")


def test_phone_that_slept_is_still_right_within_a_rest_and_ticks_nothing_by_itself(session):
    ready(session)
    turn(session, 17)
    now(session, "Rest.")

    session.clock.fast_forward(20_000)
    now(session, "Rest.")
    session.clock.fast_forward(600_000)

    now(session, "Welcome back. Carry on when you are ready.")
    place(session, re.compile("^Set 2 of 2"))
    go(session, "Carry on")
    session.clock.fast_forward(600_000)
    now(session, "Welcome back. Carry on when you are ready.")
    assert CheckOff.objects.count() == 1


HIDDEN = """hidden => {
  Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_call_in_the_middle_of_a_set_ticks_nothing_and_it_carries_on_where_it_was(session):
    ready(session)
    turn(session, 10)
    place(session, re.compile("^Set 1 of 2 · 2 of 2"))
    session.evaluate(HIDDEN, True)
    turn(session, 120)
    session.evaluate(HIDDEN, False)

    now(session, "Welcome back. Carry on when you are ready.")
    place(session, re.compile("^Set 1 of 2 · 2 of 2"))
    expect(session.get_by_role("button", name="Set 1")).to_have_attribute("aria-pressed", "false")
    go(session, "Carry on")
    assert session.evaluate("awake") == 1
    turn(session, 9)
    expect(session.get_by_role("button", name="Set 1")).to_have_attribute("aria-pressed", "true")


def test_screen_is_kept_on_again_after_a_look_elsewhere(session):
    ready(session)
    session.evaluate("awake = 0")  # as the browser does it when the page is hidden
    session.evaluate(HIDDEN, True)
    session.evaluate(HIDDEN, False)

    assert session.evaluate("awake") == 1


def test_state_of_another_day_is_dropped(session):
    ready(session)
    turn(session, 5)
    session.goto("/today/")
    session.evaluate("localStorage.guided = localStorage.guided.replace(/\\.\\d{8}/, '.20200101')")

    session.goto("/today/go/")

    now(session, "Get ready. Take your time.")
    expect(session.locator(".bar").get_by_role("button", name="Start")).to_be_visible()


def test_memory_holds_counts_and_times_and_no_words(session):
    ready(session)
    turn(session, 5)

    kept = session.evaluate("Object.values(localStorage).join()")

    assert not re.search("bridge|hold|back", kept, re.IGNORECASE)


def test_sound_is_turned_off_and_stays_off(session, assert_accessible):
    sound = session.get_by_role("button", name="Sound")
    expect(sound).to_have_attribute("aria-pressed", "true")
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "false")
    assert_accessible(session)

    session.reload()
    expect(sound).to_have_attribute("aria-pressed", "false")
    ready(session)
    turn(session, 20)

    says(session, "Set 1 done. Rest for 30 seconds.")
    assert session.evaluate("said") == []


def test_set_ticked_by_hand_moves_the_clock_on(session):
    ready(session)
    turn(session, 4)
    session.get_by_role("button", name="Set 1").click()

    now(session, "Rest.")
    session.get_by_role("button", name="Skip the rest").click()
    place(session, re.compile("^Set 2 of 2"))


def test_set_taken_back_can_be_done_again(session):
    ready(session)
    session.get_by_role("button", name="Set done").click()
    session.get_by_role("button", name="Skip the rest").click()
    session.get_by_role("button", name="Set done").click()
    now(session, "Done. Well done.")

    session.locator("#sheet").get_by_role("button", name="Undo").click()

    now(session, "Get ready. Take your time.")
    assert not CheckOff.objects.exists()


def test_it_hurts_is_one_tap_and_stops_the_clock(session, assert_accessible):
    ready(session)
    turn(session, 4)
    session.get_by_role("link", name="It hurts").click()
    hurts = session.locator("#hurts")
    expect(hurts.get_by_role("slider")).to_be_visible()
    expect(session.locator(".bar").get_by_role("button", name="Carry on")).to_be_visible()
    assert_accessible(session)

    for _ in range(5):
        hurts.get_by_role("button", name=re.compile("More: How much does it hurt")).click()
    hurts.get_by_role("button", name="Stop this exercise").click()

    expect(session.locator("#stopped")).to_be_focused()
    expect(session.locator("#timer")).to_be_hidden()
    assert Skip.objects.get().pain == 4
    session.locator("#skip").click()
    expect(session.get_by_role("heading", level=1)).to_have_text("Bird dog")


def test_i_cannot_do_this_is_two_taps(session):
    session.get_by_role("link", name="I can’t do this").click()
    session.get_by_role("button", name="Tired or unwell").click()

    says(session, "Bridge: not today. Next: Bird dog.")
    assert Skip.objects.get().reason == "unwell"


def test_tick_that_did_not_arrive_says_so_and_the_session_goes_on(session, console):
    ready(session)
    session.route("**/today/check/", lambda route: route.abort())
    session.get_by_role("button", name="Set done").click()

    now(session, "Rest.")
    expect(session.get_by_text("Not saved.")).to_be_visible()
    session.unroute("**/today/check/")
    session.get_by_role("button", name="Try again").click()

    expect(session.get_by_role("button", name="Set 1")).to_have_attribute("aria-pressed", "true")
    assert CheckOff.objects.count() == 1
    console.forgive("/today/check/", "htmx:sendError", "htmx:afterRequest", "ERR_FAILED")


def test_a_few_minutes_start_with_what_matters_most(session, patient, assert_accessible):
    PrescribedExercise.objects.filter(exercise__slug="bird-dog").update(importance=Importance.MUST)
    session.get_by_role("link", name="I have less time").click()
    assert_accessible(session)
    session.get_by_role("button", name="5 minutes").click()
    expect(session.get_by_role("heading", level=1)).to_have_text("Bridge")
    expect(session.get_by_text("exercise 1 of 2")).to_be_visible()

    for _ in range(2):
        with session.expect_response("**/today/check/"):
            session.get_by_role("button", name="All done").click()
        session.locator("#next").click()

    expect(session.get_by_role("heading", level=1)).to_have_text("The most important part is done.")
    assert_accessible(session)
    session.goto("/today/")
    expect(session.locator("#progress")).to_contain_text("The most important part is done.")
    session.get_by_role("link", name="Do some more: Walking").click()
    expect(session.get_by_role("heading", level=1)).to_have_text("Walking")


def test_pages_fit_a_narrow_phone_and_large_controls(session):
    for width in (320, 390):
        session.set_viewport_size({"width": width, "height": 568})
        for path in ("/today/go/", "/today/go/minutes/"):
            session.goto(path)
            assert session.evaluate("document.documentElement.scrollWidth") == width, path
    session.goto("/today/go/")
    go(session)
    for control in session.locator(".bar a, .bar button, #on, #sound").all():
        box = control.bounding_box()
        assert box["height"] >= 44 and box["width"] >= 44


def test_whole_session_without_script(chromium, site, patient, console):
    without = device(chromium, site, viewport=PHONE, java_script_enabled=False)
    console.listen(without)
    without.add_cookies([session_cookie(patient.user, site)])
    page = without.new_page()
    page.goto("/today/")
    page.get_by_role("link", name="I have less time").click()
    page.get_by_role("button", name="All of it").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Bridge")
    expect(page.get_by_text("Set 1 done. Rest for 30 seconds.")).to_be_visible()
    expect(page.locator("#timer")).to_be_hidden()
    page.get_by_role("button", name="Set 1").click()
    page.get_by_role("button", name="Set 2").click()
    page.locator("#next").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Bird dog")
    page.get_by_role("link", name="It hurts").click()
    page.get_by_label("How much does it hurt?").fill("3")
    page.get_by_role("button", name="Stop this exercise").click()
    expect(page.locator("#stopped")).to_have_text("Not today: it hurt, 3 of 10.")
    page.locator("#next").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Walking")
    page.get_by_role("link", name="I can’t do this").click()
    page.get_by_role("button", name="No time").click()
    page.get_by_role("link", name="How did it go?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Done for today.")
    page.get_by_label("How hard was it?").fill("4")
    page.locator("#after").get_by_role("button", name="Save").click()
    assert Session.objects.get().effort == 4
    without.close()

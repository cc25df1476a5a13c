"""How a patient is asked how it goes, how a clinician sees whether it matters, and who is told to get up."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinic.today.models import BreakPrompt, BreakRhythm
from patients.models import Activity, Measurement, Patient, User
from tests.browser.conftest import DESK, PHONE, device, session_cookie


@pytest.fixture(autouse=True)
def db(demo):
    """The demo clinic's, for the whole module."""


@pytest.fixture
def site(demo):
    return demo.url


def account(name):
    return User.objects.get(email=f"{name}@demo.example")


def more(page, question, times):
    for _ in range(times):
        page.get_by_role("button", name=f"More: {question}").click()


def test_patient_is_asked_names_what_matters_and_answers_on_a_phone(page, sign_in, console, assert_accessible):
    user = account("newpatient")
    sign_in(user)
    page.goto("/today/progress/")
    page.get_by_role("link", name="Answer now").click()
    expect(page.get_by_role("heading", name="To answer now")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("link", name="Answer: What you want to do again").click()
    page.get_by_label("1.").fill("Carry my daughter")
    page.get_by_label("2.", exact=True).fill("Tie my boots")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Name three different ones.")).to_be_visible()
    console.forgive("422")
    assert_accessible(page)
    page.get_by_label("3.", exact=True).fill("Sleep through")
    page.get_by_role("button", name="Go on").click()

    more(page, "Carry my daughter", 3)
    more(page, "Tie my boots", 5)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Something is still blank.")).to_be_visible()
    expect(page.locator(".said output").first).to_have_text("2 · Very hard")
    assert_accessible(page)
    more(page, "Sleep through", 9)
    page.get_by_role("button", name="Send as it is").click()

    expect(page.get_by_text("Saved. Thank you.")).to_be_visible()
    expect(page.get_by_role("link", name="Answer: What you want to do again")).to_have_count(0)
    incomplete, complete = Measurement.objects.filter(patient=user.patient, measure="psfs").order_by("pk")
    assert incomplete.score is None
    assert list(complete.items.values()) == [2, 4, 8]
    assert complete.score == Decimal("4.7")
    page.goto("/today/progress/")
    expect(
        page.get_by_text("This is where you start. Your next answer will show what changes.").first
    ).to_be_visible()
    assert_accessible(page)


def test_change_is_chosen_by_keyboard(page, sign_in, assert_accessible):
    sign_in(account("patient"))
    page.goto("/measures/groc/")
    page.get_by_label("Much better", exact=True).focus()
    page.keyboard.press("Space")
    assert_accessible(page)
    page.get_by_role("button", name="Send").press("Enter")

    expect(page.get_by_text("Saved. Thank you.")).to_be_visible()
    assert Measurement.objects.filter(measure="groc").latest("pk").score == 3


@pytest.mark.parametrize("scripts", [False])
def test_without_script_a_number_field_does_it(page, sign_in, scripts):
    patient = account("patient").patient
    sign_in(patient.user)
    page.goto("/measures/psfs/")
    for activity in Activity.objects.filter(patient=patient, retired_at=None):
        page.get_by_label(activity.text).fill("8")
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_text("Saved. Thank you.")).to_be_visible()
    assert Measurement.objects.filter(patient=patient, measure="psfs").latest("pk").score == 8


@pytest.fixture
def desk(chromium, site, console):
    made = device(chromium, site, viewport=DESK)
    console.listen(made)
    yield made.new_page()
    made.close()


def test_clinician_enters_a_total_and_sees_what_it_means(desk, site, assert_accessible):
    patient = Patient.objects.get(last_name="Whitfern")
    Measurement.objects.filter(patient=patient, measure="odi").delete()
    desk.context.add_cookies([session_cookie(account("clinician"), site)])
    desk.goto(f"/clinic/patients/{patient.uuid}/")
    desk.get_by_role("link", name="Enter or see all measures").click()
    desk.get_by_label("Measure", exact=True).select_option("ODI 2.1a")
    desk.get_by_role("button", name="Choose").click()
    for days, score in ((40, "46"), (0, "30")):
        desk.get_by_label("Score, 0 to 100, %").fill(score)
        desk.get_by_label("Taken on").fill((patient.local_day() - timedelta(days=days)).isoformat())
        desk.get_by_role("button", name="Save").click()
        expect(desk.get_by_text("ODI 2.1a saved.")).to_be_visible()

    course = desk.locator("#m-odi")
    expect(course.locator(".tag")).to_have_text("Better, meaningful change")
    chart = course.locator(".wide-chart svg")
    expect(chart).to_contain_text("better from here")
    expect(chart).to_contain_text("worse from here")
    expect(chart).to_have_attribute(
        "aria-label", re.compile("went from 46 % on .* to 30 % on .*: better, meaningful")
    )
    course.get_by_text("Show the numbers").click()
    expect(course.get_by_role("row")).to_have_count(3)
    assert_accessible(desk)
    desk.set_viewport_size(PHONE)
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(desk)
    desk.goto(f"/clinic/patients/{patient.uuid}/")
    row = desk.locator("#measures").get_by_role("row", name=re.compile("ODI"))
    expect(row).to_contain_text("Better, meaningful change")


def test_prompt_to_get_up_shows_itself_and_is_answered(page, sign_in, assert_accessible):
    patient = account("patient").patient
    sign_in(patient.user)
    page.goto("/today/")
    page.get_by_role("link", name="Tell me when to get up").click()
    assert_accessible(page)
    page.get_by_label("I start work at").fill("00:00")
    page.get_by_label("I stop at").fill("23:59")
    for day in ("Saturday", "Sunday"):
        page.get_by_label(day).check()
    page.get_by_label("How often?").select_option("Every 30 minutes")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    local = timezone.now().astimezone(patient.zone)
    if local.hour == 0 or (local.hour, local.minute) > (23, 20):
        pytest.skip("Nobody is told to get up around midnight.")

    expect(page.locator("#prompt-h")).to_contain_text("Time to get up.")
    expect(page.locator("#live")).to_have_text("Time to get up.")
    prompt = BreakPrompt.objects.get(patient=patient)
    assert (prompt.number, prompt.done_at) == (1, None)
    assert_accessible(page)
    page.get_by_role("button", name="In 10 minutes").click()
    expect(page.locator("#prompt")).to_contain_text("Next at")
    BreakPrompt.objects.filter(pk=prompt.pk).update(shown_at=timezone.now() - timedelta(minutes=11))
    page.reload()
    page.get_by_role("button", name="I moved").click()
    expect(page.locator("#prompt")).to_contain_text("Well done. Next at")
    expect(page.locator("#prompt-h")).to_be_focused()

    prompt.refresh_from_db()
    assert (prompt.snoozes, prompt.done_at is not None) == (1, True)
    page.get_by_role("button", name="I did not move: undo").click()
    expect(page.get_by_role("button", name="I moved")).to_be_visible()
    BreakRhythm.objects.filter(patient=patient).delete()

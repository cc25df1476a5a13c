"""A session that hurts: a stop in the middle, the answers after it, the next morning; with and without script."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinic.prescriptions.models import Easing
from clinic.today.models import AdverseEvent, Session, Skip
from patients.tasks.models import Kind, Task
from tests.browser.conftest import PHONE, device, session_cookie
from tests.factories import catalogue, people, plans

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def patient(db):
    clinic = people.clinic("Spine INA")
    clinician = people.clinician(clinic)
    patient = people.patient(clinic, lead=clinician)
    lines = [
        plans.Line(catalogue.exercise("bridge"), "2 x 10"),
        plans.Line(catalogue.exercise("bird-dog", position="quadruped"), "1 x 6"),
    ]
    plans.published(patient, by=clinician.user, lines=lines)
    return patient


@pytest.fixture
def today(page, sign_in, patient):
    sign_in(patient.user)
    page.goto("/today/")
    return page


def more(scope, name, times):
    """Presses plus; the first press says zero."""
    for _ in range(times + 1):
        scope.get_by_role("button", name=re.compile(f"More: {name}")).click()


def last_evening(patient, **said):
    """Yesterday's session, answered so that the morning after it is now, at whatever hour the test runs."""
    day = patient.local_day() - timedelta(days=1)
    session = Session.objects.create(
        patient=patient, day=day, started_at=timezone.now() - timedelta(hours=25), said_by=patient.user, **said
    )
    Session.objects.update(said_at=timezone.now() - timedelta(hours=24))
    return session


def test_stop_in_the_middle_is_kind_and_says_what_to_do(today, patient, assert_accessible):
    today.get_by_role("link", name="Start with Bridge").click()
    today.get_by_role("button", name="Set 1").click()
    today.get_by_role("link", name="It hurts").click()
    hurts = today.locator("#hurts")
    expect(hurts.get_by_text("For more than 10")).to_be_hidden()
    more(hurts, "How much does it hurt", 6)
    hurts.get_by_label("Further out or down").check()
    expect(hurts.get_by_text("For more than 10 minutes?")).to_be_visible()
    assert_accessible(today)
    hurts.get_by_label("It stayed").check()
    hurts.get_by_role("button", name="Stop this exercise").click()

    expect(today.get_by_text("You stopped at the right time.")).to_be_visible()
    expect(today.get_by_text("Is your pain 5 or less then?")).to_be_visible()
    expect(today.locator("#live")).to_have_text("Bridge: not today.")
    expect(today.locator("#stopped")).to_be_focused()
    assert_accessible(today)
    assert Skip.objects.get().pain == 6
    assert Easing.objects.get().kind == "half"
    assert not Task.objects.filter(kind=Kind.STOPS).exists()

    today.get_by_role("link", name="Next: Bird dog").click()
    today.get_by_role("link", name="It hurts").click()
    more(today.locator("#hurts"), "How much does it hurt", 6)
    today.get_by_role("button", name="Stop this exercise").click()
    expect(today.get_by_role("link", name="See a gentle plan")).to_have_attribute("href", "/today/flare/")
    assert Task.objects.filter(kind=Kind.STOPS).exists()


def test_what_is_half_said_outlives_the_answer_to_a_tap(today):
    """On a slow network the answer to a set arrives while the patient is already saying that it hurts."""
    today.get_by_role("link", name="Start with Bridge").click()
    late = []
    today.route("**/today/check/", lambda route: late.append(route))
    today.get_by_role("button", name="Set 1").click()
    today.get_by_text("I did a different number").click()
    today.get_by_label("Set 2").fill("7")
    today.get_by_role("link", name="It hurts").click()
    hurts = today.locator("#hurts")
    more(hurts, "How much does it hurt", 2)
    hurts.get_by_label("Further out or down").check()
    assert len(late) == 1
    late[0].continue_()

    expect(today.get_by_role("button", name="Set 1")).to_have_attribute("aria-pressed", "true")
    expect(hurts.get_by_label("Further out or down")).to_be_checked()
    expect(today.get_by_label("Set 2")).to_have_value("7")
    more(hurts, "How much does it hurt", 0)
    hurts.get_by_role("button", name="Stop this exercise").click()
    expect(today.get_by_text("You stopped at the right time.")).to_be_visible()
    assert Skip.objects.get().pain == 3


def test_good_session_needs_no_more_taps_and_a_sore_one_is_asked_where(today, assert_accessible):
    after = today.locator("#after")
    more(after, "How did your back feel", 2)
    expect(after.get_by_text("All that fit")).to_be_hidden()
    more(after, "How did your back feel", 0)
    expect(after.get_by_text("All that fit")).to_be_visible()
    after.get_by_label("Buttock").check()
    after.get_by_label("Further out or down").check()
    after.get_by_role("group", name="For more than 10").get_by_label("Yes").check()
    after.get_by_role("group", name="New numbness").get_by_label("Yes").check()
    assert_accessible(today)
    after.get_by_role("button", name="Save").click()

    expect(after.get_by_text("Please do a short check now.")).to_be_visible()
    expect(after.get_by_role("link", name="Do the short check")).to_have_attribute("href", "/checks/?for=s")
    expect(today.get_by_role("heading", name="Saved. Thank you.")).to_be_focused()
    assert_accessible(today)
    said = Session.objects.get()
    assert (said.pain_worst, said.places, said.moved, said.is_numb) == (3, ["buttock"], "away", True)
    assert Task.objects.get().kind == Kind.AWAY


def test_next_morning_is_asked_first_and_answered_once(page, sign_in, patient, assert_accessible):
    session = last_evening(patient, pain_before=2, pain_worst=2)
    sign_in(patient.user)
    page.goto("/today/")
    morning = page.locator("#morning")
    expect(morning).to_contain_text("How is your back this morning, after yesterday’s exercises?")
    assert_accessible(page)
    more(morning, "Your back this morning", 1)
    morning.get_by_role("button", name="Save").click()

    expect(morning.get_by_text("That is fine. Carry on.")).to_be_visible()
    expect(page.get_by_role("heading", name="This morning: 1 · Hardly any")).to_be_focused()
    assert_accessible(page)
    session.refresh_from_db()
    assert session.pain_morning == 1


def test_something_went_wrong_is_told_in_one_page(today, assert_accessible):
    today.get_by_role("link", name="Something went wrong").click()
    expect(today.get_by_text("Nobody watches this page day and night.")).to_be_visible()
    today.get_by_role("group", name="What happened?").get_by_label("I fell").check()
    today.get_by_label("With which exercise?").select_option("Bridge")
    today.get_by_role("group", name="How bad is it?").get_by_label("It bothers me").check()
    assert_accessible(today)
    today.get_by_role("button", name="Tell my clinic").click()

    expect(today.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    assert_accessible(today)
    assert AdverseEvent.objects.get().line.exercise.slug == "bridge"


def test_all_of_it_without_script(chromium, site, patient, console):
    last_evening(patient, pain_before=2, pain_worst=4)
    without = device(chromium, site, viewport=PHONE, java_script_enabled=False)
    console.listen(without)
    without.add_cookies([session_cookie(patient.user, site)])
    page = without.new_page()
    page.goto("/today/")

    page.get_by_label("Your back this morning").fill("5")
    page.locator("#morning").get_by_role("button", name="Save").click()
    expect(page.get_by_text("That was a little too much for your back.")).to_be_visible()

    page.get_by_role("link", name="Start with Bridge").click()
    page.get_by_role("link", name="It hurts").click()
    page.get_by_role("button", name="Stop this exercise").click()
    expect(page.get_by_text("A whole number from 0 to 10, please.")).to_be_visible()
    page.get_by_label("How much does it hurt?").fill("8")
    page.get_by_role("button", name="Stop this exercise").click()
    expect(page.get_by_text("You stopped at the right time.")).to_be_visible()
    expect(page.get_by_role("link", name="See a gentle plan")).to_be_visible()

    page.goto("/today/")
    page.get_by_text("Where did you feel it?").click()
    page.get_by_label("Thigh").check()
    page.get_by_label("How did your back feel at its worst?").fill("6")
    page.locator("#after").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Stop for now.")).to_be_visible()
    assert Session.objects.get(day=patient.local_day()).places == ["thigh"]
    console.forgive("422")
    without.close()

"""A physiotherapist prepares a visit: what happened, whether it works, what to write; and a patient says how close a goal
is."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from patients.models import Goal, Note
from patients.records.actions import say_how_close, write_note
from tests.browser.conftest import DESK, PHONE, device, session_cookie
from tests.factories import catalogue, history, people, plans

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def viewport():
    return DESK


@pytest.fixture
def clinician(db):
    return people.clinician(people.clinic("Spine INA"))


@pytest.fixture
def patient(clinician):
    """Three weeks of a plan, a visit ten days ago, a goal that comes closer."""
    person = people.patient(clinician.clinic, lead=clinician)
    today = person.local_day()
    plan = plans.published(
        person, by=clinician.user, exercises=[catalogue.exercise("bridge")], starts_on=today - timedelta(days=21)
    )
    history.done(plan, *[today - timedelta(days=n) for n in (20, 18, 15, 9, 7, 6, 4, 2, 1)])
    history.said(person, today - timedelta(days=9), pain_before=4, pain_worst=6)
    history.said(person, today - timedelta(days=1), pain_before=1, pain_worst=2, comment="Walked to the pond.")
    visit = today - timedelta(days=10)
    write_note(patient=person, by=clinician.user, visit_on=visit, subjective="Stiff.", plan="Walk daily.")
    goal = Goal.objects.create(patient=person, text="Dance at the wedding", added_by=clinician.user)
    Goal.objects.update(added_at=timezone.now() - timedelta(days=20))
    say_how_close(goal=goal, by=clinician.user, close=3, day=visit)
    return person


def test_clinician_prepares_a_visit_and_writes_the_note(
    page, sign_in, console, clinician, patient, assert_accessible
):
    sign_in(clinician.user)
    page.goto(f"/clinic/patients/{patient.uuid}/")
    page.get_by_role("link", name="Story", exact=True).click()
    expect(page.get_by_role("heading", name="Is it working?")).to_be_visible()
    expect(page.get_by_text("Walked to the pond.")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("checkbox", name="Goals").check()
    expect(page.get_by_text("Walked to the pond.")).to_have_count(0)
    expect(page.get_by_role("link", name="Goal: 3 of 10")).to_be_visible()
    expect(page).to_have_url(re.compile("k=j"))

    page.get_by_role("link", name="Side by side").click()
    expect(page.get_by_role("row", name="Median worst pain")).to_contain_text("2 of 10")
    assert_accessible(page)

    page.get_by_role("link", name="Visit summary").click()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "AGREED AT THE LAST VISIT" in page.evaluate("navigator.clipboard.readText()")
    assert_accessible(page)

    page.get_by_role("link", name="Visit note").click()
    page.get_by_label("Assessment").fill("Settling well.")
    page.get_by_role("button", name="Start from what the portal knows").click()
    expect(page.get_by_label("Subjective")).to_have_value(re.compile("Walked to the pond."))
    expect(page.get_by_label("Assessment")).to_have_value("Settling well.")
    page.get_by_label("Day of the visit").fill("")
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    console.forgive("422")
    expect(page.get_by_label("Assessment")).to_have_value("Settling well.")
    assert_accessible(page)
    page.get_by_label("Day of the visit").fill(patient.local_day().isoformat())
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text("Settling well.")).to_be_visible()
    page.get_by_role("link", name="Add an addendum").first.click()
    page.get_by_label("Addendum").fill("Rang: sleeps better.")
    page.get_by_role("button", name="Save the addendum").click()
    expect(page.get_by_text("Rang: sleeps better.")).to_be_visible()
    assert_accessible(page)


def test_patient_says_how_close_the_goal_is(chromium, site, console, clinician, patient, assert_accessible):
    phone = device(chromium, site, viewport=PHONE)
    console.listen(phone)
    phone.add_cookies([session_cookie(patient.user, site)])
    page = phone.new_page()
    page.goto("/today/progress/")
    page.get_by_label("How close are you?").select_option("7")
    page.get_by_role("button", name="Say it").click()
    expect(page.get_by_text("Noted. Your clinic sees it too.")).to_be_visible()
    expect(page.get_by_text("to 7 of 10 on")).to_be_visible()
    assert_accessible(page)
    phone.close()


class TestWithoutScripts:
    @pytest.fixture
    def scripts(self):
        return False

    def test_note_and_timeline_work(self, page, sign_in, clinician, patient):
        sign_in(clinician.user)
        page.goto(f"/clinic/patients/{patient.uuid}/story/")
        page.get_by_role("checkbox", name="Notes").check()
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.get_by_text("Subjective: Stiff.")).to_be_visible()
        expect(page.get_by_text("Walked to the pond.")).to_have_count(0)

        page.get_by_role("link", name="Visit summary").click()
        expect(page.get_by_role("button", name="Copy")).to_be_hidden()
        assert "Walk daily." in page.locator("#summary").input_value()

        page.get_by_role("link", name="Visit note").click()
        page.get_by_role("button", name="Start from what the portal knows").click()
        page.get_by_label("Plan", exact=False).last.fill("Go on.")
        page.get_by_role("button", name="Save the note").click()
        expect(page.get_by_text("Go on.")).to_be_visible()
        assert Note.objects.latest("pk").plan == "Go on."

"""The five commonest jobs of a clinician, each as somebody does it who sees the portal for the first time: only what
stands on the page is clicked, and the clicks are counted. The fifth, a first plan, is in `test_whole_journey`."""

import re

import pytest
from playwright.sync_api import Page, expect

from clinic.prescriptions.models import Prescription
from patients.models import Note, Patient, Task
from tests.browser.conftest import DESK


@pytest.fixture(autouse=True)
def db(demo):
    """The demo clinic's, for the whole module."""


@pytest.fixture
def site(demo):
    return demo.url


@pytest.fixture
def viewport():
    return DESK


class Hand:
    """Clicks, and knows how often."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def click(self, target) -> None:
        self.clicks += 1
        target.click()

    def link(self, name) -> None:
        self.click(self.page.get_by_role("link", name=name).first)

    def button(self, name) -> None:
        self.click(self.page.get_by_role("button", name=name).first)


@pytest.fixture
def hand(page, sign_in):
    sign_in(Patient.objects.get(last_name="Ellismoor").lead.user)
    page.goto("/clinic/")
    return Hand(page)


def test_somebody_needs_a_call_and_it_is_noted_in_two_clicks(hand, page):
    silent = page.get_by_role("row", name=re.compile("No session for 14 days")).first
    name = silent.locator(".who").inner_text()
    hand.click(silent.get_by_role("link", name="Done or later"))
    expect(page.get_by_label("Done: what you did")).to_be_focused()
    page.get_by_label("Done: what you did").fill("Called. Was away, starts again tomorrow.")
    hand.button("Mark as done")
    expect(page.locator("#live")).to_have_text("Done. The note is in the record.")
    assert hand.clicks == 2
    patient = Patient.objects.get(last_name=name.split()[-1])
    assert not Task.objects.open().filter(patient=patient).exists()


def test_new_patient_is_added_and_invited_in_three_clicks(hand, page):
    hand.link("New patient")
    for label, typed in (("First name", "Nina"), ("Surname", "Brookvale"), ("E-mail", "nina@example.org")):
        page.get_by_label(label, exact=False).first.fill(typed)
    page.get_by_label(re.compile("Date of birth|Born")).first.fill("1971-04-02")
    hand.button("Add patient")
    hand.button("Invite")
    expect(page.get_by_text(re.compile("link", re.IGNORECASE)).first).to_be_visible()
    assert hand.clicks == 3
    assert Patient.objects.get(last_name="Brookvale").invitations.exists()


def test_plan_is_revised_to_an_easier_exercise_in_five_clicks(hand, page):
    before = Prescription.objects.live().get(patient__last_name="Ellismoor")
    hand.link("Margaret Ellismoor")
    hand.button("Revise plan")
    bridge = page.locator(".rx", has=page.get_by_role("link", name="Bridge")).or_(
        page.locator(".rx", has_text="Bridge")
    )
    hand.click(bridge.get_by_role("button", name=re.compile("^Easier")).first)
    expect(page.locator("#undo")).to_contain_text("swapped for")
    send = page.get_by_role("button", name="Send to patient")
    while not page.get_by_text("With the patient").is_visible():
        with page.expect_navigation():
            hand.click(send)
    assert hand.clicks <= 5
    after = Prescription.objects.live().get(patient__last_name="Ellismoor")
    assert after.version == before.version + 1


def test_visit_is_prepared_and_noted_in_five_clicks(hand, page):
    hand.link("Margaret Ellismoor")
    hand.link("Visit summary")
    expect(page.locator("textarea").first).to_have_value(re.compile("Ellismoor"))
    hand.link("Visit note")
    hand.button("Start from what the portal knows")
    expect(page.get_by_label(re.compile("^Subjective"))).not_to_have_value("")
    page.get_by_label(re.compile("^Plan")).fill("Go on. Next visit in four weeks.")
    hand.button(re.compile("^Save"))
    expect(page.get_by_text("Go on. Next visit in four weeks.").first).to_be_visible()
    assert hand.clicks <= 5
    assert Note.objects.filter(plan="Go on. Next visit in four weeks.").count() == 1

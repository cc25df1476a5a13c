"""A proposal on its way: the rules make it, a clinician sends it on with one click, the patient reads it on the phone."""

import re

import pytest
from playwright.sync_api import expect

from clinic.models import Prescription, Proposal
from clinic.prescriptions.dosage_words import words_short
from patients.models import User
from tests.browser.conftest import DESK, PHONE


@pytest.fixture(autouse=True)
def db(demo):
    """The demo clinic's, for the whole module."""


@pytest.fixture
def site(demo):
    return demo.url


@pytest.fixture
def viewport():
    return DESK


@pytest.fixture
def clinician(sign_in):
    sign_in(User.objects.get(email="clinician@demo.example"))


def patient():
    return User.objects.get(email="patient@demo.example").patient


def test_all_that_is_proposed_fits_a_desk_and_a_phone(clinician, page, assert_accessible):
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        page.goto("/clinic/proposals/")
        expect(page.get_by_role("link", name=re.compile("Ellismoor"))).to_be_visible()
        assert_accessible(page)
        page.goto(f"/clinic/patients/{patient().uuid}/")
        expect(page.get_by_role("heading", name="Proposed changes")).to_be_visible()
        assert_accessible(page)


def test_declining_asks_why_and_leaves_the_rest(clinician, page, console):
    page.goto("/clinic/proposals/")
    samir = page.get_by_role("region", name=re.compile("Haddawell"))
    samir.get_by_text("Decline", exact=False).first.focus()
    page.keyboard.press("Enter")
    samir.get_by_role("button", name="Decline it").click()
    expect(samir.get_by_text("Say why in a few words.")).to_be_visible()
    console.forgive("422")
    samir.get_by_label("Why not").fill("The hinge is not clean yet")
    page.keyboard.press("Enter")
    expect(samir.get_by_text("Nothing is proposed now.")).to_be_visible()
    assert Proposal.objects.get(state="declined").reason == "The hinge is not clean yet"


def test_what_is_accepted_is_read_on_the_phone(clinician, page, phone, assert_accessible):
    person = patient()
    before = Prescription.objects.live().get(patient=person)
    waiting = Proposal.objects.open().filter(patient=person).count()
    page.goto(f"/clinic/patients/{person.uuid}/")
    part = page.locator(f"#proposals-{person.uuid}")
    for box in part.get_by_role("checkbox").all():
        box.check()
    part.get_by_role("button", name="Accept the ticked ones together").click()
    expect(page.get_by_text(f"Sent as version {before.version + 1}.")).to_be_visible()
    live = Prescription.objects.live().get(patient=person)
    assert Proposal.objects.filter(patient=person, state="accepted", became=live).count() == waiting

    phone.goto("/accounts/login/")
    phone.locator("[name=login]").fill("patient@demo.example")
    phone.locator("[name=password]").fill("back-in-motion")
    phone.get_by_role("button", name="Sign in", exact=True).tap()
    phone.wait_for_url("**/today/")
    expect(phone.get_by_text("Your plan changed")).to_be_visible()
    expect(phone.get_by_text("You did your sessions and your back settled.")).to_be_visible()
    old = {line.thread: line for line in before.lines.all()}
    changed = [line for line in live.lines.all() if line.dosage != old[line.thread].dosage]
    assert len(changed) == waiting
    for line in changed:
        expect(phone.get_by_text(f"now {words_short(line.dosage)}").first).to_be_visible()
    assert_accessible(phone)

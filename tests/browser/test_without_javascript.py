"""The main paths in a browser that runs no script: every action is a plain form."""

import pytest
from playwright.sync_api import expect

from clinic.prescriptions.models import Prescription
from clinic.today.models import CheckOff, Session, Skip
from patients.models import Patient
from tests.browser.conftest import DESK


@pytest.fixture(autouse=True)
def db(demo):
    """The demo clinic's, for the whole module."""


@pytest.fixture
def site(demo):
    return demo.url


@pytest.fixture
def scripts():
    return False


def test_patient_does_the_day(page, sign_in):
    patient = Patient.objects.get(last_name="Ellismoor")
    today = {"patient": patient, "day": patient.local_day()}
    sign_in(patient.user)
    page.goto("/today/")

    page.locator(".ex .set[aria-pressed=false]").first.click()
    assert CheckOff.objects.filter(**today).count() == 1
    page.locator(".donebadge").or_(page.locator(".set[aria-pressed=true]")).first.click()
    assert CheckOff.objects.filter(**today).count() == 0

    page.locator(".ex.now").get_by_role("link", name="Can’t").click()
    page.locator("#cant").get_by_role("button").first.click()
    expect(page.get_by_text("Not today:")).to_be_visible()
    assert Skip.objects.filter(**today).count() == 1
    page.get_by_role("button", name="I can after all").click()
    page.get_by_role("link", name="Today", exact=True).first.click()

    left = page.locator(".ex:not(.done)")
    while count := left.count():
        left.first.locator("button").last.click()
        expect(left).to_have_count(count - 1)
    expect(page.locator("#progress")).to_contain_text("Done for today.")

    page.get_by_label("How did your back feel at its worst?").fill("3")
    page.get_by_label("Anything your clinician should know?").fill("Slower than yesterday.")
    page.locator("#after").get_by_role("button", name="Save").click()
    expect(page.get_by_label("How did your back feel at its worst?")).to_have_value("3")
    said = Session.objects.get(**today)
    assert (said.pain_worst, said.comment) == (3, "Slower than yesterday.")


def test_mistyped_answer_comes_back_with_what_is_wrong(page, sign_in, console):
    patient = Patient.objects.get(last_name="Ellismoor")
    sign_in(patient.user)
    page.goto("/today/")
    page.get_by_label("How did your back feel at its worst?").fill("30")
    page.get_by_label("Anything your clinician should know?").fill("Kept")
    page.locator("#after").get_by_role("button", name="Save").click()

    expect(page.locator("#after .invalid-feedback")).to_be_visible()
    expect(page.get_by_label("Anything your clinician should know?")).to_have_value("Kept")
    console.forgive("422")


class TestClinician:
    @pytest.fixture
    def viewport(self):
        return DESK

    def test_writes_a_plan_and_sends_it(self, page, sign_in):
        patient = Patient.objects.get(last_name="Newharrow")
        sign_in(patient.care_team.first().clinician.user)
        page.goto("/clinic/")
        page.get_by_role("link", name="Noor Newharrow").first.click()
        page.get_by_role("link", name="Write plan").first.click()
        page.get_by_role("button", name="Empty").click()
        for name in ("Bridge", "Bird dog", "Chin tuck"):
            page.get_by_role("searchbox", name="Search exercises").fill(name)
            page.get_by_role("button", name="Search").click()
            page.get_by_role("button", name=f"Add {name}", exact=True).click()
        row = page.locator(".rx", has_text="Bridge")
        row.locator("[name=reps]").fill("11")
        row.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Move Bird dog up").click()
        page.get_by_role("button", name="Remove Chin tuck").click()
        page.get_by_role("button", name="Undo").first.click()
        page.get_by_role("button", name="Send to patient").click()
        if "/publish/" in page.url:
            page.get_by_role("button", name="Send to patient").click()
        expect(page.get_by_text("With the patient")).to_be_visible()

        sent = Prescription.objects.live().get(patient=patient)
        assert [line.exercise.slug for line in sent.lines.order_by("position")] == ["bird-dog", "bridge", "chin-tuck"]
        assert sent.lines.get(exercise__slug="bridge").dosage.reps == 11

    def test_finds_and_adds_a_patient(self, page, sign_in):
        sign_in(Patient.objects.get(last_name="Newharrow").care_team.first().clinician.user)
        page.goto("/clinic/patients/")
        page.get_by_role("searchbox").fill("whitfern")
        page.get_by_role("searchbox").press("Enter")
        expect(page.locator(".who")).to_have_count(1)
        page.goto("/clinic/patients/new/")
        page.get_by_label("First name").fill("Walter")
        page.get_by_label("Surname").fill("Quist")
        page.get_by_label("Date of birth").fill("1950-02-03")
        page.get_by_role("button", name="Add patient").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Walter Quist")
        page.get_by_label("Add a goal").fill("Carry the shopping")
        page.get_by_label("Add a goal").press("Enter")
        expect(page.locator("#goals")).to_contain_text("Carry the shopping")


def test_stranger_finds_an_exercise(page):
    page.goto("/exercises/")
    page.get_by_role("searchbox").fill("brigde")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="Bridge", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bridge")

"""A new patient comes to the clinic, and gets in on their own phone."""

import pytest
from playwright.sync_api import expect

from patients.models import Patient
from tests.browser.conftest import DESK
from tests.factories import people


@pytest.fixture
def viewport():
    return DESK


@pytest.fixture
def clinician(transactional_db):
    return people.clinician(people.clinic(), "Rita", "Voss")


def test_clinician_adds_and_invites_a_patient_who_then_signs_in(
    page, phone, sign_in, clinician, assert_accessible, console
):
    sign_in(clinician.user)
    page.goto("/clinic/patients/")
    page.get_by_role("link", name="Add the first patient").click()
    page.get_by_label("First name").fill("Walter")
    page.get_by_label("Surname").fill("Quist")
    page.get_by_label("Date of birth").fill("1950-02-03")
    assert_accessible(page)
    page.get_by_role("button", name="Add patient").click()
    page.get_by_role("button", name="Invite").click()
    assert_accessible(page)
    link = page.locator("#link").inner_text()

    phone.goto(link)
    assert_accessible(phone)
    phone.get_by_label("Day").fill("3")
    phone.get_by_label("Month").fill("2")
    phone.get_by_label("Year").fill("1950")
    phone.get_by_role("button", name="Next").click()
    assert_accessible(phone)
    phone.get_by_role("button", name="A password").click()
    assert_accessible(phone)
    phone.get_by_label("Your e-mail address").fill("walter@home.example")
    phone.get_by_label("Choose a password").fill("three quiet otters")
    phone.get_by_role("button", name="Go to my page").click()
    expect(phone.get_by_role("heading", name="Your exercises will be here")).to_be_visible()

    assert Patient.objects.get().user.email == "walter@home.example"
    phone.goto(link)
    expect(phone.get_by_role("heading", name="This link does not work")).to_be_visible()
    console.forgive("410")


def test_parts_of_the_record_change_in_place_and_keep_the_keyboards_place(
    page, sign_in, clinician, assert_accessible
):
    patient = people.patient(clinician.clinic, "Walter", "Quist", lead=clinician)
    sign_in(clinician.user)
    page.goto(f"/clinic/patients/{patient.uuid}/")

    page.get_by_label("Add a goal").fill("Carry the shopping")
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_have_text("Goal added")
    expect(page.get_by_label("Add a goal")).to_be_focused()
    page.get_by_role("button", name="Set aside: Carry the shopping").press("Enter")
    expect(page.get_by_role("heading", name="Goals")).to_be_focused()

    page.get_by_label("Add a note").fill("Walks to the shop again.")
    page.get_by_role("button", name="Add note").press("Enter")
    expect(page.locator("#notes .note-text")).to_have_text("Walks to the shop again.")
    expect(page.get_by_role("button", name="Add note")).to_be_focused()

    page.goto(f"/clinic/patients/{patient.uuid}/conditions/")
    page.get_by_label("Find a condition").fill("blood thin")
    expect(page.locator(".condition")).to_have_count(1)
    page.get_by_role("button", name="Add Anticoagulant").press("Enter")
    expect(page.get_by_role("button", name="End Anticoagulant")).to_be_focused()
    assert_accessible(page)


def test_search_finds_while_typing_and_keeps_the_name_out_of_the_address(page, sign_in, clinician, assert_accessible):
    for surname in ("Quist", "Rydal", "Sorrel"):
        people.patient(clinician.clinic, "Walter", surname, signs_in=False)
    sign_in(clinician.user)
    page.goto("/clinic/patients/")

    page.get_by_role("searchbox").press_sequentially("rydal")
    expect(page.locator(".who")).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert_accessible(page)
    page.get_by_role("button", name="My patients 0").press("Enter")
    expect(page.get_by_role("heading", name="Nobody found for “rydal”")).to_be_visible()
    expect(page.get_by_role("button", name="My patients 0")).to_be_focused()
    page.get_by_role("searchbox").fill("")
    expect(page.get_by_role("heading", name="You are on no care team yet")).to_be_visible()
    page.get_by_role("link", name="Active 3").click()
    expect(page.locator(".who")).to_have_count(3)
    assert page.url.endswith("/clinic/patients/?show=active")


def test_second_of_two_editors_is_shown_what_changed(page, sign_in, clinician, context, console, assert_accessible):
    patient = people.patient(clinician.clinic, "Walter", "Quist", lead=clinician)
    sign_in(clinician.user)
    edit = f"/clinic/patients/{patient.uuid}/edit/"
    page.goto(edit)
    other = context.new_page()
    other.goto(edit)
    other.get_by_label("Phone").fill("+44 111")
    other.get_by_role("button", name="Save").click()

    page.get_by_label("Phone").fill("+44 222")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="Changed by Rita Voss just now")).to_be_visible()
    expect(page.get_by_label("Phone")).to_have_value("+44 222")
    assert_accessible(page)
    console.forgive("409")
    page.get_by_role("button", name="Save mine").click()
    page.wait_for_url(f"**/clinic/patients/{patient.uuid}/")
    assert Patient.objects.get().phone == "+44 222"

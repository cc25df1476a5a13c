"""A red flag stops the exercises of a patient on a phone, and a clinician's word brings them back."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from patients.models import Patient, Task
from tests.browser.conftest import session_cookie
from tests.factories import catalogue, people, plans


@pytest.fixture
def clinician(transactional_db):
    clinic = people.clinic("Spine INA", urgent_phone="111")
    return people.clinician(clinic, "Rita", "Voss")


@pytest.fixture
def patient(clinician):
    made = people.patient(clinician.clinic, "Walter", "Quist", lead=clinician, screened=False)
    plans.published(made, by=clinician.user, exercises=[catalogue.exercise("bridge")])
    return made


EXERCISE_PAGES = ["/today/", "/today/plan/", "/today/week/", "/exercises/", "/exercises/bridge/", "/"]


def test_red_flag_stops_the_exercises_until_a_clinician_clears_it(
    page, phone, sign_in, site, clinician, patient, assert_accessible, console
):
    # Given a patient whose check is due
    phone.context.add_cookies([session_cookie(patient.user, site)])
    phone.goto("/today/")
    expect(phone.get_by_role("heading", name="A few health questions first")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_role("link", name="Answer the questions").tap()

    # When an answer is forgotten, the rest stays
    phone.locator("[name=RF02][value=yes]").tap()
    phone.get_by_role("button", name="No to all of these").first.tap()
    expect(phone.locator("[name=RF02][value=yes]")).to_be_checked()
    expect(phone.locator("[name=RF01][value=no]")).to_be_checked()
    assert_accessible(phone)
    phone.get_by_role("button", name="Send my answers").tap()
    expect(phone.get_by_text("questions without an answer")).to_be_visible()
    expect(phone.locator("[name=RF02][value=yes]")).to_be_checked()
    assert_accessible(phone)
    for button in phone.get_by_role("button", name="No to all of these").all():
        button.tap()
    phone.get_by_role("button", name="Send my answers").tap()

    # Then there is advice, and no exercise anywhere
    expect(phone.get_by_role("heading", name="Please get help now")).to_be_visible()
    expect(phone.get_by_role("link", name="Call 112")).to_have_attribute("href", "tel:112")
    assert_accessible(phone)
    client = Client()
    client.force_login(patient.user)
    for path in EXERCISE_PAGES:
        assert client.get(path).status_code == 403, path
    assert Task.objects.get().kind == "flag-a"

    # And the clinician sees it, and clears it with a note
    sign_in(clinician.user)
    page.goto(f"/clinic/patients/{patient.uuid}/")
    expect(page.get_by_text("Program stopped").first).to_be_visible()
    page.get_by_role("link", name="Look and clear").click()
    expect(page.get_by_text("Saddle numbness: yes")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.get_by_text("Write why, in 10 characters at least.")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("What you found, and what was decided").fill("Seen today: full sensation, reflexes equal.")
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.get_by_text("Cleared", exact=True).first).to_be_visible()

    # So that the plan is there again
    phone.goto("/today/")
    expect(phone.get_by_role("heading", name="Bridge")).to_be_visible()
    assert Patient.objects.get(pk=patient.pk).flag_level == ""
    assert Task.objects.open().count() == 0
    console.forgive("status of 4")


def test_stop_reaches_a_page_that_is_open_already(phone, site, clinician, patient, assert_accessible, console):
    people.checks.clear(patient)
    phone.context.add_cookies([session_cookie(patient.user, site)])
    phone.goto("/today/")
    people.checks.flagged(patient, RF13="yes")

    phone.locator(".set").first.tap()

    expect(phone.get_by_role("heading", name="Please call us today")).to_be_visible()
    expect(phone.get_by_role("heading", name="Bridge")).to_have_count(0)
    assert_accessible(phone)
    console.forgive("status of 4", "Response Status Error")

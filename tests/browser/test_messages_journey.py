"""A patient asks, a clinician answers, the patient reads: on a phone, with and without scripts."""

import pytest
from playwright.sync_api import expect

from clinic.messaging.models import Message
from patients.models import Task
from tests.browser.conftest import device, session_cookie
from tests.factories import people

HOSTILE = "May I swim? <img src=x onerror=alert(1)>"


@pytest.fixture
def clinician(transactional_db):
    return people.clinician(people.clinic("Spine INA"), "Rita", "Voss")


@pytest.fixture
def patient(clinician):
    return people.patient(clinician.clinic, "Walter", "Quist", lead=clinician)


def fits(page):
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_question_is_asked_and_answered(page, phone, sign_in, site, clinician, patient, assert_accessible, console):
    # Nothing written: the box says so
    phone.context.add_cookies([session_cookie(patient.user, site)])
    phone.goto("/help/")
    phone.get_by_role("link", name="Write a message").tap()
    phone.get_by_role("button", name="Send", exact=True).tap()
    expect(phone.get_by_text("Write a few words first.")).to_be_visible()
    assert_accessible(phone)
    console.forgive("422")

    # Without a network the words stay, and go out with the next try
    box = phone.get_by_label("Your message")
    box.fill(HOSTILE)
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Send", exact=True).tap()
    expect(phone.get_by_text("Not saved.")).to_be_visible()
    expect(box).to_have_value(HOSTILE)
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Try again").tap()
    expect(phone.locator("#thread").get_by_text(HOSTILE)).to_be_visible()
    expect(phone.locator("#live")).to_contain_text("Sent. We usually answer within 2 working days.")
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    assert_accessible(phone)
    console.forgive("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest", "Send Error")

    # The clinician finds it, and answers
    sign_in(clinician.user)
    page.goto("/clinic/")
    page.get_by_role("link", name="Messages").first.click()
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    assert_accessible(page)
    fits(page)
    page.get_by_role("link", name="Walter Quist").click()
    assert_accessible(page)
    fits(page)
    page.get_by_label("Your message").fill("Yes, slowly.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#thread").get_by_text("Yes, slowly.")).to_be_visible()
    expect(page.get_by_role("button", name="Needs no answer")).to_have_count(0)
    assert Task.objects.open().count() == 0

    # And the patient reads it
    phone.goto("/help/")
    expect(phone.locator("main").get_by_text("1 new")).to_be_visible()
    phone.get_by_role("link", name="Write a message").tap()
    expect(phone.get_by_text("Yes, slowly.")).to_be_visible()
    expect(phone.get_by_text("Seen")).to_be_visible()
    assert_accessible(phone)
    fits(phone)


def test_question_is_asked_and_answered_without_scripts(chromium, site, console, clinician, patient):
    said = [
        (patient.user, "/messages/", "May I swim?"),
        (clinician.user, f"/clinic/patients/{patient.uuid}/messages/", "Yes."),
    ]
    for user, path, text in said:
        context = device(chromium, site, java_script_enabled=False)
        console.listen(context)
        context.add_cookies([session_cookie(user, site)])
        page = context.new_page()
        page.goto(path)
        page.get_by_label("Your message").fill(text)
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator("#thread").get_by_text(text)).to_be_visible()
        expect(page.get_by_text("Sent.")).to_be_visible()
        context.close()

    assert [each.text for each in Message.objects.all()] == ["May I swim?", "Yes."]
    assert Task.objects.open().count() == 0

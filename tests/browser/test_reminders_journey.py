"""A patient asks to be reminded, on a phone: by e-mail, on this device, in the calendar; and has it stopped again."""

import re

import pytest
from playwright.sync_api import expect

from clinic.reminders.models import CalendarFeed, Device, Reminder
from patients.models import User
from tests.browser.conftest import DESK, device


@pytest.fixture(autouse=True)
def db(demo):
    """The demo clinic's, for the whole module."""


@pytest.fixture
def site(demo):
    return demo.url


@pytest.fixture
def context(chromium, site, viewport, scripts, console):
    """A push reaches the worker, so here there is one."""
    made = device(chromium, site, viewport=viewport, java_script_enabled=scripts, service_workers="allow")
    console.listen(made)
    yield made
    made.close()


@pytest.fixture
def patient(sign_in):
    user = User.objects.get(email="otherpatient@demo.example")
    for model in (Reminder, Device, CalendarFeed):
        model.objects.filter(patient=user.patient).delete()
    sign_in(user)
    return user.patient


# A browser that has reached its push service: this one reaches nothing but the test's own server.
SUBSCRIBES = """
let made = null;
PushManager.prototype.subscribe = async () => (made = { endpoint: "https://fcm.googleapis.com/fcm/send/this-one" });
PushManager.prototype.getSubscription = async () => made ?? JSON.parse(localStorage.getItem("kept"));
"""


def test_patient_is_reminded_by_mail_and_stops_it(page, patient, assert_accessible):
    page.goto("/today/plan/")
    page.get_by_role("link", name="Reminders", exact=True).first.click()
    expect(page.get_by_role("radio", name="Not at all")).to_be_checked()
    assert_accessible(page)

    page.get_by_role("radio", name=re.compile("By e-mail")).check()
    page.get_by_label("At what time?").fill("07:30")
    page.get_by_role("checkbox", name="Sunday").first.uncheck()
    page.get_by_text("Another time on some days").click()
    page.get_by_label("Saturday at").fill("09:30")
    page.locator("#reminder-form").get_by_role("button", name="Save").click()

    expect(page.get_by_text("Your reminder comes at 07:30")).to_be_visible()
    expect(page.get_by_label("Saturday at")).to_have_value("09:30")
    reminder = Reminder.objects.get(patient=patient)
    assert (reminder.way, reminder.weekdays, reminder.other_times) == ("email", [0, 1, 2, 3, 4, 5], {"5": "09:30"})
    assert_accessible(page)

    page.context.clear_cookies()
    page.goto(f"/reminders/stop/{reminder.stop_token}/")
    assert_accessible(page)
    page.get_by_role("button", name="Stop the reminders").click()
    expect(page.get_by_role("heading", name="Reminders are off")).to_be_visible()
    assert_accessible(page)
    assert not Reminder.objects.get(patient=patient).is_on


def test_time_in_the_quiet_hours_is_said_at_the_field(page, patient, console, assert_accessible):
    page.goto("/reminders/")
    page.get_by_role("radio", name=re.compile("By e-mail")).check()
    page.get_by_label("At what time?").fill("22:30")
    page.locator("#reminder-form").get_by_role("button", name="Save").click()

    expect(page.get_by_text("This is in your quiet time.")).to_be_visible()
    expect(page.get_by_label("At what time?")).to_have_value("22:30")
    console.forgive("422")
    assert_accessible(page)


def test_this_device_is_asked_only_after_a_tap(page, context, patient, assert_accessible):
    context.grant_permissions(["notifications"])
    page.add_init_script(SUBSCRIBES)
    page.goto("/reminders/")
    page.get_by_role("radio", name=re.compile("On this device")).check()
    assert not Device.objects.filter(patient=patient).exists()
    page.locator("#reminder-form").get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="My devices")).to_be_visible()
    assert Device.objects.get(patient=patient).endpoint == "https://fcm.googleapis.com/fcm/send/this-one"
    assert Reminder.objects.get(patient=patient).way == "push"
    assert_accessible(page)

    page.evaluate("""localStorage.setItem("kept", '{"endpoint": "https://fcm.googleapis.com/fcm/send/this-one"}')""")
    page.reload()
    expect(page.get_by_text("This one.")).to_be_visible()
    expect(page.get_by_role("button", name="Remind me on this device instead")).to_be_hidden()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("This device gets no more reminders.")).to_be_visible()
    assert not Device.objects.filter(patient=patient).exists()


def test_device_that_cannot_says_so_in_words(page, patient, console, assert_accessible):
    page.add_init_script("delete window.PushManager")
    page.goto("/reminders/")
    page.get_by_role("radio", name=re.compile("On this device")).check()
    page.locator("#reminder-form").get_by_role("button", name="Save").click()

    expect(page.locator("#device-says")).to_contain_text("Choose e-mail")
    assert_accessible(page)
    assert not Reminder.objects.filter(patient=patient).exists()


def test_calendar_is_turned_on_shown_and_closed(page, context, patient, site, assert_accessible):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/reminders/")
    page.get_by_role("button", name="Turn on my calendar").click()
    address = page.get_by_label("Your address").input_value()
    expect(page.get_by_role("link", name="Add to my calendar")).to_have_attribute(
        "href", address.replace("http://", "webcal://")
    )
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    assert_accessible(page)
    assert "BEGIN:VEVENT" in page.request.get(address).text()

    page.get_by_role("button", name="New address").click()
    expect(page.get_by_text("You have a new address.")).to_be_visible()
    assert page.request.get(address).status == 404
    page.locator("#calendar").get_by_role("button", name="Turn off").click()
    expect(page.get_by_text("The calendar is off.")).to_be_visible()
    page.set_viewport_size(DESK)
    assert_accessible(page)


class TestWithoutScript:
    @pytest.fixture
    def scripts(self):
        return False

    def test_mail_and_calendar_work(self, page, patient):
        page.goto("/reminders/")
        page.get_by_role("radio", name=re.compile("By e-mail")).check()
        page.locator("#reminder-form").get_by_role("button", name="Save").click()
        expect(page.get_by_text("Your reminder comes at 08:00")).to_be_visible()
        page.get_by_role("button", name="Turn on my calendar").click()
        expect(page.get_by_label("Your address")).to_have_value(re.compile(r"/calendar/.{32}\.ics$"))
        page.get_by_text("Change the times in my calendar").click()
        page.get_by_label("Evening").fill("19:15")
        page.get_by_role("button", name="Save the times").click()
        expect(page.get_by_text("Your calendar follows")).to_be_visible()

        assert Reminder.objects.get(patient=patient).way == "email"
        assert f"{CalendarFeed.objects.get(patient=patient).evening:%H:%M}" == "19:15"

    def test_device_needs_script_and_the_page_says_so(self, page, patient, console):
        page.goto("/reminders/")
        page.get_by_role("radio", name=re.compile("On this device")).check()
        page.locator("#reminder-form").get_by_role("button", name="Save").click()

        expect(page.locator("#id_way_error")).to_contain_text("Open this page on the phone")
        console.forgive("422")

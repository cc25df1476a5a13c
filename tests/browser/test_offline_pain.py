"""Pain that is told to a phone without a network: advice at once, whom to call, and no word that the clinic knows."""

import re

import pytest
from playwright.sync_api import expect

from clinic.today.models import Session, Skip
from patients.models import Clinic
from tests.browser.test_offline import arrived, context, keeps, own_phone, patient, says

__all__ = ["context", "own_phone", "patient"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_the_lake(own_phone, context):
    Clinic.objects.update(phone="020 7946 0123", emergency_phone="999")
    own_phone.reload()
    own_phone.evaluate(
        """async () => {
          await (await caches.open("own-pages")).delete("/today/unsent/");
        }"""
    )
    own_phone.reload()
    keeps(own_phone, "/today/unsent/", 1)
    context.set_offline(True)
    return own_phone


def test_exercise_that_hurts_is_stopped_with_advice_and_a_number(at_the_lake, context, assert_accessible):
    page = at_the_lake
    page.get_by_role("link", name="Bridge", exact=True).click()
    page.get_by_text("It hurts", exact=True).click()
    hurts = page.locator("#hurts")
    hurts.get_by_role("button", name=re.compile("More:")).click(click_count=8)
    page.get_by_role("button", name="Stop this exercise").click()

    unsent = hurts.locator(".unsent")
    expect(unsent).to_contain_text("You stopped at the right time. Leave this one for today.")
    expect(unsent).to_contain_text("The clinic does not know yet.")
    expect(unsent.get_by_role("link", name="020 7946 0123")).to_be_visible()
    expect(unsent).to_be_focused()
    expect(page.get_by_text("told your clinic")).to_have_count(0)
    says(page, "1 thing waits to be sent.")
    assert_accessible(page)
    page.reload()
    expect(page.locator("#hurts .unsent")).to_contain_text("The clinic does not know yet.")

    context.set_offline(False)
    arrived(page, 1)
    expect(page.locator("#stopped")).to_contain_text("Not today")
    assert Skip.objects.get().pain is not None
    expect(page.locator(".unsent")).to_have_count(0)


def test_numbness_is_not_left_to_the_network(at_the_lake, context, assert_accessible):
    after = at_the_lake.locator("#after")
    after.get_by_text("Where did you feel it?").click()
    after.get_by_role("group", name=re.compile("New numbness")).get_by_label("Yes").check()
    after.get_by_role("button", name="Save").click()

    unsent = after.locator(".unsent")
    expect(unsent).to_contain_text("Do no exercises now. New numbness or weakness needs a closer look.")
    expect(unsent.get_by_role("link", name="999")).to_be_visible()
    expect(unsent).to_contain_text("you are numb between your legs")
    assert_accessible(at_the_lake)

    context.set_offline(False)
    at_the_lake.reload()
    arrived(at_the_lake, 1)
    assert Session.objects.get().is_numb


def test_good_answers_bring_no_alarm(at_the_lake):
    after = at_the_lake.locator("#after")
    after.get_by_role("button", name=re.compile("More: How did your back")).click()
    after.get_by_role("button", name="Save").click()

    says(at_the_lake, "1 thing waits to be sent.")
    expect(after.locator(".waits")).to_be_visible()
    expect(at_the_lake.locator(".unsent")).to_have_count(0)


def test_something_went_wrong_waits_on_no_phone(at_the_lake, context, patient):
    context.set_offline(False)
    at_the_lake.goto("/today/went-wrong/")
    context.set_offline(True)
    at_the_lake.locator("[name=text]").fill("My leg gave way")
    at_the_lake.get_by_role("button", name="Tell my clinic").click()

    expect(at_the_lake.locator(".unsent")).to_contain_text("Not sent.")
    expect(at_the_lake.locator(".unsent")).to_contain_text("The clinic does not know yet.")
    expect(at_the_lake.locator("[name=text]")).to_have_value("My leg gave way")


@pytest.mark.parametrize("path", ["/today/went-wrong/", "/today/flare/"])
def test_page_that_needs_a_person_today_says_whom_to_call(at_the_lake, path, assert_accessible):
    at_the_lake.goto(path)

    expect(at_the_lake.get_by_role("heading", level=1)).to_have_text("Your clinic cannot hear this now")
    expect(at_the_lake.get_by_role("link", name="020 7946 0123")).to_be_visible()
    assert_accessible(at_the_lake)

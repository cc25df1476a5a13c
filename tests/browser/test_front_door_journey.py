"""Somebody with back pain finds the clinic on a phone, asks for a visit and becomes a patient; a reader asks and signs up."""

import re

import pytest
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import expect

from clinic.discussion.models import ReaderQuestion
from clinic.frontdoor.models import Service, TeamMember
from clinic.newsletter.models import Issue, Subscriber
from patients.models import Patient
from tests.factories import articles, people


@pytest.fixture
def clinician(transactional_db):
    clinic = people.clinic("Spine INA", email="hello@spine-ina.example", address="4 Heron Walk")
    return people.clinician(clinic, "Rita", "Voss")


@pytest.fixture
def content(clinician):
    Service.objects.create(title="First visit", summary="We listen.", body="**60** minutes", is_published=True)
    TeamMember.objects.create(name="Rita Voss", role="Physiotherapist", clinician=clinician, is_published=True)
    return articles.article()


@pytest.fixture(autouse=True)
def quick(settings):
    """A robot types faster than a person."""
    settings.STRANGERS_SECONDS = 0


def fits(page):
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def fill_in(page, **fields):
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)


PERSON = {
    "first_name": "Una", "last_name": "Marsh", "day": "7", "month": "5", "year": "1957",
    "email": "una.marsh@example.org", "problem": "It hurts low in my back.", "since": "since Easter",
}  # fmt: skip


def test_stranger_becomes_an_invited_patient(page, phone, sign_in, clinician, content, assert_accessible, console):
    # A phone, the home page, two taps
    phone.goto("/")
    expect(phone.get_by_role("heading", name="Get help at once")).to_be_visible()
    for link in ("All services and prices", "The whole team"):
        phone.get_by_role("link", name=link).tap()
        assert_accessible(phone)
        fits(phone)
        phone.go_back()
    phone.get_by_role("link", name="Ask for a first visit").first.tap()
    assert_accessible(phone)
    fits(phone)

    # Something is missing: it says so, and keeps the rest
    fill_in(phone, **PERSON)
    phone.get_by_role("button", name="Send", exact=True).tap()
    expect(phone.get_by_role("alert").get_by_text("Please tick this")).to_be_visible()
    expect(phone.get_by_label("What is the problem?")).to_have_value("It hurts low in my back.")
    assert_accessible(phone)
    fits(phone)
    console.forgive("422")
    phone.get_by_label("The clinic may keep").check()
    phone.get_by_role("button", name="Send", exact=True).tap()
    expect(phone.get_by_text("Your request is with us.")).to_be_visible()
    assert "Una" not in phone.url
    assert_accessible(phone)
    assert [message.to for message in mail.outbox] == [["una.marsh@example.org"], ["hello@spine-ina.example"]]

    # What was typed is not kept for whoever uses the phone next
    phone.goto("/ask-for-a-visit/")
    expect(phone.get_by_label("Surname")).to_have_value("")

    # The clinic finds it, notes, and makes a patient of it
    sign_in(clinician.user)
    page.goto("/clinic/messages/")
    page.get_by_role("link", name="1 new request for a first visit").click()
    assert_accessible(page)
    page.get_by_role("link", name="Una Marsh").click()
    assert_accessible(page)
    fits(page)
    page.get_by_role("button", name="Called").click()
    expect(page.get_by_role("button", name="Called")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("What was said").fill("Comes on Tuesday.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_text("Comes on Tuesday.")).to_be_visible()
    page.get_by_role("link", name="Make this a patient").click()
    expect(page.get_by_label("First name")).to_have_value("Una")
    expect(page.get_by_label("Main problem")).to_have_value("It hurts low in my back.")
    page.get_by_role("button", name="Add patient").click()
    expect(page.get_by_text("You can invite them now.")).to_be_visible()
    page.get_by_role("button", name="Invite").first.click()
    expect(page.get_by_text("/welcome/").first).to_be_visible()
    assert Patient.objects.get(last_name="Marsh").invitations.count() == 1


@pytest.mark.parametrize("scripts", [False])
def test_without_scripts_everything_is_a_plain_form(page, clinician, content, settings, console):
    settings.STRANGERS_SECONDS = 3600
    page.goto("/ask-for-a-visit/")
    fill_in(page, **PERSON)
    page.get_by_label("The clinic may keep").check()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("That was very quick.")).to_be_visible()
    expect(page.get_by_label("Surname")).to_have_value("Marsh")
    console.forgive("422")
    settings.STRANGERS_SECONDS = 0
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Your request is with us.")).to_be_visible()

    page.goto("/learn/walking/")
    page.get_by_role("link", name="Ask a question").click()
    page.get_by_label("Your question").fill("May I swim?")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("We read your question first.")).to_be_visible()
    assert ReaderQuestion.objects.get().text == "May I swim?"


def test_reader_signs_up_reads_and_leaves(phone, site, clinician, content, assert_accessible, settings):
    settings.SITE_ADDRESS = site
    phone.goto("/")
    phone.get_by_role("link", name="Newsletter").tap()
    assert_accessible(phone)
    fits(phone)
    phone.get_by_label("Your e-mail address").fill("una@example.org")
    phone.get_by_role("button", name="Sign up").tap()
    expect(phone.get_by_role("heading", name="Look into your mailbox")).to_be_visible()

    phone.goto(re.search(r"http\S+/newsletter/confirm/\S+", mail.outbox[0].body).group(0))
    assert_accessible(phone)
    phone.get_by_role("button", name="Yes, send it to me").tap()
    expect(phone.get_by_role("heading", name="You are in")).to_be_visible()

    Issue.objects.create(subject="Walk", body="Walk.", is_ready=True, send_at="2020-01-01T09:00Z")
    call_command("send_newsletter", verbosity=0)
    phone.goto(re.search(r"http\S+/newsletter/stop/\S+", mail.outbox[1].body).group(0))
    assert_accessible(phone)
    phone.get_by_role("button", name="Stop the newsletter").tap()
    expect(phone.get_by_role("heading", name="No more newsletters")).to_be_visible()
    assert Subscriber.objects.count() == 0

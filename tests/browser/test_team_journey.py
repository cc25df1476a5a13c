"""A holiday with a cover, patients handed over without scripts, and a record that could not wait."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from patients.models import EmergencyAccess
from tests.browser.conftest import DESK, device, session_cookie
from tests.factories import people, tasks


@pytest.fixture
def viewport():
    return DESK


@pytest.fixture
def rita(transactional_db):
    return people.clinician(people.clinic(), "Rita", "Voss")


@pytest.fixture
def sam(rita):
    return people.clinician(rita.clinic, "Sam", "Achterberg")


@pytest.fixture
def patient(rita):
    return people.patient(rita.clinic, "Margaret", "Ellis", lead=rita)


@pytest.fixture
def sams(chromium, site, console, sam):
    made = device(chromium, site, viewport=DESK)
    console.listen(made)
    made.add_cookies([session_cookie(sam.user, site)])
    yield made.new_page()
    made.close()


def test_holiday_from_saying_it_to_being_back(
    page, sign_in, sams, rita, sam, patient, phone, site, console, assert_accessible
):
    tasks.task(patient, words="The plan ends on Friday.")
    today = rita.today()
    sign_in(rita.user)
    page.goto("/clinic/")
    page.get_by_role("link", name="Team and holidays").click()
    page.get_by_role("link", name="I will be away").click()
    assert_accessible(page)
    page.get_by_label("Away from").fill(today.isoformat())
    page.get_by_label("Last day away").fill((today - timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This is before the first day.")).to_be_visible()
    console.forgive("422")
    page.get_by_label("Last day away").fill((today + timedelta(days=3)).isoformat())
    page.get_by_label("Covered by", exact=True).select_option(label="Sam Achterberg, Physiotherapist")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile("^Noted: you are away"))).to_be_visible()
    expect(page.get_by_text("Sam Achterberg covers")).to_be_visible()
    assert_accessible(page)

    sams.goto("/clinic/tasks/?who=mine")
    expect(sams.get_by_text("for Rita Voss, away until")).to_be_visible()

    phone.context.add_cookies([session_cookie(patient.user, site)])
    phone.goto("/messages/")
    expect(phone.get_by_text("Sam Achterberg answers you meanwhile.").first).to_be_visible()

    page.get_by_role("button", name=re.compile("^I am back")).click()
    expect(page.get_by_text("Nobody, as far as has been said.")).to_be_visible()
    sams.reload()
    expect(sams.get_by_text("for Rita Voss, away until")).to_have_count(0)


def test_record_in_an_emergency_and_its_bar(sams, rita, sam, patient, assert_accessible):
    rita.clinic.shares_records = False
    rita.clinic.save()
    sams.goto("/clinic/team/")
    sams.get_by_role("link", name="Open a record in an emergency").click()
    sams.get_by_label("First name and surname").fill("Margaret Ellis")
    sams.get_by_label("Date of birth").fill("1962-03-14")
    sams.get_by_label("Why it cannot wait").fill("Fell in our waiting room.")
    assert_accessible(sams)
    sams.get_by_role("button", name="Open the record").click()
    expect(sams.get_by_role("heading", name="Margaret Ellis", level=1)).to_be_visible()
    bar = sams.get_by_text("You opened the record of Margaret Ellis in an emergency.")
    expect(bar).to_be_visible()
    assert_accessible(sams)
    sams.get_by_role("link", name="Messages").first.click()
    expect(bar).to_be_visible()

    sams.get_by_role("button", name=re.compile("^Close it now")).click()

    expect(sams.get_by_text("The record is closed again.")).to_be_visible()
    expect(bar).to_have_count(0)
    assert not EmergencyAccess.objects.get().is_open


@pytest.mark.parametrize("scripts", [False])
def test_patients_are_handed_over_without_scripts(page, sign_in, rita, sam, patient, console):
    tasks.task(patient, words="The plan ends on Friday.")
    people.patient(rita.clinic, "Tom", "Okafor", lead=rita)
    sign_in(rita.user)
    page.goto("/clinic/team/hand-over/")
    expect(page.get_by_text("The plan ends on Friday.")).to_be_visible()
    page.get_by_label("Note to your colleague").fill("Likes mornings.")
    page.get_by_label("To", exact=True).select_option(label="Sam Achterberg, Physiotherapist")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("Choose at least one patient.")).to_be_visible()
    console.forgive("422")
    expect(page.get_by_label("Note to your colleague")).to_have_value("Likes mornings.")
    page.get_by_label(re.compile("^Margaret Ellis")).check()
    page.get_by_role("button", name="Hand over").click()

    expect(page.get_by_role("heading", name="Hand-over sheet")).to_be_visible()
    expect(page.get_by_text("1 patient handed over to Sam Achterberg.")).to_be_visible()
    expect(page.get_by_role("link", name="Margaret Ellis")).to_be_visible()
    expect(page.get_by_role("link", name="Tom Okafor")).to_have_count(0)
    assert patient.lead == sam

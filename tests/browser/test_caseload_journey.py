"""A clinician's morning: who needs a call, what was done about each, by mouse, by keyboard, and without scripts."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinic.caseload.standings import keep_standings
from patients.models import Patient, Task
from patients.tasks.models import Kind
from tests.factories import people, tasks

NAMES = ("Ada Ash", "Ben Birch", "Cy Cedar", "Di Dogwood")


@pytest.fixture
def clinician(transactional_db):
    return people.clinician(people.clinic("Spine INA"), "Rita", "Voss")


@pytest.fixture
def patients(clinician):
    made = [people.patient(clinician.clinic, *name.split(), lead=clinician) for name in NAMES]
    for patient in made:
        tasks.task(patient, Kind.PAIN_UP)
    tasks.task(made[1], Kind.FLARE)
    keep_standings(timezone.now())
    return made


def row(page, name):
    return page.locator("#cases tbody tr", has=page.get_by_role("link", name=name, exact=True))


def opened(page):
    """What can be done, below the row, once it is there to be used."""
    note = page.get_by_label("Done: what you did")
    expect(note).to_be_focused()
    return note


def test_morning_is_worked_through_in_the_list(page, sign_in, clinician, patients, assert_accessible, console):
    people.clinician(clinician.clinic, "Sam", "Achter")
    sign_in(clinician.user)
    page.goto("/clinic/")
    assert_accessible(page)

    # Done, with a note: the list comes anew, and the next patient has the focus
    row(page, "Ada Ash").get_by_role("link", name="Done or later").click()
    note = opened(page)
    assert_accessible(page)
    page.get_by_role("button", name="Mark as done").click()
    expect(page.get_by_text("Write what was done, in a few words.")).to_be_visible()
    expect(note).to_be_focused()
    note.fill("Called: a bad night, no change.")
    page.get_by_role("button", name="Mark as done").click()
    expect(page.locator("#live")).to_have_text("Done. The note is in the record.")
    expect(row(page, "Ben Birch").locator(".who")).to_be_focused()
    assert Task.objects.filter(patient=patients[0], kind=Kind.PAIN_UP).get().resolution.startswith("Called")
    console.forgive("422")

    # By keyboard: two down and one up, then later
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(row(page, "Cy Cedar").locator(".who")).to_be_focused()
    page.keyboard.press("d")
    opened(page)
    page.keyboard.press("Escape")
    expect(page.locator(".attending")).to_have_count(0)
    page.keyboard.press("d")
    opened(page)
    page.get_by_role("button", name="Tomorrow").press("Enter")
    expect(page.locator("#live")).to_contain_text("Put off to")
    assert Task.objects.get(patient=patients[2], kind=Kind.PAIN_UP).snoozed_until
    expect(row(page, "Di Dogwood").locator(".who")).to_be_focused()

    # To a colleague
    row(page, "Di Dogwood").get_by_role("link", name="Done or later").click()
    opened(page)
    page.get_by_label("Give it to").select_option(label="Sam Achter")
    page.get_by_role("button", name="Assign").click()
    expect(page.locator("#live")).to_have_text("Sam Achter has it now.")
    expect(page.locator("#cases .who:focus")).to_have_count(1)

    # The flare-ups alone, kept as a view that opens first
    page.get_by_role("link", name=re.compile("^Flare-up")).click()
    expect(page.locator("#cases .who")).to_have_text(["Ben Birch"])
    page.get_by_role("link", name="Save this view").click()
    page.get_by_label("Name").fill("Flare-ups")
    page.get_by_label("Open the caseload with it").check()
    page.get_by_role("button", name="Save").click()
    page.goto("/clinic/")
    expect(page.locator("#cases .who")).to_have_text(["Ben Birch"])
    assert_accessible(page)
    page.get_by_role("button", name="Remove “Flare-ups”").click()
    expect(page.locator("#cases .who")).to_have_count(4)


def test_what_was_searched_stays_searched_after_something_was_done(page, sign_in, clinician, patients):
    sign_in(clinician.user)
    page.goto("/clinic/")
    page.get_by_role("searchbox").fill("cedar")
    expect(page.locator("#cases .who")).to_have_text(["Cy Cedar"])
    row(page, "Cy Cedar").get_by_role("link", name="Done or later").click()
    opened(page)
    page.get_by_role("button", name="In 2 weeks").click()
    expect(page.locator("#live")).to_contain_text("Put off to")
    expect(page.locator("#cases .who")).to_have_text(["Cy Cedar"])


def test_who_works_on_the_second_page_stays_there(page, sign_in, clinician, patients):
    for number in range(60):
        someone = people.patient(clinician.clinic, "Pat", f"Number{number:02}", lead=clinician, signs_in=False)
        tasks.task(someone, Kind.PAIN_UP)
    keep_standings(timezone.now())
    sign_in(clinician.user)
    page.goto("/clinic/?who=mine&group=need&page=2")
    first = page.locator("#cases .who").first
    name = first.inner_text()
    row(page, name).get_by_role("link", name="Done or later").click()
    opened(page).fill("Called.")
    page.get_by_role("button", name="Mark as done").click()
    expect(page.locator("#live")).to_have_text("Done. The note is in the record.")
    expect(page.locator("#cases .who:focus")).to_have_count(1)
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()


def test_page_of_its_own_leads_back_to_the_list(page, sign_in, clinician, patients):
    sign_in(clinician.user)
    page.goto(f"/clinic/patients/{patients[0].uuid}/attend/?who=mine")
    page.get_by_label("Done: what you did").fill("Called.")
    page.get_by_role("button", name="Mark as done").click()
    expect(page).to_have_url(re.compile("who=mine"))
    expect(page.get_by_text("Done. The note is in the record.")).to_be_visible()


class TestWithoutScripts:
    @pytest.fixture
    def scripts(self):
        return False

    def test_each_is_a_page_and_a_form(self, page, sign_in, clinician, patients):
        sign_in(clinician.user)
        page.goto("/clinic/?who=mine&group=need")
        row(page, "Ada Ash").get_by_role("link", name="Done or later").click()
        page.get_by_label("Done: what you did").fill("Called.")
        page.get_by_role("button", name="Mark as done").click()
        expect(page).to_have_url(re.compile("who=mine&group=need"))
        expect(page.get_by_text("Done. The note is in the record.")).to_be_visible()
        assert not Task.objects.open().filter(patient__last_name="Ash", kind=Kind.PAIN_UP).exists()
        page.get_by_text("Somebody else’s").click()
        page.get_by_role("link", name="Led by Rita Voss").click()
        expect(page.locator("#cases .who")).to_have_count(Patient.objects.count())

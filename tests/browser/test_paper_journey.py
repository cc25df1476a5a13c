"""A plan goes home on paper and comes back: printed from the page, its code scanned, its boxes entered; also without
script."""

from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import expect
from pypdf import PdfReader

from clinic.today.models import CheckOff, Session
from exercises.content.load import HERE
from tests.browser.conftest import DESK
from tests.factories import catalogue, people, plans

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def viewport():
    return DESK


@pytest.fixture
def clinician(db):
    return people.clinician(people.clinic("Spine INA"))


@pytest.fixture
def patient(clinician):
    return people.patient(clinician.clinic, lead=clinician)


@pytest.fixture
def plan(patient, clinician):
    pose = (HERE / "poses" / "bridge.pose").read_text()
    lines = [
        plans.Line(catalogue.exercise("bridge", pose=pose), "2 x 10"),
        plans.Line(catalogue.exercise("bird-dog", position="quadruped"), "1 x 6 BID"),
        plans.Line(catalogue.exercise("walking"), "5 min, 4x/day, as needed"),
    ]
    return plans.published(patient, by=clinician.user, lines=lines)


def printed(page):
    """The open page, as the browser prints it."""
    return page.pdf(prefer_css_page_size=True)


def test_sheet_is_printed_as_it_is_chosen_and_its_code_scans(page, sign_in, plan, clinician, site, assert_accessible):
    sign_in(clinician.user)
    page.goto(f"/clinic/prescriptions/{plan.uuid}/")
    page.get_by_role("link", name="Print", exact=True).click()
    expect(page.get_by_role("heading", name="1. Bridge")).to_be_visible()
    assert_accessible(page)

    paper = printed(page)
    first, *_, last = PdfReader(BytesIO(paper)).pages
    assert (round(first.mediabox.width), round(first.mediabox.height)) == pytest.approx((595, 842), abs=1)
    said = first.extract_text()
    assert "Margaret Ellis" in said and "Back to the plan" not in said and "Caseload" not in said
    assert "what I did" in last.extract_text()
    (code,) = zxingcpp.read_barcodes(pypdfium2.PdfDocument(paper)[0].render(scale=2).to_pil())
    assert code.text == f"{site}/today/plan/{plan.uuid}/"

    page.get_by_label("Paper").select_option("Letter")
    page.get_by_label("Large print").check()
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".paper-large.paper-letter")).to_be_visible()
    sizes = page.locator(".paper :is(p, li, h2, h3, h4, dt, dd, th)").evaluate_all(
        "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert min(sizes) >= 24  # 18 points
    sheet = PdfReader(BytesIO(printed(page))).pages[0].mediabox
    assert (round(sheet.width), round(sheet.height)) == pytest.approx((612, 792), abs=1)
    assert_accessible(page)


def test_no_exercise_is_torn_over_two_pages(page, sign_in, patient, clinician):
    pose = (HERE / "poses" / "bridge.pose").read_text()
    exercises = [catalogue.exercise(f"bridge-{n}", plain_name=f"Number {n} begins", pose=pose) for n in range(9)]
    for exercise in exercises:
        exercise.ease_off = f"{exercise.plain_name.replace('begins', 'ends')}."
        exercise.save()
    made = plans.published(patient, by=clinician.user, exercises=exercises)
    sign_in(clinician.user)
    page.goto(f"/clinic/prescriptions/{made.uuid}/print/")

    pages = [each.extract_text() for each in PdfReader(BytesIO(printed(page))).pages[:-1]]

    assert len(pages) > 1
    for n in range(9):
        (on,) = [text for text in pages if f"Number {n} begins" in text]
        assert f"Number {n} ends" in on


def enter(page, patient):
    page.goto(f"/clinic/patients/{patient.uuid}/")
    page.get_by_role("link", name="From paper").click()
    yesterday = patient.local_day() - timedelta(days=1)
    said = f"{yesterday.day} {yesterday:%B}"
    page.get_by_role("button", name="All of Bridge done").click()
    expect(page.get_by_label(f"Bridge, {said}")).to_be_checked()
    page.get_by_label(f"Bird dog, {said}, time 2").check()
    page.get_by_label(f"Walking, {said}: how many times").fill("3")
    page.get_by_label(f"Pain on {said}").fill("4")
    return yesterday


def save(page):
    page.get_by_role("button", name="Save").first.click()


def assert_entered(page, patient, clinician, day):
    expect(page.get_by_text("Entered from paper, 14 days: 18 done, 1 pain score.")).to_be_visible()
    of_day = CheckOff.objects.filter(patient=patient, day=day)
    assert (of_day.count(), CheckOff.objects.count()) == (6, 32)
    assert set(of_day.values_list("done_by", flat=True)) == {clinician.user.pk}
    assert Session.objects.get(day=day).pain_worst == 4
    page.goto(f"/clinic/patients/{patient.uuid}/days/{day}/")
    expect(page.get_by_text("From paper, entered by Rita Voss").first).to_be_visible()


def test_returned_page_is_entered_with_the_keyboard(page, sign_in, patient, plan, clinician, assert_accessible):
    sign_in(clinician.user)
    day = enter(page, patient)
    expect(page.locator("#live")).to_have_text("14 boxes ticked")
    assert_accessible(page)
    page.get_by_label(f"Pain on {day.day} {day:%B}").press("Enter")

    assert_entered(page, patient, clinician, day)


class TestWithoutScript:
    @pytest.fixture
    def scripts(self):
        return False

    def test_returned_page_is_entered(self, page, sign_in, patient, plan, clinician):
        sign_in(clinician.user)
        day = enter(page, patient)
        save(page)

        assert_entered(page, patient, clinician, day)

    def test_mistyped_number_is_named_and_nothing_is_lost(self, page, sign_in, patient, plan, clinician, console):
        sign_in(clinician.user)
        day = enter(page, patient)
        pain = page.get_by_label(f"Pain on {day.day} {day:%B}")
        pain.fill("40")
        save(page)
        page.get_by_role("link", name="A whole number from 0 to 10").click()
        expect(pain).to_have_value("40")
        expect(page.get_by_label(f"Bird dog, {day.day} {day:%B}, time 2")).to_be_checked()
        assert not CheckOff.objects.exists()
        pain.fill("4")
        save(page)

        assert_entered(page, patient, clinician, day)
        console.forgive("422")

"""A patient looks at how it goes: says that she was away, makes the sheet, and sets the text as large as it gets."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from patients.models import Activity, Measurement
from patients.outcomes.measures import NPRS, PSFS
from tests.factories import catalogue, history, people, plans

pytestmark = pytest.mark.django_db(transaction=True)
NARROW = {"width": 320, "height": 640}
MAIN_PAGES = [
    "/today/", "/today/week/", "/today/plan/", "/today/progress/", "/today/progress/rest/", "/today/go/",
    "/today/flare/", "/measures/", "/messages/", "/reminders/", "/help/", "/learn/", "/my-sign-in/", "/phone/", "/look/",
]  # fmt: skip
WIDE_PARTS = """() => [...document.querySelectorAll("body *")].filter((each) => {
  const box = each.getBoundingClientRect();
  return box.width && box.right > innerWidth + 1 && !each.closest("[tabindex='0'], .visually-hidden, .skip, svg");
}).map((each) => `${each.tagName}.${each.className} ${Math.round(each.getBoundingClientRect().right)}`)"""


@pytest.fixture
def clinician(db):
    return people.clinician(people.clinic("Spine INA"))


@pytest.fixture
def patient(clinician):
    return people.patient(clinician.clinic, lead=clinician)


@pytest.fixture
def story(patient, clinician):
    """Two weeks of a plan, something done until five days ago, answers that got better."""
    lines = [
        plans.Line(catalogue.exercise("bridge"), "3 x 10 5s"),
        plans.Line(catalogue.exercise("bird-dog"), "2 x 6 each side"),
        plans.Line(catalogue.exercise("shrug"), "1 x 5, 3x/day", phase="desk"),
    ]
    made, today = plans.published(patient, by=clinician.user, lines=lines), patient.local_day()
    began = today - timedelta(days=14)
    patient.episodes.create(opened_on=began, opened_at=timezone.now())
    history.done(made, *[today - timedelta(days=n) for n in (14, 13, 11, 9, 8, 6, 5)])
    shoes = Activity.objects.create(
        patient=patient, text="Tie my shoes", named_at=timezone.now(), named_by=patient.user
    )
    for day, level, pain in ((began, 2, 7), (today - timedelta(days=1), 7, 3)):
        for measure, score, items in ((PSFS, level, {str(shoes.pk): level}), (NPRS, pain, {"week": pain})):
            Measurement.objects.create(
                patient=patient, measure=measure.slug, version="1+1", score=score, items=items, day=day,
                answered_at=timezone.now(), answered_by=patient.user,
            )  # fmt: skip
    return made


def walk(page, patient):
    today = patient.local_day()
    page.goto("/today/progress/")
    expect(page.get_by_role("heading", name="Better than when you began")).to_be_visible()
    page.get_by_role("link", name="I was unwell or away").click()
    page.get_by_label("I was away from home").check()
    page.get_by_label("From", exact=True).select_option((today - timedelta(days=4)).isoformat())
    page.get_by_label("Until").select_option((today - timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("Noted for 4 days.")).to_be_visible()
    expect(page.get_by_role("heading", name="Away from home")).to_be_visible()


def sheet(page):
    page.get_by_label("What do you want to ask?").fill("May I dig again?")
    with page.expect_download() as made:
        page.get_by_role("button", name="Make the PDF").click()
    assert made.value.suggested_filename == "progress.pdf"
    return PdfReader(BytesIO(made.value.path().read_bytes())).pages[0].extract_text()


def test_patient_was_away_and_takes_the_sheet_along(page, sign_in, patient, story, assert_accessible):
    sign_in(patient.user)
    page.goto("/today/progress/rest/")
    assert_accessible(page)
    walk(page, patient)
    for fold in page.locator("main details").all():
        fold.locator("summary").click()
    assert_accessible(page)

    said = sheet(page)

    assert "May I dig again?" in said and "Tie my shoes" in said
    page.get_by_label("Your account").click()
    page.get_by_role("link", name="Look of the page").click()
    assert_accessible(page)


class TestWithoutScript:
    @pytest.fixture
    def scripts(self):
        return False

    def test_all_of_it_works(self, page, sign_in, patient, story):
        sign_in(patient.user)
        walk(page, patient)
        assert "May I dig again?" in sheet(page)
        page.goto("/look/")
        page.get_by_label("Largest").check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved for this device.")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("data-text", "largest")


def choose(page, size):
    page.goto("/look/")
    page.get_by_label(size, exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved for this device.")).to_be_visible()
    page.wait_for_load_state()  # its style sheet too


class TestNarrow:
    @pytest.fixture(params=[320, 390])
    def viewport(self, request):
        return NARROW | {"width": request.param}

    def test_nothing_is_cut_off_at_the_largest_size(self, page, sign_in, patient, story, assert_accessible):
        sign_in(patient.user)
        page.goto("/look/")
        before = page.locator("h1").evaluate("each => parseFloat(getComputedStyle(document.body).fontSize)")
        choose(page, "Largest")
        after = page.locator("h1").evaluate("each => parseFloat(getComputedStyle(document.body).fontSize)")
        assert after >= 1.4 * before

        cut = {}
        for path in MAIN_PAGES:
            page.goto(path)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                cut[path] = page.evaluate(WIDE_PARTS)
        assert cut == {}
        page.goto("/today/progress/")
        assert_accessible(page)


class TestZoomed:
    """200 % zoom on a phone of 390 is a page 195 wide; the largest text comes on top of it."""

    @pytest.fixture
    def viewport(self):
        return {"width": 195, "height": 422}

    def test_zoom_on_top_of_the_largest_size_loses_nothing(self, page, sign_in, patient, story):
        sign_in(patient.user)
        choose(page, "Largest")
        cut = {}
        for path in ("/today/", "/today/week/", "/today/progress/", "/today/plan/", "/today/go/", "/help/", "/look/"):
            page.goto(path)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                cut[path] = page.evaluate(WIDE_PARTS)
        assert cut == {}


def test_less_movement_stops_what_moves(page, sign_in, patient, story):
    sign_in(patient.user)
    page.emulate_media(reduced_motion="no-preference")
    choose(page, "Less movement")
    page.goto("/today/")

    assert page.evaluate("document.getAnimations().length") == 0

"""A clinician reads how the clinic does, for a period and of their own patients, and takes the table along."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import catalogue, history, people, plans


@pytest.fixture
def clinician(transactional_db):
    return people.clinician(people.clinic("Spine INA"), "Rita", "Voss")


@pytest.fixture
def patients(clinician):
    """Six who exercise, of whom four are Rita's: too few to be shown alone."""
    bridge, today = catalogue.exercise("bridge"), timezone.localdate()
    other = people.clinician(clinician.clinic, "Sam", "Achter")
    made = [
        people.patient(clinician.clinic, "Pat", f"Quist{n}", lead=clinician if n < 4 else other) for n in range(6)
    ]
    for patient in made:
        plan = plans.published(patient, by=clinician.user, exercises=[bridge], starts_on=today - timedelta(days=40))
        history.done(plan, *[today - timedelta(days=back) for back in range(1, 15)])
    return made


def active(page):
    return page.locator("dl.numbers > div", has=page.get_by_text("Active", exact=True)).locator("strong").first


def fits(page):
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_numbers_are_read_narrowed_and_taken_along(page, sign_in, clinician, patients, assert_accessible, console):
    sign_in(clinician.user)
    page.goto("/clinic/")
    page.get_by_role("link", name="The clinic in numbers").click()
    expect(active(page)).to_have_text("6")
    page.get_by_text("What it counts").first.click()
    assert_accessible(page)

    with page.expect_download() as made:
        page.get_by_role("link", name="Download as CSV").click()
    rows = list(csv.reader(Path(made.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert any("6" in row for row in rows)
    assert "Quist" not in str(rows)

    page.get_by_role("link", name="Mine").click()
    expect(page.get_by_text("held back").first).to_be_visible()
    expect(active(page)).to_have_count(0)

    page.get_by_role("link", name="All", exact=True).click()
    page.get_by_text("Own dates").click()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Say the first day.")).to_be_visible()
    assert_accessible(page)
    console.forgive("422")
    fits(page)


def test_monitoring_days_of_one_patient(page, sign_in, clinician, patients, assert_accessible):
    sign_in(clinician.user)
    page.goto(f"/clinic/patients/{patients[0].uuid}/monitoring/")
    expect(page.get_by_role("heading", name="days with data")).to_be_visible()
    expect(page.get_by_text("In the band of 2 to 15 days.")).to_be_visible()
    assert_accessible(page)
    fits(page)


class TestWithoutScripts:
    @pytest.fixture
    def scripts(self):
        return False

    def test_it_is_a_form_and_a_link(self, page, sign_in, clinician, patients):
        sign_in(clinician.user)
        page.goto("/clinic/numbers/")
        page.get_by_role("link", name="Last 12 weeks").click()
        expect(active(page)).to_have_text("6")
        with page.expect_download() as made:
            page.get_by_role("link", name="Download as CSV").click()
        assert Path(made.value.path()).stat().st_size

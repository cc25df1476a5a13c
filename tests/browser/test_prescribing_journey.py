"""A revision in a minute: favourites, one step on the ladder, the palette, several patients at once."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from clinic.prescriptions.actions import start_draft
from clinic.prescriptions.drafting import add_exercise
from clinic.prescriptions.favourites import set_favourite
from clinic.prescriptions.models import Prescription
from exercises.models import Exercise
from tests.browser.conftest import DESK, PHONE, device, session_cookie
from tests.factories import catalogue, people, plans


@pytest.fixture
def viewport():
    return DESK


@pytest.fixture
def loaded(transactional_db):
    call_command("load_catalogue", verbosity=0)
    catalogue.vouch_for_everything()


def exercise(slug):
    return Exercise.objects.get(slug=slug)


@pytest.fixture
def draft(loaded, patient, clinician):
    """Bridge and bird dog in the main part."""
    made = start_draft(patient=patient, by=clinician.user)
    for slug in ("bridge", "bird-dog"):
        add_exercise(draft=made, exercise=exercise(slug), by=clinician.user)
    return made


@pytest.fixture
def builder(page, sign_in, draft, clinician):
    sign_in(clinician.user)
    page.goto(f"/clinic/prescriptions/{draft.uuid}/edit/")
    return page


def slugs(draft):
    return set(draft.lines.values_list("exercise__slug", flat=True))


def saved(page):
    """Waits until nothing is under way."""
    expect(page.locator(".htmx-request")).to_have_count(0)


def test_star_puts_an_exercise_into_the_favourites_and_one_click_into_the_plan(builder, draft, assert_accessible):
    builder.get_by_role("searchbox", name="Search exercises").fill("cat-cow")
    star = builder.get_by_role("button", name="Favourite: Cat-cow", exact=True)
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")

    builder.get_by_role("searchbox", name="Search exercises").fill("")
    expect(builder.locator("#cat[data-q='']")).to_have_count(1)
    builder.locator(".from label", has_text="Favourites").click()
    expect(builder.locator(".cat [data-slug]")).to_have_count(1)
    assert_accessible(builder)
    builder.get_by_role("button", name="Add Cat-cow", exact=True).click()

    expect(builder.locator("#lines .rx")).to_have_count(3)
    assert "cat-cow" in slugs(draft)


def test_one_key_steps_up_the_ladder_and_control_z_back(builder, draft):
    harder = exercise("bridge").progression
    grip = builder.locator(".rx", has_text="Bridge").locator(".grip")
    grip.focus()
    builder.keyboard.press(">")

    row = builder.locator(f".rx[data-exercise={harder.slug}]")
    expect(row).to_have_count(1)
    expect(row.locator(".grip")).to_be_focused()
    builder.keyboard.press("<")
    expect(builder.locator(".rx[data-exercise=bridge]")).to_have_count(1)
    saved(builder)
    builder.keyboard.press("Control+z")
    expect(row).to_have_count(1)


def test_sign_on_the_ladder_can_be_typed_into_words(builder):
    note = builder.locator(".rx").first.locator("[name=text]")
    note.press("End")
    builder.keyboard.type(">")

    expect(note).to_have_value(re.compile(r"^3 x 10.*>$"))


def test_day_that_holds_much_is_said_kindly_and_ranking_answers_it(builder, draft, clinician):
    for slug in ("cat-cow", "plank", "side-plank"):
        builder.get_by_role("searchbox", name="Search exercises").fill(exercise(slug).name)
        builder.get_by_role("searchbox", name="Search exercises").press("Enter")
        expect(builder.locator(f".rx[data-exercise={slug}]")).to_have_count(1)
        saved(builder)
    expect(builder.locator("#burden")).to_contain_text("Must do")

    builder.locator(".rx[data-exercise=bridge] [name=importance]").select_option("1")

    expect(builder.locator("#burden")).to_contain_text("On a short day: 1 must-do exercise")


def test_palette_goes_to_a_patient_by_the_keyboard_alone(page, sign_in, patient, clinician, assert_accessible):
    sign_in(clinician.user)
    page.goto("/clinic/protocols/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox", name="Patient, page or what to do")).to_be_focused()
    expect(page.locator("#palette-found a").first).to_be_visible()
    assert_accessible(page)
    page.keyboard.type("zebra")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Go to, or do")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("marg")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/clinic/patients/{patient.uuid}/")
    assert "marg" not in page.url


def test_palette_does_what_the_builder_offers(builder, draft):
    builder.locator(".rx .grip").first.focus()
    builder.keyboard.press("Control+k")
    builder.keyboard.type("cat cow")
    expect(builder.locator("#palette-here button")).to_have_text(["Find an exercise to add: cat cow"])
    builder.keyboard.press("ArrowDown")
    builder.keyboard.press("Enter")
    expect(builder.locator("#q")).to_be_focused()
    builder.keyboard.press("Enter")
    expect(builder.locator(".rx[data-exercise=cat-cow]")).to_have_count(1)
    saved(builder)

    builder.keyboard.press("Control+k")
    builder.keyboard.type("send")
    builder.keyboard.press("Enter")
    builder.wait_for_url(lambda url: "/edit/" not in url)


def test_question_mark_lists_the_keys(builder, assert_accessible):
    builder.locator(".rx .grip").first.focus()
    builder.keyboard.press("?")

    expect(builder.get_by_role("dialog", name="Keys")).to_be_visible()
    assert_accessible(builder)
    builder.keyboard.press("Escape")
    expect(builder.get_by_role("dialog", name="Keys")).to_be_hidden()


@pytest.fixture
def ward(loaded, clinician):
    """Three patients with a bridge."""
    for name in ("Ann", "Bea", "Cat"):
        patient = people.patient(clinician.clinic, name, "Leeward", lead=clinician)
        plans.published(patient, by=clinician.user, exercises=[exercise("bridge"), exercise("bird-dog")])


def test_one_change_reaches_two_of_three_patients(page, sign_in, ward, clinician, assert_accessible):
    sign_in(clinician.user)
    page.goto("/clinic/prescriptions/change-many/")
    page.get_by_label("Exercise", exact=True).select_option("bridge")
    page.get_by_label("Replace it by another").check()
    page.get_by_label("By this one").select_option("glute-set")
    page.get_by_role("button", name="Show what it does").click()
    expect(page.get_by_text("Nothing against it")).to_have_count(3)
    assert_accessible(page)
    for name in ("Ann Leeward", "Cat Leeward"):
        page.get_by_label(name).check()
    page.get_by_role("button", name="Send to the ticked patients").dblclick()

    expect(page.get_by_role("heading", name="How it went")).to_be_visible()
    assert_accessible(page)
    live = Prescription.objects.live()
    assert live.filter(lines__exercise__slug="glute-set").count() == 2
    assert live.filter(lines__exercise__slug="bridge").count() == 1
    assert Prescription.objects.filter(version__gt=2).count() == 0


@pytest.mark.parametrize("width", [320, PHONE["width"]])
def test_new_pages_fit_a_phone(page, sign_in, ward, clinician, width, assert_accessible):
    sign_in(clinician.user)
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/clinic/go/", "/clinic/exercises/", "/clinic/exercises/new/", "/clinic/prescriptions/change-many/"):
        page.goto(path)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_builder_scrolls_sideways_at_no_width(builder, clinician):
    set_favourite(exercise=exercise("bridge"), on=True, by=clinician)
    for width in (320, 768, 1200):
        builder.set_viewport_size({"width": width, "height": 800})
        assert builder.evaluate("document.documentElement.scrollWidth") <= width


def test_without_a_script_star_step_palette_and_several_plans_are_plain_forms(
    chromium, site, draft, ward, patient, clinician, console
):
    context = device(chromium, site, java_script_enabled=False, viewport=DESK)
    console.listen(context)
    context.add_cookies([session_cookie(clinician.user, site)])
    page = context.new_page()
    page.goto(f"/clinic/prescriptions/{draft.uuid}/edit/?q=bridge")
    page.locator("#star-bridge").click()
    page.wait_for_url("**/edit/")
    assert clinician.favourites.get().exercise.slug == "bridge"

    page.locator(".rx[data-exercise=bridge] .steps button", has_text="Easier").click()
    page.wait_for_url("**/edit/")
    assert exercise("bridge").regression.slug in slugs(draft)

    page.get_by_role("link", name="Go to").click()
    page.get_by_label("Patient or page").fill("marg")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Margaret Ellis").click()
    page.wait_for_url(f"**/clinic/patients/{patient.uuid}/")

    page.goto("/clinic/prescriptions/change-many/")
    page.get_by_label("Exercise", exact=True).select_option("bridge")
    page.get_by_label("Take it out").check()
    page.get_by_role("button", name="Show what it does").click()
    page.get_by_label("Bea Leeward").check()
    page.get_by_role("button", name="Send to the ticked patients").click()
    expect(page.get_by_role("heading", name="How it went")).to_be_visible()
    context.close()
    assert Prescription.objects.live().get(patient__first_name="Bea").version == 2

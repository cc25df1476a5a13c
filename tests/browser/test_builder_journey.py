"""The clinician's main job: from signing in to a plan that the patient has."""

import time

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from clinic.prescriptions.actions import start_draft
from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.drafting import add_exercise, change_line
from clinic.prescriptions.models import Prescription, Protocol
from exercises.models import Exercise
from tests.browser.conftest import DESK, PHONE
from tests.factories import catalogue
from tests.factories.people import PASSWORD


@pytest.fixture
def viewport():
    return DESK


@pytest.fixture
def protocols(transactional_db):
    call_command("load_catalogue", verbosity=0)
    call_command("load_protocols", verbosity=0)
    catalogue.vouch_for_everything()


@pytest.fixture
def draft(protocols, patient, clinician):
    """Bridge and bird dog in the main part."""
    made = start_draft(patient=patient, by=clinician.user)
    for slug in ("bridge", "bird-dog"):
        add_exercise(draft=made, exercise=Exercise.objects.get(slug=slug), by=clinician.user)
    return made


@pytest.fixture
def builder(page, sign_in, draft, clinician):
    sign_in(clinician.user)
    page.goto(f"/clinic/prescriptions/{draft.uuid}/edit/")
    return page


def line_of(draft, slug):
    return draft.lines.select_related("exercise", "prescription").get(exercise__slug=slug)


def slugs(draft):
    return list(draft.lines.values_list("exercise__slug", flat=True))


def saved(page):
    """Waits until nothing is under way."""
    expect(page.locator(".htmx-request")).to_have_count(0)


def test_eight_exercises_from_a_protocol_are_with_the_patient_in_a_minute_and_twenty_clicks(
    page, protocols, patient, clinician
):
    clicks = 0

    def click(what):
        nonlocal clicks
        clicks += 1
        what.click()

    page.goto("/accounts/login/")
    started = time.monotonic()
    page.locator("[name=login]").fill(clinician.user.email)
    page.locator("[name=password]").fill(PASSWORD)
    click(page.get_by_role("button", name="Sign in", exact=True))
    click(page.get_by_role("link", name="Margaret Ellis").first)
    click(page.get_by_role("link", name="Write plan").first)
    click(page.get_by_role("button", name="Stage 1").and_(page.get_by_role("button", name="Subacute")))
    for words in ("bird dog", "seated hamstring"):
        page.get_by_role("searchbox", name="Search exercises").fill(words)
        page.get_by_role("searchbox", name="Search exercises").press("Enter")
        expect(page.locator("#undo")).to_contain_text("added")
        saved(page)
    expect(page.locator("#lines .rx")).to_have_count(8)
    click(page.get_by_role("button", name="Send to patient"))
    page.wait_for_url("**/clinic/prescriptions/*/**")
    if "/publish/" in page.url:
        click(page.get_by_role("button", name="Send to patient"))
    expect(page.get_by_text("With the patient")).to_be_visible()
    took = time.monotonic() - started

    sent = Prescription.objects.live().get(patient=patient)
    assert sent.lines.count() == 8
    assert clicks <= 20
    assert took < 60


def test_builder_is_accessible(builder, assert_accessible):
    assert_accessible(builder)
    builder.set_viewport_size(PHONE)
    assert_accessible(builder)
    assert builder.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1200, 1920])
def test_builder_scrolls_sideways_at_no_width(builder, width):
    builder.set_viewport_size({"width": width, "height": 800})

    assert builder.evaluate("document.documentElement.scrollWidth") <= width


def test_shorthand_and_numbers_show_each_other(builder, draft):
    row = builder.locator(".rx", has_text="Bridge")
    row.locator("[name=text]").fill("3x8 5s 2x/day Mo-Fr")
    row.locator("[name=text]").press("Tab")
    expect(row.locator("[name=reps]")).to_have_value("8")
    expect(row.locator("[name=times_per_day]")).to_have_value("2")

    row.locator("[name=reps]").fill("12")
    row.locator("[name=reps]").press("Tab")
    expect(row.locator("[name=text]")).to_have_value("3 x 12, 5 s hold, 45 s rest, 2x/day, Mo-Fr")
    expect(builder.locator("#preview")).to_contain_text("Do it 12 times.")
    assert line_of(draft, "bridge").dosage == parse("3x12 5s hold 45s rest 2x/day Mo-Fr")


def test_fast_typing_through_a_row_loses_nothing(builder, draft):
    """Each field is saved as it is left, while the next is typed into."""
    builder.route("**/lines/**", lambda route: (time.sleep(0.15), route.continue_()))
    row = builder.locator(".rx", has_text="Bridge")
    row.locator("[name=text]").focus()
    for number in ("2", "9", "7", "20"):
        builder.keyboard.press("Tab")
        builder.keyboard.type(number, delay=15)
    builder.keyboard.press("Tab")
    expect(row.locator("[name=text]")).to_have_value("2 x 9, 7 s hold, 20 s rest, 5 days/week")

    assert line_of(draft, "bridge").dosage == parse("2x9 7s hold 20s rest 5 days/week")


def test_leaving_a_field_by_pressing_a_button_of_its_row_does_both(builder, draft):
    row = builder.locator(".rx", has_text="Bridge")
    row.locator("[name=sets]").fill("4")
    row.get_by_role("button", name="Duplicate Bridge").click(delay=200)
    expect(builder.locator("#lines .rx")).to_have_count(3)

    assert [line.dosage.sets for line in draft.lines.filter(exercise__slug="bridge")] == [4, 4]


def test_mistake_is_told_at_the_field_and_the_typing_stays(builder, draft, console):
    row = builder.locator(".rx", has_text="Bridge")
    row.locator("[name=text]").fill("3x10 somehow")
    row.locator("[name=text]").press("Tab")

    expect(row.locator(".invalid-feedback")).to_contain_text('"somehow" was not understood')
    expect(row.locator("[name=text]")).to_have_value("3x10 somehow")
    expect(row.locator("[name=text]")).to_be_focused()
    console.forgive("422")


def test_refused_typing_stays_when_another_row_moves(builder, draft, console):
    row = builder.locator(".rx", has_text="Bridge")
    row.locator("[name=text]").fill("3x10 somehow")
    row.locator("[name=text]").press("Tab")
    expect(row.locator(".invalid-feedback")).to_be_visible()
    down = builder.get_by_role("button", name="Move Bird dog down")
    down.click()
    expect(builder.locator("[data-phase=cool] .rx")).to_have_count(1)

    expect(row.locator(".invalid-feedback")).to_contain_text('"somehow" was not understood')
    expect(row.locator("[name=text]")).to_have_value("3x10 somehow")
    expect(down).to_be_focused()
    console.forgive("422")


def test_grip_moves_by_arrow_keys_and_keeps_the_focus(builder, draft):
    grip = builder.get_by_role("button", name="Move Bird dog. Use the arrow keys.")
    grip.focus()
    grip.press("ArrowUp")
    expect(builder.locator("#live")).to_contain_text("Bird dog moved. Now 1 of 2 in Main part.")
    expect(grip).to_be_focused()
    grip.press("ArrowUp")
    expect(builder.locator("#live")).to_contain_text("Now 1 of 1 in Warm-up.")

    assert slugs(draft) == ["bird-dog", "bridge"]
    assert line_of(draft, "bird-dog").phase == "warm"


def test_line_is_dragged_into_another_phase(builder, draft):
    builder.get_by_role("button", name="Move Bridge. Use").drag_to(builder.locator("[data-phase=cool]"))
    expect(builder.locator("#live")).to_contain_text("Bridge moved. Now 1 of 1 in Cool-down.")

    assert line_of(draft, "bridge").phase == "cool"


def test_removal_is_undone_by_the_keyboard(builder, draft):
    builder.get_by_role("button", name="Remove Bridge").click()
    expect(builder.locator("#lines .rx")).to_have_count(1)
    expect(builder.get_by_role("button", name="Remove Bird dog")).to_be_focused()
    builder.keyboard.press("Control+z")
    expect(builder.locator("#lines .rx")).to_have_count(2)

    assert slugs(draft) == ["bridge", "bird-dog"]


def test_slash_searches_and_enter_adds_the_first_found_once(builder, draft):
    builder.locator("h2").first.click()
    builder.keyboard.press("/")
    builder.keyboard.type("chin tuck")
    builder.keyboard.press("Enter")
    expect(builder.locator("#lines [data-exercise=chin-tuck]")).to_have_count(1)
    expect(builder.locator("[data-slug=chin-tuck] .in-plan")).to_be_visible()
    expect(builder.locator("#lines [data-exercise=chin-tuck] [name=sets]")).to_be_focused()

    assert slugs(draft).count("chin-tuck") == 1


def test_what_a_lost_connection_kept_back_is_sent_when_it_returns(builder, draft, context, console):
    row = builder.locator(".rx", has_text="Bridge")
    context.set_offline(True)
    row.locator("[name=reps]").fill("14")
    row.locator("[name=reps]").press("Tab")
    expect(row.get_by_text("Not saved.")).to_be_visible()
    expect(row.locator("[name=reps]")).to_have_value("14")

    context.set_offline(False)
    expect(row.get_by_text("Not saved.")).to_have_count(0)
    expect(row.locator("[name=text]")).to_have_value("3 x 14, 5 s hold, 45 s rest, 5 days/week")
    assert line_of(draft, "bridge").dosage.reps == 14
    console.forgive("ERR_INTERNET_DISCONNECTED", "htmx")


def test_two_editors_see_each_others_version(builder, draft, colleague, console):
    change_line(line=line_of(draft, "bridge"), dosage=parse("4x8"), by=colleague.user)
    row = builder.locator(".rx", has_text="Bridge")
    row.locator("[name=reps]").fill("15")
    row.locator("[name=reps]").press("Tab")

    note = builder.locator("#conflict")
    expect(note).to_contain_text("Sam Achterberg changed this draft")
    expect(note).to_be_focused()
    expect(note).to_contain_text("Bridge: 4 × 8")
    expect(note).to_contain_text("Bridge: 4 × 15")
    note.get_by_role("button", name="Do mine as well").click()
    expect(note).to_have_count(0)
    assert line_of(draft, "bridge").dosage == parse("4x15")
    console.forgive("409")


def test_pages_around_the_builder_are_accessible(page, sign_in, draft, clinician, patient, assert_accessible):
    sign_in(clinician.user)
    own = Protocol.objects.get(slug="older-adult")
    for path in (
        f"/clinic/patients/{patient.uuid}/prescribe/",
        f"/clinic/prescriptions/{draft.uuid}/publish/",
        f"/clinic/prescriptions/{draft.uuid}/discard/",
        f"/clinic/prescriptions/{draft.uuid}/save-as-protocol/",
        "/clinic/protocols/",
        f"/clinic/protocols/{own.slug}/",
    ):
        page.goto(path)
        assert_accessible(page)

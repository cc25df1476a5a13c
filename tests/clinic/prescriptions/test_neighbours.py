from decimal import Decimal

import pytest
from django.urls import reverse

from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.drafting import change_line, undo
from clinic.prescriptions.neighbours import fitting, neighbour
from clinic.prescriptions.safety import Facts
from exercises.models import Exercise
from patients.models import PatientCondition
from tests.clinic.prescriptions.conftest import names
from tests.factories import catalogue

HTMX = {"HX-Request": "true"}


def facts(slug, level=2, **fields):
    return Facts(slug=slug, name=slug, category="stability", level=level, tags=frozenset(), **fields)


@pytest.fixture
def ladder(bridge):
    """Pelvic tilt, bridge, single-leg bridge: each a step."""
    bridge.regression = catalogue.exercise("pelvic-tilt", level=1)
    bridge.progression = catalogue.exercise("single-leg-bridge", level=3, side="each")
    bridge.save()


def line_of(draft, slug):
    return draft.lines.select_related("exercise", "prescription").get(exercise__slug=slug)


def step(client, draft, slug, to, **headers):
    draft.refresh_from_db()
    url = reverse("line_step", args=[draft.uuid, line_of(draft, slug).uuid])
    return client.post(url, {"edit": draft.edit, "to": to}, headers=headers)


def test_neighbour_is_what_the_exercise_names_else_what_names_it():
    plank = facts("plank", easier="plank-knees")
    known = {each.slug: each for each in (plank, facts("plank-knees", 1), facts("long-plank", 4, easier="plank"))}

    assert neighbour(plank, "easier", known) == known["plank-knees"]
    assert neighbour(plank, "harder", known) == known["long-plank"]
    assert neighbour(known["plank-knees"], "harder", known) == plank
    assert neighbour(known["plank-knees"], "easier", known) is None


def test_dose_is_kept_where_it_fits_and_the_load_is_not(bridge):
    kept = fitting(parse("2 x 8, 4 s hold, 20 kg, 2x/day, 5 days/week"), bridge)

    assert kept == parse("2 x 8, 4 s hold, 2x/day, 5 days/week")


def test_dose_measured_otherwise_is_the_usual_one_on_the_same_days(walking):
    kept = fitting(parse("2 x 8, 5 days/week"), walking)

    assert (kept.minutes, kept.sets, kept.days_per_week) == (Decimal(10), 1, 5)


def test_sides_are_those_of_the_new_exercise(db):
    each_side = catalogue.exercise("side-plank", side="each")

    assert fitting(parse("2 x 8"), each_side).side == "each"
    assert fitting(parse("2 x 8, left side"), each_side).side == "left"


def test_one_click_steps_up_in_the_same_place_and_undo_steps_back(draft, ladder, clinician, clinician_client):
    change_line(line=line_of(draft, "bridge"), by=clinician.user, dosage=parse("2 x 6, 3 days/week"), importance=1)
    before = names(draft)

    answer = step(clinician_client, draft, "bridge", "harder", **HTMX)

    new = line_of(draft, "single-leg-bridge")
    assert answer.status_code == 200
    assert names(draft) == [{"bridge": "single-leg-bridge"}.get(slug, slug) for slug in before]
    assert (new.dosage.reps, new.dosage.days_per_week, new.dosage.side, new.importance) == (6, 3, "each", 1)
    draft.refresh_from_db()
    undo(draft=draft, by=clinician.user)
    assert names(draft) == before


def test_builder_offers_the_steps_by_name(draft, ladder, clinician_client):
    page = clinician_client.get(reverse("prescription_edit", args=[draft.uuid])).content.decode()

    assert "Easier: Pelvic-tilt" in page or "Easier: Pelvic tilt" in page
    assert "Harder: Single leg bridge" in page


def test_blocked_neighbour_is_named_with_its_reason_and_not_stepped_to(draft, ladder, clinician_client, clinician):
    PatientCondition.objects.create(patient=draft.patient, code="acute-phase", added_by=clinician.user)
    page = clinician_client.get(reverse("prescription_edit", args=[draft.uuid])).content.decode()

    answer = step(clinician_client, draft, "bridge", "harder")

    assert "Harder: Single leg bridge is blocked, Acute phase" in page
    assert answer.status_code == 422
    assert "single-leg-bridge" not in names(draft)


def test_neighbour_that_nobody_vouches_for_is_no_step(draft, ladder, clinician_client):
    harder = Exercise.objects.get(slug="single-leg-bridge")
    harder.review_by = None
    harder.save()
    page = clinician_client.get(reverse("prescription_edit", args=[draft.uuid])).content.decode()

    assert "Harder: Single leg bridge" not in page
    assert step(clinician_client, draft, "bridge", "harder").status_code == 422


@pytest.mark.parametrize("to", ["easier", "harder"])
def test_second_click_on_a_step_is_a_conflict_and_steps_once(to, draft, ladder, clinician_client):
    draft.refresh_from_db()
    url = reverse("line_step", args=[draft.uuid, line_of(draft, "bridge").uuid])
    answers = [clinician_client.post(url, {"edit": draft.edit, "to": to}, headers=HTMX) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert len(names(draft)) == 3


def test_no_neighbour_and_no_way_are_refused(draft, clinician_client):
    assert step(clinician_client, draft, "bridge", "harder").status_code == 422
    assert step(clinician_client, draft, "bridge", "sideways").status_code == 404

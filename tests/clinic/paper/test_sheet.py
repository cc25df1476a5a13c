"""What stands on the sheet: one value that the page and the PDF both take their words from."""

from datetime import date, timedelta

import pytest

from clinic.paper.reading import plan_on_paper, sent
from clinic.prescriptions.models import Easing
from clinic.today.reading import dose
from tests.clinic.paper.conftest import ADDRESS
from tests.factories import catalogue, people, plans

pytestmark = pytest.mark.django_db


@pytest.fixture
def on_paper(plan, clinician, today):
    def on_paper(first=today):
        return plan_on_paper(plan, user=clinician.user, first=first, address=ADDRESS)

    return on_paper


def test_says_each_dose_in_the_words_of_everywhere_else(on_paper, plan):
    said = [(each.words, each.when) for each in on_paper().exercises]

    doses = [dose(line.dosage) for line in plan.lines.all()]
    assert said == [(d.words, f"{d.when[0].upper()}{d.when[1:]}.") for d in doses]


def test_names_who_prescribed_what_and_when(on_paper, plan, clinician):
    sheet = on_paper()

    assert (sheet.patient, sheet.by, sheet.clinic, sheet.phone) == (
        "Margaret Ellis", "Rita Voss", "Spine INA", "+44 20 7946 0000",
    )  # fmt: skip
    assert (sheet.version, sheet.note, sheet.address) == (1, "Well done so far.", ADDRESS)


def test_boxes_are_the_times_of_a_day_and_other_weekdays_are_free(on_paper, today):
    first = today - timedelta(days=today.weekday())
    bridge, bird_dog, plank, shrug = on_paper(first).exercises

    assert [cell.boxes for cell in bridge.cells] == [1] * 14
    assert [cell.boxes for cell in bird_dog.cells] == [2, 0, 2, 0, 2, 0, 0] * 2
    assert [cell.most for cell in plank.cells] == [4] * 14
    assert [(cell.boxes, cell.most) for cell in shrug.cells] == [(0, 5)] * 14


def test_days_before_and_after_the_plan_are_free(plan, clinician, on_paper):
    first = plan.starts_on - timedelta(days=2)

    assert [cell.is_off for cell in on_paper(first).exercises[0].cells] == [True] * 2 + [False] * 12


def test_paused_days_are_free(plan, clinician, on_paper, today):
    plans.paused(plan, by=clinician.user, since=today + timedelta(days=1), until=today + timedelta(days=3))

    assert [cell.is_off for cell in on_paper().exercises[0].cells] == [False, True, True, True] + [False] * 10


def test_sheet_that_begins_in_a_pause_says_so(plan, clinician, on_paper, today):
    assert on_paper().pause == ""

    plans.paused(plan, by=clinician.user, since=today)

    assert on_paper().pause == "Your plan is paused for now. You need not do your exercises."


def test_what_rests_stays_on_the_sheet_says_so_and_has_no_box_until_it_is_back(plan, on_paper, today):
    line = plan.lines.first()
    Easing.objects.create(
        patient=plan.patient, thread=line.thread, kind="withheld", because="away", from_day=today,
        until_day=today + timedelta(days=4),
    )  # fmt: skip

    bridge = on_paper().exercises[0]

    assert bridge.rests.startswith("Your symptoms moved further out, so it rests for now.")
    assert [cell.is_off for cell in bridge.cells] == [True] * 5 + [False] * 9


def test_half_is_said_in_the_dose(plan, on_paper, today):
    line = plan.lines.first()
    Easing.objects.create(
        patient=plan.patient, thread=line.thread, kind="half", because="stop", from_day=today, until_day=today
    )

    assert on_paper().exercises[0].words.startswith("Half for now.")


def test_stops_have_the_numbers_of_this_patient_and_promise_nothing_that_paper_cannot(on_paper):
    stops = on_paper().stops

    assert [when for when, _ in stops.pain] == [
        "Pain of 0 to 5 out of 10",
        "Pain of 6 or more",
        "Pain that moves further out or down for more than 10 minutes",
        "New numbness or weakness",
    ]
    said = " ".join(then for _, then in stops.pain)
    assert "We have told your clinic" not in said and said.count("Please call us") == 2
    assert stops.emergency == "Call 112 or go to an emergency department if:"
    assert "you are numb between your legs" in stops.signs


def test_weeks_are_seven_days_from_the_first(on_paper):
    one, two = on_paper(date(2026, 12, 1)).weeks

    assert (one.days[0], one.days[-1], two.days[0], two.days[-1]) == (
        date(2026, 12, 1), date(2026, 12, 7), date(2026, 12, 8), date(2026, 12, 14),
    )  # fmt: skip


def test_reading_costs_the_same_for_one_exercise_and_for_twelve(
    spine_ina, clinician, django_assert_num_queries, today
):
    for count, name in ((1, "Uno"), (12, "Duodecim")):
        person = people.patient(spine_ina, "Some", name, lead=clinician)
        exercises = [catalogue.exercise(f"{name.lower()}-{n}") for n in range(count)]
        made = plans.published(person, by=clinician.user, exercises=exercises)
        printed = sent(clinician.user).get(pk=made.pk)
        with django_assert_num_queries(4):
            plan_on_paper(printed, user=clinician.user, first=today, address=ADDRESS)

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.prescriptions.actions import start_draft
from clinic.prescriptions.likeness import FEWEST, Case, Stage, alike_group, given_to_others_like, region_of, stage_of
from clinic.prescriptions.models import Prescription
from patients.models import Episode, PatientCondition
from tests.factories import people, plans

BRIDGE, PLANK, WALKING = 1, 2, 3


def case(*exercises, region="low back", stage=Stage.CHRONIC, conditions=()):
    return Case(region, stage, frozenset(conditions), frozenset(exercises))


def test_exercise_is_named_when_five_like_this_were_given_it():
    others = [case(BRIDGE, PLANK)] * 4 + [case(BRIDGE)]

    assert given_to_others_like(case(), others).exercises == (BRIDGE,)


def test_four_are_too_few_to_name_anything():
    assert given_to_others_like(case(), [case(BRIDGE)] * 4).exercises == ()


def test_most_given_comes_first():
    others = [case(BRIDGE, PLANK)] * 5 + [case(PLANK)]

    assert given_to_others_like(case(), others).exercises == (PLANK, BRIDGE)


@pytest.mark.parametrize("other", [case(BRIDGE, region="neck"), case(BRIDGE, stage=Stage.ACUTE)])
def test_another_problem_or_stage_is_not_like_this(other):
    assert given_to_others_like(case(), [other] * 9).exercises == ()


def test_stage_that_is_not_known_is_like_any():
    assert given_to_others_like(case(stage=None), [case(BRIDGE)] * 5).exercises == (BRIDGE,)
    assert given_to_others_like(case(), [case(BRIDGE, stage=None)] * 5).exercises == ()


def test_same_conditions_count_where_enough_have_them():
    plain, stenosis = [case(PLANK)] * 9, [case(BRIDGE, conditions=["stenosis"])] * 5

    assert given_to_others_like(case(conditions=["stenosis"]), plain + stenosis).exercises == (BRIDGE,)
    few = given_to_others_like(case(conditions=["stenosis"]), plain + stenosis[:4])
    assert (few.exercises, few.in_all) == ((PLANK,), False)


def test_problem_that_names_no_place_is_like_nothing():
    assert given_to_others_like(case(region=""), [case(BRIDGE, region="")] * 9).exercises == ()


@pytest.mark.parametrize(
    ("problem", "region"),
    [
        ("Chronic low back pain", "low back"), ("Neck and back", "neck"), ("Sciatica, left", "leg"),
        ("Pain between the shoulder blades, upper back", "upper back"), ("", ""), ("Feedback from surgeon", ""),
    ],
)  # fmt: skip
def test_region_is_read_from_the_words_of_the_problem(problem, region):
    assert region_of(problem) == region


@pytest.mark.parametrize(
    ("weeks", "stage"), [(0, "acute"), (5, "acute"), (6, "subacute"), (12, "subacute"), (13, "chronic")]
)
def test_stage_is_counted_from_the_beginning(weeks, stage):
    day = date(2026, 11, 27)

    assert stage_of(day - timedelta(weeks=weeks), day) == stage
    assert stage_of(None, day) is None


@pytest.fixture
def clinic_of_six(patient, clinician, bridge):
    """Five others with the same problem, each with a bridge."""
    for number in range(FEWEST):
        other = people.patient(patient.clinic, f"Ann{number}", "Secret")
        plans.published(other, by=clinician.user, exercises=[bridge])


def test_builder_offers_it_with_the_same_checks_and_without_a_name(
    clinic_of_six, patient, clinician, clinician_client, bridge, bird_dog
):
    draft = start_draft(patient=patient, by=clinician.user)
    page = clinician_client.get(reverse("prescription_edit", args=[draft.uuid]), {"from": "alike"}).content.decode()

    assert "at least 5 patients of your clinic" in page
    assert 'data-slug="bridge"' in page and 'data-slug="bird-dog"' not in page
    assert "Secret" not in page


def test_patient_does_not_count_for_themselves_nor_does_another_clinic(
    clinic_of_six, patient, clinician, foreign_clinician, foreign_patient, bridge
):
    plans.published(patient, by=clinician.user, exercises=[bridge])
    one = patient.clinic.patients.filter(last_name="Secret").first()
    one.prescriptions.all().delete()
    plans.published(foreign_patient, by=foreign_clinician.user, exercises=[bridge])

    assert alike_group(patient).ids == ()


def test_stage_and_conditions_come_from_the_record(clinic_of_six, patient, clinician):
    Episode.objects.create(
        patient=patient, onset_on=patient.local_day() - timedelta(days=3), opened_on=patient.local_day(),
        opened_at=patient.created_at,
    )  # fmt: skip

    assert alike_group(patient).ids == ()
    Episode.objects.filter(patient=patient).delete()
    PatientCondition.objects.create(patient=patient, code="stenosis", added_by=clinician.user)
    assert alike_group(patient).about.endswith("with the same problem.")


def episode(patient, *, since, closed_on=None):
    return Episode.objects.create(
        patient=patient, problem="Low back pain", onset_on=since, opened_on=since, closed_on=closed_on,
        opened_at=patient.created_at,
    )  # fmt: skip


def test_stage_is_that_of_the_day_on_which_the_plan_was_sent(clinic_of_six, patient, clinician, bridge):
    """Given in the first week, a year ago: to those with acute pain, and never to those with chronic pain."""
    today = patient.local_day()
    year_ago = timezone.now() - timedelta(days=365)
    for number, other in enumerate(patient.clinic.patients.filter(last_name="Secret")):
        # Of some the episode is over, and another one has begun.
        episode(
            other,
            since=year_ago.date() - timedelta(days=7),
            closed_on=today - timedelta(days=200) if number % 2 else None,
        )
        if number % 2:
            episode(other, since=today - timedelta(days=100))
    Prescription.objects.filter(patient__last_name="Secret").update(published_at=year_ago)

    long = episode(patient, since=today - timedelta(days=365))
    assert alike_group(patient).ids == ()
    long.onset_on = today - timedelta(days=7)
    long.save()
    assert alike_group(patient).ids == (bridge.pk,)


def test_only_the_last_plan_of_each_counts(clinic_of_six, patient, clinician, bridge, bird_dog):
    for plan in Prescription.objects.filter(patient__last_name="Secret"):
        plans.revised(plan, by=clinician.user, lines=[plans.Line(bird_dog)], on=patient.local_day())

    assert alike_group(patient).ids == (bird_dog.pk,)


def test_takes_as_many_queries_for_any_number(clinic_of_six, patient, clinician, bridge, django_assert_num_queries):
    with django_assert_num_queries(7):
        alike_group(patient)
    for number in range(6):
        other = people.patient(patient.clinic, f"Bea{number}", "Secret")
        plans.published(other, by=clinician.user, exercises=[bridge])
    with django_assert_num_queries(7):
        alike_group(patient)

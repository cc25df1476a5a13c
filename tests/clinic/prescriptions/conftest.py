from decimal import Decimal

import pytest

from clinic.prescriptions.actions import start_draft
from clinic.prescriptions.drafting import add_exercise
from tests.factories import catalogue


@pytest.fixture
def bridge(db):
    return catalogue.exercise("bridge")


@pytest.fixture
def bird_dog(db):
    return catalogue.exercise("bird-dog", side="alternate")


@pytest.fixture
def walking(db):
    return catalogue.exercise(
        "walking",
        phases=["warm", "main"],
        measure="minutes",
        reps=None,
        hold_s=None,
        minutes=Decimal(10),
        sets=1,
        rest_s=0,
    )


@pytest.fixture
def draft(patient, clinician, bridge, bird_dog, walking):
    """Walking to warm up, then bridge and bird dog."""
    made = start_draft(patient=patient, by=clinician.user)
    add_exercise(draft=made, exercise=bridge, by=clinician.user)
    add_exercise(draft=made, exercise=bird_dog, by=clinician.user)
    add_exercise(draft=made, exercise=walking, by=clinician.user, phase="warm")
    return made


def names(prescription):
    return [line.exercise.slug for line in prescription.lines.select_related("exercise")]

from datetime import timedelta

import pytest

from exercises.content.load import HERE
from tests.factories import catalogue, plans

ADDRESS = "https://backwell.example/today/plan/0/"


@pytest.fixture
def pose():
    return (HERE / "poses" / "bridge.pose").read_text()


@pytest.fixture
def today(patient):
    return patient.local_day()


@pytest.fixture
def lines(db, pose):
    """Every day, on named days twice, as needed, and often: each way to fill in a day."""
    return [
        plans.Line(catalogue.exercise("bridge", pose=pose), "3 x 10", note="Squeeze a towel between your knees."),
        plans.Line(catalogue.exercise("bird-dog"), "2 x 6 each side BID Mo We Fr"),
        plans.Line(catalogue.exercise("plank"), "2 x 20 s, 4x/day, as needed"),
        plans.Line(catalogue.exercise("shrug"), "1 x 5, 5x/day", phase="desk"),
    ]


@pytest.fixture
def plan(patient, clinician, lines, today):
    return plans.published(
        patient,
        by=clinician.user,
        lines=lines,
        starts_on=today - timedelta(days=60),
        note_to_patient="Well done so far.",
    )

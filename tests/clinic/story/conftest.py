from datetime import UTC, date, datetime

import pytest
import time_machine

from tests.factories import catalogue, plans


@pytest.fixture
def in_may():
    """A Wednesday."""
    with time_machine.travel(datetime(2026, 5, 20, 8, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def bridge(db):
    return catalogue.exercise("bridge")


@pytest.fixture
def plan(in_may, patient, clinician, bridge):
    """Every day since Monday two weeks ago."""
    lines = [plans.Line(bridge, "1 x 10"), plans.Line(catalogue.exercise("plank"), "1 x 20 s")]
    return plans.published(patient, by=clinician.user, lines=lines, starts_on=date(2026, 5, 4))

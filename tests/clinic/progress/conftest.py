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
def plan(in_may, patient, clinician):
    """Every day since Monday two weeks ago; one exercise on fixed days."""
    lines = [plans.Line(catalogue.exercise("bridge"), "1 x 10"), plans.Line(catalogue.exercise("plank"), "1 x 20 s")]
    return plans.published(patient, by=clinician.user, lines=lines, starts_on=date(2026, 5, 4))


@pytest.fixture
def free_days(in_may, patient, clinician):
    """Three days a week of the patient's own choosing."""
    lines = [plans.Line(catalogue.exercise("bridge"), "1 x 10, 3 days/week")]
    return plans.published(patient, by=clinician.user, lines=lines, starts_on=date(2026, 5, 4))

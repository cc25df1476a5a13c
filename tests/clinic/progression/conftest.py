from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import time_machine

from clinic.prescriptions.dosage_parse import parse
from clinic.progression.rules import Case, Decision, Exercise, Practice, Rung
from tests.factories import catalogue

TODAY = date(2026, 11, 18)  # a Wednesday
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
GO, HOLD, STEP_BACK, STOP = Decision.GO, Decision.HOLD, Decision.STEP_BACK, Decision.STOP


def ago(days):
    return TODAY - timedelta(days=days)


def practices(*decisions, worst=2, **fields):
    """One a day up to yesterday, the newest first."""
    return tuple(Practice(day=ago(n), decision=each, worst=worst, **fields) for n, each in enumerate(decisions, 1))


def exercise(dose="3 x 10", *, n=1, **fields):
    values = {
        "thread": UUID(int=n),
        "name": f"Exercise {n}",
        "plain_name": f"Exercise {n}",
        "dosage": parse(dose),
        "category": "stability",
        "level": 2,
        "practices": practices(GO, GO, GO),
        "share": 1.0,
        "done": 6,
        "asked": 6,
        "changed_on": ago(10),
    } | fields
    return Exercise(**values)


def case(*exercises, **fields):
    return Case(**{"today": TODAY, "age": 50, "exercises": exercises} | fields)


def rung(slug="plank", level=3, dose="3 x 20 s", **fields):
    name = slug.replace("-", " ").capitalize()
    return Rung(slug=slug, name=name, plain_name=name, level=level, dosage=parse(dose), **fields)


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def bridge(db):
    return catalogue.exercise("bridge", hold_s=None)


@pytest.fixture
def today():
    return TODAY

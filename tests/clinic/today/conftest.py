from dataclasses import dataclass

import pytest
from django.test import Client

from clinic.prescriptions.models import PrescribedExercise, Prescription
from clinic.today.actions import set_all_done, set_done
from patients.models import Patient
from tests.factories import catalogue, plans

HTMX = {"HX-Request": "true"}


@dataclass
class Plan:
    """A live plan of three exercises and a micro-break, and taps on it."""

    patient: Patient
    prescription: Prescription
    bridge: PrescribedExercise
    bird_dog: PrescribedExercise
    plank: PrescribedExercise
    shrug: PrescribedExercise

    @property
    def day(self):
        return self.patient.local_day()

    def done(self, line=None, number=1, side="both", *, done=True, occasion=1, day=None, by=None):
        return set_done(
            patient=self.patient, by=by or self.patient.user, day=day or self.day, line=(line or self.bridge).uuid,
            occasion=occasion, set_number=number, side=side, done=done,
        )  # fmt: skip

    def all_done(self, line=None, *, done=True, occasion=1, day=None):
        return set_all_done(
            patient=self.patient, by=self.patient.user, day=day or self.day, line=(line or self.bridge).uuid,
            occasion=occasion, done=done,
        )  # fmt: skip

    def tap(self, client: Client, what, *, day=None, url="/today/check/", name="tick", htmx=True, **more):
        data = {"day": (day or self.day).isoformat(), name: what, **more}
        return client.post(url, data, headers=HTMX if htmx else {})


@pytest.fixture
def exercises(db):
    return {slug: catalogue.exercise(slug) for slug in ("bridge", "bird-dog", "plank", "shrug")}


@pytest.fixture
def plan(patient, clinician, exercises):
    made = plans.published(
        patient,
        by=clinician.user,
        lines=[
            plans.Line(exercises["bridge"], "3 x 10 5s", note="Squeeze a towel between your knees."),
            plans.Line(exercises["bird-dog"], "2 x 6 each side"),
            plans.Line(exercises["plank"], "3 x 20 s", phase="cool"),
            plans.Line(exercises["shrug"], "1 x 5, 3x/day", phase="desk"),
        ],
    )
    return Plan(patient, made, *made.lines.all())


@pytest.fixture
def relief(patient, clinician, exercises):
    """A plan with one exercise for every day and one for when it helps."""
    made = plans.published(
        patient,
        by=clinician.user,
        lines=[
            plans.Line(exercises["bridge"], "1 x 10"),
            plans.Line(exercises["bird-dog"], "2 x 6, 4x/day, as needed"),
        ],
    )
    return Plan(patient, made, *made.lines.all(), *[None] * 2)


@pytest.fixture
def twice_a_day(patient, clinician, exercises):
    made = plans.published(
        patient,
        by=clinician.user,
        lines=[
            plans.Line(exercises["bridge"], "1 x 10, 2x/day"),
            plans.Line(exercises["bird-dog"], "1 x 6"),
            plans.Line(exercises["plank"], "1 x 20 s, 2x/day", phase="cool"),
            plans.Line(exercises["shrug"], "1 x 5", phase="desk"),
        ],
    )
    return Plan(patient, made, *made.lines.all())

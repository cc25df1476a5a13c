"""What a patient reads and ticks of the catalogue's usual start, for every exercise of the starter catalogue."""

from decimal import Decimal

import pytest

from clinic.prescriptions.dosage import Measure
from clinic.prescriptions.dosage_words import set_label, words
from clinic.prescriptions.drafting import default_dosage
from clinic.templatetags.dosage import usual_start
from exercises.content.load import read_exercises
from exercises.models import Exercise

FACTS = ("measure", "side", "sets", "reps", "hold_s", "minutes", "rest_s", "times_per_day", "days_per_week")
CATALOGUE = {slug: Exercise(**{fact: row[fact] for fact in FACTS}) for slug, row in read_exercises().items()}


@pytest.mark.parametrize("slug", CATALOGUE)
def test_usual_start_can_be_prescribed_as_it_is(slug):
    dosage = default_dosage(CATALOGUE[slug])

    assert dosage.errors() == {}
    assert usual_start(CATALOGUE[slug]).startswith(words(dosage))


@pytest.mark.parametrize("slug", [slug for slug, exercise in CATALOGUE.items() if exercise.measure == Measure.HOLD])
def test_each_hold_has_its_own_tick(slug):
    exercise = CATALOGUE[slug]
    dosage = default_dosage(exercise)

    assert dosage.sets * dosage.reps == exercise.sets * exercise.reps
    assert set_label(dosage) == ("Hold" if 1 in (exercise.sets, exercise.reps) else "Set")


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"measure": "reps", "sets": 3, "reps": 10}, "Do it 10 times. Do 3 sets in all. Every day."),
        (
            {"measure": "hold", "sets": 1, "reps": 3, "hold_s": 25, "side": "each", "times_per_day": 2},
            "Hold for 25 seconds on each side. Do this 3 times in all. 2 times a day, every day.",
        ),
        (
            {"measure": "minutes", "sets": 1, "minutes": Decimal("1.0"), "days_per_week": 1},
            "Do it for 1 minute. 1 day a week, you choose which.",
        ),
    ],
)
def test_usual_start_is_said_in_plain_words(columns, said):
    assert usual_start(Exercise(**columns)) == said


@pytest.mark.parametrize("columns", [{}, {"measure": "reps", "reps": None}, {"measure": "hold", "reps": 5}])
def test_nothing_is_said_of_a_form_that_makes_no_dosage_yet(columns):
    assert usual_start(Exercise(**columns)) == ""

from decimal import Decimal

import pytest

from exercises.models import Exercise
from exercises.words import in_words, usual_start


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"measure": "reps", "sets": 3, "reps": 10}, "3 sets of 10. Once a day, every day."),
        (
            {"measure": "reps", "sets": 1, "reps": 6, "hold_s": 8, "side": "alternate", "rest_s": 30},
            "1 set of 6 on each side, taking turns. Hold each one for 8 seconds. Rest 30 seconds in between. "
            "Once a day, every day.",
        ),
        (
            {"measure": "hold", "sets": 1, "reps": 3, "hold_s": 25, "side": "each", "times_per_day": 2},
            "3 holds of 25 seconds on each side. Twice a day, every day.",
        ),
        (
            {"measure": "hold", "sets": 3, "reps": 1, "hold_s": 1, "days_per_week": 1},
            "3 holds of 1 second. Once a day, 1 day a week.",
        ),
        (
            {"measure": "hold", "sets": 2, "reps": 3, "hold_s": 20, "times_per_day": 3},
            "2 sets of 3 holds of 20 seconds. 3 times a day, every day.",
        ),
        ({"measure": "minutes", "sets": 1, "minutes": Decimal("1.0")}, "1 minute. Once a day, every day."),
        ({"measure": "minutes", "sets": 2, "minutes": Decimal("2.5")}, "2 times 2.5 minutes. Once a day, every day."),
    ],
)
def test_usual_start_is_said_in_plain_words(columns, words):
    assert usual_start(Exercise(**columns)) == words


def test_names_are_joined_and_said_once():
    assert in_words([]) == ""
    assert in_words(["buttocks"]) == "buttocks"
    assert in_words(["tummy", "buttocks", "tummy", "calf"]) == "tummy, buttocks and calf"

from dataclasses import dataclass
from typing import Any

import pytest

from clinic.prescriptions.burden import burden
from clinic.prescriptions.dosage_parse import parse


@dataclass
class Line:
    dosage: Any
    importance: int = 2
    phase: str = "main"


def lines(count, text="1 x 10", **fields):
    return [Line(parse(text), **fields) for _ in range(count)]


def test_four_short_exercises_are_no_burden():
    found = burden(lines(4))

    assert (found.exercises, found.remedy, found.short_day) == (4, "", "")


@pytest.mark.parametrize("plan", [lines(5), lines(1, "35 min")])
def test_more_than_people_keep_up_is_said_with_what_to_do(plan):
    found = burden(plan)

    assert found.over == "Most people keep up about 4 exercises and 30 minutes a day."
    assert "Must do" in found.remedy


def test_ranking_the_few_that_matter_answers_it():
    found = burden(lines(4) + lines(2, importance=1))

    assert found.remedy == ""
    assert found.short_day.startswith("On a short day: 2 must-do exercises, ")


def test_everything_ranked_first_is_nothing_first():
    assert "Rank fewer" in burden(lines(6, importance=1)).remedy


def test_breaks_and_what_is_done_as_needed_are_no_part_of_it():
    assert burden(lines(3) + lines(4, phase="desk") + lines(4, "1 x 10, as needed")).exercises == 3


def test_exercises_on_different_days_do_not_add_up():
    assert burden(lines(3, "1 x 10, Mo We") + lines(3, "1 x 10, Tu Th")).exercises == 3


def test_day_with_too_many_is_found_beside_a_longer_one():
    found = burden(lines(5, "1 x 10, Mo We") + lines(1, "28 min, Tu Th"))

    assert (found.exercises, bool(found.remedy)) == (5, True)


def test_day_without_a_rank_is_found_beside_a_longer_one_that_has_one():
    ranked = lines(1, "20 min, Tu Th", importance=1) + lines(1, "20 min, Tu Th")

    assert burden(ranked).short_day
    assert burden(ranked + lines(5, "1 x 10, Mo We")).exercises == 5


def test_nothing_planned_asks_for_nothing():
    assert burden([]).exercises == burden([]).minutes == 0

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from patients.team.rules import Part, divided, is_alone

MONDAY = date(2026, 11, 30)


def day(number):
    return MONDAY + timedelta(days=number)


def test_one_cover_has_all_days():
    assert divided(day(0), day(4), "Sam") == [Part("Sam", day(0), day(4))]


def test_each_who_takes_over_begins_where_the_one_before_ends():
    assert divided(day(0), day(9), "Sam", [(day(7), "Ida"), (day(3), "Tom")]) == [
        Part("Sam", day(0), day(2)),
        Part("Tom", day(3), day(6)),
        Part("Ida", day(7), day(9)),
    ]


@given(st.integers(0, 60), st.sets(st.integers(1, 60), max_size=4))
def test_every_day_is_somebodys_and_nobody_elses(length, starts):
    later = [(day(start), str(start)) for start in starts if start <= length]

    parts = divided(day(0), day(length), "first", later)

    for number in range(length + 1):
        assert len([part for part in parts if part.meets(day(number), day(number))]) == 1


def test_cover_who_is_away_on_the_last_day_leaves_it_alone():
    part = Part("Sam", day(0), day(3))

    assert is_alone(part, [Part("Sam", day(3), day(5))])
    assert not is_alone(part, [Part("Sam", day(4), day(5)), Part("Ida", day(0), day(5))])

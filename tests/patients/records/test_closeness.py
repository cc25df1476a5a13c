"""How close a goal came, in a sentence and as a line."""

import re
from dataclasses import dataclass
from datetime import date

from patients.records.closeness import NOT_SAID, Closeness, line


@dataclass
class Said:
    day: date
    close: int


def test_of_several_numbers_a_day_the_last_counts():
    steps = [Said(date(2026, 5, 4), 2), Said(date(2026, 5, 4), 3), Said(date(2026, 5, 11), 6)]

    assert Closeness.of(steps).said == ((date(2026, 5, 4), 3), (date(2026, 5, 11), 6))


def test_sentence_says_from_where_to_where():
    closeness = Closeness.of([Said(date(2026, 5, 4), 2), Said(date(2026, 5, 11), 6)])

    assert closeness.sentence == "from 2 on 4 May to 6 of 10 on 11 May"
    assert closeness.until(date(2026, 5, 10)).sentence == "2 of 10 on 4 May"
    assert (NOT_SAID.sentence, NOT_SAID.now) == ("", None)


def test_line_needs_two_days_and_stays_inside():
    first = Said(date(2026, 5, 4), 0)

    assert line(Closeness.of([first])) == line(NOT_SAID) == ""
    drawn = line(Closeness.of([first, Said(date(2026, 5, 11), 10)]))
    assert re.search(r'points="(\S+) (\S+)"', drawn).groups() == ("5.0,25.0", "115.0,5.0")
    assert 'aria-label="from 0 on 4 May to 10 of 10 on 11 May"' in drawn

from datetime import date, timedelta

import pytest

from clinic.caseload.stored import stored_tallies
from clinic.today.models import DailyTally
from clinic.today.plan import DayTally

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


def test_days_are_read_as_they_were_stored(patient):
    days = [
        DayTally(MONDAY, planned_slots=5, done=2 / 3, touched_slots=3, excused_part=0.25, breaks_planned=4),
        DayTally(
            MONDAY + timedelta(days=1), flexible_slots=6, flexible_days=3, flexible_done=1.5, flexible_touched=2
        ),
    ]
    for day in days:
        DailyTally.objects.create(patient=patient, **{name: getattr(day, name) for name in DayTally.__slots__})

    stored = stored_tallies(DailyTally.objects.all())

    assert list(stored) == [patient.pk]
    for day in days:
        read = stored[patient.pk][day.day]
        for name in DayTally.__slots__:
            assert getattr(read, name) == (day.day if name == "day" else pytest.approx(getattr(day, name)))


def test_a_day_that_changes_is_read_anew(patient):
    DailyTally.objects.create(patient=patient, day=MONDAY, planned_slots=5, done=1)
    assert stored_tallies(DailyTally.objects.all())[patient.pk][MONDAY].done == 1

    DailyTally.objects.update(done=4)

    assert stored_tallies(DailyTally.objects.all())[patient.pk][MONDAY].done == 4


def test_nobody_is_read_where_nothing_is_stored(patient):
    assert stored_tallies(DailyTally.objects.all()) == {}

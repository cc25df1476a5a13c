"""The calendar feed, read by another library than the one that wrote it, over changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st

from clinic.prescriptions.dosage_parse import parse
from clinic.reminders.calendar import SUMMARY, Hours, Plan, Span, calendar_of, series_of

LONDON = ZoneInfo("Europe/London")
USUAL = Hours()
NAMES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
PLAN = UUID("5b1c7a52-9f0a-4b0e-8d5b-4f6c4d0e9a11")


def plan(*shorthands, first=date(2026, 3, 23), last=date(2026, 4, 5), **fields):  # two weeks from a Monday on
    return Plan(PLAN, first, last, tuple(parse(each) for each in shorthands or ["3 x 10"]), **fields)


def read(*plans, hours=USUAL, zone=LONDON):
    return icalendar.Calendar.from_ical(calendar_of(plans, hours, zone))


def starts(*plans, hours=USUAL, zone=LONDON, begin=date(2026, 1, 1), end=date(2026, 12, 31)):
    found = recurring_ical_events.of(read(*plans, hours=hours, zone=zone)).between(begin, end)
    return sorted(event.start for event in found)


def test_eight_o_clock_stays_eight_o_clock_when_the_clocks_change():
    found = starts(plan())  # British summer time begins on 29 March

    assert {each.time() for each in found} == {time(8)}
    assert {each.astimezone(UTC).hour for each in found if each.date() < date(2026, 3, 29)} == {8}
    assert {each.astimezone(UTC).hour for each in found if each.date() >= date(2026, 3, 29)} == {7}


def test_first_and_last_day_are_included():
    found = starts(plan())

    assert [found[0].date(), found[-1].date(), len(found)] == [date(2026, 3, 23), date(2026, 4, 5), 14]


def test_pauses_leave_a_gap_and_an_open_one_ends_it():
    closed, still = Span(date(2026, 3, 25), date(2026, 3, 30)), Span(date(2026, 4, 2), None)

    days = {each.day for each in starts(plan(rests=(closed, still)))}

    assert days == {23, 24, 31, 1}


def test_fixed_weekdays_and_rounds_of_a_day():
    found = starts(plan("1 x 10, 2x/day, Mo We", "1 x 5, Fr"))

    assert [(each.day, each.hour) for each in found if each.month == 3] == [
        (23, 8), (23, 18), (25, 8), (25, 18), (27, 8), (30, 8), (30, 18),
    ]  # fmt: skip


def test_days_of_the_patients_choice_are_theirs_or_none():
    free = plan("1 x 10, 3 days/week")

    assert starts(free) == []
    assert {each.weekday() for each in starts(free, hours=Hours(weekdays=(1, 5)))} == {1, 5}


def test_plan_that_starts_between_its_weekdays_begins_with_the_first_of_them():
    found = starts(plan("1 x 5, Mo", first=date(2026, 3, 24)))

    assert [each.date() for each in found] == [date(2026, 3, 30)]


def test_many_rounds_are_spread_over_the_day():
    assert [f"{at:%H:%M}" for at in Hours().of_rounds(4)] == ["08:00", "11:20", "14:40", "18:00"]
    assert Hours().of_rounds(1) == [time(8)]


def test_event_is_private_generic_and_has_what_calendars_want():
    [event] = read(plan()).events

    assert {name: str(event[name]) for name in ("SUMMARY", "CLASS", "TRANSP")} == {
        "SUMMARY": SUMMARY, "CLASS": "PRIVATE", "TRANSP": "TRANSPARENT",
    }  # fmt: skip
    assert event["RRULE"].to_ical() == b"FREQ=DAILY;UNTIL=20260405T070000Z"
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert not {"DESCRIPTION", "LOCATION", "ORGANIZER", "ATTENDEE"} & set(event)


def test_file_is_as_the_standard_wants_it():
    raw = calendar_of([plan("1 x 10, Mo")], Hours(), LONDON)

    lines = raw.decode().split("\r\n")
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    assert "\n" not in raw.decode().replace("\r\n", "") and max(len(line.encode()) for line in lines) <= 75
    for line in (
        "VERSION:2.0", "TZID:Europe/London", "REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-PUBLISHED-TTL:PT12H",
        "RRULE:FREQ=WEEKLY;UNTIL=20260405T070000Z;BYDAY=MO",
    ):  # fmt: skip
        assert line in lines


def test_uid_stays_and_sequence_grows_when_something_changes():
    def first(plan, hours=USUAL):
        return series_of(plan, hours)[0]

    before, paused = first(plan()), first(plan(rests=(Span(date(2026, 3, 25), None),), changes=1))
    moved = first(plan(), Hours(morning=time(9), edits=1))

    assert before.uid == paused.uid == moved.uid
    assert before.sequence < min(paused.sequence, moved.sequence)
    twice = series_of(plan("1 x 10, 2x/day"), Hours())
    assert len({each.uid for each in twice}) == 2 and str(PLAN) not in str(twice)


def test_same_plan_gives_the_same_bytes():
    assert calendar_of([plan()], Hours(), LONDON) == calendar_of([plan()], Hours(), LONDON)


def test_calendar_without_a_plan_is_a_calendar():
    assert read().events == []
    assert starts(plan(rests=(Span(date(2026, 3, 23), None),))) == []


@given(
    zone=st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca"]),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    begins=st.integers(0, 300), length=st.integers(0, 60), gap=st.integers(0, 40), rest=st.integers(0, 20),
    at=st.sampled_from([time(6, 30), time(8), time(12, 15)]),
)  # fmt: skip
def test_every_planned_day_and_no_other_is_in_the_calendar(zone, weekdays, begins, length, gap, rest, at):
    tz, first = ZoneInfo(zone), date(2026, 1, 1) + timedelta(days=begins)
    last = first + timedelta(days=length)
    pause = Span(first + timedelta(days=gap), first + timedelta(days=gap + rest))
    dose = parse("1 x 10, " + " ".join(NAMES[day] for day in sorted(weekdays)))
    made = Plan(PLAN, first, last, (dose,), rests=(pause,))

    found = starts(
        made, hours=Hours(morning=at), zone=tz, begin=first - timedelta(days=3), end=last + timedelta(days=3)
    )

    whole = [first + timedelta(days=n) for n in range(length + 1)]
    wanted = [d for d in whole if d.weekday() in weekdays and not pause.first <= d <= pause.last]
    assert [(each.date(), each.time()) for each in found] == [(day, at) for day in wanted]
    assert [each.utcoffset() for each in found] == [datetime.combine(day, at, tz).utcoffset() for day in wanted]

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.today.plan import (
    DayTally,
    Mark,
    PlannedLine,
    Status,
    closes_at,
    completion,
    days_done,
    is_due,
    is_late,
    may_enter,
    next_day_with_plan,
    offered,
    slots,
    status,
    tally,
    week_start,
)
from patients.accounts.thresholds import Thresholds

MONDAY = date(2025, 5, 12)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (MONDAY + timedelta(days=n) for n in range(1, 7))
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
ONE_SIDED = ((1, "both"), (2, "both"), (3, "both"))
EACH_SIDE = tuple((n, side) for n in (1, 2, 3) for side in ("left", "right"))


def line(thread="bridge", *, weekdays=EVERY_DAY, ticks=ONE_SIDED, volume=10.0, n=1, days_per_week=7, **fields):
    fields = {"starts": date(2025, 1, 1), "ends": None, **fields}
    return PlannedLine(
        thread=thread,
        times_per_day=n,
        weekdays=weekdays,
        days_per_week=days_per_week,
        ticks=ticks,
        volume_by_tick=(volume,) * len(ticks),
        **fields,
    )


def marks(of, *ticks, occasion=1):
    return [Mark(of.thread, occasion, number, side) for number, side in (ticks or of.ticks)]


# Which days


def test_line_is_due_from_its_first_day_to_its_last():
    bridge = line(starts=TUESDAY, ends=THURSDAY)
    days = [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY]
    assert [is_due(bridge, day) for day in days] == [False, True, True, True, False]


def test_line_without_end_stays_due():
    assert is_due(line(ends=None), date(2035, 1, 1))


def test_line_is_due_on_its_weekdays_only():
    bridge = line(weekdays=(0, 2, 4))
    assert [is_due(bridge, MONDAY + timedelta(days=n)) for n in range(7)] == [
        True, False, True, False, True, False, False,
    ]  # fmt: skip


def test_line_is_due_on_the_leap_day():
    assert is_due(line(weekdays=(3,), starts=date(2024, 1, 1), ends=date(2024, 2, 29)), date(2024, 2, 29))


def test_paused_line_is_not_due():
    assert not is_due(line(paused=True), MONDAY)
    assert slots(line(paused=True), MONDAY) == ()


def test_slots_are_the_occasions_of_the_day():
    assert slots(line(n=3), MONDAY) == (1, 2, 3)
    assert slots(line(n=3, weekdays=(1,)), MONDAY) == ()


def test_flexible_line_is_offered_until_its_days_are_used():
    walk = line(weekdays=(), days_per_week=3)
    assert [offered(walk, THURSDAY, used) for used in range(5)] == [True, True, True, False, False]


def test_fixed_line_is_offered_whatever_was_done():
    assert offered(line(), THURSDAY, 7)


def test_days_done_counts_other_days_of_the_week_once():
    marked = [MONDAY, MONDAY, WEDNESDAY, THURSDAY, MONDAY - timedelta(days=1), SUNDAY + timedelta(days=1)]
    assert days_done(marked, THURSDAY) == 2


def test_days_done_follows_the_clinics_first_weekday():
    assert days_done([SUNDAY - timedelta(days=7), MONDAY], SATURDAY, first_weekday=6) == 2


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 6))
def test_week_starts_on_its_first_weekday_within_seven_days(day, first_weekday):
    start = week_start(day, first_weekday)
    assert start.weekday() == first_weekday
    assert timedelta(0) <= day - start < timedelta(days=7)


def test_next_day_with_plan_skips_rest_days():
    assert next_day_with_plan([line(weekdays=(0, 3))], MONDAY) == THURSDAY


def test_next_day_with_plan_is_never_the_day_itself():
    assert next_day_with_plan([line(weekdays=(0,))], MONDAY) == MONDAY + timedelta(days=7)


def test_next_day_with_plan_looks_no_further_than_the_horizon():
    later = line(starts=MONDAY + timedelta(days=28))
    assert next_day_with_plan([later], MONDAY) == MONDAY + timedelta(days=28)
    assert next_day_with_plan([later], MONDAY, horizon=27) is None


@pytest.mark.parametrize("quiet", [{"phase": "desk"}, {"as_needed": True}, {"paused": True}, {"ends": MONDAY}])
def test_next_day_with_plan_passes_over_breaks_and_what_is_off(quiet):
    assert next_day_with_plan([line(**quiet)], MONDAY) is None


def test_next_day_with_plan_waits_for_next_week_when_a_flexible_lines_days_are_used():
    walk = line("walk", weekdays=(), days_per_week=2)
    assert next_day_with_plan([walk], WEDNESDAY, days_used={"walk": 1}) == THURSDAY
    assert next_day_with_plan([walk], WEDNESDAY, days_used={"walk": 2}) == SUNDAY + timedelta(days=1)
    assert next_day_with_plan([walk], WEDNESDAY, days_used={"walk": 2}, first_weekday=5) == SATURDAY


@pytest.mark.parametrize(
    "wrong",
    [
        {"n": 0},
        {"n": 13},
        {"weekdays": (7,)},
        {"weekdays": (), "days_per_week": 0},
        {"weekdays": (), "days_per_week": 8},
        {"ticks": ()},
        {"ticks": ((1, "both"), (1, "both"))},
        {"volume": 0.0},
    ],
)
def test_line_out_of_range_is_refused(wrong):
    with pytest.raises(ValueError, match="must"):
        line(**wrong)


# How much (ADH-2)


def test_adh2_two_of_three_sets_are_two_thirds():
    bridge = line()
    assert completion(bridge, marks(bridge, (1, "both"), (2, "both"))) == pytest.approx(0.667, abs=0.001)


def test_adh2_each_side_left_30_right_15_is_three_quarters():
    bird_dog = line(ticks=((1, "left"), (1, "right")), volume=30)
    done = [Mark("bridge", 1, 1, "left"), Mark("bridge", 1, 1, "right", volume=15)]
    assert completion(bird_dog, done) == 0.75


def test_adh2_longer_holds_than_planned_are_one():
    plank = line(volume=30)
    assert completion(plank, [Mark("bridge", 1, number, "both", volume=40) for number in (1, 2, 3)]) == 1.0


def test_completion_does_not_let_left_pay_for_right():
    bird_dog = line(ticks=EACH_SIDE)
    assert completion(bird_dog, [Mark("bridge", 1, 1, "left", volume=90)]) == 0.5


def test_completion_of_a_one_sided_line_needs_that_side_only():
    left = line(ticks=((1, "left"), (2, "left")))
    assert completion(left, marks(left)) == 1.0
    assert completion(left, marks(left, (1, "right"))) == 0.0


def test_completion_weighs_sets_by_their_volume():
    ladder = PlannedLine("curl-up", MONDAY, None, 1, (0,), 1, ONE_SIDED, (6, 4, 2))
    assert completion(ladder, marks(ladder, (1, "both"))) == 0.5


def test_completion_counts_a_set_ticked_twice_once():
    bridge = line()
    assert completion(bridge, marks(bridge, (1, "both"), (1, "both"))) == pytest.approx(1 / 3)


def test_completion_counts_an_extra_set_only_with_its_volume():
    bridge = line()
    two_sets = marks(bridge, (1, "both"), (2, "both"))
    assert completion(bridge, [*two_sets, Mark("bridge", 1, 4, "both")]) == pytest.approx(2 / 3)
    assert completion(bridge, [*two_sets, Mark("bridge", 1, 4, "both", volume=10)]) == 1.0


# Status (ADH-3)


@pytest.mark.parametrize(
    ("c", "said", "expected"),
    [
        (1.0, {}, Status.DONE),
        (0.99, {}, Status.DONE),
        (0.989, {}, Status.PARTIAL),
        (0.01, {"window_closed": True}, Status.PARTIAL),
        (0.0, {}, Status.OPEN),
        (0.0, {"window_closed": True}, Status.MISSED),
        (0.0, {"skipped": True, "window_closed": True}, Status.SKIPPED),
        (0.3, {"skipped": True}, Status.PARTIAL),
        (0.0, {"excused": True, "window_closed": True}, Status.EXCUSED),
        (1.0, {"excused": True}, Status.DONE),
        (0.5, {"stopped_on_pain": True, "excused": True}, Status.STOPPED_ON_PAIN),
        (1.0, {"stopped_on_pain": True}, Status.STOPPED_ON_PAIN),
    ],
)
def test_adh3_status(c, said, expected):
    nothing = {"skipped": False, "stopped_on_pain": False, "excused": False, "window_closed": False}
    assert status(c, **{**nothing, **said}) is expected


# Windows (ADH-4)

LONDON = ZoneInfo("Europe/London")


def test_adh4_day_closes_a_day_after_it_ends():
    assert closes_at(MONDAY, LONDON) == datetime(2025, 5, 14, 0, 0, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        (date(2025, 3, 29), datetime(2025, 3, 31, 0, 0, tzinfo=UTC)),  # grace runs over a 23-hour day
        (date(2025, 3, 30), datetime(2025, 3, 31, 23, 0, tzinfo=UTC)),  # the day itself has 23 hours
        (date(2025, 10, 25), datetime(2025, 10, 26, 23, 0, tzinfo=UTC)),  # grace runs over a 25-hour day
        (date(2025, 10, 26), datetime(2025, 10, 28, 0, 0, tzinfo=UTC)),  # the day itself has 25 hours
    ],
)
def test_adh4_grace_is_24_hours_when_the_clocks_change(day, closes):
    assert closes_at(day, LONDON).astimezone(UTC) == closes


def test_adh4_day_before_a_midnight_that_does_not_exist_closes_on_time():
    # Cairo's clocks go from 00:00 to 01:00 on 25 April 2025.
    assert closes_at(date(2025, 4, 24), ZoneInfo("Africa/Cairo")) == datetime(2025, 4, 25, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "closes"),
    [
        ("Pacific/Pago_Pago", datetime(2024, 3, 2, 11, 0, tzinfo=UTC)),  # -11
        ("Pacific/Kiritimati", datetime(2024, 3, 1, 10, 0, tzinfo=UTC)),  # +14
    ],
)
def test_adh4_leap_day_closes_by_the_patients_own_clock(zone, closes):
    assert closes_at(date(2024, 2, 29), ZoneInfo(zone)) == closes


ZONES = st.sampled_from(
    ["Pacific/Pago_Pago", "Pacific/Kiritimati", "America/New_York", "Europe/London", "Australia/Lord_Howe"]
).map(ZoneInfo)


@given(st.dates(date(2015, 1, 1), date(2035, 12, 30)), ZONES)
def test_days_close_one_after_the_other_23_to_25_hours_apart(day, tz):
    apart = closes_at(day + timedelta(days=1), tz).astimezone(UTC) - closes_at(day, tz).astimezone(UTC)
    assert timedelta(hours=23) <= apart <= timedelta(hours=25)
    assert closes_at(day, tz).utcoffset() is not None


def test_adh4_entry_is_late_from_the_closing_moment_on():
    closing = closes_at(MONDAY, LONDON)
    assert not is_late(MONDAY, closing - timedelta(seconds=1), LONDON)
    assert is_late(MONDAY, closing, LONDON)
    assert is_late(MONDAY, closing.astimezone(ZoneInfo("Pacific/Kiritimati")), LONDON)


def test_adh4_back_entry_reaches_seven_days_and_never_ahead():
    assert [may_enter(MONDAY - timedelta(days=n), MONDAY) for n in (-1, 0, 1, 7, 8)] == [
        False, True, True, True, False,
    ]  # fmt: skip


def test_adh4_windows_follow_the_clinics_own_numbers():
    own = Thresholds(grace_hours=48, back_entry_days=3)
    assert closes_at(MONDAY, LONDON, own) == datetime(2025, 5, 15, 0, 0, tzinfo=LONDON)
    assert not is_late(MONDAY, closes_at(MONDAY, LONDON), LONDON, own)
    assert [may_enter(MONDAY - timedelta(days=n), MONDAY, own) for n in (0, 3, 4)] == [True, True, False]


def test_resting_line_is_not_due_on_its_days_and_excused_as_far_as_it_is_not_done():
    bridge = line(rests=((TUESDAY, WEDNESDAY),))
    assert [is_due(bridge, day) for day in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY)] == [True, False, False, True]
    assert tally([bridge], [], TUESDAY) == DayTally(TUESDAY, planned_slots=1, excused_slots=1)
    assert tally([bridge], marks(bridge, (1, "both")), TUESDAY) == DayTally(
        TUESDAY, planned_slots=1, done=pytest.approx(1 / 3), touched_slots=1, excused_part=pytest.approx(2 / 3)
    )
    assert next_day_with_plan([line(rests=((MONDAY, WEDNESDAY),))], MONDAY) == THURSDAY
    assert next_day_with_plan([line(rests=((MONDAY, None),))], MONDAY) is None


def test_resting_flexible_line_asks_for_nothing_and_keeps_what_was_done():
    walk = line("walk", weekdays=(), days_per_week=3, rests=((MONDAY, MONDAY),))
    assert tally([walk], [], MONDAY) == DayTally(MONDAY)
    begun = tally([walk], marks(walk, (1, "both")), MONDAY)
    assert (begun.flexible_done, begun.flexible_excused) == (pytest.approx(1 / 3), pytest.approx(2 / 3))


def test_adh4_back_entry_crosses_the_leap_day():
    assert may_enter(date(2024, 2, 29), date(2024, 3, 7))
    assert not may_enter(date(2024, 2, 29), date(2024, 3, 8))


# The day's tally


def test_tally_counts_slots_completions_and_starts():
    bridge, dog = line("bridge", n=2), line("dog", ticks=EACH_SIDE)
    done = [*marks(bridge), *marks(bridge, (1, "both"), occasion=2)]
    assert tally([bridge, dog], done, MONDAY) == DayTally(
        MONDAY, planned_slots=3, done=pytest.approx(4 / 3), touched_slots=2
    )


def test_tally_leaves_out_lines_not_planned_and_marks_of_them():
    early, late = line("early", ends=SUNDAY - timedelta(days=7)), line("late", weekdays=(1,))
    assert tally([early, late], [*marks(early), *marks(late)], MONDAY) == DayTally(MONDAY)


def test_tally_leaves_out_occasions_beyond_the_planned():
    bridge = line()
    assert tally([bridge], marks(bridge, occasion=2), MONDAY) == DayTally(MONDAY, planned_slots=1)


def test_adh5_excused_slot_is_counted_as_excused():
    bridge = line(n=2)
    assert tally([bridge], [], MONDAY, frozenset({("bridge", 2)})) == DayTally(
        MONDAY, planned_slots=2, excused_slots=1
    )


def test_adh5_slot_stopped_after_a_set_keeps_the_set_and_excuses_the_rest():
    bridge = line(ticks=((1, "both"), (2, "both")))
    assert tally([bridge], marks(bridge, (1, "both")), MONDAY, {("bridge", 1)}) == DayTally(
        MONDAY, planned_slots=1, done=0.5, touched_slots=1, excused_part=0.5
    )


def test_adh5_paused_line_and_day_off_are_excused():
    excused = DayTally(MONDAY, planned_slots=1, excused_slots=1)
    assert tally([line(paused=True)], [], MONDAY) == excused
    assert tally([line()], [], MONDAY, day_off=True) == excused


def test_adh5_breaks_and_as_needed_are_counted_apart():
    desk, relief = line("desk", phase="desk", ticks=((1, "both"),), n=4), line("relief", as_needed=True)
    done = [*marks(desk), *marks(desk, occasion=3), *marks(relief)]
    assert tally([desk, relief], done, MONDAY) == DayTally(MONDAY, breaks_planned=4, breaks_done=2.0)


def test_flexible_breaks_are_planned_on_the_days_one_is_taken():
    desk = line("desk", phase="desk", weekdays=(), days_per_week=5, ticks=((1, "both"),), n=4)
    assert tally([desk], [], MONDAY) == DayTally(MONDAY)
    assert tally([desk], marks(desk), MONDAY) == DayTally(MONDAY, breaks_planned=4, breaks_done=1.0)


def test_adh1_flexible_line_asks_by_the_week():
    walk, swim = line("walk", weekdays=(), days_per_week=3, n=2), line("swim", weekdays=(), days_per_week=2)
    assert tally([walk, swim], [], MONDAY) == DayTally(MONDAY, flexible_slots=8, flexible_days=3)
    assert tally([walk, swim], [], MONDAY, day_off=True) == DayTally(
        MONDAY, flexible_slots=8, flexible_excused=pytest.approx(8 / 7)
    )


def test_adh5_paused_flexible_line_asks_for_nothing():
    walk = line("walk", weekdays=(), days_per_week=3, paused=True)
    assert tally([walk], marks(walk), MONDAY) == DayTally(MONDAY)


def test_adh6_flexible_line_is_begun_on_half_of_its_occasions():
    walk = line("walk", weekdays=(), days_per_week=3, n=3)
    once, twice = marks(walk), [*marks(walk), *marks(walk, occasion=2)]
    assert tally([walk], once, MONDAY).flexible_touched == 0
    assert tally([walk], twice, MONDAY).flexible_touched == 2
    assert tally([walk], once, MONDAY, {("walk", 2)}).flexible_excused == 1.0


LINES = st.lists(
    st.builds(
        line,
        thread=st.sampled_from(["a", "b", "c", "d"]),
        weekdays=st.sampled_from([(), (0,), EVERY_DAY]),
        ticks=st.sampled_from([ONE_SIDED, EACH_SIDE]),
        volume=st.floats(0.5, 600),
        n=st.integers(1, 4),
        days_per_week=st.integers(1, 7),
        phase=st.sampled_from(["warm", "main", "cool", "desk"]),
        paused=st.booleans(),
    ),
    unique_by=lambda x: x.thread,
    max_size=4,
)
MARKS = st.lists(
    st.builds(
        Mark,
        st.sampled_from(["a", "b", "c", "d", "gone"]),
        st.integers(1, 5),
        st.integers(1, 4),
        st.sampled_from(["both", "left", "right"]),
        st.none() | st.floats(0, 700),
    ),
    max_size=30,
)
EXCUSED = st.frozensets(st.tuples(st.sampled_from(["a", "b", "c", "d"]), st.integers(1, 4)))


@given(LINES, EXCUSED, st.booleans())
def test_tally_of_no_marks_has_nothing_done(lines, excused, day_off):
    day = tally(lines, [], MONDAY, excused, day_off=day_off)
    assert (day.done, day.touched_slots, day.flexible_done, day.flexible_touched, day.breaks_done) == (0,) * 5
    assert (day.excused_part, day.excused_slots <= day.planned_slots) == (0, True)


@given(LINES, MARKS, EXCUSED, st.booleans())
def test_tally_stays_within_its_bounds(lines, done, excused, day_off):
    day = tally(lines, done, MONDAY, excused, day_off=day_off)
    assert 0 <= day.done <= day.touched_slots + 1e-9
    assert day.touched_slots + day.excused_slots <= day.planned_slots
    assert 0 <= day.excused_part <= day.touched_slots
    assert 0 <= day.breaks_done <= day.breaks_planned


@given(LINES, MARKS)
def test_tally_is_the_same_in_any_order_and_when_said_twice(lines, done):
    once = list({(m.thread, m.occasion, m.set_number, m.side): m for m in done}.values())
    day, again = tally(lines, once, MONDAY), tally(lines[::-1], [*once[::-1], *once], MONDAY)
    assert day.done == pytest.approx(again.done)
    assert day.flexible_done == pytest.approx(again.flexible_done)
    assert (day.planned_slots, day.touched_slots, day.flexible_touched, day.breaks_planned) == (
        again.planned_slots, again.touched_slots, again.flexible_touched, again.breaks_planned,
    )  # fmt: skip


@given(LINES, MARKS)
def test_more_marks_never_lower_the_tally(lines, done):
    seen = {(m.thread, m.occasion, m.set_number, m.side): m for m in done}
    all_of_it, half = list(seen.values()), list(seen.values())[::2]
    less, more = tally(lines, half, MONDAY), tally(lines, all_of_it, MONDAY)
    assert less.done <= more.done + 1e-9
    assert less.touched_slots <= more.touched_slots
    assert less.flexible_done <= more.flexible_done + 1e-9
    assert less.flexible_touched <= more.flexible_touched

"""When a reminder goes out: the patient's wall clock, once a day, never in quiet hours, never flooding."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.reminders.rules import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    Do,
    Log,
    Quiet,
    State,
    Way,
    Wishes,
    again_at,
    decide,
    nudge,
)
from clinic.today.breaks import Rhythm, Shown
from patients.accounts.thresholds import DEFAULTS

LONDON = ZoneInfo("Europe/London")
NIGHT = Quiet(time(21), time(7))
NEVER = Quiet(time(0), time(0))
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
EVERY_DAY = tuple(range(7))


def wishes(**fields):
    return Wishes(
        **({"way": Way.EMAIL, "at": time(8), "weekdays": EVERY_DAY, "quiet": NIGHT, "set_at": LONG_AGO} | fields)
    )


def at(hour, minute=0, day=2, month=3, **fields):  # 2 March 2026 is a Monday
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON, **fields)


def done(now, *, is_due=True, log=None, **fields):
    return decide(wishes(**fields), now, is_due=is_due, log=log)


def test_reminder_comes_from_its_time_until_the_quiet_hours():
    assert [done(at(*now)) for now in ((7, 59), (8, 0), (20, 59), (21, 0))] == [
        Do.NOTHING,
        Do.SEND,
        Do.SEND,
        Do.NOTHING,
    ]


def test_nothing_is_sent_where_nothing_is_due():
    assert done(at(8), is_due=False) == Do.CLOSE


@pytest.mark.parametrize("state", [state for state in State if state != State.WAITING])
def test_a_day_that_has_its_row_is_over(state):
    assert done(at(12), log=Log(state)) == Do.NOTHING


def test_refused_one_is_tried_again_when_its_pause_is_over():
    waiting = Log(State.WAITING, at(8, 5))

    assert done(at(8, 4), log=waiting) == Do.NOTHING
    assert done(at(8, 5), log=waiting) == Do.SEND
    assert done(at(8, 5), log=waiting, is_due=False) == Do.CLOSE
    assert done(at(22), log=waiting) == Do.NOTHING


def test_pauses_grow_and_are_never_longer_than_four_hours():
    now = at(8)
    pauses = [again_at(tries, now) - now for tries in range(1, 12)]

    assert pauses[:3] == [FIRST_PAUSE, FIRST_PAUSE * 3, FIRST_PAUSE * 9]
    assert pauses[-1] == LONGEST_PAUSE


def test_each_weekday_may_have_its_own_time_or_none():
    own = {"weekdays": (0, 5), "other": {5: time(10)}}

    assert done(at(9, day=2), **own) == Do.SEND
    assert done(at(9, day=3), **own) == Do.NOTHING
    assert done(at(9, day=7), **own) == Do.NOTHING
    assert done(at(10, day=7), **own) == Do.SEND


def test_time_that_was_past_when_it_was_chosen_begins_tomorrow():
    chosen = at(15).astimezone(UTC)

    assert done(at(15, 5), set_at=chosen) == Do.NOTHING
    assert done(at(8, day=3), set_at=chosen) == Do.SEND
    assert done(at(16), set_at=chosen, at=time(16)) == Do.SEND


def test_off_is_off():
    assert done(at(8), way=Way.OFF) == Do.NOTHING


def test_time_that_the_clocks_skip_comes_with_the_first_minute_after():
    night = {"at": time(1, 30), "quiet": NEVER}
    before, after = (
        datetime(2026, 3, 29, hour, minute, tzinfo=UTC).astimezone(LONDON) for hour, minute in ((0, 59), (1, 0))
    )

    assert (before.time(), after.time()) == (time(0, 59), time(2))
    assert [done(now, **night) for now in (before, after)] == [Do.NOTHING, Do.SEND]


def test_time_that_comes_twice_comes_the_first_time():
    night = {"at": time(1, 30), "quiet": NEVER}
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC).astimezone(LONDON) for hour in (0, 1))

    assert first.time() == second.time() == time(1, 30)
    assert done(first, **night) == Do.SEND
    assert done(second, **night, log=Log(State.SENT)) == Do.NOTHING


TIMES = st.times(timezones=st.none()).map(lambda at: at.replace(second=0, microsecond=0))
ZONES = st.sampled_from(
    ["Europe/London", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "Australia/Lord_Howe"]
)
# Nights on which the clocks change somewhere, and others.
STARTS = st.sampled_from(
    [datetime(2026, *day, tzinfo=UTC) for day in ((3, 27), (10, 23), (4, 3), (10, 2), (2, 27), (6, 1))]
)


@given(
    zone=ZONES, start=STARTS, at=TIMES, begins=TIMES, ends=TIMES,
    weekdays=st.sets(st.integers(0, 6)), step=st.integers(1, 400),
    outcomes=st.lists(st.sampled_from([State.SENT, State.WAITING, State.UNKNOWN, State.DROPPED]), max_size=30),
    stands_still=st.integers(0, 4000), is_due=st.booleans(),
)  # fmt: skip
def test_days_of_a_sender_keep_every_promise(
    zone, start, at, begins, ends, weekdays, step, outcomes, stands_still, is_due
):
    """Walks through four days as a timer does, standing still once, with a mail server that takes or refuses."""
    tz, quiet = ZoneInfo(zone), Quiet(begins, ends)
    wanted = wishes(at=at, weekdays=tuple(weekdays), quiet=quiet)
    now, end, log, came, said = start, start + timedelta(days=4), {}, Counter(), iter(outcomes)
    tries = Counter()
    while now < end:
        local = now.astimezone(tz)
        what = decide(wanted, local, is_due=is_due, log=log.get(local.date()))
        if what != Do.NOTHING:
            assert local.time() >= at and local.weekday() in weekdays and not quiet.covers(local.time())
            assert (what == Do.SEND) == is_due
            state = next(said, State.SENT) if what == Do.SEND else State.NOT_NEEDED
            tries[local.date()] += 1
            came[local.date()] += state in (State.SENT, State.UNKNOWN)
            log[local.date()] = Log(state, again_at(tries[local.date()], now) if state == State.WAITING else None)
        now += timedelta(minutes=step)
        if stands_still and now > start + timedelta(days=1):
            now, stands_still = now + timedelta(minutes=stands_still), 0

    assert all(count <= 1 for count in came.values())
    assert sum(came.values()) <= len(log) <= 5


@given(zone=ZONES, start=STARTS, at=TIMES)
def test_every_day_has_its_reminder_where_the_timer_runs(zone, start, at):
    tz = ZoneInfo(zone)
    wanted, log = wishes(at=at, quiet=NEVER), {}
    for minutes in range(0, 4 * 24 * 60, 5):
        local = (start + timedelta(minutes=minutes)).astimezone(tz)
        if decide(wanted, local, is_due=True, log=log.get(local.date())) == Do.SEND:
            log[local.date()] = Log(State.SENT)
    whole_days = [(start + timedelta(days=n)).astimezone(tz).date() for n in (1, 2)]
    late = time(23, 55)

    assert at > late or all(day in log for day in whole_days)


OFFICE = Rhythm(60, time(9), time(17), (0, 1, 2, 3, 4))


def nudged(now, *, prompts=(), before=(), rhythm=OFFICE, quiet=NIGHT):
    return nudge(rhythm, prompts, before, now, DEFAULTS, quiet)


def test_nudges_follow_the_rhythm_of_the_patients_own_work():
    assert nudged(at(9, 59)) is None
    assert nudged(at(10)) == 1
    assert nudged(at(10, 59), before=[at(10)]) is None
    assert nudged(at(11), before=[at(10)]) == 2


def test_no_nudge_outside_work_nor_in_quiet_hours():
    assert nudged(at(17, 1)) is None
    assert nudged(at(12, day=7)) is None
    assert nudged(at(12), quiet=Quiet(time(11), time(13))) is None


def test_whoever_answered_on_the_page_is_left_alone_for_as_long():
    moved = Shown(1, at(10, 5), done_at=at(10, 20))
    put_off = Shown(1, at(10, 20), snoozes=1)

    assert nudged(at(11), prompts=[moved]) is None
    assert nudged(at(11, 20), prompts=[moved]) == 1
    assert nudged(at(10, 40), prompts=[put_off]) is None


def test_eight_nudges_a_day_are_enough():
    eight = [at(9) + timedelta(minutes=30 * n) for n in range(1, 9)]

    assert nudged(at(14), before=eight[:7], rhythm=Rhythm(30, time(9), time(17), (0,))) == 8
    assert nudged(at(14), before=eight, rhythm=Rhythm(30, time(9), time(17), (0,))) is None


@given(every=st.integers(30, 120), step=st.integers(1, 300))
def test_nudges_of_a_day_keep_their_distance(every, step):
    rhythm, sent, now = Rhythm(every, time(9), time(17), (0,)), [], at(6)
    while now < at(22):
        if nudge(rhythm, (), sent, now, DEFAULTS, NIGHT):
            assert not sent or now - sent[-1] >= timedelta(minutes=every)
            sent.append(now)
        now += timedelta(minutes=step)

    assert len(sent) <= DEFAULTS.breaks_a_day

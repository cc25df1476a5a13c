from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.caseload.adherence import (
    Band,
    CaseFacts,
    Reason,
    Severity,
    WeekAdherence,
    attention,
    band,
    planned_days_without_log,
    program_adherence,
    week_adherence,
)
from clinic.today.plan import DayTally, Mark, PlannedLine, tally, week_start
from patients.accounts.thresholds import Thresholds
from patients.tasks.models import Kind

MONDAY = date(2025, 5, 12)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (MONDAY + timedelta(days=n) for n in range(1, 7))
LONG_AFTER = MONDAY + timedelta(days=30)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
TICKS = ((1, "both"), (2, "both"))


def line(thread="bridge", *, weekdays=EVERY_DAY, n=1, days_per_week=7, **fields):
    fields = {"starts": date(2025, 1, 1), "ends": None, **fields}
    return PlannedLine(
        thread=thread,
        times_per_day=n,
        weekdays=weekdays,
        days_per_week=days_per_week,
        ticks=TICKS,
        volume_by_tick=(10.0, 10.0),
        **fields,
    )


def flexible(days_per_week, thread="walk", **fields):
    return line(thread, weekdays=(), days_per_week=days_per_week, **fields)


def week(lines, done=(), excused=(), days_off=(), today=LONG_AFTER):
    """`done`: (day, thread, occasion, sets); `excused`: (day, thread, occasion)."""
    days = []
    for day in (MONDAY + timedelta(days=n) for n in range(7)):
        marks = [Mark(t, k, number + 1, "both") for d, t, k, sets in done if d == day for number in range(sets)]
        slots = frozenset((t, k) for d, t, k in excused if d == day)
        days.append(tally(lines, marks, day, slots, day_off=day in days_off))
    return week_adherence(days, today)


def quiet_week(start, *lines):
    """What the plan asks for on seven days without a log."""
    return [tally(lines, (), start + timedelta(days=n)) for n in range(7)]


# Frequency (ADH-6)


def test_adh6_flexible_three_days_done_monday_and_sunday_is_67_percent():
    result = week([flexible(3)], [(MONDAY, "walk", 1, 2), (SUNDAY, "walk", 1, 2)])
    assert result.frequency == pytest.approx(0.667, abs=0.001)
    assert (result.session_days_done, result.session_days_planned, result.missed_days) == (2, 3, 1)


def test_adh6_flexible_three_days_by_thursday_with_one_done_misses_nothing():
    assert week([flexible(3)], [(MONDAY, "walk", 1, 2)], today=THURSDAY).missed_days == 0


def test_adh6_flexible_days_are_missed_once_too_few_remain():
    done = [(MONDAY, "walk", 1, 2)]
    missed = [week([flexible(3)], done, today=SUNDAY + timedelta(days=n)).missed_days for n in range(3)]
    assert missed == [0, 1, 2]


def test_adh6_fixed_day_is_missed_when_its_window_closes():
    bridge = line(weekdays=(0, 2, 4))
    missed = [week([bridge], today=MONDAY + timedelta(days=n)).missed_days for n in (0, 1, 2, 3, 4, 5, 6, 20)]
    assert missed == [0, 0, 1, 1, 2, 2, 3, 3]


def test_adh6_fixed_day_done_is_not_missed():
    assert week([line(weekdays=(0, 2, 4))], [(MONDAY, "bridge", 1, 2)], today=THURSDAY).missed_days == 0


def test_adh6_session_day_needs_half_of_its_slots_begun():
    lines = [line(str(n), weekdays=(0,)) for n in range(5)]
    assert week(lines, [(MONDAY, "0", 1, 1), (MONDAY, "1", 1, 1)]).frequency == 0.0
    assert week(lines, [(MONDAY, str(n), 1, 1) for n in range(3)]).frequency == 1.0


def test_adh6_exactly_half_of_the_slots_is_enough():
    assert week([line(n=2, weekdays=(0,))], [(MONDAY, "bridge", 1, 1)]).frequency == 1.0


def test_adh6_frequency_is_capped_at_100_percent():
    result = week([flexible(2)], [(day, "walk", 1, 2) for day in (MONDAY, TUESDAY, WEDNESDAY)])
    assert result == WeekAdherence(1.0, 1.0, 2, 2, 0)


def test_adh6_fixed_and_flexible_lines_share_their_days():
    lines = [line(weekdays=(0, 2, 4)), flexible(4)]
    done = [(day, thread, 1, 2) for day in (MONDAY, WEDNESDAY, FRIDAY) for thread in ("bridge", "walk")]
    result = week(lines, done)
    assert (result.session_days_done, result.session_days_planned) == (3, 4)
    assert result.dose == pytest.approx(6 / 7)


def test_adh6_flexible_line_starting_midweek_asks_for_its_part_of_the_week():
    walk = flexible(3, starts=THURSDAY)
    assert week([walk]).session_days_planned == 2
    assert week([walk], [(FRIDAY, "walk", 1, 2), (SUNDAY, "walk", 1, 2)]) == WeekAdherence(1.0, 1.0, 2, 2, 0)


def test_dos9_line_revised_midweek_asks_for_one_week_not_two():
    lines = [flexible(3, ends=WEDNESDAY), flexible(3, starts=THURSDAY)]
    assert week(lines, [(MONDAY, "walk", 1, 2)]) == WeekAdherence(pytest.approx(1 / 3), pytest.approx(1 / 3), 1, 3, 2)


# Dose (ADH-7)


def test_adh7_ten_slots_six_done_two_half_one_excused_one_missed_is_78_percent():
    done = [
        *[(day, "bridge", 1, 2) for day in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)],
        (MONDAY, "bridge", 2, 2),
        (TUESDAY, "bridge", 2, 1),
        (WEDNESDAY, "bridge", 2, 1),
    ]
    result = week([line(n=2, weekdays=(0, 1, 2, 3, 4))], done, excused=[(THURSDAY, "bridge", 2)])
    assert result.dose == pytest.approx(7 / 9)
    assert result.dose == pytest.approx(0.778, abs=0.001)


def test_adh7_flexible_line_plans_its_times_by_its_days():
    result = week([flexible(3, n=2)], [(MONDAY, "walk", 1, 2), (MONDAY, "walk", 2, 2), (FRIDAY, "walk", 1, 2)])
    assert result.dose == pytest.approx(3 / 6)


def test_adh7_flexible_extra_days_do_not_pay_for_fixed_slots():
    lines = [line(weekdays=(0, 2)), flexible(1)]
    assert week(lines, [(day, "walk", 1, 2) for day in (TUESDAY, THURSDAY, SATURDAY)]).dose == pytest.approx(1 / 3)


def test_adh5_breaks_leave_the_week_alone():
    desk = line("desk", phase="desk", n=6)
    assert week([desk], [(MONDAY, "desk", 1, 2)]) == WeekAdherence(None, None, 0, 0, 0)


def test_adh5_week_wholly_off_asks_for_nothing():
    days_off = {MONDAY + timedelta(days=n) for n in range(7)}
    assert week([line(), flexible(3)], days_off=days_off) == WeekAdherence(None, None, 0, 0, 0)


def test_adh5_day_off_leaves_the_fixed_days():
    result = week([line(weekdays=(0, 2))], [(WEDNESDAY, "bridge", 1, 2)], days_off={MONDAY})
    assert result == WeekAdherence(1.0, 1.0, 1, 1, 0)


def test_adh5_one_day_off_still_leaves_three_flexible_days():
    assert week([flexible(3)], days_off={MONDAY}).session_days_planned == 3


def test_adh5_stopping_on_pain_leaves_the_dose():
    done = [(MONDAY, "bridge", 1, 2), (TUESDAY, "bridge", 1, 1)]
    fixed = line(weekdays=(0, 1))
    assert week([fixed], done).dose == pytest.approx(0.75)
    assert week([fixed], done, excused=[(TUESDAY, "bridge", 1)]).dose == 1.0


def test_adh5_stopping_on_pain_on_a_day_off_costs_nothing():
    done, stop = [(MONDAY, "walk", 1, 1)], [(MONDAY, "walk", 1)]
    assert week([flexible(1)], done, excused=stop).dose == 1.0
    assert week([flexible(1)], done, excused=stop, days_off={MONDAY}).dose == 1.0


def test_adh5_stopping_a_flexible_exercise_on_pain_leaves_the_dose():
    done = [(MONDAY, "walk", 1, 2), (FRIDAY, "walk", 1, 2)]
    assert week([flexible(3)], done, excused=[(WEDNESDAY, "walk", 1)]).dose == 1.0


def test_adh5_day_off_late_in_the_week_takes_away_only_what_was_still_to_do():
    lines = [line(weekdays=(0,)), flexible(3)]
    done = [(day, "walk", 1, 2) for day in (MONDAY, TUESDAY, WEDNESDAY)]
    assert week(lines, done, days_off={THURSDAY, FRIDAY, SATURDAY, SUNDAY}).dose == 0.75


def test_adh5_work_on_a_paused_flexible_line_does_not_pay_for_another():
    lines = [flexible(1, "walk"), flexible(1, "swim", paused=True)]
    assert week(lines, [(MONDAY, "swim", 1, 2)]) == WeekAdherence(0.0, 0.0, 0, 1, 1)


def test_week_adherence_refuses_days_not_in_a_row():
    with pytest.raises(ValueError, match="seven days"):
        week_adherence([DayTally(MONDAY + timedelta(days=n)) for n in range(6)], LONG_AFTER)
    with pytest.raises(ValueError, match="seven days"):
        week_adherence([DayTally(MONDAY)] * 7, LONG_AFTER)


def test_week_runs_over_the_leap_day():
    days = quiet_week(date(2024, 2, 26), line(starts=date(2024, 2, 29), ends=date(2024, 2, 29)))
    assert [d.day for d in days if d.planned_slots] == [date(2024, 2, 29)]
    assert week_adherence(days, LONG_AFTER).session_days_planned == 1


THREADS = ("a", "b", "c")
LINES = st.lists(
    st.builds(
        line,
        thread=st.sampled_from(THREADS),
        weekdays=st.sampled_from([(), (), EVERY_DAY, (0, 2, 4), (1,), (5, 6)]),
        n=st.integers(1, 3),
        days_per_week=st.integers(1, 7),
        starts=st.sampled_from([date(2025, 1, 1), WEDNESDAY, SUNDAY]),
        ends=st.sampled_from([None, None, FRIDAY]),
        paused=st.sampled_from([False, False, False, True]),
    ),
    unique_by=lambda x: x.thread,
    min_size=1,
    max_size=3,
)
DAYS = st.sampled_from([MONDAY + timedelta(days=n) for n in range(7)])
SLOTS = st.tuples(DAYS, st.sampled_from(THREADS), st.integers(1, 3))
DONE = st.dictionaries(SLOTS, st.integers(0, 2), max_size=30)
EXCUSED = st.frozensets(SLOTS, max_size=10)
DAYS_OFF = st.frozensets(DAYS, max_size=7)
TODAY = st.integers(-3, 20).map(lambda n: MONDAY + timedelta(days=n))


def flat(done):
    return [(*slot, sets) for slot, sets in done.items()]


def not_below(after, before):
    """None asks for nothing, so it is never below; a figure is not lost by doing more."""
    return all(
        b is None or a is None or a >= b - 1e-9
        for a, b in ((after.frequency, before.frequency), (after.dose, before.dose))
    )


@given(LINES, DONE, EXCUSED, DAYS_OFF, TODAY)
def test_adherence_is_always_within_0_and_1(lines, done, excused, days_off, today):
    result = week(lines, flat(done), excused, days_off, today)
    for figure in (result.frequency, result.dose):
        assert figure is None or 0 <= figure <= 1
    assert 0 <= result.session_days_done <= result.session_days_planned <= 7
    assert 0 <= result.missed_days <= result.session_days_planned - result.session_days_done


@given(LINES, DONE, EXCUSED, DAYS_OFF, SLOTS)
def test_doing_more_never_lowers_adherence(lines, done, excused, days_off, slot):
    less = week(lines, flat(done), excused, days_off)
    more = week(lines, flat({**done, slot: min(2, done.get(slot, 0) + 1)}), excused, days_off)
    assert not_below(more, less)
    assert more.frequency is not None or less.frequency is None
    assert more.dose is not None or less.dose is None


@given(LINES, DONE, EXCUSED, DAYS_OFF, SLOTS)
def test_excusing_a_slot_never_lowers_adherence(lines, done, excused, days_off, slot):
    before = week(lines, flat(done), excused, days_off)
    assert not_below(week(lines, flat(done), excused | {slot}, days_off), before)


@given(LINES, DONE, EXCUSED, DAYS_OFF, DAYS)
def test_a_day_off_never_lowers_adherence(lines, done, excused, days_off, day):
    before = week(lines, flat(done), excused, days_off)
    assert not_below(week(lines, flat(done), excused, days_off | {day}), before)


@given(LINES, EXCUSED, DAYS_OFF)
def test_week_of_no_marks_is_nothing_done(lines, excused, days_off):
    result = week(lines, (), excused, days_off)
    assert result.session_days_done == 0
    assert (result.frequency or 0, result.dose or 0) == (0, 0)


@given(LINES)
def test_doing_all_of_a_running_plan_is_100_percent(lines):
    running = [x for x in lines if x.starts < MONDAY and x.ends is None and not x.paused]
    every = {(MONDAY + timedelta(days=n), t, k): 2 for n in range(7) for t in THREADS for k in (1, 2, 3)}
    result = week(running, flat(every))
    assert (result.frequency, result.missed_days) == ((1.0, 0) if running else (None, 0))
    assert result.dose == (pytest.approx(1.0) if running else None)


# Bands, programme, over-doing, frozen weeks


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (1.0, Band.HIGH),
        (0.8, Band.HIGH),
        (sum([0.1] * 8), Band.HIGH),
        (0.79, Band.PARTIAL),
        (0.5, Band.PARTIAL),
        (0.49, Band.LOW),
        (0.0, Band.LOW),
    ],
)
def test_adh9_band(x, expected):
    assert band(x) is expected


def test_a_clinics_own_numbers_move_bands_windows_and_alerts():
    own = Thresholds(
        high_from=0.9, partial_from=0.6, quiet_planned_days=3, severe_from=9, trend_rise=3, same_skips=4, low_weeks=3
    )
    assert [band(x, own) for x in (0.9, 0.89, 0.6, 0.59)] == [Band.HIGH, Band.PARTIAL, Band.PARTIAL, Band.LOW]

    def said(**given_facts):
        return [reason.words for reason in attention(facts(**given_facts), own)]

    assert said(planned_days_without_log=3, last_session_on=MONDAY) == ["No session for 3 days"]
    assert said(last_pain=8, last_pain_on=THURSDAY) == ["On track"]
    assert said(pain_week_median=5.5, pain_prev_week_median=3.5) == ["On track"]
    assert said(repeated_skips=(("Bridge", "no time"),)) == ["Bridge skipped 4 times: no time"]
    assert said(week_doses=(0.4, 0.4)) == ["On track"]
    assert said(week_doses=(0.4, 0.4, 0.4)) == ["Under half of the plan done 3 weeks running (40%, 40% and 40%)"]
    days = quiet_week(MONDAY, line(weekdays=(0,)))
    missed = [
        week_adherence(days, TUESDAY + timedelta(days=1), Thresholds(grace_hours=hours)).missed_days
        for hours in (24, 48)
    ]
    assert missed == [1, 0]


def test_adh9_program_adherence_is_the_mean_of_weeks_that_asked_for_anything():
    assert program_adherence([0.5, None, 1.0]) == 0.75
    assert program_adherence([None]) is None


def test_week_start_is_monday_unless_the_clinic_says_otherwise():
    assert week_start(SUNDAY) == MONDAY
    assert week_start(SUNDAY, first_weekday=6) == SUNDAY


def test_adh10_planned_days_without_log_count_from_the_last_log_to_yesterday():
    days = quiet_week(MONDAY, line(weekdays=(0, 2, 4, 6)))
    assert planned_days_without_log(days, None, SUNDAY) == 3
    assert planned_days_without_log(days, MONDAY, SUNDAY) == 2


def test_adh10_flexible_days_without_log_count_by_their_share():
    days = quiet_week(MONDAY, flexible(3))
    assert planned_days_without_log(days, None, SUNDAY + timedelta(days=1)) == 3
    assert planned_days_without_log(days, THURSDAY, SUNDAY + timedelta(days=1)) == 1


# Who needs attention


def facts(**given_facts):
    return CaseFacts(**{"today": THURSDAY, "created_on": MONDAY, "has_plan": True, **given_facts})


def words(**given_facts):
    return [reason.words for reason in attention(facts(**given_facts))]


def test_attention_on_track_when_nothing_stands_out():
    assert attention(facts()) == [Reason(Severity.OK, "On track")]


def test_adh10_no_log_for_seven_planned_days_is_hot():
    nine_days = {"last_session_on": THURSDAY - timedelta(days=9)}
    assert attention(facts(planned_days_without_log=7, **nine_days)) == [
        Reason(Severity.HOT, "No session for 9 days", "ADH-10", Kind.SILENT)
    ]
    assert attention(facts(planned_days_without_log=6, **nine_days)) == [
        Reason(Severity.WATCH, "No session for 9 days", "PROG-9", Kind.GAP)
    ]
    assert words(planned_days_without_log=0, **nine_days) == ["On track"]


def test_adh10_no_session_ever_is_told_in_planned_days():
    assert words(planned_days_without_log=8) == ["No session yet in 8 planned days"]


def test_adh10_dose_under_half_two_full_weeks_running_is_hot():
    assert attention(facts(week_doses=(0.9, 0.31, 0.4))) == [
        Reason(Severity.HOT, "Under half of the plan done two weeks running (31% and 40%)", "ADH-10", Kind.LOW)
    ]


@pytest.mark.parametrize(
    "doses", [(), (0.4,), (0.4, 0.5), (0.5, 0.4), (0.4, 0.4, 0.9), (0.4, None), (0.4, None, 0.4)]
)
def test_adh10_dose_under_half_is_quiet_unless_in_the_last_two_weeks(doses):
    assert words(week_doses=doses) == ["On track"]


def test_adh10_three_skips_for_the_same_reason_are_watched():
    assert attention(facts(repeated_skips=(("Bird dog", "no time"),))) == [
        Reason(Severity.WATCH, "Bird dog skipped 3 times: no time", "ADH-10", Kind.SKIPS)
    ]


def test_pain_up_three_points_in_seven_days_is_hot():
    up = {"last_pain": 6, "last_pain_on": THURSDAY, "pain_prev_week_median": 3}
    assert words(**up) == ["Pain up 3 points in 7 days"]
    assert words(**up | {"last_pain": 5}) == ["On track"]
    assert words(**up | {"last_pain_on": THURSDAY - timedelta(days=7)}) == ["On track"]


def test_pain7_median_up_two_points_is_hot():
    assert words(pain_week_median=5.5, pain_prev_week_median=3.5) == ["Median pain up 2 points in 7 days"]
    assert words(pain_week_median=5, pain_prev_week_median=3.5) == ["On track"]


def test_pain_rise_is_told_once():
    up = {"last_pain": 7, "last_pain_on": THURSDAY, "pain_week_median": 6, "pain_prev_week_median": 3}
    assert words(**up) == ["Pain up 4 points in 7 days"]


def test_pain5_score_of_eight_is_hot():
    assert words(last_pain=8, last_pain_on=WEDNESDAY) == ["Pain 8 of 10 yesterday"]
    assert words(last_pain=7, last_pain_on=WEDNESDAY) == ["On track"]


def test_no_pain_is_an_answer():
    assert words(last_pain=0, last_pain_on=THURSDAY, pain_week_median=0, pain_prev_week_median=0) == ["On track"]


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (-2, "Plan ended 2 days ago"),
        (-1, "Plan ended yesterday"),
        (0, "Plan ends today"),
        (1, "Plan ends tomorrow"),
        (7, "Plan ends in 7 days"),
        (8, "On track"),
    ],
)
def test_plan_ending_within_seven_days_is_watched(left, expected):
    assert words(plan_ends_on=THURSDAY + timedelta(days=left)) == [expected]


def test_patient_without_a_plan_is_watched():
    assert words(has_plan=False) == ["No plan yet"]
    assert words(has_plan=False, has_draft=True) == ["Draft plan not sent yet"]
    assert words(invited_not_joined=True) == ["Added 3 days ago, not joined yet"]


def test_attention_tells_the_worst_first():
    reasons = attention(
        facts(
            plan_ends_on=FRIDAY,
            repeated_skips=(("Bridge", "forgot"),),
            week_doses=(0.2, 0.2),
            planned_days_without_log=7,
            last_session_on=MONDAY,
            last_pain=9,
            last_pain_on=THURSDAY,
            pain_prev_week_median=4.5,
        )
    )
    assert [(r.severity, r.words) for r in reasons] == [
        (Severity.HOT, "Pain 9 of 10 today"),
        (Severity.HOT, "Pain up 4.5 points in 7 days"),
        (Severity.HOT, "No session for 3 days"),
        (Severity.HOT, "Under half of the plan done two weeks running (20% and 20%)"),
        (Severity.WATCH, "Bridge skipped 3 times: forgot"),
        (Severity.WATCH, "Plan ends tomorrow"),
    ]

from types import SimpleNamespace

from clinic.prescriptions.checks import DayLoad, fullest_day, line_warnings, load_warnings
from clinic.prescriptions.dosage_parse import parse


def line(dose, phase="main", category="stability", retired_at=None):
    return SimpleNamespace(
        dosage=parse(dose),
        phase=phase,
        exercise=SimpleNamespace(category=category, retired_at=retired_at),
        clearance="",
    )


def test_empty_plan_takes_no_time():
    assert fullest_day([]) == DayLoad(0, 0, 0)


def test_session_counts_each_line_once_and_the_day_each_occasion():
    load = fullest_day([line("10 min 2x/day"), line("1 min 3x/day", phase="desk")])

    assert load == DayLoad(main_count=1, session_seconds=620, seconds_a_day=2 * 620 + 3 * 80)


def test_what_is_done_as_needed_is_not_planned():
    assert fullest_day([line("10 min"), line("1x10 as needed")]) == fullest_day([line("10 min")])


def test_days_that_do_not_meet_do_not_add_up():
    load = fullest_day([line("10 min Mo"), line("20 min Tu"), line("5 min")])

    assert load == DayLoad(main_count=2, session_seconds=1220 + 320, seconds_a_day=1220 + 320)


def test_seven_main_exercises_on_one_day_are_worth_a_second_look():
    assert load_warnings(fullest_day([line("1x5") for _ in range(7)])) == [
        "7 main exercises on one day. People keep up better with 6 or fewer."
    ]


def test_seven_spread_over_the_week_are_not():
    lines = [line("1x5 Mo") for _ in range(4)] + [line("1x5 Tu") for _ in range(3)]

    assert load_warnings(fullest_day(lines)) == []


def test_desk_phase_is_judged_as_a_break_whatever_the_category():
    assert line_warnings(line("5 min", phase="desk", category="mobility"), age=40) == [
        "Desk breaks usually take 1 to 3 minutes."
    ]


def test_retired_exercise_is_named():
    assert line_warnings(line("2x8", retired_at="2031-01-01"), age=40) == [
        "This exercise was retired from the catalogue."
    ]

"""A dose as steps: nothing of it is left out, nothing comes twice, and it takes what the estimate says."""

from hypothesis import given

from clinic.guided.steps import CHANGE_S, Kind, steps
from clinic.prescriptions.dosage import SET_UP_S, Measure, Side, seconds, sides_to_tick
from clinic.prescriptions.dosage_parse import parse
from clinic.today.reading import dose
from tests.clinic.prescriptions.test_dosage import dosages


def told(shorthand):
    """Kind, seconds, set button and place of each step."""
    return [(step.kind, step.seconds, step.tick, step.place) for step in steps(parse(shorthand))]


def work(found):
    return [step for step in found if step.kind is Kind.WORK]


def test_sets_with_a_rest_between():
    assert told("2 x 10 5s, 30 s rest") == [
        ("ready", SET_UP_S, "1.both", ""),
        ("work", 80, "1.both", "Set 1 of 2"),
        ("rest", 30, "2.both", "Next: set 2 of 2"),
        ("work", 80, "2.both", "Set 2 of 2"),
    ]


def test_each_side_of_a_set_comes_before_its_rest():
    assert [each[::2] for each in told("2 x 6 each side, 20 s rest")] == [
        ("ready", "1.left"),
        ("work", "1.left"),
        ("change", "1.right"),
        ("work", "1.right"),
        ("rest", "2.left"),
        ("work", "2.left"),
        ("change", "2.right"),
        ("work", "2.right"),
    ]


def test_set_says_its_place_its_side_and_how_much():
    (left,) = [step for step in work(steps(parse("3 x 8 5s, each side"))) if step.tick == "2.left"]

    assert left.place == "Set 2 of 3, left side"
    assert left.words == "Set 2 of 3, left side. 8 times. Hold each for 5 seconds."
    assert [(beat.words, beat.seconds) for beat in left.beats] == [
        ("Move slowly. Breathe.", 3),
        ("Hold. Keep breathing.", 5),
    ]


def test_hold_has_time_to_get_into_place():
    hold = work(steps(parse("3 x 20 s")))[0]

    assert hold.words == "Hold 1 of 3. Hold for 20 seconds."
    assert [(beat.seconds, beat.counted) for beat in hold.beats] == [(3, False), (20, True)]


def test_alternating_sides_are_one_set_of_twice_as_many():
    (both,) = work(steps(parse("1 x 6, alternate sides")))

    assert (both.reps, both.alternates, both.tick, both.seconds) == (12, True, "1.both", 36)
    assert both.words == "6 times on each side, changing sides each time."


def test_tempo_is_counted_part_by_part():
    (one,) = work(steps(parse("1 x 8, tempo 3-1-2-0")))

    assert [(beat.words, beat.seconds) for beat in one.beats] == [
        ("Lower slowly.", 3),
        ("Pause.", 1),
        ("Lift slowly.", 2),
    ]


def test_one_bout_of_minutes_has_no_number():
    assert told("10 min") == [("ready", 20, "1.both", ""), ("work", 600, "1.both", "")]
    assert work(steps(parse("10 min")))[0].words == "Keep going for 10 minutes."


def test_list_of_repetitions_is_kept():
    assert [step.reps for step in work(steps(parse("6-4-2")))] == [6, 4, 2]


def test_many_holds_in_one_set_rest_between_and_tick_once():
    found = steps(parse("1 x 12 x 10 s, 5 s rest"))

    assert len(work(found)) == 12
    assert sum(step.kind is Kind.REST for step in found) == 11
    assert [step.place for step in found if step.ticks] == ["Hold 12 of 12"]


@given(dosages())
def test_steps_take_what_the_estimate_says_and_the_changing_of_sides(dosage):
    found = steps(dosage)

    changes = sum(step.kind is Kind.CHANGE for step in found)
    assert sum(step.seconds for step in found) == seconds(dosage) + changes * CHANGE_S


@given(dosages())
def test_every_set_is_ticked_once_and_in_the_order_of_its_buttons(dosage):
    ticked = [step.tick for step in steps(dosage) if step.ticks]

    if dosage.measure == Measure.HOLD and dosage.sets == 1:
        assert ticked == [f"1.{side}" for side in sides_to_tick(dosage)]
    else:
        assert ticked == [f"{number}.{side}" for number, side in dose(dosage).ticks]


@given(dosages())
def test_every_repetition_is_counted_once(dosage):
    found = work(steps(dosage))

    if dosage.measure == Measure.MINUTES:
        assert len(found) == dosage.sets * len(sides_to_tick(dosage))
    else:
        assert sum(step.reps for step in found) == sum(dosage.reps_by_set) * (1 + dosage.both_sides)


@given(dosages())
def test_sides_change_only_where_each_has_its_own_sets(dosage):
    found = steps(dosage)

    changes = [step for step in found if step.kind is Kind.CHANGE]
    assert bool(changes) == (dosage.side == Side.EACH)
    assert all(step.tick.endswith("right") for step in changes)


@given(dosages())
def test_it_begins_with_getting_ready_and_ends_with_work(dosage):
    found = steps(dosage)

    assert [step.kind for step in found].count(Kind.READY) == 1
    assert (found[0].kind, found[-1].kind, found[-1].ticks) == (Kind.READY, Kind.WORK, True)

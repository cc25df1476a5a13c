from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.prescriptions.dosage import Dosage, Measure, Side, volume
from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.dosage_words import shorthand
from clinic.progression import steps, words
from patients.accounts.thresholds import DEFAULTS, Thresholds


def said(d):
    return shorthand(d) if d else None


@pytest.mark.parametrize(
    ("step", "load", "then"),
    [
        (1.0, 20, "3 x 10, 21 kg"),
        (2.5, 20, "3 x 12, 20 kg"),
        (2.5, 25, "3 x 10, 27.5 kg"),
        (1.0, 100, "3 x 10, 105 kg"),
        (0.5, 12, "3 x 10, 12.5 kg"),
        (1.0, 10, "3 x 10, 11 kg"),
        (1.0, 9, "3 x 12, 9 kg"),
        (2.5, 60, "3 x 10, 62.5 kg"),
    ],
)
def test_load_goes_up_by_five_percent_to_the_nearest_step_or_two_repetitions_are_added(step, load, then):
    t = Thresholds(step_kg=step)

    assert said(steps.heavier(parse(f"3 x 10, {load} kg"), t)) == then


@pytest.mark.parametrize(("load", "then"), [(20, "3 x 10, 18 kg"), (21, "3 x 10, 18 kg"), (1, None)])
def test_load_comes_down_by_ten_percent(load, then):
    assert said(steps.lighter(parse(f"3 x 10, {load} kg"), DEFAULTS)) == then


def test_without_a_load_there_is_nothing_to_add_to():
    with pytest.raises(ValueError, match="no load"):
        steps.heavier(parse("3 x 10"), DEFAULTS)
    assert steps.lighter(parse("3 x 10"), DEFAULTS) is None


@pytest.mark.parametrize(
    ("dose", "then"),
    [("2 x 8", "2 x 10"), ("2 x 14", "2 x 15"), ("2 x 15", "3 x 15"), ("3 x 15", None), ("1 x 20", "2 x 20")],
)
def test_bodyweight_repetitions_grow_to_15_then_sets_to_3(dose, then):
    assert said(steps.more_reps(parse(dose), DEFAULTS)) == then


@pytest.mark.parametrize(
    ("dose", "then"),
    [
        ("4 x 8 s", "4 x 10 s"),
        ("4 x 9 s", "4 x 10 s"),
        ("4 x 10 s", "5 x 10 s"),
        ("5 x 10 s", "6 x 10 s"),
        ("6 x 10 s", "2 x 6 x 10 s"),
        ("2 x 6 x 10 s", "3 x 6 x 10 s"),
        ("3 x 6 x 10 s", None),
        ("2 x 3 x 10 s", "2 x 4 x 10 s"),
    ],
)
def test_short_holds_grow_in_seconds_then_holds_then_sets(dose, then):
    assert said(steps.more_short_holds(parse(dose), DEFAULTS)) == then


@pytest.mark.parametrize(
    ("dose", "then"),
    [("2 x 6, 8 s hold", "2 x 6, 10 s hold"), ("2 x 6, 10 s hold", "3 x 6, 10 s hold"), ("3 x 6, 10 s hold", None)],
)
def test_repetitions_with_a_long_pause_are_holds(dose, then):
    assert said(steps.more_short_holds(parse(dose), DEFAULTS)) == then


@pytest.mark.parametrize(
    ("dose", "to", "then"),
    [
        ("3 x 20 s", None, "3 x 25 s"),
        ("3 x 58 s", None, "3 x 60 s"),
        ("3 x 60 s", None, None),
        ("3 x 25 s", 30, "3 x 30 s"),
        ("3 x 30 s", 30, None),
        ("3 x 30 s", 60, "3 x 35 s"),
    ],
)
def test_long_holds_and_stretches_grow_by_five_seconds_to_their_cap(dose, to, then):
    assert said(steps.longer_hold(parse(dose), DEFAULTS, to)) == then


@pytest.mark.parametrize(
    ("dose", "to", "then"),
    [
        ("10 min", 20, "11 min"),
        ("5 min", 20, "6 min"),
        ("25 min", 40, "27.5 min"),
        ("60 min", 120, "65 min"),
        ("19.5 min", 20, "20 min"),
        ("20 min", 20, None),
        ("2 x 10 min", 20, "2 x 11 min"),
        ("3 x 30 s", 2, None),
    ],
)
def test_minutes_grow_by_ten_percent_at_least_one_and_at_most_five(dose, to, then):
    assert said(steps.more_minutes(parse(dose), DEFAULTS, Decimal(to))) == then


@pytest.mark.parametrize(
    ("dose", "share", "then"),
    [
        ("3 x 10", 0.5, "3 x 5"),
        ("2 x 8", 0.5, "1 x 8"),
        ("3 x 10", 0.8, "3 x 8"),
        ("3 x 20 s", 0.5, "3 x 10 s"),
        ("10 min", 0.5, "5 min"),
        ("10 min", 0.6, "6 min"),
        ("3 x 6-4-2", 0.5, "3-2-1"),
        ("1 x 1", 0.5, None),
        ("4 x 10 s, each side", 0.5, "2 x 10 s, each side"),
    ],
)
def test_volume_comes_down_by_one_variable(dose, share, then):
    d = replace(parse("3 x 6"), reps=None, rep_list=(6, 4, 2)) if "-" in dose else parse(dose)

    assert said(steps.scaled(d, share)) == then


doses = st.one_of(
    st.builds(
        Dosage, st.just(Measure.REPS), sets=st.integers(1, 10), reps=st.integers(1, 100), hold_s=st.integers(0, 60),
        side=st.sampled_from(Side), days_per_week=st.integers(1, 7),
    ),
    st.builds(
        Dosage, st.just(Measure.HOLD), sets=st.integers(1, 10), reps=st.integers(1, 10), hold_s=st.integers(1, 600)
    ),
    st.builds(
        Dosage, st.just(Measure.MINUTES), sets=st.integers(1, 10),
        minutes=st.integers(1, 240).map(lambda halves: Decimal(halves) / 2),
    ),
)  # fmt: skip


@given(doses, st.sampled_from([0.5, 0.6, 0.8]))
def test_less_is_valid_and_at_most_the_share(d, share):
    less = steps.scaled(d, share)

    if less:
        assert less.errors() == {}
        assert volume(less) <= volume(d) * Decimal(str(share))
        assert len(steps.changed(d, less)) == 1


@given(doses)
def test_a_step_up_changes_one_variable_and_asks_for_more(d):
    for new in (
        steps.more_reps(d, DEFAULTS) if d.measure == Measure.REPS else None,
        steps.more_short_holds(d, DEFAULTS),
        steps.longer_hold(d, DEFAULTS) if d.measure == Measure.HOLD else None,
        steps.more_minutes(d, DEFAULTS, Decimal(120)),
    ):
        if new and not new.errors():
            assert len(steps.changed(d, new)) == 1
            assert volume(new) > volume(d) or new.hold_s > d.hold_s


@given(st.integers(1, 500), st.sampled_from([0.25, 0.5, 1.0, 2.5, 5.0]))
def test_the_load_never_grows_by_more_than_ten_percent(load, step):
    new = steps.heavier(parse(f"3 x 10, {load} kg"), Thresholds(step_kg=step))

    assert new.load_value <= Decimal(load) * Decimal("1.1")
    assert (new.load_value > load) != (new.reps > 10)


@pytest.mark.parametrize(
    ("old", "new", "clinician", "patient"),
    [
        ("3 x 20 s", "3 x 25 s", "hold 20 → 25 s", "Hold each one for 25 seconds now."),
        ("2 x 6 x 8 s", "2 x 6 x 10 s", "hold 8 → 10 s", "Hold each one for 10 seconds now."),
        ("3 x 10", "3 x 12", "10 → 12 reps", "Do it 12 times now."),
        ("2 x 15", "3 x 15", "2 → 3 sets", "Do 3 sets now."),
        ("4 x 10 s", "5 x 10 s", "4 → 5 holds", "Hold it 5 times now."),
        ("10 min", "11 min", "10 → 11 min", "Do it for 11 minutes now."),
        ("3 x 10, 20 kg", "3 x 10, 21 kg", "20 → 21 kg", "Use 21 kg now."),
        ("3 x 12, 20 kg", "3 x 8, 21 kg", "20 → 21 kg, 12 → 8 reps", "Use 21 kg now, 8 times."),
        ("2 x 8 each side", "2 x 10 each side", "8 → 10 reps", "Do it 10 times on each side now."),
    ],
)
def test_a_step_in_words(old, new, clinician, patient):
    was, now = parse(old), parse(new)

    assert (words.step(was, now), words.to_patient(was, now)) == (clinician, patient)

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.prescriptions import drafting
from clinic.prescriptions.actions import publish
from clinic.prescriptions.dosage import DosageError
from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.drafting import EditConflict, NotADraft, _snapshot
from clinic.prescriptions.models import Importance
from patients.models import AuditEvent
from tests.clinic.prescriptions.conftest import names
from tests.factories import catalogue


def line_of(draft, slug):
    return draft.lines.select_related("exercise", "prescription").get(exercise__slug=slug)


def state(draft):
    draft.refresh_from_db()
    return _snapshot(draft, list(draft.lines.all()))


def test_added_exercise_starts_with_the_catalogues_dosage_in_the_phase_it_fits(draft, clinician, bridge):
    line = line_of(draft, "bridge")

    assert (line.dosage, line.phase) == (parse("3x10 5s hold 30s rest"), "main")


def test_lines_stand_in_the_order_of_their_phases(draft):
    assert names(draft) == ["walking", "bridge", "bird-dog"]
    assert [line.position for line in draft.lines.all()] == [0, 1, 2]


def test_changed_line_keeps_dosage_note_and_clearance(draft, clinician):
    drafting.change_line(
        line=line_of(draft, "bridge"), by=clinician.user, dosage=parse("2x12"), note="Slowly.", clearance="Dr Hale"
    )

    line = line_of(draft, "bridge")
    assert (line.dosage, line.note, line.clearance) == (parse("2x12"), "Slowly.", "Dr Hale")


def test_importance_is_a_step_that_can_be_taken_back(draft, clinician):
    line = line_of(draft, "bridge")
    drafting.change_line(line=line, by=clinician.user, importance=Importance.MUST)

    assert line_of(draft, "bridge").importance == Importance.MUST
    draft.refresh_from_db()
    assert drafting.undo(draft=draft, by=clinician.user) == "Bridge: must do"
    assert line_of(draft, "bridge").importance == Importance.SHOULD


def test_undo_of_a_step_from_before_there_was_importance_leaves_it(draft, clinician):
    drafting.change_line(line=line_of(draft, "bridge"), by=clinician.user, importance=Importance.MUST)
    drafting.change_line(line=line_of(draft, "bridge"), by=clinician.user, note="Slowly.")
    step = draft.steps.first()
    for line in step.before["lines"]:
        del line["importance"]
    step.save()
    draft.refresh_from_db()

    drafting.undo(draft=draft, by=clinician.user)

    line = line_of(draft, "bridge")
    assert (line.note, line.importance) == ("", Importance.MUST)


@pytest.mark.parametrize("verb", ["duplicate", "swap"])
def test_what_takes_a_lines_place_is_as_important(draft, clinician, verb):
    line = line_of(draft, "bridge")
    drafting.change_line(line=line, by=clinician.user, importance=Importance.MUST)

    if verb == "duplicate":
        made = drafting.duplicate_line(line=line, by=clinician.user)
    else:
        plank = catalogue.exercise("plank")
        made = drafting.swap_line(line=line, exercise=plank, by=clinician.user)

    assert made.importance == Importance.MUST


def test_dosage_out_of_range_changes_nothing(draft, clinician):
    before = state(draft)

    with pytest.raises(DosageError):
        drafting.change_line(line=line_of(draft, "bridge"), by=clinician.user, dosage=replace(parse("2x12"), sets=99))

    assert state(draft) == before


def test_moved_line_goes_to_its_place_in_the_other_phase(draft, clinician):
    drafting.move_line(line=line_of(draft, "bird-dog"), phase="warm", position=0, by=clinician.user)

    assert names(draft) == ["bird-dog", "walking", "bridge"]


def test_nudging_past_the_edge_of_a_phase_changes_the_phase(draft, clinician):
    drafting.nudge_line(line=line_of(draft, "bridge"), up=True, by=clinician.user)

    assert line_of(draft, "bridge").phase == "warm"
    assert names(draft) == ["walking", "bridge", "bird-dog"]


def test_nudging_the_last_line_down_within_the_plan_goes_on_to_the_cool_down(draft, clinician):
    drafting.nudge_line(line=line_of(draft, "bird-dog"), up=False, by=clinician.user)

    assert line_of(draft, "bird-dog").phase == "cool"


def test_duplicate_stands_below_its_original_in_a_thread_of_its_own(draft, clinician):
    original = line_of(draft, "bridge")

    copy = drafting.duplicate_line(line=original, by=clinician.user)

    assert names(draft) == ["walking", "bridge", "bridge", "bird-dog"]
    assert copy.thread != original.thread


def test_days_of_the_whole_plan_are_set_on_every_line(draft, clinician):
    drafting.set_days(draft=draft, weekdays=(4, 0, 2), by=clinician.user)

    assert {(it.dosage.weekdays, it.dosage.days_per_week) for it in draft.lines.all()} == {((0, 2, 4), 3)}


def test_plan_fields_are_changed(draft, clinician):
    last = draft.starts_on + timedelta(days=20)

    drafting.change_plan(draft=draft, by=clinician.user, title="Stronger back", ends_on=last)

    draft.refresh_from_db()
    assert (draft.title, draft.ends_on) == ("Stronger back", last)


def test_undo_takes_back_one_step_at_a_time_until_none_is_left(draft, clinician):
    drafting.remove_line(line=line_of(draft, "bridge"), by=clinician.user)
    draft.refresh_from_db()

    said = [drafting.undo(draft=draft, by=clinician.user) for _ in range(5)]

    assert said == ["Bridge removed", "Walking added", "Bird dog added", "Bridge added", ""]
    assert names(draft) == []


def test_undone_removal_brings_back_the_same_line(draft, clinician):
    line = line_of(draft, "bridge")
    before = state(draft)
    drafting.remove_line(line=line, by=clinician.user)
    draft.refresh_from_db()

    drafting.undo(draft=draft, by=clinician.user)

    assert state(draft) == before


def step_sets(draft, clinician, sets, slug="bridge"):
    line = line_of(draft, slug)
    drafting.change_line(line=line, by=clinician.user, dosage=replace(line.dosage, sets=sets))


def test_number_stepped_in_a_row_is_taken_back_at_once(draft, clinician):
    before = state(draft)
    for sets in (4, 5, 6):
        step_sets(draft, clinician, sets)
    draft.refresh_from_db()

    said = drafting.undo(draft=draft, by=clinician.user)

    assert said == "Bridge: 6 × 10, 5 s hold, 30 s rest"
    assert state(draft) == before


def test_number_stepped_back_to_where_it_was_leaves_nothing_to_take_back(draft, clinician):
    steps = draft.steps.count()
    for sets in (4, 3):
        step_sets(draft, clinician, sets)

    assert draft.steps.count() == steps


def test_another_number_line_hand_or_minute_is_another_step(draft, clinician, colleague, time_machine):
    time_machine.move_to(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False)
    steps = draft.steps.count()
    step_sets(draft, clinician, 4)
    step_sets(draft, clinician, 4, slug="bird-dog")
    step_sets(draft, clinician, 5, slug="bird-dog")
    step_sets(draft, colleague, 6, slug="bird-dog")
    time_machine.shift(60)
    step_sets(draft, colleague, 7, slug="bird-dog")
    line = line_of(draft, "bird-dog")
    drafting.change_line(line=line, by=colleague.user, dosage=replace(line.dosage, reps=12))

    assert draft.steps.count() == steps + 5


def test_second_editor_is_told_of_a_number_stepped_in_a_row(draft, clinician, colleague):
    step_sets(draft, colleague, 4)
    draft.refresh_from_db()
    seen = draft.edit
    step_sets(draft, colleague, 5)

    with pytest.raises(EditConflict) as conflict:
        drafting.change_plan(draft=draft, title="Mine", by=clinician.user, edit=seen)

    assert conflict.value.theirs == ["Bridge: 5 × 10, 5 s hold, 30 s rest"]


def test_step_that_changes_nothing_leaves_no_trace(draft, clinician):
    edit, steps, lines = draft.edit, draft.steps.count(), AuditEvent.objects.count()

    drafting.change_line(line=line_of(draft, "bridge"), by=clinician.user, note="")

    draft.refresh_from_db()
    assert (draft.edit, draft.steps.count(), AuditEvent.objects.count()) == (edit, steps, lines)


def test_second_editor_is_told_what_the_first_did_and_overwrites_nothing(draft, clinician, colleague):
    seen = draft.edit
    drafting.change_line(line=line_of(draft, "bridge"), by=colleague.user, dosage=parse("4x8"))
    before = state(draft)

    with pytest.raises(EditConflict) as conflict:
        drafting.change_line(line=line_of(draft, "bridge"), by=clinician.user, dosage=parse("2x12"), edit=seen)

    assert (conflict.value.by, conflict.value.theirs) == (colleague.user, ["Bridge: 4 × 8"])
    assert conflict.value.mine == "Bridge: 2 × 12"
    assert state(draft) == before


def test_own_second_tab_is_a_second_editor_too(draft, clinician, bridge):
    seen = draft.edit
    drafting.add_exercise(draft=draft, exercise=bridge, by=clinician.user, edit=seen)

    with pytest.raises(EditConflict):
        drafting.add_exercise(draft=draft, exercise=bridge, by=clinician.user, edit=seen)


def test_published_prescription_refuses_every_verb(draft, clinician, bridge):
    publish(draft=draft, by=clinician.user)
    line, by = line_of(draft, "bridge"), clinician.user
    verbs = [
        lambda: drafting.add_exercise(draft=draft, exercise=bridge, by=by),
        lambda: drafting.change_line(line=line, note="x", by=by),
        lambda: drafting.move_line(line=line, phase="cool", by=by),
        lambda: drafting.duplicate_line(line=line, by=by),
        lambda: drafting.remove_line(line=line, by=by),
        lambda: drafting.change_plan(draft=draft, title="x", by=by),
        lambda: drafting.set_days(draft=draft, weekdays=(1,), by=by),
        lambda: drafting.undo(draft=draft, by=by),
    ]

    for verb in verbs:
        with pytest.raises(NotADraft):
            verb()


def test_each_step_writes_an_audit_line_without_what_was_typed(draft, clinician):
    drafting.change_line(line=line_of(draft, "bridge"), by=clinician.user, note="Mind the knee.")

    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.patient, event.detail) == (
        "prescription.edited",
        str(draft.patient.uuid),
        {"lines": 3},
    )


VERBS = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "move", "nudge", "duplicate", "days", "note"]), st.integers(0, 9)),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VERBS)
def test_undoing_every_step_leads_back_to_the_start(draft, clinician, bridge, verbs):
    by, start = clinician.user, state(draft)
    steps = draft.steps.count()
    for verb, number in verbs:
        draft.refresh_from_db()
        lines = list(draft.lines.select_related("exercise", "prescription"))
        line = lines[number % len(lines)] if lines else None
        if verb == "add" or line is None:
            drafting.add_exercise(draft=draft, exercise=bridge, by=by)
        elif verb == "remove":
            drafting.remove_line(line=line, by=by)
        elif verb == "move":
            drafting.move_line(line=line, phase=["warm", "main", "cool", "desk"][number % 4], position=number, by=by)
        elif verb == "nudge":
            drafting.nudge_line(line=line, up=bool(number % 2), by=by)
        elif verb == "duplicate":
            drafting.duplicate_line(line=line, by=by)
        elif verb == "days":
            drafting.set_days(draft=draft, weekdays=tuple(range(number % 8)), by=by)
        else:
            drafting.change_line(line=line, note=f"Note {number}", by=by)

    draft.refresh_from_db()
    while draft.steps.count() > steps:
        drafting.undo(draft=draft, by=by)

    assert state(draft) == start

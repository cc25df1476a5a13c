from datetime import timedelta

import pytest

from clinic.models import PrescribedExercise, Prescription, Proposal, Protocol, ProtocolLine
from clinic.prescriptions.actions import revise
from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.dosage_words import shorthand
from clinic.prescriptions.drafting import change_line
from clinic.prescriptions.models import Importance
from clinic.prescriptions.vouching import NotVouchedFor
from clinic.progression import actions
from clinic.progression.actions import NotConfirmed, NotScreened, Overtaken, accept, change, decline
from exercises.models import Exercise
from patients.models import AuditEvent, Task
from patients.tasks.actions import raise_task
from patients.tasks.models import Kind
from tests.clinic.progression.conftest import NOON, TODAY
from tests.factories import catalogue, plans
from tests.factories.catalogue import VOUCHED_FOR


@pytest.fixture
def bridge(db):
    return catalogue.exercise("bridge", hold_s=None, rest_s=0)


@pytest.fixture
def plank(db):
    return catalogue.exercise("plank", measure="hold", reps=1, hold_s=20, rest_s=0)


@pytest.fixture
def plan(patient, clinician, bridge, plank):
    lines = [plans.Line(bridge, "2 x 8, Mo, We"), plans.Line(plank, "3 x 20 s", note="Breathe.")]
    return plans.published(patient, by=clinician.user, lines=lines)


@pytest.fixture
def by(clinician):
    return clinician.user


def proposed(plan, position=None, rule="PROG-3", **change):
    line = plan.lines.get(position=position) if position is not None else None
    if "dosage" in change:
        change["dosage"] = parse(change["dosage"]).to_dict()
    return Proposal.objects.create(
        patient=plan.patient, prescription=plan, thread=line and line.thread, rule=rule, change=change,
        evidence="Seen.", made_at=NOON,
    )  # fmt: skip


@pytest.fixture
def reps(plan):
    return proposed(plan, 0, dosage="2 x 10, Mo, We")


@pytest.fixture
def hold(plan):
    return proposed(plan, 1, "PROG-4b", dosage="3 x 25 s")


def doses(prescription):
    return [
        f"{line.exercise.slug}: {shorthand(line.dosage)}" for line in prescription.lines.select_related("exercise")
    ]


def test_accepting_sends_the_next_version_with_a_plain_note(plan, hold, by):
    raise_task(patient=plan.patient, kind=Kind.PROPOSAL, words="Change proposed: Plank.")

    done = accept(proposals=[hold], by=by)

    live = Prescription.objects.live().get()
    hold.refresh_from_db()
    assert (done.is_sent, done.became, live.version, live.replaces) == (True, live, 2, plan)
    assert doses(live) == ["bridge: 2 x 8, Mo, We", "plank: 3 x 25 s"]
    assert [line.thread for line in live.lines.all()] == [line.thread for line in plan.lines.all()]
    assert live.lines.get(position=1).note == "Breathe."
    assert live.note_to_patient == (
        "Plank: hold each one for 25 seconds now. You did your sessions and your back settled."
    )
    assert (hold.state, hold.decided_by, hold.decided_at, hold.became) == ("accepted", by, NOON, live)
    assert not Task.objects.open().exists()
    line = AuditEvent.objects.get(action="proposal.accepted")
    assert (line.subject, line.detail) == (f"proposal:{hold.uuid}", {"rule": "PROG-4b"})


def test_several_at_once_become_one_version(plan, reps, hold, by):
    accept(proposals=[reps, hold], by=by)

    live = Prescription.objects.live().get()
    assert live.version == 2
    assert doses(live) == ["bridge: 2 x 10, Mo, We", "plank: 3 x 25 s"]
    assert Proposal.objects.filter(state="accepted").count() == 2


def test_the_other_one_stays_open_for_the_new_version(plan, reps, hold, by):
    accept(proposals=[reps], by=by)
    live = Prescription.objects.live().get()
    hold.refresh_from_db()
    assert (hold.state, hold.prescription) == ("open", live)

    accept(proposals=[hold], by=by)
    assert doses(Prescription.objects.live().get()) == ["bridge: 2 x 10, Mo, We", "plank: 3 x 25 s"]


def test_a_draft_gets_the_change_and_is_not_sent(plan, hold, by):
    draft = revise(prescription=plan, by=by)
    line = draft.lines.get(position=1)
    change_line(line=line, dosage=parse("2 x 20 s, 5 days/week"), by=by)

    done = accept(proposals=[hold], by=by)

    assert (done.is_sent, done.became.pk) == (False, draft.pk)
    assert doses(draft) == ["bridge: 2 x 8, Mo, We", "plank: 2 x 25 s, 5 days/week"]
    assert Prescription.objects.live().get() == plan
    draft.refresh_from_db()
    assert draft.note_to_patient.startswith("Plank: hold each one for 25 seconds now.")


def test_a_line_that_the_draft_dropped_stays_dropped(plan, hold, by):
    draft = revise(prescription=plan, by=by)
    draft.lines.get(position=1).delete()

    accept(proposals=[hold], by=by)

    assert doses(draft) == ["bridge: 2 x 8, Mo, We"]


def test_what_cannot_be_sent_stays_a_draft_that_says_why(plan, hold, by):
    locked = plan.lines.get(position=0).exercise
    locked.clinician_only = True
    locked.save()

    done = accept(proposals=[hold], by=by)

    assert (done.is_sent, done.obstacles) == (False, ("Bridge needs clearance: write who cleared it and when.",))
    assert Prescription.objects.live().get() == plan
    assert doses(done.became)[1] == "plank: 3 x 25 s"


def test_accepting_twice_is_said_and_does_nothing(plan, hold, by):
    accept(proposals=[hold], by=by)

    with pytest.raises(Overtaken):
        accept(proposals=[hold], by=by)
    assert Prescription.objects.live().get().version == 2


def test_a_plan_that_moved_on_meanwhile_is_left_alone(plan, hold, by, bridge):
    plans.revised(plan, by=by, lines=[plans.Line(bridge, "1 x 5")], on=TODAY)

    with pytest.raises(Overtaken):
        accept(proposals=[hold], by=by)
    with pytest.raises(Overtaken):
        change(proposal=hold, by=by)


def test_the_harder_exercise_takes_the_place_in_a_thread_of_its_own(plan, bridge, by):
    catalogue.exercise("bridge-march", hold_s=None)
    old = plan.lines.get(position=0)
    ladder = proposed(plan, 0, "PROG-6", exercise="bridge-march", dosage="2 x 6")

    accept(proposals=[ladder], by=by)

    live = Prescription.objects.live().get()
    assert doses(live) == ["bridge-march: 2 x 6, Mo, We", "plank: 3 x 20 s"]
    assert live.lines.get(position=0).thread != old.thread
    assert live.note_to_patient.startswith("Bridge march takes the place of Bridge.")


def test_the_harder_exercise_is_as_important(plan, by):
    catalogue.exercise("bridge-march", hold_s=None)
    PrescribedExercise.objects.filter(pk=plan.lines.get(position=0).pk).update(importance=Importance.MUST)

    accept(proposals=[proposed(plan, 0, "PROG-6", exercise="bridge-march", dosage="2 x 6")], by=by)

    assert Prescription.objects.live().get().lines.get(position=0).importance == Importance.MUST


def test_form_has_to_be_seen_first_and_is_dated(plan, by):
    catalogue.exercise("deadlift", hold_s=None, clinician_only=True)
    ladder = proposed(plan, 0, "PROG-6", exercise="deadlift", dosage="3 x 6", sign_off=True)

    with pytest.raises(NotConfirmed):
        accept(proposals=[ladder], by=by)
    assert not Prescription.objects.drafts().exists()

    accept(proposals=[ladder], by=by, confirmed=[ladder])
    line = Prescription.objects.live().get().lines.get(position=0)
    ladder.refresh_from_db()
    assert line.clearance == f"Form seen by {by}, 18 November 2026"
    assert ladder.reason == "Confirmed: I have seen the form, and it is good"


def test_an_exercise_that_is_not_tolerated_goes(plan, by):
    raise_task(patient=plan.patient, kind=Kind.STEP_BACK, words="Not tolerated")

    accept(proposals=[proposed(plan, 1, "PROG-8", remove=True)], by=by)

    live = Prescription.objects.live().get()
    assert doses(live) == ["bridge: 2 x 8, Mo, We"]
    assert live.note_to_patient == "Plank: leave it out for now. Your back was sorer after it, so it is less for now."
    assert not Task.objects.open().exists()


def test_after_days_away_everything_is_less(plan, by):
    raise_task(patient=plan.patient, kind=Kind.GAP, words="Away")

    accept(proposals=[proposed(plan, rule="PROG-9", volume=0.6)], by=by)

    live = Prescription.objects.live().get()
    assert doses(live) == ["bridge: 1 x 8, Mo, We", "plank: 3 x 12 s"]
    assert live.note_to_patient == (
        "Everything is a bit less for now. You were away for a while, so we start again gently."
    )
    assert not Task.objects.open().exists()


@pytest.mark.parametrize(("level", "checked", "may"), [("", True, True), ("", False, False), ("C", True, False)])
def test_after_28_days_a_new_screen_comes_first(plan, patient, by, level, checked, may):
    gap = proposed(plan, rule="PROG-9", volume=0.6, screen=True)
    patient.flag_level, patient.checked_on = level, TODAY if checked else TODAY - timedelta(days=40)
    patient.save()

    if may:
        assert accept(proposals=[gap], by=by).is_sent
    else:
        with pytest.raises(NotScreened):
            accept(proposals=[gap], by=by)


@pytest.fixture
def staged(patient, clinician, bridge, plank):
    protocol = Protocol.objects.create(
        review_by=VOUCHED_FOR, slug="two-stages", name="Two stages", stage_rules={"1": {"sessions": 6}}
    )
    walk = catalogue.exercise("walk", hold_s=None)
    march, added = catalogue.exercise("march", hold_s=None), catalogue.exercise("added", hold_s=None)
    for stage, exercise, dose in (
        (0, walk, "1 x 8"), (1, bridge, "2 x 8"), (1, plank, "3 x 20 s"), (2, plank, "3 x 30 s"), (2, march, "2 x 6"),
    ):  # fmt: skip
        ProtocolLine.objects.create(
            protocol=protocol, stage=stage, phase="main", position=stage, exercise=exercise, dosage=parse(dose)
        )
    lines = [
        plans.Line(walk, "1 x 20"),
        plans.Line(bridge, "2 x 12"),
        plans.Line(plank, "3 x 20 s"),
        plans.Line(added, "1 x 5"),
    ]
    return plans.published(patient, by=clinician.user, lines=lines, protocol=protocol, stage=1)


def test_the_next_stage_keeps_what_always_applies_and_what_was_added(staged, by):
    threads = {line.exercise.slug: line.thread for line in staged.lines.select_related("exercise")}

    accept(proposals=[proposed(staged, rule="STAGE", stage=2)], by=by)

    live = Prescription.objects.live().get()
    now = {line.exercise.slug: line.thread for line in live.lines.select_related("exercise")}
    assert doses(live) == ["walk: 1 x 20", "plank: 3 x 30 s", "added: 1 x 5", "march: 2 x 6"]
    assert (live.stage, live.protocol) == (2, staged.protocol)
    assert [now[slug] for slug in ("walk", "plank", "added")] == [
        threads[slug] for slug in ("walk", "plank", "added")
    ]
    assert live.note_to_patient == (
        "This is the next part of your plan. You did your sessions and your back settled."
    )


def test_a_move_that_nobody_vouches_for_any_more_changes_nothing(staged, by):
    march = Exercise.objects.get(slug="march")
    move = proposed(staged, rule="STAGE", stage=2)
    for exercise, protocol in ((None, VOUCHED_FOR), (VOUCHED_FOR, None)):
        Exercise.objects.filter(pk=march.pk).update(review_by=exercise)
        Protocol.objects.update(review_by=protocol)

        with pytest.raises(NotVouchedFor):
            accept(proposals=[move], by=by)

        assert Prescription.objects.get() == staged
        move.refresh_from_db()
        assert move.state == Proposal.OPEN


def test_the_next_stage_brings_what_its_protocol_ranks(staged, by):
    ProtocolLine.objects.filter(exercise__slug="march").update(importance=Importance.IF_TIME)

    accept(proposals=[proposed(staged, rule="STAGE", stage=2)], by=by)

    lines = Prescription.objects.live().get().lines
    assert lines.get(exercise__slug="march").importance == Importance.IF_TIME


def test_a_stage_asks_for_the_clinicians_word(staged, by):
    stage = proposed(staged, rule="STAGE", stage=2, confirm=["The dowel hinge is clean"])

    with pytest.raises(NotConfirmed):
        accept(proposals=[stage], by=by)
    assert accept(proposals=[stage], by=by, confirmed=[stage]).is_sent
    stage.refresh_from_db()
    assert stage.reason == "Confirmed: The dowel hinge is clean"


def test_a_stage_overtakes_what_was_proposed_for_its_lines(staged, by):
    one = proposed(staged, 1, dosage="2 x 14")
    accept(proposals=[proposed(staged, rule="STAGE", stage=2)], by=by)

    one.refresh_from_db()
    assert one.state == "overtaken"


def test_one_stage_back_at_part_of_the_volume(staged, by):
    staged_two = accept(proposals=[proposed(staged, rule="STAGE", stage=2)], by=by).became

    accept(proposals=[proposed(staged_two, rule="PROG-9", stage=1, volume=0.6)], by=by)

    live = Prescription.objects.live().get()
    assert (live.stage, doses(live)) == (1, ["walk: 1 x 12", "plank: 3 x 12 s", "added: 1 x 3", "bridge: 1 x 8"])


def test_changing_opens_a_draft_and_sends_nothing(plan, hold, by):
    draft = change(proposal=hold, by=by)

    hold.refresh_from_db()
    assert (draft.is_draft, doses(draft)[1]) == (True, "plank: 3 x 25 s")
    assert Prescription.objects.live().get() == plan
    assert (hold.state, hold.became) == ("accepted", draft)


def test_declining_keeps_the_reason(plan, hold, by):
    raise_task(patient=plan.patient, kind=Kind.PROPOSAL, words="Change proposed")

    decline(proposal=hold, by=by, reason="Shoulder first")
    decline(proposal=hold, by=by, reason="Again")

    assert (hold.state, hold.reason, hold.decided_by) == ("declined", "Shoulder first", by)
    assert not Task.objects.open().exists()
    assert AuditEvent.objects.filter(action="proposal.declined").count() == 1


def test_the_task_stays_while_something_is_left_to_decide(plan, reps, hold, by):
    raise_task(patient=plan.patient, kind=Kind.PROPOSAL, words="Change proposed")

    decline(proposal=hold, by=by, reason="Shoulder first")

    assert Task.objects.open().count() == 1


def test_proposals_of_two_patients_are_not_one_version(plan, hold, other_patient, bridge, by):
    theirs = proposed(plans.published(other_patient, by=by, exercises=[bridge]), 0, dosage="3 x 12")

    with pytest.raises(ValueError, match="one patient"):
        actions.accept(proposals=[hold, theirs], by=by)

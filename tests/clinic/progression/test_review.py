from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.models import Proposal, Protocol, ProtocolLine
from clinic.prescriptions.dosage import Dosage
from clinic.prescriptions.dosage_parse import parse
from clinic.progression.actions import change, decline
from clinic.progression.review import review
from clinic.today import after
from exercises.models import Exercise
from patients.models import AuditEvent, Patient, Task
from patients.tasks.actions import raise_task
from patients.tasks.models import Kind
from tests.clinic.progression.conftest import NOON, TODAY, ago
from tests.factories import catalogue, history, plans
from tests.factories.catalogue import VOUCHED_FOR


@pytest.fixture
def plan(patient, clinician, bridge):
    return plans.published(patient, by=clinician.user, lines=[plans.Line(bridge, "2 x 8")], starts_on=ago(20))


def days_of(plan, *days, **more):
    history.done(plan, *[ago(n) for n in days])
    for n in days:
        history.said(plan.patient, ago(n), **{"pain_before": 2, "pain_worst": 2, "pain_morning": 2} | more)


def states():
    return list(Proposal.objects.order_by("pk").values_list("rule", "state"))


def words_of(kind):
    return list(Task.objects.open().filter(kind=kind).values_list("words", "times_raised"))


def test_a_good_week_is_proposed_with_its_evidence_and_one_task(patient, plan):
    days_of(plan, *range(1, 8))

    [found] = review(patient)

    assert (found.patient, found.prescription, found.thread) == (patient, plan, plan.lines.get().thread)
    assert (found.rule, found.state, found.made_at) == ("PROG-3", "open", NOON)
    assert Dosage.from_dict(found.change["dosage"]) == parse("2 x 10")
    assert found.evidence == "Bridge: 7 of 7 sessions done, worst pain 2, settled by morning: 8 → 10 reps."
    assert words_of(Kind.PROPOSAL) == [("Change proposed: Bridge.", 1)]


def test_doing_it_again_changes_nothing(patient, plan):
    days_of(plan, *range(1, 8))
    review(patient)
    before = (list(Proposal.objects.values()), list(Task.objects.values()), AuditEvent.objects.count())

    review(patient)

    assert (list(Proposal.objects.values()), list(Task.objects.values()), AuditEvent.objects.count()) == before


def test_what_no_longer_holds_is_overtaken_and_the_task_says_so(patient, plan):
    days_of(plan, *range(2, 9))
    review(patient)
    days_of(plan, 1, pain_worst=4)

    assert review(patient) == []
    assert states() == [("PROG-3", "overtaken")]
    assert words_of(Kind.PROPOSAL) == [("What was proposed no longer holds. There is nothing to decide.", 2)]


def test_another_change_takes_the_place_of_the_first(patient, plan):
    days_of(plan, *range(2, 9))
    review(patient)
    days_of(plan, 1, pain_worst=3, pain_morning=5)

    [found] = review(patient)

    assert found.rule == "PROG-8"
    assert states() == [("PROG-3", "overtaken"), ("PROG-8", "open")]


def test_a_new_version_overtakes_what_was_for_the_old(patient, clinician, bridge, plan):
    days_of(plan, *range(1, 8))
    review(patient)
    plans.revised(plan, by=clinician.user, lines=[plans.Line(bridge, "2 x 8")], on=TODAY)

    assert review(patient) == []
    assert states() == [("PROG-3", "overtaken")]


def test_without_a_plan_what_was_open_is_overtaken(patient, clinician, plan):
    days_of(plan, *range(1, 8))
    review(patient)
    plans.ended(plan, by=clinician.user, on=TODAY)

    assert review(patient) == []
    assert states() == [("PROG-3", "overtaken")]


def test_what_was_declined_is_not_proposed_again_for_14_days(patient, clinician, plan):
    days_of(plan, *range(1, 8))
    [found] = review(patient)
    decline(proposal=found, by=clinician.user, reason="Too soon")
    assert review(patient) == []

    Proposal.objects.update(decided_at=NOON - timedelta(days=14))
    assert [each.rule for each in review(patient)] == ["PROG-3"]


def test_what_stands_in_a_draft_is_not_proposed_again(patient, clinician, plan):
    days_of(plan, *range(1, 8))
    [found] = review(patient)
    draft = change(proposal=found, by=clinician.user)
    assert review(patient) == []

    draft.delete()
    assert [each.rule for each in review(patient)] == ["PROG-3"]


@pytest.mark.parametrize("kind", [Kind.PAIN_UP, Kind.FLAG_C, Kind.OTHER])
def test_another_task_comes_first(patient, plan, kind):
    days_of(plan, *range(1, 8))
    raise_task(patient=patient, kind=kind, words="Look at this first")

    assert review(patient) == []


def test_a_third_bad_session_takes_the_exercise_out_and_raises_a_task(patient, plan):
    days_of(plan, 1, 2, 3, pain_worst=7)

    [found] = review(patient)

    assert found.change == {"remove": True}
    assert words_of(Kind.STEP_BACK) == [("Not tolerated, even made easier: Bridge.", 1)]


def test_days_away_propose_a_start_and_raise_a_task(patient, plan):
    days_of(plan, 9, 10, 11)

    [found] = review(patient)

    assert (found.rule, found.thread, found.change) == ("PROG-9", None, {"volume": 0.8})
    assert words_of(Kind.GAP) == [("No session after 9 November: restart proposed.", 1)]
    assert words_of(Kind.PROPOSAL) == []


def test_no_progression_for_three_weeks_asks_for_a_review(patient, clinician, bridge):
    stretch = catalogue.exercise("cat-cow", category="mobility")
    plan = plans.published(patient, by=clinician.user, lines=[plans.Line(stretch, "1 x 8")], starts_on=ago(25))
    days_of(plan, *range(1, 25))

    assert review(patient) == []
    assert words_of(Kind.PLATEAU) == [
        ("Nothing made harder since 24 October, with at least 80 % done: review the plan.", 1)
    ]


@pytest.fixture
def staged(patient, clinician, bridge):
    protocol = Protocol.objects.create(
        review_by=VOUCHED_FOR,
        slug="two-stages",
        name="Two stages",
        stage_rules={"1": {"sessions": 6, "share": 0.8, "calm": True}},
    )
    for stage, slug, dose in ((0, "walk", "1 x 8"), (1, "tilt", "2 x 8"), (2, "plank", "2 x 6")):
        ProtocolLine.objects.create(
            protocol=protocol, stage=stage, stage_label=f"Part {stage}", phase="main", position=stage,
            exercise=catalogue.exercise(slug, category="mobility"), dosage=parse(dose),
        )  # fmt: skip
    lines = [
        plans.Line(each.exercise, "1 x 8") for each in protocol.lines.filter(stage__lt=2).select_related("exercise")
    ]
    return plans.published(patient, by=clinician.user, lines=lines, starts_on=ago(14), protocol=protocol, stage=1)


def test_the_next_stage_is_proposed_alone(patient, staged):
    days_of(staged, *range(1, 15))

    [found] = review(patient)

    assert (found.rule, found.thread, found.change) == ("STAGE", None, {"stage": 2})
    assert found.evidence == (
        "14 sessions of stage 1 done; 100 % of the dose; no red answer: on to stage 2 (part 2)."
    )
    assert words_of(Kind.PROPOSAL) == [("Change proposed: next stage.", 1)]


def test_a_stage_that_nobody_vouches_for_is_not_proposed(patient, staged):
    days_of(staged, *range(1, 15))
    Exercise.objects.filter(slug="plank").update(review_by=None)
    assert [each.rule for each in review(patient)] == []

    Exercise.objects.update(review_by=VOUCHED_FOR)
    Protocol.objects.update(review_by=None)
    assert [each.rule for each in review(patient)] == []


def test_a_stage_with_a_red_answer_is_not_left(patient, staged):
    days_of(staged, *range(1, 14))
    history.done(staged, ago(14))
    history.said(patient, ago(14), pain_worst=7)

    assert [each.rule for each in review(patient)] == []


def test_the_command_reviews_every_active_patient(patient, other_patient, clinician, bridge, plan, capsys):
    other = plans.published(other_patient, by=clinician.user, lines=[plans.Line(bridge, "2 x 8")], starts_on=ago(20))
    gone = Patient.objects.get(pk=other_patient.pk)
    gone.discharged_at, gone.discharged_by = NOON, clinician.user
    gone.save()
    days_of(plan, *range(1, 8))
    days_of(other, *range(1, 8))

    call_command("review_plans")

    assert capsys.readouterr().out == "1 proposals open.\n"
    assert Proposal.objects.get().patient == patient


def test_a_patients_answers_are_reviewed_once_they_are_stored(
    patient, plan, patient_client, django_capture_on_commit_callbacks
):
    days_of(plan, *range(2, 8))
    history.done(plan, ago(1))
    history.said(patient, ago(1), pain_before=2, pain_morning=2)
    data = {"day": ago(1).isoformat(), "part": "after", "pain_worst": "1"}

    with django_capture_on_commit_callbacks(execute=True):
        assert patient_client.post(reverse("session_say"), data).status_code == 302

    assert [each.rule for each in Proposal.objects.open()] == ["PROG-3"]


def test_a_review_that_fails_takes_no_answer_from_the_patient(
    patient, plan, patient_client, monkeypatch, django_capture_on_commit_callbacks
):
    def breaks(patient):
        raise RuntimeError

    monkeypatch.setattr(after, "SESSION_SAID", [breaks])
    data = {"day": TODAY.isoformat(), "part": "after", "pain_worst": "1"}

    with django_capture_on_commit_callbacks(execute=True):
        assert patient_client.post(reverse("session_say"), data).status_code == 302

    assert patient.sessions.get().pain_worst == 1


def test_a_review_that_finds_nothing_new_costs_the_same_whatever_the_plan(patient, clinician, bridge):
    plan = plans.published(patient, by=clinician.user, exercises=[bridge], starts_on=ago(5))
    days_of(plan, 1)
    with CaptureQueriesContext(connection) as few:
        review(patient)
    more = [catalogue.exercise(f"more-{n}") for n in range(9)]
    plan = plans.revised(plan, by=clinician.user, lines=[plans.Line(each) for each in [bridge, *more]], on=ago(4))
    days_of(plan, 2, 3, 4)
    with CaptureQueriesContext(connection) as many:
        review(patient)

    assert len(many) == len(few)

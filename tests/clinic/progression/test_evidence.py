"""From rows to what the rules see."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.flare.models import FlareUp
from clinic.models import CheckOff, Easing
from clinic.progression.evidence import Answers, Grid, decision_of, evidence_of
from clinic.progression.rules import Decision
from patients.models import PainLimits, Screening
from patients.tasks.actions import raise_task
from patients.tasks.models import Kind
from tests.clinic.progression.conftest import NOON, TODAY, ago
from tests.factories import catalogue, history, plans

LIMITS = Grid(green_to=2, amber_to=5, raised_from=2)


@pytest.fixture
def plan(patient, clinician, bridge):
    return plans.published(patient, by=clinician.user, lines=[plans.Line(bridge, "2 x 8")], starts_on=ago(40))


def good_days(plan, *days, **more):
    history.done(plan, *[ago(n) for n in days])
    for n in days:
        history.said(plan.patient, ago(n), **{"pain_before": 2, "pain_worst": 2, "pain_morning": 2} | more)


def seen(patient):
    return evidence_of(patient, NOON)


@pytest.mark.parametrize(
    ("worst", "rise", "limits", "decision"),
    [
        (2, 0, LIMITS, Decision.GO),
        (2, None, LIMITS, Decision.HOLD),
        (4, 1, LIMITS, Decision.HOLD),
        (3, 2, LIMITS, Decision.STEP_BACK),
        (1, 2, LIMITS, Decision.STEP_BACK),
        (6, 0, LIMITS, Decision.STOP),
        (6, None, LIMITS, Decision.STOP),
        (4, 0, Grid(2, 3, 2), Decision.STOP),
        (4, 0, Grid(4, 5, 2), Decision.GO),
        (None, 0, LIMITS, None),
    ],
)
def test_grid_of_pain_decisions(worst, rise, limits, decision):
    before, morning = (3, None) if rise is None else (3, 3 + rise)

    assert decision_of(Answers(before, worst, morning), limits) == decision


def test_without_a_plan_in_force_there_is_nothing(patient, clinician, bridge):
    assert seen(patient) is None
    plans.published(patient, by=clinician.user, exercises=[bridge], starts_on=TODAY + timedelta(days=1))
    assert seen(patient) is None


def test_a_good_week_is_seen_as_one(patient, plan):
    good_days(plan, 1, 2, 3, 4, 5, 6, 7)

    it = seen(patient).case.exercises[0]

    assert [each.decision for each in it.practices] == [Decision.GO] * 7
    assert (it.share, it.done, it.asked, it.changed_on) == (1.0, 7, 7, ago(40))


def test_todays_evening_says_nothing_before_the_morning_was_asked(patient, plan):
    good_days(plan, 1, 2, 3)
    good_days(plan, 0, pain_morning=None)

    it = seen(patient).case.exercises[0]

    assert [each.day for each in it.said] == [ago(1), ago(2), ago(3)]


def test_an_answer_that_never_came_is_no_go(patient, plan):
    good_days(plan, 2, 3, pain_morning=None)

    assert [each.decision for each in seen(patient).case.exercises[0].said] == [Decision.HOLD, Decision.HOLD]


def test_ticks_without_answers_are_not_known(patient, plan):
    history.done(plan, ago(2))

    assert [each.decision for each in seen(patient).case.exercises[0].said] == [None]


@pytest.mark.parametrize(("pain", "decision"), [(None, Decision.STOP), (7, Decision.STOP), (4, Decision.HOLD)])
def test_what_was_stopped_on_pain_is_of_that_exercise(patient, plan, pain, decision):
    line = plan.lines.get()
    history.said(patient, ago(1), pain_before=2, pain_worst=2, pain_morning=2)
    history.skipped(line, ago(1), "pain")
    patient.skips.update(pain=pain)

    assert [each.decision for each in seen(patient).case.exercises[0].practices] == [decision]


def test_skips_for_pain_leave_the_count(patient, plan):
    good_days(plan, 1, 2, 3, 4, 5, 6)
    history.skipped(plan.lines.get(), ago(7), "pain")

    assert seen(patient).case.exercises[0].share == 1.0


def test_what_was_not_done_counts(patient, plan):
    good_days(plan, 1, 2, 3, 4)
    history.skipped(plan.lines.get(), ago(5), "time")

    it = seen(patient).case.exercises[0]

    assert (round(it.share, 3), it.done, it.asked) == (0.571, 4, 7)


def test_the_amount_that_was_said_counts(patient, plan):
    good_days(plan, 1)
    CheckOff.objects.filter(set_number=2).update(amount=4)

    it = seen(patient).case.exercises[0]

    assert (it.practices[0].last_set, it.practices[0].least) == (4, 4)
    assert round(it.share, 4) == round(12 / 16 / 7, 4)


def test_sets_that_are_missing_are_not_known(patient, plan):
    history.done(plan, ago(1), sets=1)

    assert (
        seen(patient).case.exercises[0].practices[0].last_set,
        seen(patient).case.exercises[0].practices[0].least,
    ) == (None, None)


def test_days_the_patient_chooses_count_as_a_week(patient, clinician, bridge):
    plan = plans.published(
        patient, by=clinician.user, lines=[plans.Line(bridge, "2 x 8, 3 days/week")], starts_on=ago(40)
    )
    good_days(plan, 1, 3, 5)

    it = seen(patient).case.exercises[0]

    assert (round(it.share, 6), it.done, it.asked) == (1.0, 3, 3)


def test_what_is_done_as_needed_is_neither_progressed_nor_counted(patient, clinician, bridge):
    lines = [plans.Line(bridge, "2 x 8"), plans.Line(catalogue.exercise("squat"), "1 x 8 as needed")]
    plan = plans.published(patient, by=clinician.user, lines=lines, starts_on=ago(40))
    history.done(plan, *[ago(n) for n in range(1, 41)], lines=[0])

    found = seen(patient)

    assert [each.name for each in found.case.exercises] == [bridge.name]
    assert found.share == 1


def test_pauses_ask_for_nothing(patient, clinician, plan):
    good_days(plan, 1, 2, 3)
    plans.paused(plan, by=clinician.user, since=ago(7), until=ago(4))

    it = seen(patient)

    assert (it.case.exercises[0].share, it.case.is_paused) == (1.0, False)


def test_a_change_of_the_dosage_is_dated_through_versions(patient, clinician, bridge, plan):
    thread = plan.lines.get().thread
    same = plans.revised(plan, by=clinician.user, lines=[plans.Line(bridge, "2 x 8", thread=thread)], on=ago(20))
    assert seen(patient).case.exercises[0].changed_on == ago(40)

    plans.revised(same, by=clinician.user, lines=[plans.Line(bridge, "2 x 10", thread=thread)], on=ago(3))
    it = seen(patient)
    assert (it.case.exercises[0].changed_on, it.case.changed_since, it.progressed_on) == (ago(3), 1, ago(3))


def test_what_changed_after_the_last_session_is_counted(patient, clinician, bridge, plan):
    good_days(plan, 4, 5)
    plans.revised(
        plan, by=clinician.user, lines=[plans.Line(bridge, "2 x 10", thread=plan.lines.get().thread)], on=ago(1)
    )

    assert seen(patient).case.changed_since == 1


def test_own_limits_count_before_the_clinics(patient, clinician, plan):
    PainLimits.objects.create(patient=patient, green_to=4, note="Usual pain is 4", set_by=clinician.user)
    good_days(plan, 1, pain_worst=4)

    assert seen(patient).case.exercises[0].practices[0].decision == Decision.GO


def test_the_clinics_thresholds_are_used(patient, plan):
    patient.clinic.thresholds_set = {"green_to": 0}
    good_days(plan, 1)

    assert seen(patient).case.exercises[0].practices[0].decision == Decision.HOLD


def test_flags_flares_tasks_pauses_and_easings_are_seen(patient, clinician, plan):
    it = seen(patient).case
    assert (it.has_flag, it.in_flare, it.has_task, it.is_paused) == (False, False, False, False)

    raise_task(patient=patient, kind=Kind.PROPOSAL, words="Own")
    assert not seen(patient).case.has_task
    raise_task(patient=patient, kind=Kind.PAIN_UP, words="Pain is rising")
    screening = Screening.objects.create(
        patient=patient, occasion="flare", answers={}, rules="1", answered_on=TODAY, answered_at=NOON,
        answered_by=patient.user,
    )  # fmt: skip
    FlareUp.objects.create(
        patient=patient, because="pressed", screening=screening, from_day=TODAY, until_day=TODAY, began_at=NOON,
        began_by=patient.user,
    )  # fmt: skip
    Easing.objects.create(
        patient=patient, thread=plan.lines.get().thread, kind="half", because="stop", from_day=TODAY
    )
    plans.paused(plan, by=clinician.user, since=TODAY)
    patient.flag_level = "B"
    it = seen(patient).case
    assert (it.has_flag, it.in_flare, it.has_task, it.is_paused) == (True, True, True, True)
    assert it.exercises[0].is_eased


def test_an_answer_for_information_is_no_flag(patient, plan):
    patient.flag_level = "D"

    assert not seen(patient).case.has_flag


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((8, 9, 10), (8, ago(8))),
        ((1, 2, 12, 13), (10, ago(12))),
        ((1, 3, 5, 8), (3, ago(8))),
        ((1, 2), None),
        ((), None),
    ],
    ids=["away", "back since yesterday", "regular", "new", "never began"],
)
def test_days_away(patient, plan, days, expected):
    history.done(plan, *[ago(n) for n in days])

    away = seen(patient).away

    assert (away and (away.days, away.last_on)) == expected


def test_a_plan_written_since_is_for_coming_back(patient, clinician, bridge, plan):
    history.done(plan, ago(10))
    plans.revised(plan, by=clinician.user, lines=[plans.Line(bridge, "1 x 8")], on=ago(2))

    assert seen(patient).away is None


def test_an_absence_longer_than_what_is_read_is_known(patient, clinician, bridge):
    plan = plans.published(patient, by=clinician.user, exercises=[bridge], starts_on=ago(90))
    history.done(plan, ago(60))

    assert seen(patient).away.days == 60


def test_the_ladder_is_read_from_the_catalogue(patient, clinician, bridge):
    hard = catalogue.exercise("bridge-march", level=3, sets=2, reps=6, hold_s=None)
    easy = catalogue.exercise("pelvic-tilt", level=1)
    bridge.progression, bridge.regression = hard, easy
    bridge.save()
    plans.published(patient, by=clinician.user, lines=[plans.Line(bridge, "3 x 15")], starts_on=ago(40))

    it = seen(patient).case.exercises[0]

    assert (it.harder.slug, it.harder.dosage.sets, it.easier.slug) == ("bridge-march", 2, "pelvic-tilt")


def test_the_ladder_leads_only_to_what_somebody_vouches_for(patient, clinician, bridge):
    bridge.progression = catalogue.exercise("bridge-march", level=3, review_by=None)
    bridge.regression = catalogue.exercise("pelvic-tilt", level=1, review_by=ago(1))
    bridge.save()
    plans.published(patient, by=clinician.user, lines=[plans.Line(bridge, "3 x 15")], starts_on=ago(40))

    it = seen(patient).case.exercises[0]

    assert (it.harder, it.easier) == (None, None)


def test_as_many_queries_for_one_line_and_a_week_as_for_ten_and_six_weeks(patient, clinician, bridge):
    easy = catalogue.exercise("tilt")
    bridge.regression = easy
    bridge.save()
    plan = plans.published(patient, by=clinician.user, exercises=[bridge], starts_on=ago(7))
    good_days(plan, 1, 2)
    with CaptureQueriesContext(
        connection,
    ) as few:
        seen(patient)

    more = [catalogue.exercise(f"more-{n}", regression=easy) for n in range(9)]
    plan = plans.revised(plan, by=clinician.user, lines=[plans.Line(each) for each in [bridge, *more]], on=ago(6))
    good_days(plan, *range(3, 41))
    with CaptureQueriesContext(connection) as many:
        seen(patient)

    assert len(many) == len(few) == 19

"""What is stored when it hurts, what rests or is halved then, and what the clinician is asked to look at."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from clinic.prescriptions.easings import ease, lift
from clinic.prescriptions.models import Easing
from clinic.today.actions import NotInPlan, say, skip, skip_day
from clinic.today.hurts import MorningPast, report_event, say_morning, stop_on_pain, stopped_on_pain
from clinic.today.models import AdverseEvent, DailyTally, Session, Skip, SkipReason
from patients.audit.models import AuditEvent
from patients.records.pain_limits import set_pain_limits
from patients.tasks.models import Kind, Task
from tests.factories import history

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)  # a Wednesday
DAY = date(2026, 11, 18)


def ago(days):
    return DAY - timedelta(days=days)


@pytest.fixture(autouse=True)
def _at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def me(patient):
    return {"patient": patient, "by": patient.user}


def stop(plan, me, pain=6, line=None, **more):
    return stop_on_pain(**me, day=DAY, line=(line or plan.bridge).uuid, occasion=1, pain=pain, **more)


def task(kind):
    return Task.objects.open().get(kind=kind)


def easings():
    return [(each.kind, each.because, each.from_day) for each in Easing.objects.order_by("pk")]


# It hurts


def test_stop_is_excused_halved_from_the_next_day_and_no_task_yet(plan, me):
    plan.done(number=1)

    stop(plan, me)

    skipped = Skip.objects.get()
    assert (skipped.reason, skipped.pain, skipped.thread) == ("pain", 6, plan.bridge.thread)
    assert DailyTally.objects.get().excused_part == pytest.approx(2 / 3)
    assert easings() == [("half", "stop", DAY + timedelta(days=1))]
    assert not Task.objects.exists()
    audited = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(audited) == ["set.done", "exercise.skipped", "exercise.stopped", "exercise.eased"]


def test_stop_said_twice_is_one_stop(plan, me):
    stop(plan, me, pain=8)
    lines = AuditEvent.objects.count()

    stop(plan, me, pain=8)

    assert (Skip.objects.count(), len(easings()), task(Kind.STOPS).times_raised) == (1, 1, 1)
    assert AuditEvent.objects.count() == lines


def test_second_stop_in_seven_days_is_a_task_due_in_two_working_days(plan, me):
    stop(plan, me)
    stop(plan, me, line=plan.bird_dog)

    raised = task(Kind.STOPS)
    assert raised.words == "2 stops on pain in 7 days (Bird dog)"
    assert raised.due_at == NOW + timedelta(days=2)


def test_stop_of_eight_is_a_task_at_once(plan, me):
    stop(plan, me, pain=8)

    assert task(Kind.STOPS).words == "Pain 8 of 10 on 18 November (Bridge)"


def test_stop_of_more_than_a_week_ago_does_not_count(plan, me):
    history.skipped(plan.bridge, ago(7), "pain")
    Skip.objects.update(pain=6)

    stop(plan, me)

    assert not Task.objects.exists()


def test_slip_is_taken_back_with_what_would_have_followed(plan, me):
    stop(plan, me)
    skip(**me, day=DAY, line=plan.bridge.uuid, occasion=1, reason=None)

    assert not Skip.objects.exists()
    assert not Easing.objects.on(DAY + timedelta(days=1)).exists()
    assert easings() == [("half", "stop", DAY + timedelta(days=1))]


def test_stop_after_a_slip_eases_again(plan, me):
    stop(plan, me)
    skip(**me, day=DAY, line=plan.bridge.uuid, occasion=1, reason=None)
    stop(plan, me)

    assert Easing.objects.on(DAY + timedelta(days=1)).count() == 1


def test_day_taken_back_leaves_what_was_stopped_on_pain(plan, me):
    stop(plan, me)
    skip_day(**me, day=DAY, reason=SkipReason.TIME)
    skip_day(**me, day=DAY, reason=None)

    assert [each.thread for each in Skip.objects.all()] == [plan.bridge.thread]


def test_away_and_lasting_makes_only_the_stopped_exercise_rest(plan, me):
    plan.all_done(plan.bird_dog)

    stop(plan, me, moved="away", away_lasted=True)

    withheld = Easing.objects.get(kind="withheld")
    assert (withheld.thread, withheld.because, withheld.from_day) == (plan.bridge.thread, "away", ago(-1))
    assert task(Kind.AWAY).words == "Symptoms moved away from the spine and stayed on 18 November: Bridge"
    assert Session.objects.get().away_lasted is True


def test_toward_the_spine_rests_nothing(plan, me):
    stop(plan, me, moved="toward")

    assert not Easing.objects.filter(kind="withheld").exists()
    assert not Task.objects.exists()


def test_unknown_line_is_not_stopped(plan, me):
    with pytest.raises(NotInPlan):
        stop_on_pain(**me, day=DAY, line=uuid4(), occasion=1, pain=5)
    assert not Skip.objects.exists()


def test_stopped_says_how_much_and_whether_it_was_more_than_one(plan, me, patient):
    stop(plan, me, pain=8)

    found = stopped_on_pain(patient=patient, thread=plan.bridge.thread, day=DAY, occasion=1)

    assert (found.pain, found.moved_away, [str(each) for each in found.found]) == (8, False, ["severe"])
    assert stopped_on_pain(patient=patient, thread=plan.plank.thread, day=DAY, occasion=1) is None


# A session's answers


def test_ordinary_session_asks_nobody(plan, me):
    say(**me, day=DAY, pain_before=2, pain_worst=4, places=["back"], moved="toward", away_lasted=None, is_numb=False)

    assert not Task.objects.exists()
    assert not Easing.objects.exists()


def test_red_session_and_a_stop_on_another_day_are_two_stops(plan, me, patient):
    history.said(patient, ago(3), pain_worst=7)

    say(**me, day=DAY, pain_worst=6)

    assert task(Kind.STOPS).words == "2 stops on pain in 7 days"


def test_red_session_in_which_an_exercise_was_stopped_is_one_stop(plan, me):
    stop(plan, me)
    say(**me, day=DAY, pain_worst=6)

    assert not Task.objects.exists()


def test_personal_ceiling_decides_what_is_red(plan, me, patient, clinician):
    history.said(patient, ago(3), pain_worst=7)
    set_pain_limits(patient=patient, by=clinician.user, green_to=4, amber_to=7, note="Usual pain 5.")

    say(**me, day=DAY, pain_worst=7)

    assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"pain_before": 7}, "Pain before the exercises was high on 18 November"),
        ({"pain_worst": 8}, "Pain 8 of 10 on 18 November"),
        ({"pain_before": 8}, "Pain 8 of 10 on 18 November; Pain before the exercises was high on 18 November"),
    ],
)
def test_severe_or_high_before_is_a_task(plan, me, said, words):
    say(**me, day=DAY, **said)

    assert task(Kind.STOPS).words == words


def test_same_answers_again_raise_nothing_after_the_task_was_ended(plan, me, clinician):
    say(**me, day=DAY, pain_worst=8)
    Task.objects.update(resolved_at=NOW, resolved_by=clinician.user)

    say(**me, day=DAY, pain_worst=8, comment="Rang you.")

    assert not Task.objects.open().exists()


def test_away_and_lasting_makes_what_was_done_rest(plan, me):
    plan.all_done(plan.bridge)
    plan.done(plan.bird_dog, 1, "left")

    say(**me, day=DAY, pain_worst=1, moved="away", away_lasted=True)

    assert set(Easing.objects.values_list("thread", flat=True)) == {plan.bridge.thread, plan.bird_dog.thread}
    assert set(easings()) == {("withheld", "away", ago(-1))}
    expected = "Symptoms moved away from the spine and stayed on 18 November: Bird dog, Bridge"
    assert task(Kind.AWAY).words == expected


def test_what_was_said_when_it_was_stopped_does_not_make_the_rest_of_the_session_rest(plan, me):
    plan.all_done(plan.bird_dog)
    stop(plan, me, moved="away", away_lasted=True)

    say(**me, day=DAY, pain_worst=5, moved="away", away_lasted=True, is_numb=None)
    say(**me, day=DAY, is_numb=True)

    assert [each.thread for each in Easing.objects.filter(kind="withheld")] == [plan.bridge.thread]
    assert task(Kind.AWAY).words.startswith("New numbness")


def test_away_rests_at_once_what_is_due_again_that_day(twice_a_day, me):
    twice_a_day.all_done(twice_a_day.bridge)
    twice_a_day.all_done(twice_a_day.bird_dog)

    say(**me, day=DAY, moved="away", away_lasted=True)

    rests = dict(Easing.objects.values_list("thread", "from_day"))
    assert rests == {twice_a_day.bridge.thread: DAY, twice_a_day.bird_dog.thread: ago(-1)}


def test_numbness_is_a_task_for_the_same_day(plan, me):
    say(**me, day=DAY, is_numb=True)

    raised = task(Kind.AWAY)
    assert raised.words == "New numbness or weakness reported for 18 November; red-flag check offered"
    assert raised.due_at == NOW + timedelta(hours=8)


def test_rising_median_is_one_task_to_which_repeats_add(plan, me, patient):
    for days in (8, 9, 10):
        history.said(patient, ago(days), pain_worst=2)
    say(**me, day=ago(1), pain_worst=4)
    say(**me, day=DAY, pain_worst=5)

    raised = task(Kind.PAIN_UP)
    assert (raised.words, raised.times_raised) == ("Median worst pain up 2.5 points on the 7 days before", 2)


# The next morning


@pytest.fixture
def yesterday(plan, patient):
    plan.all_done(plan.bridge, day=ago(1))
    session = history.said(patient, ago(1), pain_before=3, pain_worst=2)
    Session.objects.update(said_at=NOW - timedelta(hours=16))
    return session


def morning(me, pain, day=None):
    return say_morning(**me, day=day or ago(1), occasion=1, pain=pain)


def test_morning_is_kept_with_its_session_whose_end_stays(yesterday, me):
    morning(me, 0)
    morning(me, 0)

    yesterday.refresh_from_db()
    assert (yesterday.pain_morning, yesterday.said_at) == (0, NOW - timedelta(hours=16))
    assert AuditEvent.objects.filter(action="morning.said").count() == 1


def test_good_morning_ends_the_halving_of_what_was_done(yesterday, me, plan, patient):
    half = {"kind": Easing.Kind.HALF, "because": Easing.Because.STOP, "from_day": ago(5)}
    ease(patient=patient, by=None, threads=[plan.bridge.thread, plan.plank.thread], **half)

    morning(me, 3)

    assert Easing.objects.on(DAY).get().thread == plan.plank.thread


def test_raised_morning_ends_nothing(yesterday, me, plan, patient):
    half = {"kind": Easing.Kind.HALF, "because": Easing.Because.STOP, "from_day": ago(5)}
    ease(patient=patient, by=None, threads=[plan.bridge.thread], **half)

    morning(me, 5)

    assert Easing.objects.on(DAY).count() == 1


def test_severe_morning_is_a_task(yesterday, me):
    morning(me, 9)

    assert task(Kind.STOPS).words == "Pain 9 of 10 on 17 November"


@pytest.mark.parametrize("hours", [1, 11, 37])
def test_morning_out_of_its_hours_is_refused(yesterday, me, hours):
    Session.objects.update(said_at=NOW - timedelta(hours=hours), day=ago(1) if hours < 30 else ago(2))

    with pytest.raises(MorningPast):
        morning(me, 3, ago(1) if hours < 30 else ago(2))


def test_morning_of_a_day_without_a_session_is_not_there(plan, me):
    with pytest.raises(NotInPlan):
        morning(me, 3)


# Something went wrong


def report(me, key=None, **more):
    values = {"kind": "fall", "severity": "moderate", "happened_on": ago(1), "line": None, "text": "On the mat."}
    return report_event(**me, key=key or uuid4(), **(values | more))


def test_adverse_event_is_kept_for_good_and_a_task_for_the_same_day(plan, me):
    event = report(me, line=plan.bridge)

    raised = task(Kind.ADVERSE)
    assert raised.words == "“I fell”, “It bothers me” on 17 November, Bridge; reported 10:00"
    assert raised.due_at == NOW + timedelta(hours=8)
    with pytest.raises(TypeError):
        event.save()


def test_adverse_event_sent_twice_is_one(plan, me):
    key = uuid4()
    report(me, key)
    report(me, key)

    assert AdverseEvent.objects.count() == 1
    assert task(Kind.ADVERSE).times_raised == 1


def test_key_of_somebody_elses_event_is_not_taken(plan, me, other_patient):
    theirs = report({"patient": other_patient, "by": other_patient.user})
    mine = report(me, theirs.uuid)

    assert mine.patient == me["patient"]
    assert AdverseEvent.objects.count() == 2


# Easings


def test_easing_is_made_once_and_lifted_once(plan, patient, clinician):
    values = {"kind": Easing.Kind.HALF, "because": Easing.Because.STOP, "from_day": DAY}
    made = ease(patient=patient, by=None, threads=[plan.bridge.thread] * 2, **values)
    assert ease(patient=patient, by=None, threads=[plan.bridge.thread], **values) == []
    assert len(made) == 1

    assert lift(easings=made, by=clinician.user, on=DAY) == 1
    assert lift(easings=made, by=clinician.user, on=DAY) == 0
    assert not Easing.objects.on(DAY).exists()
    assert Easing.objects.get().lifted_by == clinician.user

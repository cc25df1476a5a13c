from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction

from clinic.today.actions import DayClosed, NotInPlan, look_at_own_plan, note_seen, say, skip, skip_day
from clinic.today.models import CheckOff, DailyTally, Session, Skip, SkipReason
from patients.audit.models import AuditEvent
from tests.factories import plans

pytestmark = pytest.mark.django_db


def ticks():
    return sorted(CheckOff.objects.values_list("occasion", "set_number", "side"))


def audited():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_set_done_is_kept_with_its_tally_and_audit_line(plan):
    plan.done(number=2)

    tick = CheckOff.objects.get()
    assert (tick.patient, tick.day, tick.thread, tick.occasion, tick.set_number, tick.side, tick.line) == (
        plan.patient, plan.day, plan.bridge.thread, 1, 2, "both", plan.bridge,
    )  # fmt: skip
    assert tick.done_by == plan.patient.user
    tally = DailyTally.objects.get()
    assert (tally.day, tally.planned_slots, tally.touched_slots) == (plan.day, 3, 1)
    assert tally.done == pytest.approx(1 / 3)
    assert audited() == ["set.done"]


def test_audit_line_names_the_line_and_counts_but_says_nothing_of_health(plan):
    plan.all_done(plan.bird_dog)

    line = AuditEvent.objects.get()
    assert (line.actor, line.role, line.patient) == (str(plan.patient.user.pk), "patient", str(plan.patient.uuid))
    assert line.subject == f"line:{plan.bird_dog.uuid}"
    assert line.detail == {"day": plan.day.isoformat(), "occasion": 1, "sets": 4}


def test_set_done_twice_is_one_tick_and_one_audit_line(plan):
    plan.done()
    plan.done()

    assert ticks() == [(1, 1, "both")]
    assert audited() == ["set.done"]


def test_set_undone_twice_is_undone_once(plan):
    plan.done()
    plan.done(done=False)
    plan.done(done=False)

    assert ticks() == []
    assert audited() == ["set.done", "set.undone"]


def test_day_without_tick_and_skip_has_no_tally(plan):
    plan.done()
    plan.done(done=False)

    assert not DailyTally.objects.exists()


def test_all_done_ticks_what_is_left_and_undoing_it_takes_all_back(plan):
    plan.done(plan.bird_dog, 1, "left")

    plan.all_done(plan.bird_dog)
    assert ticks() == [(1, 1, "left"), (1, 1, "right"), (1, 2, "left"), (1, 2, "right")]

    plan.all_done(plan.bird_dog, done=False)
    assert ticks() == []


def test_both_sides_count(plan):
    plan.done(plan.bird_dog, 1, "left")
    plan.done(plan.bird_dog, 2, "left")

    assert DailyTally.objects.get().done == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("line", "number", "side", "occasion"),
    [
        ("bridge", 4, "both", 1),
        ("bridge", 1, "left", 1),
        ("bird_dog", 1, "both", 1),
        ("bridge", 1, "both", 2),
        ("bridge", 1, "both", 0),
    ],
)
def test_set_that_the_line_does_not_have_is_refused(plan, line, number, side, occasion):
    with pytest.raises(NotInPlan):
        plan.done(getattr(plan, line), number, side, occasion=occasion)

    assert ticks() == []
    assert audited() == []


def test_unknown_line_is_refused(plan):
    plan.bridge.uuid = uuid4()

    with pytest.raises(NotInPlan):
        plan.done()


def test_another_patients_line_is_refused(plan, other_patient):
    with pytest.raises(NotInPlan):
        plan.done(by=other_patient.user)


def test_line_of_a_draft_is_refused(plan):
    plan.prescription.published_at = plan.prescription.published_by = None
    plan.prescription.save()

    with pytest.raises(NotInPlan):
        plan.done()


def test_line_is_refused_for_a_day_before_its_plan(patient, clinician, exercises):
    made = plans.published(patient, by=clinician.user, exercises=[exercises["bridge"]], starts_on=patient.local_day())
    line = made.lines.get()

    with pytest.raises(NotInPlan):
        skip(
            patient=patient, by=patient.user, day=patient.local_day() - timedelta(days=1), line=line.uuid, occasion=1,
            reason=SkipReason.TIME,
        )  # fmt: skip


@pytest.mark.parametrize("days", [0, 1, 7])
def test_day_may_be_filled_in_for_a_week(plan, days):
    plan.done(day=plan.day - timedelta(days=days))

    assert CheckOff.objects.get().day == plan.day - timedelta(days=days)


@pytest.mark.parametrize("days", [-1, 8, 400])
def test_day_to_come_or_long_past_is_closed(plan, days):
    with pytest.raises(DayClosed):
        plan.done(day=plan.day - timedelta(days=days))

    assert ticks() == []


# The patient's own day


def test_today_is_the_patients_own_day(plan):
    plan.patient.time_zone = "Pacific/Auckland"
    plan.patient.save()

    with time_machine.travel(datetime(2026, 5, 13, 13, 0, tzinfo=UTC), tick=False):  # 1 a.m. on the 14th there
        plan.prescription.starts_on = date(2026, 5, 1)
        plan.prescription.save()
        plan.done()

    assert CheckOff.objects.get().day == date(2026, 5, 14)


def test_tick_sent_after_midnight_counts_for_the_day_its_page_shows(plan):
    plan.prescription.starts_on = date(2026, 3, 1)
    plan.prescription.save()
    with time_machine.travel(datetime(2026, 3, 28, 23, 59, tzinfo=UTC), tick=False):
        evening = plan.day
    with time_machine.travel(datetime(2026, 3, 29, 0, 1, tzinfo=UTC), tick=False):  # the clocks change that night
        plan.done(day=evening)

    assert CheckOff.objects.get().day == date(2026, 3, 28)


def test_seventh_day_back_closes_at_the_patients_midnight(plan):
    plan.prescription.starts_on = date(2026, 1, 1)
    plan.prescription.save()
    with time_machine.travel(datetime(2026, 5, 20, 22, 59, tzinfo=UTC), tick=False):  # 23:59 in London
        plan.done(day=date(2026, 5, 13))
    with time_machine.travel(datetime(2026, 5, 20, 23, 1, tzinfo=UTC), tick=False), pytest.raises(DayClosed):
        plan.done(day=date(2026, 5, 13), number=2)

    assert ticks() == [(1, 1, "both")]


# The plan moves on


def test_tick_from_a_page_of_the_replaced_version_is_kept_against_that_version(plan, clinician, exercises):
    new = plans.revised(
        plan.prescription,
        by=clinician.user,
        lines=[plans.Line(exercises["bridge"], "3 x 12", thread=plan.bridge.thread)],
        on=plan.day,
    )

    outcome = plan.done(plan.bridge, 2)

    assert outcome.stale
    assert CheckOff.objects.get().line == plan.bridge
    assert [line.uuid for line in outcome.lines] == [new.lines.get().uuid]
    assert DailyTally.objects.get().done == pytest.approx(1 / 3)


def test_tick_of_an_exercise_that_the_new_version_dropped_is_kept_and_counts_nothing(plan, clinician, exercises):
    plans.revised(
        plan.prescription, by=clinician.user, lines=[plans.Line(exercises["bird-dog"], "2 x 6")], on=plan.day
    )

    plan.done(plan.bridge)

    assert CheckOff.objects.count() == 1
    assert DailyTally.objects.get().done == 0


def test_ticks_of_a_thread_count_on_in_the_new_version(plan, clinician, exercises):
    plan.done(number=1)
    new = plans.revised(
        plan.prescription,
        by=clinician.user,
        lines=[plans.Line(exercises["bridge"], "2 x 10", thread=plan.bridge.thread)],
        on=plan.day,
    )

    plan.done(new.lines.get(), 2)

    assert DailyTally.objects.get().done == 1


def test_paused_plan_excuses_its_slots(plan, clinician):
    plans.paused(plan.prescription, by=clinician.user, since=plan.day)

    plan.done()

    tally = DailyTally.objects.get()
    assert (tally.planned_slots, tally.excused_slots) == (3, 2)


# Couldn't today


def test_skip_is_kept_and_taken_back(plan):
    def say_so(reason):
        skip(
            patient=plan.patient, by=plan.patient.user, day=plan.day, line=plan.bridge.uuid, occasion=1, reason=reason
        )

    say_so(SkipReason.TIME)
    say_so(SkipReason.TIME)
    assert Skip.objects.get().reason == "time"
    assert DailyTally.objects.get().excused_slots == 0

    say_so(SkipReason.PAIN)
    assert Skip.objects.get().reason == "pain"
    assert DailyTally.objects.get().excused_slots == 1

    say_so(None)
    say_so(None)
    assert not Skip.objects.exists()
    assert not DailyTally.objects.exists()
    assert audited() == ["exercise.skipped", "exercise.skipped", "exercise.unskipped"]


def test_stopping_on_pain_keeps_the_sets_and_costs_nothing(plan):
    plan.done()

    skip(
        patient=plan.patient, by=plan.patient.user, day=plan.day, line=plan.bridge.uuid, occasion=1,
        reason=SkipReason.PAIN,
    )  # fmt: skip

    tally = DailyTally.objects.get()
    assert tally.done == pytest.approx(1 / 3)
    assert tally.excused_part == pytest.approx(2 / 3)


def test_whole_day_skips_what_is_open_and_can_be_taken_back(plan):
    plan.all_done()

    skip_day(patient=plan.patient, by=plan.patient.user, day=plan.day, reason=SkipReason.UNWELL)
    assert set(Skip.objects.values_list("thread", "reason")) == {
        (plan.bird_dog.thread, "unwell"),
        (plan.plank.thread, "unwell"),
    }
    assert DailyTally.objects.get().excused_slots == 2

    skip_day(patient=plan.patient, by=plan.patient.user, day=plan.day, reason=None)
    assert not Skip.objects.exists()
    assert DailyTally.objects.get().excused_slots == 0


# How it went


def test_zero_pain_is_an_answer_and_blank_is_none(plan):
    say(patient=plan.patient, by=plan.patient.user, day=plan.day, pain_before=0)
    say(patient=plan.patient, by=plan.patient.user, day=plan.day, pain_worst=None, effort=4, comment="Fine")

    said = Session.objects.get()
    assert (said.pain_before, said.pain_worst, said.effort, said.comment) == (0, None, 4, "Fine")
    assert AuditEvent.objects.last().detail == {
        "day": plan.day.isoformat(), "occasion": 1, "fields": ["comment", "effort", "pain_worst"],
    }  # fmt: skip


def test_answers_of_a_closed_day_are_refused(plan):
    with pytest.raises(DayClosed):
        say(patient=plan.patient, by=plan.patient.user, day=plan.day - timedelta(days=8), effort=1)


def test_pain_above_10_is_refused_by_the_database(plan):
    with pytest.raises(IntegrityError), transaction.atomic():
        say(patient=plan.patient, by=plan.patient.user, day=plan.day, pain_worst=11)


# Reading


def test_own_reading_is_audited_once_a_local_day(plan):
    for _ in range(2):
        look_at_own_plan(patient=plan.patient, by=plan.patient.user, today=plan.day)
        plan.patient.refresh_from_db()
    look_at_own_plan(patient=plan.patient, by=plan.patient.user, today=plan.day + timedelta(days=1))

    assert audited() == ["plan.viewed", "plan.viewed"]


def test_two_devices_looking_at_once_are_audited_once(plan):
    same, again = plan.patient, type(plan.patient).objects.get(pk=plan.patient.pk)

    look_at_own_plan(patient=same, by=same.user, today=plan.day)
    look_at_own_plan(patient=again, by=same.user, today=plan.day)

    assert audited() == ["plan.viewed"]


def test_change_is_noted_as_seen_once_and_only_by_its_patient(plan, other_patient):
    note_seen(patient=other_patient, by=other_patient.user, prescription=plan.prescription.uuid)
    plan.prescription.refresh_from_db()
    assert plan.prescription.seen_at is None

    for _ in range(2):
        note_seen(patient=plan.patient, by=plan.patient.user, prescription=plan.prescription.uuid)
    plan.prescription.refresh_from_db()
    assert plan.prescription.seen_at is not None
    assert audited() == ["plan.change_seen"]

"""What a phone tapped without a network, and what becomes of it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from clinic.offline.models import LateTap
from clinic.prescriptions.models import Easing
from clinic.today.actions import say
from clinic.today.models import CheckOff, DailyTally, Session, Skip
from patients.audit.models import AuditEvent
from patients.models import Task
from patients.team.transfers import transfer
from tests.conftest import signed_in
from tests.factories import checks, people, plans

pytestmark = pytest.mark.django_db

DONE = [("done", "")]


def test_tick_from_the_queue_is_stored_at_the_instant_of_the_tap(device, plan):
    event = device.tick("1.both.1", minutes_ago=90)

    assert device.answers() == DONE

    tick = CheckOff.objects.get()
    assert (tick.set_number, tick.line, tick.day) == (1, plan.bridge, plan.day)
    assert tick.done_at == datetime.fromisoformat(event["at"])
    assert DailyTally.objects.get().touched_slots == 1
    line = AuditEvent.objects.get(action="set.done")
    assert datetime.fromisoformat(line.detail["tapped_at"]) == tick.done_at


def test_every_kind_of_tap_is_taken_in(device, plan):
    device.tick("all.1")
    device.tap("skip", skip=f"{plan.plank.uuid}.1.time")
    device.tap("sets_counted", line=str(plan.bird_dog.uuid), round="1", **{"n.1.left": "4", "n.2.left": ""})
    device.tap("session_say", part="before", round="1", pain_before="2")
    device.tap(
        "session_say", part="after", round="1", pain_worst="3", effort="4", comment="Went well 👍",
        places=["buttock", "back"], moved="", away_lasted="", is_numb="",
    )  # fmt: skip

    assert device.answers() == DONE * 5

    assert CheckOff.objects.filter(thread=plan.bridge.thread).count() == 3
    assert Skip.objects.get().reason == "time"
    counted = CheckOff.objects.get(thread=plan.bird_dog.thread)
    assert (counted.side, counted.amount) == ("left", 4)
    said = Session.objects.get()
    assert (said.pain_before, said.pain_worst, said.effort, said.comment) == (2, 3, 4, "Went well 👍")
    assert said.places == ["back", "buttock"]


def test_it_hurts_eases_the_exercise_and_can_be_taken_back(device, plan):
    device.tap("hurts", line=str(plan.bridge.uuid), round="1", pain="8", moved="away", away_lasted="no")
    assert device.answers() == DONE
    skip = Skip.objects.get()
    assert (skip.reason, skip.pain) == ("pain", 8)
    assert Easing.objects.get().thread == plan.bridge.thread
    assert Session.objects.get().moved == "away"
    assert Task.objects.exists()

    device.tap("skip", skip=f"{plan.bridge.uuid}.1.", minutes_ago=5)
    assert device.answers() == [("known", ""), ("done", "")]
    assert not Skip.objects.exists()


def test_morning_after_counts_for_the_hour_of_the_tap(device, plan):
    with time_machine.travel(datetime(2026, 5, 20, 17, tzinfo=UTC), tick=False):
        say(patient=plan.patient, by=plan.patient.user, day=plan.day, pain_worst=3)
        yesterday = plan.day.isoformat()
    with time_machine.travel(datetime(2026, 5, 23, 9, tzinfo=UTC), tick=False):
        device.tap("morning_say", at=datetime(2026, 5, 21, 8, tzinfo=UTC), day=yesterday, round="1", pain_morning="4")
        assert device.answers() == DONE

    assert Session.objects.get().pain_morning == 4


def test_answer_that_was_lost_is_answered_again_and_stored_once(device):
    device.tick("1.both.1")

    assert device.answers() == DONE
    assert device.answers() == [("known", "")]

    assert CheckOff.objects.count() == LateTap.objects.count() == 1
    assert AuditEvent.objects.filter(action="set.done").count() == 1


def test_same_key_twice_in_one_batch_counts_once(device):
    event = device.tick("1.both.1")

    assert device.answers([event, event]) == [("done", ""), ("known", "")]


def test_same_key_with_another_body_is_refused_and_the_first_stands(device):
    event = device.tick("1.both.1")
    device.answers()
    other = event | {"said": event["said"] | {"tick": event["said"]["tick"][:-1] + "0"}}

    assert device.answers([other]) == [("refused", "Something else came with the same key before. That one stays.")]

    assert CheckOff.objects.count() == 1


def test_key_of_another_patient_leaves_no_trace(device, other_patient, other_patient_client):
    event = device.tick("1.both.1")
    device.answers()
    stolen = device.answers([event], client=other_patient_client, owner=other_patient.device_key)

    assert stolen == [("refused", "This is not in your plan for that day.")]
    assert not CheckOff.objects.filter(patient=other_patient).exists()
    assert not AuditEvent.objects.filter(patient=other_patient.uuid).exclude(action="plan.viewed").exists()
    assert CheckOff.objects.count() == 1


def test_nothing_goes_out_under_another_persons_name(device, other_patient_client):
    device.tick("1.both.1")

    response = device.send(client=other_patient_client)

    assert response.status_code == 409
    assert not LateTap.objects.exists() and not CheckOff.objects.exists()


def test_plan_revised_meanwhile_keeps_the_tap_with_the_plan_that_was_seen(device, plan, clinician, exercises):
    device.tick("1.both.1")
    device.tap("skip", skip=f"{plan.plank.uuid}.1.time")
    lines = [plans.Line(exercises["bridge"], "2 x 8", thread=plan.bridge.thread)]
    plans.revised(plan.prescription, by=clinician.user, lines=lines, on=plan.day)

    changed = ("done", "Your plan has changed since. This is kept with the plan you saw.")
    assert device.answers() == [changed, changed]

    assert CheckOff.objects.get().line == plan.bridge
    assert Skip.objects.get().line == plan.plank


def test_plan_ended_meanwhile_keeps_the_tap(device, plan, clinician):
    device.tick("1.both.1")
    plans.ended(plan.prescription, by=clinician.user, on=plan.day)

    assert [answer for answer, _ in device.answers()] == ["done"]
    assert CheckOff.objects.get().line == plan.bridge


def test_same_tick_on_two_devices_is_one_tick(device, plan):
    plan.done(number=1)
    device.tick("1.both.1")

    assert device.answers() == DONE
    assert CheckOff.objects.count() == 1


def test_what_another_device_took_back_later_stays_taken_back(device, plan, patient_client):
    device.tick("1.both.1", minutes_ago=10)
    plan.done(number=1)
    plan.done(number=1, done=False)

    assert device.answers() == [("done", "You tapped something else for it later. That counts.")]
    assert not CheckOff.objects.exists()


def test_what_another_device_answered_later_stays_and_the_older_words_are_kept(device, plan):
    device.tap("session_say", part="after", round="1", pain_worst="7", effort="", comment="It was bad")
    say(patient=plan.patient, by=plan.patient.user, day=plan.day, pain_worst=2, effort=None, comment="")

    assert device.answers() == [("done", "You tapped something else for it later. That counts.")]

    assert Session.objects.get().pain_worst == 2
    assert LateTap.objects.get().said["comment"] == ["It was bad"]


def test_answer_that_nobody_gave_again_is_taken_in_beside_later_ones(device, plan):
    device.tap("session_say", part="before", round="1", pain_before="4")
    say(patient=plan.patient, by=plan.patient.user, day=plan.day, pain_worst=2)

    assert device.answers() == DONE
    said = Session.objects.get()
    assert (said.pain_before, said.pain_worst) == (4, 2)


def test_thirty_days_later_everything_is_taken_in_as_it_was_tapped(device, plan):
    with time_machine.travel(timezone.now() - timedelta(days=30), tick=False):
        plan.prescription.starts_on = plan.day - timedelta(days=7)
        plan.prescription.save()
        on = plan.day
        event = device.tick("1.both.1")
        device.tap("session_say", part="after", round="1", pain_worst="1", effort="", comment="Lake house")

    assert device.answers() == DONE * 2

    tick = CheckOff.objects.get()
    assert (tick.day, tick.done_at) == (on, datetime.fromisoformat(event["at"]))
    said = Session.objects.get()
    assert said.comment == "Lake house"
    assert said.said_at == tick.done_at


def test_day_that_was_closed_at_the_tap_is_refused_for_good_and_kept(device, plan):
    day = plan.day - timedelta(days=9)
    device.tick("1.both.1", day=day.isoformat(), minutes_ago=1)

    ((answer, words),) = device.answers()
    assert answer == "refused"
    assert "more than a week ago" in words
    assert device.answers() == [(answer, words)]
    assert LateTap.objects.get().refusal == words
    assert not CheckOff.objects.exists()


def test_day_to_come_is_refused(device, plan):
    device.tick("1.both.1", day=(plan.day + timedelta(days=1)).isoformat())

    assert "still to come" in device.answers()[0][1]


@pytest.mark.parametrize("off", [timedelta(hours=1), timedelta(days=-1), timedelta(days=3650), timedelta(days=-3650)])
def test_wrong_clock_is_marked_and_put_right(device, off):
    now = timezone.now()
    device.tick("1.both.1", at=now - timedelta(minutes=10) + off)

    assert device.answers(sent_at=now + off) == DONE

    tap, tick = LateTap.objects.get(), CheckOff.objects.get()
    assert tap.is_skewed
    assert abs(tick.done_at - (now - timedelta(minutes=10))) < timedelta(seconds=30)
    assert tap.claimed_at == now - timedelta(minutes=10) + off


def test_clock_that_was_put_right_between_tap_and_sending_loses_nothing(device, plan):
    device.tick("1.both.1", at=timezone.now() - timedelta(days=3650))
    device.tick("2.both.1", at=timezone.now() + timedelta(days=400))

    assert device.answers() == DONE * 2

    assert CheckOff.objects.count() == 2
    assert {tap.is_skewed for tap in LateTap.objects.all()} == {True}
    for tick in CheckOff.objects.all():
        assert plan.patient.local_day(tick.done_at) == plan.day


def test_tap_before_midnight_counts_for_its_own_day(device, plan):
    with time_machine.travel(datetime(2026, 5, 20, 22, 59, 50, tzinfo=UTC), tick=False):
        plan.prescription.starts_on = plan.day
        plan.prescription.save()
        day = plan.day
        device.tick("1.both.1", minutes_ago=0)
    with time_machine.travel(datetime(2026, 5, 20, 23, 0, 20, tzinfo=UTC), tick=False):
        assert plan.day == day + timedelta(days=1)
        assert device.answers() == DONE

    assert CheckOff.objects.get().day == day


@pytest.mark.parametrize("question", ["RF02", "RF13"])
def test_what_was_done_before_a_stop_is_taken_in_and_the_page_is_told(device, patient, question):
    device.tick("1.both.1")
    checks.flagged(patient, **{question: "yes"})

    response = device.send()

    assert response.json()["stopped"] is True
    assert response.json()["answers"][0]["answer"] == "done"
    assert CheckOff.objects.count() == 1
    assert "Bridge" not in response.content.decode()


def test_check_that_is_due_holds_back_no_facts(device, patient):
    device.tick("1.both.1")
    patient.checked_on = None
    patient.save()

    assert device.answers() == DONE


def test_exercise_that_rests_meanwhile_was_done_all_the_same(device, plan):
    device.tick("1.both.1")
    Easing.objects.create(
        patient=plan.patient, thread=plan.bridge.thread, kind=Easing.Kind.WITHHELD, because=Easing.Because.AWAY,
        from_day=plan.day, words="x", 
    )  # fmt: skip

    assert device.answers() == DONE
    assert CheckOff.objects.count() == 1


def test_one_tap_that_cannot_be_taken_in_holds_up_no_other(device):
    device.tick("1.both.1")
    device.tap("check", tick="nonsense")
    device.tap("session_say", part="after", round="1", pain_worst="11", effort="", comment="kept")
    device.tick("9.both.1")
    device.waiting.append({"key": "no key", "kind": "check"})
    device.tick("2.both.1")

    answers = device.answers()

    assert sorted(answer for answer, _ in answers) == ["done", "done", "refused", "refused", "refused", "refused"]
    assert ("refused", "A whole number from 0 to 10, or leave it empty.") in answers
    assert CheckOff.objects.count() == 2
    assert LateTap.objects.exclude(refusal="").count() == 3


@pytest.mark.parametrize("comment", ["a\0b", "\ud800", "x" * 5000])
def test_text_that_no_database_keeps_is_refused_in_words(device, comment):
    device.tap("session_say", part="after", round="1", pain_worst="1", effort="", comment=comment)

    assert device.answers() == [("refused", "That did not reach us in one piece.")]


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", "[" * 1500, '{"events": 3}', '{"events": "x"}', "\xff", '{"events": [' + "{}," * 100 + "{}]}"],
)
def test_what_is_no_batch_is_refused(patient_client, body):
    response = patient_client.post("/today/sync/", body, content_type="application/json")

    assert response.status_code == 400


def test_batch_that_is_too_large_is_refused(patient_client):
    response = patient_client.post("/today/sync/", "x" * 500_000, content_type="application/json")

    assert response.status_code == 413


def test_batches_have_a_limit(device):
    device.tick("1.both.1")
    for _ in range(30):
        assert device.send([]).status_code == 200

    response = device.send()

    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert not CheckOff.objects.exists()


def test_batch_needs_its_token_and_a_sign_in(plan, patient):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(patient.user)
    assert strict.post("/today/sync/", "{}", content_type="application/json").status_code == 403
    signed_out = Client().post("/today/sync/", "{}", content_type="application/json", headers={"HX-Request": "true"})
    assert signed_out.status_code == 401


def test_flexible_day_can_be_left_out_and_taken_back(device, plan):
    device.tick("all.1", minutes_ago=20)
    device.tap("skip", skip="day.time", minutes_ago=10)

    assert device.answers() == DONE * 2
    assert set(Skip.objects.values_list("thread", flat=True)) == {plan.bird_dog.thread, plan.plank.thread}

    device.tap("skip", skip="day.", minutes_ago=5)
    device.answers()
    assert not Skip.objects.exists()


def test_break_at_the_desk_counts_for_its_prompt(device, plan):
    device.tick("all.1", plan.shrug)

    assert device.answers() == DONE
    assert CheckOff.objects.get().thread == plan.shrug.thread


def test_taps_of_a_stranger_to_the_clinic_are_their_own(spine_ina, plan, device):
    stranger = people.patient(spine_ina, "Ann", "Other")
    client = signed_in(stranger.user)

    assert device.send(client=client).status_code == 409


def test_taps_of_a_patient_who_moved_to_another_clinic_meanwhile_land_once(
    device, plan, clinician, foreign_clinician, other_clinic
):
    device.tick("1.both.1")
    agreed = {"agreed_how": "spoken", "agreed_on": plan.day}
    transfer(patient=plan.patient, by=clinician.user, to=other_clinic, **agreed)

    assert [device.answers(), device.answers()] == [DONE, [("known", "")]]
    assert CheckOff.objects.visible_to(foreign_clinician.user).count() == CheckOff.objects.count() == 1
    assert not CheckOff.objects.visible_to(clinician.user).exists()

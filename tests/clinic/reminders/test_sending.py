"""What leaves, when, and never twice."""

import smtplib
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from clinic.reminders import push, sending
from clinic.reminders.mail import Outcome, Postman
from clinic.reminders.models import Reminder, Sending
from clinic.reminders.rules import State
from clinic.reminders.sending import failures, send_due
from clinic.today.models import BreakRhythm, Skip
from patients.models import AuditEvent
from tests.clinic.reminders.conftest import MORNING, device_of, remind
from tests.factories import catalogue, checks, history, people, plans

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def states():
    return list(Sending.objects.order_by("pk").values_list("state", flat=True))


def test_reminder_says_nothing_of_health_and_how_to_stop_it(live, patient, morning):
    reminder = remind(patient)

    assert send_due(morning) == Counter({"sent": 1})

    [letter] = mail.outbox
    stop = f"https://portal.example.org/reminders/stop/{reminder.stop_token}/"
    assert letter.to == [patient.user.email]
    assert letter.extra_headers["List-Unsubscribe"] == f"<{stop}>"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in letter.body and "https://portal.example.org/today/" in letter.body
    said = f"{letter.subject} {letter.body}".lower()
    assert not [word for word in ("bridge", "exercise", "back", "pain", "plan", "ellis") if word in said]
    assert len(reminder.stop_token) >= 32


def test_second_run_sends_nothing(live, patient, morning):
    remind(patient)

    for minutes in (0, 0, 5, 600):
        send_due(morning + minutes * MINUTE)

    assert len(mail.outbox) == 1


def test_next_day_has_its_own_and_a_stand_still_of_days_no_flood(live, patient, morning, time_machine):
    remind(patient)
    send_due(morning)

    time_machine.shift(timedelta(days=4))
    send_due(morning + timedelta(days=4))

    assert len(mail.outbox) == 2


def not_started(patient, live, clinician):
    live.starts_on = patient.local_day() + timedelta(days=1)
    live.save()


def all_ticked(patient, live, clinician):
    history.done(live, patient.local_day())


def said_cannot(patient, live, clinician):
    history.skipped(live.lines.get(), patient.local_day(), "time")


def paused(patient, live, clinician):
    plans.paused(live, by=clinician.user, since=patient.local_day())


def ended(patient, live, clinician):
    plans.ended(live, by=clinician.user, on=patient.local_day())


def stopped_by_the_check(patient, live, clinician):
    checks.flagged(patient, RF02="yes")


@pytest.mark.parametrize("why", [not_started, all_ticked, said_cannot, paused, ended, stopped_by_the_check])
def test_nothing_is_sent_where_today_has_nothing_to_do(why, live, patient, clinician, morning):
    remind(patient)
    why(patient, live, clinician)

    send_due(morning)
    Skip.objects.all().delete()
    send_due(morning + 5 * MINUTE)

    assert mail.outbox == []
    assert states() == ["not-needed"]


def discharged(patient, clinician):
    patient.discharged_at, patient.discharged_by = MORNING, clinician.user
    patient.save()


def may_not_sign_in(patient, clinician):
    patient.user.is_active = False
    patient.user.save()


def has_no_sign_in(patient, clinician):
    patient.user = None
    patient.save()


@pytest.mark.parametrize("why", [discharged, may_not_sign_in, has_no_sign_in])
def test_whoever_is_no_patient_with_a_sign_in_hears_nothing(why, live, patient, clinician, morning):
    remind(patient)
    why(patient, clinician)

    send_due(morning)

    assert (mail.outbox, states()) == ([], [])


def test_half_done_day_is_reminded_of(live, patient, morning):
    remind(patient)
    history.done(live, patient.local_day(), sets=1)

    send_due(morning)

    assert len(mail.outbox) == 1


def test_days_of_the_patients_choice_are_due_until_the_week_is_full(patient, clinician, morning):
    line = plans.Line(catalogue.exercise("walk"), "1 x 10, 2 days/week")
    live = plans.published(patient, by=clinician.user, lines=[line])
    remind(patient)
    history.done(live, *(patient.local_day() - timedelta(days=n) for n in (1, 2)))

    send_due(morning)

    assert states() == ["not-needed"]


class Killed(BaseException):
    """As SIGKILL: nothing after it runs."""


def killed(*args, **kwargs):
    raise Killed


def test_sender_killed_between_claim_and_sending_sends_nothing_twice(live, patient, morning, monkeypatch):
    remind(patient)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Postman, "deliver", killed)
        send_due(morning)
    assert states() == ["claimed"]

    for minutes in (1, 9, 11, 300):
        send_due(morning + minutes * MINUTE)

    assert mail.outbox == []
    assert (states(), Sending.objects.get().fault) == (["unknown"], "sender killed")


def test_sender_killed_after_sending_and_before_noting_it_sends_nothing_twice(live, patient, morning, monkeypatch):
    remind(patient)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Sending, "save", killed_on_update(Sending.save))
        send_due(morning)
    assert (len(mail.outbox), states()) == (1, ["claimed"])

    for minutes in (1, 9, 11, 300):
        send_due(morning + minutes * MINUTE)

    assert (len(mail.outbox), states()) == (1, ["unknown"])


def killed_on_update(save):
    def saved(self, *args, **kwargs):
        if self.pk:
            raise Killed
        return save(self, *args, **kwargs)

    return saved


def test_whoever_comes_second_at_the_same_moment_gets_no_claim(live, patient, morning, monkeypatch):
    reminder = remind(patient)
    first = sending._claim

    def beaten(*args, **kwargs):
        assert first(*args, **kwargs)
        return first(*args, **kwargs)

    monkeypatch.setattr(sending, "_claim", beaten)

    assert send_due(morning) == Counter({"taken by another": 1})
    assert (mail.outbox, Sending.objects.count()) == ([], 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sending.objects.create(
            patient=reminder.patient, day=morning.date(), kind="session", way="push", state="claimed",
            begun_at=morning, claimed_at=morning,
        )  # fmt: skip


def refusing(error):
    def send_messages(self, messages):
        raise error

    return send_messages


LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
BUSY = smtplib.SMTPDataError(451, b"Try again, Margaret")
UNKNOWN_PERSON = smtplib.SMTPRecipientsRefused({"margaret@x.example": (550, b"no such user margaret")})


def test_refused_for_now_is_tried_again_in_growing_pauses(live, patient, morning, monkeypatch):
    remind(patient)
    with monkeypatch.context() as patch:
        patch.setattr(f"{LOCMEM}.send_messages", refusing(BUSY))
        assert send_due(morning) == Counter({"waiting": 1})
        assert send_due(morning + 4 * MINUTE) == Counter()
        assert send_due(morning + 6 * MINUTE) == Counter({"waiting": 1})

    row = Sending.objects.get()
    assert (row.tries, row.fault) == (2, "SMTPDataError 451")
    assert send_due(morning + 20 * MINUTE) == Counter()
    assert send_due(morning + 22 * MINUTE) == Counter({"sent": 1})
    assert len(mail.outbox) == 1


def test_what_could_not_be_sent_is_not_sent_the_day_after(live, patient, morning, monkeypatch, time_machine):
    remind(patient, weekdays=[2])
    with monkeypatch.context() as patch:
        patch.setattr(f"{LOCMEM}.send_messages", refusing(BUSY))
        send_due(morning)

    send_due(morning + timedelta(hours=25))

    assert (mail.outbox, states()) == ([], ["dropped"])


def test_whoever_is_done_meanwhile_is_not_reminded_any_more(live, patient, morning, monkeypatch):
    remind(patient)
    with monkeypatch.context() as patch:
        patch.setattr(f"{LOCMEM}.send_messages", refusing(BUSY))
        send_due(morning)
    all_ticked(patient, live, None)

    send_due(morning + 6 * MINUTE)

    assert (mail.outbox, states()) == ([], ["not-needed"])


def test_refused_for_good_is_dropped_and_its_fault_names_nobody(live, patient, morning, monkeypatch):
    remind(patient)
    monkeypatch.setattr(f"{LOCMEM}.send_messages", refusing(UNKNOWN_PERSON))

    send_due(morning)

    row = Sending.objects.get()
    assert (row.state, row.fault) == ("dropped", "SMTPRecipientsRefused 550")
    assert failures(morning) == "1 failed in 24 hours: 1 SMTPRecipientsRefused 550."


@pytest.mark.parametrize("error", [TimeoutError(), smtplib.SMTPServerDisconnected(), ConnectionResetError()])
def test_cut_off_in_the_middle_is_not_tried_again(error, live, patient, morning, monkeypatch):
    """The server may have taken it."""
    remind(patient)
    with monkeypatch.context() as patch:
        patch.setattr(f"{LOCMEM}.send_messages", refusing(error))
        send_due(morning)

    send_due(morning + 30 * MINUTE)

    assert (mail.outbox, states()) == ([], ["unknown"])


def test_server_that_is_down_is_asked_once_for_everybody(
    live, patient, other_patient, clinician, morning, monkeypatch
):
    plans.published(other_patient, by=clinician.user, exercises=[live.lines.get().exercise])
    for each in (patient, other_patient):
        remind(each)
    asked = []

    def down(self):
        asked.append(1)
        raise ConnectionRefusedError

    monkeypatch.setattr(f"{LOCMEM}.open", down)

    assert send_due(morning) == Counter({"waiting": 2})
    assert (len(asked), states()) == (1, ["waiting", "waiting"])


def test_run_that_takes_too_long_leaves_the_rest_to_the_next(live, patient, morning, monkeypatch):
    remind(patient)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "RUNS_FOR", -1)
        assert send_due(morning) == Counter()

    assert send_due(morning) == Counter({"sent": 1})


def test_one_patients_trouble_costs_nobody_else_the_reminder(
    live, patient, other_patient, clinician, morning, monkeypatch
):
    plans.published(other_patient, by=clinician.user, exercises=[live.lines.get().exercise])
    for each in (patient, other_patient):
        remind(each)
    whole = sending._today_of

    def broken(who, day):
        if who == patient:
            raise ValueError("broken for a test")
        return whole(who, day)

    monkeypatch.setattr(sending, "_today_of", broken)

    assert send_due(morning) == Counter({"failed": 1, "sent": 1})
    assert [letter.to for letter in mail.outbox] == [[other_patient.user.email]]


def test_each_patients_own_clock_counts(spine_ina, clinician, morning):
    bridge = catalogue.exercise("bridge")
    for first_name, zone in (("Kiri", "Pacific/Kiritimati"), ("Pago", "Pacific/Pago_Pago"), ("Rome", "Europe/Rome")):
        person = people.patient(spine_ina, first_name, "Away", time_zone=zone)
        plans.published(person, by=clinician.user, exercises=[bridge])
        remind(person)
    # 07:30 UTC is 21:30 on Kiritimati, 20:30 of the day before on Pago Pago, 09:30 in Rome.
    assert send_due(morning)["sent"] == 2

    days = Sending.objects.order_by("day").values_list("patient__first_name", "day")
    assert [(name, day.day) for name, day in days] == [("Pago", 14), ("Rome", 15)]


# --- pushes ---


@pytest.fixture
def knocks(monkeypatch):
    """A push service: notes who knocked where, and answers as the test says."""

    class Service(list):
        answers = {}

        def knock(self, endpoint, *, lasts, topic):
            self.append((endpoint, topic))
            if error := self.answers.get(endpoint):
                raise error

    service = Service()
    service.answers = {}
    monkeypatch.setattr(push, "knock", service.knock)
    return service


def test_device_that_was_added_last_gets_it_and_no_mail_goes(live, patient, morning, knocks):
    device_of(patient, "https://fcm.googleapis.com/old")
    device_of(patient, "https://fcm.googleapis.com/new", added_at=morning)
    remind(patient, way="push")

    send_due(morning)
    send_due(morning + 5 * MINUTE)

    assert knocks == [("https://fcm.googleapis.com/new", "session")]
    assert (mail.outbox, states()) == ([], ["sent"])


def test_device_that_is_gone_is_forgotten_and_the_one_before_it_gets_it(live, patient, morning, knocks):
    old = device_of(patient, "https://fcm.googleapis.com/old")
    device_of(patient, "https://fcm.googleapis.com/new", added_at=morning)
    knocks.answers = {"https://fcm.googleapis.com/new": push.Gone()}
    remind(patient, way="push")

    send_due(morning)

    assert list(patient.devices.all()) == [old]
    assert states() == ["sent"]


def test_no_device_is_left_and_no_mail_takes_its_place(live, patient, morning, knocks):
    remind(patient, way="push")

    send_due(morning)

    assert (mail.outbox, states(), Sending.objects.get().fault) == ([], ["dropped"], "no device")


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (push.Refused("push 503", for_now=True), "waiting"),
        (push.Refused("push 403", for_now=False), "dropped"),
        (push.CutOff(), "unknown"),
    ],
)
def test_what_a_push_service_answers_decides(error, state, live, patient, morning, knocks):
    device = device_of(patient)
    knocks.answers = {device.endpoint: error}
    remind(patient, way="push")

    send_due(morning)

    assert states() == [state]


# --- nudges at the desk ---


@pytest.fixture
def desk(patient, clinician, morning):
    """Works from nine to five in London, and has small breaks in the plan."""
    line = plans.Line(catalogue.exercise("sit-tall"), "1 x 5", phase="desk")
    made = plans.published(patient, by=clinician.user, lines=[line])
    BreakRhythm.objects.create(
        patient=patient, every_minutes=60, from_time="09:00", until_time="17:00", weekdays=[0, 1, 2, 3, 4],
        set_at=morning, set_by=patient.user,
    )  # fmt: skip
    return made


def day_of_nudges(morning):
    """Every five minutes from 07:30 to 19:30 UTC."""
    for minutes in range(0, 12 * 60, 5):
        send_due(morning + minutes * MINUTE)


def test_whoever_asked_is_told_to_get_up_at_work(desk, patient, morning, knocks):
    device_of(patient)
    remind(patient, way="", nudges=True)

    day_of_nudges(morning)

    local = [row.claimed_at.astimezone(patient.zone) for row in Sending.objects.order_by("number")]
    assert [f"{each:%H:%M}" for each in local] == [f"{hour}:00" for hour in range(10, 18)]
    assert {topic for _, topic in knocks} == {"break"} and len(knocks) == 8


@pytest.mark.parametrize(
    "fields", [{"nudges": False}, {"nudges": True, "quiet_from": "00:00", "quiet_until": "23:59"}]
)
def test_whoever_did_not_ask_or_wants_quiet_is_not_nudged(fields, desk, patient, morning, knocks):
    device_of(patient)
    remind(patient, **({"way": ""} | fields))

    day_of_nudges(morning)

    assert (knocks, states()) == ([], [])


def test_without_breaks_in_the_plan_nobody_is_nudged(desk, patient, clinician, morning, knocks):
    plans.paused(desk, by=clinician.user, since=patient.local_day())
    device_of(patient)
    remind(patient, way="", nudges=True)

    send_due(morning + 120 * MINUTE)

    assert (knocks, states()) == ([], ["not-needed"])


def test_nudge_that_cannot_be_sent_now_is_none(desk, patient, morning, knocks):
    device = device_of(patient)
    knocks.answers = {device.endpoint: push.Refused("push 503", for_now=True)}
    remind(patient, way="", nudges=True)

    send_due(morning + 120 * MINUTE)
    send_due(morning + 130 * MINUTE)

    assert (len(knocks), states()) == (1, ["dropped"])


# --- many ---


@pytest.mark.parametrize("seed", range(5))
def test_at_most_one_a_day_whatever_happens(
    seed, live, patient, other_patient, clinician, morning, monkeypatch, time_machine
):
    """Three days of runs at random moments, with servers that fail at random and senders that are killed at random."""
    plans.published(other_patient, by=clinician.user, exercises=[live.lines.get().exercise])
    random = Random(seed)
    device_of(other_patient)
    remind(patient)
    remind(other_patient, way="push", at="09:15")
    came = Counter()

    def fate_of(who, refused):
        """Killed before, refused, or taken and then killed, cut off or noted."""
        fate = random.random()
        if fate < 0.2:
            raise Killed
        if fate < 0.4:
            return refused()
        came[who.pk, who.local_day()] += 1
        if fate < 0.6:
            raise Killed
        return fate

    def knock(endpoint, *, lasts, topic):
        def refused():
            raise push.Refused("push 503", for_now=True)

        if fate_of(other_patient, refused) < 0.7:
            raise push.CutOff

    def delivered(self, reminder):
        fate = fate_of(patient, lambda: Outcome(State.WAITING))
        return fate if isinstance(fate, Outcome) else Outcome(State.SENT if fate > 0.7 else State.UNKNOWN)

    monkeypatch.setattr(push, "knock", knock)
    monkeypatch.setattr(Postman, "deliver", delivered)
    now = morning
    while now < morning + timedelta(days=3):
        time_machine.move_to(now, tick=False)
        try:
            send_due(now)
        except Killed:
            came["killed"] += 1
        if random.random() < 0.1:
            reminder = Reminder.objects.get(patient=patient)
            reminder.at, reminder.set_at = f"{random.randrange(7, 21):02}:00", now
            reminder.save()
        now += timedelta(minutes=random.choice([1, 5, 20, 90, 600]))

    assert all(count <= 1 for who, count in came.items() if who != "killed")


def test_queries_grow_by_a_few_for_each_mail_and_not_for_those_whose_time_it_is_not(
    live, patient, spine_ina, clinician, morning, django_assert_num_queries
):
    bridge = live.lines.get().exercise
    for number in range(6):
        person = people.patient(spine_ina, f"P{number}", "Many")
        plans.published(person, by=clinician.user, exercises=[bridge])
        remind(person, at="08:00" if number < 2 else "20:00")
    settled, chunk, one = 3, 4, 6  # of one: lines, log, claim with its savepoint, note
    with django_assert_num_queries(settled + chunk + 2 * one + 1):
        assert send_due(morning) == Counter({"sent": 2})
    # All of them have had theirs, or their time is still to come.
    with django_assert_num_queries(settled + chunk - 1 + 1):
        assert send_due(morning + 5 * MINUTE) == Counter()


def test_old_rows_are_forgotten(live, patient, morning):
    remind(patient)
    send_due(morning)

    send_due(morning + timedelta(days=92))

    assert [row.day for row in Sending.objects.filter(day=morning.date())] == []


def test_command_says_what_it_did(live, patient, morning, capsys):
    remind(patient)

    call_command("send_due")
    call_command("send_due")

    assert capsys.readouterr().out.splitlines() == [
        "1 sent, 0 wait. None failed in 24 hours.",
        "0 sent, 0 wait. None failed in 24 hours.",
    ]
    assert AuditEvent.objects.filter(action__startswith="reminder").count() == 0


def test_command_wants_to_know_where_the_portal_is(db, settings):
    settings.SITE_ADDRESS = ""

    with pytest.raises(CommandError, match="Set SITE_ADDRESS"):
        call_command("send_due")

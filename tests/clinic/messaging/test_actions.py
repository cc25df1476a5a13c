from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from clinic.messaging import actions
from clinic.messaging.models import Message, Seen
from clinic.messaging.thread import expected
from patients.models import AuditEvent, Task
from patients.tasks.actions import resolve, snooze
from patients.tasks.models import Kind
from tests.factories import people
from tests.factories.messages import answered, asked

FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


def waiting(patient):
    return Task.objects.open().filter(patient=patient, kind=Kind.MESSAGE).first()


def audited(action):
    return AuditEvent.objects.filter(action=action).count()


def test_message_raises_a_task_of_the_lead_until_the_reply_time(patient, clinician):
    asked(patient, now=FRIDAY)

    task = waiting(patient)
    assert (task.words, task.assigned_to) == ("1 message waits for an answer.", clinician)
    assert task.due_at == FRIDAY + timedelta(days=4)  # two working days: Tuesday
    assert audited("message.written") == 1


def test_more_messages_add_to_the_task_and_leave_the_reply_time(patient):
    asked(patient, now=FRIDAY)
    asked(patient, "And run?", now=FRIDAY + timedelta(days=1))

    assert Task.objects.filter(kind=Kind.MESSAGE).count() == 1
    assert waiting(patient).words == "2 messages wait for an answer."
    assert waiting(patient).due_at == FRIDAY + timedelta(days=4)


def test_reply_time_is_the_clinics(patient):
    patient.clinic.thresholds_set = {"reply_days": 1}
    patient.clinic.save()

    asked(patient, now=FRIDAY)

    assert waiting(patient).due_at == FRIDAY + timedelta(days=3)


@pytest.mark.parametrize(("days", "words"), [(1, "by the next working day"), (3, "within 3 working days")])
def test_reply_time_in_words(days, words):
    assert expected(days) == f"We usually answer {words}."


def test_another_message_wakes_what_was_put_off(patient, clinician):
    asked(patient)
    snooze(task=waiting(patient), by=clinician.user, until=timezone.now() + timedelta(days=9))

    asked(patient, "It is urgent to me.")

    assert waiting(patient).snoozed_until is None


def test_answer_ends_the_task(patient, clinician):
    asked(patient)

    answered(patient, by=clinician.user)

    assert waiting(patient) is None
    assert Task.objects.get(kind=Kind.MESSAGE).resolution == "Answered."
    assert audited("message.answered") == 1


def test_answer_leaves_waiting_what_its_writer_had_not_seen(patient, clinician):
    first = asked(patient)
    asked(patient, "No, wait: my leg is numb.")

    answered(patient, by=clinician.user, seen_to=first.pk)

    assert waiting(patient)


def test_a_question_may_need_no_answer(patient, clinician):
    thanks = asked(patient, "Thank you!")

    for _ in range(2):
        actions.settle(patient=patient, by=clinician.user, seen_to=thanks.pk)

    assert waiting(patient) is None
    assert audited("messages.settled") == 1


def test_what_came_meanwhile_is_not_settled(patient, clinician):
    thanks = asked(patient, "Thank you!")
    asked(patient, "One more thing.")

    with pytest.raises(actions.MoreCame):
        actions.settle(patient=patient, by=clinician.user, seen_to=thanks.pk)

    assert waiting(patient)


def test_question_answered_on_the_phone_is_answered_and_the_next_opens_a_new_task(patient, clinician):
    asked(patient)
    resolve(task=waiting(patient), by=clinician.user, note="Phoned.")

    asked(patient, "Something else.")

    assert waiting(patient).words == "1 message waits for an answer."


def test_same_form_again_says_it_once(patient, clinician):
    key = uuid4()
    for _ in range(2):
        actions.write(patient=patient, by=patient.user, key=key, text="May I swim?")
    key = uuid4()
    for _ in range(2):
        actions.answer(patient=patient, by=clinician.user, key=key, text="Yes.", seen_to=0)

    patient.refresh_from_db()
    assert [each.text for each in Message.objects.all()] == ["May I swim?", "Yes."]
    assert waiting(patient).times_raised == 1
    assert patient.unread_messages == 1


def test_other_words_under_an_old_key_are_another_message(patient):
    key = uuid4()
    for text in ("May I swim?", "May I run?"):
        actions.write(patient=patient, by=patient.user, key=key, text=text)

    assert Message.objects.count() == 2


def test_key_of_another_patients_message_takes_nothing_away(patient, other_patient):
    theirs = asked(other_patient)

    mine = actions.write(patient=patient, by=patient.user, key=theirs.uuid, text=theirs.text)

    assert mine.uuid != theirs.uuid
    assert mine.patient == patient


def test_at_most_20_messages_an_hour(patient):
    now = timezone.now()
    for number in range(actions.MOST_AN_HOUR):
        asked(patient, f"{number}", now=now)

    with pytest.raises(actions.TooMany):
        asked(patient, "One too many", now=now)
    asked(patient, "An hour later", now=now + timedelta(hours=1, seconds=1))


def test_discharged_patient_cannot_write(patient, clinician):
    patient.discharged_at, patient.discharged_by = timezone.now(), clinician.user
    patient.save()

    with pytest.raises(actions.Closed):
        asked(patient)


def test_patient_without_a_care_team_reaches_the_clinic(spine_ina):
    alone = people.patient(spine_ina, "Una", "Led")

    asked(alone)

    assert waiting(alone).assigned_to is None


def test_patient_is_mailed_once_until_they_read(patient, clinician, django_capture_on_commit_callbacks):
    def reply():
        with django_capture_on_commit_callbacks(execute=True):
            answered(
                patient, by=clinician.user, text="Keep the left knee still.", link="https://clinic.example/messages/"
            )

    reply()
    reply()
    assert len(mail.outbox) == 1
    patient.refresh_from_db()
    actions.note_read(patient=patient, by=patient.user)
    reply()

    assert len(mail.outbox) == 2
    sent = mail.outbox[0]
    assert sent.to == [patient.email]
    assert sent.subject == "You have a new message from your clinic"
    assert "https://clinic.example/messages/" in sent.body
    assert "knee" not in sent.body + sent.subject


@pytest.mark.parametrize("lacks", ["email", "user"])
def test_whoever_could_not_read_it_is_not_mailed(patient, clinician, lacks, django_capture_on_commit_callbacks):
    setattr(patient, lacks, "" if lacks == "email" else None)
    patient.save()

    with django_capture_on_commit_callbacks(execute=True):
        answered(patient, by=clinician.user, link="https://clinic.example/messages/")

    assert mail.outbox == []


def test_broken_mail_costs_nothing(patient, clinician, monkeypatch, django_capture_on_commit_callbacks):
    def broken(*args):
        raise OSError

    monkeypatch.setattr(actions, "_mail", broken)

    with django_capture_on_commit_callbacks(execute=True):
        answered(patient, by=clinician.user, link="https://clinic.example/messages/")

    assert Message.objects.count() == 1


def test_first_look_of_the_clinic_is_the_one_that_is_noted(patient, clinician, colleague):
    first, last = asked(patient), asked(patient, "And run?")
    for who in (clinician, colleague):
        actions.note_seen(messages=list(Message.objects.select_related("seen")), by=who.user)

    seen = Seen.objects.get()
    assert (seen.message, seen.by) == (last, clinician.user)
    assert first != last


def test_unread_is_counted_and_read(patient, clinician):
    for _ in range(3):
        answered(patient, by=clinician.user, text=f"{_}")
    patient.refresh_from_db()
    assert patient.unread_messages == 3

    actions.note_read(patient=patient, by=patient.user)

    patient.refresh_from_db()
    assert patient.unread_messages == 0

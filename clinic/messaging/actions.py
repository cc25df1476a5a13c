"""Writing, answering and reading messages. What waits for an answer is the open task, and nothing else says so: whoever
ends the task by a note, after a phone call for instance, has answered too."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override

from clinic.messaging.models import Message, Seen
from clinic.prescriptions.models import PrescribedExercise
from clinic.today.pain import working_days
from patients.accounts.models import User
from patients.audit.actions import record
from patients.records.actions import locked
from patients.records.models import Patient
from patients.tasks.actions import for_colleagues, raise_task, resolve_kind
from patients.tasks.models import Kind, Task

MOST_AN_HOUR = 20


class Closed(Exception):
    """The patient is discharged: they can read what was written, and phone."""


class TooMany(Exception):
    """More messages in an hour than a person writes."""


class MoreCame(Exception):
    """The patient wrote again after the page was opened."""


@for_colleagues
@transaction.atomic
def write(
    *, patient: Patient, by: User, key: UUID, text: str, photo: ContentFile | None = None,
    about: PrescribedExercise | None = None, now: datetime | None = None,
) -> Message:  # fmt: skip
    """A patient writes to the clinic, and a task says until when somebody should answer."""
    now = now or timezone.now()
    patient = locked(patient)
    if sent := _sent_before(patient, by, key, text):
        return sent
    if patient.discharged_at:
        raise Closed
    if is_too_many(patient, now):
        raise TooMany
    message = _append(patient, by, key, now, text=text, photo=photo or "", about=about, from_patient=True)
    record(by=by, action="message.written", patient=patient, subject=f"message:{message.uuid}")
    waiting = Task.objects.open().filter(patient=patient, kind=Kind.MESSAGE).first()
    count = waiting.times_raised + 1 if waiting else 1
    raise_task(
        patient=patient, kind=Kind.MESSAGE, by=by, now=now,
        words=ngettext("%(n)d message waits for an answer.", "%(n)d messages wait for an answer.", count) % {"n": count},
        due_in=working_days(now.astimezone(patient.clinic.zone), patient.clinic.thresholds.reply_days),
    )  # fmt: skip
    return message


@transaction.atomic
def answer(
    *, patient: Patient, by: User, key: UUID, text: str, seen_to: int, link: str = "", now: datetime | None = None
) -> Message:
    """The clinic writes. It answers what stood on the page, up to message `seen_to`: what came since still waits.

    `link` leads the patient to their messages. It is mailed once, until they have opened them; empty mails nothing.
    """
    now = now or timezone.now()
    patient = locked(patient)
    if sent := _sent_before(patient, by, key, text):
        return sent
    if not _came_since(patient, seen_to):
        resolve_kind(patient=patient, kind=Kind.MESSAGE, by=by, note=gettext("Answered."), now=now)
    message = _append(patient, by, key, now, text=text, from_patient=False)
    Patient.objects.filter(pk=patient.pk).update(unread_messages=F("unread_messages") + 1)
    record(by=by, action="message.answered", patient=patient, subject=f"message:{message.uuid}")
    if link and patient.email and patient.user_id and not patient.unread_messages:
        transaction.on_commit(lambda: _mail(patient, link), robust=True)
    return message


@transaction.atomic
def tell(*, patient: Patient, by: User, key: UUID, text: str, now: datetime) -> None:
    """A note in the conversation that answers nothing: what waits still waits."""
    _append(patient, by, key, now, text=text, from_patient=False)
    Patient.objects.filter(pk=patient.pk).update(unread_messages=F("unread_messages") + 1)


@transaction.atomic
def settle(*, patient: Patient, by: User, seen_to: int) -> None:
    """What the patient wrote needs no answer: a thank-you, for instance. Doing it twice changes nothing."""
    patient = locked(patient)
    if _came_since(patient, seen_to):
        raise MoreCame
    if Task.objects.open().filter(patient=patient, kind=Kind.MESSAGE).exists():
        resolve_kind(patient=patient, kind=Kind.MESSAGE, by=by, note=gettext("Needs no answer."))
        record(by=by, action="messages.settled", patient=patient)


def note_read(*, patient: Patient, by: User) -> None:
    """The patient opens their messages. Said before they are fetched: what comes in between stays new."""
    with transaction.atomic():
        record(by=by, action="messages.read", patient=patient)
        if patient.unread_messages:
            Patient.objects.filter(pk=patient.pk).update(unread_messages=0)


def note_seen(*, messages: list[Message], by: User, now: datetime | None = None) -> None:
    """Somebody of the clinic has these before them; the patient is told when that was, for the last of theirs."""
    last = next((each for each in reversed(messages) if each.from_patient), None)
    if last and not hasattr(last, "seen"):
        # A colleague may open it at the same moment.
        Seen.objects.bulk_create([Seen(message=last, by=by, at=now or timezone.now())], ignore_conflicts=True)


def is_too_many(patient: Patient, now: datetime) -> bool:
    return patient.messages.filter(from_patient=True, written_at__gt=now - timedelta(hours=1)).count() >= MOST_AN_HOUR


def _sent_before(patient: Patient, by: User, key: UUID, text: str) -> Message | None:
    """The same form once more. With other words in it, after a step back in the browser, it is another message."""
    return patient.messages.filter(uuid=key, written_by=by, text=text).first()


def _append(patient: Patient, by: User, key: UUID, now: datetime, **fields: object) -> Message:
    is_taken = Message.objects.filter(uuid=key).exists()
    return Message.objects.create(
        uuid=uuid4() if is_taken else key, patient=patient, written_by=by, written_at=now, **fields
    )


def _came_since(patient: Patient, seen_to: int) -> bool:
    return patient.messages.filter(from_patient=True, pk__gt=seen_to).exists()


def _mail(patient: Patient, link: str) -> None:
    """Says nothing of what was written: who else reads this mailbox is unknown."""
    context = {"patient": patient, "clinic": patient.clinic, "link": link}
    with override(patient.speaks):
        subject = gettext("You have a new message from your clinic")
        body = render_to_string("emails/message.txt", context)
    EmailMessage(
        subject=subject,
        body=body,
        to=[patient.email],
        reply_to=[patient.clinic.email] if patient.clinic.email else None,
    ).send()

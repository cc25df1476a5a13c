"""A reminder as an e-mail. Like the push it says nothing about health: who else reads the mailbox is unknown."""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, override

from clinic.reminders.models import Reminder
from clinic.reminders.rules import State


@dataclass(frozen=True, slots=True)
class Outcome:
    """state: sent, waiting (tried again), dropped or unknown. fault: a code, never a name or an address."""

    state: State
    fault: str = ""


class Postman:
    """One connection for a whole run. A server that does not answer is asked once, and not once a patient."""

    def __init__(self) -> None:
        self._connection = get_connection()
        self._down = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._hang_up()

    def deliver(self, reminder: Reminder) -> Outcome:
        return self.send(lambda: letter(reminder))

    def send(self, written: Callable[[], EmailMessage]) -> Outcome:
        """Nothing is written for a server that does not answer."""
        if self._down:
            return Outcome(State.WAITING, self._down)
        try:
            self._reach()
        except OSError as error:  # SMTPException among them
            self._down = _code(error)
            return Outcome(State.WAITING, self._down)
        message = written()
        try:
            self._connection.send_messages([message])
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as refused:
            self._hang_up()
            return Outcome(State.WAITING if _is_for_now(refused) else State.DROPPED, _code(refused))
        except OSError as error:
            # In the middle of it: the server may have taken the mail, and two are worse than none.
            self._hang_up()
            return Outcome(State.UNKNOWN, _code(error))
        return Outcome(State.SENT)

    def _reach(self) -> None:
        """Until the server has said hello, and answers still, nothing is sent: what fails here is safe to try again."""
        try:
            self._greet()
        except smtplib.SMTPServerDisconnected:
            # It had closed a line that was open since the last mail.
            self._hang_up()
            self._greet()

    def _greet(self) -> None:
        self._connection.open()
        smtp = getattr(self._connection, "connection", None)
        if isinstance(smtp, smtplib.SMTP):
            smtp.ehlo_or_helo_if_needed()
            smtp.noop()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self._connection.close()


def _codes(error: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) -> list[int]:
    if isinstance(error, smtplib.SMTPResponseException):
        return [error.smtp_code]
    return [code for code, _ in error.recipients.values()]


def _is_for_now(error: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) -> bool:
    return all(400 <= code < 500 for code in _codes(error))


def _code(error: OSError) -> str:
    """The class and the number alone: servers name people in what they complain of."""
    name = type(error).__name__
    if isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
        return f"{name} {' '.join(map(str, _codes(error)))}"[:60]
    return name[:60]


def letter(reminder: Reminder) -> EmailMessage:
    patient = reminder.patient
    clinic, user = patient.clinic, patient.user
    assert user
    stop = settings.SITE_ADDRESS + reverse("reminders_stop", args=[reminder.stop_token])
    context = {
        "patient": patient,
        "clinic": clinic,
        "today": settings.SITE_ADDRESS + reverse("today"),
        "reminders": settings.SITE_ADDRESS + reverse("reminders"),
        "stop": stop,
    }
    with override(patient.speaks):
        subject = gettext("Your reminder from %(clinic)s") % {"clinic": " ".join(clinic.name.split())}
        body = render_to_string("emails/reminder.txt", context)
    return EmailMessage(
        subject=subject,
        body=body,
        to=[user.email],
        reply_to=[clinic.email] if clinic.email else None,
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )

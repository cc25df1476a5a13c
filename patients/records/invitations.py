"""A patient's way in: a one-time link that asks for the birth date, then sets up the sign-in."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import date, timedelta

from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from patients.accounts.models import User
from patients.audit.actions import record
from patients.records.actions import locked
from patients.records.models import Invitation, Patient

VALID_FOR = timedelta(days=7)
WRONG_TRIES = 3


class HasSignIn(Exception):
    """Whoever can sign in gets no second way in: a clinician could open it in their place."""


def may_be_invited(patient: Patient) -> bool:
    """Nobody who signs in already, and nobody of the staff: the link would open their account to its reader."""
    if patient.discharged_at:
        return False
    return patient.user is None or not (patient.user.is_active or patient.user.is_staff_member)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(*, patient: Patient, by: User, address_of: Callable[[str], str]) -> str:
    """Makes the link, withdraws earlier ones and mails it where there is an address. Only its hash is kept, so this
    is the one moment at which it can be shown."""
    patient = locked(patient)
    if not may_be_invited(patient):
        raise HasSignIn
    _withdraw_open_ones(patient, by)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        patient=patient, made_by=by, token_hash=hash_of(token), expires_at=timezone.now() + VALID_FOR
    )
    link = address_of(token)
    if patient.email:
        transaction.on_commit(lambda: _mail(patient, link), robust=True)
    record(by=by, action="invitation.made", patient=patient, subject=f"invitation:{invitation.pk}")
    return link


@transaction.atomic
def withdraw_invitations(*, patient: Patient, by: User) -> None:
    if _withdraw_open_ones(locked(patient), by):
        record(by=by, action="invitation.withdrawn", patient=patient)


def open_invitation(token: str) -> Invitation | None:
    return (
        Invitation.objects.open_at(timezone.now())
        .filter(token_hash=hash_of(token), patient__discharged_at=None)
        .select_related("patient__clinic", "patient__user")
        .first()
    )


@transaction.atomic
def knows_birth_date(*, invitation: Invitation, born_on: date) -> bool:
    """The row is locked first, so that a thousand guesses sent at once are still three."""
    current = Invitation.objects.select_for_update().open_at(timezone.now()).filter(pk=invitation.pk).first()
    if current is None:
        invitation.withdrawn_at = invitation.withdrawn_at or timezone.now()
        return False
    if invitation.patient.born_on == born_on:
        return True
    count_wrong_try(invitation=invitation)
    return False


@transaction.atomic
def count_wrong_try(*, invitation: Invitation) -> None:
    """The third one withdraws the invitation."""
    current = Invitation.objects.select_for_update().get(pk=invitation.pk)
    current.wrong_tries += 1
    if current.wrong_tries >= WRONG_TRIES:
        current.withdrawn_at = current.withdrawn_at or timezone.now()
    current.save()
    invitation.wrong_tries, invitation.withdrawn_at = current.wrong_tries, current.withdrawn_at
    record(by=None, action="invitation.wrong_try", patient=invitation.patient, subject=f"invitation:{invitation.pk}")


def accept(*, invitation: Invitation, email: str, password: str) -> User | None:
    """Sets up the sign-in. None where another request was first, or the address was taken in this very moment."""
    try:
        return _accept(invitation, email, password)
    except IntegrityError:
        return None


@transaction.atomic
def _accept(invitation: Invitation, email: str, password: str) -> User | None:
    patient = locked(invitation.patient)
    still_open = Invitation.objects.open_at(timezone.now()).filter(pk=invitation.pk)
    if not may_be_invited(patient) or not still_open.update(used_at=timezone.now()):
        return None
    user = patient.user or User(first_name=patient.first_name, last_name=patient.last_name)
    user.email, user.is_active = email, True
    user.set_password(password)
    user.save()
    patient.user = user
    patient.email = patient.email or email
    patient.save()
    record(by=user, action="invitation.accepted", patient=patient, subject=f"invitation:{invitation.pk}")
    return user


def _withdraw_open_ones(patient: Patient, by: User) -> int:
    now = timezone.now()
    return patient.invitations.open_at(now).update(withdrawn_at=now, withdrawn_by=by)


def _mail(patient: Patient, link: str) -> None:
    """Says nothing about health: who else reads this mailbox is unknown."""
    context = {"patient": patient, "clinic": patient.clinic, "link": link, "days": VALID_FOR.days}
    EmailMessage(
        subject=f"Your personal link from {' '.join(patient.clinic.name.split())}",
        body=render_to_string("emails/invitation.txt", context),
        to=[patient.email],
        reply_to=[patient.clinic.email] if patient.clinic.email else None,
    ).send()

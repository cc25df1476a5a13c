"""A patient's way in: a one-time link that asks for the birth date, then sets up the sign-in."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, override

from patients.accounts.actions import end_sessions
from patients.accounts.models import PinDevice, User
from patients.audit.actions import record
from patients.records.actions import locked
from patients.records.models import Invitation, Patient

WRONG_TRIES = 3


class HasSignIn(Exception):
    """Whoever can sign in gets no second way in by the way: a clinician could open it in their place. It has to be said
    that the phone is lost, and then nobody overlooks it."""


def may_be_invited(patient: Patient) -> bool:
    """Nobody who signs in already, and nobody of the staff: the link would open their account to its reader."""
    if patient.discharged_at:
        return False
    return patient.user is None or not (patient.user.is_active or patient.user.is_staff_member)


def may_be_let_in_anew(patient: Patient) -> bool:
    """Who signs in and has lost the way."""
    user = patient.user
    return not patient.discharged_at and user is not None and user.is_active and not user.is_staff_member


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(*, patient: Patient, by: User, address_of: Callable[[str], str], phone_is_lost: bool = False) -> str:
    """Makes the link, withdraws earlier ones and mails it where there is an address. Only its hash is kept, so this
    is the one moment at which it can be shown. A lost phone lets nobody in from now on, whether or not the link is
    used: all sessions, PINs and passkeys end."""
    patient = locked(patient)
    renews = phone_is_lost and may_be_let_in_anew(patient)
    if not renews and not may_be_invited(patient):
        raise HasSignIn
    _withdraw_open_ones(patient, by)
    if patient.user:
        _close_old_ways(patient.user, by)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        patient=patient,
        made_by=by,
        token_hash=hash_of(token),
        expires_at=timezone.now() + timedelta(days=settings.INVITATION_DAYS),
        renews=renews,
    )
    link = address_of(token)
    if patient.email:
        transaction.on_commit(lambda: _mail(patient, link), robust=True)
    action = "invitation.renewed" if renews else "invitation.made"
    record(by=by, action=action, patient=patient, subject=f"invitation:{invitation.pk}")
    return link


def _close_old_ways(user: User, by: User) -> None:
    """A password stays: it is in a head, not in a phone."""
    Authenticator.objects.filter(user=user).delete()
    PinDevice.objects.filter(user=user).delete()
    end_sessions(user=user, by=by)


@transaction.atomic
def withdraw_invitations(*, patient: Patient, by: User) -> None:
    if _withdraw_open_ones(locked(patient), by):
        record(by=by, action="invitation.withdrawn", patient=patient)


def open_invitation(token: str) -> Invitation | None:
    return (
        Invitation.objects.open_at(timezone.now())
        .filter(token_hash=hash_of(token), patient__discharged_at=None)
        .select_related("patient__clinic", "patient__user", "account")
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


def account_of(invitation: Invitation) -> User:
    """The account that the link will open. Where there is none yet, one that nobody can sign in to."""
    patient = invitation.patient
    if patient.user or invitation.account:
        return patient.user or invitation.account  # type: ignore[return-value]
    user = User(first_name=patient.first_name, last_name=patient.last_name, is_active=False)
    user.set_unusable_password()
    user.save()
    invitation.account = user
    invitation.save(update_fields=["account"])
    return user


def accept(*, invitation: Invitation, email: str, set_up: Callable[[User], None]) -> User | None:
    """Opens the account; `set_up` gives it its way in. None where another request was first, or the address was taken
    in this very moment."""
    try:
        return _accept(invitation, email, set_up)
    except IntegrityError:
        return None


@transaction.atomic
def _accept(invitation: Invitation, email: str, set_up: Callable[[User], None]) -> User | None:
    patient = locked(invitation.patient)
    still_open = Invitation.objects.open_at(timezone.now()).filter(pk=invitation.pk)
    may = may_be_let_in_anew(patient) if invitation.renews else may_be_invited(patient)
    if not may or not still_open.update(used_at=timezone.now()):
        return None
    user = patient.user or invitation.account or User(first_name=patient.first_name, last_name=patient.last_name)
    if not user.password:
        user.set_unusable_password()
    if email and email != user.email:
        if user.pk:
            EmailAddress.objects.filter(user=user).delete()
        user.email = email
    user.is_active = True
    user.save()
    patient.user = user
    patient.email = patient.email or email
    patient.save()
    set_up(user)
    record(by=user, action="invitation.accepted", patient=patient, subject=f"invitation:{invitation.pk}")
    return user


def untold(user: User) -> Invitation | None:
    """A link that the clinic made for a lost phone, of which its owner has not heard yet."""
    return Invitation.objects.filter(patient__user=user, renews=True, told_at=None).first()


def _withdraw_open_ones(patient: Patient, by: User) -> int:
    now = timezone.now()
    return patient.invitations.open_at(now).update(withdrawn_at=now, withdrawn_by=by)


def _mail(patient: Patient, link: str) -> None:
    """Says nothing about health: who else reads this mailbox is unknown."""
    context = {"patient": patient, "clinic": patient.clinic, "link": link, "days": settings.INVITATION_DAYS}
    with override(patient.speaks):
        subject = gettext("Your personal link from %(clinic)s") % {"clinic": " ".join(patient.clinic.name.split())}
        body = render_to_string("emails/invitation.txt", context)
    EmailMessage(
        subject=subject,
        body=body,
        to=[patient.email],
        reply_to=[patient.clinic.email] if patient.clinic.email else None,
    ).send()

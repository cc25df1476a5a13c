"""Giving somebody access to a patient's plan, and ending it. Each call is one transaction with its audit line inside."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from patients.accounts.models import User
from patients.audit.actions import record
from patients.family import consent
from patients.family.models import FamilyAccess, FamilyConsent
from patients.family.rules import LINK_DAYS, Channel
from patients.records.actions import SAME_WITHIN, locked
from patients.records.invitations import WRONG_TRIES, hash_of
from patients.records.models import Patient


class NotActive(Exception):
    """Nobody helps a patient who is discharged."""


class OwnPatient(Exception):
    """Nobody becomes their own helper."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed to: how, and on which of the patient's days."""

    level: str
    until: date
    channel: Channel
    on: date


@transaction.atomic
def give(*, patient: Patient, by: User, name: str, relation: str, agreed: Agreed) -> tuple[FamilyAccess, str]:
    """The access, and the token of its link, which is not kept. Sent twice, it is one access with a new link."""
    current = locked(patient)
    if current.discharged_at:
        raise NotActive
    same = current.family.waiting_at(timezone.now()).filter(
        name=name, relation=relation, level=agreed.level, until=agreed.until, given_by=by,
        given_at__gt=timezone.now() - SAME_WITHIN,
    )  # fmt: skip
    access = same.first()
    if access is None:
        access = FamilyAccess(
            patient=current, name=name, relation=relation, level=agreed.level, until=agreed.until, given_by=by
        )
        access.save()
        _note_consent(access, by, agreed)
        _record("family.given", access, by, level=access.level, until=access.until.isoformat())
    return access, _link(access)


@transaction.atomic
def make_link(*, access: FamilyAccess, by: User) -> str:
    """A new link for one that nobody used yet; the one before works no more. Its token is not kept."""
    access = _locked(access)
    if not access.is_waiting:
        raise NotActive
    _record("family.link_made", access, by)
    return _link(access)


def link_days() -> int:
    return min(LINK_DAYS, int(settings.INVITATION_DAYS))


def _link(access: FamilyAccess) -> str:
    token = secrets.token_urlsafe(32)
    access.token_hash, access.link_until = hash_of(token), timezone.now() + timedelta(days=link_days())
    access.wrong_tries = 0
    access.save(update_fields=["token_hash", "link_until", "wrong_tries"])
    return token


@transaction.atomic
def renew(*, access: FamilyAccess, by: User, agreed: Agreed) -> None:
    """Until another day, with what is allowed from now on: a consent of its own."""
    access = _locked(access)
    if access.ended_at or not access.is_of_a_patient:
        raise NotActive
    if (access.level, access.until) == (agreed.level, agreed.until):
        return
    access.level, access.until = agreed.level, agreed.until
    access.save(update_fields=["level", "until"])
    _note_consent(access, by, agreed)
    _record("family.renewed", access, by, level=access.level, until=access.until.isoformat())


@transaction.atomic
def end(*, access: FamilyAccess, by: User) -> None:
    """From the next request on it lets nobody in."""
    access = _locked(access)
    if access.ended_at:
        return
    access.ended_at, access.ended_by, access.token_hash = timezone.now(), by, None
    access.save(update_fields=["ended_at", "ended_by", "token_hash"])
    _record("family.ended", access, by)


def note_look(*, access: FamilyAccess, by: User) -> None:
    """One audit line for each day of the patient on which their helper looked."""
    today = access.patient.local_day()
    if access.seen_on == today:
        return
    with transaction.atomic():
        if FamilyAccess.objects.filter(pk=access.pk).exclude(seen_on=today).update(seen_on=today):
            _record("family.looked", access, by)


# --- the link ---


def open_link(token: str) -> FamilyAccess | None:
    waiting = FamilyAccess.objects.waiting_at(timezone.now()).select_related("patient__clinic", "account")
    access = waiting.filter(token_hash=hash_of(token)).first()
    return access if access and access.is_waiting and access.is_of_a_patient else None


@transaction.atomic
def knows_birth_date(*, access: FamilyAccess, born_on: date) -> bool:
    """Of the patient. The row is locked first, so that a thousand guesses sent at once are still three."""
    current = _locked(access)
    if current.token_hash is None or current.token_hash != access.token_hash:
        access.wrong_tries = WRONG_TRIES
        return False
    if current.patient.born_on == born_on:
        return True
    count_wrong_try(access=access)
    return False


@transaction.atomic
def count_wrong_try(*, access: FamilyAccess) -> None:
    """The third one closes the link; patient and clinic can make another one."""
    current = _locked(access)
    current.wrong_tries += 1
    if current.wrong_tries >= WRONG_TRIES:
        current.token_hash = None
    current.save(update_fields=["wrong_tries", "token_hash"])
    access.wrong_tries = current.wrong_tries
    _record("family.wrong_try", current, None)


def account_of(access: FamilyAccess) -> User:
    """The account that the link will open, one that nobody can sign in to yet."""
    if access.account is None:
        user = newcomer(access)
        user.is_active = False
        user.save()
        access.account = user
        access.save(update_fields=["account"])
    return access.account


def newcomer(access: FamilyAccess) -> User:
    first, _, last = access.name.partition(" ")
    user = User(first_name=first[:150], last_name=last[:150])
    user.set_unusable_password()
    return user


def accept(*, access: FamilyAccess, email: str, set_up: Callable[[User], None]) -> User | None:
    """Opens an account of the helper's own; `set_up` gives it its way in. None where another request was first, or the
    address was taken in this very moment."""
    try:
        with transaction.atomic():
            current = _still_open(access)
            if current is None:
                return None
            user = current.account or newcomer(current)
            user.email, user.is_active = email, True
            user.save()
            _join(current, user)
            set_up(user)
            return user
    except IntegrityError:
        return None


@transaction.atomic
def accept_as(*, access: FamilyAccess, user: User) -> bool:
    """By somebody who signs in already: a patient, a clinician, or who helps another patient."""
    current = _still_open(access)
    if current is None:
        return False
    if current.patient.user_id == user.pk:
        raise OwnPatient
    _join(current, user)
    return True


def _still_open(access: FamilyAccess) -> FamilyAccess | None:
    current = _locked(access)
    is_same = current.token_hash is not None and current.token_hash == access.token_hash
    return current if is_same and current.link_works and current.is_of_a_patient else None


def _join(access: FamilyAccess, user: User) -> None:
    now = timezone.now()
    # What they had of the same patient until now gives way.
    access.patient.family.standing().filter(helper=user).update(ended_at=now, ended_by=user)
    access.helper, access.joined_at, access.token_hash, access.account = user, now, None, None
    access.save(update_fields=["helper", "joined_at", "token_hash", "account"])
    _record("family.joined", access, user)


def _locked(access: FamilyAccess) -> FamilyAccess:
    Patient.objects.hold(access.patient_id)
    return FamilyAccess.objects.select_related("patient__clinic", "account").get(pk=access.pk)


def _note_consent(access: FamilyAccess, by: User, agreed: Agreed) -> None:
    FamilyConsent.objects.create(
        access=access, text=consent.VERSION, level=agreed.level, until=agreed.until, channel=agreed.channel,
        agreed_on=agreed.on, recorded_by=by,
    )  # fmt: skip


def _record(action: str, access: FamilyAccess, by: User | None, **detail: str) -> None:
    record(by=by, action=action, patient=access.patient, subject=f"family:{access.pk}", **detail)

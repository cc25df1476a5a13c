"""Signing up, confirming and stopping. Whoever does it has no account here, so no line says who."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils import timezone

from clinic.newsletter.models import Subscriber
from patients.audit.actions import record
from patients.audit.context import without_address

LINK_DAYS = 7


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def sign_up(*, email: str) -> tuple[Subscriber, str]:
    """The subscriber and, where it has to be confirmed, the link's token; a newer link ends the older one."""
    try:
        return _sign_up(email.lower())
    except IntegrityError:  # by another request, in this very moment
        return _sign_up(email.lower())


@transaction.atomic
def _sign_up(email: str) -> tuple[Subscriber, str]:
    now, token = timezone.now(), secrets.token_urlsafe(32)
    standing = Subscriber.objects.select_for_update().filter(email=email).first()
    if standing and standing.confirmed_at:
        return standing, ""
    asked = standing or Subscriber(email=email)
    asked.confirm_hash, asked.asked_at = hash_of(token), now
    asked.confirm_until = now + timedelta(days=LINK_DAYS)
    asked.save()
    if standing is None:
        _note("newsletter.asked", asked)
    return asked, token


@transaction.atomic
def confirm(*, token: str) -> bool:
    """Whether the address is subscribed now. A second press of the button is no news."""
    asked = Subscriber.objects.select_for_update().filter(confirm_hash=hash_of(token)).first()
    if asked is None:
        return False
    if asked.confirmed_at is None:
        if asked.confirm_until < timezone.now():
            return False
        asked.confirmed_at = timezone.now()
        asked.save(update_fields=["confirmed_at"])
        _note("newsletter.confirmed", asked)
    return True


@transaction.atomic
def stop(*, stop_token: str) -> None:
    """Deletes the address, and with it what was noted of its mails."""
    for subscriber in Subscriber.objects.select_for_update().filter(stop_token=stop_token):
        _note("newsletter.stopped", subscriber)
        subscriber.delete()


def _note(action: str, subscriber: Subscriber) -> None:
    with without_address():
        record(by=None, action=action, subject=f"subscriber:{subscriber.pk}")

"""A PIN on a device. Six digits are few: they count on that device only, and five wrong ones in a row remove it."""

import hashlib
import secrets
from datetime import date
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from patients.accounts.models import PinDevice, User
from patients.audit.actions import record

DIGITS = 6
TRIES = 5
KEPT_SECONDS = 400 * 24 * 60 * 60  # the longest that browsers keep a cookie

FIRST_GUESSES = {"123123", "121212", "112233", "123321", "102030", "159753", "147258", "789456", "696969", "420420"}


def is_easy_to_guess(pin: str, born_on: date | None) -> bool:
    """One digit only, a run up or down, what others choose, or the birthday, where it is known."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    forms = ("%d%m%y", "%y%m%d", "%m%d%y", "%m%Y", "%Y%m") if born_on else ()
    birthdays = {f"{born_on:{form}}" for form in forms}
    return steps in ({0}, {1}, {9}) or pin in FIRST_GUESSES | birthdays


def _hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _joined(pin: str, secret: str) -> str:
    return f"{pin}:{secret}"


@transaction.atomic
def add_pin(*, user: User, pin: str, name: str) -> str:
    """The secret that the device keeps from now on. It is not kept here."""
    secret = secrets.token_urlsafe(32)
    device = PinDevice.objects.create(
        user=user, secret_hash=_hash_of(secret), pin=make_password(_joined(pin, secret)), name=name[:80]
    )
    record(by=user, action="pin.added", patient=user.own_record, subject=f"pin_device:{device.pk}")
    return secret


@transaction.atomic
def change_pin(*, device: PinDevice, secret: str, pin: str, by: User) -> None:
    device.pin, device.wrong_tries = make_password(_joined(pin, secret)), 0
    device.save(update_fields=["pin", "wrong_tries"])
    record(by=by, action="pin.changed", patient=by.own_record, subject=f"pin_device:{device.pk}")


@transaction.atomic
def remove_pin(*, device: PinDevice, by: User) -> None:
    record(by=by, action="pin.removed", patient=device.user.own_record, subject=f"pin_device:{device.pk}")
    device.delete()


@transaction.atomic
def fits(*, device: PinDevice, secret: str, pin: str) -> bool:
    """The row is locked first, so that a thousand guesses sent at once are still five. The fifth wrong one in a row
    removes the device: `device.pk` is None then."""
    current = PinDevice.objects.select_for_update().filter(pk=device.pk).first()
    if current is None:
        device.pk = None
        return False
    if check_password(_joined(pin, secret), current.pin):
        current.wrong_tries, current.last_used_at = 0, timezone.now()
        current.save(update_fields=["wrong_tries", "last_used_at"])
        return True
    patient = device.user.own_record
    record(by=None, action="pin.wrong_try", patient=patient, subject=f"pin_device:{device.pk}")
    current.wrong_tries += 1
    device.wrong_tries = current.wrong_tries
    if current.wrong_tries < TRIES:
        current.save(update_fields=["wrong_tries"])
        return False
    record(by=None, action="pin.removed", patient=patient, subject=f"pin_device:{device.pk}")
    current.delete()
    device.pk = None
    return False


def secret_on(request: HttpRequest) -> str:
    return request.COOKIES.get(settings.PIN_COOKIE, "")


def device_of(request: HttpRequest) -> PinDevice | None:
    """The device that the request comes from, if a PIN opens it. No query for a device that keeps no secret."""
    secret = secret_on(request)
    if not secret:
        return None
    found = PinDevice.objects.filter(secret_hash=_hash_of(secret), user__is_active=True)
    return found.select_related("user__patient").first()


def keep_on_device(response: HttpResponse, secret: str) -> None:
    response.set_cookie(settings.PIN_COOKIE, secret, max_age=KEPT_SECONDS, **cookie_rules())


def forget_on_device(response: HttpResponse) -> None:
    response.set_cookie(settings.PIN_COOKIE, "", max_age=0, **cookie_rules())


def cookie_rules() -> dict[str, Any]:
    return {"httponly": True, "secure": settings.SESSION_COOKIE_SECURE, "samesite": "Lax", "path": "/"}

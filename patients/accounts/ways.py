"""Which ways in a patient has, and how they are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from allauth.mfa.models import Authenticator

from patients.accounts.models import PinDevice, User


class Way(StrEnum):
    PASSKEY = "passkey"
    PIN = "pin"
    CODE = "code"
    PASSWORD = "password"  # noqa: S105


def way_of(records: Sequence[Mapping[str, Any]]) -> Way | None:
    """The way of a sign-in, from allauth's records of it. A second step after a password is none."""
    for record in records:
        if record["method"] == "mfa" and record.get("passwordless"):
            return Way.PASSKEY
        if record["method"] in (Way.PIN, Way.CODE, Way.PASSWORD):
            return Way(record["method"])
    return None


@dataclass(frozen=True)
class WaysIn:
    passkeys: Sequence[Authenticator]
    pins: Sequence[PinDevice]
    email: str
    has_password: bool

    @property
    def count(self) -> int:
        """A password is none without the address that it goes with; with an address there is the mailed code as well."""
        return len(self.passkeys) + len(self.pins) + bool(self.email)


def ways_of(user: User) -> WaysIn:
    keys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("created_at", "pk")
    return WaysIn(list(keys), list(user.pin_devices.all()), user.email, user.has_usable_password())


def is_last_way(user: User, *, passkey: int | None = None, pin: int | None = None) -> bool:
    """Whether nothing would be left without it."""
    ways = ways_of(user)
    is_one = any(key.pk == passkey for key in ways.passkeys) or any(device.pk == pin for device in ways.pins)
    return is_one and ways.count == 1


def asks_second_step(user: User) -> bool:
    """A patient's passkey is a way in of its own. What they set up as a second step stays one."""
    factors = Authenticator.objects.filter(user=user, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
    return any(factor.type == Authenticator.Type.TOTP or factor.wrap().is_passwordless is False for factor in factors)

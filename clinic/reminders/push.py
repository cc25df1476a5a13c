"""A knock on a patient's device through its browser's push service (RFC 8030), signed as ours (VAPID, RFC 8292).

The message is empty: nothing about a person leaves, not even encrypted; what the device then says stands in our service
worker. The server knocks at no address but those of push services it knows.
"""

import json
import os
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from email.utils import parseaddr
from functools import cache
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

# A host, or with a leading dot all hosts below it.
SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
)
TIMEOUT = 10  # seconds
SIGNED_FOR = 12 * 60 * 60  # seconds; a day is the most that services take
GONE = (404, 410)


class Gone(Exception):
    """The device no longer takes pushes: its person took the permission back, or cleared the browser."""


class Refused(Exception):
    """The service answered, and did not take it. `for_now`: it may later."""

    def __init__(self, fault: str, *, for_now: bool) -> None:
        super().__init__(fault)
        self.for_now = for_now


class CutOff(Exception):
    """Nobody knows whether the service took it."""


class NotByAnotherWay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = build_opener(NotByAnotherWay)


def is_push_service(endpoint: str) -> bool:
    """An https address of a service we know, or below one of the addresses in PUSH_SERVICES."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if (
        not endpoint.isascii()
        or any(sign <= " " for sign in endpoint)
        or parts.username is not None
        or "\\" in endpoint
    ):
        return False
    if f"{parts.scheme}://{parts.netloc}" in settings.PUSH_SERVICES:
        return True
    known = (*SERVICES, *settings.PUSH_SERVICES)
    is_known = any(host == name or (name.startswith(".") and host.endswith(name)) for name in known)
    return parts.scheme == "https" and port in (None, 443) and is_known


def knock(endpoint: str, *, lasts: int, topic: str) -> None:
    """Wakes the device. lasts: seconds for which the service keeps it for a device that is off; a later knock of the
    same topic takes its place. Raises Gone, Refused or CutOff."""
    if not is_push_service(endpoint):
        raise Gone
    headers = {"TTL": str(lasts), "Topic": topic, "Urgency": "normal", "Authorization": _signed_for(endpoint)}
    request = Request(endpoint, data=b"", headers=headers, method="POST")  # noqa: S310  its host is on the list
    try:
        _opener.open(request, timeout=TIMEOUT).close()
    except HTTPError as refused:
        with refused:
            if refused.code in GONE:
                raise Gone from None
            raise Refused(f"push {refused.code}", for_now=refused.code == 429 or refused.code >= 500) from None
    except URLError as unreached:
        # urllib wraps what fails until the request is out, and nothing of what comes after.
        raise Refused(f"push {type(unreached.reason).__name__}"[:60], for_now=True) from None
    except (OSError, HTTPException):
        raise CutOff from None


def public_key() -> str:
    """What the browser is given, so that its service takes knocks from us alone."""
    point = _key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _text(point)


def _signed_for(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + SIGNED_FOR,
        "sub": _whom_to_ask(),
    }
    said = ".".join(_text(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(_key().sign(said.encode(), ECDSA(SHA256())))
    return f"vapid t={said}.{_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}, k={public_key()}"


def _whom_to_ask() -> str:
    """Where a push service finds us when something is wrong: a page, or where that is not public, a mailbox."""
    if settings.SITE_ADDRESS.startswith("https://"):
        return settings.SITE_ADDRESS
    return f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"


@cache
def _key() -> EllipticCurvePrivateKey:
    number = urlsafe_b64decode(_kept_key() + "==")
    return derive_private_key(int.from_bytes(number, "big"), SECP256R1())


def _kept_key() -> str:
    """From VAPID_PRIVATE_KEY, else made once and kept beside the data: with another one all devices are lost."""
    if settings.VAPID_PRIVATE_KEY:
        return settings.VAPID_PRIVATE_KEY
    path: Path = settings.DATA_DIR / "vapid_key"
    if not path.exists():
        number = generate_private_key(SECP256R1()).private_numbers().private_value
        made = path.with_name(f"vapid_key.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(_text(number.to_bytes(32, "big")))
        try:
            # A link comes into being whole, and only once: of two workers at the same moment one key stays.
            path.hardlink_to(made)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()

"""A short code by e-mail, to show that an address is one's own. Works once, for ten minutes, on the asking device."""

import hmac
import time

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from patients.accounts import limits

KEPT_IN = "mailed_code"
MINUTES = 10
TRIES = 3


def send(request: HttpRequest, email: str, *, purpose: str) -> None:
    """Raises `Limited` where the address had too many already."""
    limits.consume(request, "mailed_code", key=email)
    adapter = get_adapter(request)
    code = adapter.generate_login_code()
    request.session[KEPT_IN] = {
        "purpose": purpose, "email": email, "code": _hash_of(code), "until": time.time() + MINUTES * 60, "tries": 0,
    }  # fmt: skip
    adapter.send_mail("account/email/login_code", email, {"request": request, "code": code})


def is_waiting(request: HttpRequest, email: str, *, purpose: str) -> bool:
    kept = request.session.get(KEPT_IN, {})
    return bool(kept) and (kept["purpose"], kept["email"]) == (purpose, email) and time.time() < kept["until"]


def fits(request: HttpRequest, typed: str, email: str, *, purpose: str) -> bool:
    """A right code is used up; so is one after three wrong tries."""
    if not is_waiting(request, email, purpose=purpose):
        return False
    kept = request.session[KEPT_IN]
    is_right = hmac.compare_digest(kept["code"], _hash_of(typed))
    kept["tries"] += 1
    if is_right or kept["tries"] >= TRIES:
        del request.session[KEPT_IN]
    request.session.modified = True
    return is_right


def _hash_of(code: str) -> str:
    letters = "".join(character for character in code.upper() if character.isalnum())
    return salted_hmac("mailed code", letters, algorithm="sha256").hexdigest()

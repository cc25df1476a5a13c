"""A literal passkey: the public half of a key pair, as a browser hands it over when it is made."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from fido2.cose import ES256
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from patients.models import User

FLAG = AuthenticatorData.FLAG


def passkey(user: User, name: str = "Phone") -> Authenticator:
    key = ES256.from_cryptography_key(derive_private_key(7, SECP256R1()).public_key())
    credential = AttestedCredentialData.create(Aaguid.NONE, b"a key", key)
    made_for = sha256(b"localhost").digest()
    data = AuthenticatorData.create(
        made_for, FLAG.USER_PRESENT | FLAG.USER_VERIFIED | FLAG.ATTESTED, 0, bytes(credential)
    )
    client: dict[str, Any] = {"type": "webauthn.create", "challenge": "AA", "origin": "http://localhost"}
    response = {
        "clientDataJSON": _text(json.dumps(client).encode()),
        "attestationObject": _text(bytes(AttestationObject.create("none", data, {}))),
    }
    answer = {"id": _text(b"a key"), "rawId": _text(b"a key"), "type": "public-key", "response": response}
    return WebAuthn.add(user, name, answer | {"clientExtensionResults": {"credProps": {"rk": True}}}).instance


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()

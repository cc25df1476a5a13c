"""allauth's passkey forms, which take an answer that no browser would send for a wrong one."""

import struct

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms

# What JSON, CBOR and the libraries that read a credential stumble with.
STUMBLES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error)


class FailsClosed(forms.Form):
    def full_clean(self) -> None:
        try:
            super().full_clean()
        except STUMBLES:
            # The field would stumble over it again when the form is shown.
            self.data = {**self.data, "credential": ""}
            self.add_error(None, get_adapter().validation_error("incorrect_code"))


class AddPasskeyForm(FailsClosed, AddWebAuthnForm):
    pass


class AuthenticateWithPasskeyForm(FailsClosed, AuthenticateWebAuthnForm):
    pass


class SignInWithPasskeyForm(FailsClosed, LoginWebAuthnForm):
    pass


class ReauthenticateWithPasskeyForm(FailsClosed, ReauthenticateWebAuthnForm):
    pass

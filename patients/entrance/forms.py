"""The short forms of the welcome page, who it is and then one for each way in, and of signing in with a PIN."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    get_default_password_validators,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from patients.accounts import pins
from patients.accounts.forms import FailsClosed
from patients.accounts.models import User
from patients.accounts.ways import Way
from patients.audit.actions import record
from patients.records.models import Patient

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def number(
    label: "StrOrPromise",
    least: int,
    most: int,
    width: int,
    autocomplete: str,
    missing: "StrOrPromise",
    wrong: "StrOrPromise",
) -> forms.IntegerField:
    attrs = {"inputmode": "numeric", "maxlength": width, "autocomplete": autocomplete, "class": f"digits-{width}"}
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(attrs=attrs),
        error_messages={
            "required": missing,
            **dict.fromkeys(["invalid", "min_value", "max_value"], wrong),
        },
    )


class BirthDateForm(forms.Form):
    """Three short fields: easier on a phone than a calendar that opens on today."""

    day = number(_("Day"), 1, 31, 2, "bday-day", _("Please fill in the day."), _("The day is a number from 1 to 31."))
    month = number(
        _("Month"), 1, 12, 2, "bday-month", _("Please fill in the month."), _("The month is a number from 1 to 12.")
    )
    year = number(
        _("Year"),
        1900,
        2100,
        4,
        "bday-year",
        _("Please fill in the year."),
        _("The year is a number from 1900 to 2100."),
    )

    born_on: date

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors:
            try:
                self.born_on = date(values["year"], values["month"], values["day"])
            except ValueError:
                raise ValidationError(gettext("There is no such day. Please check the date.")) from None
        return values


class PinField(forms.RegexField):
    def __init__(self, label: "StrOrPromise", *, autocomplete: str = "off") -> None:
        attrs = {"inputmode": "numeric", "autocomplete": autocomplete, "class": "digits"}
        super().__init__(
            rf"^[0-9]{{{pins.DIGITS}}}$",
            label=label,
            widget=forms.TextInput(attrs=attrs),
            error_messages={
                "required": format_lazy(_("Please fill in {number} digits."), number=pins.DIGITS),
                "invalid": format_lazy(_("A PIN is {number} digits, as 2 7 0 5 8 1."), number=pins.DIGITS),
            },
        )

    def to_python(self, value: Any) -> str:
        return "".join((super().to_python(value) or "").split())


class PinForm(forms.Form):
    pin = PinField(_("Your PIN"))


class ChoosesPin(forms.Form):
    pin = PinField(_("Choose 6 digits"))

    @property
    def birthday(self) -> date | None:
        """The date that others would try first."""
        raise NotImplementedError

    def clean_pin(self) -> str:
        pin = str(self.cleaned_data["pin"])
        if pins.is_easy_to_guess(pin, self.birthday):
            raise ValidationError(
                gettext("This one is easy to guess. Please choose other digits, and not your birthday.")
            )
        return pin


class NewPinForm(ChoosesPin):
    def __init__(self, data: Any = None, *, patient: Patient | None) -> None:
        super().__init__(data)
        self.patient = patient

    @property
    def birthday(self) -> date | None:
        return self.patient.born_on if self.patient else None


class WayForm(forms.Form):
    """One way in. `set_up` gives it to the account that was just opened; `secret` is then what the device keeps."""

    sent_with: ClassVar[str]
    """The field whose presence says that the form was filled in, and not only asked for."""

    secret = ""

    def __init__(self, data: Any = None, *, patient: Patient, device: str = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.patient = patient
        self.device = device

    @property
    def address(self) -> str:
        """The address that the account gets; empty leaves it as it is."""
        raise NotImplementedError

    def set_up(self, user: User) -> None:
        raise NotImplementedError

    def address_is_taken(self) -> bool:
        other = User.objects.filter(email=self.address).first() if self.address else None
        return other is not None and other != self.patient.user


class KnownAddressForm(WayForm):
    """Needs no address. Offers the one that the clinic has, for the day on which the phone is lost; only its owner can say
    that it is theirs."""

    mine = forms.BooleanField(required=False, initial=True)

    @property
    def offers_address(self) -> bool:
        return bool(self.patient.email) and not (self.patient.user and self.patient.user.email)

    @property
    def address(self) -> str:
        return self.patient.email.lower() if self.offers_address and self.cleaned_data["mine"] else ""


class PinWayForm(ChoosesPin, KnownAddressForm):
    sent_with = "pin"

    @property
    def birthday(self) -> date | None:
        return self.patient.born_on

    def set_up(self, user: User) -> None:
        self.secret = pins.add_pin(user=user, pin=self.cleaned_data["pin"], name=self.device)


class PasskeyWayForm(FailsClosed, KnownAddressForm):
    sent_with = "credential"

    credential = forms.JSONField(widget=forms.HiddenInput)

    def clean_credential(self) -> Any:
        credential = self.cleaned_data["credential"]
        webauthn.parse_registration_response(credential)
        if not webauthn.complete_registration(credential).is_user_verified():
            raise ValidationError(gettext("This did not work. Please try again, or choose another way."))
        return credential

    def set_up(self, user: User) -> None:
        webauthn.WebAuthn.add(user, self.device, self.cleaned_data["credential"])
        record(by=user, action="passkey.added", patient=user.own_record)


class AddressForm(WayForm):
    email = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def __init__(self, data: Any = None, *, patient: Patient, **kwargs: Any) -> None:
        super().__init__(data, patient=patient, initial={"email": patient.email}, **kwargs)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    @property
    def address(self) -> str:
        return str(self.cleaned_data["email"])


class CodeWayForm(AddressForm):
    """Twice: with the address, to which a code goes, and then with the code."""

    sent_with = "email"

    code = forms.CharField(
        label=_("The code from the e-mail"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "class": "digits"}),
    )

    def set_up(self, user: User) -> None:
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )


class PasswordWayForm(AddressForm):
    sent_with = "password"

    password = forms.CharField(
        label=_("Choose a password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        words = ngettext(
            "At least %(number)s characters. Three or four words in a row are easy to remember.",
            "At least %(number)s characters. Three or four words in a row are easy to remember.",
            self.min_length,
        )
        self.fields["password"].help_text = words % {"number": self.min_length}

    @property
    def min_length(self) -> int:
        validators = get_default_password_validators()
        return next(v.min_length for v in validators if isinstance(v, MinimumLengthValidator))

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        person = User(
            email=self.cleaned_data.get("email", ""),
            first_name=self.patient.first_name,
            last_name=self.patient.last_name,
        )
        validate_password(password, person)
        return password

    def set_up(self, user: User) -> None:
        user.set_password(self.cleaned_data["password"])
        user.save(update_fields=["password"])


FORMS: dict[Way, type[WayForm]] = {
    Way.PASSKEY: PasskeyWayForm,
    Way.PIN: PinWayForm,
    Way.CODE: CodeWayForm,
    Way.PASSWORD: PasswordWayForm,
}

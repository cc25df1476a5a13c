"""The two short forms of the welcome page."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    get_default_password_validators,
    validate_password,
)
from django.core.exceptions import ValidationError

from patients.accounts.models import User
from patients.records.models import Patient


def number(label: str, least: int, most: int, width: int, autocomplete: str) -> forms.IntegerField:
    attrs = {"inputmode": "numeric", "maxlength": width, "autocomplete": autocomplete, "class": f"digits-{width}"}
    message = f"The {label.lower()} is a number from {least} to {most}."
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(attrs=attrs),
        error_messages={
            "required": f"Please fill in the {label.lower()}.",
            **dict.fromkeys(["invalid", "min_value", "max_value"], message),
        },
    )


class BirthDateForm(forms.Form):
    """Three short fields: easier on a phone than a calendar that opens on today."""

    day = number("Day", 1, 31, 2, "bday-day")
    month = number("Month", 1, 12, 2, "bday-month")
    year = number("Year", 1900, 2100, 4, "bday-year")

    born_on: date

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors:
            try:
                self.born_on = date(values["year"], values["month"], values["day"])
            except ValueError:
                raise ValidationError("There is no such day. Please check the date.") from None
        return values


class WayInForm(forms.Form):
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="You will sign in with it.",
    )
    password = forms.CharField(
        label="Choose a password",
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, *, patient: Patient) -> None:
        super().__init__(data, initial={"email": patient.email})
        self.patient = patient
        self.fields[
            "password"
        ].help_text = f"At least {self.min_length} characters. Three or four words in a row are easy to remember."

    @property
    def min_length(self) -> int:
        validators = get_default_password_validators()
        return next(v.min_length for v in validators if isinstance(v, MinimumLengthValidator))

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        person = User(
            email=self.cleaned_data.get("email", ""),
            first_name=self.patient.first_name,
            last_name=self.patient.last_name,
        )
        validate_password(password, person)
        return password

    def address_is_taken(self) -> bool:
        other = User.objects.filter(email=self.cleaned_data["email"]).first()
        return other is not None and other != self.patient.user

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from patients.family.actions import Agreed
from patients.family.models import FamilyAccess
from patients.family.rules import CHILD_UNDER, Channel, Level, Term, last_day
from patients.records.models import Patient

RELATIONS = (_("Daughter"), _("Son"), _("Husband"), _("Wife"), _("Partner"), _("Parent"), _("Friend"), _("Neighbour"))


class AgreedForm(forms.Form):
    """What is allowed and until when. By a clinician it says as well how it was agreed to: a patient who sends it agrees
    by sending it."""

    level = forms.ChoiceField(
        choices=Level.choices, error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")}
    )
    term = forms.ChoiceField(
        label=_("For how long?"),
        choices=Term.choices,
        initial=Term.QUARTER,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
    channel = forms.ChoiceField(label=_("How was it agreed?"), error_messages={"required": _("Choose one.")})
    agreed_on = forms.DateField(
        label=_("On which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Fill in the day."), "invalid": _("A date, like 2026-03-14.")},
    )
    agreed = forms.BooleanField(error_messages={"required": _("Nobody gets access without this.")})

    def __init__(self, data: Any = None, *, patient: Patient, by_clinic: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.patient, self.today = patient, patient.local_day()
        self.is_child = patient.age_on(self.today) < CHILD_UNDER
        if not by_clinic:
            for name in ("channel", "agreed_on", "agreed"):
                del self.fields[name]
            return
        channels = [Channel.PARENT] if self.is_child else [Channel.SPOKEN, Channel.WRITTEN]
        self.fields["channel"].choices = [(each.value, each.label) for each in channels]  # type: ignore[attr-defined]
        self.fields["agreed_on"].initial = self.today
        self.fields["agreed"].label = (
            _("I have made sure that this person has parental responsibility, and the child knows.")
            if self.is_child
            else _("The patient agreed, and knows what this person will see.")
        )

    def clean_agreed_on(self) -> Any:
        day = self.cleaned_data["agreed_on"]
        if day > self.today:
            raise ValidationError(_("This day is still to come."))
        return day

    @property
    def what_is_agreed(self) -> Agreed:
        values = self.cleaned_data
        return Agreed(
            level=values["level"],
            until=last_day(self.today, values["term"]),
            channel=Channel(values.get("channel", Channel.SELF)),
            on=values.get("agreed_on", self.today),
        )


class GiveForm(AgreedForm):
    name = forms.CharField(
        label=_("Their name"), max_length=80, error_messages={"required": _("Please fill in the name.")}
    )
    relation = forms.CharField(
        label=_("Who they are to the patient"),
        max_length=60,
        error_messages={"required": _("Please say who they are, as: daughter.")},
    )
    email = forms.EmailField(
        label=_("Their e-mail address"),
        required=False,
        max_length=254,
        help_text=_("If you want us to send them the link. It says nothing about health."),
    )

    field_order = ("name", "relation", "level", "term", "email", "channel", "agreed_on", "agreed")

    def __init__(self, data: Any = None, *, patient: Patient, by_clinic: bool, **kwargs: Any) -> None:
        super().__init__(data, patient=patient, by_clinic=by_clinic, **kwargs)
        if not by_clinic:
            self.fields["relation"].label = _("Who they are to you")

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_relation(self) -> str:
        return " ".join(str(self.cleaned_data["relation"]).split())


class RenewForm(AgreedForm):
    def __init__(self, data: Any = None, *, access: FamilyAccess, by_clinic: bool) -> None:
        super().__init__(data, patient=access.patient, by_clinic=by_clinic, initial={"level": access.level})

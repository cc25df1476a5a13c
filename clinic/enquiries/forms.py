from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.enquiries.consent import TEXTS, VERSION
from clinic.enquiries.models import State, end_of
from clinic.strangers.forms import StrangersForm, no_address
from patients.accounts.models import Clinic, Clinician
from patients.entrance.forms import BirthDateForm
from patients.records.forms import ClinicianChoice, has_something_to_see


class VisitForm(BirthDateForm, StrangersForm):
    kind = "visit"
    free_text = ("problem", "since", "preferred_times")

    first_name = forms.CharField(
        label=gettext_lazy("First name"),
        max_length=80,
        validators=[has_something_to_see, no_address],
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=gettext_lazy("Surname"),
        max_length=80,
        validators=[has_something_to_see, no_address],
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    problem = forms.CharField(
        label=gettext_lazy("What is the problem?"),
        help_text=gettext_lazy("A few words are enough, as: pain low in my back, down to my left knee."),
        max_length=1000,
        validators=[has_something_to_see],
        widget=forms.Textarea({"rows": 4}),
    )
    since = forms.CharField(
        label=gettext_lazy("Since when?"),
        help_text=gettext_lazy("As: since Easter, or for 3 weeks."),
        required=False,
        max_length=80,
    )
    preferred_times = forms.CharField(
        label=gettext_lazy("When can you come?"),
        help_text=gettext_lazy("As: mornings, not on Tuesdays."),
        required=False,
        max_length=200,
    )
    consent = forms.BooleanField(
        label=TEXTS[VERSION], error_messages={"required": gettext_lazy("Please tick this, so that we may call you.")}
    )

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and len(end_of(phone)) < 5:
            raise ValidationError(_("This is no whole phone number. Please check it."))
        return phone

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not {"phone", "email"} & self.errors.keys() and not values.get("phone") and not values.get("email"):
            self.add_error("phone", _("Please give us a phone number or an e-mail address, so that we can answer."))
        # Half of the world is already in tomorrow, and nobody is born there.
        if hasattr(self, "born_on") and self.born_on > timezone.now().date():
            self.add_error("year", _("This day is still to come. Please check the year."))
        return values

    @property
    def values(self) -> dict[str, Any]:
        names = ("first_name", "last_name", "phone", "email", "problem", "since", "preferred_times")
        return {name: self.cleaned_data[name] for name in names} | {"born_on": self.born_on}


class QueueForm(forms.Form):
    SHOW = [
        ("open", gettext_lazy("To answer")),
        ("arranged", gettext_lazy("Visit arranged")),
        ("closed", gettext_lazy("Closed")),
    ]
    show = forms.ChoiceField(choices=SHOW, required=False)


class StateForm(forms.Form):
    """Becoming a patient is no wish of this form: it needs the record."""

    state = forms.ChoiceField(choices=[choice for choice in State.choices if choice[0] != State.PATIENT])


class RequestNoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=2000,
        validators=[has_something_to_see],
        widget=forms.Textarea({"rows": 2}),
    )


class RequestAssignForm(forms.Form):
    def __init__(self, data: Any = None, *, clinic: Clinic) -> None:
        super().__init__(data)
        colleagues = Clinician.objects.filter(clinic=clinic, user__is_active=True).select_related("user")
        self.fields["to"] = ClinicianChoice(
            colleagues,
            required=False,
            label=gettext_lazy("Taken by"),
            empty_label=_("nobody"),
            error_messages={"invalid_choice": _("Choose a colleague of this clinic.")},
        )

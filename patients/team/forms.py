from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.accounts.models import Clinic, Clinician
from patients.records.forms import (
    ClinicianChoice,
    DayField,
    has_something_to_see,
    not_before_1900,
    not_in_the_future,
)
from patients.records.models import Patient
from patients.team.away import CoverIsAway
from patients.team.models import Agreement
from patients.team.rules import LONGEST_DAYS, Part, divided
from patients.team.transfers import clinic_named

NO_DAY = {"required": _("Fill in the day."), "invalid": _("A date, like 2026-03-14.")}
CHOOSE = {"required": _("Choose a colleague."), "invalid_choice": _("Choose a colleague of this clinic.")}


def colleagues_of(clinician: Clinician) -> QuerySet[Clinician]:
    """The others of the clinic who sign in."""
    others = Clinician.objects.filter(clinic=clinician.clinic_id, user__is_active=True).exclude(pk=clinician.pk)
    return others.select_related("user")


def offer(field: Any, clinician: Clinician) -> None:
    field.queryset, field.empty_label = colleagues_of(clinician), gettext("Choose a colleague")


class DaysAwayForm(forms.Form):
    """From when to when, and who covers. Two more may take over, each from a day of their own. today: at the clinic."""

    today: date

    first_day = DayField(label=_("Away from"), error_messages=NO_DAY)
    last_day = DayField(label=_("Last day away"), error_messages=NO_DAY)
    cover = ClinicianChoice(Clinician.objects.none(), label=_("Covered by"), error_messages=CHOOSE)
    from_2 = DayField(required=False, label=_("From this day"), error_messages=NO_DAY)
    cover_2 = ClinicianChoice(
        Clinician.objects.none(), required=False, label=_("Then covered by"), error_messages=CHOOSE
    )
    from_3 = DayField(required=False, label=_("From this day"), error_messages=NO_DAY)
    cover_3 = ClinicianChoice(
        Clinician.objects.none(), required=False, label=_("Then covered by"), error_messages=CHOOSE
    )

    COVERS = ("cover", "cover_2", "cover_3")

    @property
    def later(self) -> list[tuple[Any, Any]]:
        return [(self[f"from_{number}"], self[f"cover_{number}"]) for number in (2, 3)]

    @property
    def later_in_use(self) -> bool:
        return any(field.value() or field.errors for pair in self.later for field in pair)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first_day"), values.get("last_day")
        if first and last:
            if last < first:
                self.add_error("last_day", gettext("This is before the first day."))
            elif last < self.today:
                self.add_error("last_day", gettext("These days are past."))
            elif (last - first).days >= LONGEST_DAYS or (first - self.today).days > LONGEST_DAYS:
                self.add_error("last_day", gettext("At most a year, and at most a year ahead."))
        before = first
        for number in (2, 3):
            before = self._check_later(number, before, last)
        return values

    def _check_later(self, number: int, before: date | None, last: date | None) -> date | None:
        """Both or neither, and each begins after the one before. The day that the next has to come after."""
        names = f"from_{number}", f"cover_{number}"
        start, cover = (self.cleaned_data.get(name) for name in names)
        if start and not cover and names[1] not in self.errors:
            self.add_error(names[1], gettext("Choose a colleague."))
        if cover and not start and names[0] not in self.errors:
            self.add_error(names[0], gettext("Fill in the day."))
        if start and before and last and not before < start <= last:
            self.add_error(names[0], gettext("This lies outside of your days, or before the one above."))
        return start or before

    @property
    def parts(self) -> list[Part[Clinician]]:
        values = self.cleaned_data
        later = [(values[f"from_{n}"], values[f"cover_{n}"]) for n in (2, 3) if values[f"from_{n}"]]
        return divided(values["first_day"], values["last_day"], values["cover"], later)

    def add_cover_is_away(self, error: CoverIsAway) -> None:
        used = [name for name in self.COVERS if self.cleaned_data.get(name)]
        words = gettext("%(name)s is away then: %(days)s. Choose somebody else, or divide the days.")
        self.add_error(used[error.number], words % {"name": error.absence.clinician, "days": error.absence})


class AwayForm(DaysAwayForm):
    """One's own days."""

    def __init__(self, data: Any = None, *, clinician: Clinician) -> None:
        super().__init__(data)
        self.today = clinician.today()
        for name in self.COVERS:
            offer(self.fields[name], clinician)


class HandOverForm(forms.Form):
    """Which of one's patients go to whom."""

    everybody = forms.BooleanField(required=False)
    patients = forms.ModelMultipleChoiceField(
        Patient.objects.none(),
        required=False,
        to_field_name="uuid",
        error_messages={
            "invalid_choice": _("A patient here is not yours to hand over any more. Look at the list again."),
            "invalid_pk_value": _("A patient here is not yours to hand over any more. Look at the list again."),
        },
    )
    to = ClinicianChoice(Clinician.objects.none(), label=_("To"), error_messages=CHOOSE)
    note = forms.CharField(
        required=False, max_length=2000, label=_("Note to your colleague"), widget=forms.Textarea(attrs={"rows": 3})
    )
    stays = forms.BooleanField(required=False)
    key = forms.UUIDField()

    def __init__(self, data: Any = None, *, clinician: Clinician, led: QuerySet[Patient]) -> None:
        super().__init__(data)
        self.fields["patients"].queryset = led  # type: ignore[attr-defined]
        offer(self.fields["to"], clinician)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("everybody"):
            values["patients"] = self.fields["patients"].queryset  # type: ignore[attr-defined]
        elif "patients" in values and not values["patients"]:
            self.add_error("patients", gettext("Choose at least one patient."))
        return values

    @property
    def ticked(self) -> set[str]:
        return set(self.data.getlist("patients")) if hasattr(self.data, "getlist") else set()


class EmergencyForm(forms.Form):
    name = forms.CharField(
        max_length=161, label=_("First name and surname"), error_messages={"required": _("Fill in the whole name.")}
    )
    born_on = DayField(
        label=_("Date of birth"), validators=[not_in_the_future, not_before_1900], error_messages=NO_DAY
    )
    reason = forms.CharField(
        min_length=10,
        max_length=1000,
        label=_("Why it cannot wait"),
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[has_something_to_see],
        error_messages={
            "required": _("Write why, in a sentence. The lead reads it."),
            "min_length": _("Write why, in a sentence. The lead reads it."),
        },
    )


class AgreedForm(forms.Form):
    """How and when the patient agreed to be moved."""

    agreed_how = forms.ChoiceField(
        label=_("How did the patient agree?"),
        choices=Agreement.choices,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
    agreed_on = DayField(label=_("On which day?"), error_messages=NO_DAY)
    agreed = forms.BooleanField(
        label=_("The patient agreed, and knows that the whole record goes along."),
        error_messages={"required": _("Nobody is moved without this.")},
    )

    def clean_agreed_on(self) -> date:
        day: date = self.cleaned_data["agreed_on"]
        not_in_the_future(day)
        if timezone.now().date() - day > timedelta(days=LONGEST_DAYS):
            raise ValidationError(gettext("This is long ago. Please ask the patient again."))
        return day


class TransferForm(AgreedForm):
    to = forms.CharField(
        max_length=120,
        label=_("Name of the clinic"),
        help_text=_("The whole name, as the clinic writes it on its pages here."),
        error_messages={"required": _("Fill in the name of the clinic.")},
    )

    def __init__(self, data: Any = None, *, patient: Patient) -> None:
        super().__init__(data)
        self.patient = patient
        self.fields["agreed_on"].initial = patient.clinic.today()

    def clean_to(self) -> Clinic:
        found = clinic_named(self.cleaned_data["to"], other_than=self.patient.clinic)
        if found is None:
            raise ValidationError(gettext("No other clinic here has this name. Please check how it is written."))
        return found

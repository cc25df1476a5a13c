from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.accounts.models import Clinic, Clinician

LONGEST_SNOOZE = timedelta(days=90)


class TasksForm(forms.Form):
    """Whose tasks, and which."""

    WHO = [("mine", _("Mine")), ("all", _("All of the clinic"))]
    SHOW = [("open", _("To do")), ("snoozed", _("Put off")), ("done", _("Done"))]

    who = forms.ChoiceField(required=False, choices=WHO)
    show = forms.ChoiceField(required=False, choices=SHOW)


class ResolveForm(forms.Form):
    note = forms.CharField(
        max_length=2000,
        error_messages={"required": _("Write what was done, in a few words. It stays in the record.")},
    )


class SnoozeForm(forms.Form):
    until = forms.DateField(error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")})

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= self.today:
            raise forms.ValidationError(gettext("Choose a day after today."))
        if until - self.today > LONGEST_SNOOZE:
            raise forms.ValidationError(gettext("At most 90 days ahead."))
        return until


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(
        Clinician.objects.none(),
        error_messages={
            "required": _("Choose a colleague."),
            "invalid_choice": _("Choose a colleague of the clinic."),
        },
    )

    def __init__(self, data: Any, *, clinic: Clinic) -> None:
        super().__init__(data)
        field: Any = self.fields["to"]
        field.queryset = Clinician.objects.filter(clinic=clinic, user__is_active=True)


def start_of(day: date) -> datetime:
    """When a task that was put off to that day wakes up, by the clinic's clock (the active time zone)."""
    return timezone.make_aware(datetime.combine(day, time(6)))

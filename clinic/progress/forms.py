"""Which days were off, and what the patient wants to ask at the next appointment."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.paper.forms import PAPERS
from clinic.today.models import SkipReason
from patients.records.forms import GoalStepForm, closeness_field

REASONS = (
    (SkipReason.UNWELL.value, gettext_lazy("I was unwell")),
    (SkipReason.TRAVEL.value, gettext_lazy("I was away from home")),
    (SkipReason.OTHER.value, gettext_lazy("Something else came up")),
)
MOST = 600  # letters: what fits on the sheet beside the rest


class RestForm(forms.Form):
    """Days are picked from the few that may still be filled in: there is nothing to type, and nothing to type wrongly."""

    first = forms.TypedChoiceField(
        label=gettext_lazy("From"),
        coerce=date.fromisoformat,
        error_messages={"invalid_choice": gettext_lazy("One of these days, please.")},
    )
    last = forms.TypedChoiceField(
        label=gettext_lazy("Until"),
        coerce=date.fromisoformat,
        error_messages={"invalid_choice": gettext_lazy("One of these days, please.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("What was it?"),
        choices=REASONS,
        error_messages={
            "required": gettext_lazy("Please choose one of these."),
            "invalid_choice": gettext_lazy("Please choose one of these."),
        },
    )

    def __init__(self, *args: Any, today: date, days_back: int, **more: Any) -> None:
        super().__init__(*args, **more)
        days = [today - timedelta(days=n) for n in range(days_back, -1, -1)]
        choices = [(day.isoformat(), _named(day, today)) for day in days]
        self.fields["first"].choices = self.fields["last"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if first and last and last < first:
            self.add_error("last", _("This is before the first day. Please choose a later one."))
        return said


def _named(day: date, today: date) -> str:
    words = date_format(day, "l j F")
    if day == today:
        return _("Today, %(day)s") % {"day": words}
    if day == today - timedelta(days=1):
        return _("Yesterday, %(day)s") % {"day": words}
    return words


class GoalForm(GoalStepForm):
    """How close the patient is to one of their own goals, today."""

    close = closeness_field(gettext_lazy("How close are you? 0 is not at all, 10 is there."))
    day = None  # type: ignore[assignment]


class SheetForm(forms.Form):
    questions = forms.CharField(
        label=gettext_lazy("What do you want to ask?"),
        required=False,
        max_length=MOST,
        widget=forms.Textarea,
        error_messages={
            "max_length": gettext_lazy("Please keep it to %(limit_value)d letters, so that it fits on the sheet.")
        },
    )
    paper = forms.ChoiceField(
        label=gettext_lazy("Paper"),
        choices=PAPERS,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("A4 or Letter, please.")},
    )

    def clean_paper(self) -> str:
        return self.cleaned_data["paper"] or PAPERS[0][0]

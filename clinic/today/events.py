"""The form of "Something went wrong" (PAIN-8)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.prescriptions.models import PrescribedExercise
from clinic.today.models import AdverseEvent
from clinic.today.pages import day_words, long_date
from clinic.today.reading import Line

CHOOSE = {"required": _("Please choose one."), "invalid_choice": _("Please choose one of these.")}


class AdverseEventForm(forms.Form):
    """key: made with the form, so that sending it twice says it once. back_days: how long ago it may be."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What happened?"), choices=AdverseEvent.Kind.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    happened_on = forms.ChoiceField(label=_("When?"), error_messages=CHOOSE)
    exercise = forms.ChoiceField(label=_("With which exercise?"), required=False, error_messages=CHOOSE)
    severity = forms.ChoiceField(
        label=_("How bad is it?"),
        choices=AdverseEvent.Severity.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    text = forms.CharField(
        label=_("Tell us more, if you like"), max_length=2000, required=False, widget=forms.Textarea({"rows": 4})
    )

    def __init__(
        self,
        data: Any,
        *,
        today: date,
        lines: Sequence[Line],
        back_days: int = 7,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        days = [today - timedelta(days=back) for back in range(back_days + 1)]
        self.fields["happened_on"].choices = [(day.isoformat(), _day_name(day, today)) for day in days]  # type: ignore[attr-defined]
        self.lines = {str(line.uuid): line for line in lines}
        named = [(uuid, line.plain_name) for uuid, line in self.lines.items()]
        self.fields["exercise"].choices = [("", _("None, or I am not sure")), *named]  # type: ignore[attr-defined]

    def report(self) -> dict[str, Any]:
        said = self.cleaned_data
        line = self.lines.get(said["exercise"])
        return {
            "key": said["key"],
            "kind": said["kind"],
            "severity": said["severity"],
            "happened_on": date.fromisoformat(said["happened_on"]),
            "line": PrescribedExercise.objects.select_related("exercise").get(pk=line.pk) if line else None,
            "text": said["text"],
        }


def _day_name(day: date, today: date) -> str:
    words = day_words(day, today)
    return words.capitalize() if (today - day).days < 2 else long_date(day)

"""How a sheet is printed: a day to start on, the paper, the size of its letters."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.today.pages import long_date

PAPERS = (("a4", "A4"), ("letter", _("Letter")))
YEAR = timedelta(days=366)


class PrintForm(forms.Form):
    """Everything has a default: the address without a question is a sheet that starts now, on A4."""

    start = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("A date, please, as 2026-11-30.")},
    )
    paper = forms.ChoiceField(
        label=_("Paper"),
        choices=PAPERS,
        required=False,
        error_messages={"invalid_choice": _("A4 or Letter, please.")},
    )
    large = forms.BooleanField(label=_("Large print"), required=False)

    def __init__(self, asked: Any, *, first: date, today: date) -> None:
        self.first, self.today = first, today
        given = {name: asked.get(name, "") for name in ("start", "paper", "large")}
        super().__init__(given | {"start": given["start"] or first.isoformat(), "paper": given["paper"] or "a4"})

    def clean_start(self) -> date:
        start: date = self.cleaned_data["start"]
        if abs(start - self.today) > YEAR:
            words = gettext("A day within a year of %(day)s, please.")
            raise forms.ValidationError(words % {"day": long_date(self.today)})
        return start

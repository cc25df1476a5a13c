from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MOST_DAYS = 84  # as many as the caseload shows
FIRST = "4w"  # what is shown where nothing was chosen
PERIODS = (
    (FIRST, _("Last 4 weeks")),
    ("12w", _("Last 12 weeks")),
    ("month", _("This month")),
    ("before", _("Last month")),
    ("own", _("Own dates")),
)


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )


class PeriodForm(forms.Form):
    """Which days, and whose patients. `today`: the clinic's own day."""

    period = forms.ChoiceField(label=_("Period"), choices=PERIODS, required=False)
    who = forms.ChoiceField(label=_("Patients"), choices=[("all", _("All")), ("mine", _("Mine"))], required=False)
    first = day_field(_("First day"))
    last = day_field(_("Last day"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("period") == "own" and not self.errors:
            self._check_days(said["first"], said["last"])
        return said

    def _check_days(self, first: date | None, last: date | None) -> None:
        if first is None:
            self.add_error("first", gettext("Say the first day."))
        if last is None:
            self.add_error("last", gettext("Say the last day."))
        if first is None or last is None:
            return
        if last > self.today:
            self.add_error("last", gettext("The last day is today or earlier."))
        if first > last:
            self.add_error("first", gettext("The first day comes before the last one."))
        if first <= self.today - timedelta(days=MOST_DAYS):
            self.add_error("first", gettext("The first day lies in the last 12 weeks."))

    @property
    def days(self) -> tuple[date, date]:
        """First and last day, both included."""
        chosen, today = self.cleaned_data["period"] or FIRST, self.today
        month = today.replace(day=1)
        if chosen == "own":
            return self.cleaned_data["first"], self.cleaned_data["last"]
        if chosen == "month":
            return month, today
        if chosen == "before":
            end = month - timedelta(days=1)
            return end.replace(day=1), end
        return today - timedelta(days=83 if chosen == "12w" else 27), today


class SheetForm(forms.Form):
    """Which days of a patient's monitoring: thirty from a day on, or a calendar month."""

    start = day_field(_("First day"))
    view = forms.ChoiceField(
        label=_("Period"),
        choices=[("30", _("30 days")), ("month", _("Calendar month"))],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_start(self) -> date | None:
        start: date | None = self.cleaned_data["start"]
        if start and not date(2000, 1, 1) <= start <= self.today:
            raise forms.ValidationError(gettext("The first day is today or earlier."))
        return start

    @property
    def days(self) -> tuple[date, date]:
        start = self.cleaned_data["start"]
        if self.cleaned_data["view"] == "month":
            first = (start or self.today).replace(day=1)
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        first = start or self.today - timedelta(days=29)
        return first, first + timedelta(days=29)

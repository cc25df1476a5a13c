"""What of a story is shown, and between which days."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.story.course import PERIODS, WHOLE
from clinic.story.entries import DAY, MONTHS, WEEKS, Kind
from patients.records.forms import DayField, not_before_1900


class StoryForm(forms.Form):
    """Everything, unless kinds are picked. `e`: entries before that day."""

    k = forms.MultipleChoiceField(
        required=False,
        label=_("Show"),
        choices=lambda: [(kind.value, kind.label) for kind in Kind],
        widget=forms.CheckboxSelectMultiple,
    )
    g = forms.ChoiceField(required=False, label=_("Group by"), choices=[(WEEKS, _("Week")), (MONTHS, _("Month"))])
    p = forms.ChoiceField(
        required=False,
        label=_("Charts"),
        choices=lambda: [
            *((key, gettext("%(weeks)s weeks") % {"weeks": weeks}) for key, weeks in PERIODS.items()),
            (WHOLE, gettext("Whole episode")),
        ],
    )
    e = forms.DateField(required=False, input_formats=["%Y-%m-%d"], validators=[not_before_1900])

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.ok = self.is_valid()

    @property
    def kinds(self) -> list[Kind]:
        picked = set(self.cleaned_data.get("k", ()))
        return [kind for kind in Kind if not picked or kind in picked]

    @property
    def groups(self) -> str:
        return self.cleaned_data.get("g") or WEEKS

    @property
    def period(self) -> str:
        return self.cleaned_data.get("p") or "12"

    @property
    def before(self) -> date:
        """Tomorrow at the latest: nothing of the future is told."""
        last = self.today + DAY
        return min(self.cleaned_data.get("e") or last, last)


class SinceForm(forms.Form):
    """The day from which a summary tells; empty is the one that the page proposes."""

    since = DayField(required=False, label=_("Since"), validators=[not_before_1900])

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean_since(self) -> date | None:
        since: date | None = self.cleaned_data["since"]
        if since and since > self.today:
            raise forms.ValidationError(gettext("Choose today or an earlier day."))
        return since


class TwoDaysForm(forms.Form):
    """Two days to set beside each other; empty are those that the page proposes."""

    a = DayField(required=False, label=_("First day"), validators=[not_before_1900])
    b = DayField(required=False, label=_("Second day"), validators=[not_before_1900])

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in ("a", "b"):
            if said.get(name) and said[name] > self.today:
                self.add_error(name, gettext("Choose today or an earlier day."))
        first, second = said.get("a"), said.get("b") or self.today
        if first and second < first:
            self.add_error("b", gettext("This is before the first day. Please choose a later one."))
        return said

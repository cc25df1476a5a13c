from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.caseload.listing import ALL, GROUPS, MINE, NOBODYS, Asked
from clinic.caseload.topics import Topic
from patients.models import Clinician
from patients.records.models import searched_words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class CaseloadForm(forms.Form):
    """What of the caseload is looked at. `asked` falls back on everybody where something makes no sense."""

    q = forms.CharField(required=False, max_length=120, label=_("Find a patient"))
    who = forms.ChoiceField(required=False, label=_("Whose patients"))
    group = forms.ChoiceField(required=False, choices=[(group.key, group.label) for group in GROUPS])
    about = forms.ChoiceField(required=False, choices=Topic.choices)

    def __init__(self, data: Any, *, colleagues: Iterable[Clinician]) -> None:
        super().__init__(data)
        led = [(str(each.pk), gettext("Led by %(clinician)s") % {"clinician": each}) for each in colleagues]
        who: Any = self.fields["who"]
        who.choices = [(ALL, gettext("All patients")), (MINE, gettext("Mine")), (NOBODYS, gettext("Nobody’s")), *led]

    @property
    def asked(self) -> Asked:
        said = self.cleaned_data
        words = searched_words(said.get("q", ""))
        return Asked(said.get("who") or ALL, said.get("group", ""), said.get("about", ""), words)


class SaveViewForm(forms.Form):
    name = forms.CharField(
        max_length=40, label=_("Name"), error_messages={"required": _("Give it a name, as: My flare-ups.")}
    )
    opens_first = forms.BooleanField(required=False, label=_("Open the caseload with it"))

    prefix = "view"


def limit(label: "StrOrPromise", low: int, high: int) -> forms.TypedChoiceField:
    choices = [("", _("The clinic’s")), *((str(n), str(n)) for n in range(low, high + 1))]
    wrong = format_lazy(_("From {low} to {high}, or the clinic’s."), low=low, high=high)
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": wrong},
    )


class PainLimitsForm(forms.Form):
    """A patient's own pain zones (PAIN-2)."""

    amber_to = limit(_("Ceiling: amber up to"), 3, 7)
    green_to = limit(_("Green up to"), 2, 4)
    note = forms.CharField(
        label=_("Why"), max_length=300, error_messages={"required": _("Say why, for your colleagues.")}
    )

    prefix = "limits"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        green, ceiling = said.get("green_to"), said.get("amber_to")
        if green is not None and ceiling is not None and green > ceiling:
            self.add_error("green_to", gettext("Green ends at the ceiling or below."))
        return said

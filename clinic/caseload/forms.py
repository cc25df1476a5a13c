from typing import Any

from django import forms

from clinic.caseload.cases import GROUPS


class CaseloadForm(forms.Form):
    q = forms.CharField(required=False, max_length=120, label="Find a patient")
    who = forms.ChoiceField(required=False, choices=[("all", "All patients"), ("mine", "Mine")])
    group = forms.ChoiceField(required=False, choices=[(group.key, group.label) for group in GROUPS])


def limit(label: str, low: int, high: int) -> forms.TypedChoiceField:
    choices = [("", "The clinic’s"), *((str(n), str(n)) for n in range(low, high + 1))]
    wrong = f"From {low} to {high}, or the clinic’s."
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

    amber_to = limit("Ceiling: amber up to", 3, 7)
    green_to = limit("Green up to", 2, 4)
    note = forms.CharField(label="Why", max_length=300, error_messages={"required": "Say why, for your colleagues."})

    prefix = "limits"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        green, ceiling = said.get("green_to"), said.get("amber_to")
        if green is not None and ceiling is not None and green > ceiling:
            self.add_error("green_to", "Green ends at the ceiling or below.")
        return said

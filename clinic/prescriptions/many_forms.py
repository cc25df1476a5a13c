from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from clinic.prescriptions.dosage import DosageError
from clinic.prescriptions.dosage_parse import LONGEST_TEXT, parse
from clinic.prescriptions.drafting import default_dosage
from clinic.prescriptions.many import Change, Kind
from exercises.models import Exercise


class ManyForm(forms.Form):
    """One exercise and what happens to it. `change` holds it once the form is valid."""

    exercise = forms.ChoiceField(label=_("Exercise"), error_messages={"required": _("Choose an exercise.")})
    kind = forms.ChoiceField(
        label=_("Change"),
        choices=[
            (Kind.REPLACE.value, _("Replace it by another")),
            (Kind.DOSE.value, _("Change its dose")),
            (Kind.REMOVE.value, _("Take it out")),
        ],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Choose what is to happen.")},
    )
    other = forms.ChoiceField(label=_("By this one"), required=False)
    dose = forms.CharField(
        label=_("New dose"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("As: 3x12 or 2x/day. What you do not type stays as each patient has it."),
    )
    note = forms.CharField(
        label=_("Note to the patients"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What is new and why, in plain words. All of them read it."),
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        in_use: Sequence[tuple[Exercise, int]],
        catalogue: Sequence[Exercise],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.change: Change | None = None
        self.by_slug = {exercise.slug: exercise for exercise in catalogue} | {each.slug: each for each, _ in in_use}
        self.fields["exercise"].choices = [("", "–")] + [  # type: ignore[attr-defined]
            (exercise.slug, f"{exercise.name} · {_patients(number)}") for exercise, number in in_use
        ]
        self.fields["other"].choices = [("", "–")] + [  # type: ignore[attr-defined]
            (exercise.slug, exercise.name) for exercise in catalogue
        ]

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if self.errors:
            return typed
        exercise, kind = self.by_slug[typed["exercise"]], Kind(typed["kind"])
        other = self.by_slug.get(typed["other"]) if kind == Kind.REPLACE else None
        dose = typed["dose"].strip() if kind == Kind.DOSE else ""
        if kind == Kind.REPLACE and (other is None or other == exercise):
            self.add_error("other", gettext("Choose another exercise."))
        if kind == Kind.DOSE:
            self._check(dose, exercise)
        self.change = Change(exercise, kind, other, dose)
        return typed

    def _check(self, dose: str, exercise: Exercise) -> None:
        if not dose:
            self.add_error("dose", gettext("Type the new dose."))
            return
        try:
            parse(dose, base=default_dosage(exercise)).validate()
        except DosageError as error:
            self.add_error("dose", " ".join(error.errors.values()))


def _patients(number: int) -> str:
    return ngettext("%(number)d patient", "%(number)d patients", number) % {"number": number}

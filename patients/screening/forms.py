from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.screening.actions import NOTE_MIN
from patients.screening.red_flags import ANSWERS, Group, Question

WRITE_WHY = format_lazy(_("Write why, in {number} characters at least."), number=NOTE_MIN)


@dataclass(frozen=True)
class Row:
    question: Question
    chosen: str
    error: str


class CheckForm(forms.Form):
    """One choice for each question that is asked. Nothing is chosen beforehand: a no has to be said."""

    answers = ANSWERS

    def __init__(self, data: Any = None, *, groups: Iterable[Group]) -> None:
        super().__init__(data)
        self.groups = tuple(groups)
        for group in self.groups:
            for question in group.questions:
                self.fields[question.id] = forms.ChoiceField(
                    choices=ANSWERS, error_messages={"required": gettext("Please choose an answer.")}
                )

    @property
    def sections(self) -> list[tuple[Group, list[Row]]]:
        return [(group, [self._row(question) for question in group.questions]) for group in self.groups]

    @property
    def open_rows(self) -> list[Row]:
        return [row for _, rows in self.sections for row in rows if row.error]

    def _row(self, question: Question) -> Row:
        errors = self.errors.get(question.id) or [""]
        return Row(question, str(self.data.get(question.id, "")), str(errors[0]))


class ClearanceForm(forms.Form):
    cleared = forms.ChoiceField(choices=[("1", _("Cleared")), ("0", _("Not cleared yet"))])
    note = forms.CharField(
        label=_("What you found, and what was decided"),
        min_length=NOTE_MIN,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": WRITE_WHY,
            "min_length": WRITE_WHY,
        },
    )

"""What patients and clinicians send of a measure. A blank is no answer; zero is one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.outcomes.measures import ABLE_WORDS, CHANGE_WORDS, GROC, ODI, PSFS, START, Item, Measure
from patients.outcomes.models import Activity
from patients.outcomes.scoring import OutOfRange, checked, fits_start, higher_of, score_of
from patients.outcomes.wording import wording_of
from patients.records.forms import DayField
from patients.records.models import Patient

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TWO_TICKS = re.compile(r"([0-5])(?:\s*[ ,;/+]\s*([0-5]))?", re.ASCII)
ACTIVITY_ENDS = (_("0 can’t"), _("10 as before"))


def items_of(measure: Measure, activities: Sequence[Activity]) -> tuple[Item, ...]:
    """What is asked: the measure's own items, the patient's activities, or the statements of the clinic's file."""
    if measure is PSFS:
        return tuple(Item(f"a{each.pk}", each.text, 0, 10, ABLE_WORDS, ACTIVITY_ENDS) for each in activities)
    wording = wording_of(measure)
    if wording:
        return tuple(Item(str(n), text, 0, 1) for n, text in enumerate(wording.statements, 1))
    return measure.items


def key_of(measure: Measure, name: str) -> str:
    """What an answer is kept under: activities by their row, everything else by its name."""
    return name.removeprefix("a") if measure is PSFS else name


class AnswerField(forms.IntegerField):
    def __init__(self, item: Item) -> None:
        wrong = gettext("A whole number from %(low)s to %(high)s, or leave it empty.") % {
            "low": item.low,
            "high": item.high,
        }
        errors = {"invalid": wrong, "min_value": wrong, "max_value": wrong}
        super().__init__(
            label=item.text, min_value=item.low, max_value=item.high, required=False, error_messages=errors
        )


@dataclass(frozen=True, slots=True)
class Question:
    """One question as its page shows it."""

    name: str
    text: "StrOrPromise"
    look: str
    value: Any
    error: str
    words: "tuple[StrOrPromise, ...]" = ()
    low: "StrOrPromise" = ""
    high: "StrOrPromise" = ""
    most: int = 0
    choices: "tuple[tuple[int, StrOrPromise], ...]" = ()


class MeasureForm(forms.Form):
    """A patient's answers to one measure."""

    again = forms.BooleanField(required=False)

    def __init__(
        self, data: Any = None, *, measure: Measure, items: Sequence[Item], said: dict[str, int] | None = None
    ):
        names = {item.key: (said or {}).get(key_of(measure, item.key)) for item in items}
        super().__init__(data, initial={name: value for name, value in names.items() if value is not None})
        self.measure, self.items_asked = measure, items
        for item in items:
            self.fields[item.key] = AnswerField(item)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.ticks and not self.answers:
            raise forms.ValidationError(gettext("Nothing is answered yet. Answer at least one."))
        return said

    @property
    def ticks(self) -> bool:
        """Statements: a blank is not ticked, and that is an answer."""
        return wording_of(self.measure) is not None

    @property
    def answers(self) -> dict[str, int]:
        said = {item.key: self.cleaned_data.get(item.key) for item in self.items_asked}
        if self.ticks:
            return {key: int(bool(value)) for key, value in said.items()}
        return {key_of(self.measure, key): value for key, value in said.items() if value is not None}

    @property
    def questions(self) -> list[Question]:
        return [self._question(item) for item in self.items_asked]

    def _question(self, item: Item) -> Question:
        value = self[item.key].value()
        look = "scale" if item.words else "number"
        choices: tuple[tuple[int, StrOrPromise], ...] = ()
        if self.measure is GROC:
            look, choices = "choice", tuple(CHANGE_WORDS.items())
        elif self.ticks:
            look = "tick"
        return Question(
            name=item.key, text=item.text, look=look, value="" if value is None else value,
            error=" ".join(map(str, self.errors.get(item.key, ()))), words=item.words, low=item.ends[0],
            high=item.ends[1], most=item.high, choices=choices,
        )  # fmt: skip


class NamingForm(forms.Form):
    """Three to five activities in the patient's own words; with some named already, as many as are still missing."""

    def __init__(self, data: Any = None, *, named: int = 0) -> None:
        super().__init__(data)
        self.least = max(0, 3 - named)
        for n in range(1, 6 - named):
            self.fields[f"activity_{n}"] = forms.CharField(
                label=f"{n}." if n <= self.least else gettext("%(number)s. If you like") % {"number": n},
                max_length=200,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and len({text.casefold() for text in self.texts}) < self.least:
            first_blank = next(name for name in self.fields if not said.get(name))
            words = gettext("Name three different ones.") if self.least == 3 else gettext("One more is needed.")
            self.add_error(first_blank, words)
        return said

    @property
    def texts(self) -> list[str]:
        return [text for name in self.fields if (text := self.cleaned_data.get(name))]


class ActivityForm(forms.Form):
    text = forms.CharField(max_length=200, label=_("Add an activity, in the patient’s own words"))


class ScoreForm(forms.Form):
    """What a clinician enters of a measure: its score from the licensed form, or the scores of its items."""

    day = DayField(label=_("Taken on"))
    again = forms.BooleanField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(max_length=300, required=False, label=_("Note"))

    def __init__(
        self, data: Any = None, *, measure: Measure, patient: Patient, activities: Sequence[Activity] = ()
    ) -> None:
        self.today, self.asks_again = patient.local_day(), False
        super().__init__(data, initial={"day": self.today})
        self.measure = measure
        self.items_asked = () if wording_of(measure) else items_of(measure, activities)
        for item in self.items_asked:
            self.fields[item.key] = (
                forms.CharField(label=item.text, required=False, max_length=10)
                if measure is ODI
                else AnswerField(item)
            )
        if not self.items_asked or measure is ODI:
            label = (
                gettext("Score, %(low)s to %(high)s, %(unit)s")
                if measure.unit
                else gettext("Score, %(low)s to %(high)s")
            )
            self.fields["score"] = forms.DecimalField(
                label=label % {"low": f"{measure.low:f}", "high": f"{measure.high:f}", "unit": measure.unit}, required=False, max_digits=6,
                decimal_places=max(1, measure.places),
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.1" if measure.places else "1"}),
            )  # fmt: skip

    @property
    def item_fields(self) -> list[forms.BoundField]:
        return [self[item.key] for item in self.items_asked]

    @property
    def has_score(self) -> bool:
        return "score" in self.fields

    @property
    def answers(self) -> dict[str, int]:
        said = {key_of(self.measure, item.key): self.cleaned_data.get(item.key) for item in self.items_asked}
        return {key: value for key, value in said.items() if value not in (None, "")}

    @property
    def score(self) -> Decimal | None:
        return self.cleaned_data.get("score")

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(gettext("This day is still to come."))
        if day.year < 1990:
            raise forms.ValidationError(gettext("Not before 1990."))
        return day

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.measure is ODI:
            self._read_sections(said)
        if not self.errors:
            self._check(said)
        return said

    def _read_sections(self, said: dict[str, Any]) -> None:
        """0 to 5, or the two that were ticked: the higher counts."""
        for item in self.items_asked:
            typed = (said.get(item.key) or "").strip()
            found = TWO_TICKS.fullmatch(typed)
            if typed and not found:
                self.add_error(item.key, gettext("0 to 5, or two ticks as 2/3."))
            said[item.key] = higher_of(int(each) for each in found.groups() if each) if found else None

    def _check(self, said: dict[str, Any]) -> None:
        score, answers = said.get("score"), self.answers
        if score is None and not answers:
            self.add_error("score" if self.has_score else self.items_asked[0].key, gettext("Enter a score."))
        elif score is not None and answers:
            self.add_error("score", gettext("Enter the score or the sections, not both."))
        elif score is not None:
            try:
                checked(self.measure, score)
            except OutOfRange:
                words = (
                    gettext("From %(low)s to %(high)s.")
                    if self.measure.places
                    else gettext("A whole number from %(low)s to %(high)s.")
                )
                self.add_error("score", words % {"low": f"{self.measure.low:f}", "high": f"{self.measure.high:f}"})
        elif self.measure is START and "total" not in answers:
            self.add_error("total", gettext("The total is needed."))
        elif self.measure is START and "psych" in answers and not fits_start(answers["total"], answers["psych"]):
            self.add_error("psych", gettext("This does not fit the total: 5 of the 9 items belong to it."))
        elif score_of(self.measure, answers) is None and not said.get("again"):
            # Asked once more (PROM-1): sent again, the answers are kept without a score.
            self.asks_again = True
            least = (
                gettext("At least 8 sections are needed for a score.")
                if self.measure is ODI
                else gettext("Too little for a score.")
            )
            self.add_error(
                self.items_asked[0].key,
                gettext("%(problem)s Add what is missing, or save again as it is.") % {"problem": least},
            )

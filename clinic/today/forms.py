"""What Today's buttons and forms send."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.prescriptions.dosage import TickSide
from clinic.today.models import Moved, Place, Session, SkipReason
from patients.outcomes.measures import PAIN_WORDS as PAIN_WORDS

# Shorter than the record's words for it: they stand under the question.
MOVES = (
    (Moved.TOWARD.value, _("Toward my back")),
    (Moved.NOT.value, _("It stayed")),
    (Moved.AWAY.value, _("Further out or down")),
)
TICK = re.compile(r"([0-9a-f-]{36})\.([1-9][0-9]?)\.(?:([1-9][0-9]?)\.(both|left|right)|all)\.([01])", re.ASCII)
SKIP = re.compile(r"(?:([0-9a-f-]{36})\.([1-9][0-9]?)|day)\.([a-z]*)", re.ASCII)


AMOUNT = re.compile(r"n\.([1-9][0-9]?)\.(both|left|right)", re.ASCII)
AMOUNT_MOST = 600

EFFORT_WORDS = (
    _("No effort"), _("Very light"), _("Light"), _("Quite light"),
    _("Moderate"), _("A bit hard"), _("Hard"), _("Harder"),
    _("Very hard"), _("Nearly all I had"), _("As hard as I can"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tick:
    """One tap: a set of a line of the plan, or all its sets, that is now done or not. Never "the other way round", so
    that sending it twice says the same."""

    line: UUID
    occasion: int
    only: tuple[int, TickSide] | None
    done: bool


@dataclass(frozen=True, slots=True)
class SaidSkip:
    """ "Couldn't today", for a line or for the whole day; without a reason it is taken back."""

    line: UUID | None
    occasion: int
    reason: str


def read_tick(text: str) -> Tick | None:
    """`line.occasion.set.side.done` or `line.occasion.all.done`; None when it is neither."""
    found = TICK.fullmatch(text)
    uuid = found and read_uuid(found[1])
    if not found or not uuid:
        return None
    only = (int(found[3]), found[4]) if found[3] else None
    return Tick(uuid, int(found[2]), only, found[5] == "1")  # type: ignore[arg-type]


def read_skip(text: str) -> SaidSkip | None:
    """`line.occasion.reason` or `day.reason`; None when it is neither."""
    found = SKIP.fullmatch(text)
    if not found or (found[3] and found[3] not in SkipReason.values):
        return None
    if found[1] is None:
        return SaidSkip(None, 1, found[3])
    uuid = read_uuid(found[1])
    return SaidSkip(uuid, int(found[2]), found[3]) if uuid else None


@dataclass(frozen=True, slots=True)
class SaidAmounts:
    """How much was done of each set: a number, or None where the field is empty. typed, errors: by the set, where what
    was typed is no such number."""

    amounts: dict[tuple[int, str], int | None]
    typed: dict[tuple[int, str], str]
    errors: dict[tuple[int, str], str]


def read_amounts(fields: Mapping[str, str]) -> SaidAmounts:
    """Fields `n.set.side`."""
    said = SaidAmounts({}, {}, {})
    for name, value in fields.items():
        found = AMOUNT.fullmatch(name)
        if not found:
            continue
        tick = (int(found[1]), found[2])
        text = value.strip()
        said.typed[tick] = text
        if text and not (re.fullmatch("[0-9]{1,3}", text, re.ASCII) and int(text) <= AMOUNT_MOST):
            said.errors[tick] = gettext("A whole number from 0 to %(most)d, or leave it empty.") % {
                "most": AMOUNT_MOST
            }
        else:
            said.amounts[tick] = int(text) if text else None
    return said


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def read_round(text: str) -> int:
    return int(text) if re.fullmatch(r"[1-9]|1[0-2]", text, re.ASCII) else 0


def read_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def score(*, required: bool = False) -> forms.IntegerField:
    """0 to 10. Zero is an answer, blank is none."""
    wrong = _("A whole number from 0 to 10, or leave it empty.")
    if required:
        wrong = _("A whole number from 0 to 10, please.")
    return forms.IntegerField(
        min_value=0,
        max_value=10,
        required=required,
        error_messages={"required": wrong, "invalid": wrong, "min_value": wrong, "max_value": wrong},
    )


def yes_or_no() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))],
        required=False,
        coerce=lambda said: said == "yes",
        empty_value=None,
        error_messages={"invalid_choice": _("Yes or no, or leave it empty.")},
    )


def moved() -> forms.ChoiceField:
    wrong = _("One of these, or none.")
    return forms.ChoiceField(choices=MOVES, required=False, error_messages={"invalid_choice": wrong})


class BeforeForm(forms.ModelForm):
    pain_before = score()

    class Meta:
        model = Session
        fields = ("pain_before",)


class WhereForm(forms.Form):
    """Where it was felt, which way it moved, and for how long (PAIN-1, PAIN-6)."""

    places = forms.MultipleChoiceField(
        choices=Place.choices, required=False, error_messages={"invalid_choice": _("One of these places, or none.")}
    )
    moved = moved()
    away_lasted = yes_or_no()
    is_numb = yes_or_no()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("moved") != Moved.AWAY:
            said["away_lasted"] = None
        if "places" in said:  # in the order of the body, each once
            said["places"] = [place for place in Place.values if place in said["places"]]
        return said


class AfterForm(WhereForm):
    pain_worst = score()
    effort = score()
    comment = forms.CharField(max_length=2000, required=False)


class MorningForm(forms.Form):
    pain_morning = score(required=True)


class HurtsForm(forms.Form):
    """ "It hurts", while doing an exercise."""

    pain = score(required=True)
    moved = moved()
    away_lasted = yes_or_no()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("moved") != Moved.AWAY:
            said["away_lasted"] = None
        return said

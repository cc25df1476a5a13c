"""The questions that come before a gentle plan (FLARE-2): the one place where this slice asks for the red-flag check."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone

from patients.models import Patient, Screening, User
from patients.screening.models import NEEDS_CLEARANCE, Level, Occasion
from patients.tasks.actions import SAME_DAY, TWO_DAYS, raise_task
from patients.tasks.models import Kind

ANSWERS = [("yes", "Yes"), ("no", "No"), ("unsure", "Not sure")]
RULES = "flare-1"


@dataclass(frozen=True, slots=True)
class Question:
    words: str
    yes: Level
    unsure: Level


QUESTIONS = {
    "bladder": Question(
        "Is it new that you have trouble passing urine, or that you leak urine or stool?", Level.A, Level.B
    ),
    "saddle": Question("Is it new that you feel numb between your legs or around your bottom?", Level.A, Level.B),
    "legs": Question("Are both legs painful, numb or weak, or is one leg giving way?", Level.A, Level.B),
    "accident": Question("Did it start after a bad fall or an accident?", Level.A, Level.B),
    "unwell": Question("Do you have a fever, or do you feel very unwell?", Level.B, Level.C),
    "cancer": Question("Have you ever had cancer, and is this pain new or different?", Level.B, Level.C),
}
WORST_FIRST = (Level.A, Level.B, Level.C, Level.D, Level.CLEAR)
TASKS = {Level.A: (Kind.FLAG_A, SAME_DAY), Level.B: (Kind.FLAG_B, SAME_DAY), Level.C: (Kind.FLAG_C, TWO_DAYS)}


class CheckForm(forms.Form):
    """A yes, no or not sure to each question; none is taken for granted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, question in QUESTIONS.items():
            self.fields[name] = forms.ChoiceField(
                label=question.words,
                choices=ANSWERS,
                widget=forms.RadioSelect,
                error_messages={
                    "required": "Please answer this one too.",
                    "invalid_choice": "Please answer this one too.",
                },
            )


def answer(*, patient: Patient, by: User, answers: dict[str, str]) -> Screening:
    """Stores the answers with what they ask for; a flag goes to the clinician as a task."""
    now = timezone.now()
    level = _level(answers)
    with transaction.atomic():
        made = Screening.objects.create(
            patient=patient,
            occasion=Occasion.FLARE,
            answers=answers,
            level=level,
            rules=RULES,
            answered_on=patient.local_day(now),
            answered_at=now,
            answered_by=by,
        )
        patient.checked_on = made.answered_on
        if level in NEEDS_CLEARANCE:
            patient.flag_level = min((level, patient.flag_level), key=WORST_FIRST.index)
            kind, due_in = TASKS[level]
            words = f"Check before a gentle plan: level {level.value}."
            raise_task(patient=patient, kind=kind, words=words, due_in=due_in, by=by, now=now)
        patient.save(update_fields=["checked_on", "flag_level"])
    return made


def _level(answers: dict[str, str]) -> Level:
    found = [question.yes for name, question in QUESTIONS.items() if answers[name] == "yes"]
    found += [question.unsure for name, question in QUESTIONS.items() if answers[name] == "unsure"]
    return min(found, key=WORST_FIRST.index, default=Level.CLEAR)

"""A clinic's own exercises, as its clinicians keep them: each change is written down, and checked against the plans that
patients have already."""

from django.db import transaction

from clinic.prescriptions.recheck import recheck_all
from exercises.actions import bring_back, retire
from exercises.models import Exercise
from exercises.own import OwnExerciseForm, save_own
from patients.audit.actions import record
from patients.models import User


def keep_exercise(*, form: OwnExerciseForm, by: User) -> Exercise:
    with transaction.atomic():
        is_new = form.instance.pk is None
        exercise = save_own(form=form, by=by)
        _note(exercise, by, "added" if is_new else "changed")
        if not is_new:
            recheck_all(by=by, exercises=[exercise.pk])
    return exercise


def retire_exercise(*, exercise: Exercise, by: User) -> None:
    with transaction.atomic():
        if retire(exercises=[exercise], by=by):
            _note(exercise, by, "retired")


def bring_exercise_back(*, exercise: Exercise, by: User) -> None:
    with transaction.atomic():
        if bring_back(exercises=[exercise], by=by):
            _note(exercise, by, "brought_back")


def _note(exercise: Exercise, by: User, done: str) -> None:
    record(by=by, action=f"exercise.{done}", subject=f"exercise:{exercise.slug}")

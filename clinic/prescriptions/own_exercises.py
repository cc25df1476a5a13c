"""A clinic's own exercises, as its clinicians keep them: each change is written down, and checked against the plans that
patients have already."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from clinic.prescriptions.models import PrescribedExercise, Prescription
from clinic.prescriptions.recheck import recheck_all
from exercises.actions import bring_back, retire
from exercises.models import Exercise, ExerciseQuerySet
from exercises.own import OwnExerciseForm, clinic_of_file, save_own
from patients.audit.actions import record
from patients.models import User

# A second click within it finds what the first one made.
SAME_WITHIN = timedelta(minutes=10)


class SavedMeanwhile(Exception):
    """Somebody saved it since the form was opened. Nothing was overwritten."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        super().__init__(gettext("The exercise was saved meanwhile."))


def edit_of(exercise: Exercise) -> str:
    """Which save it is as of: a form carries it, so that nobody overwrites a colleague unseen."""
    return exercise.updated_at.isoformat()


def last_saved_by(exercise: Exercise) -> User | None:
    newest = exercise.history.select_related("history_user").order_by("-history_id").first()
    return newest.history_user if newest else None


def made_lately(*, clinic: int, by: User) -> ExerciseQuerySet:
    added = Exercise.history.filter(history_type="+", history_user=by, history_date__gte=timezone.now() - SAME_WITHIN)
    return Exercise.objects.current().filter(clinic_key=clinic, pk__in=added.values("id"))


def is_in_a_plan_for(user: User, path: str) -> bool:
    """Whether a plan that this person may see, or one of a patient whom they help, has this file. A plan goes on when
    its patient is transferred, and its exercises are still the old clinic's own."""
    url = default_storage.url(path)
    theirs = Q(prescription__in=Prescription.objects.visible_to(user)) | Q(
        prescription__patient__in=user.helps_now.values("patient"), prescription__published_at__isnull=False
    )
    has_it = Q(exercise__picture=path) | Q(exercise__video=path) | Q(told__picture=url) | Q(told__video_url=url)
    name = path.rpartition("/")[2]
    return PrescribedExercise.objects.filter(theirs, has_it, exercise__clinic_key=clinic_of_file(name)).exists()


def keep_exercise(*, form: OwnExerciseForm, by: User, edit: str = "") -> Exercise:
    """edit: which save an exercise that is there was opened on. SavedMeanwhile where there was another one since."""
    with transaction.atomic():
        is_new = form.instance.pk is None
        if not is_new:
            # Of two saves the second waits here.
            standing = Exercise.objects.select_for_update().get(pk=form.instance.pk)
            if edit_of(standing) != edit:
                raise SavedMeanwhile(standing)
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

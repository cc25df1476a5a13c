"""The exercises that a clinic makes for itself."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.prescriptions.own_exercises import bring_exercise_back, keep_exercise, retire_exercise
from exercises.models import Exercise, ExerciseQuerySet
from exercises.own import OwnExerciseForm
from patients.access import ClinicianRequest, clinician_required
from patients.records.conditions import CONDITION_CHOICES


@require_safe
@clinician_required
def own_exercises(request: ClinicianRequest) -> HttpResponse:
    rows = list(_own(request))
    context = {
        "current": [row for row in rows if row.retired_at is None],
        "retired": [row for row in rows if row.retired_at],
    }
    return render(request, "clinic/prescriptions/own_exercises.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def own_exercise_new(request: ClinicianRequest) -> HttpResponse:
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def own_exercise_edit(request: ClinicianRequest, slug: str) -> HttpResponse:
    return _form(request, get_object_or_404(_own(request).current(), slug=slug))


@require_POST
@clinician_required
def own_exercise_retire(request: ClinicianRequest, slug: str) -> HttpResponse:
    """Out of the catalogue, or back into it; plans that have it keep it."""
    exercise = get_object_or_404(_own(request), slug=slug)
    if request.POST.get("back"):
        bring_exercise_back(exercise=exercise, by=request.user)
        said = gettext("“%(exercise)s” is offered again.")
    else:
        retire_exercise(exercise=exercise, by=request.user)
        said = gettext("“%(exercise)s” is no longer offered. Plans that have it keep it.")
    messages.success(request, said % {"exercise": exercise.name})
    return redirect("own_exercises")


def _own(request: ClinicianRequest) -> ExerciseQuerySet:
    return Exercise.objects.filter(clinic_key=request.clinician.clinic_id)


def _form(request: ClinicianRequest, exercise: Exercise | None) -> HttpResponse:
    form = OwnExerciseForm(
        request.POST or None,
        request.FILES or None,
        instance=exercise,
        clinic_key=request.clinician.clinic_id,
        conditions=CONDITION_CHOICES,
    )
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep_exercise(form=form, by=request.user)
        except IntegrityError:
            if not _own(request).filter(name=form.cleaned_data["name"]).exists():
                raise
            return redirect("own_exercises")  # a second click, while the first was being saved
        messages.success(
            request, gettext("“%(exercise)s” is saved. Only your clinic sees it.") % {"exercise": kept.name}
        )
        return redirect(kept)
    context = {"form": form, "exercise": exercise}
    return render(request, "clinic/prescriptions/own_exercise.html", context, status=422 if form.errors else 200)

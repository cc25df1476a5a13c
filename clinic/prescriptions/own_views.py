"""The exercises that a clinic makes for itself."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.prescriptions.own_exercises import (
    SavedMeanwhile,
    bring_exercise_back,
    edit_of,
    keep_exercise,
    last_saved_by,
    made_lately,
    retire_exercise,
)
from exercises.models import Exercise, ExerciseQuerySet
from exercises.own import OwnExerciseForm
from exercises.words import listed
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
    form = _form(request)
    if request.method == "POST":
        kept = _sent_before(request)
        if kept is None and form.is_valid():
            kept, form = _keep(request, form)
            kept = kept or _sent_before(request)
        if kept:
            return _saved(request, kept)
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def own_exercise_edit(request: ClinicianRequest, slug: str) -> HttpResponse:
    exercise = get_object_or_404(_own(request).current(), slug=slug)
    form, edit = _form(request, exercise), request.POST.get("edit", "")
    if request.method == "POST" and form.is_valid():
        try:
            kept, form = _keep(request, form, edit=edit)
        except SavedMeanwhile as meanwhile:
            return _after_another(request, meanwhile.exercise)
        if kept:
            return _saved(request, kept)
    return _page(request, form, exercise, edit=edit or edit_of(exercise))


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


def _form(request: ClinicianRequest, exercise: Exercise | None = None) -> OwnExerciseForm:
    return OwnExerciseForm(
        request.POST or None,
        request.FILES or None,
        instance=exercise,
        clinic_key=request.clinician.clinic_id,
        conditions=CONDITION_CHOICES,
    )


def _sent_before(request: ClinicianRequest) -> Exercise | None:
    """What an earlier click made of the same form."""
    for exercise in made_lately(clinic=request.clinician.clinic_id, by=request.user):
        if exercise.name == request.POST.get("name", "").strip():
            form = _form(request, exercise)
            if form.is_valid() and form.says_nothing_new:
                return exercise
    return None


def _keep(
    request: ClinicianRequest, form: OwnExerciseForm, *, edit: str = ""
) -> tuple[Exercise | None, OwnExerciseForm]:
    try:
        return keep_exercise(form=form, by=request.user, edit=edit), form
    except IntegrityError:
        form = _form(request, Exercise.objects.filter(pk=form.instance.pk).first())
        if form.is_valid():
            raise
        return None, form  # the name was taken while this was being saved


def _after_another(request: ClinicianRequest, exercise: Exercise) -> HttpResponse:
    """A second click, or what would overwrite a colleague's save: pressing once more is then a decision."""
    form, edit = _form(request, exercise), edit_of(exercise)
    if not form.is_valid():
        return _page(request, form, exercise, edit=request.POST.get("edit", ""))
    if form.says_nothing_new:
        return _saved(request, exercise)
    differs = listed([str(form[name].label) for name in form.changed_data if name != "no_tags"])
    who = last_saved_by(exercise) or gettext("Somebody")
    return _page(request, form, exercise, status=409, edit=edit, saved_by=who, differs=differs)


def _saved(request: ClinicianRequest, exercise: Exercise) -> HttpResponse:
    said = gettext("“%(exercise)s” is saved. Only your clinic sees it.") % {"exercise": exercise.name}
    messages.success(request, said)
    return redirect(exercise)


def _page(
    request: ClinicianRequest,
    form: OwnExerciseForm,
    exercise: Exercise | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {"form": form, "exercise": exercise} | more
    status = 422 if form.errors else status
    return render(request, "clinic/prescriptions/own_exercise.html", context, status=status)

"""The way round, once: three plain pages with the patient's own first exercise. Nothing that is tried there is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinic.today.actions import look_at_own_plan
from clinic.today.checks import check_due
from clinic.today.reading import Line, lines_on
from exercises.lists import Moment
from exercises.offers import fitting
from exercises.showing import shows_exercises
from exercises.teaching import reads
from patients.access import PatientRequest, patient_required
from patients.models import Patient

STEPS = 3


@require_safe
@patient_required
@shows_exercises
def first_steps(request: PatientRequest) -> HttpResponse:
    step = read_step(request)
    patient, today = request.patient, request.patient.local_day()
    # While the whole red-flag check is due, Today shows no exercise either.
    check_first = check_due(patient, today).is_full
    line = None if check_first or step == STEPS else first_exercise(request)
    if line:
        look_at_own_plan(patient=patient, by=request.user, today=today)
    context = {
        "step": step, "steps": STEPS, "following": step + 1 if step < STEPS else None, "check_first": check_first,
        "line": line, "again": patient.shown_around_at is not None,
        "reads": fitting(reads(), [Moment.FIRST_VISIT]) if step == STEPS else (),
    }  # fmt: skip
    return render(request, "clinic/today/first_steps.html", context)


def read_step(request: HttpRequest) -> int:
    asked = request.GET.get("step", "")
    return int(asked) if asked in {"1", "2", "3"} else 1


def first_exercise(request: PatientRequest) -> Line | None:
    day = request.patient.local_day()
    lines = lines_on(day, user=request.user)
    return next((line for line in lines if line.is_in_force(day) and not (line.rests or line.is_apart)), None)


@require_POST
@patient_required
def first_steps_done(request: PatientRequest) -> HttpResponse:
    """Seen, or not wanted: not shown again of itself."""
    Patient.objects.filter(pk=request.patient.pk, shown_around_at=None).update(shown_around_at=timezone.now())
    return redirect("today")

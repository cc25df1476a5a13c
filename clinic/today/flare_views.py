"""A flare-up as its patient and their clinician meet it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from clinic.flare.models import FlareUp
from clinic.flare.rules import Because, longest
from clinic.prescriptions.models import Easing
from clinic.today import flare_days
from clinic.today.pages import day_words
from clinic.today.understand import reads_in_flare
from exercises.showing import shows_exercises
from patients.access import ClinicianRequest, PatientRequest, clinician_required, patient_or_helper
from patients.family.rules import Doing
from patients.models import Patient
from patients.screening.forms import CheckForm
from patients.screening.models import NEEDS_CLEARANCE
from patients.screening.red_flags import asked

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@patient_or_helper(Doing.ANSWER)
@shows_exercises
def flare(request: PatientRequest) -> HttpResponse:
    """ "My back flared up": what changes, the check, and once it is clear the gentle days."""
    patient = request.patient
    if patient.flag_level in NEEDS_CLEARANCE:
        return redirect("red_flag_result")
    groups = asked(age=patient.age_on(patient.local_day()), thresholds=patient.clinic.thresholds)
    form = CheckForm(request.POST if request.method == "POST" else None, groups=groups)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=422 if form.errors else 200)
    because = request.POST.get("because", "")
    known = Because(because) if because in set(Because) else Because.PRESSED
    begun = flare_days.begin(patient=patient, by=request.user, answers=form.cleaned_data, because=known)
    return redirect("today" if begun else "red_flag_result")


@require_POST
@patient_or_helper(Doing.ANSWER)
@shows_exercises
def flare_extend(request: PatientRequest) -> HttpResponse:
    standing = request.patient.flare_ups.open().first()
    if standing and not flare_days.go_on(flare=standing, by=request.user):
        messages.info(
            request, gettext("These are all the gentle days there are. Your clinician has been asked to look.")
        )
        return redirect("flare")
    return redirect("today")


@require_POST
@patient_or_helper(Doing.ANSWER)
@shows_exercises
def flare_better(request: PatientRequest) -> HttpResponse:
    if standing := request.patient.flare_ups.open().first():
        flare_days.finish(flare=standing, by=request.user)
        messages.success(
            request,
            gettext(
                "Good to hear. Your usual plan is back. Take it step by step. "
                "Your clinician plans the way back with you."
            ),
        )
    return redirect("today")


@require_POST
@clinician_required
def flare_end(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """A clinician ends a patient's gentle days."""
    found = FlareUp.objects.visible_to(request.user).select_related("patient__clinic")
    standing = get_object_or_404(found, uuid=uuid)
    flare_days.finish(flare=standing, by=request.user)
    messages.success(request, gettext("The gentle plan is ended. The usual plan counts again."))
    return redirect("patient_record", standing.patient.uuid)


@require_POST
@clinician_required
def easing_lift(request: ClinicianRequest, uuid: UUID, easing: int) -> HttpResponse:
    """The exercise is asked for as prescribed again."""
    patient = get_object_or_404(Patient.objects.visible_to(request.user).select_related("clinic"), uuid=uuid)
    # What a condition blocks is decided on, not lifted.
    eased = Easing.objects.filter(patient=patient).exclude(because=Easing.Because.SAFETY)
    flare_days.lift(easing=get_object_or_404(eased, pk=easing), by=request.user)
    messages.success(request, gettext("The exercise is as prescribed again."))
    return redirect("patient_record", patient.uuid)


def _page(request: PatientRequest, form: CheckForm, *, status: int = 200) -> HttpResponse:
    patient = request.patient
    today = patient.local_day()
    standing = patient.flare_ups.open().first()
    context = {
        "form": form,
        "flare": standing,
        "offer": flare_days.offer_for(patient),
        "reads": reads_in_flare(),
        "days": patient.clinic.thresholds.flare_days,
        "until": day_words(standing.until_day, today) if standing else "",
        "is_over": standing and standing.until_day < today,
        "may_extend": standing and standing.until_day < longest(standing.from_day, patient.clinic.thresholds),
    }
    return render(request, "clinic/today/flare.html", context, status=status)

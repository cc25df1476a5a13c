"""The red-flag check as the patient fills it in, and what they are told afterwards."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from clinic.today.checks import check_due
from patients.access import PatientRequest, patient_or_helper
from patients.family.rules import Doing
from patients.screening.actions import answer, is_stopped
from patients.screening.forms import CheckForm
from patients.screening.models import Level, Occasion, Screening
from patients.screening.pages import occasion_now, stop_page
from patients.screening.red_flags import asked
from patients.screening.standing import Standing

# What a link may say of why it leads here. A letter: an address says nothing about a person's state.
OCCASIONS = {"e": Occasion.EVENT, "f": Occasion.FLARE, "s": Occasion.SYMPTOM}


@require_http_methods(["GET", "HEAD", "POST"])
@patient_or_helper(Doing.ANSWER)
def red_flag_check(request: PatientRequest) -> HttpResponse:
    """The check that is due; where none is, or a link asks for it, the whole one."""
    patient = request.patient
    values = request.POST if request.method == "POST" else request.GET
    today = patient.local_day()
    due = check_due(patient, today)
    wanted = values.get("for", "")
    is_short = due.is_short and wanted not in OCCASIONS and values.get("all") != "1"
    groups = asked(age=patient.age_on(today), thresholds=patient.clinic.thresholds, short=is_short)
    form = CheckForm(request.POST if request.method == "POST" else None, groups=groups)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "is_short": is_short, "wanted": wanted if wanted in OCCASIONS else ""}
        return render(request, "patients/screening/check.html", context, status=422 if form.errors else 200)
    made = answer(
        patient=patient,
        by=request.user,
        occasion=OCCASIONS.get(wanted) or _occasion(request, due),
        answers=form.cleaned_data,
        is_short=is_short,
    )
    if not made.level and not is_stopped(patient):
        messages.success(request, gettext("Thank you. Your answers are saved."))
        return redirect("today")
    return redirect("red_flag_result")


def _occasion(request: PatientRequest, due: Standing) -> Occasion:
    if due.is_full:
        return occasion_now(request.patient)
    return Occasion.REGULAR if due.is_short else Occasion.SYMPTOM


@require_safe
@patient_or_helper(Doing.ANSWER)
def red_flag_result(request: PatientRequest) -> HttpResponse:
    """What happens next: a stop stands until a clinician lifts it, whatever was answered last."""
    patient = request.patient
    if is_stopped(patient):
        return stop_page(request, patient)
    newest = Screening.objects.visible_to(request.user).first()
    if newest is None or not newest.level:
        return redirect("today")
    context = {
        "needs_clearance": newest.level == Level.C and patient.flag_level == Level.C,
        "who": str(patient.lead or gettext("Your clinic")),
    }
    return render(request, "patients/screening/thanks.html", context)

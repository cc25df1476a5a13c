"""A clinician fills in a red-flag check, reads the earlier ones, and records what they make of a flag."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patients.access import ClinicianRequest, clinician_required
from patients.records.models import Patient
from patients.records.views import record_of
from patients.screening import actions
from patients.screening.forms import CheckForm, ClearanceForm
from patients.screening.models import Level, Occasion, Screening
from patients.screening.pages import checks_of, occasion_now, record_standing
from patients.screening.red_flags import asked

PAGE = "patients/screening/checks.html"


@require_safe
@clinician_required
def patient_checks(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """All checks of a patient, with a form at each that still needs clearance."""
    return _page(request, record_of(request, uuid, part="red-flag checks"))


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def patient_check_new(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """The questions, answered by the clinician together with the patient."""
    patient = record_of(request, uuid, part="red-flag questions")
    is_short = (request.POST if request.method == "POST" else request.GET).get("short") == "1"
    today = patient.local_day()
    groups = asked(age=patient.age_on(today), thresholds=patient.clinic.thresholds, short=is_short)
    form = CheckForm(request.POST if request.method == "POST" else None, groups=groups)
    if request.method == "POST" and form.is_valid():
        occasion = Occasion.VISIT if patient.checked_on else occasion_now(patient)
        made = actions.answer(
            patient=patient, by=request.user, occasion=occasion, answers=form.cleaned_data, is_short=is_short
        )
        messages.success(request, gettext("Saved. %(level)s.") % {"level": Level(made.level).label})
        return redirect(_way_on(request, patient))
    context = {"patient": patient, "form": form, "is_short": is_short, "draft": _draft(request)}
    return render(request, "patients/screening/check_new.html", context, status=422 if form.errors else 200)


@require_POST
@clinician_required
def patient_clearance(request: ClinicianRequest, uuid: UUID, screening: UUID) -> HttpResponse:
    patient = record_of(request, uuid)
    seen = Screening.objects.visible_to(request.user).select_related("patient")
    flagged = get_object_or_404(seen, uuid=screening, patient=patient)
    form = ClearanceForm(request.POST)
    if not form.is_valid():
        return _page(request, patient, refused=(flagged, form))
    cleared = form.cleaned_data["cleared"] == "1"
    try:
        actions.record_clearance(screening=flagged, by=request.user, cleared=cleared, note=form.cleaned_data["note"])
    except actions.AlreadyCleared:
        messages.info(request, gettext("This check was cleared meanwhile."))
    else:
        messages.success(request, gettext("Cleared.") if cleared else gettext("Noted. It is not cleared yet."))
    patient.refresh_from_db(fields=["flag_level", "checked_on"])
    return redirect(_way_on(request, patient))


def _page(
    request: ClinicianRequest, patient: Patient, refused: tuple[Screening, ClearanceForm] | None = None
) -> HttpResponse:
    context = {
        "patient": patient,
        "checks": checks_of(patient),
        "standing": record_standing(patient, patient.local_day()),
        "refused": refused[0].pk if refused else None,
        "form": refused[1] if refused else ClearanceForm(),
        "draft": _draft(request),
    }
    return render(request, PAGE, context, status=422 if refused else 200)


def _draft(request: ClinicianRequest) -> UUID | None:
    """The draft that somebody came from, to go back to."""
    try:
        return UUID((request.POST if request.method == "POST" else request.GET).get("draft", ""))
    except ValueError:
        return None


def _way_on(request: ClinicianRequest, patient: Patient) -> str:
    """Back to the draft once nothing is in its way, else to the checks."""
    draft = _draft(request)
    if draft and not actions.obstacles(patient=patient, day=patient.local_day()):
        return reverse("prescription_publish", args=[draft])
    return reverse("patient_checks", args=[patient.uuid]) + (f"?draft={draft}" if draft else "")

"""What a clinician does about an exercise that conditions speak against: swap it, keep it with a reason, or say seen."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from clinic.prescriptions import drafting
from clinic.prescriptions.draft_views import (
    edit_of,
    edits_draft,
    line_of,
    refuse,
    show_lines,
    show_publish,
    show_row,
)
from clinic.prescriptions.forms import KeepForm
from clinic.prescriptions.models import PrescribedExercise, Prescription
from clinic.prescriptions.safety_actions import acknowledge, acknowledge_all, override
from clinic.prescriptions.safety_reading import lines_safety, precautions_of
from clinic.prescriptions.views import show_sheet
from exercises.models import Exercise
from patients.access import ClinicianRequest, clinician_required


@require_POST
@clinician_required
@edits_draft
def line_swap(request: ClinicianRequest, draft: Prescription, line: UUID) -> HttpResponse:
    old = line_of(request, draft, line)
    slug = request.POST.get("exercise", "").replace("\0", "")
    exercise = get_object_or_404(Exercise.objects.visible_to(request.user), slug=slug)
    new = drafting.swap_line(line=old, exercise=exercise, by=request.user, edit=edit_of(request))
    if _is_from_publish(request):
        return redirect("prescription_publish", draft.uuid)
    said = gettext("%(exercise)s swapped for %(other)s. Undo is above the plan.") % {
        "exercise": old.exercise.name,
        "other": exercise.name,
    }
    return show_lines(request, draft, focus=f"text-{new.uuid}", said=said)


@require_POST
@clinician_required
def line_keep(request: ClinicianRequest, prescription: UUID, line: UUID) -> HttpResponse:
    shown = get_object_or_404(Prescription.objects.visible_to(request.user), uuid=prescription)
    if shown.is_draft:
        return _keep_in_draft(request, prescription, line)
    return _keep_with_the_patient(request, prescription, line)


@edits_draft
def _keep_in_draft(request: ClinicianRequest, draft: Prescription, line: UUID) -> HttpResponse:
    keeping = line_of(request, draft, line)
    form = _form(request, keeping, draft)
    if not form.is_valid():
        return (
            show_publish(request, draft, refused=form) if _is_from_publish(request) else refuse(request, draft, form)
        )
    _decide(request, form, draft)
    if _is_from_publish(request):
        return redirect("prescription_publish", draft.uuid)
    return show_row(request, draft, line)


def _keep_with_the_patient(request: ClinicianRequest, prescription: UUID, line: UUID) -> HttpResponse:
    seen = (
        Prescription.objects.visible_to(request.user)
        .live()
        .select_related("patient__clinic", "protocol", "replaces", "published_by", "ended_by")
    )
    live = get_object_or_404(seen, uuid=prescription)
    form = _form(request, get_object_or_404(live.lines.select_related("exercise"), uuid=line), live)
    if not form.is_valid():
        return show_sheet(request, live, keep_form=form)
    _decide(request, form, live)
    messages.success(request, gettext("%(exercise)s stays in the plan.") % {"exercise": form.line.exercise.name})
    return redirect("prescription", live.uuid)


@require_POST
@clinician_required
def lines_keep(request: ClinicianRequest, prescription: UUID) -> HttpResponse:
    """Every caution that the page showed is seen; each value names its line and the conditions, as: uuid:code,code."""
    seen = Prescription.objects.visible_to(request.user).select_related("patient__clinic")
    shown = get_object_or_404(seen, uuid=prescription)
    said = dict(value.split(":", 1) for value in request.POST.getlist("seen") if ":" in value)
    lines = list(shown.lines.select_related("exercise"))
    looked_at = [
        (line.exercise, codes)
        for line, safety in zip(lines, lines_safety(lines, precautions_of(shown.patient)), strict=True)
        if safety.asks_look and (codes := set(said.get(str(line.uuid), "").split(",")) & set(safety.codes))
    ]
    acknowledge_all(patient=shown.patient, seen=looked_at, by=request.user)
    back = "prescription_publish" if shown.is_draft else "prescription"
    return redirect(reverse(back, args=[shown.uuid]))


def _form(request: ClinicianRequest, line: PrescribedExercise, prescription: Prescription) -> KeepForm:
    safety = lines_safety([line], precautions_of(prescription.patient))[0]
    return KeepForm(request.POST, line=line, safety=safety)


def _decide(request: ClinicianRequest, form: KeepForm, prescription: Prescription) -> None:
    """Nothing where a colleague did it meanwhile."""
    patient, exercise, by = prescription.patient, form.line.exercise, request.user
    if form.safety.asks_override:
        reason = form.cleaned_data["reason"]
        override(patient=patient, exercise=exercise, because=form.codes, reason=reason, by=by)
    elif form.safety.asks_look:
        acknowledge(patient=patient, exercise=exercise, because=form.codes, by=by)


def _is_from_publish(request: ClinicianRequest) -> bool:
    return request.POST.get("back") == "publish"

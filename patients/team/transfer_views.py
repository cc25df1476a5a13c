"""A patient goes to another clinic."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from patients.access import ClinicianRequest, clinician_required
from patients.records.views import record_of
from patients.team.forms import TransferForm
from patients.team.models import Transfer
from patients.team.transfers import moved_just_now, transfer


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def patient_transfer(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """By the lead alone, with the patient's word."""
    try:
        patient = record_of(request, uuid, part="transfer")
    except Http404:
        if request.method == "POST" and (before := moved_just_now(uuid, by=request.user)):
            return _moved(request, before)
        raise
    if patient.lead != request.clinician:
        raise PermissionDenied
    form = TransferForm(request.POST if request.method == "POST" else None, patient=patient)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        moved = transfer(
            patient=patient, by=request.user, to=values["to"], agreed_how=values["agreed_how"],
            agreed_on=values["agreed_on"],
        ) or moved_just_now(uuid, by=request.user)  # fmt: skip
        if moved:
            return _moved(request, moved)
        words = gettext("%(name)s is no longer an active patient of your clinic, and was not moved.")
        form.add_error("to", words % {"name": patient.full_name})
    context = {"patient": patient, "form": form}
    return render(request, "patients/team/transfer.html", context, status=422 if form.errors else 200)


def _moved(request: ClinicianRequest, moved: Transfer) -> HttpResponse:
    words = gettext("%(name)s moved to %(clinic)s. The record is theirs now.")
    messages.success(request, words % {"name": moved.name, "clinic": moved.destination})
    return redirect("clinic_team")

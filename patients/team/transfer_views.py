"""A patient goes to another clinic."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from patients.access import ClinicianRequest, clinician_required
from patients.records.views import record_of
from patients.team.forms import TransferForm
from patients.team.transfers import transfer


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def patient_transfer(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """By the lead alone, with the patient's word."""
    patient = record_of(request, uuid, part="transfer")
    if patient.lead != request.clinician:
        raise PermissionDenied
    form = TransferForm(request.POST if request.method == "POST" else None, patient=patient)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        transfer(
            patient=patient, by=request.user, to=values["to"], agreed_how=values["agreed_how"],
            agreed_on=values["agreed_on"],
        )  # fmt: skip
        words = gettext("%(name)s moved to %(clinic)s. The record is theirs now.")
        messages.success(request, words % {"name": patient.full_name, "clinic": values["to"]})
        return redirect("clinic_team")
    context = {"patient": patient, "form": form}
    return render(request, "patients/team/transfer.html", context, status=422 if form.errors else 200)

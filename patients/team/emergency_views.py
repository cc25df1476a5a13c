"""A record that cannot wait for the lead, where records are not shared."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from patients.access import ClinicianRequest, clinician_required
from patients.accounts.limits import Limited, consume, too_many
from patients.audit.actions import record
from patients.records.models import Patient
from patients.team import emergencies
from patients.team.forms import EmergencyForm
from patients.team.models import EmergencyAccess


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def emergency(request: ClinicianRequest) -> HttpResponse:
    """The whole name and the birth date, so that nobody looks around; and why. A record that is open anyway just opens."""
    form = EmergencyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            consume(request, "emergency", key=f"clinician:{request.clinician.pk}")
        except Limited:
            return too_many(request)
        if form.is_valid() and (patient := _found(request, form)):
            return redirect("patient_record", patient.uuid)
    status = 422 if form.errors else 200
    return render(request, "patients/team/emergency.html", {"form": form}, status=status)


def _found(request: ClinicianRequest, form: EmergencyForm) -> Patient | None:
    values, visible = form.cleaned_data, Patient.objects.visible_to(request.user)
    found = Patient.objects.named_exactly(
        clinician=request.clinician, full_name=values["name"], born_on=values["born_on"]
    )
    if len(found) != 1:
        record(by=request.user, action="emergency.not_found", found=len(found))
        form.add_error(
            "name",
            gettext("More than one patient here has this name and date of birth. Call the lead or an admin.")
            if found
            else gettext("No patient of this clinic has this name and date of birth. Check both."),
        )
        return None
    patient = found[0]
    if not visible.filter(pk=patient.pk).exists():
        link = request.build_absolute_uri(reverse("messages"))
        emergencies.open_record(patient=patient, by=request.clinician, reason=values["reason"], link=link)
    return patient


@require_POST
@clinician_required
def emergency_end(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    mine = EmergencyAccess.objects.filter(by=request.clinician).select_related("patient", "by__user")
    access = get_object_or_404(mine, uuid=uuid)
    emergencies.close(access=access)
    messages.success(request, gettext("The record is closed again."))
    return redirect("caseload")

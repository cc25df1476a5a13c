from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from clinic.caseload.forms import PainLimitsForm
from clinic.caseload.pain import pain_part
from patients.access import ClinicianRequest, clinician_required
from patients.models import Patient
from patients.records.pain_limits import set_pain_limits
from patients.records.views import record_of


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def patient_pain(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """The patient's own pain limits, and adverse events."""
    patient = record_of(request, uuid, part="pain")
    if request.method != "POST":
        return _show(request, patient)
    form = PainLimitsForm(request.POST)
    if not form.is_valid():
        return _show(request, patient, form)
    set_pain_limits(patient=patient, by=request.user, **form.cleaned_data)
    return _done(request, patient, "Pain limits changed")


def _show(request: ClinicianRequest, patient: Patient, form: PainLimitsForm | None = None) -> HttpResponse:
    part = pain_part(patient, form=form) if form else pain_part(patient)
    template = f"clinic/caseload/{'_pain' if request.htmx else 'pain'}.html"
    return render(request, template, {"patient": patient, "pain": part}, status=422 if form else 200)


def _done(request: ClinicianRequest, patient: Patient, said: str) -> HttpResponse:
    if not request.htmx:
        return redirect("patient_record", patient.uuid)
    response = render(request, "clinic/caseload/_pain.html", {"patient": patient, "pain": pain_part(patient)})
    return trigger_client_event(response, "announce", {"value": said})

"""The page of a patient's conditions: what is changed here is checked against the plans they have already."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from clinic.prescriptions.condition_actions import add_condition, end_condition
from clinic.prescriptions.recheck import resting_names
from exercises.search import searchable
from patients.access import ClinicianRequest, clinician_required
from patients.audit.actions import record
from patients.models import Patient, PatientCondition
from patients.records.conditions import BY_CODE, GROUPS
from patients.records.forms import ConditionForm
from patients.records.views import record_of


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def patient_conditions(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid, part="conditions")
    if request.method != "POST":
        return show_conditions(request, patient, words=request.GET.get("q", ""))
    words = request.POST.get("q", "")
    # What is looked for says something about the patient: like a change, it is posted, and stays out of the address.
    if "q" in request.POST and "condition" not in request.POST:
        record(by=request.user, action="record.viewed", patient=patient, part="conditions")
        return show_conditions(request, patient, words=words)
    form = ConditionForm(request.POST)
    if "condition" in form.errors or "wanted" in form.errors:
        raise Http404
    if form.errors:
        return show_conditions(request, patient, words=words, refused=form)
    said = form.cleaned_data
    if said["wanted"] == "1":
        add_condition(
            patient=patient, by=request.user, code=said["condition"], since=said["since"], note=said["note"]
        )
    else:
        end_condition(patient=patient, by=request.user, code=said["condition"])
    if not request.htmx:
        return redirect("patient_conditions", patient.uuid)
    response = show_conditions(request, patient, words=words)
    return trigger_client_event(response, "announce", {"value": gettext("Conditions changed")})


def show_conditions(
    request: ClinicianRequest, patient: Patient, *, words: str, refused: ConditionForm | None = None
) -> HttpResponse:
    words = words[:120]
    context = {"patient": patient, "groups": condition_groups(patient, words, refused), "words": words}
    context["resting"] = resting_names(patient)
    template = "patients/records/conditions.html" + ("#list" if request.htmx else "")
    return render(request, template, context, status=422 if refused else 200)


def condition_groups(patient: Patient, words: str, form: ConditionForm | None) -> list[tuple[str, list[Any]]]:
    """Every condition of the closed list under its heading, with what the record says of it; one query."""
    current = {
        c.code: c for c in PatientCondition.objects.filter(patient=patient, ended_at=None).select_related("added_by")
    }
    groups = []
    for title, codes in GROUPS.items():
        rows = []
        for condition in (BY_CODE[code] for code in codes):
            text = searchable(f"{condition.name} {condition.applies_when} {title}")
            if all(word in text for word in searchable(words).split()):
                refused = form if form and form.data.get("condition") == condition.code else None
                rows.append((condition, current.get(condition.code), refused))
        if rows:
            groups.append((str(title), rows))
    return groups

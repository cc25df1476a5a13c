from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import trigger_client_event

from clinic.caseload import charts
from clinic.caseload.day import day_of
from clinic.caseload.eased import eases_of
from clinic.caseload.forms import CaseloadForm
from clinic.caseload.listing import ALL, listing_of
from clinic.caseload.models import SavedView
from clinic.caseload.overview import overview_of, weeks_shown
from clinic.caseload.pain import pain_part
from clinic.caseload.rows import rows_of
from clinic.prescriptions.pages import checked_for_record
from clinic.progression.pages import group_of
from clinic.today.breaks_reading import breaks_kept
from patients.access import ClinicianRequest, clinician_required
from patients.audit.actions import record
from patients.family.pages import family_of
from patients.models import Patient
from patients.outcomes.pages import measured_of
from patients.records.record import parts_of
from patients.records.views import record_of
from patients.screening.pages import record_standing
from patients.tasks.lists import open_tasks, team


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def caseload(request: ClinicianRequest) -> HttpResponse:
    """A search is posted: no name gets into an address, and from there into logs and the browser's history."""
    views = list(SavedView.objects.filter(clinician=request.clinician))
    asked = request.POST if request.method == "POST" else request.GET
    if not asked and (first := next((view for view in views if view.opens_first), None)):
        return redirect(f"{reverse('caseload')}?{first.query}")
    now = timezone.now()
    form = CaseloadForm(asked, colleagues=team(request.clinician))
    status = 200 if form.is_valid() else 422
    filters = form.asked
    found = listing_of(request.clinician, now, filters, asked.get("page"))
    number = found.page.paginator.count
    record(by=request.user, action="caseload.listed", found=number)
    query = {"who": filters.who, "group": filters.group, "about": filters.about}
    here = query | ({"page": str(found.page.number)} if found.page.number > 1 else {})
    context = {
        "form": form,
        "words": form.cleaned_data.get("q", ""),
        "asked": filters,
        "list": found,
        "page": found.page,
        "query": urlencode(query),
        "here": urlencode(here),
        "views": [(view, view.asked == query) for view in views],
        "can_save": not filters.words
        and query not in [{"who": ALL, "group": "", "about": ""}, *(view.asked for view in views)],
        "rows": rows_of(found.cases, request.user),
        "levels": charts.levels(request.clinician.clinic.thresholds),
        "today": timezone.localdate(now),
    }
    if not request.htmx:
        return render(request, "clinic/caseload/caseload.html", context, status=status)
    response = render(request, "clinic/caseload/caseload.html#cases", context, status=status)
    if "again" in asked:
        return response
    said = ngettext("%(number)s patient", "%(number)s patients", number) % {"number": number}
    return trigger_client_event(response, "announce", {"value": said})


@require_safe
@clinician_required
def patient_record(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid, part="overview")
    parts, pain = parts_of(patient), pain_part(patient)
    view = overview_of(patient, pain.limits)
    context = {
        "patient": patient,
        "parts": parts,
        "view": view,
        "pain": pain,
        "eases": eases_of(patient, view.plan.prescription if view.plan else None, view.today),
        "tasks": open_tasks(patient, request.clinician, timezone.localtime()),
        "flags": record_standing(patient, patient.local_day()),
        "checked": checked_for_record(patient) if parts.conditions else [],
        "measured": measured_of(patient),
        "breaks": breaks_kept(patient),
        "group": group_of(patient),
        "family": family_of(patient),
    }
    return render(request, "clinic/caseload/record.html", context)


@require_safe
@clinician_required
def patient_days(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """Twelve weeks day by day, with the latest day on which something was logged."""
    patient = record_of(request, uuid, part="days")
    return _days(request, patient, None)


@require_safe
@clinician_required
def patient_day(request: ClinicianRequest, uuid: UUID, day: date) -> HttpResponse:
    patient = record_of(request, uuid, part="day")
    if request.htmx:
        context = {"patient": patient, "detail": day_of(patient, day)}
        return render(request, "clinic/caseload/days.html#day", context)
    return _days(request, patient, day)


def _days(request: ClinicianRequest, patient: Patient, day: date | None) -> HttpResponse:
    weeks = weeks_shown(patient)
    logged = [each.day for week in weeks for each in week.days if each.is_logged]
    day = day or max(logged, default=patient.local_day())
    levels = charts.day_levels(patient.clinic.thresholds)
    context = {"patient": patient, "weeks": weeks, "levels": levels, "detail": day_of(patient, day)}
    return render(request, "clinic/caseload/days.html", context)

from datetime import date
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import trigger_client_event

from clinic.caseload import charts
from clinic.caseload.cases import GROUPS, cases_of
from clinic.caseload.day import day_of
from clinic.caseload.eased import eases_of
from clinic.caseload.forms import CaseloadForm
from clinic.caseload.overview import overview_of, weeks_shown
from clinic.caseload.pain import pain_part
from clinic.caseload.rows import rows_of
from clinic.prescriptions.pages import checked_for_record
from clinic.progression.pages import group_of
from clinic.today.breaks_reading import breaks_kept
from patients.access import ClinicianRequest, clinician_required
from patients.family.pages import family_of
from patients.models import Patient
from patients.outcomes.pages import measured_of
from patients.records.models import searched_words
from patients.records.record import parts_of
from patients.records.views import record_of
from patients.screening.pages import record_standing
from patients.tasks.lists import open_tasks

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def caseload(request: ClinicianRequest) -> HttpResponse:
    """A search is posted: no name gets into an address, and from there into logs and the browser's history."""
    asked = request.POST if request.method == "POST" else request.GET
    form, now = CaseloadForm(asked), timezone.now()
    status = 200 if form.is_valid() else 422
    words, key = form.cleaned_data.get("q", ""), form.cleaned_data.get("group", "")
    everybody = cases_of(request.clinician, now)
    mine = [case for case in everybody if case.is_mine]
    who = form.cleaned_data.get("who") or "all"
    cases = mine if who == "mine" else everybody
    group = next((group for group in GROUPS if group.key == key), None)
    searched = searched_words(words)
    shown = [case for case in cases if (not group or group.holds(case)) and case.is_found_by(searched)]
    page = Paginator(shown, PAGE).get_page(asked.get("page"))
    context = {
        "form": form,
        "words": words,
        "who": who,
        "group": key,
        "choices": (("all", gettext("All patients"), len(everybody)), ("mine", gettext("Mine"), len(mine))),
        "tiles": [(group.key, group.label, sum(map(group.holds, cases))) for group in GROUPS],
        "page": page,
        "query": urlencode({"who": who, "group": key}),
        "rows": rows_of(list(page), request.user),
        "levels": charts.levels(request.clinician.clinic.thresholds),
        "today": timezone.localdate(now, ZoneInfo(request.clinician.clinic.time_zone)),
    }
    if not request.htmx:
        return render(request, "clinic/caseload/caseload.html", context, status=status)
    response = render(request, "clinic/caseload/caseload.html#cases", context, status=status)
    found = page.paginator.count
    return trigger_client_event(
        response,
        "announce",
        {"value": ngettext("%(number)s patient", "%(number)s patients", found) % {"number": found}},
    )


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
        "tasks": open_tasks(patient, request.clinician, timezone.now().astimezone(patient.clinic.zone)),
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

"""The clinic in numbers, and a patient's days of remote monitoring; each as a page and as a table to take along."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import tablib
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.numbers.figures import Period, figures_of
from clinic.numbers.forms import FIRST, PeriodForm, SheetForm
from clinic.numbers.monitoring import Sheet, sheet_of
from clinic.numbers.parts import parts_of
from clinic.numbers.small import FEWEST
from exercises.transfer import SafeCSV
from patients.access import ClinicianRequest, clinician_required
from patients.audit.actions import record
from patients.models import Patient
from patients.records.views import record_of


@require_safe
@clinician_required
def numbers(request: ClinicianRequest) -> HttpResponse:
    form = _period_form(request)
    if not form.is_valid():
        return _numbers_page(request, form, status=422)
    period, mine = _asked(form)
    figures = figures_of(request.clinician, period, mine=mine)
    record(by=request.user, action="numbers.viewed")
    return _numbers_page(request, form, period=period, parts=parts_of(figures), query=request.GET.urlencode())


@require_safe
@clinician_required
def numbers_csv(request: ClinicianRequest) -> HttpResponse:
    form = _period_form(request)
    if not form.is_valid():
        return _numbers_page(request, form, status=422)
    period, mine = _asked(form)
    record(by=request.user, action="numbers.exported")
    few = _few()
    rows = [
        (
            each.part,
            each.label,
            few if each.value is None else each.value,
            few if each.n is None else each.n,
            each.means,
        )
        for each in figures_of(request.clinician, period, mine=mine)
    ]
    return _csv("numbers.csv", [_("About"), _("Figure"), _("Value"), "n", _("What it counts")], rows)


@require_safe
@clinician_required
def monitoring(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid)
    form = _sheet_form(request, patient)
    if not form.is_valid():
        return render(request, "clinic/numbers/monitoring.html", {"patient": patient, "form": form}, status=422)
    sheet = _sheet(request, patient, form)
    record(by=request.user, action="monitoring.viewed", patient=patient, days=len(sheet.days))
    context = {
        "patient": patient,
        "form": form,
        "sheet": sheet,
        "view": form.cleaned_data["view"] or "30",
        "before": sheet.first - timedelta(days=1 if form.cleaned_data["view"] == "month" else 30),
        "zone": patient.zone,
    }
    return render(request, "clinic/numbers/monitoring.html", context)


@require_safe
@clinician_required
def monitoring_csv(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid)
    form = _sheet_form(request, patient)
    if not form.is_valid():
        return render(request, "clinic/numbers/monitoring.html", {"patient": patient, "form": form}, status=422)
    sheet = _sheet(request, patient, form)
    record(by=request.user, action="monitoring.exported", patient=patient, days=len(sheet.days))
    days = [(each.day.isoformat(), _("Data sent"), ", ".join(each.kinds)) for each in sheet.days]
    looks = [
        (look.at.astimezone(patient.zone).strftime("%Y-%m-%d %H:%M"), _("Record opened"), look.by)
        for look in sheet.looks
    ]
    return _csv("monitoring.csv", [_("When"), _("What"), _("Kinds, or by whom")], [*days, *looks])


def _period_form(request: ClinicianRequest) -> PeriodForm:
    return PeriodForm(request.GET, today=timezone.localdate())


def _asked(form: PeriodForm) -> tuple[Period, bool]:
    return Period(*form.days, now=timezone.now()), form.cleaned_data["who"] == "mine"


def _numbers_page(request: ClinicianRequest, form: PeriodForm, *, status: int = 200, **context: Any) -> HttpResponse:
    context |= {"form": form, "fewest": FEWEST, "chosen": form.cleaned_data.get("period") or FIRST}
    context["whose"] = form.cleaned_data.get("who") or "all"
    return render(request, "clinic/numbers/numbers.html", context, status=status)


def _few() -> str:
    return _("not shown: a group is fewer than %(number)s") % {"number": FEWEST}


def _sheet_form(request: ClinicianRequest, patient: Patient) -> SheetForm:
    return SheetForm(request.GET, today=patient.local_day())


def _sheet(request: ClinicianRequest, patient: Patient, form: SheetForm) -> Sheet:
    return sheet_of(patient, request.user, *form.days)


def _csv(name: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    data = SafeCSV().export_data(tablib.Dataset(*rows, headers=headers))
    sent = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
        "Cache-Control": "no-store, private",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(data, content_type="text/csv; charset=utf-8", headers=sent)

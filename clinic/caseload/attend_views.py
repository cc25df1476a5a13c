"""One patient's reasons on the caseload, and what is done about them. Answered with the list the clinician came from."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from clinic.caseload import attending
from clinic.today.plan import week_start
from patients.access import ClinicianRequest, clinician_required
from patients.models import Patient
from patients.records.views import record_of
from patients.tasks.forms import AssignForm, ResolveForm, SnoozeForm, start_of
from patients.tasks.lists import team

BACK = ("who", "group", "about", "page")


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def attend(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid, part="attend")
    if request.method != "POST":
        return _show(request, patient)
    wish = request.POST.get("do", "")
    act = {"done": _done, "later": _later, "give": _give}.get(wish)
    if not act:
        raise Http404
    form, said = act(request, patient)
    if not said:
        return _show(request, patient, {wish: form}, status=422)
    if request.htmx:
        response = trigger_client_event(HttpResponse(status=204), "caseload-changed")
        return trigger_client_event(response, "announce", {"value": said})
    messages.success(request, said)
    back = {name: value for name in BACK if (value := request.POST.get(name))}
    return redirect(f"{reverse('caseload')}?{urlencode(back)}" if back else "caseload")


def _done(request: ClinicianRequest, patient: Patient) -> tuple[Any, str]:
    form = ResolveForm(request.POST)
    if not form.is_valid():
        return form, ""
    note, shown = form.cleaned_data["note"], request.POST.getlist("shown")
    if attending.settle(patient=patient, by=request.clinician, note=note, shown=shown):
        return form, gettext("Done. The note is in the record.")
    form.add_error("note", gettext("This was settled or has changed meanwhile. Your note is not in the record yet."))
    return form, ""


def _later(request: ClinicianRequest, patient: Patient) -> tuple[Any, str]:
    form = SnoozeForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        return form, ""
    until, shown = form.cleaned_data["until"], request.POST.getlist("shown")
    if attending.put_off(patient=patient, by=request.clinician, until=start_of(until), shown=shown):
        return form, gettext("Put off to %(day)s.") % {"day": date_format(until, "l j F")}
    form.add_error("until", gettext("This was settled or has changed meanwhile. Nothing was put off."))
    return form, ""


def _give(request: ClinicianRequest, patient: Patient) -> tuple[Any, str]:
    form = AssignForm(request.POST, clinic=patient.clinic)
    if not form.is_valid():
        return form, ""
    to = form.cleaned_data["to"]
    if attending.give(patient=patient, by=request.clinician, to=to):
        return form, gettext("%(clinician)s has it now.") % {"clinician": to}
    form.add_error("to", gettext("This was settled meanwhile. There is nothing to give."))
    return form, ""


def _show(
    request: ClinicianRequest, patient: Patient, refused: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    case = attending.case_for(patient, request.clinician, now)
    matters = attending.matters_of(patient, case, now)
    next_week = week_start(today, patient.clinic.week_starts_on) + timedelta(days=7)
    context = {
        "patient": patient,
        "case": case,
        "one_by_one": attending.ONE_BY_ONE,
        "shown": [each.key for each in attending.settled_together(matters)],
        "can_give": bool(attending.given_away(matters)),
        "days": [
            (today + timedelta(days=1), gettext("Tomorrow")),
            (next_week, date_format(next_week, "l")),
            (today + timedelta(days=14), gettext("In 2 weeks")),
        ],
        "colleagues": team(request.clinician),
        "back": {name: value for name in BACK if (value := (request.POST or request.GET).get(name))},
        "refused": refused or {},
    }
    part = "_attend" if request.method == "POST" else "_attend_row"
    template = f"clinic/caseload/{part if request.htmx else 'attend'}.html"
    return render(request, template, context, status=status)

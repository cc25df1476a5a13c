"""The parts of a record, each with its own small form: goals, notes and the care team.

Each answers a plain form with the record, an htmx request with the part, and shows itself as a page of its own.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from patients.access import ClinicianRequest, clinician_required
from patients.records import actions
from patients.records.forms import CareTeamForm, GoalForm, GoalStateForm, GoalStepForm, NoteForm
from patients.records.models import Goal, Patient
from patients.records.record import parts_of
from patients.records.views import record_of

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@clinician_required
def patient_goals(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid, part="goals")
    if request.method != "POST":
        return show(request, patient, "goals")
    if "close" in request.POST:
        return _goal_step(request, patient)
    if "goal" in request.POST:
        change = GoalStateForm(request.POST, patient=patient)
        if not change.is_valid():
            raise Http404
        state = change.cleaned_data["state"]
        actions.set_goal(goal=change.cleaned_data["goal"], by=request.user, state=state)
        return done(request, patient, "goals", gettext("Goal changed"), row_is_gone=state == Goal.DROPPED)
    form = GoalForm(request.POST)
    if not form.is_valid():
        return show(request, patient, "goals", status=422, goal_form=form)
    actions.add_goal(patient=patient, by=request.user, **form.cleaned_data)
    return done(request, patient, "goals", gettext("Goal added"))


def _goal_step(request: ClinicianRequest, patient: Patient) -> HttpResponse:
    form = GoalStepForm(request.POST, patient=patient)
    if form.is_valid():
        actions.say_how_close(by=request.user, **form.cleaned_data)
        return done(request, patient, "goals", gettext("Noted how close it is"))
    if form.errors.get("goal"):
        raise Http404
    return show(request, patient, "goals", status=422, goal_step_form=form)


@require_http_methods(METHODS)
@clinician_required
def patient_notes(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid, part="notes")
    if request.method != "POST":
        return show(request, patient, "notes", all_notes=True)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show(request, patient, "notes", status=422, note_form=form)
    actions.write_note(patient=patient, by=request.user, text=form.cleaned_data["text"])
    return done(request, patient, "notes", gettext("Note added"))


@require_http_methods(METHODS)
@clinician_required
def patient_care_team(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid, part="care team")
    if request.method != "POST":
        return show(request, patient, "care_team")
    if not (patient.clinic.shares_records or patient.care_team.filter(clinician=request.clinician).exists()):
        raise PermissionDenied  # whoever is let in for a while does not let themselves in for good
    form = CareTeamForm(request.POST, patient=patient)
    if not form.is_valid():
        return show(request, patient, "care_team", status=422, care_team_error=first_error(form))
    clinician = form.cleaned_data["clinician"]
    match form.cleaned_data["wish"]:
        case "join":
            actions.join_care_team(patient=patient, by=request.user, clinician=clinician)
        case "lead":
            actions.hand_over(
                patient=patient, by=request.user, to=clinician, lead_stays=form.cleaned_data["lead_stays"]
            )
        case "leave":
            try:
                actions.leave_care_team(patient=patient, by=request.user, clinician=clinician)
            except actions.LeadStays:
                error = gettext("The lead leaves only by handing over to a colleague.")
                return show(request, patient, "care_team", status=409, care_team_error=error)
    if not Patient.objects.visible_to(request.user).filter(pk=patient.pk).exists():
        return away(request)
    left = form.cleaned_data["wish"] == "leave"
    return done(request, patient, "care_team", gettext("Care team changed"), row_is_gone=left, team_is_open=not left)


def show(request: ClinicianRequest, patient: Patient, part: str, status: int = 200, **options: Any) -> HttpResponse:
    template = f"patients/records/_{part}.html" if request.htmx else f"patients/records/{part}.html"
    context = {"patient": patient, "parts": parts_of(patient, **options)}
    return render(request, template, context, status=status)


def done(request: ClinicianRequest, patient: Patient, part: str, said: str, **hints: bool) -> HttpResponse:
    """`hints` keep the keyboard's place: `row_is_gone` moves it to the heading, for its button went with the row."""
    if not request.htmx:
        return redirect("patient_record", patient.uuid)
    context = {"patient": patient, "parts": parts_of(patient), **hints}
    response = render(request, f"patients/records/_{part}.html", context)
    return trigger_client_event(response, "announce", {"value": said})


def away(request: ClinicianRequest) -> HttpResponse:
    """Whoever handed a record over may no longer be allowed to see it."""
    return HttpResponseClientRedirect(reverse("patients")) if request.htmx else redirect("patients")


def first_error(form: CareTeamForm) -> str:
    return str(next(iter(form.errors.values()))[0])

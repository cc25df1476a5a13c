"""The clinic's queue of those who asked for a first visit."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Count, Q, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clinic.enquiries import actions
from clinic.enquiries.alike import patients_alike, requests_alike
from clinic.enquiries.consent import TEXTS
from clinic.enquiries.forms import QueueForm, RequestAssignForm, RequestNoteForm, StateForm
from clinic.enquiries.models import OPEN, State, VisitRequest
from patients.access import ClinicianRequest, clinician_required
from patients.audit.actions import record
from patients.records.actions import LooksLikeAnother
from patients.records.forms import PatientForm
from patients.records.models import Patient
from patients.records.views import uuids_of

PAGE = 50
SHOWN = {"open": OPEN, "arranged": (State.ARRANGED,), "closed": (State.DECLINED, State.PATIENT)}


@require_safe
@clinician_required
def visit_requests(request: ClinicianRequest) -> HttpResponse:
    form = QueueForm(request.GET)
    show = (form.cleaned_data["show"] if form.is_valid() else "") or "open"
    visible = VisitRequest.objects.visible_to(request.user)
    counts = visible.aggregate(**{name: Count("pk", filter=Q(state__in=states)) for name, states in SHOWN.items()})
    found = visible.filter(state__in=SHOWN[show]).select_related("assigned_to__user")
    # What nobody took up, then who waits longest; of what is done, the newest.
    is_new = Case(When(state=State.NEW, then=0), default=1)
    found = found.order_by(*((is_new, "asked_at", "pk") if show == "open" else ("-state_at", "-pk")))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    record(by=request.user, action="visit_requests.listed", found=page.paginator.count)
    context = {
        "page": page,
        "show": show,
        "tabs": [(name, label, counts[name]) for name, label in QueueForm.SHOW],
        "query": urlencode({"show": show}),
        "zone": request.clinician.clinic.zone,
    }
    return render(request, "clinic/enquiries/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def visit_request(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """One request with its history. Each of its small forms says in `do` what it wishes."""
    asked = _asked(request, uuid)
    if request.method != "POST":
        _note_view(request, asked)
        return _page(request, asked)
    refused = _act(request, asked)
    if refused:
        return _page(request, asked, status=422, **refused)
    return redirect("visit_request", asked.uuid)


def _act(request: ClinicianRequest, asked: VisitRequest) -> dict[str, Any] | None:
    """What was refused, or nothing."""
    wish = request.POST.get("do", "")
    if wish == "state":
        state = StateForm(request.POST)
        if not state.is_valid():
            raise Http404
        try:
            actions.set_state(asked=asked, by=request.user, state=state.cleaned_data["state"])
        except actions.Settled:
            messages.info(request, _("A colleague made this a patient meanwhile."))
    elif wish == "assign":
        assign = RequestAssignForm(request.POST, clinic=request.clinician.clinic)
        if not assign.is_valid():
            return {"assign": assign}
        actions.assign(asked=asked, by=request.user, to=assign.cleaned_data["to"])
    elif wish == "note":
        note = RequestNoteForm(request.POST)
        if not note.is_valid():
            return {"note": note}
        actions.write_note(asked=asked, by=request.user, text=note.cleaned_data["note"])
    elif wish == "known":
        known = next(iter(uuids_of(request.POST.get("patient", ""))), None)
        patient = get_object_or_404(Patient.objects.visible_to(request.user), uuid=known)
        actions.is_known_patient(asked=asked, by=request.user, patient=patient)
    else:
        raise Http404
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def visit_request_patient(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """The form for a new patient, filled in from the request. The record then has the way to invite them."""
    asked = _asked(request, uuid)
    if asked.patient:
        return _is_patient_already(request, asked.patient)
    _note_view(request, asked)
    form = PatientForm(request.POST or None, initial=_prefilled(asked))
    others: list[Patient] = []
    if request.method == "POST" and form.is_valid():
        try:
            patient, is_new = actions.make_patient(
                asked=asked,
                clinician=request.clinician,
                by=request.user,
                values=form.cleaned_data,
                somebody_else_than=uuids_of(request.POST.get("somebody_else", "")),
            )
        except LooksLikeAnother as warning:
            others = warning.others
        else:
            if not is_new:
                return _is_patient_already(request, patient)
            said = _("%(name)s was added. You lead the care team. You can invite them now.")
            messages.success(request, said % {"name": patient.full_name})
            return redirect("patient_record", patient.uuid)
    status = 409 if others else 422 if request.method == "POST" else 200
    context = {"form": form, "others": others, "somebody_else": ",".join(str(other.uuid) for other in others)}
    return render(request, "patients/records/new.html", context, status=status)


def _is_patient_already(request: ClinicianRequest, patient: Patient) -> HttpResponse:
    """To the record, or back to the queue where it is a colleague's alone."""
    if patient.lead != request.clinician:
        messages.info(request, _("This person is a patient already."))
    if Patient.objects.visible_to(request.user).filter(pk=patient.pk).exists():
        return redirect("patient_record", patient.uuid)
    return redirect("visit_requests")


def _prefilled(asked: VisitRequest) -> dict[str, Any]:
    names = ("first_name", "last_name", "born_on", "phone", "email")
    return {name: getattr(asked, name) for name in names} | {
        "problem": " ".join(asked.problem.split())[:200],
        "time_zone": asked.clinic.time_zone,
    }


def _asked(request: ClinicianRequest, uuid: UUID) -> VisitRequest:
    visible = VisitRequest.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("clinic", "assigned_to__user", "patient"), uuid=uuid)


def _note_view(request: ClinicianRequest, asked: VisitRequest) -> None:
    if request.method in {"GET", "HEAD"}:
        record(by=request.user, action="visit_request.viewed", subject=f"visit_request:{asked.uuid}")


def _page(request: ClinicianRequest, asked: VisitRequest, *, status: int = 200, **refused: Any) -> HttpResponse:
    context = {
        "asked": asked,
        "record": asked.patient and Patient.objects.visible_to(request.user).filter(pk=asked.patient.pk).first(),
        "consent": TEXTS.get(asked.consent, asked.consent),
        "states": [(value, label) for value, label in State.choices if value != State.PATIENT],
        "steps": asked.steps.select_related("by", "assigned_to__user"),
        "patients_alike": [] if asked.patient else patients_alike(asked, request.user),
        "requests_alike": requests_alike(asked, request.user),
        "zone": request.clinician.clinic.zone,
        "note": RequestNoteForm(),
        "assign": RequestAssignForm({"to": asked.assigned_to_id}, clinic=request.clinician.clinic),
    }
    return render(request, "clinic/enquiries/request.html", context | refused, status=status)

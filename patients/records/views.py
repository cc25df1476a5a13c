"""The list of patients, and a record as a whole: adding, editing, discharging, and who looked at it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patients.access import ClinicianRequest, clinician_required
from patients.accounts.models import User
from patients.audit.actions import record
from patients.audit.models import AuditEvent
from patients.audit.words import in_words, role_in_words
from patients.records import actions
from patients.records.forms import EpisodeForm, PatientEditForm, PatientForm, SearchForm
from patients.records.models import CareTeamMember, Invitation, Patient

PAGE = 50
AUDIT_PAGE = 100


def record_of(request: ClinicianRequest, uuid: UUID, *, part: str = "") -> Patient:
    """The patient, if the clinician may open the record; with `part`, an audit line says what of it was looked at."""
    visible = Patient.objects.visible_to(request.user).select_related("clinic", "user", "edited_by")
    patient = get_object_or_404(visible, uuid=uuid)
    if part and request.method in {"GET", "HEAD"}:
        record(by=request.user, action="record.viewed", patient=patient, part=part)
    return patient


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def patients(request: ClinicianRequest) -> HttpResponse:
    """A search is posted: no name gets into an address, and from there into logs and the browser's history."""
    asked = request.POST if request.method == "POST" else request.GET
    form = SearchForm(asked)
    is_valid = form.is_valid()
    words = form.cleaned_data.get("q", "")
    show = form.cleaned_data.get("show") or "active"
    visible = Patient.objects.visible_to(request.user)
    mine = visible.active().of_care_team(request.clinician)
    lists = {"active": visible.active(), "mine": mine, "discharged": visible.discharged()}
    found = lists[show].matching(words) if is_valid else visible.none()
    page = Paginator(with_columns(found), PAGE).get_page(asked.get("page"))
    counts = visible.aggregate(
        active=Count("pk", filter=Q(discharged_at=None)),
        mine=Count("pk", filter=Q(pk__in=mine.values("pk"))),
        discharged=Count("pk", filter=Q(discharged_at__isnull=False)),
    )
    record(by=request.user, action="patients.listed", found=page.paginator.count)
    context = {
        "form": form,
        "words": words,
        "show": show,
        "page": page,
        "query": urlencode({"show": show}),
        "tabs": [(name, label, counts[name]) for name, label in SearchForm.SHOWN],
    }
    template = "patients/records/list.html" + ("#results" if request.htmx else "")
    return render(request, template, context, status=200 if is_valid else 422)


def with_columns(found: Any) -> Any:
    """What a row of the list says about a patient, for all rows at once."""
    leads = CareTeamMember.objects.filter(leads=True).select_related("clinician__user")
    latest = Invitation.objects.filter(patient=OuterRef("pk"), used_at=None, withdrawn_at=None)
    return (
        found.select_related("user")
        .prefetch_related(Prefetch("care_team", leads, to_attr="leads"))
        .annotate(invited_until=Subquery(latest.values("expires_at")[:1]))
    )


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def patient_new(request: ClinicianRequest) -> HttpResponse:
    clinic = request.clinician.clinic
    form = PatientForm(request.POST or None, initial={"time_zone": clinic.time_zone})
    others: list[Patient] = []
    if request.method == "POST" and form.is_valid():
        try:
            patient = actions.add_patient(
                clinician=request.clinician,
                by=request.user,
                values=form.cleaned_data,
                somebody_else_than=uuids_of(request.POST.get("somebody_else", "")),
            )
        except actions.LooksLikeAnother as warning:
            others = warning.others
        else:
            messages.success(
                request, gettext("%(name)s was added. You lead the care team.") % {"name": patient.full_name}
            )
            return redirect("patient_record", patient.uuid)
    status = 409 if others else 422 if request.method == "POST" else 200
    context = {"form": form, "others": others, "somebody_else": ",".join(str(other.uuid) for other in others)}
    return render(request, "patients/records/new.html", context, status=status)


def uuids_of(typed: str) -> set[UUID]:
    try:
        return {UUID(part) for part in typed.split(",") if part}
    except ValueError:
        return set()


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def patient_edit(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid, part="edit form")
    form = PatientEditForm(request.POST) if request.method == "POST" else PatientEditForm.opened_on(patient)
    status, changed_since = 200, ""
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST":
        try:
            actions.edit_patient(
                patient=patient, by=request.user, values=form.values, based_on=form.cleaned_data["edit"]
            )
        except actions.EditedMeanwhile as conflict:
            patient, status = conflict.patient, 409
            form = form.reconciled_with(patient)
            changed_since = ago(patient)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("patient_record", patient.uuid)
    context = {"patient": patient, "form": form, "changed_since": changed_since}
    return render(request, "patients/records/edit.html", context, status=status)


def ago(patient: Patient) -> str:
    """Rita Voss 2 minutes ago"""
    who, at = patient.edited_by or gettext("somebody"), patient.edited_at
    if at is None or timezone.now() - at < timedelta(minutes=1):
        return gettext("%(who)s just now") % {"who": who}
    return gettext("%(who)s %(time)s ago") % {"who": who, "time": timesince(at, depth=1)}


@require_POST
@clinician_required
def patient_discharge(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid)
    actions.discharge(patient=patient, by=request.user)
    messages.success(request, gettext("%(name)s is discharged.") % {"name": patient.full_name})
    return redirect("patient_record", patient.uuid)


@require_POST
@clinician_required
def patient_reopen(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid)
    actions.reopen(patient=patient, by=request.user)
    messages.success(request, gettext("%(name)s is an active patient again.") % {"name": patient.full_name})
    return redirect("patient_record", patient.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def patient_episode(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid, part="new episode")
    form = EpisodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.start_episode(patient=patient, by=request.user, **form.cleaned_data)
        messages.success(request, gettext("A new episode began. The whole red-flag check is due."))
        return redirect("patient_record", patient.uuid)
    context = {"patient": patient, "form": form}
    return render(request, "patients/records/episode.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True)
class AuditLine:
    at: datetime
    who: str
    role: str
    what: str
    address: str


@require_safe
@clinician_required
def patient_audit(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """Who looked at this record, and who changed what in it."""
    patient = record_of(request, uuid, part="audit log")
    events = AuditEvent.objects.filter(patient=str(patient.uuid)).order_by("-at", "-pk")
    page = Paginator(events, AUDIT_PAGE).get_page(request.GET.get("page"))
    people = User.objects.in_bulk([int(event.actor) for event in page if event.actor.isdecimal()])
    names = {str(pk): str(user) for pk, user in people.items()}
    lines = [
        AuditLine(
            event.at,
            names.get(event.actor, gettext("Backwell itself")),
            role_in_words(event.role),
            in_words(event),
            event.address,
        )
        for event in page
    ]
    return render(request, "patients/records/audit.html", {"patient": patient, "page": page, "lines": lines})

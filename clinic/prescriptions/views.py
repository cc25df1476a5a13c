"""Prescriptions that were sent, where drafts start, and protocols."""

from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.prescriptions import actions
from clinic.prescriptions.actions import DraftExists, NotReady
from clinic.prescriptions.forms import EndForm, KeepForm, PauseForm, ProtocolForm, StartForm
from clinic.prescriptions.models import Prescription, Protocol, ProtocolQuerySet
from clinic.prescriptions.pages import chooser, protocol_page, sheet
from clinic.prescriptions.vouching import NotVouchedFor
from patients.access import ClinicianRequest, clinician_required
from patients.audit.actions import record
from patients.models import Patient


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def prescription_new(request: ClinicianRequest, patient: UUID) -> HttpResponse:
    """Where the draft starts: the last prescription, a protocol, or nothing."""
    who = get_object_or_404(Patient.objects.visible_to(request.user), uuid=patient)
    protocols = Protocol.objects.visible_to(request.user).current()
    form = StartForm(request.POST or None, protocols=protocols)
    if request.method == "POST" and form.is_valid():
        from_last = form.cleaned_data["start"] == "last"
        try:
            draft = actions.start_draft(
                patient=who, by=request.user, protocol=form.protocol, stage=form.stage, from_last=from_last
            )
        except DraftExists as exists:
            messages.info(request, gettext("There is a draft already. This is it; discard it to start again."))
            draft = exists.draft
        except NotVouchedFor as refusal:
            form.add_error("start", str(refusal))
            return _chooser(request, who, protocols, form)
        return redirect("prescription_edit", draft.uuid)
    return _chooser(request, who, protocols, form)


def _chooser(request: ClinicianRequest, who: Patient, protocols: ProtocolQuerySet, form: StartForm) -> HttpResponse:
    record(by=request.user, action="record.viewed", patient=who, part="new plan")
    context = {"patient": who, "form": form, "choice": chooser(who, protocols)}
    return render(request, "clinic/prescriptions/new.html", context, status=422 if form.errors else 200)


@require_safe
@clinician_required
def prescription(request: ClinicianRequest, prescription: UUID) -> HttpResponse:
    shown = _prescription(request, prescription)
    if shown.is_draft:
        return redirect("prescription_edit", shown.uuid)
    actions.note_view(prescription=shown, by=request.user)
    return show_sheet(request, shown)


@require_POST
@clinician_required
def prescription_revise(request: ClinicianRequest, prescription: UUID) -> HttpResponse:
    old = _sent(request, prescription)
    try:
        draft = actions.revise(prescription=old, by=request.user)
    except DraftExists as exists:
        messages.info(request, gettext("There is a draft already. This is it; discard it to start again."))
        draft = exists.draft
    return redirect("prescription_edit", draft.uuid)


@require_POST
@clinician_required
def prescription_pause(request: ClinicianRequest, prescription: UUID) -> HttpResponse:
    pausing = _live(request, prescription)
    form = PauseForm(request.POST, today=pausing.patient.local_day())
    if not form.is_valid():
        return show_sheet(request, pausing, pause_form=form)
    actions.pause(prescription=pausing, by=request.user, **form.cleaned_data)
    messages.success(request, gettext("Paused. These days count for nothing in adherence."))
    return redirect("prescription", pausing.uuid)


@require_POST
@clinician_required
def prescription_resume(request: ClinicianRequest, prescription: UUID) -> HttpResponse:
    resuming = _live(request, prescription)
    try:
        actions.resume(prescription=resuming, by=request.user)
    except NotReady as refusal:
        messages.error(request, gettext("Not resumed. %(why)s") % {"why": refusal})
    else:
        messages.success(request, gettext("Resumed. The plan counts again from today."))
    return redirect("prescription", resuming.uuid)


@require_POST
@clinician_required
def prescription_end(request: ClinicianRequest, prescription: UUID) -> HttpResponse:
    ending = _sent(request, prescription)
    form = EndForm(request.POST)
    if not form.is_valid():
        return show_sheet(request, ending, end_form=form)
    actions.end(prescription=ending, by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, gettext("Ended. The patient sees no plan from today."))
    return redirect("prescription", ending.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def protocol_save(request: ClinicianRequest, prescription: UUID) -> HttpResponse:
    """A draft or a prescription becomes the clinic's own protocol."""
    source = _prescription(request, prescription)
    form = ProtocolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.save_as_protocol(prescription=source, by=request.user, **form.cleaned_data)
        messages.success(request, gettext("“%(protocol)s” is in your clinic’s protocols.") % {"protocol": made.name})
        return redirect("protocol", made.slug)
    actions.note_view(prescription=source, by=request.user)
    context = {"form": form, "prescription": source, "patient": source.patient}
    return render(request, "clinic/prescriptions/protocol_save.html", context, status=422 if form.errors else 200)


@require_safe
@clinician_required
def protocols(request: ClinicianRequest) -> HttpResponse:
    current = Protocol.objects.visible_to(request.user).current()
    context = {
        "own": [protocol for protocol in current if protocol.clinic_id],
        "starters": [protocol for protocol in current if not protocol.clinic_id],
    }
    return render(request, "clinic/prescriptions/protocols.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def protocol(request: ClinicianRequest, slug: str) -> HttpResponse:
    """Its stages and lines. The clinic's own can be renamed here."""
    shown = _protocol(request, slug)
    form = ProtocolForm(request.POST or None, instance=shown)
    if request.method == "POST":
        if not shown.clinic_id:
            raise Http404
        if form.is_valid():
            actions.rename_protocol(protocol=shown, by=request.user, **form.cleaned_data)
            messages.success(request, gettext("Saved."))
            return redirect("protocol", shown.slug)
    context = {"protocol": shown, "form": form, "stages": protocol_page(shown)}
    return render(request, "clinic/prescriptions/protocol.html", context, status=422 if form.errors else 200)


@require_POST
@clinician_required
def protocol_retire(request: ClinicianRequest, slug: str) -> HttpResponse:
    retiring = _protocol(request, slug)
    if not retiring.clinic_id:
        raise Http404
    actions.retire_protocol(protocol=retiring, by=request.user)
    messages.success(request, gettext("“%(protocol)s” is no longer offered.") % {"protocol": retiring.name})
    return redirect("protocols")


def _prescription(request: ClinicianRequest, uuid: UUID) -> Prescription:
    seen = Prescription.objects.visible_to(request.user).select_related(
        "patient__clinic", "protocol", "replaces", "published_by", "ended_by"
    )
    return get_object_or_404(seen, uuid=uuid)


def _sent(request: ClinicianRequest, uuid: UUID) -> Prescription:
    found = _prescription(request, uuid)
    if found.is_draft:
        raise Http404
    return found


def _live(request: ClinicianRequest, uuid: UUID) -> Prescription:
    found = _prescription(request, uuid)
    if not found.is_live:
        raise Http404
    return found


def _protocol(request: ClinicianRequest, slug: str) -> Protocol:
    """The clinic's own before a shared one of the same address."""
    seen = Protocol.objects.visible_to(request.user).filter(slug=slug).order_by(F("clinic").asc(nulls_last=True))
    if found := seen.first():
        return found
    raise Http404


def show_sheet(
    request: ClinicianRequest,
    shown: Prescription,
    pause_form: PauseForm | None = None,
    end_form: EndForm | None = None,
    keep_form: KeepForm | None = None,
) -> HttpResponse:
    refused = bool(pause_form or end_form or keep_form)
    context = {
        "sheet": sheet(shown),
        "prescription": shown,
        "patient": shown.patient,
        "pause_form": pause_form or PauseForm(),
        "end_form": end_form or EndForm(),
        "keep_form": keep_form,
    }
    return render(request, "clinic/prescriptions/prescription.html", context, status=422 if refused else 200)

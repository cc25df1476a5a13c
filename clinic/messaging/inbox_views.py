"""Messages as the clinic sees them: who waits for an answer, and a patient's conversation."""

from typing import Any
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import trigger_client_event

from clinic.messaging import actions
from clinic.messaging.forms import AnswerForm
from clinic.messaging.models import Message, MessageQuerySet
from clinic.messaging.thread import expected, since, thread_of
from clinic.messaging.views import photo_response, sent_fragment
from patients.access import ClinicianRequest, clinician_required
from patients.audit.actions import record
from patients.records.models import Patient
from patients.records.views import record_of
from patients.tasks.lists import rows
from patients.tasks.models import Kind, Task

PAGE = 50
MORE_CAME = _("Another message came meanwhile. Read it first.")


@require_safe
@clinician_required
def inbox(request: ClinicianRequest) -> HttpResponse:
    """Who waits for an answer, the longest first."""
    clinic = request.clinician.clinic
    last = Message.objects.filter(patient=OuterRef("patient"), from_patient=True).order_by("-pk")
    waiting = (
        Task.objects.visible_to(request.user)
        .open()
        .filter(kind=Kind.MESSAGE)
        .with_people(clinic.today())
        .annotate(last_text=Subquery(last.values("text")[:1]))
        .order_by("raised_at", "pk")
    )
    page = Paginator(waiting, PAGE).get_page(request.GET.get("page"))
    record(by=request.user, action="messages.listed", found=page.paginator.count)
    context = {
        "page": page,
        "rows": rows(page.object_list, [], timezone.localtime()),
        "zone": clinic.zone,
        "expected": expected(clinic.thresholds.reply_days),
    }
    return render(request, "clinic/messaging/inbox.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def patient_messages(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid, part="messages")
    if request.method != "POST":
        return _page(request, patient)
    form = AnswerForm(request.POST)
    if request.POST.get("do") == "settle":
        return _settle(request, patient, form)
    if not form.is_valid():
        return _refused(request, patient, form)
    said = form.cleaned_data
    link = request.build_absolute_uri(reverse("messages"))
    actions.answer(patient=patient, by=request.user, link=link, **said)
    if not request.htmx:
        return redirect(f"{reverse('patient_messages', args=[patient.uuid])}?sent=1#send")
    new = since(_messages(request, patient), said["seen_to"])
    actions.note_seen(messages=new, by=request.user)
    context = _context(request, patient) | {"new": new, "seen_to": new[-1].pk, "sent": True}
    return sent_fragment(request, context, gettext("Sent."))


@require_safe
@clinician_required
def patient_message_photo(request: ClinicianRequest, uuid: UUID, message: UUID) -> HttpResponse:
    patient = record_of(request, uuid, part="photo of a message")
    return photo_response(_messages(request, patient), message)


def _settle(request: ClinicianRequest, patient: Patient, form: AnswerForm) -> HttpResponse:
    form.is_valid()
    seen_to, typed = form.cleaned_data.get("seen_to", 0), request.POST.get("text", "")
    try:
        actions.settle(patient=patient, by=request.user, seen_to=seen_to)
    except actions.MoreCame:
        return _more_came(request, patient, seen_to, typed)
    if not request.htmx:
        return redirect("inbox")
    context = _context(request, patient) | {"seen_to": seen_to, "typed": typed}
    response = render(request, "clinic/messaging/_send.html", context)
    trigger_client_event(response, "announce", {"value": gettext("Closed without an answer.")})
    return trigger_client_event(response, "focus-on", {"value": "id_text"}, after="settle")


def _more_came(request: ClinicianRequest, patient: Patient, seen_to: int, typed: str) -> HttpResponse:
    """With what came, so that the next press means that too."""
    context = _context(request, patient) | {"problem": MORE_CAME, "typed": typed}
    if request.htmx:
        new = since(_messages(request, patient), seen_to)
        actions.note_seen(messages=new, by=request.user)
        return render(
            request, "clinic/messaging/_sent.html", context | {"new": new, "seen_to": new[-1].pk}, status=409
        )
    thread = thread_of(_messages(request, patient), {})
    actions.note_seen(messages=thread.messages, by=request.user)
    context |= {"thread": thread, "seen_to": thread.last}
    return render(request, "clinic/messaging/patient_messages.html", context, status=409)


def _page(request: ClinicianRequest, patient: Patient) -> HttpResponse:
    thread = thread_of(_messages(request, patient), request.GET)
    if request.method == "GET" and thread.is_newest:
        actions.note_seen(messages=thread.messages, by=request.user)
    context = _context(request, patient) | {"thread": thread, "seen_to": thread.last}
    return render(
        request, "clinic/messaging/patient_messages.html", context | {"sent": request.GET.get("sent") == "1"}
    )


def _refused(request: ClinicianRequest, patient: Patient, form: AnswerForm) -> HttpResponse:
    context = _context(request, patient) | {"form": form}
    if request.htmx:
        context["seen_to"] = form.cleaned_data.get("seen_to", 0)
        return render(request, "clinic/messaging/_send.html", context, status=422)
    thread = thread_of(_messages(request, patient), {})
    context |= {"thread": thread, "seen_to": thread.last}
    return render(request, "clinic/messaging/patient_messages.html", context, status=422)


def _messages(request: ClinicianRequest, patient: Patient) -> MessageQuerySet:
    return Message.objects.visible_to(request.user).filter(patient=patient).with_people()


def _context(request: ClinicianRequest, patient: Patient) -> dict[str, Any]:
    return {
        "by_patient": False,
        "patient": patient,
        "zone": request.clinician.clinic.zone,
        "key": uuid4(),
        "waiting": Task.objects.open().filter(patient=patient, kind=Kind.MESSAGE).first(),
    }

"""A patient's conversation with their clinic."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import trigger_client_event

from clinic.messaging import actions
from clinic.messaging.forms import PHOTO_ENDINGS, MessageForm
from clinic.messaging.models import Message, MessageQuerySet
from clinic.messaging.thread import expected, since, thread_of
from clinic.prescriptions.models import PrescribedExercise
from patients.access import PatientRequest, SignedInRequest, patient_required
from patients.team.pages import away_words

CLOSED = _("You are discharged, so you cannot write here any more. Your messages stay here to read.")
TOO_MANY = _("You sent many messages in the last hour. Please wait a little, or call us.")


@require_http_methods(["GET", "HEAD", "POST"])
@patient_required
def messages(request: PatientRequest) -> HttpResponse:
    if request.method == "POST":
        return _send(request)
    if request.method == "GET":
        actions.note_read(patient=request.patient, by=request.user)
    return _page(request, about=_about(request, request.GET.get("about", "")))


@require_safe
@patient_required
def message_photo(request: PatientRequest, uuid: UUID) -> HttpResponse:
    return photo_response(Message.objects.visible_to(request.user), uuid)


def _send(request: PatientRequest) -> HttpResponse:
    patient, form = request.patient, MessageForm(request.POST, request.FILES)
    about = _about(request, request.POST.get("about", ""))
    if actions.is_too_many(patient, timezone.now()):
        del form.fields["photo"]  # not worth opening
        form.is_valid()
        form.add_error("text", TOO_MANY)
        return _refused(request, form, about, status=429)
    if not form.is_valid():
        return _refused(request, form, about)
    said = form.cleaned_data
    try:
        actions.write(
            patient=patient, by=request.user, key=said["key"], text=said["text"], photo=said["photo"], about=about
        )
    except actions.TooMany:
        form.add_error("text", TOO_MANY)
        return _refused(request, form, about, status=429)
    except actions.Closed:
        form.add_error("text", CLOSED)
        return _refused(request, form, about, status=409)
    if not request.htmx:
        return redirect(f"{reverse('messages')}?sent=1#send")
    actions.note_read(patient=patient, by=request.user)
    new = since(_messages(request), said["seen_to"])
    context = _context(request) | {"new": new, "seen_to": new[-1].pk, "sent": True}
    return sent_fragment(request, context, f"{gettext('Sent.')} {context['expected']}")


def _page(request: PatientRequest, *, about: PrescribedExercise | None) -> HttpResponse:
    thread = thread_of(_messages(request), request.GET)
    context = _context(request) | {"thread": thread, "seen_to": thread.last, "about": about}
    return render(request, "clinic/messaging/messages.html", context | {"sent": request.GET.get("sent") == "1"})


def _refused(
    request: PatientRequest, form: MessageForm, about: PrescribedExercise | None, status: int = 422
) -> HttpResponse:
    """The box with what is wrong and what was typed; in a page whose photo can stay chosen, it does."""
    context = _context(request) | {"form": form, "about": about}
    if request.htmx:
        context |= {"seen_to": form.cleaned_data.get("seen_to", 0), "keeps_photo": "photo" not in form.errors}
        return render(request, "clinic/messaging/_send.html", context, status=status)
    thread = thread_of(_messages(request), {})
    context |= {"thread": thread, "seen_to": thread.last}
    return render(request, "clinic/messaging/messages.html", context, status=status)


def _messages(request: PatientRequest) -> MessageQuerySet:
    return Message.objects.visible_to(request.user).with_people()


def _about(request: PatientRequest, asked: str) -> PrescribedExercise | None:
    try:
        line = UUID(asked)
    except ValueError:
        return None
    visible = PrescribedExercise.objects.visible_to(request.user).select_related("exercise", "prescription")
    return visible.filter(uuid=line).first()


def _context(request: PatientRequest) -> dict[str, Any]:
    patient = request.patient
    return {
        "by_patient": True,
        "zone": patient.zone,
        "key": uuid4(),
        "closed": CLOSED if patient.discharged_at else "",
        "expected": f"{expected(patient.clinic.thresholds.reply_days)} {away_words(patient)}".strip(),
        "photo_endings": PHOTO_ENDINGS,
    }


def photo_response(visible: MessageQuerySet, uuid: UUID) -> HttpResponse:
    message = get_object_or_404(visible.exclude(photo=""), uuid=uuid)
    try:
        with message.photo.open() as file:
            picture = file.read()
    except FileNotFoundError as missing:
        raise Http404 from missing
    return HttpResponse(picture, "image/jpeg", headers={"Content-Disposition": 'inline; filename="photo.jpg"'})


def sent_fragment(request: SignedInRequest, context: dict[str, Any], said: str) -> HttpResponse:
    """The emptied box, and what the page lacks of the conversation."""
    response = render(request, "clinic/messaging/_sent.html", context)
    trigger_client_event(response, "announce", {"value": said})
    return trigger_client_event(response, "focus-on", {"value": "id_text"}, after="settle")

import re
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.reminders.actions import (
    add_device,
    close_calendar,
    open_calendar,
    remove_device,
    renew_calendar,
    set_calendar,
    set_reminders,
    stop_reminders,
)
from clinic.reminders.calendar import feed_of
from clinic.reminders.forms import CalendarForm, ReminderForm
from clinic.reminders.models import CalendarFeed, Device, Reminder, Sending
from clinic.reminders.push import public_key
from clinic.reminders.rules import Way
from clinic.reminders.sending import PUSH_LASTS
from clinic.today.breaks_reading import rhythm_of
from exercises.templatetags.look import device as device_name
from patients.access import PatientRequest, patient_required
from patients.audit.actions import record
from patients.audit.context import current
from patients.audit.models import AuditEvent

# More than any calendar asks. By calendar, and not by address: a big provider asks for all of its people from one.
FETCHES_AN_HOUR = 60
# Of addresses that open nothing, from one place.
MISSES_AN_HOUR = 120
HOUR = 60 * 60
# No push service keeps a knock for longer.
LATEST_WORDS = timedelta(seconds=max(PUSH_LASTS.values()))
# As `new_token` makes them: what else stands in an address is not for the database.
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@require_http_methods(["GET", "HEAD", "POST"])
@patient_required
def reminders(request: PatientRequest) -> HttpResponse:
    """How, when and when not; the devices; the calendar."""
    if request.method != "POST":
        return _page(request)
    devices = list(Device.objects.visible_to(request.user))
    form = ReminderForm(request.POST, has_device=bool(devices))
    patient, user = request.patient, request.user
    if request.POST.get("way") == Way.OFF:
        # No other field stands in the way of an end.
        set_reminders(patient=patient, by=user, way=Way.OFF.value, nudges=False)
        messages.success(request, gettext("Reminders are off."))
        return redirect("reminders")
    if not form.is_valid():
        return _page(request, form=form)
    endpoint = form.cleaned_data["endpoint"]
    if endpoint:
        name = device_name(request.headers.get("User-Agent", ""))
        add_device(patient=patient, by=user, endpoint=endpoint, name=name)
    said = set_reminders(patient=patient, by=user, **form.wanted)
    words = gettext("Saved. Your reminder comes at %(time)s, unless you are done by then.")
    messages.success(request, words % {"time": f"{said.at:%H:%M}"})
    return redirect("reminders")


WORDS = {
    Sending.SESSION: _lazy("Time for your exercises?"),
    Sending.BREAK: _lazy("Time to get up for a minute?"),
}


@require_safe
@patient_required
def reminder_words(request: PatientRequest) -> HttpResponse:
    """What the last knock at a device was for, in words for a screen that others may see. One query."""
    sent = Sending.objects.visible_to(request.user).filter(way=Way.PUSH, claimed_at__gt=timezone.now() - LATEST_WORDS)
    kind = sent.order_by("-claimed_at", "-pk").values_list("kind", flat=True).first() or Sending.SESSION
    return JsonResponse({"kind": kind, "words": str(WORDS[kind])})


def _page(
    request: PatientRequest, *, form: ReminderForm | None = None, calendar_form: CalendarForm | None = None
) -> HttpResponse:
    user = request.user
    reminder = Reminder.objects.visible_to(user).first() or Reminder(patient=request.patient)
    devices = list(Device.objects.visible_to(user))
    feed = CalendarFeed.objects.visible_to(user).first() or CalendarFeed(patient=request.patient)
    is_refused = form is not None or calendar_form is not None
    address = request.build_absolute_uri(reverse("calendar_feed", args=[feed.token])) if feed.token else ""
    context = {
        "form": form or ReminderForm(initial=ReminderForm.initial_of(reminder), has_device=bool(devices)),
        "calendar_form": calendar_form or CalendarForm(initial=CalendarForm.initial_of(feed)),
        "devices": [(device, sha256(device.endpoint.encode()).hexdigest()) for device in devices],
        "is_lost": reminder.way == Way.PUSH and not devices,
        "rhythm": rhythm_of(request.patient),
        "vapid": public_key(),
        "address": address,
        "webcal": f"webcal://{address.partition('://')[2]}" if address else "",
    }
    return render(request, "clinic/reminders/reminders.html", context, status=422 if is_refused else 200)


@require_POST
@patient_required
def device_remove(request: PatientRequest, number: int) -> HttpResponse:
    device = get_object_or_404(Device.objects.visible_to(request.user), pk=number)
    remove_device(patient=request.patient, by=request.user, device=device)
    messages.success(request, gettext("Removed. This device gets no more reminders."))
    return redirect("reminders")


@require_POST
@patient_required
def calendar_change(request: PatientRequest) -> HttpResponse:
    """`wanted`: open, renew, close, or to set the times."""
    about: dict[str, Any] = {"patient": request.patient, "by": request.user}
    wanted = request.POST.get("wanted")
    if wanted == "set":
        form = CalendarForm(request.POST)
        if not form.is_valid():
            return _page(request, calendar_form=form)
        set_calendar(**about, **form.cleaned_data)
        messages.success(request, gettext("Saved. Your calendar follows within a day."))
    elif wanted == "open":
        open_calendar(**about)
    elif wanted == "renew":
        renew_calendar(**about)
        messages.success(request, gettext("You have a new address. The old one no longer works."))
    elif wanted == "close":
        close_calendar(**about)
        messages.success(request, gettext("The calendar is off. Its address no longer works."))
    return redirect(f"{reverse('reminders')}#calendar")


@require_safe
@patient_required
def calendar_file(request: PatientRequest) -> HttpResponse:
    """The calendar as a file, for whoever wants no address that stays open."""
    feed = CalendarFeed.objects.visible_to(request.user).first() or CalendarFeed(
        patient=request.patient, set_at=request.patient.created_at
    )
    feed.patient = request.patient
    response = HttpResponse(feed_of(feed), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="planned-sessions.ics"'
    return response


@require_safe
@login_not_required
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """For a calendar program, which signs in nowhere: the token in the address says whose it is."""
    feed = None
    if TOKEN.fullmatch(token):
        feed = CalendarFeed.objects.select_related("patient__clinic").filter(token=token).first()
    key, most = (f"feed:{feed.pk}", FETCHES_AN_HOUR) if feed else (f"miss:{current().address}", MISSES_AN_HOUR)
    if _count(key) > most:
        return private(HttpResponse(gettext("Too many requests."), status=429, headers={"Retry-After": str(HOUR)}))
    if feed is None:
        raise Http404
    _note_fetch(feed)
    body = feed_of(feed)
    etag = quote_etag(sha256(body).hexdigest()[:32])
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8", headers={"ETag": etag})
    return private(get_conditional_response(request, etag=etag, response=response) or response)


def _note_fetch(feed: CalendarFeed) -> None:
    """Once a day: calendars ask every hour."""
    patient = feed.patient
    since = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    fetched = AuditEvent.objects.filter(patient=str(patient.uuid), action="calendar.fetched", at__gte=since)
    if not fetched.exists():
        record(by=None, action="calendar.fetched", patient=patient)


def _count(key: str) -> int:
    """How often in the hour that began with the first."""
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        return 1


# Mail programs press it for their owner (RFC 8058), without cookies: the token is what a form token would be.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def reminders_stop(request: HttpRequest, token: str) -> HttpResponse:
    """One button. Looking at the page changes nothing: programs open links in mails before people do."""
    reminder = None
    if TOKEN.fullmatch(token):
        reminder = Reminder.objects.select_related("patient__clinic").filter(stop_token=token).first()
    if reminder is None:
        return private(render(request, "clinic/reminders/stop.html", {"is_unknown": True}, status=404))
    if request.method == "POST":
        stop_reminders(reminder=reminder)
    context = {"clinic": reminder.patient.clinic, "is_stopped": request.method == "POST"}
    return private(render(request, "clinic/reminders/stop.html", context))


def private(response: HttpResponse) -> HttpResponse:
    """The token stands in the address: it goes into no referrer and no cache."""
    # Not no-referrer: with it browsers send `Origin: null`.
    response["Referrer-Policy"] = "strict-origin"
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response

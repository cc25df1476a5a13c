"""The morning after, "It hurts", and "Something went wrong"."""

from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.today import after
from clinic.today.actions import DayClosed, NotInPlan, NotToday, Outcome, look_at_own_plan
from clinic.today.answers import morning_of, morning_refused, said_around
from clinic.today.day import turn
from clinic.today.events import AdverseEventForm
from clinic.today.forms import HurtsForm, MorningForm, read_day, read_round
from clinic.today.hurts import MorningPast, report_event, say_morning, stop_on_pain
from clinic.today.pages import announcement, lines_in_force
from clinic.today.reading import lines_on, log_on
from clinic.today.sheet import PAGES_OF_SHEETS, sheet_address, sheet_of
from clinic.today.views import (
    announced,
    closed,
    day_as_sent,
    not_understood,
    notice,
    page_of,
    resting,
    sheet_context,
    told_context,
)
from exercises.showing import asks_for_exercises, shows_exercises
from patients.access import PatientRequest, patient_or_helper
from patients.family.rules import Doing


@require_POST
@patient_or_helper(Doing.HELP)
@shows_exercises
def morning_say(request: PatientRequest) -> HttpResponse:
    """How the back is on the morning after a session."""
    patient, user = request.patient, request.user
    day, occasion = read_day(request.POST.get("day", "")), read_round(request.POST.get("round", ""))
    if day is None or not occasion:
        return not_understood(request)
    form = MorningForm(request.POST)
    if not form.is_valid():
        refused = morning_refused(day, occasion, form)
        if not request.htmx:
            return page_of(request, None, refused_morning=refused)
        return render(request, "clinic/today/today.html#morning", {"morning": refused}, status=422)
    pain = form.cleaned_data["pain_morning"]
    try:
        say_morning(patient=patient, by=user, day=day, occasion=occasion, pain=pain)
    except NotInPlan:
        raise Http404 from None
    except MorningPast:
        return notice(request, gettext("That question was about an earlier morning. It is not asked any more."))
    after.session_said(patient)
    if not request.htmx:
        return redirect(f"{reverse('today')}#morning")
    now = timezone.now().astimezone(patient.zone)
    _, last = said_around(now.date(), user=user, occasion=1)
    morning = morning_of(last, patient=patient, now=now, saved=True)
    response = render(request, "clinic/today/today.html#morning", {"morning": morning})
    return announced(response, gettext("Saved."), focus="morning-h")


@require_POST
@patient_or_helper(Doing.HELP)
@asks_for_exercises
def hurts(request: PatientRequest) -> HttpResponse:
    """An exercise hurts: it is stopped for today."""
    day, occasion = read_day(request.POST.get("day", "")), read_round(request.POST.get("round", ""))
    try:
        line = UUID(request.POST.get("line", ""))
    except ValueError:
        return not_understood(request)
    if day is None or not occasion:
        return not_understood(request)
    form = HurtsForm(request.POST)
    if not form.is_valid():
        return _hurts_refused(request, form, line, occasion)
    try:
        outcome = stop_on_pain(
            patient=request.patient, by=request.user, day=day, line=line, occasion=occasion, **form.cleaned_data
        )
    except NotInPlan:
        raise Http404 from None
    except NotToday as eased:
        return resting(request, eased.line)
    except DayClosed as shut:
        return closed(request, shut.day, shut.today)
    after.session_said(request.patient)
    return _stopped(request, outcome, occasion)


def sheet_on(request: PatientRequest) -> str:
    """The page that the form stood on."""
    on = request.POST.get("on", "")
    return on if on in PAGES_OF_SHEETS else "exercise"


def _stopped(request: PatientRequest, outcome: Outcome, occasion: int) -> HttpResponse:
    meant, today, on = outcome.line, request.patient.local_day(), sheet_on(request)
    assert meant is not None
    day = day_as_sent(request, outcome.lines, outcome.after, occasion, meant)
    if not request.htmx:
        return redirect(f"{sheet_address(meant, occasion, day, today, on)}#sheet")
    sheet = sheet_of(meant, day, outcome.after, today=today, occasion=occasion, on=on)
    response = render(request, "clinic/today/exercise.html#sheet", sheet_context(request, meant, sheet))
    return announced(response, announcement(turn(meant, occasion, outcome.after), None, None), focus="stopped")


def _hurts_refused(request: PatientRequest, form: HurtsForm, line: UUID, occasion: int) -> HttpResponse:
    """The page of the exercise, with what was typed and what is wrong."""
    patient = request.patient
    today = patient.local_day()
    day = read_day(request.POST.get("day", "")) or today
    found = lines_on(day, user=request.user, also=line)
    meant = next((each for each in found if each.uuid == line), None)
    if meant is None:
        raise Http404
    lines = lines_in_force(found, day)
    log = log_on(day, user=request.user, lines=lines, first_weekday=patient.clinic.week_starts_on)
    shown = day_as_sent(request, lines, log, occasion, meant)
    sheet = sheet_of(meant, shown, log, today=today, occasion=occasion, on=sheet_on(request))
    context = sheet_context(request, meant, sheet, form) | told_context(meant, day)
    page = "clinic/today/exercise.html" + ("#sheet" if request.htmx else "")
    return render(request, page, context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@patient_or_helper(Doing.HELP)
def adverse_event(request: PatientRequest) -> HttpResponse:
    """Something went wrong while or after exercising."""
    patient = request.patient
    today = patient.local_day()
    lines = lines_in_force(lines_on(today, user=request.user), today)
    back_days = patient.clinic.thresholds.back_entry_days
    if request.method != "POST":
        look_at_own_plan(patient=patient, by=request.user, today=today)
        start = {"key": uuid4(), "happened_on": today.isoformat(), "exercise": request.GET.get("exercise", "")}
        form = AdverseEventForm(None, today=today, lines=lines, back_days=back_days, initial=start)
        return render(request, "clinic/today/adverse_event.html", {"form": form})
    form = AdverseEventForm(request.POST, today=today, lines=lines, back_days=back_days)
    if not form.is_valid():
        return render(request, "clinic/today/adverse_event.html", {"form": form}, status=422)
    report_event(patient=patient, by=request.user, **form.report())
    return redirect("adverse_event_told")


@require_safe
@patient_or_helper(Doing.HELP)
def adverse_event_told(request: PatientRequest) -> HttpResponse:
    """The clinic has it; and what to do now."""
    return render(request, "clinic/today/adverse_event_told.html", {"check": f"{reverse('red_flag_check')}?for=e"})

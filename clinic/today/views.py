import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from clinic.prescriptions.changes import what_changed
from clinic.prescriptions.models import PrescribedExercise
from clinic.today import after, cards
from clinic.today.actions import (
    DayClosed,
    NotInPlan,
    NotToday,
    Outcome,
    check_open,
    look_at_own_plan,
    note_seen,
    say,
    set_all_done,
    set_amounts,
    set_done,
    skip_day,
)
from clinic.today.actions import skip as skip_exercise
from clinic.today.advice import stopped_advice
from clinic.today.answers import FORMS, Morning, answers, morning_of, refused, said_around, said_on, scale_html
from clinic.today.breaks_actions import moved_at_desk
from clinic.today.breaks_page import prompt_html
from clinic.today.breaks_reading import desk_of
from clinic.today.checks import check_due
from clinic.today.day import Day, day_of, turn
from clinic.today.eased import why_it_rests
from clinic.today.flare_days import offer_after_answers
from clinic.today.forms import (
    MOVES,
    AfterForm,
    BeforeForm,
    HurtsForm,
    SaidAmounts,
    Tick,
    read_amounts,
    read_day,
    read_round,
    read_skip,
    read_tick,
    read_uuid,
)
from clinic.today.frame import TEMPLATE, context, today_response
from clinic.today.hurts import stopped_on_pain
from clinic.today.models import SkipReason
from clinic.today.pages import NOTHING, announcement, change, closed_words, lines_in_force, today_page, with_short
from clinic.today.plan import may_enter
from clinic.today.reading import DayLog, Line, Version, lines_on, log_on
from clinic.today.sheet import PAGES_OF_SHEETS, Sheet, sheet_address, sheet_of
from clinic.today.short import shortened
from clinic.today.sprite import named, sprite_of
from clinic.today.understand import advised, read_html, reads_for, why_here
from clinic.today.waiting import waiting_for
from exercises.lists import Moment
from exercises.showing import asks_for_exercises, shows_exercises
from patients.access import PatientRequest, patient_or_helper, patient_required
from patients.family.rules import Doing
from patients.models import Patient

# Asks for a page of the next day, so that a phone can keep it: `?ahead=1`.
AHEAD = "ahead"

# On the page of an exercise, pain has questions of its own.
REASONS = [(value, label) for value, label in SkipReason.choices if value != SkipReason.PAIN]


@require_safe
@patient_or_helper(Doing.LOOK)
@asks_for_exercises
def today(request: PatientRequest) -> HttpResponse:
    return page_ahead(request) if AHEAD in request.GET else page_of(request, None)


@require_safe
@patient_or_helper(Doing.LOOK)
@asks_for_exercises
def today_on(request: PatientRequest, day: date) -> HttpResponse:
    """An earlier day, to fill in."""
    return page_of(request, day)


def page_of(
    request: PatientRequest,
    day: date | None,
    *,
    refused_form: BeforeForm | AfterForm | None = None,
    refused_morning: Morning | None = None,
) -> HttpResponse:
    """The page of a day; with a form that was refused, as 422."""
    patient, user, helping = request.patient, request.user, request.user.helping
    now = timezone.now().astimezone(patient.zone)
    day = day or now.date()
    thresholds = patient.clinic.thresholds
    if not may_enter(day, now.date(), thresholds):
        return closed(request, day, now.date())
    is_first_look = patient.seen_on != now.date()
    look_at_own_plan(patient=patient, by=user, today=now.date())
    first_weekday = patient.clinic.week_starts_on
    lines = lines_on(day, user=user, afresh=is_first_look)  # whose queries are spent on noting the look
    log = log_on(day, user=user, lines=lines, first_weekday=first_weekday)
    shown = day_of(lines, log, first_weekday=first_weekday)
    version = lines[0].version if lines else None
    at_desk = bool(shown.breaks) and day == now.date() and not helping
    desk = desk_of(patient, user, now) if at_desk and not is_first_look else None
    page = today_page(
        shown,
        today=now.date(),
        hour=now.hour,
        name=patient.greeting_name,
        version=version,
        round_number=read_round((request.POST if refused_form else request.GET).get("round", "")),
        back_days=thresholds.back_entry_days,
        prompt=prompt_html(desk, lines, now, patient.clinic.thresholds) if at_desk else NOTHING,
        has_questions=patient.measures_due_on is not None and patient.measures_due_on <= day,
        looks_only=helping is not None and not helping.helps,
    )
    if helping and page.is_today:
        page = replace(page, heading=gettext("%(name)s today") % {"name": patient.greeting_name})
    said, last = said_around(day, user=user, occasion=page.round_number)
    if page.is_today and said.get("picked") and not (helping and not helping.helps):
        page = with_short(page, shown, said["picked"], today=day)
    morning = refused_morning or (morning_of(last, patient=patient, now=now) if page.is_today else None)
    shown_answers = None
    if refused_form:
        shown_answers = refused(said, refused_form, patient=patient)
    elif page.has_exercises:
        shown_answers = answers(said, patient=patient, today=now.date())
    if page.is_today and not page.has_exercises:
        page = replace(page, read=read_html(Moment.REST_DAY if lines else Moment.FIRST_WEEK))
    more: dict[str, object] = {}
    if not page.has_exercises and (waiting := waiting_for(lines, day, patient=patient, user=user)):
        more["waiting"] = waiting
    if version and version.is_news and page.is_today:
        more["changes"] = _changes(request, version, lines)
    if page.is_today and check_due(patient, day).is_short:
        more["asks_check"] = True
    is_refused = refused_form or refused_morning
    if more or is_refused:
        status = 422 if is_refused else 200
        response = render(request, TEMPLATE, context(page, shown_answers, morning) | more, status=status)
    else:
        response = today_response(request, page, shown_answers, morning)
    return named(response, lines)


def page_ahead(request: PatientRequest) -> HttpResponse:
    """Today as it will be tomorrow, as far as it is known: for a phone to keep, and to show once the day has come."""
    patient, user = request.patient, request.user
    today = patient.local_day()
    day = today + timedelta(days=1)
    if check_due(patient, day).is_full:  # comes before the exercises, and only the server knows what it says
        return closed(request, day, today)
    look_at_own_plan(patient=patient, by=user, today=today)
    first_weekday = patient.clinic.week_starts_on
    lines = lines_on(day, user=user)
    shown = day_of(
        lines, log_on(day, user=user, lines=lines, first_weekday=first_weekday), first_weekday=first_weekday
    )
    page = today_page(
        shown, today=day, hour=0, name=patient.greeting_name, version=lines[0].version if lines else None,
        back_days=patient.clinic.thresholds.back_entry_days,
    )  # fmt: skip
    page = replace(
        page, heading=gettext("Hello, %(name)s") % {"name": patient.greeting_name}, begins=begins_at(patient, day)
    )
    more: dict[str, object] = {"asks_check": check_due(patient, day).is_short}
    if not page.has_exercises and (waiting := waiting_for(lines, day, patient=patient, user=user)):
        more["waiting"] = waiting
    unsaid = answers({}, patient=patient, today=day) if page.has_exercises else None
    return named(render(request, TEMPLATE, context(page, unsaid) | more), lines)


def begins_at(patient: Patient, day: date) -> int:
    return int(datetime.combine(day, time.min, patient.zone).timestamp() * 1000)


@require_safe
@patient_or_helper(Doing.LOOK)
@asks_for_exercises
def today_exercise(request: PatientRequest, line: UUID) -> HttpResponse:
    """One exercise as the patient was told it, with its set buttons and the way on to the next."""
    patient = request.patient
    today = patient.local_day()
    if AHEAD in request.GET:
        return _exercise_ahead(request, line, today + timedelta(days=1), today)
    day = read_day(request.GET.get("day", "")) or today
    if not may_enter(day, today, patient.clinic.thresholds):
        return closed(request, day, today)
    look_at_own_plan(patient=patient, by=request.user, today=today)
    return _exercise(request, line, day, read_round(request.GET.get("round", "")))


def _exercise_ahead(request: PatientRequest, line: UUID, day: date, today: date) -> HttpResponse:
    if check_due(request.patient, day).is_full:
        return closed(request, day, today)
    look_at_own_plan(patient=request.patient, by=request.user, today=today)
    return _exercise(request, line, day, 0, today=day, begins=begins_at(request.patient, day))


def _exercise(
    request: PatientRequest, line: UUID, day: date, occasion: int, said: SaidAmounts | None = None, *,
    today: date | None = None, begins: int = 0,
) -> HttpResponse:  # fmt: skip
    """said: amounts that could not be taken. today, begins: of a page that is kept ahead."""
    first_weekday = request.patient.clinic.week_starts_on
    found = lines_on(day, user=request.user, also=line)
    meant = next((each for each in found if each.uuid == line), None)
    if meant is None:
        raise Http404
    lines = lines_in_force(found, day)
    log = log_on(day, user=request.user, lines=lines, first_weekday=first_weekday)
    shown = day_of(lines, log, first_weekday=first_weekday)
    today = today or request.patient.local_day()
    sheet = sheet_of(meant, shown, log, today=today, occasion=occasion, said=said)
    context = sheet_context(request, meant, sheet) | told_context(meant, day) | {"begins": begins}
    template = "clinic/today/exercise.html#sheet" if request.htmx and said else "clinic/today/exercise.html"
    return render(request, template, context, status=422 if said else 200)


def told_context(line: Line, day: date) -> dict[str, object]:
    """What the page of an exercise says around its sheet."""
    return {"told": line.told, "why": why_here(line), "reads": reads_for(line, day)}


def sheet_context(
    request: PatientRequest, line: Line, sheet: Sheet, form: HurtsForm | None = None
) -> dict[str, object]:
    """What the sheet shows; with a form of "It hurts" that was refused, what was typed and why."""
    patient, thresholds = request.patient, request.patient.clinic.thresholds
    stopped = None
    if sheet.hurt:
        stopped = stopped_on_pain(patient=patient, thread=line.thread, day=sheet.day, occasion=sheet.occasion)
    error = " ".join(map(str, form.errors.get("pain", ()))) if form else ""
    return {
        "sheet": sheet,
        "reasons": REASONS,
        "stopped": stopped,
        "stopped_advice": stopped
        and advised(stopped_advice(stopped.limits, thresholds, stopped.found, moved_away=stopped.moved_away)),
        "pain_scale": scale_html("pain", form["pain"].value() or "" if form else "", error),
        "moves": MOVES,
        "moved": form["moved"].value() if form else "",
        "minutes": thresholds.away_minutes,
        "hurts_open": form is not None or request.GET.get("hurts"),
    }


@require_safe
@patient_or_helper(Doing.LOOK)
@shows_exercises
def today_figures(request: PatientRequest, name: str) -> HttpResponse:
    """The figures of the plan of today, of a day that can still be filled in, or of tomorrow, for the device to keep."""
    today = request.patient.local_day()
    for back in (*range(request.patient.clinic.thresholds.back_entry_days + 1), -1):
        made, text = sprite_of(lines_on(today - timedelta(days=back), user=request.user))
        if made == name:
            # The device of who helps keeps nothing of the plan.
            keeps = "no-store, private" if request.user.helping else "private, max-age=31536000, immutable"
            headers = {"Cache-Control": keeps, "X-Content-Type-Options": "nosniff"}
            return HttpResponse(text, content_type="image/svg+xml", headers=headers)
    raise Http404


@require_POST
@patient_or_helper(Doing.HELP)
@asks_for_exercises
def check(request: PatientRequest) -> HttpResponse:
    """One tap: a set, or a whole exercise, is done or is not."""
    tick, day = read_tick(request.POST.get("tick", "")), read_day(request.POST.get("day", ""))
    if tick is None or day is None:
        return not_understood(request)
    patient, user = request.patient, request.user
    try:
        if tick.only:
            outcome = set_done(
                patient=patient, by=user, day=day, line=tick.line, occasion=tick.occasion,
                set_number=tick.only[0], side=tick.only[1], done=tick.done,
            )  # fmt: skip
        else:
            outcome = set_all_done(
                patient=patient, by=user, day=day, line=tick.line, occasion=tick.occasion, done=tick.done
            )
    except NotInPlan:
        raise Http404 from None
    except NotToday as eased:
        return resting(request, eased.line)
    except DayClosed as shut:
        return closed(request, shut.day, shut.today)
    if tick.done and outcome.line and outcome.line.is_break:
        moved_at_desk(patient=patient, by=user, day=day)
    return _answer(request, outcome, tick.occasion, tick)


@require_POST
@patient_or_helper(Doing.HELP)
@asks_for_exercises
def sets_counted(request: PatientRequest) -> HttpResponse:
    """How much of each set was really done, where that is not what the plan says."""
    day, line = read_day(request.POST.get("day", "")), read_uuid(request.POST.get("line", ""))
    occasion, said = read_round(request.POST.get("round", "")), read_amounts(request.POST)
    if day is None or line is None or not occasion:
        return not_understood(request)
    patient, user = request.patient, request.user
    try:
        if said.errors:
            check_open(patient=patient, day=day)
            return _exercise(request, line, day, occasion, said)
        outcome = set_amounts(patient=patient, by=user, day=day, line=line, occasion=occasion, amounts=said.amounts)
    except NotInPlan:
        raise Http404 from None
    except NotToday as eased:
        return resting(request, eased.line)
    except DayClosed as shut:
        return closed(request, shut.day, shut.today)
    return _answer(request, outcome, occasion, said=gettext("Saved."))


@require_POST
@patient_or_helper(Doing.HELP)
@asks_for_exercises
def skip(request: PatientRequest) -> HttpResponse:
    """ "Couldn't today", for one exercise or for the day, and taking it back."""
    said, day = read_skip(request.POST.get("skip", "")), read_day(request.POST.get("day", ""))
    if said is None or day is None:
        return not_understood(request)
    reason = SkipReason(said.reason) if said.reason else None
    patient, user = request.patient, request.user
    try:
        if said.line:
            outcome = skip_exercise(
                patient=patient, by=user, day=day, line=said.line, occasion=said.occasion, reason=reason
            )
        else:
            outcome = skip_day(patient=patient, by=user, day=day, reason=reason)
    except NotInPlan:
        raise Http404 from None
    except NotToday as eased:
        return resting(request, eased.line)
    except DayClosed as shut:
        return closed(request, shut.day, shut.today)
    return _answer(request, outcome, said.occasion)


@require_POST
@patient_or_helper(Doing.HELP)
@shows_exercises
def session_say(request: PatientRequest) -> HttpResponse:
    """How the back was before or after, how hard it was, a comment."""
    day, part = read_day(request.POST.get("day", "")), request.POST.get("part", "")
    if day is None or part not in FORMS:
        return not_understood(request)
    form = FORMS[part](request.POST)
    occasion = read_round(request.POST.get("round", "")) or 1
    if not form.is_valid():
        if not request.htmx:
            return page_of(request, day, refused_form=form)
        said = refused(said_on(day, user=request.user, occasion=occasion), form, patient=request.patient)
        context = {"answers": said, "day": day.isoformat(), "round": occasion}
        return render(request, f"clinic/today/today.html#{part}", context, status=422)
    said_now = form.cleaned_data
    if request.user.helping:
        said_now.pop("comment", None)  # words to the clinic are the patient's own, and are not shown here
    try:
        say(patient=request.patient, by=request.user, day=day, occasion=occasion, **said_now)
    except DayClosed as shut:
        return closed(request, shut.day, shut.today)
    offer = offer_after_answers(request.patient)
    after.session_said(request.patient)
    if not request.htmx:
        if offer:
            messages.info(request, offer.words)
        return redirect(f"{_address(request, day, occasion)}#{part}")
    stored = said_on(day, user=request.user, occasion=occasion)
    said = answers(stored, patient=request.patient, today=request.patient.local_day(), saved=part)
    context = {"answers": said, "day": day.isoformat(), "round": occasion, "offer": offer}
    return announced(
        render(request, f"clinic/today/today.html#{part}", context), gettext("Saved."), focus=f"{part}-h"
    )


@require_POST
@patient_required
@shows_exercises
def plan_seen(request: PatientRequest) -> HttpResponse:
    """The patient has read what changed."""
    try:
        prescription = UUID(request.POST.get("prescription", ""))
    except ValueError:
        return not_understood(request)
    note_seen(patient=request.patient, by=request.user, prescription=prescription)
    return redirect("today")


def _answer(
    request: PatientRequest, outcome: Outcome, occasion: int, tick: Tick | None = None, said: str = ""
) -> HttpResponse:
    """After a tap: the page again, or only what looks different on it."""
    today = request.patient.local_day()
    day = day_as_sent(request, outcome.lines, outcome.after, occasion, outcome.line)
    # A page from before the plan changed may name a round that the day no longer has.
    shown = min(read_round(request.POST.get("round", "")) or occasion, len(day.rounds) or 1)
    if not request.htmx:
        return redirect(way_back(request, outcome, day, shown, occasion))
    line = outcome.line
    if line is None or outcome.stale:
        return HttpResponseClientRefresh()
    tapped = turn(line, occasion, outcome.after)
    said = said or announcement(tapped, tick, day.now(shown))
    if (on := request.POST.get("on", "")) in PAGES_OF_SHEETS:
        sheet = sheet_of(line, day, outcome.after, today=today, occasion=occasion, on=on)
        # What is open or half typed below the buttons outlives the answer; numbers only while they still stand.
        keeps = "all" if tick and tick.done else "other"
        context = sheet_context(request, line, sheet) | {"keeps": keeps}
        response = render(request, "clinic/today/exercise.html#sheet", context)
        return announced(response, said, focus="" if tapped.is_open else "next")
    before = day_of(outcome.lines, outcome.before, first_weekday=request.patient.clinic.week_starts_on)
    changed = change(before, day, shown, tapped, today=today)
    return announced(HttpResponse(changed.html), said, focus=changed.focus, now=changed.now)


def day_as_sent(request: PatientRequest, lines: list[Line], log: DayLog, occasion: int, line: Line | None) -> Day:
    """The day as the page shows it from which something was sent: a guided session may be a short one."""
    day = day_of(lines, log, first_weekday=request.patient.clinic.week_starts_on)
    if request.POST.get("on") != "guided":
        return day
    said = said_on(day.on, user=request.user, occasion=occasion)
    return shortened(day, occasion, said.get("picked") or (), line)


def way_back(request: PatientRequest, outcome: Outcome, day: Day, shown: int, occasion: int) -> str:
    today = request.patient.local_day()
    if (on := request.POST.get("on", "")) in PAGES_OF_SHEETS and outcome.line:
        return f"{sheet_address(outcome.line, occasion, day, today, on)}#sheet"
    now = day.now(shown)
    anchor = f"c-{cards.short_id(now.line)}" if now else "progress"
    return f"{_address(request, day.on, shown if len(day.rounds) > 1 else 1)}#{anchor}"


def _address(request: PatientRequest, day: date, round_number: int) -> str:
    page = reverse("today") if day == request.patient.local_day() else reverse("today_on", args=[day])
    return f"{page}?round={round_number}" if round_number > 1 else page


def _changes(request: PatientRequest, version: Version, lines: list[Line]) -> dict[str, object]:
    before = PrescribedExercise.objects.visible_to(request.user).filter(prescription=version.replaces_id)
    return {"uuid": version.uuid, "note": version.note_to_patient, "sentences": what_changed(before, lines)}


def announced(response: HttpResponse, text: str, *, focus: str = "", now: str | None = None) -> HttpResponse:
    """Says the text in the page's status line, and tells its script where the focus and the mark of the next go."""
    response.write(format_html('<p hx-swap-oob="innerHTML:#live">{}</p>', text))
    events = {}
    if focus:
        events["focus-on"] = focus
    if now is not None:
        events["next-up"] = now
    if events:
        response["HX-Trigger-After-Settle"] = json.dumps(events, separators=(",", ":"))
    return response


def closed(request: PatientRequest, day: date, today: date) -> HttpResponse:
    return notice(request, closed_words(day, today, request.patient.clinic.thresholds))


def resting(request: PatientRequest, line: Line) -> HttpResponse:
    """A tap for an exercise that rests, or is at half, meanwhile."""
    if line.eased and line.rests:
        return notice(request, f"{line.plain_name}: {why_it_rests(line.eased)}")
    return notice(
        request,
        gettext("%(exercise)s is at half for now. Please open Today again.") % {"exercise": line.plain_name},
    )


def not_understood(request: PatientRequest) -> HttpResponse:
    return notice(request, gettext("That did not reach us in one piece. Please open Today again and repeat it."))


def notice(request: PatientRequest, words: str) -> HttpResponse:
    if request.htmx:
        context = {"notice": words, "out_of_band": True}
        return render(request, "clinic/today/today.html#notice", context, status=422)
    return render(request, "clinic/today/notice.html", {"notice": words}, status=422)

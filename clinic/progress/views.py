"""How it goes: the patient's page, its sheet for the next appointment, and days that were off."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.paper.pdf import lacks
from clinic.paper.sending import as_pdf
from clinic.progress.actions import rest as note_rest
from clinic.progress.actions import unrest
from clinic.progress.forms import GoalForm, RestForm, SheetForm
from clinic.progress.pdf import pdf_of
from clinic.progress.reading import progress_of
from clinic.progress.weeks import Off, off_words
from clinic.today.actions import DayClosed, look_at_own_plan
from clinic.today.forms import read_day
from clinic.today.models import CAPPED_REASONS, Skip, SkipReason
from clinic.today.views import closed, not_understood
from exercises.lists import Moment
from exercises.offers import fitting
from exercises.showing import shows_exercises
from exercises.teaching import reads
from patients.access import ClinicianRequest, PatientRequest, clinician_required, patient_or_helper, patient_required
from patients.audit.actions import record
from patients.family.rules import Doing
from patients.models import Patient
from patients.outcomes.pages import Measured, known_of, own_answers
from patients.records.actions import say_how_close
from patients.screening.actions import is_stopped

FILE_NAME = "progress.pdf"


@require_safe
@patient_or_helper(Doing.LOOK)
def progress(request: PatientRequest) -> HttpResponse:
    """Weeks, pain and function since the patient began, kindly and truly."""
    return _page(request, SheetForm())


def _page(
    request: PatientRequest, form: SheetForm, *, pdf_lacks: str = "", goal_form: GoalForm | None = None
) -> HttpResponse:
    """pdf_lacks: letters that the sheet cannot write. goal_form: what was said of a goal and not understood."""
    patient = request.patient
    look_at_own_plan(patient=patient, by=request.user, today=patient.local_day())
    known = known_of(patient)
    shown = progress_of(patient, user=request.user, known=known)
    context = {
        "progress": shown,
        "goals": [
            (goal, goal_form if goal_form and goal_form.of == str(goal.pk) else GoalForm(patient=patient, of=goal.pk))
            for goal in shown.goals
        ],
        "measured": Measured(known.own_due),
        "answers": own_answers(known),
        "form": form,
        "pdf_lacks": pdf_lacks,
        "is_stopped": is_stopped(patient),
        "reads": fitting(reads(), [Moment.PROGRESS], most=2),
    }
    status = 422 if form.errors or pdf_lacks or goal_form else 200
    return render(request, "clinic/progress/progress.html", context, status=status)


@require_POST
@patient_required
def goal_say(request: PatientRequest) -> HttpResponse:
    """How close a goal is today, in the patient's own eyes."""
    form = GoalForm(request.POST, patient=request.patient)
    if not form.is_valid():
        if form.errors.get("goal"):
            raise Http404
        return _page(request, SheetForm(), goal_form=form)
    goal, close = form.cleaned_data["goal"], form.cleaned_data["close"]
    say_how_close(goal=goal, by=request.user, close=close, day=request.patient.local_day())
    messages.success(request, _("Noted. Your clinic sees it too."))
    return redirect(f"{reverse('progress')}#goals")


@require_POST
@patient_required
@shows_exercises
def own_progress_pdf(request: PatientRequest) -> HttpResponse:
    """The sheet for the next appointment. What the patient wants to ask goes onto it and is kept nowhere."""
    form = SheetForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    patient, user = request.patient, request.user
    sheet = progress_of(patient, user=user, with_exercises=True, questions=form.cleaned_data["questions"])
    if lacking := lacks(sheet.typed):
        return _page(request, form, pdf_lacks=lacking)
    record(by=user, action="progress.printed", patient=patient)
    return as_pdf(pdf_of(sheet, paper=form.cleaned_data["paper"]), name=FILE_NAME)


@require_safe
@clinician_required
def progress_pdf(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """The same sheet from the record."""
    patient = get_object_or_404(Patient.objects.visible_to(request.user).select_related("clinic"), uuid=uuid)
    sheet = progress_of(patient, user=request.user, with_exercises=True)
    if lacks(sheet.typed):
        messages.error(request, _("This sheet has letters that the PDF cannot write. The record shows the same."))
        return redirect("patient_record", uuid)
    record(by=request.user, action="progress.printed", patient=patient)
    return as_pdf(pdf_of(sheet, paper="a4"), name=FILE_NAME)


@require_http_methods(["GET", "HEAD", "POST"])
@patient_required
def rest(request: PatientRequest) -> HttpResponse:
    """“I was unwell”, “I was away”: for several past days at once, and taking a day back."""
    patient, user, today = request.patient, request.user, request.patient.local_day()
    if "undo" in request.POST:
        return _taken_back(request)
    form = RestForm(
        request.POST if request.method == "POST" else None,
        today=today,
        days_back=patient.clinic.thresholds.back_entry_days,
        initial={"first": today.isoformat(), "last": today.isoformat()},
    )
    if request.method != "POST" or not form.is_valid():
        return _rest_page(request, form, today)
    first, last, reason = (form.cleaned_data[name] for name in ("first", "last", "reason"))
    n = note_rest(patient=patient, by=user, first=first, last=last, reason=SkipReason(reason))
    if n:
        messages.success(request, ngettext("Noted for %(n)s day.", "Noted for %(n)s days.", n) % {"n": n})
    else:
        messages.info(request, _("Nothing was open on these days, so there was nothing to note."))
    return redirect("progress")


def _rest_page(request: PatientRequest, form: RestForm, today: date) -> HttpResponse:
    patient = request.patient
    since = today - timedelta(days=patient.clinic.thresholds.back_entry_days)
    noted = Skip.objects.visible_to(request.user).filter(patient=patient, day__gte=since, reason__in=CAPPED_REASONS)
    days = dict(noted.order_by("-day").values_list("day", "reason"))
    context = {
        "form": form,
        "noted": [
            (day, off_words(Off.UNWELL if why == SkipReason.UNWELL else Off.AWAY)) for day, why in days.items()
        ],
        "most": patient.clinic.thresholds.excused_days_max,
    }
    return render(request, "clinic/progress/rest.html", context, status=422 if form.errors else 200)


def _taken_back(request: PatientRequest) -> HttpResponse:
    day = read_day(request.POST["undo"])
    if day is None:
        return not_understood(request)
    try:
        unrest(patient=request.patient, by=request.user, day=day)
    except DayClosed as shut:
        return closed(request, shut.day, shut.today)
    messages.success(request, _("Taken back. That day is open again."))
    return redirect("rest")

"""Patients answer a measure; clinicians enter one and see how it goes."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patients.access import ClinicianRequest, PatientRequest, clinician_required, patient_or_helper
from patients.family.rules import Doing
from patients.outcomes import actions
from patients.outcomes.forms import ActivityForm, MeasureForm, NamingForm, ScoreForm, items_of
from patients.outcomes.history import taken_of
from patients.outcomes.measures import ALL, BY_SLUG, GROUPS, ODI, PSFS, Measure
from patients.outcomes.models import Activity, Measurement
from patients.outcomes.pages import known_of, told_of
from patients.outcomes.schedule import due_on, settled
from patients.outcomes.scoring import PSFS_LEAST, PSFS_MOST
from patients.outcomes.wording import is_answered_by_patient, wording_of
from patients.records.models import Patient
from patients.records.views import record_of


@require_safe
@patient_or_helper(Doing.ANSWER)
def measures(request: PatientRequest) -> HttpResponse:
    """What is due now, and the rest to answer when they like."""
    known = known_of(request.patient)
    due = known.own_due
    context = {
        "due": due,
        "next": known.next_own,
        "others": [
            measure
            for measure in ALL
            if is_answered_by_patient(measure) and measure not in [each.measure for each in due]
        ],
    }
    return render(request, "patients/outcomes/measures.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@patient_or_helper(Doing.ANSWER)
def measure(request: PatientRequest, slug: str) -> HttpResponse:
    """One measure. What was left out is asked once more, and then kept as it is (PROM-1)."""
    patient, asked = request.patient, BY_SLUG.get(slug)
    if asked is None or not is_answered_by_patient(asked):
        raise Http404
    activities = list(Activity.objects.visible_to(request.user).filter(retired_at=None)) if asked is PSFS else []
    if asked is PSFS and len(activities) < PSFS_LEAST:
        return _name(request, activities)
    items = items_of(asked, activities)
    rows = list(Measurement.objects.visible_to(request.user).filter(measure=slug))
    is_again = settled(taken_of(rows).get(slug, []))[1] is not None
    if request.method != "POST":
        form = MeasureForm(measure=asked, items=items, said=rows[-1].items if is_again else None)
        return _ask(request, asked, form, is_again)
    form = MeasureForm(request.POST, measure=asked, items=items)
    if not form.is_valid():
        return _ask(request, asked, form, is_again, status=422)
    made = actions.record_measurement(
        patient=patient, by=request.user, measure=asked, items=form.answers, again=form.cleaned_data["again"]
    )
    if made.score is None and not form.cleaned_data["again"]:
        return redirect("measure", slug)
    messages.success(request, gettext("Saved. Thank you."))
    return redirect("measures")


def _ask(
    request: PatientRequest, asked: Measure, form: MeasureForm, is_again: bool, status: int = 200
) -> HttpResponse:
    context = {"measure": asked, "form": form, "is_again": is_again, "wording": wording_of(asked)}
    return render(request, "patients/outcomes/measure.html", context, status=status)


def _name(request: PatientRequest, named: list[Activity]) -> HttpResponse:
    form = NamingForm(request.POST if request.method == "POST" else None, named=len(named))
    if request.method == "POST" and form.is_valid():
        actions.name_activities(patient=request.patient, by=request.user, texts=form.texts)
        return redirect("measure", PSFS.slug)
    status = 422 if form.errors else 200
    return render(request, "patients/outcomes/naming.html", {"form": form, "named": named}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def patient_measures(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """Enter a score or its items; every measure's course with the mark from which a change matters."""
    patient = record_of(request, uuid, part="measures")
    is_sent = request.method == "POST"
    chosen = BY_SLUG.get((request.POST if is_sent else request.GET).get("measure", ""))
    if is_sent and chosen is None:
        raise Http404
    chosen = chosen or ODI
    everything = list(Activity.objects.visible_to(request.user).filter(patient=patient))
    current = [each for each in everything if each.retired_at is None]
    form = ScoreForm(request.POST if is_sent else None, measure=chosen, patient=patient, activities=current)
    if is_sent and form.is_valid():
        actions.record_measurement(
            patient=patient, by=request.user, measure=chosen, items=form.answers, score=form.score,
            day=form.cleaned_data["day"], note=form.cleaned_data["note"], again=form.cleaned_data["again"],
        )  # fmt: skip
        messages.success(request, gettext("%(measure)s saved.") % {"measure": chosen.name})
        return redirect(f"{reverse('patient_measures', args=[patient.uuid])}?measure={chosen.slug}#m-{chosen.slug}")
    return _shown(request, patient, everything, chosen, form, status=422 if form.errors else 200)


@require_POST
@clinician_required
def patient_activities(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """Adds an activity to what PSFS asks, or retires one."""
    patient = record_of(request, uuid)
    everything = list(Activity.objects.visible_to(request.user).filter(patient=patient))
    here = f"{reverse('patient_measures', args=[patient.uuid])}?measure={PSFS.slug}#activities"
    if "retire" in request.POST:
        typed = request.POST["retire"]
        known = typed if typed.isascii() and typed.isdecimal() and len(typed) < 19 else "0"
        activity = get_object_or_404(Activity.objects.visible_to(request.user), patient=patient, pk=known)
        actions.retire_activity(activity=activity, by=request.user)
        return redirect(here)
    form = ActivityForm(request.POST)
    if form.is_valid():
        try:
            actions.name_activities(patient=patient, by=request.user, texts=[form.cleaned_data["text"]])
            return redirect(here)
        except actions.TooMany:
            form.add_error("text", gettext("At most %(number)s at a time. Retire one first.") % {"number": PSFS_MOST})
    current = [each for each in everything if each.retired_at is None]
    score = ScoreForm(measure=PSFS, patient=patient, activities=current)
    return _shown(request, patient, everything, PSFS, score, adding=form, status=422)


def _shown(
    request: ClinicianRequest, patient: Patient, activities: list[Activity], chosen: Measure, form: ScoreForm,
    *, adding: ActivityForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    known = known_of(patient)
    context = {
        "patient": patient,
        "chosen": chosen,
        "groups": GROUPS,
        "form": form,
        "activities": [each for each in activities if each.retired_at is None],
        "retired": [each for each in activities if each.retired_at],
        "adding": adding or ActivityForm(),
        "measured": told_of(known, activities),
        "due": due_on(known.today, known.coming),
        "today": known.today,
        "needs_activities": chosen is PSFS and not form.items_asked,
    }
    return render(request, "patients/outcomes/patient_measures.html", context, status=status)

"""The patient's week and whole plan."""

from datetime import date, timedelta
from itertools import groupby, pairwise
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clinic.prescriptions.changes import what_changed
from clinic.prescriptions.models import Pause, PrescribedExercise, Prescription
from clinic.today.actions import look_at_own_plan
from clinic.today.day import ORDER
from clinic.today.eased import Spell, eased, why_it_rests
from clinic.today.pages import PHASES
from clinic.today.plan import week_start
from clinic.today.reading import Told, dose, half_dose, lines_between, logs_between, spells_of
from clinic.today.weeks import week_days
from exercises.showing import shows_exercises
from patients.access import PatientRequest, patient_or_helper
from patients.family.rules import Doing

VERSIONS = 6


@require_safe
@patient_or_helper(Doing.LOOK)
@shows_exercises
def week(request: PatientRequest) -> HttpResponse:
    """This week or the one before, day by day."""
    patient, user = request.patient, request.user
    today, first_weekday = patient.local_day(), patient.clinic.week_starts_on
    look_at_own_plan(patient=patient, by=user, today=today)
    is_last = request.GET.get("last") == "1"
    first = week_start(today, first_weekday) - timedelta(days=7 * is_last)
    last = first + timedelta(days=6)
    days = week_days(
        first,
        lines_between(first, last, user=user),
        logs_between(first, last, user=user),
        list(Pause.objects.filter(prescription__in=Prescription.objects.visible_to(user), from_day__lte=last)),
        spells_of([patient], first, last),
        today=today,
        first_weekday=first_weekday,
        thresholds=patient.clinic.thresholds,
    )
    return render(request, "clinic/today/week.html", {"days": days, "is_last": is_last, "first": first, "last": last})


@require_safe
@patient_or_helper(Doing.LOOK)
@shows_exercises
def plan(request: PatientRequest) -> HttpResponse:
    """Everything that is prescribed, with what changed from version to version."""
    return _plan(request, None)


@require_safe
@patient_or_helper(Doing.LOOK)
@shows_exercises
def plan_version(request: PatientRequest, prescription: UUID) -> HttpResponse:
    """The same of the version that a sheet of paper names."""
    seen = Prescription.objects.visible_to(request.user).select_related("published_by")
    of_lines = Prefetch("lines", PrescribedExercise.objects.visible_to(request.user))
    return _plan(request, get_object_or_404(seen.prefetch_related(of_lines), uuid=prescription))


def _plan(request: PatientRequest, asked: Prescription | None) -> HttpResponse:
    patient, user = request.patient, request.user
    today = patient.local_day()
    look_at_own_plan(patient=patient, by=user, today=today)
    versions = list(
        Prescription.objects.visible_to(user)
        .select_related("published_by")
        .prefetch_related(Prefetch("lines", PrescribedExercise.objects.visible_to(user)))
        .order_by("-published_at", "-pk")[:VERSIONS]
    )
    shown = (
        asked
        or next((each for each in versions if each.is_in_force_on(today)), None)
        or next((each for each in versions if each.is_live), None)
    )
    lines = sorted(shown.lines.all(), key=lambda line: ORDER[line.phase]) if shown else []
    spells = spells_of([patient], today, today)
    phases = [
        {"title": PHASES.get(phase, _("Small breaks")), "lines": [_item(line, spells, today) for line in group]}
        for phase, group in groupby(lines, lambda line: line.phase)
    ]
    changes = [
        {"version": new, "sentences": what_changed(old.lines.all(), new.lines.all())}
        for new, old in pairwise(versions)
        if new.replaces_id == old.pk
    ]
    context = {
        "plan": shown,
        "phases": phases,
        "changes": changes,
        "is_to_come": shown and shown.starts_on > today,
        "is_past": shown and shown.ended_on and shown.ended_on <= today,
    }
    return render(request, "clinic/today/plan.html", context)


def _item(line: PrescribedExercise, spells: list[Spell], today: date) -> dict[str, object]:
    told = Told.of(line.told)
    how = eased(spells, today, thread=line.thread, movement=told.movement)
    amount = half_dose(line.dosage) if how and not how.rests else dose(line.dosage)
    return {"line": line, "dose": amount, "told": told, "rests": why_it_rests(how) if how and how.rests else ""}

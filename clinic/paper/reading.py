"""What a sheet needs, and what a page of boxes that came back needs: a few queries each, whatever their length."""

from collections import defaultdict
from datetime import date, timedelta

from django.db.models import QuerySet

from clinic.paper.grid import Grid, grid_of
from clinic.paper.sheet import DAYS, PaperPlan, days_from, exercises_of, pause_words
from clinic.paper.stops import stops_of
from clinic.prescriptions.models import Pause, PrescribedExercise, Prescription, in_force_between
from clinic.today.models import CheckOff, Session
from clinic.today.reading import SetDone, lines_of, spells_of
from patients.models import Patient, User
from patients.records.pain_limits import limits_of


def sent(user: User) -> QuerySet[Prescription]:
    """The versions that this person may print."""
    return Prescription.objects.visible_to(user).published().select_related("patient__clinic", "published_by")


def plan_on_paper(prescription: Prescription, *, user: User, first: date, address: str) -> PaperPlan:
    patient = prescription.patient
    lines = lines_of(PrescribedExercise.objects.visible_to(user).filter(prescription=prescription), first)
    pauses: list[Pause] = list(prescription.pauses.all())
    begins = max(first, prescription.starts_on)
    spells = spells_of([patient], first, days_from(begins)[-1])
    clinic, limits = patient.clinic, limits_of(patient)
    assert prescription.published_at  # a draft is nobody's to print
    return PaperPlan(
        title=prescription.title,
        patient=patient.full_name,
        clinic=clinic.name,
        phone=clinic.phone,
        by=str(prescription.published_by),
        sent_on=patient.local_day(prescription.published_at),
        version=prescription.version,
        starts_on=prescription.starts_on,
        last_on=prescription.ends_on,
        note=prescription.note_to_patient,
        pause=pause_words(pauses, begins),
        ended_on=prescription.ended_on,
        address=address,
        first=first,
        exercises=exercises_of(lines, pauses, spells, first),
        stops=stops_of(clinic, limits, clinic.thresholds),
    )


def first_day(prescription: Prescription, today: date) -> date:
    """Where a sheet starts unless somebody says otherwise: today, or the plan's first day if that is still to come."""
    return max(today, prescription.starts_on)


def grid_for(patient: Patient, *, user: User, first: date, today: date) -> Grid:
    last = days_from(first)[-1]
    of_patient = PrescribedExercise.objects.visible_to(user).filter(prescription__patient=patient)
    in_time = {"patient": patient, "day__range": (first, last)}
    ticks: dict[date, set[SetDone]] = defaultdict(set)
    done = CheckOff.objects.filter(**in_time)
    for day, *tick in done.values_list("day", "thread", "occasion", "set_number", "side"):
        ticks[day].add(tuple(tick))  # type: ignore[arg-type]
    return grid_of(
        first,
        lines_of(of_patient.filter(in_force_between(first, last, "prescription__")), first),
        list(Pause.objects.filter(prescription__patient=patient, from_day__lte=last)),
        spells_of([patient], first, last),
        ticks,
        dict(Session.objects.filter(**in_time, occasion=1).values_list("day", "pain_worst")),
        today=today,
        thresholds=patient.clinic.thresholds,
    )


def last_two_weeks(today: date) -> date:
    return today - timedelta(days=DAYS - 1)

"""Two flare-ups of the demo clinic: one that is on, and one that is over."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic.flare.actions import end, extend, start_flare
from clinic.flare.models import FlareUp
from clinic.flare.rules import Because, gentle
from clinic.prescriptions.models import PrescribedExercise
from clinic.today.models import CheckOff
from clinic.today.reading import Told
from patients.models import Patient, Screening, User
from patients.screening.models import Occasion
from patients.screening.pages import clear_answers
from patients.screening.red_flags import RULES

NOW, BEFORE = "Okafarrow", "Lanternlake"


def add_flares(today: date) -> None:
    """Before the tallies are counted: what rests in these days was not done in them."""
    sore = Patient.objects.select_related("clinic", "user").get(last_name=NOW, clinic__is_demo=True)
    _started(sore, today - timedelta(days=1), Because.RISE)
    better = Patient.objects.select_related("clinic", "user").get(last_name=BEFORE, clinic__is_demo=True)
    flare = _started(better, today - timedelta(days=40), Because.PRESSED)
    user = _user(better)
    extend(flare=flare, by=user, now=_at(better, today - timedelta(days=38)))
    end(flare=flare, by=user, now=_at(better, today - timedelta(days=35)))
    # A clinician has read of it since.
    lead = better.care_team.select_related("clinician__user").get(leads=True).clinician.user
    for task in better.tasks.filter(resolved_at=None):
        task.resolved_at, task.resolved_by = _at(better, today - timedelta(days=34)), lead
        task.resolution = "Rang. The usual plan went well again."
        task.save()


def _started(patient: Patient, day: date, because: Because) -> FlareUp:
    now, user = _at(patient, day), _user(patient)
    screening = Screening.objects.create(
        patient=patient,
        occasion=Occasion.FLARE,
        answers=clear_answers(age=patient.age_on(day)),
        rules=RULES,
        answered_on=day,
        answered_at=now,
        answered_by=user,
    )
    flare = start_flare(patient=patient, by=user, screening=screening, because=because, now=now)
    lines = PrescribedExercise.objects.filter(prescription__patient=patient)
    resting = [line.pk for line in lines if not gentle(Told.of(line.told).movement)]
    CheckOff.objects.filter(patient=patient, day__range=(day, flare.until_day), line__in=resting).delete()
    return flare


def _user(patient: Patient) -> User:
    assert patient.user is not None
    return patient.user


def _at(patient: Patient, day: date) -> datetime:
    """Before the day's exercises."""
    return datetime.combine(day, time(6, 30), ZoneInfo(patient.time_zone)).astimezone(UTC)

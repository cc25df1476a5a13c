"""The red-flag checks of the demo patients since their first visit, and the episodes that these belong to."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from patients.models import Episode, Patient, Screening
from patients.screening.models import Level, Occasion
from patients.screening.pages import clear_answers
from patients.screening.red_flags import RULES, UNSURE, YES, assess
from patients.tasks.actions import TWO_DAYS, raise_task
from patients.tasks.models import Kind

# A day early: nobody's is due on the day of the demo.
EVERY = 27
# Whose whole check was not a no to everything.
INTERESTING = {
    "Ivorstone": {"RF20": YES},  # C, waiting for clearance: the fall from the horse
    "Gullifant": {"RF19": UNSURE},  # D, to be read
}


def add_checks(today: date) -> None:
    """A whole check at the first visit, and three questions every four weeks."""
    episodes, screenings, patients = [], [], []
    demo = Patient.objects.filter(clinic__is_demo=True).select_related("clinic", "user")
    for patient in demo.prefetch_related("care_team__clinician__user").order_by("pk"):
        episodes.append(_episode(patient))
        checks = list(_checks(patient, today))
        patient.checked_on = checks[-1].answered_on
        patient.flag_level = next((each.level for each in checks if each.level == Level.C), "")
        screenings += checks
        patients.append(patient)
    Episode.objects.bulk_create(episodes)
    Screening.objects.bulk_create(screenings)
    Patient.objects.bulk_update(patients, ["checked_on", "flag_level"])
    for patient in patients:
        if patient.flag_level:
            raise_task(
                patient=patient, kind=Kind.FLAG_C, due_in=TWO_DAYS, now=_at(today - timedelta(days=1), 16),
                words="Check at the first visit: Syncope, dizziness or fall in 4 weeks (yes)",
            )  # fmt: skip


def _episode(patient: Patient) -> Episode:
    first = patient.local_day(patient.created_at)
    closed = patient.local_day(patient.discharged_at) if patient.discharged_at else None
    return Episode(
        patient=patient, problem=patient.problem, opened_on=first, opened_at=patient.created_at,
        opened_by=patient.created_by, closed_on=closed, closed_by=patient.discharged_by,
    )  # fmt: skip


def _checks(patient: Patient, today: date) -> Iterator[Screening]:
    rng = Random(f"backwell demo check {patient.last_name}")  # noqa: S311  a story, not a secret
    first = patient.local_day(patient.created_at)
    last = patient.local_day(patient.discharged_at) if patient.discharged_at else today
    lead = patient.care_team.all()[0].clinician.user
    day, is_short = first, False
    while day < last or not is_short:
        said = {} if is_short else INTERESTING.get(patient.last_name, {})
        age = patient.age_on(day)
        answers = clear_answers(age=age, short=is_short) | said
        yield Screening(
            uuid=UUID(int=rng.getrandbits(128), version=4),
            patient=patient,
            occasion=Occasion.REGULAR if is_short else Occasion.FIRST,
            is_short=is_short,
            answers=answers,
            level=assess(answers, age=age, short=is_short).level,
            rules=RULES,
            answered_on=day,
            answered_at=_at(day, 8 if is_short else 9) + timedelta(minutes=rng.randint(2, 50)),
            answered_by=patient.user if is_short and patient.user else lead,
        )
        day, is_short = day + timedelta(days=EVERY), True


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo("Europe/London")).astimezone(UTC)

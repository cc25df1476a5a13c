"""Proposals in the demo: a few patients whose last days went by the rules, then the review that a timer would run."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic.prescriptions.models import PrescribedExercise
from clinic.progression.review import review
from clinic.today.models import CheckOff, Session, Skip
from clinic.today.reading import dose
from clinic.today.tallies import rebuild
from exercises.models import Phase
from patients.models import Patient

# Surname, pain before and at worst, and the next morning, of the last days.
WENT_WELL = {"Ellismoor": (2, 2, 1), "Haddawell": (2, 2, 2)}
# Whose days as they were say enough: away for nine days, and a plan that turned out too much.
AS_THEY_WERE = ("Lindqvale", "Delmarine")
DAYS, EFFORTS = 16, (3, 4, 3, 5, 4)


def tell(today: date) -> None:
    """Fills in the days before `today`, and reviews these plans as of this morning."""
    now = datetime.combine(today, time(6), ZoneInfo("Europe/London"))
    demo = Patient.objects.filter(clinic__is_demo=True).select_related("clinic", "user").order_by("pk")
    well = list(demo.filter(last_name__in=WENT_WELL))
    for patient in well:
        for n in range(1, DAYS + 1):
            day = today - timedelta(days=n)
            _do_all(patient, day)
            _say(patient, day, *WENT_WELL[patient.last_name], effort=EFFORTS[n % len(EFFORTS)])
    rebuild(well)
    for patient in [*well, *demo.filter(last_name__in=AS_THEY_WERE)]:
        review(patient, now)


def _do_all(patient: Patient, day: date) -> None:
    """Every set that the plan asked for on that day, at the time of the day's first one."""
    lines = [
        line
        for line in PrescribedExercise.objects.active_on(day).filter(prescription__patient=patient)
        if line.phase != Phase.DESK and day.weekday() in (line.dosage.fixed_weekdays or (day.weekday(),))
    ]
    if not lines:
        return
    done = CheckOff.objects.filter(patient=patient, day=day)
    at = done.earliest("done_at").done_at if done else datetime.combine(day, time(18), ZoneInfo("Europe/London"))
    Skip.objects.filter(patient=patient, day=day).delete()
    CheckOff.objects.bulk_create(
        [
            CheckOff(
                patient=patient, day=day, thread=line.thread, occasion=occasion, set_number=number, side=side, line=line,
                done_at=at, done_by=patient.user,
            )
            for line in lines
            for occasion in range(1, line.dosage.slots_per_day + 1)
            for number, side in dose(line.dosage).ticks
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _say(patient: Patient, day: date, before: int, worst: int, morning: int, *, effort: int) -> None:
    done = CheckOff.objects.filter(patient=patient, day=day)
    if not done:
        return
    answers = {"pain_before": before, "pain_worst": worst, "pain_morning": morning, "effort": effort}
    Session.objects.update_or_create(
        patient=patient, day=day, occasion=1, defaults=answers,
        create_defaults=answers | {"started_at": done.earliest("done_at").done_at, "said_by": patient.user},
    )  # fmt: skip

"""What Today says when no exercises are asked for: no plan yet, not begun, paused, ended."""

from dataclasses import dataclass
from datetime import date

from clinic.prescriptions.models import Pause, Prescription
from clinic.today.reading import Line
from patients.models import Patient, User


@dataclass(frozen=True, slots=True)
class Waiting:
    title: str
    text: str


def waiting_for(lines: list[Line], day: date, *, patient: Patient, user: User) -> Waiting | None:
    """Why there is nothing to do on `day`; None when a plan is running."""
    if lines and not lines[0].version.paused:
        return None
    if lines:
        return _paused(lines[0].version.pk, day, patient)
    latest = Prescription.objects.visible_to(user).order_by("-starts_on", "-pk").first()
    if latest is None:
        return Waiting("No plan yet", f"{_who(patient)} is writing your plan. It will be here when it is ready.")
    if latest.starts_on > day:
        return Waiting(f"Your plan starts on {_date(latest.starts_on)}", "There is nothing to do until then.")
    return Waiting(
        "Your plan has ended",
        f"Well done for what you did. Ask {_who(patient)} what comes next. What you did so far stays under Progress.",
    )


def _paused(prescription: int, day: date, patient: Patient) -> Waiting:
    pause = Pause.objects.filter(prescription=prescription).on(day).first()
    until = f"until {_date(pause.until_day)}" if pause and pause.until_day else "for now"
    return Waiting(
        "Your plan is paused",
        f"{_who(patient)} paused it {until}. You need not do your exercises. Questions? Call the clinic.",
    )


def _who(patient: Patient) -> str:
    lead = patient.care_team.filter(leads=True).select_related("clinician__user").first()
    return str(lead.clinician) if lead else "Your clinic"


def _date(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"

"""What Today says when no exercises are asked for: no plan yet, not begun, paused, ended."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

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
        return Waiting(
            gettext("No plan yet"),
            gettext("%(who)s is writing your plan. It will be here when it is ready.") % {"who": _who(patient)},
        )
    if latest.starts_on > day:
        return Waiting(
            gettext("Your plan starts on %(day)s") % {"day": _date(latest.starts_on)},
            gettext("There is nothing to do until then."),
        )
    return Waiting(
        gettext("Your plan has ended"),
        gettext("Well done for what you did. Ask %(who)s what comes next. What you did so far stays under Progress.")
        % {"who": _who(patient)},
    )


def _paused(prescription: int, day: date, patient: Patient) -> Waiting:
    pause = Pause.objects.filter(prescription=prescription).on(day).first()
    words = gettext("%(who)s paused it for now. You need not do your exercises. Questions? Call the clinic.")
    if pause and pause.until_day:
        words = gettext(
            "%(who)s paused it until %(day)s. You need not do your exercises. Questions? Call the clinic."
        )
    until = _date(pause.until_day) if pause and pause.until_day else ""
    return Waiting(gettext("Your plan is paused"), words % {"who": _who(patient), "day": until})


def _who(patient: Patient) -> str:
    return str(patient.lead or gettext("Your clinic"))


def _date(day: date) -> str:
    return date_format(day, "l j F")

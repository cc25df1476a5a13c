"""Flare-ups and easings as Today has them: each change counts the days anew that it touches, in one transaction.

Also what a patient is offered once they have said how their back was: the gentle plan, or the way out of it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext

from clinic.flare import actions
from clinic.flare.models import FlareUp
from clinic.flare.rules import Because, PainDay, exit_is_offered, flare_is_offered
from clinic.prescriptions import easings
from clinic.prescriptions.models import Easing
from clinic.today.models import Session, Skip, SkipReason
from clinic.today.tallies import recount
from patients.models import Patient, User
from patients.screening.actions import answer
from patients.screening.models import NEEDS_CLEARANCE, Occasion

LOOKS_BACK = timedelta(days=21)


def begin(*, patient: Patient, by: User, answers: dict[str, str], because: Because) -> FlareUp | None:
    """Checks for red flags, and begins the gentle days where the check is clear; None where it is not."""
    screening = answer(patient=patient, by=by, occasion=Occasion.FLARE, answers=answers)
    if screening.level in NEEDS_CLEARANCE or patient.flag_level in NEEDS_CLEARANCE:
        return None
    with transaction.atomic():
        flare = actions.start_flare(patient=patient, by=by, screening=screening, because=because)
        _recount(patient, flare.from_day, flare.until_day)
    return flare


def go_on(*, flare: FlareUp, by: User) -> bool:
    """More gentle days; whether there were any."""
    with transaction.atomic():
        may = actions.extend(flare=flare, by=by)
        if may:
            _recount(flare.patient, flare.from_day, flare.until_day)
    return may


def finish(*, flare: FlareUp, by: User) -> None:
    with transaction.atomic():
        actions.end(flare=flare, by=by)
        _recount(flare.patient, flare.from_day, flare.until_day)


def lift(*, easing: Easing, by: User) -> None:
    with transaction.atomic():
        today = easing.patient.local_day()
        easings.lift(easings=[easing], by=by, on=today)
        _recount(easing.patient, today, today)


def _recount(patient: Patient, first: date, last: date) -> None:
    """The days so far; those that are closed stay as they are."""
    today = patient.local_day()
    first = max(first, today - timedelta(days=patient.clinic.thresholds.back_entry_days))
    last = min(last, today)
    if days := [first + timedelta(days=n) for n in range((last - first).days + 1)]:
        recount(patient, days)


def pain_days(patient: Patient, today: date) -> list[PainDay]:
    """The worst that the patient gave on each of the last days. One query."""
    worst: dict[date, int] = {}
    said = Session.objects.filter(patient=patient, day__range=(today - LOOKS_BACK, today))
    for day, *scores in said.values_list("day", "pain_before", "pain_worst"):
        known = [score for score in scores if score is not None]
        if known:
            worst[day] = max([*known, worst.get(day, 0)])
    return [PainDay(day, pain) for day, pain in worst.items()]


@dataclass(frozen=True, slots=True)
class Offer:
    """What to put before a patient after an answer: gentle days because of a rise or of stops, or their end."""

    because: str = ""
    exit: bool = False

    @property
    def words(self) -> str:
        if self.exit:
            return gettext("Your back sounds calmer. Press “I am better” when you want your plan back.")
        return gettext("A sore spell? A few gentle days may help. Press “My back flared up” below.")


def offer_for(patient: Patient) -> Offer | None:
    """Three queries at most. None where nothing is to be said."""
    today = patient.local_day()
    standing = patient.flare_ups.open().first()
    answers = pain_days(patient, today)
    if standing:
        return Offer(exit=True) if exit_is_offered(answers, standing.from_day, today) else None
    stopped = Skip.objects.filter(patient=patient, reason=SkipReason.PAIN, day__gt=today - timedelta(days=7))
    because = flare_is_offered(
        answers=answers,
        stops=stopped.values_list("day", flat=True),
        today=today,
        thresholds=patient.clinic.thresholds,
    )
    return Offer(because=because.value) if because else None


def offer_after_answers(patient: Patient) -> Offer | None:
    """The offer, once answers are saved. A flare-up that nobody ended is brought to a clinician meanwhile."""
    actions.note_long(patient=patient)
    return offer_for(patient)

"""What a patient gets instead of exercises, and what a clinician's pages say about a patient's checks."""

from dataclasses import dataclass, field
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from patients.records.forms import EpisodeForm
from patients.records.models import Episode, Patient
from patients.screening.models import STOPS, Clearance, Level, Occasion, Screening
from patients.screening.red_flags import NO, asked, said
from patients.screening.standing import Check, may_be_due

STOP = "patients/screening/stop.html"
FIRST = "patients/screening/first.html"


def stop_page(request: HttpRequest, patient: Patient, *, status: int = 200) -> HttpResponse:
    """What to do, by level, in place of whatever was asked for."""
    context = {"is_emergency": patient.flag_level == Level.A}
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, STOP, context, status=status)
    response = render(request, f"{STOP}#advice", context | {"is_fragment": True}, status=status)
    # The advice takes the place of the page, whatever part of it was asked for.
    response["HX-Retarget"], response["HX-Reswap"] = "#main", "innerHTML show:window:top"
    return response


def check_first(request: HttpRequest) -> HttpResponse:
    """The whole check comes before the exercises. What was sent is refused in words, and can be sent again after it."""
    if request.method in ("GET", "HEAD"):
        return render(request, FIRST)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, f"{FIRST}#refusal", status=422)
    return render(request, FIRST, {"is_refused": True}, status=422)


@dataclass(frozen=True)
class CheckSeen:
    """A check with what was not answered by no, for the clinician's history."""

    screening: Screening
    said: list[tuple[str, str]]
    clearances: list[Clearance]
    of: int

    @property
    def is_cleared(self) -> bool:
        return any(each.cleared for each in self.clearances)

    @property
    def needs_clearance(self) -> bool:
        return self.screening.level in (Level.A, Level.B, Level.C) and not self.is_cleared


def checks_of(patient: Patient) -> list[CheckSeen]:
    """Newest first, in two queries."""
    found = patient.screenings.select_related("answered_by").prefetch_related("clearances__by")
    return [CheckSeen(each, said(each.answers), list(each.clearances.all()), len(each.answers)) for each in found]


@dataclass(frozen=True)
class RecordStanding:
    """What the record says of red flags: `due` is empty, short or full."""

    level: str
    checked_on: date | None
    due: str
    stops: bool
    episode: Episode | None
    episode_form: EpisodeForm = field(default_factory=EpisodeForm)


def record_standing(patient: Patient, day: date) -> RecordStanding:
    """One query: the episode that is open."""
    due = Check.NONE
    if may_be_due(day, checked_on=patient.checked_on, thresholds=patient.clinic.thresholds):
        due = Check.SHORT if patient.checked_on else Check.FULL
    return RecordStanding(
        level=str(Level(patient.flag_level).label) if patient.flag_level else "",
        checked_on=patient.checked_on,
        due=due,
        stops=patient.flag_level in STOPS,
        episode=patient.episodes.filter(closed_on=None).first(),
    )


def occasion_now(patient: Patient) -> Occasion:
    """What a whole check is for, where none was asked for by name."""
    newest = patient.screenings.first()
    if newest is None:
        return Occasion.FIRST
    episode = patient.episodes.filter(closed_on=None).first()
    if episode and newest.answered_at < episode.opened_at:
        return Occasion.EPISODE
    return Occasion.GAP


def clear_answers(*, age: int, short: bool = False) -> dict[str, str]:
    """No to everything that somebody of this age is asked."""
    return {question.id: NO for group in asked(age=age, short=short) for question in group.questions}

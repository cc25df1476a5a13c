"""The guided session: one exercise at a time with its timer, how it ended, and how much time there is."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clinic.guided.actions import have_minutes
from clinic.guided.pages import end_of, walk_of
from clinic.today.actions import look_at_own_plan
from clinic.today.answers import answers, said_on
from clinic.today.day import Day, day_of
from clinic.today.forms import read_day, read_round
from clinic.today.pages import lines_in_force, query
from clinic.today.plan import may_enter
from clinic.today.reading import DayLog, Line, lines_on, log_on
from clinic.today.sheet import sheet_of
from clinic.today.short import CHOICES, about_minutes, choices, in_minutes, shortened, what_fits
from clinic.today.understand import why_here
from clinic.today.views import closed, not_understood, sheet_context
from exercises.showing import asks_for_exercises
from patients.access import PatientRequest, patient_or_helper
from patients.family.rules import Doing


@dataclass(frozen=True, slots=True)
class Reading:
    """What a session's page reads: its day and round, and what was said of it. picked: the threads that fit into the
    minutes that the patient has."""

    day: Day
    log: DayLog
    lines: list[Line]
    round: int
    today: date
    said: dict[str, object]

    @property
    def picked(self) -> tuple[str, ...]:
        return tuple(self.said.get("picked") or ())  # type: ignore[arg-type]

    @property
    def query(self) -> str:
        return query(self.day.on, self.round, len(self.day.rounds), self.today)


def _read(request: PatientRequest, also: UUID | None = None) -> Reading | HttpResponse:
    """Four queries, and the first look of a day leaves its audit line. Or why there is no session on that day."""
    patient, user = request.patient, request.user
    today, sent = patient.local_day(), request.POST if request.method == "POST" else request.GET
    on, first_weekday = read_day(sent.get("day", "")) or today, patient.clinic.week_starts_on
    if not may_enter(on, today, patient.clinic.thresholds):
        return closed(request, on, today)
    if request.method != "POST":
        look_at_own_plan(patient=patient, by=user, today=today)
    found = lines_on(on, user=user, also=also)
    lines = lines_in_force(found, on)
    log = log_on(on, user=user, lines=lines, first_weekday=first_weekday)
    day = day_of(lines, log, first_weekday=first_weekday)
    asked = read_round(sent.get("round", ""))
    number = asked if 1 <= asked <= len(day.rounds) else day.open_round
    return Reading(day, log, found, number, today, said_on(on, user=user, occasion=number or 1))


@require_safe
@patient_or_helper(Doing.HELP)
@asks_for_exercises
def guided(request: PatientRequest) -> HttpResponse:
    """The session from where it stands: its next exercise, or how it ended."""
    read = _read(request)
    if isinstance(read, HttpResponse):
        return read
    if not read.day.has_exercises:
        return redirect("today")
    following = shortened(read.day, read.round, read.picked).now(read.round)
    if following:
        return _exercise(request, read, following.line)
    context = {
        "end": end_of(read.day, read.round, read.picked, today=read.today),
        "answers": answers(read.said, patient=request.patient, today=read.today),
        "day": read.day.on.isoformat(),
        "round": read.round,
    }
    return render(request, "clinic/guided/end.html", context)


@require_safe
@patient_or_helper(Doing.HELP)
@asks_for_exercises
def guided_exercise(request: PatientRequest, line: UUID) -> HttpResponse:
    """One exercise of the session."""
    read = _read(request, also=line)
    if isinstance(read, HttpResponse):
        return read
    meant = next((each for each in read.lines if each.uuid == line), None)
    if meant is None:
        raise Http404
    return _exercise(request, read, meant)


def _exercise(request: PatientRequest, read: Reading, line: Line) -> HttpResponse:
    day = shortened(read.day, read.round, read.picked, line)
    asked = read.round if line.dose.times_per_day >= read.round else 0
    sheet = sheet_of(line, day, read.log, today=read.today, occasion=asked, on="guided")
    walk = walk_of(line, sheet, day, today=read.today)
    is_first = not any(any(turn.done) or turn.skipped for turn in day.turns(read.round))
    context = sheet_context(request, line, sheet) | {
        "told": line.told,
        "why": why_here(line),
        "walk": walk,
        "query": read.query,
        "address": reverse("guided_exercise", args=[line.uuid]),
        "less": is_first and in_minutes(day.turns(read.round)) > CHOICES[0],
    }
    return render(request, "clinic/guided/exercise.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@patient_or_helper(Doing.HELP)
@asks_for_exercises
def guided_minutes(request: PatientRequest) -> HttpResponse:
    """How much time there is, and what fits into it."""
    read = _read(request)
    if isinstance(read, HttpResponse):
        return read
    turns = read.day.turns(read.round)
    if not any(turn.is_open for turn in turns):
        return redirect(f"{reverse('guided')}{read.query}")
    if request.method == "POST":
        said = read_minutes(request.POST.get("minutes", ""))
        if said is None:
            return not_understood(request)
        have_minutes(
            patient=request.patient, by=request.user, day=read.day.on, occasion=read.round,
            short=what_fits(turns, said) if said else None,
        )  # fmt: skip
        return redirect(f"{reverse('guided')}{read.query}")
    context = {
        "choices": choices(turns),
        "all_minutes": about_minutes(turns),
        "day": read.day.on.isoformat(),
        "round": read.round,
        "query": read.query,
    }
    return render(request, "clinic/guided/minutes.html", context)


def read_minutes(text: str) -> int | None:
    """One of the choices, or 0 for all of it."""
    return int(text) if text in {"0", *map(str, CHOICES)} else None

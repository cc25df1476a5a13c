"""What is known of a patient's breaks at the desk: their rhythm and the prompts of the last days, in one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from clinic.today.breaks import Prompt, Rhythm, Shown, following, next_prompt
from clinic.today.compiled import Compiled
from clinic.today.models import BreakRhythm
from clinic.today.reading import Line
from patients.accounts.thresholds import Thresholds
from patients.models import Patient, User

# Far enough back to know what was offered last, over a weekend too.
DAYS_BACK = 4
RHYTHM = ("every_minutes", "from_time", "until_time", "weekdays", "is_on")
PROMPT = ("day", "number", "thread", "shown_at", "snoozes", "done_at")


@dataclass(frozen=True, slots=True)
class Desk:
    """rhythm: None while none is set. shown: today's prompts. last_thread: what was offered last, on whatever day."""

    rhythm: Rhythm | None
    shown: tuple[Shown, ...] = ()
    last_thread: UUID | None = None

    @property
    def last_number(self) -> int:
        return self.shown[-1].number if self.shown else 0

    def coming(self, now: datetime, limits: Thresholds) -> Prompt | None:
        return next_prompt(self.rhythm, self.shown, now, limits) if self.rhythm else None

    def offered(self, lines: Sequence[Line]) -> UUID | None:
        """Which exercise a new prompt offers."""
        return following([line.thread for line in lines if line.is_break], self.last_thread)

    def offered_at(self, prompt: Prompt, lines: Sequence[Line]) -> Line | None:
        """The exercise of a prompt that stands there already, or of the one to come."""
        known = next((each.thread for each in self.shown if each.number == prompt.number), None)
        wanted = known or self.offered(lines)
        return next((line for line in lines if line.thread == wanted), None)


def _known(*, user: User, first_day: date) -> QuerySet[Any, tuple[Any, ...]]:
    return (
        BreakRhythm.objects.visible_to(user)
        .annotate(
            prompt=FilteredRelation("patient__break_prompts", condition=Q(patient__break_prompts__day__gte=first_day))
        )
        .order_by("prompt__day", "prompt__number")
        .values_list(*RHYTHM, *(f"prompt__{name}" for name in PROMPT))
    )


_known_of = Compiled(_known, "first_day")


def desk_of(patient: Patient, user: User, now: datetime) -> Desk:
    """now: the patient's local time."""
    today = now.date()
    rows = _known_of(user=user, first_day=today - timedelta(days=DAYS_BACK))
    if not rows:
        return Desk(None)
    every, begins, ends, weekdays, is_on = rows[0][:5]
    prompts = [row[5:] for row in rows if row[5] is not None]
    shown = tuple(
        Shown(number, at.astimezone(now.tzinfo), thread, snoozes, done and done.astimezone(now.tzinfo))
        for day, number, thread, at, snoozes, done in prompts
        if day == today
    )
    return Desk(Rhythm(every, begins, ends, tuple(weekdays), is_on), shown, prompts[-1][2] if prompts else None)


@dataclass(frozen=True, slots=True)
class BreaksKept:
    """done of shown in so many days."""

    done: int
    shown: int
    days: int
    is_on: bool


def breaks_kept(patient: Patient, days: int = 14) -> BreaksKept | None:
    """For the record: breaks done of prompts shown; None where the patient never set them up. One query."""
    since = patient.local_day() - timedelta(days=days - 1)
    lately = Q(patient__break_prompts__day__gte=since)
    row = (
        BreakRhythm.objects.filter(patient=patient)
        .annotate(
            shown=Count("patient__break_prompts", filter=lately),
            done=Count("patient__break_prompts", filter=lately & Q(patient__break_prompts__done_at__isnull=False)),
        )
        .values_list(F("done"), F("shown"), "is_on")
        .first()
    )
    return BreaksKept(row[0], row[1], days, row[2]) if row else None


def rhythm_of(patient: Patient) -> BreakRhythm | None:
    return BreakRhythm.objects.filter(patient=patient).first()

"""What a patient did and said in the last weeks, read once, and how much of the plan that was (ADH-2, ADH-5, ADH-7)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max

from clinic.prescriptions.dosage import Dosage, Measure
from clinic.prescriptions.models import Pause, PrescribedExercise
from clinic.today.models import EXCUSED_REASONS, CheckOff, Place, Session, Skip
from clinic.today.pain import Course, course
from clinic.today.plan import Mark, completion
from clinic.today.reading import dose
from clinic.today.tallies import planned
from patients.models import Patient

HORIZON = 42  # days of ticks and answers that are read
BELOW = {Place.THIGH, Place.CALF, Place.FOOT}


@dataclass(frozen=True, slots=True)
class Answers:
    """A day's answers together: pain before the first session, the worst of all, and the next morning.

    course: what the place of the symptoms says, the worst of all (PAIN-6).
    """

    before: int | None = None
    worst: int | None = None
    morning: int | None = None
    effort: int | None = None
    below: bool | None = None
    course: Course = Course.CARRY_ON

    @property
    def rise(self) -> int | None:
        return None if self.before is None or self.morning is None else self.morning - self.before


@dataclass
class Log:
    """Ticks by thread and day, skips by slot, answers by day."""

    ticks: dict[UUID, dict[date, list[CheckOff]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    skips: dict[tuple[UUID, date, int], Skip] = field(default_factory=dict)
    answers: dict[date, Answers] = field(default_factory=dict)
    last_before: date | None = None

    @property
    def days(self) -> list[date]:
        """Days with something done, newest first."""
        return sorted({day for by_day in self.ticks.values() for day in by_day}, reverse=True)


def horizon(today: date) -> date:
    return today - timedelta(days=HORIZON)


def log_of(patient: Patient, today: date) -> Log:
    since, log = horizon(today), Log()
    for tick in CheckOff.objects.filter(patient=patient, day__gte=since, day__lte=today).order_by("done_at", "pk"):
        log.ticks[tick.thread][tick.day].append(tick)
    for skip in Skip.objects.filter(patient=patient, day__gte=since, day__lte=today):
        log.skips[skip.thread, skip.day, skip.occasion] = skip
    said: dict[date, list[Session]] = defaultdict(list)
    for session in Session.objects.filter(patient=patient, day__gte=since, day__lte=today).order_by(
        "day", "occasion"
    ):
        if session.is_answered:
            said[session.day].append(session)
    log.answers = {day: _answers(sessions) for day, sessions in said.items()}
    log.last_before = CheckOff.objects.filter(patient=patient, day__lt=since).aggregate(last=Max("day"))["last"]
    return log


def _answers(sessions: Sequence[Session]) -> Answers:
    def given(name: str) -> list[Any]:
        return [value for value in (getattr(each, name) for each in sessions) if value is not None]

    before, morning = given("pain_before"), given("pain_morning")
    places = {place for each in sessions for place in each.places}
    return Answers(
        before=before[0] if before else None,
        worst=max(given("pain_worst"), default=None),
        morning=morning[-1] if morning else None,
        effort=max(given("effort"), default=None),
        below=bool(places & BELOW) if places else None,
        course=max(
            (course(moved=each.moved, lasted=each.away_lasted, is_numb=each.is_numb) for each in sessions),
            key=list(Course).index,
        ),
    )


@dataclass(slots=True)
class Done:
    slots: float = 0.0
    asked: float = 0.0
    days_done: int = 0
    days_asked: int = 0

    @property
    def share(self) -> float | None:
        return min(1.0, self.slots / self.asked) if self.asked > 0 else None


def share_of(
    versions: Sequence[PrescribedExercise], log: Log, pauses: Iterable[Pause], first: date, last: date
) -> Done:
    """What an exercise asked for from first to last, and what was done (ADH-2, ADH-5, ADH-7)."""
    total, flexible_days = Done(), 0.0
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        line = next((each for each in versions if each.prescription.is_in_force_on(day)), None)
        if line is None or any(p.prescription_id == line.prescription_id and p.covers(day) for p in pauses):
            continue
        plan, marks = planned(line), _marks(line, log.ticks[line.thread].get(day, ()))
        done = [
            completion(plan, [mark for mark in marks if mark.occasion == occasion])
            for occasion in range(1, plan.times_per_day + 1)
        ]
        skipped = [log.skips.get((line.thread, day, occasion)) for occasion in range(1, plan.times_per_day + 1)]
        excused = sum(
            1 - made for made, skip in zip(done, skipped, strict=True) if skip and skip.reason in EXCUSED_REASONS
        )
        is_asked = not plan.is_flexible and plan.is_planned(day)
        if plan.is_flexible:
            flexible_days += plan.days_per_week / 7
            total.asked += plan.times_per_day * plan.days_per_week / 7 - excused
        elif is_asked:
            total.asked += plan.times_per_day - excused
        if is_asked or plan.is_flexible:
            total.slots += sum(done)
            total.days_done += any(done)
        total.days_asked += is_asked
    total.days_asked += round(flexible_days)
    return total


def shares(
    threads: Iterable[Sequence[PrescribedExercise]], log: Log, pauses: Sequence[Pause], first: date, last: date
) -> Done:
    total = Done()
    for versions in threads:
        if versions[0].phase == "desk" or versions[0].dosage.as_needed:
            continue
        one = share_of(versions, log, pauses, first, last)
        total.slots, total.asked = total.slots + min(one.slots, max(one.asked, 0)), total.asked + one.asked
    return total


def _marks(line: PrescribedExercise, ticks: Iterable[CheckOff]) -> list[Mark]:
    """The ticks as marks, with their volume where the patient says how much it was."""
    volumes = dict(zip(dose(line.dosage).ticks, dose(line.dosage).volumes, strict=True))
    found = []
    for tick in ticks:
        whole = volumes.get((tick.set_number, tick.side))
        usual = amount_of(line.dosage, tick.set_number)
        said = None if tick.amount is None or whole is None or not usual else whole * tick.amount / usual
        found.append(Mark(tick.thread, tick.occasion, tick.set_number, tick.side, said))
    return found


def amount_of(d: Dosage, set_number: int) -> float:
    """What `CheckOff.amount` differs from: repetitions, seconds of each hold, or minutes of that set."""
    if d.minutes is not None:
        return float(d.minutes)
    if d.measure == Measure.HOLD:
        return d.hold_s
    by_set = d.reps_by_set
    return by_set[min(set_number, len(by_set)) - 1]

"""What the demo's patients answered about how they do, and who is told to get up from the desk. The same on the same
date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from clinic.demo.story import ZONE
from clinic.prescriptions.models import PrescribedExercise
from clinic.today.models import BreakPrompt, BreakRhythm
from exercises.models import Phase
from patients.models import Activity, Measurement, Patient, User
from patients.outcomes.actions import raise_what_is_due, words_if_worse
from patients.outcomes.measures import ACTIVITY, GROC, NPRS, ODI, PSFS, START, Measure
from patients.outcomes.schedule import Course
from patients.outcomes.scoring import score_of, version_of
from patients.tasks.actions import raise_task
from patients.tasks.models import Kind

AT_THE_DESK = "Rahmoor"
OWN_WORDS = {
    "Ellismoor": ("Walk Biscuit for half an hour", "Put on socks standing up", "Carry the shopping in"),
    "Delmarine": ("Sit through a film", "Drive to my sister’s", "Tie my shoes"),
    "Okafarrow": ("Play five-a-side", "Work a night shift on my feet", "Lift a crate of water"),
}
ANYBODYS_WORDS = (
    "Bend down to the washing machine", "Sit through a meeting", "Hoover the stairs", "Get out of the car",
    "Stand at the cooker", "Turn over in bed", "Carry a full basket", "Dig a flower bed", "Sit on the floor",
    "Run for the bus", "Reach the top shelf", "Walk to town and back",
)  # fmt: skip
# From the first to the last answer: function and pain, 0 to 10, ODI in percent, and how they rate the change at the end.
WAYS = {
    "improving": ((3.0, 7.4), (6.0, 2.0), (44, 18), 4),
    "ending": ((3.4, 7.8), (5.6, 1.6), (42, 14), 4),
    "steady": ((4.6, 5.4), (5.0, 4.0), (36, 32), 1),
    "worse": ((6.2, 3.6), (3.4, 6.0), (26, 42), -3),
    "discharged": ((3.2, 8.4), (6.0, 1.0), (46, 8), 5),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A patient with the story they have, and its first and last day."""

    patient: Patient
    course: str
    first: date
    last: date


def add_measures(stories: Sequence[Told], today: date) -> None:
    now = _at(today, 6)
    for story in stories:
        rows = _answers(story)
        if story.course == "worse":
            words = words_if_worse(PSFS, rows, Course(story.first))
            raise_task(patient=story.patient, kind=Kind.WORSE, words=words, now=now)
        if story.patient.last_name == AT_THE_DESK:
            _add_breaks(story, today)
    raise_what_is_due(now=now)


def _answers(story: Told) -> list[Measurement]:
    patient, course, first, last = story.patient, story.course, story.first, story.last
    rng = Random(f"backwell measures {patient.last_name}")  # noqa: S311  a story, not a secret
    able, pain, disability, rated = WAYS.get(course, WAYS["steady"])
    lead = patient.care_team.get(leads=True).clinician.user
    own = patient.user or lead
    texts = OWN_WORDS.get(patient.last_name) or tuple(rng.sample(ANYBODYS_WORDS, 3))
    activities = [
        Activity.objects.create(
            patient=patient, text=text, position=n, named_at=_at(first, 9), named_by=lead if course == "worse" else own
        )
        for n, text in enumerate(texts)
    ]  # fmt: skip
    made: list[Measurement] = []

    def answer(
        measure: Measure, day: date, by: User, items: dict[str, int] | None = None, score: int | None = None
    ) -> None:
        made.append(
            Measurement(
                patient=patient, measure=measure.slug, version=version_of(measure), items=items or {},
                score=Decimal(score) if score is not None else score_of(measure, items or {}), day=day,
                answered_at=_at(day, 18) if by is own else _at(day, 10), answered_by=by,
            )
        )  # fmt: skip

    length = max(1, (last - first).days)
    answer(START, first, lead, {"total": 5 if course != "worse" else 6, "psych": 3 if course != "worse" else 4})
    for n in range(0, length + 1, 14):
        day, gone = first + timedelta(days=n), n / length
        levels = {
            str(each.pk): _level(able, gone, rng, off) for each, off in zip(activities, (-1, 0, 1), strict=True)
        }
        answer(PSFS, day, own, levels)
        if n:
            answer(GROC, day, own, {"change": round(rated * min(1, gone + 0.15))})
    for n in range(0, length + 1, 7):
        week = _level(pain, n / length, rng, 0)
        items = {"now": max(0, week - rng.randint(0, 1)), "worst": min(10, week + rng.randint(1, 2)), "week": week}
        answer(NPRS, first + timedelta(days=n), own, items)
    for n in range(0, length + 1, 28):
        better = 1 if able[1] > able[0] else -1
        items = {"days": max(0, min(7, 3 + better * (n // 28))), "minutes": 25}
        answer(ACTIVITY, first + timedelta(days=n), own, items)
    answer(ODI, first, lead, score=disability[0])
    if length >= 42:
        answer(ODI, first + timedelta(days=42), lead, score=_even(disability, min(1, 42 / length)))
    if length >= 80 or course == "discharged":
        answer(ODI, last, lead, score=disability[1])
    made.sort(key=lambda row: (row.day, row.measure))
    return Measurement.objects.bulk_create(made)


def _level(ends: tuple[float, float], gone: float, rng: Random, off: int) -> int:
    return max(0, min(10, round(ends[0] + (ends[1] - ends[0]) * gone + off + rng.uniform(-0.4, 0.4))))


def _even(ends: tuple[int, int], gone: float) -> int:
    return 2 * round((ends[0] + (ends[1] - ends[0]) * gone) / 2)


def _add_breaks(story: Told, today: date) -> None:
    """One desk worker: office hours, and the prompts since the plan began."""
    patient = story.patient
    assert patient.user is not None
    rng = Random(f"backwell breaks {patient.last_name}")  # noqa: S311  a story, not a secret
    lines = PrescribedExercise.objects.filter(prescription__in=patient.prescriptions.live(), phase=Phase.DESK)
    threads = [line.thread for line in lines.order_by("position")]
    BreakRhythm.objects.create(
        patient=patient, every_minutes=60, from_time=time(9), until_time=time(17), weekdays=[0, 1, 2, 3, 4],
        set_at=_at(story.first, 8), set_by=patient.user,
    )  # fmt: skip
    prompts, turn = list[BreakPrompt](), 0
    for back in range((today - story.first).days, 0, -1):
        day = today - timedelta(days=back)
        if day.weekday() > 4:
            continue
        for number in range(1, rng.randint(2, 4) + 1):
            shown = _at(day, 9 + number) + timedelta(minutes=rng.randint(0, 9))
            done = shown + timedelta(minutes=rng.randint(1, 6)) if rng.random() < 0.7 else None
            thread = threads[turn % len(threads)] if threads else None
            prompts.append(
                BreakPrompt(
                    patient=patient, day=day, number=number, thread=thread, shown_at=shown,
                    snoozes=int(rng.random() < 0.2), done_at=done,
                )
            )  # fmt: skip
            turn += 1
    BreakPrompt.objects.bulk_create(prompts)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(ZONE)).astimezone(UTC)

"""Answers are kept as they were given, and never changed. Each call is one transaction with its audit line inside."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from patients.accounts.models import User
from patients.audit.actions import record
from patients.outcomes.history import Answer, course_of, one_series, said, taken_of, worse_than
from patients.outcomes.measures import ALL, Measure
from patients.outcomes.models import Activity, Measurement
from patients.outcomes.schedule import Course, Due, schedule
from patients.outcomes.scoring import PSFS_MOST, SCORING, OutOfRange, checked, score_of, version_of
from patients.outcomes.wording import is_answered_by_patient, wording_of
from patients.records.models import Patient
from patients.tasks.actions import TWO_DAYS, WEEK, for_colleagues, raise_task, resolve_kind
from patients.tasks.models import Kind, Task

# An answer sent twice by a double click or a reload is one.
SAME_WITHIN = timedelta(minutes=10)
# Stands for "nothing more is to come", which is known, unlike an empty date.
NEVER = date(9999, 12, 31)


class TooMany(Exception):
    """A patient has at most five activities at a time."""


@for_colleagues
@transaction.atomic
def record_measurement(
    *, patient: Patient, by: User, measure: Measure, items: Mapping[str, int] | None = None,
    score: Decimal | None = None, day: date | None = None, note: str = "", again: bool = False,
    now: datetime | None = None,
) -> Measurement:  # fmt: skip
    """Keeps the items with the score that they make, or a score that was typed in.

    Too little answered: kept without a score (PROM-1). `again`: the patient was asked once more and leaves it so, which
    may say the same a second time. Raises OutOfRange where the measure has no such answer or score.
    """
    now = now or timezone.now()
    today = patient.local_day(now)
    day = day or today
    if day > today:
        raise OutOfRange("A measurement is not taken in the future.")
    kept = dict(items or {})
    score = score_of(measure, kept) if score is None else checked(measure, score)
    Patient.objects.hold(patient.pk)
    same = [
        row
        for row in Measurement.objects.filter(
            patient=patient, measure=measure.slug, day=day, answered_by=by, note=note,
            answered_at__gt=now - SAME_WITHIN,
        )
        if row.items == kept and row.score == score
    ]  # fmt: skip
    if same and not (again and len(same) == 1 and score is None):
        return same[-1]
    wording = wording_of(measure) if kept else None
    made = Measurement.objects.create(
        patient=patient, measure=measure.slug, items=kept, score=score, day=day, note=note, answered_at=now,
        answered_by=by,
        version=f"{wording.version}+{SCORING}" if wording else version_of(measure),
        language=wording.language if wording else "en",
    )  # fmt: skip
    record(
        by=by, action="measure.answered", patient=patient, subject=f"measurement:{made.uuid}", measure=measure.slug,
        complete=score is not None,
    )  # fmt: skip
    rows, course = list(patient.measurements.all()), course_of(patient)
    is_newest = all(row.day <= day for row in rows if row.measure == measure.slug)
    if made.score is not None and is_newest and (words := words_if_worse(measure, rows, course)):
        raise_task(patient=patient, kind=Kind.WORSE, words=words, due_in=TWO_DAYS, now=now)
    coming = _keep_due(patient, rows, course)
    if not overdue(coming, patient, today):
        resolve_kind(patient=patient, kind=Kind.MEASURE_DUE, by=by, note=gettext("Answered."))
    return made


def words_if_worse(measure: Measure, rows: Sequence[Measurement], course: Course) -> str:
    """What a clinician is told where the newest score is worse than at baseline, or than the last time, by as much as
    matters (PROM-3); empty where it is not. Rows: by day."""
    series = one_series(measure, rows, course)
    scored = [answer for answer in series.scored if answer.day >= course.start or answer is series.first]
    if not scored:
        return ""
    newest = scored[-1]
    start = Answer(course.start, Decimal(0)) if measure.from_zero else series.first
    compared = [start, scored[-2] if len(scored) > 1 and not measure.from_zero else None]
    worse = next(
        (each for each in compared if each and each is not newest and worse_than(measure, each, newest)), None
    )
    if worse is None:
        return ""
    words = (
        gettext("%(measure)s is worse by as much as matters: %(now)s on %(day)s.")
        if measure.from_zero
        else gettext(
            "%(measure)s is worse by as much as matters: from %(then)s on %(then_day)s to %(now)s on %(day)s."
        )
    )
    return words % {
        "measure": measure.name,
        "then": said(measure, worse.score),
        "then_day": _short(worse.day),
        "now": said(measure, newest.score),
        "day": _short(newest.day),
    }


@transaction.atomic
def name_activities(
    *, patient: Patient, by: User, texts: Iterable[str], now: datetime | None = None
) -> list[Activity]:
    """Adds what is not named yet; what is named stays, so that the same is asked through an episode. Raises TooMany."""
    Patient.objects.hold(patient.pk)
    current = list(current_activities(patient))
    known = {activity.text.casefold() for activity in current}
    wanted: dict[str, str] = {}
    for text in texts:
        words = " ".join(text.split())
        if words and words.casefold() not in known:
            wanted.setdefault(words.casefold(), words)
    if len(current) + len(wanted) > PSFS_MOST:
        raise TooMany
    place = max((activity.position for activity in current), default=-1) + 1
    now = now or timezone.now()
    made = [
        Activity.objects.create(patient=patient, text=text, position=place + n, named_at=now, named_by=by)
        for n, text in enumerate(wanted.values())
    ]
    if made:
        record(by=by, action="activity.named", patient=patient, activities=len(made))
    return made


@transaction.atomic
def retire_activity(*, activity: Activity, by: User, now: datetime | None = None) -> None:
    """It is asked no more. What was said of it stays."""
    current = Activity.objects.select_for_update(of=("self",)).select_related("patient").get(pk=activity.pk)
    if current.retired_at:
        return
    current.retired_at = now or timezone.now()
    current.save(update_fields=["retired_at"])
    record(by=by, action="activity.retired", patient=current.patient, subject=f"activity:{current.pk}")


def current_activities(patient: Patient) -> Iterable[Activity]:
    return patient.activities.filter(retired_at=None)


def raise_what_is_due(*, now: datetime | None = None) -> tuple[int, int]:
    """For the daily timer: notes for each patient when questions are due next, and raises a task where they are long
    overdue. How many patients were looked at, and how many tasks were raised. Doing it twice changes nothing."""
    now = now or timezone.now()
    lately = now - timedelta(days=28)
    Patient.objects.filter(discharged_at__lt=lately).exclude(measures_due_on=None).update(measures_due_on=None)
    patients = Patient.objects.exclude(discharged_at__lt=lately).select_related("clinic").order_by("pk")
    looked = raised = 0
    for patient in patients.prefetch_related("measurements", "episodes").iterator(chunk_size=500):
        looked += 1
        coming = _keep_due(patient, patient.measurements.all(), course_of(patient))
        late = overdue(coming, patient, patient.local_day(now))
        raised += bool(late) and _raise_due(patient, late, now)
    return looked, raised


@for_colleagues
def _raise_due(patient: Patient, late: Sequence[Due], now: datetime) -> bool:
    """One task for the same measures since the same days, even where somebody has ended it."""
    one = gettext("%(measure)s (due %(day)s)")
    named = ", ".join(one % {"measure": due.measure.name, "day": _short(due.day)} for due in late)
    words = gettext("Not answered: %(measures)s.") % {"measures": named}
    if Task.objects.filter(patient=patient, kind=Kind.MEASURE_DUE, words=words).exists():
        return False
    raise_task(patient=patient, kind=Kind.MEASURE_DUE, words=words, due_in=WEEK, now=now)
    return True


def overdue(coming: Iterable[Due], patient: Patient, today: date) -> list[Due]:
    return [due for due in coming if due.days_late(today) >= patient.clinic.thresholds.measure_overdue]


def coming_for(patient: Patient, rows: Iterable[Measurement], course: Course) -> list[Due]:
    """A questionnaire whose text the clinic has added is asked from the start, like the portal's own."""
    texts = [measure.slug for measure in ALL if wording_of(measure)]
    return schedule(course, taken_of(rows), patient.clinic.thresholds, also=texts)


def _keep_due(patient: Patient, rows: Iterable[Measurement], course: Course) -> list[Due]:
    coming = coming_for(patient, rows, course)
    next_day = next((due.day for due in coming if is_answered_by_patient(due.measure)), NEVER)
    if patient.measures_due_on != next_day:
        Patient.objects.filter(pk=patient.pk).update(measures_due_on=next_day)
        patient.measures_due_on = next_day
    return coming


def _short(day: date) -> str:
    return date_format(day, "j M Y")

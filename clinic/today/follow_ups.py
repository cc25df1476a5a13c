"""What follows from what a patient says of pain: tasks for the clinician, exercises that rest or are halved.

Called inside the transaction that stores the answers. Rules: clinic/today/pain.py; nothing here changes a plan.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet, Value
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from clinic.prescriptions.easings import ease, lift
from clinic.prescriptions.models import Easing
from clinic.today.models import CheckOff, Moved, Session, Skip
from clinic.today.pain import (
    WINDOW,
    Concern,
    Decision,
    Occasion,
    Said,
    Zone,
    concerns,
    count_stops,
    is_rising,
    trend,
    working_days,
)
from patients.models import Patient, User
from patients.records.pain_limits import Limits, limits_of
from patients.tasks.actions import SAME_DAY, for_colleagues, raise_task
from patients.tasks.models import Kind


def said_of(session: Session) -> Said:
    return Said(
        before=session.pain_before,
        worst=session.pain_worst,
        morning=session.pain_morning,
        moved=session.moved,
        lasted=session.away_lasted,
        is_numb=session.is_numb,
    )


def stops_until(patient: Patient, day: date, limits: Limits) -> int:
    """STOPs of the seven days up to `day` (PAIN-5). One query."""
    since = {"patient": patient, "day__gt": day - WINDOW, "day__lte": day}
    worst = Session.objects.filter(**since, pain_worst__gt=limits.amber_to).order_by()
    stopped = Skip.objects.filter(**since, pain__isnull=False)
    rows: QuerySet = worst.values_list("day", "occasion", Value(0)).union(
        stopped.values_list("day", "occasion", Value(1)), all=True
    )
    found: dict[int, list[Occasion]] = {0: [], 1: []}
    for on, occasion, is_skip in rows:
        found[is_skip].append((on, occasion))
    return count_stops(found[1], found[0], day)


def session_said(*, patient: Patient, session: Session, was: Said, now: datetime) -> None:
    """After answers about a session were stored. `was`: what was said before; the same again raises nothing again."""
    said = said_of(session)
    if said == was:
        return
    limits, thresholds = limits_of(patient), patient.clinic.thresholds
    scores = (said.before, said.worst, said.morning)
    if scores != (was.before, was.worst, was.morning):
        is_red = said.zone(limits) is Zone.RED
        stops = stops_until(patient, session.day, limits) if is_red else 0
        found = concerns(stops=stops, scores=scores, before=said.before, thresholds=thresholds)
        if found:
            worst = max(score for score in (*scores, 0) if score is not None)
            _raise_stops(patient, found, stops, worst, session.day, now)
    # What an exercise was stopped for is known already, and the rest of the session was not.
    placed = (said.moved, said.lasted, said.is_numb)
    has_moved = said.moved == Moved.AWAY and said.lasted
    if placed != (was.moved, was.lasted, was.is_numb) and (said.is_numb or has_moved):
        _moved_away(patient, said, session.day, session.occasion, now, is_known=(was.moved, was.lasted) == placed[:2])
    if (said.before, said.worst) != (was.before, was.worst):
        _trend(patient, now)
    if said.morning is not None and said.decision(limits, thresholds) is Decision.GO:
        _went_well(patient, session, now)


@for_colleagues
def exercise_stopped(
    *, patient: Patient, by: User, thread: UUID, name: str, day: date, occasion: int, pain: int, said: Said, now: datetime
) -> None:  # fmt: skip
    """After an exercise was stopped on pain: the next time it is done at half (PAIN-5), or rests (PAIN-6)."""
    limits, today = limits_of(patient), patient.local_day(now)
    ease(
        patient=patient, by=None, threads=[thread], kind=Easing.Kind.HALF, because=Easing.Because.STOP,
        from_day=max(day + timedelta(days=1), today),
        words=gettext("Stopped on pain %(pain)d of 10 on %(day)s") % {"pain": pain, "day": _on(day)},
    )  # fmt: skip
    stops = stops_until(patient, day, limits)
    found = concerns(stops=stops, scores=(pain,), before=None, thresholds=patient.clinic.thresholds)
    if found:
        _raise_stops(patient, found, stops, pain, day, now, name)
    if said.moved == Moved.AWAY and said.lasted:
        _moved_away(patient, said, day, occasion, now, only=(thread, name))


def stop_taken_back(*, patient: Patient, by: User, thread: UUID, day: date) -> None:
    """It was a slip: what would have begun with the next day never does. Tasks stay: a clinician ends them."""
    easings = Easing.objects.filter(
        patient=patient, thread=thread, because=Easing.Because.STOP, from_day__gt=day, lifted_on=None
    )
    for easing in easings:
        lift(easings=[easing], by=by, on=easing.from_day)


@for_colleagues
def _raise_stops(
    patient: Patient, found: Iterable[Concern], stops: int, worst: int, day: date, now: datetime, name: str = ""
) -> None:
    said = {
        Concern.STOPS: ngettext("%(n)d stop on pain in 7 days", "%(n)d stops on pain in 7 days", stops)
        % {"n": stops},
        Concern.SEVERE: gettext("Pain %(pain)d of 10 on %(day)s") % {"pain": worst, "day": _on(day)},
        Concern.BEFORE_HIGH: gettext("Pain before the exercises was high on %(day)s") % {"day": _on(day)},
    }
    words = "; ".join(said[each] for each in found) + (f" ({name})" if name else "")
    raise_task(patient=patient, kind=Kind.STOPS, words=words, due_in=_due(patient, now), now=now)


@for_colleagues
def _moved_away(
    patient: Patient,
    said: Said,
    day: date,
    occasion: int,
    now: datetime,
    only: tuple[UUID, str] | None = None,
    *,
    is_known: bool = False,
) -> None:
    """PAIN-6. Exercises with a time still to come that day rest from now on, the others from the next day.

    is_known: that it moved was said before, and something else is new.
    """
    words = []
    if said.moved == Moved.AWAY and said.lasted and not is_known:
        done = [only] if only else []
        today = patient.local_day(now)
        again: set[UUID] = set()
        ticks = CheckOff.objects.filter(patient=patient, day=day, occasion=occasion)
        for line in {tick.line_id: tick.line for tick in ticks.select_related("line__exercise")}.values():
            if only is None:
                done.append((line.thread, line.exercise.name))
            if line.dosage.slots_per_day > occasion:
                again.add(line.thread)
        for thread, _ in done:
            from_day = today if thread in again else max(day + timedelta(days=1), today)
            ease(
                patient=patient, by=None, threads=[thread], kind=Easing.Kind.WITHHELD, because=Easing.Because.AWAY,
                from_day=from_day,
                words=gettext("Symptoms moved away from the spine and stayed, %(day)s") % {"day": _on(day)},
            )  # fmt: skip
        names = ", ".join(sorted(name for _, name in done)) or gettext("no exercise ticked")
        moved = gettext("Symptoms moved away from the spine and stayed on %(day)s: %(exercises)s")
        words.append(moved % {"day": _on(day), "exercises": names})
    if said.is_numb:
        numb = gettext("New numbness or weakness reported for %(day)s; red-flag check offered")
        words.append(numb % {"day": _on(day)})
    due = SAME_DAY if said.is_numb else _due(patient, now)
    raise_task(patient=patient, kind=Kind.AWAY, words=". ".join(words), due_in=due, now=now)


@for_colleagues
def _trend(patient: Patient, now: datetime) -> None:
    today = patient.local_day(now)
    worst: dict[date, int] = {}
    answers = Session.objects.filter(patient=patient, day__gt=today - 2 * WINDOW, day__lte=today)
    for day, *scores in answers.values_list("day", "pain_before", "pain_worst"):
        given = [score for score in scores if score is not None]
        if given:
            worst[day] = max(worst.get(day, 0), *given)
    scores_by_day = sorted(worst.items())
    if is_rising(scores_by_day, today, patient.clinic.thresholds):
        words = gettext("Median worst pain up %(points)s points on the 7 days before") % {
            "points": f"{trend(scores_by_day, today):g}"
        }
        raise_task(patient=patient, kind=Kind.PAIN_UP, words=words, due_in=_due(patient, now), now=now)


def _went_well(patient: Patient, session: Session, now: datetime) -> None:
    """A green session that settled overnight ends the halving of what was done in it."""
    done = CheckOff.objects.filter(patient=patient, day=session.day, occasion=session.occasion).values("thread")
    halved = Easing.objects.on(session.day).filter(
        patient=patient, kind=Easing.Kind.HALF, because=Easing.Because.STOP, thread__in=done
    )
    lift(easings=halved, by=None, on=patient.local_day(now))


def _due(patient: Patient, now: datetime) -> timedelta:
    return working_days(now.astimezone(patient.zone), patient.clinic.thresholds.stop_task_days)


def _on(day: date) -> str:
    return date_format(day, "j F")

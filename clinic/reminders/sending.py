"""The reminders that are due now, sent at most once: by one sender or by several at the same moment, killed or not.

A row is claimed, and committed, before anything leaves; its unique key lets one sender have it. Then it is sent, then
noted. A sender that is killed in between leaves a claim that nobody takes up: that day's reminder may be lost, and none
is sent twice. What a server refuses for now waits, and is tried again on the same local day.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from time import monotonic

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from clinic.reminders import push
from clinic.reminders.mail import Outcome, Postman
from clinic.reminders.models import Device, Reminder, Sending
from clinic.reminders.rules import (
    LOST_AFTER,
    RETRIED_FOR,
    Do,
    Log,
    State,
    Way,
    again_at,
    decide,
    nudge,
)
from clinic.today.breaks import Rhythm, Shown
from clinic.today.day import Day, day_of
from clinic.today.models import BreakPrompt
from clinic.today.reading import lines_on, log_on
from patients.models import Patient
from patients.screening.actions import is_stopped

log = logging.getLogger(__name__)

CHUNK = 500
# Seconds: `now` stays true, and no claim of a sender at work looks like that of a killed one.
RUNS_FOR = 5 * 60
KEPT = timedelta(days=90)
PUSH_LASTS = {Sending.SESSION: 4 * 60 * 60, Sending.BREAK: 15 * 60}  # seconds
WISHES = ("way", "at", "weekdays", "other_times", "quiet_from", "quiet_until", "set_at", "patient")
RHYTHM = ("every_minutes", "from_time", "until_time", "weekdays", "is_on")

Deliver = Callable[[], Outcome]


def send_due(now: datetime) -> Counter[str]:
    """How many reminders came to which state in this run. What a slow server leaves undone comes with the next one."""
    settle(now)
    done: Counter[str] = Counter()
    latest = monotonic() + RUNS_FOR
    with Postman() as postman:
        for reminder, sending in _to_look_at(now):
            if monotonic() > latest:
                return done
            with _careful(done):
                done[_remind(reminder, sending, now, postman)] += 1
    for reminder, number in _at_their_desks(now):
        if monotonic() > latest:
            return done
        with _careful(done):
            done[_knock_at_desk(reminder, number, now)] += 1
    return done


def settle(now: datetime) -> None:
    """What a killed sender left, and what could not be sent within a day, is closed; what is old is forgotten."""
    claimed = Sending.objects.filter(state=State.CLAIMED, claimed_at__lte=now - LOST_AFTER)
    claimed.update(state=State.UNKNOWN, fault="sender killed")
    Sending.objects.filter(state=State.WAITING, begun_at__lte=now - RETRIED_FOR).update(state=State.DROPPED)
    Sending.objects.filter(day__lt=(now - KEPT).date()).delete()


class _careful:
    """One patient's trouble costs nobody else the reminder. A claim that it leaves is settled later."""

    def __init__(self, done: Counter[str]) -> None:
        self.done = done

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> bool:
        if not isinstance(error, Exception):
            return False
        log.error("A reminder failed", exc_info=error)
        self.done["failed"] += 1
        return True


def _in_chunks(found: QuerySet[Reminder]) -> Iterator[list[Reminder]]:
    last = 0
    while chunk := list(found.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        yield chunk


def _whole(chunk: Iterable[Reminder]) -> Iterator[Reminder]:
    """With all that sending needs, in one query."""
    wanted = [each.pk for each in chunk]
    if wanted:
        # The account's own roles are asked for by `visible_to`.
        yield from Reminder.objects.filter(pk__in=wanted).select_related(
            "patient__clinic", "patient__user__clinician"
        )


def _active() -> QuerySet[Reminder]:
    return Reminder.objects.filter(patient__discharged_at=None, patient__user__is_active=True).select_related(
        "patient"
    )


def _rows(chunk: list[Reminder], days: dict[int, date], kind: str) -> list[Sending]:
    """The rows of these patients' local days, which are at most two days apart from each other."""
    if not chunk:
        return []
    patients = [each.patient_id for each in chunk]
    found = Sending.objects.filter(patient__in=patients, kind=kind, day__in=set(days.values())).order_by("number")
    return [row for row in found if row.day == days[row.patient_id]]


# --- the reminder of the day ---


def _to_look_at(now: datetime) -> Iterator[tuple[Reminder, Sending | None]]:
    """Whose time it is, with the row that waits where there is one. Three queries for a chunk of patients."""
    on = _active().exclude(way=Way.OFF).only(*WISHES, "patient__time_zone")
    for chunk in _in_chunks(on):
        local = {each.patient_id: now.astimezone(each.patient.zone) for each in chunk}
        timely = [each for each in chunk if _decide(each, local[each.patient_id], None) is Do.SEND]
        days = {each.patient_id: local[each.patient_id].date() for each in timely}
        rows = {row.patient_id: row for row in _rows(timely, days, Sending.SESSION)}
        open_ones = [
            each for each in timely if _decide(each, local[each.patient_id], rows.get(each.patient_id)) is Do.SEND
        ]
        for reminder in _whole(open_ones):
            yield reminder, rows.get(reminder.patient_id)


def _decide(reminder: Reminder, local: datetime, row: Sending | None, *, is_due: bool = True) -> Do:
    known = Log(row.state, row.again_at) if row else None
    return decide(reminder.wishes, local, is_due=is_due, log=known)


def _remind(reminder: Reminder, row: Sending | None, now: datetime, postman: Postman) -> str:
    patient = reminder.patient
    local = now.astimezone(patient.zone)
    today = _today_of(patient, local.date())
    is_due = today is not None and today.has_exercises and not today.is_over
    what = _decide(reminder, local, row, is_due=is_due)
    if what is Do.NOTHING:
        return "not now"
    if reminder.way == Way.EMAIL:
        return _once(reminder, local.date(), what, now, lambda: postman.deliver(reminder), row=row)
    return _once(reminder, local.date(), what, now, lambda: _knock(patient, Sending.SESSION), row=row)


def _today_of(patient: Patient, day: date) -> Day | None:
    """The day as Today shows it; None where Today shows no exercises. Two queries."""
    if is_stopped(patient):
        return None
    user, first_weekday = patient.user, patient.clinic.week_starts_on
    assert user
    lines = lines_on(day, user=user)
    return day_of(
        lines, log_on(day, user=user, lines=lines, first_weekday=first_weekday), first_weekday=first_weekday
    )


# --- nudges at the desk ---


def _at_their_desks(now: datetime) -> Iterator[tuple[Reminder, int]]:
    """Who is to get up now, and for which time today. Four queries for a chunk of patients."""
    rhythm = [f"patient__break_rhythm__{name}" for name in RHYTHM]
    on = _active().filter(
        Exists(Device.objects.filter(patient=OuterRef("patient"))), nudges=True, patient__break_rhythm__is_on=True
    )
    on = on.select_related("patient__break_rhythm", "patient__clinic").only(
        *WISHES, "patient__time_zone", "patient__clinic__thresholds_set", *rhythm
    )
    for chunk in _in_chunks(on):
        local = {each.patient_id: now.astimezone(each.patient.zone) for each in chunk}
        chunk = [each for each in chunk if _rhythm(each).works_at(local[each.patient_id])]
        days = {each.patient_id: local[each.patient_id].date() for each in chunk}
        nudged: dict[int, list[datetime]] = {}
        for row in _rows(chunk, days, Sending.BREAK):
            nudged.setdefault(row.patient_id, []).append(row.claimed_at.astimezone(local[row.patient_id].tzinfo))
        shown = _shown(days, local)
        numbers = {}
        for each in chunk:
            key = each.patient_id
            limits = each.patient.clinic.thresholds
            number = nudge(
                _rhythm(each), shown.get(key, []), nudged.get(key, []), local[key], limits, each.wishes.quiet
            )
            if number:
                numbers[each.pk] = number
        for reminder in _whole([each for each in chunk if each.pk in numbers]):
            yield reminder, numbers[reminder.pk]


def _rhythm(reminder: Reminder) -> Rhythm:
    known = reminder.patient.break_rhythm
    return Rhythm(known.every_minutes, known.from_time, known.until_time, tuple(known.weekdays), known.is_on)


def _shown(days: dict[int, date], local: dict[int, datetime]) -> dict[int, list[Shown]]:
    found: dict[int, list[Shown]] = {}
    if days:
        for each in BreakPrompt.objects.filter(patient__in=days, day__in=set(days.values())):
            if each.day == days[each.patient_id]:
                zone = local[each.patient_id].tzinfo
                done = each.done_at and each.done_at.astimezone(zone)
                at = each.shown_at.astimezone(zone)
                shown = Shown(each.number, at, snoozes=each.snoozes, done_at=done)
                found.setdefault(each.patient_id, []).append(shown)
    return found


def _knock_at_desk(reminder: Reminder, number: int, now: datetime) -> str:
    patient = reminder.patient
    local = now.astimezone(patient.zone)
    today = _today_of(patient, local.date())
    what = Do.SEND if today is not None and today.breaks else Do.CLOSE
    return _once(
        reminder, local.date(), what, now, lambda: _knock(patient, Sending.BREAK), kind=Sending.BREAK, number=number
    )


# --- once ---


def _once(
    reminder: Reminder, day: date, what: Do, now: datetime, deliver: Deliver, *,
    row: Sending | None = None, kind: str = Sending.SESSION, number: int = 1,
) -> str:  # fmt: skip
    """Claims, sends, notes. Whoever does not get the claim does nothing."""
    state = State.CLAIMED if what is Do.SEND else State.NOT_NEEDED
    way = Way.PUSH if kind == Sending.BREAK else reminder.way
    if row is None:
        row = _claim(reminder, day, kind=kind, number=number, way=way, state=state, now=now)
    elif not _claim_again(row, way=way, state=state, now=now):
        row = None
    if row is None:
        return "taken by another"
    if what is Do.CLOSE:
        return state
    outcome = deliver()
    # A nudge that comes late is none.
    state = State.DROPPED if kind == Sending.BREAK and outcome.state == State.WAITING else outcome.state
    row.state, row.fault = state, outcome.fault
    row.again_at = again_at(row.tries, now) if state == State.WAITING else None
    row.save(update_fields=["state", "fault", "again_at"])
    return state


def _claim(
    reminder: Reminder, day: date, *, kind: str, number: int, way: str, state: State, now: datetime
) -> Sending | None:
    try:
        with transaction.atomic():
            return Sending.objects.create(
                patient=reminder.patient, day=day, kind=kind, number=number, way=way, state=state,
                begun_at=now, claimed_at=now,
            )  # fmt: skip
    except IntegrityError:
        return None


def _claim_again(row: Sending, *, way: str, state: State, now: datetime) -> bool:
    """Compares and sets in one statement: of two senders, one finds the row as it knew it."""
    waiting = Sending.objects.filter(pk=row.pk, state=State.WAITING, tries=row.tries)
    if not waiting.update(state=state, tries=row.tries + 1, claimed_at=now, way=way, again_at=None):
        return False
    row.tries += 1
    return True


def _knock(patient: Patient, kind: str) -> Outcome:
    """At the device that was added last. One that takes no more pushes is forgotten, and the one before it gets it."""
    for device in Device.objects.filter(patient=patient):
        try:
            push.knock(device.endpoint, lasts=PUSH_LASTS[kind], topic=kind)
        except push.Gone:
            device.delete()
        except push.Refused as refused:
            return Outcome(State.WAITING if refused.for_now else State.DROPPED, str(refused))
        except push.CutOff:
            return Outcome(State.UNKNOWN, "push cut off")
        else:
            return Outcome(State.SENT)
    return Outcome(State.DROPPED, "no device")


def failures(now: datetime) -> str:
    """For whoever watches the timer: how many reminders of the last day did not go out, and why most of them."""
    lately = Sending.objects.filter(begun_at__gt=now - RETRIED_FOR)
    failed = lately.filter(state__in=[State.WAITING, State.DROPPED, State.UNKNOWN]).values_list("fault")
    counted = Counter(fault or "no reason" for (fault,) in failed)
    if not counted:
        return "None failed in 24 hours."
    return (
        f"{counted.total()} failed in 24 hours: {', '.join(f'{n} {fault}' for fault, n in counted.most_common(3))}."
    )

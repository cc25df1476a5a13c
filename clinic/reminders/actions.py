"""What a patient says about reminders. Each request names the state it wants, so that it may come twice."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from django.db import transaction
from django.utils import timezone

from clinic.reminders.models import CalendarFeed, Device, Reminder, new_token
from clinic.reminders.rules import Way
from patients.audit.actions import record
from patients.models import Patient, User

DEVICES = 5


@transaction.atomic
def set_reminders(*, patient: Patient, by: User, **wanted: Any) -> Reminder:
    """`wanted` by field of `Reminder`. What is not named stays."""
    Patient.objects.hold(patient.pk)
    current = Reminder.objects.filter(patient=patient).first() or Reminder(patient=patient)
    changed = [name for name, value in wanted.items() if current.pk is None or getattr(current, name) != value]
    if changed:
        for name in changed:
            setattr(current, name, wanted[name])
        current.set_at, current.set_by = timezone.now(), by
        current.save()
        record(by=by, action="reminders.set", patient=patient, fields=changed)
    return current


@transaction.atomic
def stop_reminders(*, reminder: Reminder) -> None:
    """By the link in a mail, which stands in for its patient."""
    on = Reminder.objects.filter(pk=reminder.pk).exclude(way=Way.OFF, nudges=False)
    if on.update(way=Way.OFF, nudges=False):
        record(by=None, action="reminders.stopped", patient=reminder.patient)


@transaction.atomic
def add_device(*, patient: Patient, by: User, endpoint: str, name: str) -> None:
    """The device that was added last gets the reminders. One that was another person's is theirs no more."""
    Patient.objects.hold(patient.pk)
    is_known = Device.objects.filter(patient=patient, endpoint=endpoint).exists()
    device, _ = Device.objects.update_or_create(
        endpoint=endpoint, defaults={"patient": patient, "name": name[:60], "added_at": timezone.now()}
    )
    older = Device.objects.filter(patient=patient).values_list("pk", flat=True)[DEVICES:]
    Device.objects.filter(pk__in=list(older)).delete()
    if not is_known:
        record(by=by, action="device.added", patient=patient, subject=f"device:{device.pk}")


@transaction.atomic
def remove_device(*, patient: Patient, by: User, device: Device) -> None:
    record(by=by, action="device.removed", patient=patient, subject=f"device:{device.pk}")
    device.delete()


@transaction.atomic
def set_calendar(
    *, patient: Patient, by: User, morning: time, midday: time, evening: time, weekdays: Sequence[int]
) -> None:
    wanted = {"morning": morning, "midday": midday, "evening": evening, "weekdays": sorted(weekdays)}
    feed = _held_feed(patient)
    if changed := [name for name, value in wanted.items() if getattr(feed, name) != value]:
        _save(feed, **wanted)
        record(by=by, action="calendar.set", patient=patient, fields=changed)


@transaction.atomic
def open_calendar(*, patient: Patient, by: User) -> None:
    """Where it is open already, its address stays."""
    feed = _held_feed(patient)
    if feed.token is None:
        _save(feed, token=new_token())
        record(by=by, action="calendar.opened", patient=patient)


@transaction.atomic
def renew_calendar(*, patient: Patient, by: User) -> None:
    """A new address; whoever has the old one reads nothing any more."""
    _save(_held_feed(patient), token=new_token())
    record(by=by, action="calendar.renewed", patient=patient)


@transaction.atomic
def close_calendar(*, patient: Patient, by: User) -> None:
    feed = _held_feed(patient)
    if feed.token is not None:
        _save(feed, token=None)
        record(by=by, action="calendar.closed", patient=patient)


def _held_feed(patient: Patient) -> CalendarFeed:
    Patient.objects.hold(patient.pk)
    return CalendarFeed.objects.filter(patient=patient).first() or CalendarFeed(patient=patient)


def _save(feed: CalendarFeed, **wanted: Any) -> None:
    for name, value in wanted.items():
        setattr(feed, name, value)
    feed.edits, feed.set_at = feed.edits + 1, timezone.now()
    feed.save()

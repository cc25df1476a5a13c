import secrets
from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.reminders.rules import Quiet, State, Way, Wishes
from clinic.today.models import OfPatientQuerySet
from patients.models import Patient

EVERY_DAY = tuple(range(7))


def new_token() -> str:
    """192 random bits: they stand in for a sign-in."""
    return secrets.token_urlsafe(24)


def every_day() -> list[int]:
    return list(EVERY_DAY)


class Reminder(models.Model):
    """How, when and on which days a patient wants to be reminded. Off until they ask for it."""

    WAYS = [(Way.OFF.value, _("Off")), (Way.EMAIL.value, _("E-mail")), (Way.PUSH.value, _("Device"))]

    patient = models.OneToOneField(Patient, on_delete=models.CASCADE, related_name="reminder")
    way = models.CharField(max_length=5, choices=WAYS, blank=True)
    at = models.TimeField(default=time(8))
    weekdays = models.JSONField(default=every_day, help_text="0 = Monday.")
    other_times = models.JSONField(default=dict, help_text="Weekdays with a time of their own, as HH:MM.")
    quiet_from = models.TimeField(default=time(21))
    quiet_until = models.TimeField(default=time(7))
    nudges = models.BooleanField(default=False, help_text="Also told to get up from the desk, on a device.")
    # In every mail, and good for one thing: to stop them. Kept as it is, so that an old mail stops them too.
    stop_token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfPatientQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=~Q(way=""), name="reminders_that_are_on"),
            models.Index(fields=["id"], condition=Q(nudges=True), name="reminders_with_nudges"),
        ]

    def __str__(self) -> str:
        return self.get_way_display()

    @property
    def is_on(self) -> bool:
        return self.way != Way.OFF

    @property
    def wishes(self) -> Wishes:
        return Wishes(
            way=self.way,
            at=self.at,
            weekdays=tuple(self.weekdays),
            quiet=Quiet(self.quiet_from, self.quiet_until),
            set_at=self.set_at,
            other={int(day): time.fromisoformat(at) for day, at in self.other_times.items()},
        )


class Device(models.Model):
    """A phone or computer that a patient's reminders can go to: the address that its browser's push service gave it.

    No keys are kept, because nothing is ever sent but a knock.
    """

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="devices")
    name = models.CharField(max_length=60)
    endpoint = models.CharField(max_length=1000, unique=True)
    added_at = models.DateTimeField()

    objects = OfPatientQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Sending(models.Model):
    """One reminder of one local day, claimed before it is sent: the unique key is what makes it one."""

    SESSION, BREAK = "session", "break"

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="sendings", db_index=False)
    day = models.DateField(help_text="The patient's local day.")
    kind = models.CharField(max_length=7, choices=[(SESSION, _("Session")), (BREAK, _("Small break"))])
    number = models.PositiveSmallIntegerField(default=1, help_text="Of the day; a session has one.")
    way = models.CharField(max_length=5, choices=Reminder.WAYS)
    state = models.CharField(
        max_length=10, choices=[(state.value, state.value.replace("-", " ").capitalize()) for state in State]
    )
    tries = models.PositiveSmallIntegerField(default=1)
    begun_at = models.DateTimeField()
    claimed_at = models.DateTimeField(help_text="When it was tried last.")
    again_at = models.DateTimeField(null=True, help_text="When one that waits is tried again.")
    fault = models.CharField(max_length=60, blank=True, help_text="What the mail server or push service answered.")

    objects = OfPatientQuerySet.as_manager()

    class Meta:
        verbose_name = _("sent reminder")
        ordering = ["-day", "-pk"]
        indexes = [
            models.Index(fields=["state"], condition=Q(state__in=["claimed", "waiting"]), name="sendings_under_way"),
            models.Index(fields=["day"], name="sendings_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["patient", "day", "kind", "number"], name="one_reminder_a_day"),
            models.CheckConstraint(condition=~Q(kind="session") | Q(number=1), name="session_is_reminded_of_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.day}: {self.state}"


class CalendarFeed(models.Model):
    """A patient's sessions as an address for a calendar. Whoever knows the token reads it; without one it is off.

    The token is kept as it is, because its owner has to be able to read it again; what it opens says "Planned session".
    """

    patient = models.OneToOneField(Patient, on_delete=models.CASCADE, related_name="calendar_feed")
    token = models.CharField(max_length=64, unique=True, null=True, editable=False)
    morning = models.TimeField(default=time(8))
    midday = models.TimeField(default=time(13))
    evening = models.TimeField(default=time(18))
    weekdays = models.JSONField(default=list, help_text="For exercises whose days the patient chooses. 0 = Monday.")
    edits = models.PositiveIntegerField(default=0, help_text="Counts the changes: calendars want to know.")
    set_at = models.DateTimeField()

    objects = OfPatientQuerySet.as_manager()

    def __str__(self) -> str:
        return "on" if self.token else "off"

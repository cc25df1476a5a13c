"""When a clinician is away, and who looks after their patients meanwhile."""

from datetime import date
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext

from patients.accounts.models import Clinician


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def standing(self) -> "AbsenceQuerySet":
        return self.filter(ended_at=None)

    def on(self, day: date) -> "AbsenceQuerySet":
        return self.standing().filter(first_day__lte=day, last_day__gte=day)

    def meeting(self, first: date, last: date) -> "AbsenceQuerySet":
        """Those that share a day with these."""
        return self.standing().filter(first_day__lte=last, last_day__gte=first)


class Absence(models.Model):
    """The days are the clinic's. Each of them belongs to one of its `covers`. Ended early, it is over at once."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()
    said_at = models.DateTimeField(auto_now_add=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="absence_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="absence_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        days = {"first": date_format(self.first_day, "j M"), "last": date_format(self.last_day, "j M Y")}
        return gettext("%(first)s to %(last)s") % days


class CoverQuerySet(models.QuerySet["Cover"]):
    def on(self, day: date) -> "CoverQuerySet":
        return self.filter(absence__ended_at=None, first_day__lte=day, last_day__gte=day)


class Cover(models.Model):
    """A part of an absence, and who stands in for it."""

    absence = models.ForeignKey(Absence, on_delete=models.CASCADE, related_name="covers")
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="covering")
    first_day = models.DateField()
    last_day = models.DateField()

    objects = CoverQuerySet.as_manager()

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="cover_ends_after_it_begins"),
            models.UniqueConstraint(fields=["absence", "first_day"], name="cover_begins_once_a_day"),
        ]

    def __str__(self) -> str:
        return gettext("%(who)s from %(day)s") % {"who": self.clinician, "day": date_format(self.first_day, "j M")}


def covered_by(clinician: Clinician) -> "models.QuerySet[Cover, int]":
    """Ids of the clinicians whom this one stands in for today."""
    return (
        Cover.objects.on(clinician.today()).filter(clinician=clinician).values_list("absence__clinician", flat=True)
    )

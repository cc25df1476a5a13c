from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.accounts.models import Clinic, Clinician, User
from patients.records.models import Patient


class EmergencyAccessQuerySet(models.QuerySet["EmergencyAccess"]):
    def open_at(self, now: datetime) -> "EmergencyAccessQuerySet":
        return self.filter(ended_at=None, until__gt=now)

    def visible_to(self, user: User) -> "EmergencyAccessQuerySet":
        """One's own, those of records that one may open, and a patient's of their own record."""
        if user.is_clinician:
            return self.filter(Q(by=user.clinician) | Q(patient__in=Patient.objects.visible_to(user)))
        return self.filter(patient__in=Patient.objects.visible_to(user))


class EmergencyAccess(models.Model):
    """A record that somebody of the clinic opened who does not look after the patient. `PatientQuerySet.visible_to` lets
    them in until it ends."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="emergencies")
    by = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="emergencies")
    reason = models.TextField(max_length=1000)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("emergency access")
        verbose_name_plural = _("emergency accesses")
        indexes = [models.Index(fields=["by", "until"], name="emergencies_of_a_clinician")]

    def __str__(self) -> str:
        return gettext("%(who)s on %(day)s") % {"who": self.by, "day": date_format(self.opened_at, "j M Y")}

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.until > timezone.now()


class Agreement(models.TextChoices):
    SPOKEN = "spoken", _("Spoken")
    WRITTEN = "written", _("In writing")


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, user: User) -> "TransferQuerySet":
        """What the clinic that was left keeps. Where records are not shared, for whoever did it."""
        if not user.is_clinician:
            return self.none()
        left = self.filter(origin_id=user.clinician.clinic_id)
        return left if user.clinician.clinic.shares_records else left.filter(by=user)


class Transfer(models.Model):
    """A patient who went from one clinic to another, and agreed to it. The record went along; this line stays: who, when,
    where to."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="transfers")
    origin = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=161, help_text=_("As it was then: later changes are the new clinic's."))
    agreed_how = models.CharField(max_length=7, choices=Agreement.choices)
    agreed_on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        words = {"origin": self.origin, "there": self.destination, "day": date_format(self.at, "j M Y")}
        return gettext("%(origin)s to %(there)s, %(day)s") % words

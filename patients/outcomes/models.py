from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.accounts.models import User
from patients.records.models import Patient


class OfPatientQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "OfPatientQuerySet":
        if user.helping:  # the questions are read by who answers them
            return self.filter(patient=user.answers_of) if user.answers_of else self.none()
        return self.filter(patient__in=Patient.objects.visible_to(user))


class Activity(models.Model):
    """Something the patient finds hard to do, in their own words. Kept through an episode, so that the same is asked."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="activities")
    text = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    named_at = models.DateTimeField()
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = OfPatientQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = _("activities")

    def __str__(self) -> str:
        return self.text


class Measurement(models.Model):
    """One answering of an outcome measure: its items where they may be shipped, else the score alone. Never changed."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="measurements")
    measure = models.CharField(max_length=20)
    version = models.CharField(max_length=20, help_text=_("Version of the items and the scoring."))
    language = models.CharField(max_length=10, default="en")
    items = models.JSONField(default=dict, blank=True, help_text=_("Answers by item; empty for a score typed in."))
    score = models.DecimalField(
        max_digits=6, decimal_places=1, null=True, help_text=_("Empty: too little was answered.")
    )
    day = models.DateField(help_text=_("The patient's local day."))
    note = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfPatientQuerySet.as_manager()

    class Meta:
        ordering = ["day", "pk"]
        indexes = [models.Index(fields=["patient", "measure", "day"], name="measurements_of_patient")]

    def __str__(self) -> str:
        return gettext("%(measure)s on %(day)s") % {"measure": self.measure, "day": self.day}

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk:
            raise TypeError("A measurement is never changed.")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

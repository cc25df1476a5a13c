from datetime import date
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patients.models import Patient, Screening, User


class FlareUpQuerySet(models.QuerySet["FlareUp"]):
    def visible_to(self, user: User) -> "FlareUpQuerySet":
        if patient := user.plan_of:  # for a patient the same rows as below, by the index alone
            return self.filter(patient=patient)
        return self.filter(patient__in=Patient.objects.visible_to(user))

    def on(self, day: date) -> "FlareUpQuerySet":
        """Those whose gentle plan is in force on that local day."""
        return self.filter(from_day__lte=day, until_day__gte=day).filter(Q(ended_on=None) | Q(ended_on__gt=day))

    def open(self) -> "FlareUpQuerySet":
        return self.filter(ended_on=None)


class FlareUp(models.Model):
    """Days on which a patient does a gentle part of the plan, because the back flared up (FLARE)."""

    class Because(models.TextChoices):
        PRESSED = "pressed", _("The patient said so")
        RISE = "rise", _("Pain rose over the usual")
        STOPS = "stops", _("Two stops on pain")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="flare_ups")
    because = models.CharField(max_length=8, choices=Because.choices)
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="+")
    from_day = models.DateField()
    until_day = models.DateField(help_text="The last day of the gentle plan; may be moved on.")
    ended_on = models.DateField(null=True, blank=True, help_text="The first day of the usual plan again.")
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = FlareUpQuerySet.as_manager()

    class Meta:
        ordering = ["-from_day", "-pk"]
        indexes = [models.Index(fields=["patient", "from_day"], name="flare_ups_of_patient")]
        constraints = [
            models.UniqueConstraint(fields=["patient"], condition=Q(ended_on=None), name="one_open_flare_up"),
            models.CheckConstraint(condition=Q(until_day__gte=F("from_day")), name="flare_up_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"Flare-up from {self.from_day}"

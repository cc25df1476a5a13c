from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.prescriptions.models import PrescribedExercise
from clinic.today.models import OfPatientQuerySet
from patients.models import Patient


class TapKind(models.TextChoices):
    """Named like the address that takes the same in at once."""

    CHECK = "check", _("a tick")
    SKIP = "skip", _("“can’t today”")
    COUNTED = "sets_counted", _("a different number")
    SAY = "session_say", _("how it went")
    MORNING = "morning_say", _("how the next morning was")
    HURTS = "hurts", _("“it hurts”")


class LateTap(models.Model):
    """What a patient tapped or typed without a network, as their device sent it later. Its key makes sending it again
    harmless. Never changed: what counts of it follows from all taps of its day, in the order in which they were made."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="late_taps", db_index=False)
    key = models.UUIDField(help_text="Made on the device with the tap.")
    kind = models.CharField(max_length=12, choices=TapKind.choices)
    day = models.DateField(null=True, help_text="The patient's local day that it is about.")
    said = models.JSONField(help_text="The named values, as the form sends them.")
    line = models.ForeignKey(
        PrescribedExercise,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="The version of the line that the patient saw.",
    )
    ticks = models.JSONField(default=list, help_text="The sets of the line that it is about, as `2.left`.")
    claimed_at = models.DateTimeField(help_text="The instant of the tap by the device's own clock.")
    tapped_at = models.DateTimeField(help_text="The same, put right where that clock was wrong.")
    is_skewed = models.BooleanField(default=False, help_text="The device's clock was wrong.")
    received_at = models.DateTimeField()
    refusal = models.TextField(blank=True, help_text="Why it could not be taken in, as the patient was told.")

    objects = OfPatientQuerySet.as_manager()

    class Meta:
        ordering = ["tapped_at", "key"]
        constraints = [models.UniqueConstraint(fields=["patient", "key"], name="late_tap_arrives_once")]
        indexes = [models.Index(fields=["patient", "day"], name="late_taps_of_a_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.day}"

from uuid import uuid4

from django.conf import settings
from django.db import models

from clinic.prescriptions.models import PrescribedExercise
from patients.accounts.models import User
from patients.records.models import Patient

LONGEST = 4000


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> "MessageQuerySet":
        return self.filter(patient__in=Patient.objects.visible_to(user))

    def with_people(self) -> "MessageQuerySet":
        """With all that a page says of a message."""
        return self.select_related("written_by__clinician", "about__exercise", "seen")


class Message(models.Model):
    """What a patient and their clinic write to each other: one conversation a patient. Appended, never changed.

    `uuid` is made with the form, so that sending it twice says it once.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="messages")
    from_patient = models.BooleanField()
    text = models.TextField(max_length=LONGEST)
    photo = models.FileField(upload_to="messages/", blank=True)
    about = models.ForeignKey(
        PrescribedExercise,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The exercise it asks about.",
    )
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["patient", "id"], name="messages_of_patient")]

    def __str__(self) -> str:
        return f"Message of {self.written_at:%d %b %Y}"


class Seen(models.Model):
    """When somebody of the clinic first had a patient's message before them. The last one stands for those above it."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="seen")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at"]
        verbose_name_plural = "seen"

    def __str__(self) -> str:
        return f"Seen {self.at:%d %b %Y}"

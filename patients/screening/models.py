from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.accounts.models import User
from patients.records.models import Patient


class Level(models.TextChoices):
    """What a screening asks for (RF). `""` is clear."""

    CLEAR = "", _("Clear")
    D = "D", _("D: for information")
    C = "C", _("C: clearance needed before a plan")
    B = "B", _("B: contact today, program stopped")
    A = "A", _("A: emergency advice, program stopped")


STOPS = (Level.A, Level.B)  # no exercise is shown
NEEDS_CLEARANCE = (Level.A, Level.B, Level.C)  # no plan goes live


class Occasion(models.TextChoices):
    FIRST = "first", _("Before the first program")
    EPISODE = "episode", _("New episode")
    FLARE = "flare", _("Flare-up")
    GAP = "gap", _("After a break")
    REGULAR = "regular", _("Every four weeks")
    EVENT = "event", _("After an adverse event")
    SYMPTOM = "symptom", _("New symptom")
    VISIT = "visit", _("At a visit")


class ScreeningQuerySet(models.QuerySet["Screening"]):
    def visible_to(self, user: User) -> "ScreeningQuerySet":
        if user.helping:  # the answers are read by who gives them
            return self.filter(patient=user.answers_of) if user.answers_of else self.none()
        return self.filter(patient__in=Patient.objects.visible_to(user))

    def uncleared(self) -> "ScreeningQuerySet":
        """Those with a flag that no clinician has cleared."""
        return self.filter(level__in=NEEDS_CLEARANCE).exclude(clearances__cleared=True)


class Screening(models.Model):
    """Answers to the red-flag questions, as given. Never changed; what a clinician makes of them is a `Clearance`."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="screenings")
    occasion = models.CharField(max_length=8, choices=Occasion.choices)
    is_short = models.BooleanField(default=False, help_text=_("The three questions of every four weeks."))
    answers = models.JSONField(help_text=_("yes, no or unsure by question."))
    level = models.CharField(max_length=1, choices=Level.choices, blank=True)
    rules = models.CharField(max_length=20, help_text=_("Version of the questions and rules."))
    answered_on = models.DateField(help_text=_("The patient's local day."))
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        ordering = ["-answered_at", "-pk"]
        indexes = [models.Index(fields=["patient", "-answered_at"], name="screenings_of_patient")]

    def __str__(self) -> str:
        return gettext("Screening of %(day)s") % {"day": self.answered_on}

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk:
            raise TypeError("Answers to a screening are never changed.")
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Clearance(models.Model):
    """What a clinician recorded about a screening: cleared, or not yet, with a note. Appended only."""

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="clearances")
    cleared = models.BooleanField()
    note = models.TextField(max_length=2000)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["screening"], condition=Q(cleared=True), name="screening_is_cleared_once")
        ]

    def __str__(self) -> str:
        return gettext("Cleared") if self.cleared else gettext("Not cleared")

from dataclasses import fields

from django.conf import settings
from django.db import models
from django.db.models import Q

from clinic.prescriptions.models import PrescribedExercise
from clinic.today.plan import DayTally
from patients.models import Patient, User


class OfPatientQuerySet(models.QuerySet):
    """Rows that belong to one patient, seen by whoever may open that patient's record."""

    def visible_to(self, user: User) -> "OfPatientQuerySet":
        if user.is_patient:  # the same rows as below, by the index alone
            return self.filter(patient=user.patient)
        return self.filter(patient__in=Patient.objects.visible_to(user))


class TickSide(models.TextChoices):
    BOTH = "both", "both sides"
    LEFT = "left", "left"
    RIGHT = "right", "right"


class SkipReason(models.TextChoices):
    PAIN = "pain", "It hurt"
    TIME = "time", "No time"
    FORGOT = "forgot", "I forgot"
    UNWELL = "unwell", "Tired or unwell"
    UNCLEAR = "unclear", "Not sure how to do it"
    EQUIPMENT = "equipment", "No equipment here"
    UNSAFE = "unsafe", "It felt unsafe"
    OTHER = "other", "Something else"


# Stopping on pain is the right thing to do, and nobody trains ill: these leave the count (ADH-5).
EXCUSED_REASONS = frozenset({SkipReason.PAIN, SkipReason.UNWELL})


class CheckOff(models.Model):
    """One set done. The unique key makes saying it twice harmless, and is the only index today's page needs."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="check_offs", db_index=False)
    day = models.DateField(help_text="The patient's local day.")
    thread = models.UUIDField(help_text="Which exercise, through all versions of the prescription.")
    occasion = models.PositiveSmallIntegerField(default=1, help_text="1 is the first time that day.")
    set_number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=5, choices=TickSide.choices, default=TickSide.BOTH)
    line = models.ForeignKey(
        PrescribedExercise,
        on_delete=models.PROTECT,
        related_name="check_offs",
        db_index=False,
        help_text="The version of the line that the patient saw.",
    )
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = OfPatientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "day", "thread", "occasion", "set_number", "side"], name="set_is_done_once"
            ),
            models.CheckConstraint(condition=Q(occasion__range=(1, 12)), name="check_off_occasion_1_to_12"),
            models.CheckConstraint(condition=Q(set_number__range=(1, 10)), name="check_off_set_1_to_10"),
        ]

    def __str__(self) -> str:
        return f"set {self.set_number} on {self.day}"


class Skip(models.Model):
    """An exercise the patient could not do on an occasion, and why."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="skips", db_index=False)
    day = models.DateField()
    thread = models.UUIDField()
    occasion = models.PositiveSmallIntegerField(default=1)
    line = models.ForeignKey(PrescribedExercise, on_delete=models.PROTECT, related_name="skips")
    reason = models.CharField(max_length=10, choices=SkipReason.choices)
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfPatientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "day", "thread", "occasion"], name="skipped_once_an_occasion"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} on {self.day}"


class Session(models.Model):
    """What the patient says about a day's exercises: pain before and after, effort, a comment.

    Zero is an answer, empty is none.
    """

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="sessions", db_index=False)
    day = models.DateField()
    occasion = models.PositiveSmallIntegerField(default=1)
    pain_before = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_after = models.PositiveSmallIntegerField(null=True, blank=True)
    effort = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="0 no effort at all to 10 as hard as possible."
    )
    comment = models.TextField(blank=True, max_length=2000)
    started_at = models.DateTimeField()
    said_at = models.DateTimeField(auto_now=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfPatientQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-occasion"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "day", "occasion"], name="session_once_an_occasion"),
            models.CheckConstraint(
                condition=Q(pain_before=None) | Q(pain_before__lte=10), name="session_pain_before_0_to_10"
            ),
            models.CheckConstraint(
                condition=Q(pain_after=None) | Q(pain_after__lte=10), name="session_pain_after_0_to_10"
            ),
            models.CheckConstraint(condition=Q(effort=None) | Q(effort__lte=10), name="session_effort_0_to_10"),
        ]

    def __str__(self) -> str:
        return f"{self.patient} on {self.day}"


class DailyTally(models.Model):
    """A patient's day in figures, a stored `DayTally`: kept in the same transaction as the ticks and rebuilt from them
    by `manage.py rebuild_tallies`. Days without a tick or skip have no row: what they asked for follows from the plan."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="tallies", db_index=False)
    day = models.DateField()
    planned_slots = models.PositiveSmallIntegerField(
        default=0, help_text="Slots on fixed weekdays, excused ones too."
    )
    done = models.FloatField(default=0, help_text="Sum of these slots' completion, each 0 to 1.")
    touched_slots = models.PositiveSmallIntegerField(default=0, help_text="Slots with anything done.")
    excused_slots = models.PositiveSmallIntegerField(default=0, help_text="Excused with nothing done.")
    excused_part = models.FloatField(default=0, help_text="The undone part of slots excused after a start.")
    flexible_slots = models.PositiveSmallIntegerField(
        default=0, help_text="What a whole week of the lines without fixed weekdays asks for."
    )
    flexible_days = models.PositiveSmallIntegerField(default=0, help_text="Session-days a week of these lines.")
    flexible_done = models.FloatField(default=0)
    flexible_touched = models.PositiveSmallIntegerField(default=0)
    flexible_excused = models.FloatField(default=0)
    breaks_planned = models.PositiveSmallIntegerField(default=0)
    breaks_done = models.FloatField(default=0)

    objects = OfPatientQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "day"], name="one_tally_a_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.done:g} of {self.planned_slots}"

    def figures(self) -> DayTally:
        return DayTally(**{name: getattr(self, name) for name in FIGURES})


FIGURES = tuple(field.name for field in fields(DayTally))

from dataclasses import fields
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.prescriptions.models import PrescribedExercise
from clinic.today.plan import DayTally
from patients.models import Patient, User


class OfPatientQuerySet(models.QuerySet):
    """Rows that belong to one patient, seen by whoever may open that patient's record, and by
    whom the patient lets help."""

    def visible_to(self, user: User) -> "OfPatientQuerySet":
        if patient := user.plan_of:  # for a patient the same rows as below, by the index alone
            return self.filter(patient=patient)
        return self.filter(patient__in=Patient.objects.visible_to(user))


class TickSide(models.TextChoices):
    BOTH = "both", _("both sides")
    LEFT = "left", _("left")
    RIGHT = "right", _("right")


class SkipReason(models.TextChoices):
    PAIN = "pain", _("It hurt")
    TIME = "time", _("No time")
    FORGOT = "forgot", _("I forgot")
    UNWELL = "unwell", _("Tired or unwell")
    TRAVEL = "travel", _("Away from home")
    UNCLEAR = "unclear", _("Not sure how to do it")
    EQUIPMENT = "equipment", _("No equipment here")
    UNSAFE = "unsafe", _("It felt unsafe")
    OTHER = "other", _("Something else")


# Illness and travel excuse for some days in a row, then they count again (ADH-5, `days_excused`).
CAPPED_REASONS = frozenset({SkipReason.UNWELL, SkipReason.TRAVEL})
# Stopping on pain is the right thing to do, and nobody trains ill: these leave the count (ADH-5).
EXCUSED_REASONS = CAPPED_REASONS | {SkipReason.PAIN}


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
    amount = models.PositiveSmallIntegerField(
        null=True, help_text="Repetitions, seconds or minutes, where the patient says they differ from the plan."
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
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__range=(1, 600)), name="check_off_amount_1_to_600"
            ),
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
    pain = models.PositiveSmallIntegerField(null=True, help_text="How much it hurt, where it was stopped on pain.")
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfPatientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "day", "thread", "occasion"], name="skipped_once_an_occasion"),
            models.CheckConstraint(condition=Q(pain=None) | Q(pain__lte=10), name="skip_pain_0_to_10"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} on {self.day}"


class Place(models.TextChoices):
    """Where it is felt, from the spine outwards (PAIN-1)."""

    BACK = "back", _("Back")
    BUTTOCK = "buttock", _("Buttock")
    THIGH = "thigh", _("Thigh")
    CALF = "calf", _("Below the knee")
    FOOT = "foot", _("Foot")


class Moved(models.TextChoices):
    TOWARD = "toward", _("Toward the middle of my back")
    NOT = "not", _("It stayed where it was")
    AWAY = "away", _("Away from my back, further out or down")


class Session(models.Model):
    """What the patient says about a day's exercises: pain before, at its worst and the next morning, where it was felt
    and which way it moved, effort, a comment (PAIN-1).

    Zero is an answer, empty is none.
    """

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="sessions", db_index=False)
    day = models.DateField()
    occasion = models.PositiveSmallIntegerField(default=1)
    pain_before = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_worst = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_morning = models.PositiveSmallIntegerField(null=True, blank=True)
    places = models.JSONField(default=list, blank=True, help_text="Where it was felt: values of `Place`.")
    moved = models.CharField(max_length=6, choices=Moved.choices, blank=True)
    away_lasted = models.BooleanField(null=True, help_text="Moved away, and for longer than the limit (PAIN-6).")
    is_numb = models.BooleanField(null=True, help_text="New numbness or weakness.")
    effort = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="0 no effort at all to 10 as hard as possible."
    )
    comment = models.TextField(blank=True, max_length=2000)
    minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many the patient had, where the exercises take longer."
    )
    picked = models.JSONField(
        default=list, blank=True, help_text="The threads of the exercises picked for these minutes."
    )
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
                condition=Q(pain_worst=None) | Q(pain_worst__lte=10), name="session_pain_worst_0_to_10"
            ),
            models.CheckConstraint(
                condition=Q(pain_morning=None) | Q(pain_morning__lte=10), name="session_pain_morning_0_to_10"
            ),
            models.CheckConstraint(condition=Q(effort=None) | Q(effort__lte=10), name="session_effort_0_to_10"),
        ]

    def __str__(self) -> str:
        return f"{self.patient} on {self.day}"

    @property
    def is_answered(self) -> bool:
        """Something was said of it; picking what fits into a few minutes says nothing yet."""
        scores = (self.pain_before, self.pain_worst, self.pain_morning, self.effort, self.is_numb)
        return any(score is not None for score in scores) or bool(self.comment or self.moved or self.places)


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


class AdverseEvent(models.Model):
    """Something that went wrong while or after exercising (PAIN-8). Never changed, never deleted."""

    class Kind(models.TextChoices):
        FALL = "fall", _("I fell")
        INJURY = "injury", _("I hurt myself")
        FAINT = "faint", _("I fainted or nearly did")
        SYMPTOM = "symptom", _("Something new that I feel")
        OTHER = "other", _("Something else")

    class Severity(models.TextChoices):
        MILD = "mild", _("It passed by itself")
        MODERATE = "moderate", _("It bothers me")
        SEVERE = "severe", _("It is bad")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="adverse_events")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    line = models.ForeignKey(
        PrescribedExercise, on_delete=models.PROTECT, null=True, blank=True, related_name="adverse_events"
    )
    text = models.TextField(blank=True, max_length=2000)
    happened_on = models.DateField(help_text="The patient's local day.")
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfPatientQuerySet.as_manager()

    class Meta:
        ordering = ["-reported_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.happened_on}"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk:
            raise TypeError("A report of an adverse event is never changed.")
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class BreakRhythm(models.Model):
    """When a patient works, and how often they want to be reminded to get up (BRK)."""

    patient = models.OneToOneField(Patient, on_delete=models.CASCADE, related_name="break_rhythm")
    every_minutes = models.PositiveSmallIntegerField(default=60)
    from_time = models.TimeField()
    until_time = models.TimeField()
    weekdays = models.JSONField(default=list, help_text="0 = Monday.")
    is_on = models.BooleanField(default=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfPatientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(every_minutes__range=(30, 120)), name="break_every_30_to_120_minutes"),
            models.CheckConstraint(
                condition=Q(until_time__gt=models.F("from_time")), name="work_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"every {self.every_minutes} minutes"


class BreakPrompt(models.Model):
    """One prompt to get up that was shown, and what came of it: the denominator of BRK-4."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="break_prompts")
    day = models.DateField()
    number = models.PositiveSmallIntegerField(help_text="1 is the first of the day.")
    thread = models.UUIDField(null=True, help_text="The exercise that was offered; any movement counts.")
    shown_at = models.DateTimeField()
    snoozes = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = OfPatientQuerySet.as_manager()

    class Meta:
        ordering = ["day", "number"]
        constraints = [models.UniqueConstraint(fields=["patient", "day", "number"], name="break_prompt_once")]

    def __str__(self) -> str:
        return f"Break {self.number} on {self.day}"

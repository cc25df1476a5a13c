from datetime import date
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.prescriptions.fields import DosageField
from clinic.prescriptions.telling import told_now
from exercises.governance import Reviewed
from exercises.models import Exercise, Phase
from patients.models import Clinic, Patient, User


class Importance(models.IntegerChoices):
    """What a line is worth on a day when time is short: first things first."""

    MUST = 1, _("Must do")
    SHOULD = 2, _("Should do")
    IF_TIME = 3, _("If there is time")


def importance_field() -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(
        gettext("when time is short"), choices=Importance.choices, default=Importance.SHOULD
    )


class ProtocolQuerySet(models.QuerySet["Protocol"]):
    def visible_to(self, user: User) -> "ProtocolQuerySet":
        """The shared starter protocols, and those of the clinician's own clinic."""
        if user.is_staff:
            return self
        if user.is_clinician:
            return self.filter(Q(clinic=None) | Q(clinic_id=user.clinician.clinic_id))
        return self.none()

    def current(self) -> "ProtocolQuerySet":
        return self.filter(retired_at=None)


class Protocol(Reviewed):
    """A program that prescriptions start from. A draft for the clinician to edit, never assigned by itself."""

    SUBSTANCE = ("suits", "not_for", "schedule", "progress", "stop", "weeks", "stage_rules", "lines")

    slug = models.SlugField(max_length=80)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, null=True, blank=True, related_name="protocols")
    name = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True, help_text=_("What it is, in a sentence for the list."))
    suits = models.TextField("for", blank=True)
    not_for = models.TextField(_("not for"), blank=True)
    schedule = models.TextField(blank=True)
    progress = models.TextField(_("how to progress"), blank=True)
    stop = models.TextField(_("stop or step back"), blank=True)
    basis = models.TextField(blank=True, help_text=_("Evidence and sources."))
    weeks = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("Usual length; empty is open-ended."))
    stage_rules: Any = models.JSONField(
        default=dict, blank=True, help_text=_("By stage, what a move to the next one needs: see clinic/progression.")
    )
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ProtocolQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "slug"], name="protocol_slug_unique_in_its_clinic"),
            models.UniqueConstraint(fields=["slug"], condition=Q(clinic=None), name="starter_protocol_slug_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("protocol", args=[self.slug])

    def substance(self) -> dict[str, Any]:
        """Its lines as a whole: which exercise, in which stage and phase, at which dose."""
        lines = [
            [line.stage, line.phase, line.exercise_id, line.dosage.to_dict(), int(line.importance)]
            for line in self.lines.all()
        ]
        return {name: getattr(self, name) for name in self.SUBSTANCE if name != "lines"} | {"lines": lines}


class ProtocolLine(models.Model):
    """One exercise of a protocol. `stage` "" always applies; numbered stages replace each other in order."""

    protocol = models.ForeignKey(Protocol, on_delete=models.CASCADE, related_name="lines")
    stage = models.PositiveSmallIntegerField(
        default=0, help_text=_("0 applies in every stage; 1, 2, 3 … follow each other.")
    )
    stage_label = models.CharField(max_length=40, blank=True, help_text=_("As: weeks 1 to 2."))
    phase = models.CharField(max_length=4, choices=Phase.choices)
    position = models.PositiveSmallIntegerField()
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="protocol_lines")
    dosage = DosageField()
    importance = importance_field()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.exercise} in {self.protocol}"


class PrescriptionQuerySet(models.QuerySet["Prescription"]):
    def visible_to(self, user: User) -> "PrescriptionQuerySet":
        """Clinicians see their patients' prescriptions, drafts included; a patient, and who helps
        them, what was published."""
        if patient := user.plan_of:
            return self.filter(patient=patient).published()
        return self.filter(patient__in=Patient.objects.visible_to(user))

    def published(self) -> "PrescriptionQuerySet":
        return self.filter(published_at__isnull=False)

    def drafts(self) -> "PrescriptionQuerySet":
        return self.filter(published_at=None)

    def live(self) -> "PrescriptionQuerySet":
        """Published and not ended by anybody; its last day may still be past."""
        return self.published().filter(ended_at=None)

    def active_on(self, day: date) -> "PrescriptionQuerySet":
        """In force on that local day, ended ones included: history asks for past days too. A version that is ended or
        replaced stops counting on the day it ends."""
        return self.filter(in_force_on(day))


def in_force_on(day: date, of: str = "") -> Q:
    """The condition behind `active_on`, for a prescription or, with a prefix such as `prescription__`, its parts."""
    return in_force_between(day, day, of)


def in_force_between(first: date, last: date, of: str = "") -> Q:
    """In force on any of these days."""
    return (
        Q(**{f"{of}published_at__isnull": False, f"{of}starts_on__lte": last})
        & (Q(**{f"{of}ends_on": None}) | Q(**{f"{of}ends_on__gte": first}))
        & (Q(**{f"{of}ended_on": None}) | Q(**{f"{of}ended_on__gt": first}))
    )


class Prescription(models.Model):
    """A patient's plan. A draft is edited freely; once published it never changes. A revision is a new draft that
    `replaces` the live one, and publishing it ends the old one."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="prescriptions")
    title = models.CharField(max_length=120, default=_("Exercise plan"))
    protocol = models.ForeignKey(
        Protocol, on_delete=models.PROTECT, null=True, blank=True, related_name="prescriptions"
    )
    stage = models.PositiveSmallIntegerField(
        default=0, help_text=_("The protocol's stage it was filled from; 0 has none.")
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    version = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text=_("The last day; empty is open-ended."))
    note_to_patient = models.TextField(
        blank=True, max_length=2000, help_text=_("What is new and why, in plain words.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Counts the steps of a draft: a save names the step it started from, so that two editors cannot overwrite each other.
    edit = models.PositiveIntegerField(default=0)
    edited_at = models.DateTimeField(auto_now_add=True)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(
        null=True, blank=True, help_text=_("The first local day on which it no longer counts.")
    )
    end_reason = models.CharField(max_length=200, blank=True)
    seen_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the patient said they had seen what this version changes.")
    )
    week_plan: Any = models.JSONField(
        default=dict,
        editable=False,
        help_text=_("What a week of it asks for, counted by `week_plan` when published."),
    )

    objects = PrescriptionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["patient", "starts_on"], name="prescriptions_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["patient"], condition=Q(published_at=None), name="patient_has_one_draft"),
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(published_at__isnull=False, ended_at=None),
                name="patient_has_one_live_prescription",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="prescription_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="prescription_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ended_on=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False, ended_on__isnull=False),
                name="prescription_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def is_live(self) -> bool:
        return self.published_at is not None and self.ended_at is None

    def is_in_force_on(self, day: date) -> bool:
        return (
            self.published_at is not None
            and self.starts_on <= day
            and (self.ends_on is None or day <= self.ends_on)
            and (self.ended_on is None or day < self.ended_on)
        )


class PauseQuerySet(models.QuerySet["Pause"]):
    def on(self, day: date) -> "PauseQuerySet":
        return self.filter(from_day__lte=day).filter(Q(until_day=None) | Q(until_day__gte=day))


class Pause(models.Model):
    """Days on which a live prescription rests. They leave every denominator."""

    prescription = models.ForeignKey(Prescription, on_delete=models.CASCADE, related_name="pauses")
    from_day = models.DateField()
    until_day = models.DateField(
        null=True, blank=True, help_text=_("The last day of the pause; empty until it is resumed.")
    )
    reason = models.CharField(max_length=200)
    paused_at = models.DateTimeField(auto_now_add=True)
    paused_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    resumed_at = models.DateTimeField(null=True, blank=True)
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PauseQuerySet.as_manager()

    class Meta:
        ordering = ["from_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["prescription"], condition=Q(until_day=None), name="prescription_has_one_open_pause"
            ),
        ]

    def __str__(self) -> str:
        return f"Paused from {self.from_day}"

    def covers(self, day: date) -> bool:
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)


class PrescribedExerciseQuerySet(models.QuerySet["PrescribedExercise"]):
    def visible_to(self, user: User) -> "PrescribedExerciseQuerySet":
        if patient := user.plan_of:  # the same rows as below, joined instead of nested
            return self.filter(prescription__patient=patient, prescription__published_at__isnull=False)
        return self.filter(prescription__in=Prescription.objects.visible_to(user))

    def active_on(self, day: date) -> "PrescribedExerciseQuerySet":
        return self.filter(in_force_on(day, "prescription__"))


class PrescribedExercise(models.Model):
    """One line of a prescription: an exercise with its dosage.

    `thread` is the same in every version of the line, so that history, charts and today's ticks follow an exercise
    through revisions. `told` is what the patient is told, copied from the catalogue when the prescription is published.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    prescription = models.ForeignKey(Prescription, on_delete=models.CASCADE, related_name="lines")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="prescribed")
    thread = models.UUIDField(default=uuid4, editable=False)
    phase = models.CharField(max_length=4, choices=Phase.choices)
    position = models.PositiveSmallIntegerField()
    dosage = DosageField()
    importance = importance_field()
    note = models.CharField(_("note to the patient"), max_length=500, blank=True)
    clearance = models.CharField(
        max_length=300, blank=True, help_text=_("Who cleared it and when; needed for clinician-only exercises.")
    )
    told: Any = models.JSONField(default=dict, blank=True)

    objects = PrescribedExerciseQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["prescription", "thread"], name="prescription_has_a_thread_once"),
        ]

    def __str__(self) -> str:
        return f"{self.exercise}: {self.dosage}"

    def save(self, *args: object, **kwargs: object) -> None:
        if not self.prescription.is_draft and self.pk:
            raise TypeError("A published prescription never changes: revise it.")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def plain_name(self) -> str:
        """What the patient calls it: as they were told, or in a draft as they will be."""
        return told_now(self.told).get("plain_name") or self.exercise.plain_name


class SafetyDecision(models.Model):
    """A clinician's word on an exercise that a patient's conditions block or caution against (COND-1). Appended only.

    It holds for these conditions; one that comes later asks anew.
    """

    OVERRIDE, ACKNOWLEDGED = "override", "acknowledged"

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="safety_decisions")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=[(OVERRIDE, _("Override")), (ACKNOWLEDGED, _("Acknowledged"))])
    because: Any = models.JSONField(help_text=_("The codes of the conditions that it was decided for."))
    reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-decided_at", "-pk"]
        indexes = [models.Index(fields=["patient", "exercise"], name="safety_decisions_of_patient")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.exercise}"


class EasingQuerySet(models.QuerySet["Easing"]):
    def on(self, day: date) -> "EasingQuerySet":
        return (
            self.filter(from_day__lte=day)
            .filter(Q(until_day=None) | Q(until_day__gte=day))
            .filter(Q(lifted_on=None) | Q(lifted_on__gt=day))
        )

    def still(self, day: date) -> "EasingQuerySet":
        """Those nobody lifted that ease something on that day or later: what begins tomorrow as well."""
        return self.filter(lifted_on=None).filter(Q(until_day=None) | Q(until_day__gte=day))


class Easing(models.Model):
    """An exercise of a live plan that rests, or is done at half, for some days: a published plan itself never changes.

    It follows the exercise's thread, so it outlives a revision until somebody lifts it.
    """

    class Kind(models.TextChoices):
        WITHHELD = "withheld", _("Rests")
        HALF = "half", _("Half of it")

    class Because(models.TextChoices):
        SAFETY = "safety", _("A precaution was added")
        STOP = "stop", _("It was stopped on pain")
        AWAY = "away", _("Symptoms moved away from the spine")
        STEP_BACK = "step-back", _("It left the back sorer the next morning")

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="easings")
    thread = models.UUIDField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    because = models.CharField(max_length=10, choices=Because.choices)
    words = models.CharField(max_length=300, blank=True, help_text=_("Why, for the clinician."))
    from_day = models.DateField()
    until_day = models.DateField(null=True, blank=True, help_text=_("The last day; empty until it is lifted."))
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_on = models.DateField(null=True, blank=True, help_text=_("The first day without it."))
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = EasingQuerySet.as_manager()

    class Meta:
        ordering = ["from_day", "pk"]
        indexes = [models.Index(fields=["patient", "thread"], name="easings_of_patient")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.from_day}"


class DraftStep(models.Model):
    """What a draft looked like before one step of editing, so that undo can take the step back."""

    prescription = models.ForeignKey(Prescription, on_delete=models.CASCADE, related_name="steps")
    edit = models.PositiveIntegerField(help_text=_("The draft's edit number before the step."))
    said = models.CharField(max_length=120, help_text=_("The step in words, as: Bridge removed."))
    before = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-edit"]
        constraints = [models.UniqueConstraint(fields=["prescription", "edit"], name="draft_step_once")]

    def __str__(self) -> str:
        return self.said

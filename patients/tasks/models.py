from datetime import date, datetime
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.accounts.absences import Absence, covered_by
from patients.accounts.models import Clinician, User
from patients.records.models import Patient


class Kind(models.TextChoices):
    """What needs a clinician. A patient has one open task of a kind; whatever raises it again adds to it."""

    FLAG_A = "flag-a", _("Red flag: emergency advice given")
    FLAG_B = "flag-b", _("Red flag: contact today")
    FLAG_C = "flag-c", _("Clearance needed")
    ADVERSE = "adverse", _("Adverse event")
    SAFETY = "safety", _("Exercise on hold: precaution")
    STOPS = "stops", _("Stopped on pain")
    AWAY = "away", _("Symptoms moved away from the spine")
    PAIN_UP = "pain-up", _("Pain is rising")
    FLARE = "flare", _("Flare-up")
    FLARE_LONG = "flare-long", _("Flare-up lasts")
    FLARE_AGAIN = "flare-again", _("Second flare-up")
    STEP_BACK = "step-back", _("Exercise is not tolerated")
    PROPOSAL = "proposal", _("Change proposed")
    PLATEAU = "plateau", _("No progression")
    GAP = "gap", _("Back after a break")
    OVERDOING = "overdoing", _("More than prescribed")
    LOW = "low", _("Under half done")
    SILENT = "silent", _("No log")
    SKIPS = "skips", _("Exercise skipped again and again")
    UNWELL = "unwell", _("Excused for long")
    WORSE = "worse", _("Measure is worse")
    MEASURE_DUE = "measure-due", _("Measure not answered")
    REVIEW = "review", _("Review due")
    NO_PLAN = "no-plan", _("No plan yet")
    NOT_JOINED = "not-joined", _("Not joined yet")
    MESSAGE = "message", _("Message unanswered")
    HANDED_OVER = "handed-over", _("Handed over to you")
    NO_LEAD = "no-lead", _("Nobody leads")
    EMERGENCY = "emergency", _("Opened in an emergency")
    OTHER = "other", _("Other")


URGENT = (Kind.FLAG_A, Kind.FLAG_B, Kind.ADVERSE)


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> "TaskQuerySet":
        """Tasks are clinicians' work; a patient sees none."""
        return self.filter(patient__in=Patient.objects.visible_to(user)) if user.is_clinician else self.none()

    def mine(self, clinician: Clinician) -> "TaskQuerySet":
        """The clinician's own, and those of colleagues whom they cover for today."""
        return self.filter(Q(assigned_to=clinician) | Q(assigned_to__in=covered_by(clinician)))

    def of_or_nobodys(self, clinician: Clinician | None) -> "TaskQuerySet":
        """Given to the clinician, to nobody, or to somebody who no longer signs in."""
        nobodys = Q(assigned_to=None) | Q(assigned_to__user__is_active=False)
        return self.filter(nobodys | Q(assigned_to=clinician) if clinician else nobodys)

    def with_people(self, day: date) -> "TaskQuerySet":
        """With whom a page names, and whether they are away on that day."""
        away = Absence.objects.on(day).filter(clinician=OuterRef("assigned_to"))
        return self.select_related("patient", "assigned_to__user", "raised_by", "resolved_by").annotate(
            away_until=Subquery(away.values("last_day")[:1])
        )

    def open(self) -> "TaskQuerySet":
        return self.filter(resolved_at=None)

    def awake_at(self, now: datetime) -> "TaskQuerySet":
        """Open, and not put off to a later time."""
        return self.open().filter(Q(snoozed_until=None) | Q(snoozed_until__lte=now))


class Task(models.Model):
    """Something about a patient that a clinician has to look at. Ended by a note, never dropped."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    words = models.TextField(help_text=_("Why it was raised, for the clinician."))
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text=_("Empty: a rule.")
    )
    due_at = models.DateTimeField()
    times_raised = models.PositiveIntegerField(default=1)
    assigned_to = models.ForeignKey(Clinician, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    snoozed_until = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    resolution = models.TextField(blank=True, max_length=2000)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["patient", "resolved_at"], name="tasks_of_patient")]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "kind"], condition=Q(resolved_at=None), name="one_open_task_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="task_resolved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def whose(self) -> str:
        """Whom it is for, and of one fetched `with_people` until when they are away."""
        if until := getattr(self, "away_until", None):
            words = {"name": self.assigned_to, "day": date_format(until, "j M")}
            return gettext("for %(name)s, away until %(day)s") % words
        return str(self.assigned_to or gettext("nobody’s"))

    @property
    def is_urgent(self) -> bool:
        return self.kind in URGENT


class TaskStep(models.Model):
    """What happened to a task: raised, raised again, assigned, put off, resolved. Appended only."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    said = models.TextField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.said

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patients.accounts.absences import covered_by
from patients.accounts.models import Clinic, Clinician, User
from patients.records.models import Patient


class State(models.TextChoices):
    NEW = "new", _("New")
    CALLED = "called", _("Called")
    WAITING = "waiting", _("Waiting for reply")
    ARRANGED = "arranged", _("Visit arranged")
    DECLINED = "declined", _("Declined")
    PATIENT = "patient", _("Became a patient")


OPEN = (State.NEW, State.CALLED, State.WAITING)
# What nobody has to do anything about any more: kept for a while, then deleted.
SETTLED = (State.ARRANGED, State.DECLINED, State.PATIENT)


class VisitRequestQuerySet(models.QuerySet["VisitRequest"]):
    def visible_to(self, user: User) -> "VisitRequestQuerySet":
        """Those to the person's own clinic, if they treat there. Where records are not shared, one that a colleague has
        taken is theirs alone, and today's of whoever covers for them."""
        if not user.is_clinician:
            return self.none()
        clinician = user.clinician
        own_clinic = self.filter(clinic_id=clinician.clinic_id)
        if clinician.clinic.shares_records:
            return own_clinic
        nobodys = Q(assigned_to=None) | Q(assigned_to__user__is_active=False)
        return own_clinic.filter(nobodys | Q(assigned_to=clinician) | Q(assigned_to__in=covered_by(clinician)))

    def settled_before(self, moment: datetime) -> "VisitRequestQuerySet":
        return self.filter(state__in=SETTLED, state_at__lt=moment)


class VisitRequest(models.Model):
    """What somebody who is no patient yet wrote to ask for a first visit.

    `uuid` is made with the form, so that sending it twice asks once.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="visit_requests")
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    born_on = models.DateField()
    phone = models.CharField(max_length=40, blank=True)
    # The last nine digits: what is left of a number however it is written.
    phone_end = models.CharField(max_length=9, blank=True, editable=False)
    email = models.EmailField(blank=True)
    problem = models.TextField(max_length=1000)
    since = models.CharField(max_length=80, blank=True)
    preferred_times = models.CharField(max_length=200, blank=True)
    consent = models.CharField(max_length=10, help_text="Which text was agreed to.")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    state_at = models.DateTimeField()
    assigned_to = models.ForeignKey(
        Clinician, on_delete=models.SET_NULL, null=True, blank=True, related_name="visit_requests"
    )
    patient = models.ForeignKey(Patient, on_delete=models.SET_NULL, null=True, related_name="visit_requests")

    objects = VisitRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        indexes = [
            models.Index(fields=["clinic", "state", "asked_at"], name="visit_requests_of_clinic"),
            models.Index(fields=["clinic", "born_on"], name="visit_requests_by_birth"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(phone="") | ~Q(email=""), name="visit_request_can_be_answered"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="visit_request_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"Request of {self.asked_at:%d %b %Y}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.phone_end = end_of(self.phone)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def end_of(phone: str) -> str:
    return "".join(character for character in phone if character in "0123456789")[-9:]


class RequestStep(models.Model):
    """Who did what about a request, and when."""

    request = models.ForeignKey(VisitRequest, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, blank=True)
    assigned_to = models.ForeignKey(Clinician, on_delete=models.SET_NULL, null=True, related_name="+")
    note = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%d %b %Y}: {self.get_state_display() or 'note'}"

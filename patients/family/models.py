from datetime import date, datetime
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patients.accounts.models import User
from patients.family.rules import SOON_DAYS, Channel, Doing, Level, may
from patients.records.models import Patient


class FamilyAccessQuerySet(models.QuerySet["FamilyAccess"]):
    def visible_to(self, user: User) -> "FamilyAccessQuerySet":
        """A patient's own, or those of the records that a clinician may open. Whoever helps sees none: they are asked
        for with `held_by`."""
        return self.filter(patient__in=Patient.objects.visible_to(user))

    def held_by(self, user: User) -> "FamilyAccessQuerySet":
        """What this person was given, ended ones included, with what a page for a patient needs."""
        return self.filter(helper=user).select_related("patient__clinic")

    def standing(self) -> "FamilyAccessQuerySet":
        """Not ended by anybody; its last day may still be past, or its link not used yet."""
        return self.filter(ended_at=None)

    def waiting_at(self, now: datetime) -> "FamilyAccessQuerySet":
        """With a link that can still be used."""
        return self.standing().filter(helper=None, link_until__gt=now)


class FamilyAccess(models.Model):
    """Somebody from a patient's family, or a friend, who may look or help until a day. It begins with a one-time link,
    of which only the hash is kept."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="family")
    helper = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="helps")
    name = models.CharField(_("name"), max_length=80)
    relation = models.CharField(_("relation"), max_length=60)
    level = models.CharField(max_length=4, choices=Level.choices)
    until = models.DateField(help_text="The last day, of the patient's time zone.")
    given_at = models.DateTimeField(auto_now_add=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField(null=True)
    # The patient's local day on which the helper last looked.
    seen_on = models.DateField(null=True)
    # Also the time at which the consent was withdrawn.
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, null=True)
    link_until = models.DateTimeField(null=True)
    # Answers that did not fit: too many of them close the link.
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    # The account to be, where it has to exist before it is opened: a passkey is made for an account's id.
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = FamilyAccessQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="family_access_ended_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["patient", "helper"],
                condition=Q(ended_at=None, helper__isnull=False),
                name="helps_a_patient_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} for {self.patient}"

    def is_open_on(self, day: date) -> bool:
        """Whether it lets its holder in on that local day of the patient."""
        return self.helper_id is not None and self.ended_at is None and day <= self.until and self.is_of_a_patient

    @property
    def is_of_a_patient(self) -> bool:
        return self.patient.discharged_at is None

    @property
    def is_open(self) -> bool:
        return self.is_open_on(self.patient.local_day())

    @property
    def is_waiting(self) -> bool:
        """For its link to be used."""
        return self.helper_id is None and self.ended_at is None and self.until >= self.patient.local_day()

    @property
    def link_works(self) -> bool:
        return self.is_waiting and self.link_until is not None and self.link_until > timezone.now()

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None or self.until < self.patient.local_day()

    @property
    def ends_soon(self) -> bool:
        return not self.is_over and (self.until - self.patient.local_day()).days < SOON_DAYS

    @property
    def ended_on(self) -> date:
        """The last day on which it let somebody in, or the day of ending it."""
        return self.patient.local_day(self.ended_at) if self.ended_at else self.until

    @property
    def helps(self) -> bool:
        return self.may(Doing.HELP)

    @property
    def answers(self) -> bool:
        return self.may(Doing.ANSWER)

    def may(self, doing: Doing) -> bool:
        return may(self.level, doing, age=self.patient.age_on(self.patient.local_day()))


class FamilyConsent(models.Model):
    """What was agreed to, in which words, when and how; a renewal is another one. Never changed: it is withdrawn by
    ending the access."""

    access = models.ForeignKey(FamilyAccess, on_delete=models.CASCADE, related_name="consents")
    text = models.CharField(max_length=20, help_text="Version of the words that were agreed to: see consent.py.")
    level = models.CharField(max_length=4, choices=Level.choices)
    until = models.DateField()
    channel = models.CharField(max_length=7, choices=Channel.choices)
    agreed_on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} on {self.agreed_on}"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk:
            raise TypeError("A consent is never changed.")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

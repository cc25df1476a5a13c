from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from patients.accounts.thresholds import DEFAULTS, Thresholds
from patients.accounts.time_zones import valid_time_zone


class ClinicQuerySet(models.QuerySet["Clinic"]):
    def speaking_in_public(self) -> "Clinic | None":
        """The clinic in whose name the public pages speak: the first real one, else the first of the demo."""
        return self.order_by("is_demo", "pk").first()


class Clinic(models.Model):
    """A clinic of this installation. Nothing of one clinic is seen in another."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    phone = models.CharField(
        max_length=40, blank=True, help_text=_("Shown to patients on every page, with its country code.")
    )
    emergency_phone = models.CharField(
        max_length=40, blank=True, help_text=_("The number to call in an emergency in this country, as 112.")
    )
    urgent_phone = models.CharField(
        max_length=40, blank=True, help_text=_("For urgent care that is no emergency, out of hours, as 111.")
    )
    address = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    time_zone = models.CharField(
        max_length=60,
        default="Europe/London",
        validators=[valid_time_zone],
        help_text=_("New patients start with this time zone."),
    )
    week_starts_on = models.PositiveSmallIntegerField(
        default=0,
        choices=[(0, _("Monday")), (6, _("Sunday")), (5, _("Saturday"))],
        help_text=_("Weeks of plans and charts start here."),
    )
    shares_records = models.BooleanField(
        default=True,
        help_text=_("On: every clinician of the clinic may open every record. Off: only the care team may."),
    )
    thresholds_set = models.JSONField(
        default=dict, blank=True, editable=False, help_text=_("Clinical thresholds that differ from the defaults.")
    )
    is_demo = models.BooleanField(default=False, editable=False)
    # The last day of any absence here. Kept by `patients.team`, so that where nobody is away no page asks who is.
    away_until = models.DateField(null=True, editable=False)

    objects = ClinicQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(week_starts_on__lte=6), name="clinic_week_starts_on_a_weekday")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def today(self, now: datetime | None = None) -> date:
        return (now or timezone.now()).astimezone(self.zone).date()

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds.of(self.thresholds_set) if self.thresholds_set else DEFAULTS


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A person who signs in, staff by an e-mail address; a patient may have none. What they may do follows from the
    rows that name them: `is_staff` an admin, a `Clinician` row a clinician, a `Patient` row a patient, none of these
    nobody.

    `helping` is the `FamilyAccess` that this request is made with: set by `config.helping` alone, on the pages below
    `/helping/`. There the person is nobody but who helps: not a patient, not staff."""

    helping: Any = None
    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), blank=True, db_index=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_unique_whatever_its_case",
                violation_error_message=_("Somebody signs in with this address already."),
            ),
            models.CheckConstraint(
                condition=models.Q(is_staff=False) | ~models.Q(email=""),
                name="admin_has_an_email",
                violation_error_message=_("An admin signs in with an e-mail address."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def save(self, *args: object, **kwargs: object) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def role(self) -> str:
        if self.helping:
            return "helper"
        if self.is_staff:
            return "admin"
        if self.is_clinician:
            return "clinician"
        if self.is_patient:
            return "patient"
        return "helper" if self.is_helper else "none"

    @property
    def is_clinician(self) -> bool:
        return hasattr(self, "clinician") and not self.is_staff and not self.helping

    @property
    def is_patient(self) -> bool:
        return not self.helping and hasattr(self, "patient") and not self.is_staff and not hasattr(self, "clinician")

    @cached_property
    def is_helper(self) -> bool:
        """Somebody let them help once; it may be over."""
        return self.helps.exists()

    @property
    def chooses_ways_in(self) -> bool:
        """Patients, and those who help one, choose their ways in; staff have a password and a second factor."""
        return not self.is_staff_member and (self.is_patient or self.is_helper)

    @property
    def plan_of(self) -> Any:
        """The `Patient` whose plan this person's pages show: their own, or that of whom they help in this request."""
        if self.helping:
            return self.helping.patient
        return self.patient if self.is_patient else None

    @property
    def clinic_key(self) -> int | None:
        """The clinic whose own exercises this person sees: where they work, or where the plan comes from."""
        if self.is_clinician:
            return self.clinician.clinic_id
        return self.plan_of.clinic_id if self.plan_of else None

    def sees_clinic(self, key: int) -> bool:
        """Whether files that a clinic keeps for itself are theirs to see: staff, patients, and who helps one now."""
        return self.is_staff or self.clinic_key == key or self.helps_now.filter(patient__clinic=key).exists()

    @property
    def helps_now(self) -> Any:
        return self.helps.filter(ended_at=None, until__gte=timezone.localdate())

    @property
    def answers_of(self) -> Any:
        """The `Patient` whose health questions this person answers: their own, or a child's whom they help."""
        return None if self.helping and not self.helping.answers else self.plan_of

    @property
    def is_staff_member(self) -> bool:
        return self.is_staff or self.is_clinician

    @property
    def own_record(self) -> Any:
        """The `Patient` that this person is, for audit lines of their own doings."""
        return self.patient if self.is_patient else None


class PinDevice(models.Model):
    """A device on which a short PIN lets its patient in. The device holds a secret, of which only the hash is kept; the
    PIN is hashed together with it, so that neither this row nor the device alone is worth anything."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pin_devices")
    secret_hash = models.CharField(max_length=64, unique=True)
    pin = models.CharField(max_length=128)
    name = models.CharField(max_length=80)
    added_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    # In a row; the last one allowed removes the device.
    wrong_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-added_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Clinician(models.Model):
    """A physiotherapist or other member of staff who treats patients at one clinic."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="clinician")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="clinicians")
    title = models.CharField(max_length=80, default="Physiotherapist")

    class Meta:
        ordering = ["user__last_name", "user__first_name"]

    def __str__(self) -> str:
        return str(self.user)

    def today(self) -> date:
        """The calendar day at the clinic: it decides who is away."""
        return self.clinic.today()

import re
import zoneinfo
from datetime import date, datetime
from hashlib import sha256
from uuid import uuid4

from django.conf import settings
from django.db import connections, models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises.search import searchable
from patients.accounts.absences import covered_by
from patients.accounts.models import Clinic, Clinician, User
from patients.accounts.time_zones import valid_time_zone
from patients.records.conditions import CONDITION_CHOICES

DAY_FIRST = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$")


def searched_words(typed: str) -> list[str]:
    """What `search_text` must hold, all of it. A birth date may be typed as on paper: 14.3.1962 or 14/03/1962."""
    return [DAY_FIRST.sub(lambda m: f"{m[3]}-{m[2]:0>2}-{m[1]:0>2}", word) for word in searchable(typed).split()]


def age_on(day: date, born_on: date) -> int:
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


class PatientQuerySet(models.QuerySet["Patient"]):
    def visible_to(self, user: User) -> "PatientQuerySet":
        """The records this person may open: their own, or those of their clinic. Where these are not shared, those they
        look after, and what they opened in an emergency, while it lasts. An admin sees none, and neither does who helps
        a patient: the plan is let through by name, where it is read."""
        if user.is_clinician:
            clinician = user.clinician
            own_clinic = self.filter(clinic_id=clinician.clinic_id)
            if clinician.clinic.shares_records:
                return own_clinic
            opened = Patient.objects.filter(
                emergencies__by=clinician, emergencies__ended_at=None, emergencies__until__gt=timezone.now()
            )
            looked_after = CareTeamMember.objects.looked_after_by(clinician)
            return own_clinic.filter(
                models.Q(pk__in=looked_after.values("patient")) | models.Q(pk__in=opened.values("pk"))
            )
        if user.is_patient:
            return self.filter(user=user)
        return self.none()

    def hold(self, pk: int) -> None:
        """Changes of one patient wait for each other until the transaction ends, so that none is made without knowing
        the other. SQLite lets one transaction write at a time anyway."""
        if connections[self.db].features.has_select_for_update:
            list(self.filter(pk=pk).select_for_update(no_key=True).values_list("pk"))

    def active(self) -> "PatientQuerySet":
        return self.filter(discharged_at=None)

    def discharged(self) -> "PatientQuerySet":
        return self.filter(discharged_at__isnull=False)

    def matching(self, typed: str) -> "PatientQuerySet":
        """Every word stands somewhere in the name, e-mail address or birth date, whatever its case and accents."""
        found = self
        for word in searched_words(typed):
            found = found.filter(search_text__contains=word)
        return found

    def of_care_team(self, clinician: Clinician) -> "PatientQuerySet":
        """Whom the clinician looks after: their own, and those of colleagues whom they cover for today."""
        return self.filter(pk__in=CareTeamMember.objects.looked_after_by(clinician).values("patient"))

    def led_by_nobody(self) -> "PatientQuerySet":
        """Active patients without a lead, or with one who no longer signs in."""
        leads = CareTeamMember.objects.leading().filter(patient=models.OuterRef("pk"))
        return self.active().filter(~models.Exists(leads))

    def named_exactly(self, *, clinician: Clinician, full_name: str, born_on: date) -> "list[Patient]":
        """Of the clinician's own clinic, for an emergency: who knows the whole name and the birth date knows already that
        there is such a patient."""
        return self.filter(clinic=clinician.clinic_id).looking_like(full_name=full_name, born_on=born_on, email="")

    def looking_like(self, *, full_name: str, born_on: date, email: str) -> "list[Patient]":
        """Who may be the same person: the same name and birth date, or the same e-mail address."""
        same_day = models.Q(born_on=born_on)
        candidates = self.filter(same_day | models.Q(email__iexact=email) if email else same_day)
        name = sorted(searchable(full_name).split())
        return [
            other
            for other in candidates
            if (email and other.email.lower() == email.lower()) or sorted(searchable(other.full_name).split()) == name
        ]


class Patient(models.Model):
    """A person treated at a clinic, with or without a way to sign in."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="patients")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="patient"
    )
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("surname"), max_length=80)
    known_as = models.CharField(_("likes to be called"), max_length=80, blank=True)
    born_on = models.DateField(_("date of birth"))
    email = models.EmailField(_("e-mail address"), blank=True, help_text=_("Leave empty if the patient has none."))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[valid_time_zone])
    # Empty: the clinic's own. Not a choice field: which languages a clinic offers is a setting.
    language = models.CharField(_("language"), max_length=12, blank=True)
    problem = models.CharField(
        _("main problem"), max_length=200, blank=True, help_text=_("In a few words, as: chronic low back pain.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    discharged_at = models.DateTimeField(null=True, blank=True)
    discharged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Counts the edits: a form says which one it started from, so that nobody overwrites a colleague unseen.
    edit = models.PositiveIntegerField(default=0, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    # What the red-flag screening says now: the highest level that no clinician has cleared, and the local day of the
    # last check of this episode. Kept by `patients.screening.actions`, so that Today needs no query for it.
    flag_level = models.CharField(max_length=1, blank=True, editable=False)
    checked_on = models.DateField(null=True, editable=False)
    # When the next questions about how it goes are due; empty while that is not known. Kept by `patients.outcomes`, so
    # that Today needs no query for it.
    measures_due_on = models.DateField(null=True, editable=False)
    # Answers of the clinic that the patient has not opened yet. Kept by `clinic.messaging`, so that pages can say so
    # without a query.
    unread_messages = models.PositiveIntegerField(default=0, editable=False)
    # The last local day on which the patient opened their own plan.
    seen_on = models.DateField(null=True, blank=True, editable=False)
    # When the patient was shown around, or said that there is no need.
    shown_around_at = models.DateTimeField(null=True, editable=False)
    search_text = models.TextField(editable=False, default="")

    objects = PatientQuerySet.as_manager()

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        indexes = [models.Index(fields=["clinic", "discharged_at", "last_name"], name="patient_list")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(discharged_at__isnull=True, discharged_by__isnull=True)
                | models.Q(discharged_at__isnull=False, discharged_by__isnull=False),
                name="patient_discharged_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: object, **kwargs: object) -> None:
        self.search_text = searchable(
            f"{self.first_name} {self.last_name} {self.known_as} {self.email} {self.born_on} {self.phone}"
        )
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def greeting_name(self) -> str:
        return self.known_as or self.first_name

    @property
    def device_key(self) -> str:
        """Names the person on their own device: opaque, the same after every sign-in, and no way back to the record."""
        return sha256(self.uuid.bytes).hexdigest()[:16]

    @property
    def speaks(self) -> str:
        """The language of what is written to them: their own, if the clinic still offers it."""
        return self.language if self.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def local_day(self, now: datetime | None = None) -> date:
        """The patient's own calendar day: what "today" means everywhere."""
        return (now or timezone.now()).astimezone(self.zone).date()

    def age_on(self, day: date) -> int:
        return age_on(day, self.born_on)

    @property
    def lead(self) -> Clinician | None:
        """Who leads the care team and is there: None is the clinic itself. One query."""
        place = self.care_team.leading().select_related("clinician__user").first()
        return place.clinician if place else None


class Episode(models.Model):
    """One problem from its first visit to discharge. A new one asks the red-flag questions again."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="episodes")
    problem = models.CharField(max_length=200, blank=True)
    onset_on = models.DateField(_("began on"), null=True, blank=True, help_text=_("When this pain began, if known."))
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=models.Q(closed_on=None), name="patient_has_one_open_episode"
            )
        ]

    def __str__(self) -> str:
        return gettext("%(problem)s from %(day)s") % {
            "problem": self.problem or gettext("Episode"),
            "day": self.opened_on,
        }


class PainLimits(models.Model):
    """A patient's own limits of the pain zones, set by a clinician with a note (PAIN-2). The newest counts."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="pain_limits")
    green_to = models.PositiveSmallIntegerField(null=True, blank=True)
    amber_to = models.PositiveSmallIntegerField(_("ceiling"), null=True, blank=True)
    note = models.CharField(max_length=300)
    set_at = models.DateTimeField(auto_now_add=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-set_at", "-pk"]
        verbose_name_plural = _("pain limits")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(green_to=None) | models.Q(green_to__range=(2, 4)), name="green_limit_2_to_4"
            ),
            models.CheckConstraint(
                condition=models.Q(amber_to=None) | models.Q(amber_to__range=(3, 7)), name="pain_ceiling_3_to_7"
            ),
        ]

    def __str__(self) -> str:
        return gettext("green to %(green)s, amber to %(amber)s") % {"green": self.green_to, "amber": self.amber_to}


class CareTeamQuerySet(models.QuerySet["CareTeamMember"]):
    def looked_after_by(self, clinician: Clinician) -> "CareTeamQuerySet":
        """The clinician's own places, and those of colleagues whom they cover for today."""
        return self.filter(models.Q(clinician=clinician) | models.Q(clinician__in=covered_by(clinician)))

    def leading(self) -> "CareTeamQuerySet":
        """Who leads and is there: whoever no longer signs in, or works at another clinic now, leads nobody."""
        is_here = models.Q(clinician__clinic=models.F("patient__clinic"))
        return self.filter(is_here, leads=True, clinician__user__is_active=True)


class CareTeamMember(models.Model):
    """A clinician who looks after a patient. One of them leads."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="care_team")
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="care_team_places")
    leads = models.BooleanField(default=False)
    since = models.DateTimeField(auto_now_add=True)

    objects = CareTeamQuerySet.as_manager()

    class Meta:
        ordering = ["-leads", "since"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "clinician"], name="care_team_names_a_clinician_once"),
            models.UniqueConstraint(
                fields=["patient"], condition=models.Q(leads=True), name="care_team_has_one_lead"
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(clinician)s for %(patient)s") % {"clinician": self.clinician, "patient": self.patient}


class LeadChange(models.Model):
    """From whom to whom the lead of a care team went, for good. Appended only; an empty side is nobody.

    `sheet` is the same for what was handed over in one go."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="lead_changes")
    before = models.ForeignKey(Clinician, on_delete=models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(Clinician, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True, max_length=2000)
    sheet = models.UUIDField(null=True, db_index=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return gettext("%(before)s to %(to)s") % {
            "before": self.before or gettext("nobody"),
            "to": self.to or gettext("nobody"),
        }


class PatientCondition(models.Model):
    """A condition or precaution that exercises are matched against, from the closed list of `conditions`."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="conditions")
    code = models.CharField(max_length=40, choices=CONDITION_CHOICES)
    note = models.CharField(max_length=300, blank=True)
    since = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "code"],
                condition=models.Q(ended_at=None),
                name="condition_is_current_once",
            )
        ]

    def __str__(self) -> str:
        return self.get_code_display()


class Goal(models.Model):
    """What the patient wants to be able to do again, in their own words."""

    OPEN, REACHED, DROPPED = STATES = ("open", "reached", "dropped")

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="goals")
    text = models.CharField(max_length=300)
    due_on = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reached_at = models.DateTimeField(null=True, blank=True)
    reached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Set aside: no longer wanted, or typed by mistake.
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["added_at"]

    def __str__(self) -> str:
        return self.text

    @property
    def state(self) -> str:
        if self.dropped_at:
            return self.DROPPED
        return self.REACHED if self.reached_at else self.OPEN

    @property
    def closest(self) -> "GoalStep | None":
        """What was said last; of several on a day, the latest. Reads `steps`, which pages fetch beforehand."""
        return max(self.steps.all(), key=lambda step: (step.day, step.said_at), default=None)


class GoalStep(models.Model):
    """How close the patient is to a goal, in the patient's or a clinician's eyes. On a day each of them has one say."""

    FAR, THERE = 0, 10

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="steps")
    close = models.PositiveSmallIntegerField(help_text=_("0 not close at all to 10 reached."))
    day = models.DateField(help_text=_("The patient's local day."))
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["day", "said_at"]
        constraints = [
            models.UniqueConstraint(fields=["goal", "day", "said_by"], name="goal_step_once_a_day_and_person"),
            models.CheckConstraint(condition=models.Q(close__lte=10), name="goal_step_0_to_10"),
        ]

    def __str__(self) -> str:
        return gettext("%(close)s of 10") % {"close": self.close}


class Note(models.Model):
    """A clinician's private note: free text, or what was found at a visit in four parts (SOAP). Appended, never edited;
    what is to be put right is an addendum. Patients do not see it."""

    LONGEST = 8000
    PARTS = ("subjective", "objective", "assessment", "plan")

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(max_length=LONGEST, blank=True)
    subjective = models.TextField(_("subjective"), max_length=LONGEST, blank=True)
    objective = models.TextField(_("objective"), max_length=LONGEST, blank=True)
    assessment = models.TextField(_("assessment"), max_length=LONGEST, blank=True)
    plan = models.TextField(_("plan"), max_length=LONGEST, blank=True)
    visit_on = models.DateField(_("day of the visit"), null=True, blank=True)
    adds_to = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="addenda")
    written_at = models.DateTimeField(auto_now_add=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text="", subjective="", objective="", assessment="", plan=""),
                name="note_says_something",
            )
        ]

    def __str__(self) -> str:
        return gettext("Note of %(day)s") % {"day": date_format(self.written_at, "d M Y")}

    @property
    def parts(self) -> list[tuple[str, str]]:
        """What was written, part by part under its name."""
        return [
            (str(self._meta.get_field(name).verbose_name).capitalize(), getattr(self, name))  # type: ignore[union-attr]
            for name in self.PARTS
            if getattr(self, name)
        ]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open_at(self, now: datetime) -> "InvitationQuerySet":
        return self.filter(used_at=None, withdrawn_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """A one-time way in for a patient. Only the hash of the token is kept."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Answers that did not fit: too many of them withdraw the invitation, with nobody as `withdrawn_by`.
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    # Made for somebody who could sign in already and lost the phone. Its owner is told at the next sign-in.
    renews = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True)
    # The account to be, where it has to exist before it is opened: a passkey is made for an account's id.
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return gettext("Invitation for %(patient)s") % {"patient": self.patient}

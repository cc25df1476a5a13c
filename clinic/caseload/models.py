from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.models import Clinic, Clinician, Patient, User

FILTERS = ("who", "group", "about")


class StandingQuerySet(models.QuerySet["Standing"]):
    def visible_to(self, user: User) -> "StandingQuerySet":
        """The standings of the records this person may open: for a clinic that shares them, by its own index."""
        if user.is_clinician and user.clinician.clinic.shares_records:
            return self.filter(clinic=user.clinician.clinic_id)
        return self.filter(patient__in=Patient.objects.visible_to(user))


class Standing(models.Model):
    """Where a patient stands on the caseload: enough to sort, filter and count by. Derived, and made anew by
    `clinic.caseload.standings` whenever the record changes or `stands_until` is over."""

    patient = models.OneToOneField(Patient, on_delete=models.CASCADE, primary_key=True, related_name="standing")
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, db_index=False, related_name="+")
    place = models.PositiveSmallIntegerField(help_text="By severity and rule; the smaller, the sooner.")
    # Bytes, for these are sorted alike by every database, and by Python.
    name_key = models.BinaryField()
    topics = models.PositiveIntegerField(help_text="What the reasons are about, as bits (`clinic.caseload.topics`).")
    is_new = models.BooleanField(help_text="Added this week.")
    has_plan = models.BooleanField()
    lead = models.ForeignKey(Clinician, on_delete=models.SET_NULL, null=True, related_name="+")
    stands_until = models.DateTimeField(help_text="When time alone may change it: midnight, or a task falls due.")

    objects = StandingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["clinic", "place", "name_key", "patient"], name="standings_in_order"),
            models.Index(
                fields=["clinic", "place", "topics", "is_new", "has_plan", "patient"], name="standings_counted"
            ),
            models.Index(fields=["clinic", "stands_until"], name="standings_that_end"),
        ]

    def __str__(self) -> str:
        return f"{self.patient_id}: {self.place}"

    @property
    def key(self) -> tuple[int, bytes, int]:
        return self.place, bytes(self.name_key), self.patient_id


class StandingsKept(models.Model):
    """Up to where a clinic's standings know what happened."""

    clinic = models.OneToOneField(Clinic, on_delete=models.CASCADE, primary_key=True, related_name="+")
    seen = models.PositiveBigIntegerField(default=0, help_text="The last audit line that they know of.")
    rules = models.CharField(
        max_length=16, blank=True, help_text="A digest of the clinic's limits they were made by."
    )
    kept_at = models.DateTimeField(null=True)
    busy_until = models.DateTimeField(null=True, help_text="Somebody is at it, unless they died meanwhile.")

    def __str__(self) -> str:
        return f"{self.clinic_id}: {self.seen}"


class SavedView(models.Model):
    """What a clinician looks at again and again: their own filters of the caseload, by a name of their own."""

    MOST = 12

    clinician = models.ForeignKey(Clinician, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=40)
    asked = models.JSONField(help_text="The filters, as `clinic.caseload.forms.CaseloadForm` reads them.")
    opens_first = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["clinician", "name"], name="view_has_its_own_name"),
            models.UniqueConstraint(
                fields=["clinician"], condition=models.Q(opens_first=True), name="one_view_opens_first"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def query(self) -> str:
        return urlencode({name: self.asked.get(name, "") for name in FILTERS})

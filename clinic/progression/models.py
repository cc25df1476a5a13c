from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.prescriptions.models import Prescription
from patients.models import Patient, User


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: User) -> "ProposalQuerySet":
        """Proposals are for the clinician to decide; a patient sees what became of them in the plan."""
        return self.filter(patient__in=Patient.objects.visible_to(user)) if user.is_clinician else self.none()

    def undecided(self) -> "ProposalQuerySet":
        return self.filter(state=Proposal.OPEN)

    def open(self) -> "ProposalQuerySet":
        """To be decided: of a plan that still stands. Once another version took its place, nothing is proposed until
        that one has been looked at."""
        return self.undecided().filter(prescription__in=Prescription.objects.live())


class Proposal(models.Model):
    """A change to one exercise, or to the protocol's stage, that a rule proposes with its evidence (PROG).

    `thread` names the exercise through versions; it is empty for a change of the whole plan. `change` holds what would
    change: `{"dosage": {…}}`, `{"exercise": slug, "dosage": {…}}` with `"sign_off": true` where form has to be seen,
    `{"remove": true}`; of the whole plan `{"stage": n}`, `{"volume": share}` or both, with `"confirm": [words]` for what
    the clinician vouches for and `"screen": true` where a red-flag screen comes first. `became` is what the clinician
    made of it.
    """

    OPEN, ACCEPTED, DECLINED, OVERTAKEN = STATES = ("open", "accepted", "declined", "overtaken")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="proposals")
    prescription = models.ForeignKey(Prescription, on_delete=models.CASCADE, related_name="proposals")
    thread = models.UUIDField(null=True, blank=True)
    rule = models.CharField(max_length=12)
    change: Any = models.JSONField()
    evidence = models.TextField(help_text=_("One sentence: what was seen, and what would change."))
    state = models.CharField(max_length=10, default=OPEN, choices=[(s, s) for s in STATES])
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    became = models.ForeignKey(Prescription, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["patient", "state"], name="proposals_of_patient")]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "thread"], condition=Q(state="open"), name="one_open_proposal_an_exercise"
            ),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(state="open", thread=None), name="one_open_stage_proposal"
            ),
        ]

    def __str__(self) -> str:
        return self.evidence

"""The parts of a patient's record that every page about the patient can show, in a fixed number of queries."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import F
from django.utils import timezone

from patients.accounts.models import Clinician
from patients.records.forms import GoalForm, GoalStepForm, NoteForm
from patients.records.invitations import may_be_invited, may_be_let_in_anew
from patients.records.models import CareTeamMember, Goal, Invitation, Note, Patient, PatientCondition

NOTES_SHOWN = 5


class Access(StrEnum):
    SIGNS_IN = "signs in"
    STOPPED = "stopped"
    INVITED = "invited"
    NONE = "none"


@dataclass(frozen=True)
class RecordParts:
    patient: Patient
    age: int
    conditions: list[PatientCondition]
    goals: list[Goal]
    notes: list[Note]
    more_notes: bool
    care_team: list[CareTeamMember]
    colleagues: list[Clinician]
    invitation: Invitation | None
    access: Access
    goal_form: GoalForm = field(default_factory=GoalForm)
    goal_step_form: GoalStepForm | None = None
    note_form: NoteForm = field(default_factory=NoteForm)
    care_team_error: str = ""

    def team_may_be_changed_by(self, clinician: Clinician) -> bool:
        """Whoever is let in for a while does not let themselves in for good. And there has to be somebody else."""
        is_on_it = any(member.clinician_id == clinician.pk for member in self.care_team)
        has_others = bool(self.colleagues) or len(self.care_team) > 1
        return has_others and (is_on_it or self.patient.clinic.shares_records)

    @property
    def goal_rows(self) -> list[tuple[Goal, GoalStepForm]]:
        """Each goal with the form that says how close it is: the one just sent, or an empty one."""
        sent = self.goal_step_form
        return [
            (goal, sent if sent and sent.of == str(goal.pk) else GoalStepForm(patient=self.patient, of=goal.pk))
            for goal in self.goals
        ]

    @property
    def lead(self) -> Clinician | None:
        return next((member.clinician for member in self.care_team if member.leads), None)

    @property
    def may_be_invited(self) -> bool:
        return may_be_invited(self.patient)

    @property
    def may_be_let_in_anew(self) -> bool:
        return may_be_let_in_anew(self.patient)


def parts_of(patient: Patient, *, all_notes: bool = False, **forms_in_use: object) -> RecordParts:
    """Six queries, one more with goals, and one where `patient` came without `select_related("user")`."""
    now = timezone.now()
    notes = list(patient.notes.select_related("written_by", "adds_to")[: None if all_notes else NOTES_SHOWN + 1])
    care_team = list(patient.care_team.select_related("clinician__user"))
    on_team = {member.clinician_id for member in care_team}
    colleagues = Clinician.objects.filter(clinic=patient.clinic_id, user__is_active=True).select_related("user")
    invitation = patient.invitations.open_at(now).first()
    return RecordParts(
        patient=patient,
        age=patient.age_on(patient.local_day(now)),
        conditions=list(patient.conditions.filter(ended_at=None).select_related("added_by")),
        goals=list(
            patient.goals.filter(dropped_at=None)
            .prefetch_related("steps")
            .order_by(F("reached_at").asc(nulls_first=True), "added_at")
        ),
        notes=notes if all_notes else notes[:NOTES_SHOWN],
        more_notes=not all_notes and len(notes) > NOTES_SHOWN,
        care_team=care_team,
        colleagues=[clinician for clinician in colleagues if clinician.pk not in on_team],
        invitation=invitation,
        access=_access(patient, invitation),
        **forms_in_use,  # type: ignore[arg-type]
    )


def _access(patient: Patient, invitation: Invitation | None) -> Access:
    if patient.user and patient.user.is_active:
        return Access.SIGNS_IN
    if invitation:
        return Access.INVITED
    return Access.STOPPED if patient.user else Access.NONE

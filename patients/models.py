"""The index of the app's models; each lives in its slice."""

from patients.accounts.absences import Absence, Cover
from patients.accounts.models import Clinic, Clinician, PinDevice, User
from patients.audit.models import AuditEvent
from patients.family.models import FamilyAccess, FamilyConsent
from patients.outcomes.models import Activity, Measurement
from patients.records.models import (
    CareTeamMember,
    Episode,
    Goal,
    GoalStep,
    Invitation,
    LeadChange,
    Note,
    PainLimits,
    Patient,
    PatientCondition,
)
from patients.screening.models import Clearance, Screening
from patients.tasks.models import Task, TaskStep
from patients.team.models import EmergencyAccess, Transfer

__all__ = [
    "Absence",
    "Activity",
    "AuditEvent",
    "CareTeamMember",
    "Clearance",
    "Clinic",
    "Clinician",
    "Cover",
    "EmergencyAccess",
    "Episode",
    "FamilyAccess",
    "FamilyConsent",
    "Goal",
    "GoalStep",
    "Invitation",
    "LeadChange",
    "Measurement",
    "Note",
    "PainLimits",
    "Patient",
    "PatientCondition",
    "PinDevice",
    "Screening",
    "Task",
    "TaskStep",
    "Transfer",
    "User",
]

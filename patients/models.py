"""The index of the app's models; each lives in its slice."""

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
    Note,
    PainLimits,
    Patient,
    PatientCondition,
)
from patients.screening.models import Clearance, Screening
from patients.tasks.models import Task, TaskStep

__all__ = [
    "Activity",
    "AuditEvent",
    "CareTeamMember",
    "Clearance",
    "Clinic",
    "Clinician",
    "Episode",
    "FamilyAccess",
    "FamilyConsent",
    "Goal",
    "GoalStep",
    "Invitation",
    "Measurement",
    "Note",
    "PainLimits",
    "Patient",
    "PatientCondition",
    "PinDevice",
    "Screening",
    "Task",
    "TaskStep",
    "User",
]

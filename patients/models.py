"""The index of the app's models; each lives in its slice."""

from patients.accounts.models import Clinic, Clinician, User
from patients.audit.models import AuditEvent
from patients.records.models import CareTeamMember, Goal, Invitation, Note, Patient, PatientCondition

__all__ = [
    "AuditEvent",
    "CareTeamMember",
    "Clinic",
    "Clinician",
    "Goal",
    "Invitation",
    "Note",
    "Patient",
    "PatientCondition",
    "User",
]

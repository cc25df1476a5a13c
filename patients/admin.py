"""The admin of the app: people, clinics and the audit log. Patients and their records are not in it."""

from patients.accounts.admin import ClinicAdmin
from patients.audit.admin import AuditEventAdmin
from patients.team.admin import AbsenceAdmin, EmergencyAccessAdmin, PeopleAdmin, TransferAdmin

__all__ = ["AbsenceAdmin", "AuditEventAdmin", "ClinicAdmin", "EmergencyAccessAdmin", "PeopleAdmin", "TransferAdmin"]

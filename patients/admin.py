"""The admin of the app: people, clinics and the audit log. Patients and their records are not in it."""

from patients.accounts.admin import ClinicAdmin, UserAdmin
from patients.audit.admin import AuditEventAdmin

__all__ = ["AuditEventAdmin", "ClinicAdmin", "UserAdmin"]

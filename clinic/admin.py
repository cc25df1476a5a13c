"""The admin of the app: protocols, and what became of the reminders. Patients' prescriptions are not in it."""

from clinic.prescriptions.admin import ProtocolAdmin
from clinic.reminders.admin import SendingAdmin

__all__ = ["ProtocolAdmin", "SendingAdmin"]

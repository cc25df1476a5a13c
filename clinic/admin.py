"""The admin of the app: protocols. Patients' prescriptions are not in it."""

from clinic.prescriptions.admin import ProtocolAdmin

__all__ = ["ProtocolAdmin"]

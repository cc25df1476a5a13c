"""The index of the app's models; each lives in its slice."""

from clinic.prescriptions.models import (
    DraftStep,
    Pause,
    PrescribedExercise,
    Prescription,
    Protocol,
    ProtocolLine,
)
from clinic.today.models import CheckOff, DailyTally, Session, Skip

__all__ = [
    "CheckOff",
    "DailyTally",
    "DraftStep",
    "Pause",
    "PrescribedExercise",
    "Prescription",
    "Protocol",
    "ProtocolLine",
    "Session",
    "Skip",
]

"""The index of the app's models; each lives in its slice."""

from clinic.flare.models import FlareUp
from clinic.messaging.models import Message, Seen
from clinic.offline.models import LateTap
from clinic.prescriptions.models import (
    DraftStep,
    Easing,
    Pause,
    PrescribedExercise,
    Prescription,
    Protocol,
    ProtocolLine,
    SafetyDecision,
)
from clinic.progression.models import Proposal
from clinic.reminders.models import CalendarFeed, Device, Reminder, Sending
from clinic.today.models import AdverseEvent, BreakPrompt, BreakRhythm, CheckOff, DailyTally, Session, Skip

__all__ = [
    "AdverseEvent",
    "BreakPrompt",
    "BreakRhythm",
    "CalendarFeed",
    "CheckOff",
    "DailyTally",
    "Device",
    "DraftStep",
    "Easing",
    "FlareUp",
    "LateTap",
    "Message",
    "Pause",
    "PrescribedExercise",
    "Prescription",
    "Proposal",
    "Protocol",
    "ProtocolLine",
    "Reminder",
    "SafetyDecision",
    "Seen",
    "Sending",
    "Session",
    "Skip",
]

"""The index of the app's models; each lives in its slice."""

from clinic.caseload.models import SavedView, Standing, StandingsKept
from clinic.discussion.models import ReaderQuestion
from clinic.enquiries.models import RequestStep, VisitRequest
from clinic.flare.models import FlareUp
from clinic.frontdoor.models import Service, SiteTexts, TeamMember
from clinic.governance.models import LetStand
from clinic.messaging.models import Message, Seen
from clinic.newsletter.models import Delivery, Issue, Subscriber
from clinic.offline.models import LateTap
from clinic.prescriptions.favourites import Favourite
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
    "Delivery",
    "Device",
    "DraftStep",
    "Easing",
    "Favourite",
    "FlareUp",
    "Issue",
    "LateTap",
    "LetStand",
    "Message",
    "Pause",
    "PrescribedExercise",
    "Prescription",
    "Proposal",
    "Protocol",
    "ProtocolLine",
    "ReaderQuestion",
    "Reminder",
    "RequestStep",
    "SafetyDecision",
    "SavedView",
    "Seen",
    "Sending",
    "Service",
    "Session",
    "SiteTexts",
    "Skip",
    "Standing",
    "StandingsKept",
    "Subscriber",
    "TeamMember",
    "VisitRequest",
]

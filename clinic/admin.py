"""The admin of the app: protocols, the public pages and their newsletter, and what became of the reminders. Patients'
prescriptions, and those who ask for a visit, are not in it."""

from clinic.discussion.admin import ReaderQuestionAdmin
from clinic.frontdoor.admin import ServiceAdmin, SiteTextsAdmin, TeamMemberAdmin
from clinic.newsletter.admin import IssueAdmin, SubscriberAdmin
from clinic.prescriptions.admin import ProtocolAdmin
from clinic.reminders.admin import SendingAdmin

__all__ = [
    "IssueAdmin",
    "ProtocolAdmin",
    "ReaderQuestionAdmin",
    "SendingAdmin",
    "ServiceAdmin",
    "SiteTextsAdmin",
    "SubscriberAdmin",
    "TeamMemberAdmin",
]

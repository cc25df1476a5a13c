"""The admin of the app: protocols, the public pages and their newsletter, and what became of the reminders. Patients'
prescriptions, and those who ask for a visit, are not in it."""

from clinic.discussion.admin import ReaderQuestionAdmin
from clinic.frontdoor.admin import ServiceAdmin, SiteTextsAdmin, TeamMemberAdmin
from clinic.governance.admin import GovernedProtocolAdmin
from clinic.newsletter.admin import IssueAdmin, SubscriberAdmin
from clinic.reminders.admin import SendingAdmin

__all__ = [
    "GovernedProtocolAdmin",
    "IssueAdmin",
    "ReaderQuestionAdmin",
    "SendingAdmin",
    "ServiceAdmin",
    "SiteTextsAdmin",
    "SubscriberAdmin",
    "TeamMemberAdmin",
]

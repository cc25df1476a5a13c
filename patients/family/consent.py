"""The words that a patient agrees to. A change of them is a new version: what was agreed to before stays readable."""

from django.utils.translation import gettext_lazy as _

VERSION = "2026-11"

SEES = (
    _("The plan of today and of the last days, with what is ticked and what is not"),
    _("How each exercise is done, and how often"),
    _("Progress: days done, pain and effort over time"),
    _("The clinic’s phone numbers and what to do in an emergency"),
)
DOES = (
    _("Tick exercises, or say why they were not done"),
    _("Answer how the pain and the effort were"),
    _("Tell the clinic that something went wrong, such as a fall"),
)
NEVER = (
    _("Messages with the clinic, and comments written to it"),
    _("The clinic’s record and notes"),
    _("How the patient signs in, reminders, and the phone’s own copy of the plan"),
    _("Giving access to somebody else, or ending it"),
)

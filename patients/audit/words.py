"""What an audit line says to a person who reads it."""

from patients.audit.models import AuditEvent

WORDS = {
    "record.viewed": "Opened the record",
    "patient.added": "Added the patient",
    "patient.edited": "Changed details",
    "patient.discharged": "Discharged the patient",
    "patient.reopened": "Made the patient active again",
    "episode.started": "Started a new episode",
    "screening.answered": "Answered the red-flag check",
    "screening.cleared": "Cleared a red-flag check",
    "screening.not_cleared": "Noted that a red-flag check is not cleared",
    "screening.asked_for": "Asked for the red-flag check again",
    "plan.printed": "Opened the plan to print it",
    "paper.entered": "Entered a sheet of paper",
    "goal.open": "Goal reopened",
    "care_team.joined": "Added a colleague to the care team",
    "care_team.left": "Took a colleague off the care team",
    "care_team.handed_over": "Handed over the lead",
    "invitation.made": "Made an invitation",
    "invitation.renewed": "Made a new link for a lost phone",
    "invitation.withdrawn": "Withdrew an invitation",
    "invitation.accepted": "Accepted the invitation",
    "invitation.wrong_try": "Answered an invitation wrongly",
    "password_link.sent": "Mailed a password link",
    "pin.added": "Set a PIN on a device",
    "pin.changed": "Changed the PIN of a device",
    "pin.removed": "A PIN was removed from a device",
    "pin.wrong_try": "Typed a wrong PIN",
    "passkey.added": "Set up a passkey",
    "sessions.ended": "Signed out devices",
    "sign_in.succeeded": "Signed in",
    "sign_in.stopped": "Stopped the sign-in",
    "sign_in.allowed": "Allowed the sign-in again",
    "sign_out": "Signed out",
    "message.written": "Wrote a message",
    "message.answered": "Answered a message",
    "messages.settled": "Noted that a message needs no answer",
    "messages.read": "Read their messages",
    "family.given": "Gave somebody of the family access",
    "family.link_made": "Made a new link for a helper",
    "family.renewed": "Renewed a helper’s access",
    "family.joined": "Opened the link of a helper",
    "family.looked": "Looked at the plan as a helper",
    "family.ended": "Ended a helper’s access",
    "family.wrong_try": "Answered a helper’s link wrongly",
    "refused": "Was refused",
}


def in_words(event: AuditEvent) -> str:
    """Names of fields and parts are said; values are never in the line."""
    said = WORDS.get(event.action) or event.action.replace(".", " ").replace("_", " ").capitalize()
    fields = event.detail.get("fields")
    named = event.detail.get("part") or ", ".join(str(field).replace("_", " ") for field in fields or [])
    return f"{said}: {named}" if named else said

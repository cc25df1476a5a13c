from django import template

from patients.accounts.models import User
from patients.records.models import LeadChange, Patient
from patients.records.record import RecordParts
from patients.team import pages
from patients.team.models import EmergencyAccess

register = template.Library()


@register.simple_tag
def open_emergencies(user: User) -> list[EmergencyAccess]:
    return pages.open_emergencies(user)


@register.simple_tag
def number_alone(user: User) -> int:
    return pages.number_alone(user)


@register.simple_tag
def lead_history(patient: Patient) -> list[LeadChange]:
    return list(pages.lead_history(patient))


@register.filter
def team_may_be_changed_by(parts: RecordParts, user: User) -> bool:
    return parts.team_may_be_changed_by(user.clinician)

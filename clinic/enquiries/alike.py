"""Who may be the same person as somebody who asks for a visit: shown to a clinician, who decides."""

from django.db.models import Q

from clinic.enquiries.models import VisitRequest, end_of
from exercises.search import searchable
from patients.accounts.models import User
from patients.records.models import Patient

MOST = 10


def requests_alike(asked: VisitRequest, user: User) -> list[VisitRequest]:
    same = Q(born_on=asked.born_on)
    if asked.email:
        same |= Q(email__iexact=asked.email)
    if asked.phone_end:
        same |= Q(phone_end=asked.phone_end)
    others = VisitRequest.objects.visible_to(user).filter(same).exclude(pk=asked.pk).order_by("-asked_at")
    return [other for other in others if _is_alike(asked, other, other.phone_end)][:MOST]


def patients_alike(asked: VisitRequest, user: User) -> list[Patient]:
    same = Q(born_on=asked.born_on)
    if asked.email:
        same |= Q(email__iexact=asked.email)
    if asked.phone_end:
        same |= Q(phone__endswith=asked.phone_end[-2:])
    others = Patient.objects.visible_to(user).filter(same).distinct()
    return [other for other in others if _is_alike(asked, other, end_of(other.phone))][:MOST]


def _is_alike(asked: VisitRequest, other: VisitRequest | Patient, phone_end: str) -> bool:
    if asked.email and other.email.casefold() == asked.email.casefold():
        return True
    if asked.phone_end and phone_end == asked.phone_end:
        return True
    return other.born_on == asked.born_on and _name(other.full_name) == _name(asked.full_name)


def _name(full_name: str) -> list[str]:
    return sorted(searchable(full_name).split())

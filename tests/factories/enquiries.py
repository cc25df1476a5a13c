"""Literal requests for a first visit, and what their public forms send."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from clinic.enquiries.consent import VERSION
from clinic.enquiries.models import State, VisitRequest
from clinic.strangers.guard import stamped
from patients.models import Clinic

TYPED = {
    "first_name": "Una",
    "last_name": "Marsh",
    "day": "7",
    "month": "5",
    "year": "1957",
    "phone": "+44 7700 900123",
    "email": "una.marsh@example.org",
    "problem": "It hurts low in my back, and down to my left knee.",
    "since": "since Easter",
    "preferred_times": "mornings",
    "consent": "on",
    "homepage": "",
}


def visit_request(at: Clinic, **fields) -> VisitRequest:
    now: datetime = timezone.now()
    values = {
        "first_name": "Una",
        "last_name": "Marsh",
        "born_on": date(1957, 5, 7),
        "phone": "+44 7700 900123",
        "email": "una.marsh@example.org",
        "problem": "It hurts low in my back.",
        "consent": VERSION,
        "asked_at": now,
        "state": State.NEW,
        "state_at": now,
    } | fields
    return VisitRequest.objects.create(clinic=at, **values)


def opened(kind: str, *, seconds_ago: float = 60) -> str:
    """The token of a form that was opened some time ago."""
    return stamped(kind, timezone.now() - timedelta(seconds=seconds_ago))


def typed(**fields: str) -> dict[str, str]:
    return TYPED | {"opened": opened("visit")} | fields

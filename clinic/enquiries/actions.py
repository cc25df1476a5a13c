"""What strangers and clinicians do about a request for a first visit. Each is one transaction with its audit line."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from clinic.enquiries.consent import VERSION
from clinic.enquiries.models import RequestStep, State, VisitRequest
from patients.accounts.models import Clinic, Clinician, User
from patients.audit.actions import record
from patients.audit.context import without_address
from patients.records.actions import add_patient
from patients.records.models import Patient

# A request, or a note, sent twice by a double click or a reload is one.
SAME_WITHIN = timedelta(minutes=10)


class Settled(Exception):
    """The request became a patient: there is no way back from that."""


@transaction.atomic
def ask(
    *, clinic: Clinic, key: UUID, values: dict[str, Any], now: datetime | None = None
) -> tuple[VisitRequest, bool]:
    """The request, and whether it is new. The same form with other words puts it right while nobody has taken it up."""
    now = now or timezone.now()
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    standing = VisitRequest.objects.filter(clinic=clinic, uuid=key).first()
    alike = VisitRequest.objects.filter(clinic=clinic, asked_at__gt=now - SAME_WITHIN, **values).first()
    if alike:
        return alike, False
    if standing and standing.state == State.NEW and not standing.steps.exists():
        for name, value in values.items():
            setattr(standing, name, value)
        standing.save()
        _note(standing, "visit_request.corrected")
        return standing, False
    made = VisitRequest.objects.create(
        uuid=uuid4() if standing else key, clinic=clinic, consent=VERSION, asked_at=now, state_at=now, **values
    )
    _note(made, "visit_request.made")
    return made, True


def _note(asked: VisitRequest, action: str, by: User | None = None, **detail: Any) -> None:
    if by:
        record(by=by, action=action, subject=f"visit_request:{asked.uuid}", **detail)
        return
    with without_address():
        record(by=None, action=action, subject=f"visit_request:{asked.uuid}", **detail)


def locked(asked: VisitRequest) -> VisitRequest:
    return VisitRequest.objects.select_for_update().get(pk=asked.pk)


def _step(asked: VisitRequest, by: User, **said: Any) -> None:
    RequestStep.objects.create(request=asked, by=by, at=timezone.now(), **said)


@transaction.atomic
def set_state(*, asked: VisitRequest, by: User, state: str) -> None:
    """`state` is what it shall be, so that saying it twice changes nothing."""
    asked = locked(asked)
    if asked.state == state:
        return
    if asked.state == State.PATIENT:
        raise Settled
    _to(asked, by, state)


def _to(asked: VisitRequest, by: User, state: str) -> None:
    asked.state, asked.state_at = state, timezone.now()
    asked.save()
    _step(asked, by, state=state)
    _note(asked, "visit_request.state", by, to=state)


@transaction.atomic
def assign(*, asked: VisitRequest, by: User, to: Clinician | None) -> None:
    asked = locked(asked)
    if asked.assigned_to_id == (to.pk if to else None):
        return
    asked.assigned_to = to
    asked.save()
    _step(asked, by, assigned_to=to)
    _note(asked, "visit_request.assigned", by, clinician=to.pk if to else None)


@transaction.atomic
def write_note(*, asked: VisitRequest, by: User, text: str) -> None:
    asked = locked(asked)
    if asked.steps.filter(by=by, note=text, at__gt=timezone.now() - SAME_WITHIN).exists():
        return
    _step(asked, by, note=text)
    _note(asked, "visit_request.noted", by)


@transaction.atomic
def make_patient(
    *,
    asked: VisitRequest,
    clinician: Clinician,
    by: User,
    values: dict[str, Any],
    somebody_else_than: Collection[UUID],
) -> tuple[Patient, bool]:
    """The patient, and whether they are new: whoever comes second gets that of the first. Raises LooksLikeAnother as
    `add_patient` does."""
    asked = locked(asked)
    if asked.patient:
        return asked.patient, False
    patient = add_patient(clinician=clinician, by=by, values=values, somebody_else_than=somebody_else_than)
    _belongs_to(asked, by, patient)
    return patient, True


@transaction.atomic
def is_known_patient(*, asked: VisitRequest, by: User, patient: Patient) -> None:
    """The person who asked has a record here already."""
    asked = locked(asked)
    if not asked.patient:
        _belongs_to(asked, by, patient)


def _belongs_to(asked: VisitRequest, by: User, patient: Patient) -> None:
    asked.patient = patient
    _to(asked, by, State.PATIENT)


@transaction.atomic
def forget_settled(*, now: datetime) -> int:
    """Deletes what was settled long enough ago. What a patient's record took over stays there."""
    old = VisitRequest.objects.settled_before(now - timedelta(days=settings.REQUEST_DAYS))
    count = old.count()
    if count:
        old.delete()
        record(by=None, action="visit_requests.forgotten", count=count)
    return count

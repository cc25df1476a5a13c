from typing import Any, Protocol

from patients.audit.context import current
from patients.audit.models import AuditEvent


class Actor(Protocol):
    pk: Any

    @property
    def role(self) -> str: ...


def record(*, by: Actor | None, action: str, patient: Any = None, subject: str = "", **detail: Any) -> AuditEvent:
    """Appends one audit line. `by=None` is the system itself. `detail` carries field names and counts, never values
    that a patient or clinician typed."""
    context = current()
    return AuditEvent.objects.create(
        actor=str(by.pk) if by else "system",
        role=by.role if by else "system",
        action=action,
        patient=str(patient.uuid) if patient else "",
        clinic=str(patient.clinic_id) if patient else "",
        subject=subject,
        detail=detail,
        request_id=context.request_id,
        address=context.address,
    )

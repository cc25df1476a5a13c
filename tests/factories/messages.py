"""Literal messages for tests, in the state that the actions leave them."""

from uuid import uuid4

from clinic.messaging import actions
from clinic.messaging.models import Message
from patients.models import Patient, User

BIG = 2**62


def asked(patient: Patient, text: str = "May I swim?", **fields) -> Message:
    assert patient.user
    return actions.write(patient=patient, by=patient.user, key=uuid4(), text=text, **fields)


def answered(patient: Patient, *, by: User, text: str = "Yes, slowly.", seen_to: int = BIG, **fields) -> Message:
    return actions.answer(patient=patient, by=by, key=uuid4(), text=text, seen_to=seen_to, **fields)


def thread(patient: Patient, *, by: User, length: int) -> None:
    """Turn about, without tasks and audit lines."""
    rows = [
        Message(patient=patient, from_patient=n % 2 == 0, text=f"Message {n}.", written_by=patient.user if n % 2 == 0 else by,
                written_at=patient.created_at)
        for n in range(length)
    ]  # fmt: skip
    Message.objects.bulk_create(rows)

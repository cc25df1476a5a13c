"""Opening a record in an emergency, where records are not shared: with a reason, for some hours, and nobody unaware."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from patients.accounts.models import Clinician
from patients.audit.actions import record
from patients.records.actions import locked
from patients.records.models import Patient
from patients.tasks.actions import SAME_DAY, for_colleagues, raise_task
from patients.tasks.models import Kind
from patients.team.models import EmergencyAccess

# Tells the patient in the portal. The messages, which do it, are above this slice and put themselves in.
TOLD: list[Callable[[EmergencyAccess], None]] = []


@for_colleagues
@transaction.atomic
def open_record(
    *, patient: Patient, by: Clinician, reason: str, link: str = "", now: datetime | None = None
) -> EmergencyAccess:
    """For EMERGENCY_HOURS. Opening it again while it is open changes nothing. The lead gets a task, the patient a note in
    the portal, and a mail that says nothing of health; `link` leads from it to the note."""
    now = now or timezone.now()
    patient = locked(patient)
    if standing := EmergencyAccess.objects.open_at(now).filter(patient=patient, by=by).first():
        return standing
    access = EmergencyAccess.objects.create(
        patient=patient, by=by, reason=reason, opened_at=now, until=now + timedelta(hours=settings.EMERGENCY_HOURS)
    )
    record(by=by.user, action="emergency.opened", patient=patient, subject=f"emergency:{access.uuid}")
    until = date_format(access.until.astimezone(by.clinic.zone), "j M, H:i")
    words = gettext("%(name)s opened this record in an emergency, until %(until)s: %(reason)s")
    raise_task(
        patient=patient, kind=Kind.EMERGENCY, by=by.user, due_in=SAME_DAY, now=now,
        words=words % {"name": by, "until": until, "reason": reason},
    )  # fmt: skip
    for tell in TOLD:
        tell(access)
    if patient.email:
        transaction.on_commit(lambda: _mail(patient, link if patient.user_id else ""), robust=True)
    return access


@transaction.atomic
def close(*, access: EmergencyAccess) -> None:
    """Before its time, by whoever opened it. Twice changes nothing."""
    now = timezone.now()
    if EmergencyAccess.objects.open_at(now).filter(pk=access.pk).update(ended_at=now):
        record(
            by=access.by.user, action="emergency.closed", patient=access.patient, subject=f"emergency:{access.uuid}"
        )


def _mail(patient: Patient, link: str) -> None:
    """Says nothing about health: who else reads this mailbox is unknown."""
    context = {"patient": patient, "clinic": patient.clinic, "link": link}
    with override(patient.speaks):
        subject = gettext("A note from your clinic about your record")
        body = render_to_string("emails/record_opened.txt", context)
    EmailMessage(
        subject=subject,
        body=body,
        to=[patient.email],
        reply_to=[patient.clinic.email] if patient.clinic.email else None,
    ).send()

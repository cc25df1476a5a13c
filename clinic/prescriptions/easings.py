"""Ending an easing: the exercise is asked for as prescribed again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from clinic.prescriptions.models import Easing
from patients.audit.actions import record
from patients.models import User


def lift(*, easing: Easing, by: User, now: datetime | None = None) -> None:
    """From today on the exercise is as prescribed. Lifting it twice changes nothing."""
    today = easing.patient.local_day(now or timezone.now())
    with transaction.atomic():
        standing = Easing.objects.select_for_update().filter(pk=easing.pk, lifted_on=None).first()
        if standing is None:
            return
        standing.lifted_on, standing.lifted_by = today, by
        standing.save(update_fields=["lifted_on", "lifted_by"])
        record(by=by, action="easing.lifted", patient=easing.patient, subject=f"thread:{easing.thread}")

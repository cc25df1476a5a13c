"""An exercise of a live plan rests, or is done at half, without a change of the plan (PAIN-5, PAIN-6, COND-2)."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db import transaction

from clinic.prescriptions.models import Easing
from patients.audit.actions import record
from patients.models import Patient, User


@transaction.atomic
def ease(
    *,
    patient: Patient,
    by: User | None,
    threads: Collection[UUID],
    kind: Easing.Kind,
    because: Easing.Because,
    from_day: date,
    until_day: date | None = None,
    words: str = "",
) -> list[Easing]:
    """One easing for each exercise that has none of that kind and reason yet. `by` is None where a rule did it."""
    Patient.objects.hold(patient.pk)
    same = Easing.objects.filter(patient=patient, kind=kind, because=because, thread__in=threads)
    # One that ends or was lifted before this one begins eases nothing any more.
    kept = {easing.thread for easing in same if _reaches(easing, from_day)}
    made = [
        Easing.objects.create(
            patient=patient, thread=thread, kind=kind, because=because, words=words[:300], from_day=from_day,
            until_day=until_day, made_by=by,
        )
        for thread in dict.fromkeys(threads)
        if thread not in kept
    ]  # fmt: skip
    if made:
        record(by=by, action="exercise.eased", patient=patient, kind=kind.value, exercises=len(made))
    return made


@transaction.atomic
def lift(*, easings: Iterable[Easing], by: User | None, on: date) -> int:
    """From `on` they ease nothing; how many were lifted. Doing it twice changes nothing."""
    lifted = 0
    for easing in Easing.objects.select_for_update().filter(pk__in=[each.pk for each in easings], lifted_on=None):
        easing.lifted_on, easing.lifted_by = on, by
        easing.save(update_fields=["lifted_on", "lifted_by"])
        record(by=by, action="exercise.easing_lifted", patient=easing.patient, kind=easing.kind)
        lifted += 1
    return lifted


def _reaches(easing: Easing, day: date) -> bool:
    ended = (easing.until_day and easing.until_day < day) or (easing.lifted_on and easing.lifted_on <= day)
    return not ended

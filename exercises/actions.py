from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from exercises.models import Exercise


@transaction.atomic
def retire(*, exercises: Iterable[Exercise], by: Any) -> int:
    """Takes exercises out of the catalogue. Prescriptions that have them keep them."""
    current = [exercise for exercise in exercises if exercise.retired_at is None]
    for exercise in current:
        exercise.retired_at, exercise.retired_by = timezone.now(), str(by.pk)
        exercise.save()
    return len(current)


@transaction.atomic
def bring_back(*, exercises: Iterable[Exercise], by: Any) -> int:
    retired = [exercise for exercise in exercises if exercise.retired_at is not None]
    for exercise in retired:
        exercise.retired_at, exercise.retired_by = None, ""
        exercise.save()
    return len(retired)

from datetime import UTC, datetime

import pytest

from patients.models import Screening
from patients.screening.models import Level, Occasion
from tests.factories import checks


@pytest.fixture
def screened(patient):
    """A check of the day on which it is `now`, clear unless a level is given."""

    def screened(level=Level.CLEAR, *, now=None, of=None, occasion=Occasion.FLARE):
        now, of = now or datetime.now(UTC), of or patient
        return Screening.objects.create(
            patient=of, occasion=occasion, answers=checks.answers(of), level=level, rules="test", answered_on=of.local_day(now),
            answered_at=now, answered_by=of.user,
        )  # fmt: skip

    return screened

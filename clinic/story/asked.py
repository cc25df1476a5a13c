"""Whose story is asked for, and how its rows are read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from clinic.story.entries import DAY, ROWS, Entry, Read
from patients.models import Patient, User
from patients.outcomes.pages import Known, known_of
from patients.records.pain_limits import Limits, limits_of


@dataclass(frozen=True)
class Asked:
    """Whose story, as whom, and before which local day. known: what was measured, where it was read already."""

    patient: Patient
    user: User
    before: date

    @cached_property
    def moment(self) -> datetime:
        """The first one that is too late."""
        return self.start(self.before)

    @cached_property
    def limits(self) -> Limits:
        """As they are now, for all days. One query."""
        return limits_of(self.patient)

    @cached_property
    def known(self) -> Known:
        """Two queries. All of a patient's measures: a change is one since the baseline."""
        return known_of(self.patient)

    def start(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.patient.zone)

    def day(self, at: date | datetime) -> date:
        return self.patient.local_day(at) if isinstance(at, datetime) else at

    def url(self, name: str, *args: object, at: str = "") -> str:
        return reverse(name, args=[self.patient.uuid, *args]) + at

    def latest(self, rows: QuerySet[Any], *moments: Any) -> list[Any]:
        """Newest first by the last of these moments that came, `last`: the latest one is named first."""
        last = Coalesce(*moments) if len(moments) > 1 else F(*moments)
        return list(newest(rows.annotate(last=last), "-last", "-pk"))

    def told(self, rows: QuerySet[Any], entries: Callable[[Any], Iterable[Entry]], *moments: Any) -> Read:
        """What these rows tell; moments as in `latest`."""
        return self.read(self.latest(rows, *moments), lambda row: self.day(row.last), entries)

    def read(
        self, rows: Iterable[Any], day_of: Callable[[Any], date], entries: Callable[[Any], Iterable[Entry]]
    ) -> Read:
        """rows: newest first, one more than a page takes, where there are so many."""
        rows = list(rows)
        reaches = min(day_of(rows[ROWS - 1]), self.before - DAY) if len(rows) > ROWS else None
        found = (entry for row in rows[:ROWS] for entry in entries(row))
        return Read(tuple(entry for entry in found if entry.day < self.before), reaches)


def newest(rows: QuerySet[Any], *order: Any) -> QuerySet[Any]:
    return rows.order_by(*order)[: ROWS + 1]

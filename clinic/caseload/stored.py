"""The stored tallies of many patients, each patient's as one text.

A caseload reads thousands of days to show a page. The database writes those of one patient into one JSON text, and a
text that was read before is not read again: the same text always means the same days, whichever worker kept it.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet
from django.db.models.functions import JSONArray

from clinic.today.listed import Listed
from clinic.today.models import DailyTally
from clinic.today.plan import DayTally

FIGURES = tuple(figure.name for figure in fields(DayTally))
NONE_STORED: Mapping[date, DayTally] = {}

Stored = Mapping[date, DayTally]


def stored_tallies(rows: "QuerySet[DailyTally]") -> dict[int, Stored]:
    """By patient and day. One query."""
    return {patient: read(text) for patient, text in listed_tallies(rows).items()}


def listed_tallies(rows: "QuerySet[DailyTally]") -> dict[int, str]:
    """By patient, to be read one after the other where there are thousands. One query."""
    listed = rows.order_by().values("patient_id").annotate(listed=Listed(JSONArray(*FIGURES)))
    return dict(listed.values_list("patient_id", "listed"))


@lru_cache(maxsize=1024)
def read(text: str) -> Stored:
    days = (DayTally(date.fromisoformat(day), *figures) for day, *figures in json.loads(text))
    return {tally.day: tally for tally in days}

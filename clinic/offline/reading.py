"""What a device sends, read: a batch of taps as JSON, and each tap's values by the same rules as the form's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from clinic.offline.models import TapKind
from clinic.today.answers import FORMS
from clinic.today.forms import (
    HurtsForm,
    MorningForm,
    SaidSkip,
    Tick,
    read_amounts,
    read_day,
    read_round,
    read_skip,
    read_tick,
    read_uuid,
)

MOST_TAPS = 100
MOST_NAMES = 40
LONGEST = 4000  # characters of one value


class NotABatch(Exception):
    """Not what a device of ours sends."""


class Unclear(Exception):
    """A tap whose values cannot be taken; the words are for the patient."""


@dataclass(frozen=True, slots=True)
class SentTap:
    """A tap as it came. said: the form's named values, each a list."""

    key: UUID
    kind: TapKind
    at: datetime
    said: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Batch:
    """taps: in the order of the device. unread: keys of what is no tap. sent_at: by the device's clock."""

    owner: str
    sent_at: datetime | None
    taps: tuple[SentTap, ...]
    unread: tuple[str, ...]


def read_batch(body: bytes) -> Batch:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise NotABatch from None
    if not isinstance(sent, dict) or not isinstance(sent.get("events"), list) or len(sent["events"]) > MOST_TAPS:
        raise NotABatch
    read = [(event, _read_tap(event)) for event in sent["events"]]
    return Batch(
        owner=str(sent.get("owner", "")),
        sent_at=_instant(sent.get("sent_at")),
        taps=tuple(tap for _, tap in read if tap),
        unread=tuple(str(event.get("key"))[:36] for event, tap in read if tap is None and isinstance(event, dict)),
    )


def _read_tap(event: Any) -> SentTap | None:
    if not isinstance(event, dict):
        return None
    key, at = read_uuid(str(event.get("key", ""))), _instant(event.get("at"))
    said = event.get("said")
    if key is None or at is None or event.get("kind") not in TapKind.values or not isinstance(said, dict):
        return None
    values = {name: value if isinstance(value, list) else [value] for name, value in said.items()}
    if len(values) > MOST_NAMES or not all(_is_text(each) for pair in values.items() for each in (pair[0], *pair[1])):
        return None
    return SentTap(key, TapKind(event["kind"]), at, values)


def _is_text(value: object) -> bool:
    """Text that every database can keep."""
    return (
        isinstance(value, str)
        and len(value) <= LONGEST
        and "\0" not in value
        and not any("\ud800" <= letter <= "\udfff" for letter in value)
    )


def _instant(text: object) -> datetime | None:
    try:
        at = parse_datetime(text) if isinstance(text, str) else None
        return at and (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def values_of(said: Mapping[str, list[str]]) -> QueryDict:
    values = QueryDict(mutable=True)
    for name, each in said.items():
        values.setlist(name, each)
    return values


def day_of(said: QueryDict) -> date:
    day = read_day(said.get("day", ""))
    if day is None:
        raise Unclear(NOT_UNDERSTOOD)
    return day


NOT_UNDERSTOOD = _("That did not reach us in one piece.")


def tick_of(said: QueryDict) -> Tick:
    return _or_unclear(read_tick(said.get("tick", "")))


def skip_of(said: QueryDict) -> SaidSkip:
    return _or_unclear(read_skip(said.get("skip", "")))


def line_of(said: QueryDict) -> UUID:
    return _or_unclear(read_uuid(said.get("line", "")))


def occasion_of(said: QueryDict) -> int:
    return _or_unclear(read_round(said.get("round", "")))


def amounts_of(said: QueryDict) -> dict[tuple[int, str], int]:
    read = read_amounts(said.dict())  # type: ignore[arg-type]
    if read.errors:
        raise Unclear(next(iter(read.errors.values())))
    return {tick: amount for tick, amount in read.amounts.items() if amount is not None}


def answers_of(kind: TapKind, said: QueryDict) -> dict[str, Any]:
    """The cleaned answers of a form, by their names."""
    forms: dict[str, Any] = {TapKind.MORNING: MorningForm, TapKind.HURTS: HurtsForm}
    make = forms.get(kind) or FORMS.get(said.get("part", ""))
    if make is None:
        raise Unclear(NOT_UNDERSTOOD)
    form = make(said)
    if not form.is_valid():
        raise Unclear(" ".join(str(error) for errors in form.errors.values() for error in errors))
    return dict(form.cleaned_data)


def _or_unclear(value: Any) -> Any:
    if not value:
        raise Unclear(NOT_UNDERSTOOD)
    return value

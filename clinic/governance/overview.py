"""What there is to review: counts by kind and state, and the rows, what ran out first. Four queries."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import tablib
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from clinic.prescriptions.models import Protocol
from exercises.governance import Reviewed, State
from exercises.models import Article, Exercise, Question
from exercises.transfer import SafeCSV

KINDS: tuple[type[Reviewed], ...] = (Exercise, Protocol, Article, Question)
# What a reader has to do something about, most pressing first.
ORDER = [State.EXPIRED, State.UNREVIEWED, State.DUE, State.REVIEWED]


@dataclass(frozen=True)
class Row:
    content: Reviewed
    kind: str
    state: State
    edit_url: str

    @property
    def urgency(self) -> tuple[int, date, str]:
        return ORDER.index(self.state), self.content.review_by or date.min, str(self.content)


@dataclass(frozen=True)
class Count:
    """How many of a kind are in a state, and where the admin lists them."""

    state: State
    number: int
    url: str


@dataclass(frozen=True)
class Kind:
    name: str
    url: str
    counts: list[Count]


@dataclass(frozen=True)
class Overview:
    kinds: list[Kind]
    rows: list[Row]

    @property
    def to_do(self) -> list[Row]:
        return [row for row in self.rows if row.state != State.REVIEWED]


def overview(day: date) -> Overview:
    rows = [
        Row(content, str(model._meta.verbose_name), content.state_of_review(day), edit_url(content))
        for model in KINDS
        for content in current(model)
    ]
    return Overview([_kind(model, rows) for model in KINDS], sorted(rows, key=lambda row: row.urgency))


def current(model: type[Reviewed]) -> QuerySet[Any]:
    return in_use(model._default_manager.all())


def in_use(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Without what was retired: that is prescribed by nobody anyway."""
    return rows if issubclass(rows.model, Article | Question) else rows.filter(retired_at=None)


def edit_url(content: Model) -> str:
    return reverse(f"admin:{content._meta.app_label}_{content._meta.model_name}_change", args=[content.pk])


def list_url(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def _kind(model: type[Reviewed], rows: list[Row]) -> Kind:
    counted = Counter(row.state for row in rows if isinstance(row.content, model))
    url = list_url(model)
    counts = [Count(state, counted[state], f"{url}?review={state.value}") for state in ORDER]
    return Kind(str(model._meta.verbose_name_plural), url, counts)


def as_csv(shown: Overview) -> str:
    sheet = tablib.Dataset(
        headers=[
            gettext("kind"), gettext("slug"), gettext("name"), gettext("state"), gettext("author"), gettext("source"),
            gettext("link"), gettext("licence"), gettext("reviewed by"), gettext("reviewed on"), gettext("review by"),
            gettext("changed since"),
        ]
    )  # fmt: skip
    for row in shown.rows:
        it = row.content
        sheet.append(
            [
                row.kind, it.slug, str(it), str(row.state.label), it.author, it.source, it.source_url,  # type: ignore[attr-defined]
                it.licence_in_words, it.reviewed_by, it.reviewed_on or "", it.review_by or "",
                ", ".join(it.changed_in_words),
            ]
        )  # fmt: skip
    return str(SafeCSV().export_data(sheet))

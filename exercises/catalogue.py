"""Finding exercises: by words, forgiving of typos and word order, and by facets that say how many each would leave."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.translation import gettext, ngettext

from exercises.index import FACETS, Card, Index, index_of
from exercises.models import ExerciseQuerySet
from exercises.translations import last_change

PAGE = 24
OPEN = ("category", "region", "level")


@dataclass(frozen=True)
class CatalogueQuery:
    """What was asked for. Values that the catalogue does not know are ignored when it is answered."""

    q: str = ""
    category: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    position: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    phase: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    page: int = 1

    @classmethod
    def parse(cls, data: QueryDict) -> "CatalogueQuery":
        page = data.get("page", "")
        return cls(
            q=" ".join(data.get("q", "").replace("\0", "")[:100].split()),
            page=int(page) if re.fullmatch(r"[1-9][0-9]{0,3}", page) else 1,
            **{name: tuple(dict.fromkeys(value for value in data.getlist(name)[:50] if value)) for name in FACETS},
        )

    def address(self, **changes: Any) -> str:
        """The query string that asks for this again, with `changes`; a new first page unless that is what changes."""
        asked = vars(self) | {"page": 1} | changes
        parts = [(name, value) for name, value in asked.items() if value and (name, value) != ("page", 1)]
        return "?" + urlencode(parts, doseq=True, errors="replace")

    @property
    def is_empty(self) -> bool:
        return self.address() == "?"


class Option(NamedTuple):
    id: str
    value: str
    label: str
    hits: int
    chosen: bool


class Facet(NamedTuple):
    """The values that would still find something, or that are chosen."""

    name: str
    legend: str
    options: list[Option]

    @property
    def chosen(self) -> list[Option]:
        return [option for option in self.options if option.chosen]

    @property
    def opens(self) -> bool:
        """The first three are in sight; the rest only while they hold a choice."""
        return self.name in OPEN or bool(self.chosen)


@dataclass(frozen=True)
class Found:
    """All exercises that were found, best first, and where `query.page` of them begins and ends."""

    query: CatalogueQuery
    cards: list[Card]
    facets: list[Facet]
    is_guess: bool  # nothing has these words; these have similar ones
    everything: list[Card]  # all that may be seen, found or not

    @property
    def total(self) -> int:
        return len(self.cards)

    @property
    def count_in_words(self) -> str:
        if not self.total:
            return gettext("No exercises that come close") if self.is_guess else gettext("No exercises")
        words = (
            ngettext("%(number)d exercise that come close", "%(number)d exercises that come close", self.total)
            if self.is_guess
            else ngettext("%(number)d exercise", "%(number)d exercises", self.total)
        )
        return words % {"number": self.total}

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))

    @property
    def page(self) -> list[Card]:
        return self.cards[(self.query.page - 1) * PAGE : self.query.page * PAGE]

    @property
    def shown(self) -> int:
        return min(self.total, self.query.page * PAGE)

    @property
    def next(self) -> str:
        return self.query.address(page=self.query.page + 1) if self.query.page < self.pages else ""

    @property
    def previous(self) -> str:
        return self.query.address(page=min(self.query.page - 1, self.pages)) if self.query.page > 1 else ""

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Every filter in use, and the address that lets go of it."""
        return [
            (
                gettext("Without: %(tag)s") % {"tag": option.label} if facet.name == "without" else option.label,
                self.query.address(
                    **{facet.name: tuple(v for v in getattr(self.query, facet.name) if v != option.value)}
                ),
            )
            for facet in self.facets
            for option in facet.chosen
        ]


# The SQL of each filter, built once: that takes longer than running it.
STATEMENTS: dict[Any, tuple[str, Any]] = {}


def versions(exercises: ExerciseQuerySet) -> tuple[tuple[int, str], ...]:
    """When each row last changed, as text: that need not be read, only compared."""
    key = connection.vendor, exercises.query.where
    statement = STATEMENTS.get(key)
    if statement is None:
        rows = exercises.order_by("pk").values_list("pk", Cast("updated_at", TextField()))
        statement = STATEMENTS[key] = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return tuple(cursor.fetchall())


def cards_of(exercises: ExerciseQuerySet) -> list[Card]:
    """All of them by name, for as many queries as `find`."""
    return index_of(versions(exercises), "name", last_change()).cards


def find(
    exercises: ExerciseQuerySet, query: CatalogueQuery, *, order: str = "name", among: Sequence[int] | None = None
) -> Found:
    """Equally good finds come in alphabetical order of their `name` or `plain_name`. among: keys of the only ones that
    count, in the order of equally good finds.

    One query for the rows that may be seen; three when one of them changed since this worker last looked.
    """
    index = index_of(versions(exercises), order, last_change())
    ranked, is_guess = index.search(query.q)
    if among is not None:
        places = {key: place for place, key in enumerate(among)}
        only = sum(1 << n for n, card in enumerate(index.cards) if card.id in places)
        ranked = [rank & only for rank in ranked]
    matched = reduce(or_, ranked, 0)

    kept = {name: _kept(index, name, getattr(query, name)) for name in index.facets}
    result = reduce(and_, kept.values(), matched)

    facets = []
    for name, values in index.options.items():
        chosen = getattr(query, name)
        others = reduce(and_, (mask for other, mask in kept.items() if other != name), matched)
        options = []
        for id, value, label, mask in values:
            left = others & kept[name] & ~mask if name == "without" else others & mask
            if (hits := left.bit_count()) or value in chosen:
                options.append(Option(id, value, label, hits, value in chosen))
        facets.append(Facet(name, index.names[name], options))

    cards = [card for rank in ranked for card in index.cards_of(rank & result)]
    if among is not None and not query.q:
        cards.sort(key=lambda card: places[card.id])
    return Found(query, cards, facets, is_guess, index.cards)


def _kept(index: Index, facet: str, chosen: tuple[str, ...]) -> int:
    """What a facet lets through: any of the chosen values, all without them, or everything where none is known."""
    masks = index.facets[facet]
    known = [masks[value] for value in chosen if value in masks]
    if facet == "without":
        return index.everything & ~reduce(or_, known, 0)
    return reduce(or_, known) if known else index.everything

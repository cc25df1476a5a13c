"""The catalogue as a search sees it.

The whole catalogue is a few hundred rows, so it is searched in memory and not by the database: the answer is the same
on SQLite and PostgreSQL, and takes a millisecond. A set of exercises is a number with one bit for each.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, reduce
from itertools import pairwise
from operator import or_
from typing import Any

from django.db.models import F, Value
from django.db.models.fields.files import ImageFieldFile
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from rapidfuzz import process
from rapidfuzz.distance import OSA

from exercises.models import BodyRegion, Category, Exercise, Level, Phase, Position
from exercises.search import searchable
from exercises.translations import in_language, texts_of_kinds

NO_EQUIPMENT = "none"
FACETS = {
    "category": gettext_lazy("Kind"),
    "region": gettext_lazy("Body region"),
    "position": gettext_lazy("Position"),
    "equipment": gettext_lazy("Equipment"),
    "level": gettext_lazy("Level"),
    "phase": gettext_lazy("Part of the session"),
    "without": gettext_lazy("Leave out"),
}
STOP_WORDS = {"a", "an", "and", "exercise", "exercises", "for", "in", "my", "of", "on", "or", "the", "to", "with"}
# What people type, and the beginnings of words that it stands for here.
SYNONYMS = {
    "abs": ("abdominal",),
    "belly": ("belly", "tummy"),
    "bum": ("buttock",),
    "core": ("core", "trunk"),
    "quads": ("quadriceps",),
    "stomach": ("tummy",),
}


@dataclass(frozen=True, slots=True)
class Card:
    """An exercise as a list of exercises shows it."""

    id: int
    slug: str
    name: str
    plain_name: str
    category: str
    position: str
    level: int
    muscles: str
    plain_muscles: str
    equipment: tuple[str, ...]
    tags: tuple[str, ...]
    clinician_only: bool
    pose: str
    picture: ImageFieldFile
    picture_alt: str
    # For matching against conditions: slugs of the primary muscles and of the neighbours on the ladder, "" without one.
    worked: tuple[str, ...]
    easier: str
    harder: str
    # Until when somebody vouches for it: the day is compared when it is asked, and not kept.
    review_by: date | None = None
    blocked_for: tuple[str, ...] = ()
    is_own: bool = False  # the clinic's own

    @property
    def url(self) -> str:
        """Not kept: addresses begin otherwise for who helps a patient."""
        return reverse("exercise", args=[self.slug])

    @property
    def level_label(self) -> str:
        return str(Level(self.level).label)


@dataclass
class WordIndex:
    """The words of so many things, each a bit of a number, and which words are spelt alike."""

    size: int = 0
    own_names: dict[str, int] = field(default_factory=dict)  # as `plain` writes them
    other_names: dict[str, int] = field(default_factory=dict)  # what else it is known as
    words: list[str] = field(default_factory=list)  # all words, sorted
    in_names: dict[str, int] = field(default_factory=dict)
    in_muscles: dict[str, int] = field(default_factory=dict)  # what comes after the names and before the text
    in_text: dict[str, int] = field(default_factory=dict)
    typos: dict[str, list[str]] = field(default_factory=dict)
    stop_words: Collection[str] = frozenset(STOP_WORDS)

    @property
    def everything(self) -> int:
        return (1 << self.size) - 1

    def asked(self, text: str) -> list[str]:
        words = plain(text).split()
        return [word for word in words if word not in self.stop_words] or words

    def with_word(self, word: str) -> tuple[int, int, bool]:
        """Which have the word in their names, and which anywhere, and whether it had to be guessed."""
        exact = self.beginning_with(word)
        alike = exact or self.spelt_like(word)
        names = reduce(or_, (self.in_names.get(w, 0) for w in alike), 0)
        others = (mask.get(w, 0) for w in alike for mask in (self.in_muscles, self.in_text))
        return names, reduce(or_, others, names), not exact

    def search(self, text: str) -> tuple[list[int], bool]:
        """Sets of them, best first and without overlap, and whether a word had to be guessed.

        First a name that is the text or begins with it, then all words in the names, then in names and muscles, then
        anywhere.
        """
        asked = self.asked(text)
        if not asked:
            return [self.everything], False
        is_guess = False
        by_name = by_muscle = anywhere = self.everything
        for word in asked:
            alike = self.beginning_with(word)
            if not alike:
                alike = self.spelt_like(word)
                is_guess = True
            names = reduce(or_, (self.in_names.get(w, 0) for w in alike), 0)
            muscles = reduce(or_, (self.in_muscles.get(w, 0) for w in alike), 0)
            by_name &= names
            by_muscle &= names | muscles
            anywhere &= names | muscles | reduce(or_, (self.in_text.get(w, 0) for w in alike), 0)
        title = plain(text)
        same = self.own_names.get(title, 0) | self.other_names.get(title, 0)
        begins = reduce(or_, (mask for name, mask in self.own_names.items() if name.startswith(title)), 0)
        known_as = reduce(or_, (mask for name, mask in self.other_names.items() if name.startswith(title)), 0)
        ranked, seen = [], 0
        for rank in (same, begins, known_as, by_name, by_muscle, anywhere):
            ranked.append(rank & ~seen)
            seen |= rank
        return ranked, is_guess and bool(seen)

    def beginning_with(self, word: str) -> list[str]:
        found = []
        for start in SYNONYMS.get(word, (stem(word),)):
            first = bisect_left(self.words, start)
            last = bisect_left(self.words, start + "\uffff")
            found += self.words[first:last]
        return found

    def spelt_like(self, word: str) -> list[str]:
        """The known words, or beginnings of known words, that are the fewest slips of the finger away."""
        if word not in self.typos:
            if len(self.typos) > 1000:
                self.typos.clear()
            self.typos[word] = self.guesses(word)
        return self.typos[word]

    def guesses(self, word: str) -> list[str]:
        if len(word) < 3:
            return []
        slips = 1 if len(word) < 6 else 2
        # Three letters begin too many words to guess which was meant.
        forms = [self.words] if len(word) == 3 else [self.words, [known[: len(word)] for known in self.words]]
        distance: dict[int, int] = {}
        for form in forms:
            for _, slip, n in process.extract(
                word, form, scorer=OSA.distance, processor=None, score_cutoff=slips, limit=None
            ):
                distance[n] = min(slip, distance.get(n, slip))
        least = min(distance.values(), default=0)
        return [self.words[n] for n, slip in distance.items() if slip == least]


@dataclass
class Index(WordIndex):
    """The searchable side of one set of exercises, in alphabetical order: bit n of a number stands for `cards[n]`."""

    cards: list[Card] = field(default_factory=list)
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # of the facets
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    options: dict[str, list[tuple[str, str, str, int]]] = field(default_factory=dict)  # id, value, label, exercises

    def cards_of(self, mask: int) -> Iterator[Card]:
        while mask:
            lowest = mask & -mask
            yield self.cards[lowest.bit_length() - 1]
            mask ^= lowest


def plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", searchable(text)))


def stem(word: str) -> str:
    """`stretches`, `stretching` and `stretch` begin alike."""
    for ending in ("ing", "es", "s"):
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= 3 + (ending != "s"):
            return word.removesuffix(ending)
    return word


def words_in(text: str) -> set[str]:
    """Words, and what a hyphen joins as one word too: `push-up` is found as `pushup`."""
    joined = {"".join(re.findall(r"[^\W_]+", part)) for part in searchable(text).split() if "-" in part}
    return set(plain(text).split()) | joined


def link_rows(ids: Iterable[int]) -> Iterator[dict[str, Any]]:
    """Muscles, equipment and tags of all these exercises in one query."""
    parts = []
    for name, target, extra in (
        ("primary_muscles", "muscle", ("muscle__plain_name", "muscle__region")),
        ("secondary_muscles", "muscle", ("muscle__plain_name", "muscle__region")),
        ("equipment", "equipment", ()),
        ("tags", "movementtag", ()),
    ):
        through = getattr(Exercise, name).through
        plain_name, region = (F(extra[0]), F(extra[1])) if extra else (Value(""), Value(""))
        parts.append(
            through.objects.filter(exercise_id__in=ids).values(
                "exercise_id",
                part=Value(name),
                slug=F(f"{target}__slug"),
                name=F(f"{target}__name"),
                plain_name=plain_name,
                region=region,
            )
        )
    return iter(parts[0].union(*parts[1:], all=True))


def parts_in_language() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Says what a row of `link_rows` is called in the language of the moment."""
    kinds = {"primary_muscles": "muscle", "secondary_muscles": "muscle", "equipment": "equipment"}
    texts = texts_of_kinds(set(kinds.values()))
    return lambda link: link | texts.get((kinds.get(link["part"], ""), link["slug"]), {})


# Keyed by the rows and when each last changed, so every worker sees a change at once. A set for the public, one for
# staff, both again for each clinic with exercises of its own, and all again while they change; and so for another
# language. `translated`: when its words last changed.
@lru_cache(maxsize=24)
def index_of(rows: tuple[tuple[int, str], ...], order: str, translated: str) -> Index:
    ids = [pk for pk, _ in rows]
    found = in_language(Exercise.objects.filter(pk__in=ids))
    exercises = sorted(found, key=lambda e: (plain(getattr(e, order)), e.pk))
    links: dict[int, dict[str, list[dict[str, Any]]]] = {pk: {} for pk in ids}
    for link in sorted(map(parts_in_language(), link_rows(ids)), key=lambda link: str(link["name"])):
        links[link["exercise_id"]].setdefault(link["part"], []).append(link)

    slugs: dict[int | None, str] = {exercise.pk: exercise.slug for exercise in exercises}
    by_facet, named = empty_facets()
    names = {name: str(label) for name, label in FACETS.items()}
    index = Index(size=len(exercises), facets=by_facet, names=names, labels=named)
    for n, exercise in enumerate(exercises):
        parts = links[exercise.pk]
        primary, secondary = parts.get("primary_muscles", []), parts.get("secondary_muscles", [])
        own = [plain(exercise.name), plain(exercise.plain_name)]
        others = [plain(name) for name in exercise.also_known_as.split(";") if name]
        note(index.own_names, own, n)
        note(index.other_names, others, n)
        note(index.in_names, words_in(f"{exercise.name} {exercise.plain_name} {exercise.also_known_as}"), n)
        note(index.in_names, ("".join(pair) for name in own + others for pair in pairwise(name.split())), n)
        note(index.in_muscles, words_in(" ".join(f"{m['name']} {m['plain_name']}" for m in primary + secondary)), n)
        equipment, tags = parts.get("equipment", []), parts.get("tags", [])
        kinds = [exercise.category, exercise.get_position_display(), *(e["name"] for e in equipment)]
        texts = exercise.words_to_search(()) if translated else ""
        note(index.in_text, words_in(f"{exercise.search_text} {texts} {' '.join(kinds)}"), n)
        note(index.facets["category"], [exercise.category], n)
        note(index.facets["region"], [m["region"] for m in primary], n)
        note(index.facets["position"], [exercise.position], n)
        note(index.facets["equipment"], [e["slug"] for e in equipment] or [NO_EQUIPMENT], n)
        note(index.facets["level"], [str(exercise.level)], n)
        note(index.facets["phase"], exercise.phases, n)
        note(index.facets["without"], [t["slug"] for t in tags], n)
        index.labels["equipment"] |= {e["slug"]: e["name"][:1].upper() + e["name"][1:] for e in equipment}
        index.labels["without"] |= {t["slug"]: t["name"] for t in tags}
        index.cards.append(card_of(exercise, primary, equipment, tags, slugs))
    for name in ("equipment", "without"):
        labels = index.labels[name]
        in_order = sorted(index.facets[name], key=lambda value: (value != NO_EQUIPMENT, searchable(labels[value])))
        index.facets[name] = {value: index.facets[name][value] for value in in_order}
    for name, masks in index.facets.items():
        index.options[name] = [
            (f"{name}-{value.replace(' ', '-')}", value, index.labels[name][value], mask)
            for value, mask in masks.items()
        ]
    index.words = sorted({*index.in_names, *index.in_muscles, *index.in_text})
    return index


def note(masks: dict[str, int], values: Iterable[str], n: int) -> None:
    for value in values:
        masks[value] = masks.get(value, 0) | 1 << n


def empty_facets() -> tuple[dict[str, dict[str, int]], dict[str, dict[str, str]]]:
    """A closed list offers its values in its own order, whichever of them the catalogue uses."""
    closed: Mapping[str, Any] = {
        "category": Category,
        "region": BodyRegion,
        "position": Position,
        "level": Level,
        "phase": Phase,
    }
    labels: dict[str, dict[str, str]] = {
        name: {str(value): label[:1].upper() + label[1:] for value, label in closed[name].choices}
        if name in closed
        else {}
        for name in FACETS
    }
    labels["equipment"][NO_EQUIPMENT] = gettext("Nothing needed")
    return {name: dict.fromkeys(labels[name], 0) for name in FACETS}, labels


def card_of(
    exercise: Exercise,
    muscles: list[dict[str, Any]],
    equipment: list[dict[str, Any]],
    tags: list[dict[str, Any]],
    slugs: Mapping[int | None, str],
) -> Card:
    return Card(
        id=exercise.pk,
        slug=exercise.slug,
        name=exercise.name,
        plain_name=exercise.plain_name,
        category=exercise.category,
        position=exercise.position,
        level=exercise.level,
        muscles=", ".join(m["name"] for m in muscles),
        plain_muscles=", ".join(dict.fromkeys(m["plain_name"] for m in muscles)),
        equipment=tuple(e["slug"] for e in equipment),
        tags=tuple(t["slug"] for t in tags),
        clinician_only=exercise.clinician_only,
        pose=exercise.pose,
        picture=exercise.picture,
        picture_alt=exercise.picture_alt,
        worked=tuple(m["slug"] for m in muscles),
        easier=slugs.get(exercise.regression_id, ""),
        harder=slugs.get(exercise.progression_id, ""),
        review_by=exercise.review_by,
        blocked_for=tuple(exercise.blocked_for),
        is_own=exercise.clinic_key is not None,
    )

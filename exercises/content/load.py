"""Brings the starter catalogue, written in the TOML files beside this module, into the database.

Each row remembers in `loaded_hash` what the files last wrote into it. A row that still says just that follows its
file. A row that an admin has edited since is theirs: it is left alone, and named when its file has changed too,
until somebody asks for the file's version with `overwrite`.
"""

import hashlib
import json
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from exercises.governance import UPDATE_DAYS, attribute, look_again
from exercises.models import Category, Equipment, Exercise, MovementTag, Muscle

HERE = Path(__file__).parent
SOURCE = "Common physiotherapy practice, written for the starter catalogue"
Values = dict[str, Any]
Parts = dict[Any, dict[str, Any]]

WORDS = [
    "name",
    "plain_name",
    "also_known_as",
    "category",
    "position",
    "equipment_note",
    "phases",
    "level",
    "measure",
    "side",
    "sets",
    "reps",
    "hold_s",
    "minutes",
    "rest_s",
    "times_per_day",
    "days_per_week",
    "cautions",
    "clinician_only",
    "purpose",
    "setup",
    "steps",
    "cues",
    "mistakes",
    "ease_off",
    "feel",
    "pose",
]
PARTS: dict[str, Any] = {
    "primary_muscles": Muscle,
    "secondary_muscles": Muscle,
    "equipment": Equipment,
    "tags": MovementTag,
}
LADDER = ("regression", "progression")
VOCABULARIES: dict[Any, tuple[str, list[str]]] = {
    Muscle: ("muscles.toml", ["name", "plain_name", "region"]),
    Equipment: ("equipment.toml", ["name"]),
    MovementTag: ("tags.toml", ["name", "meaning"]),
}


@dataclass
class Outcome:
    """What loading did to one kind of row; the lists hold slugs."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    edited_here: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = {name.replace("_", " "): len(slugs) for name, slugs in vars(self).items()}
        return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing in the files"


def load_catalogue(*, overwrite: Collection[str] = ()) -> dict[str, Outcome]:
    """`overwrite` names slugs whose edits give way to the files; "all" means every one."""
    with transaction.atomic():
        outcomes = {
            str(model._meta.verbose_name_plural): load_vocabulary(model, overwrite=overwrite)
            for model in VOCABULARIES
        }
        outcomes["exercises"] = load_exercises(overwrite=overwrite)
        attribute(Exercise, source=SOURCE)
        look_again(Exercise.objects.filter(slug__in=outcomes["exercises"].updated).with_parts(), until=grace())
    return outcomes


def read(name: str) -> dict[str, Values]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def read_exercises() -> dict[str, Values]:
    """Every exercise of the files by slug, with the default of each column that its table leaves out."""
    blank = Exercise()
    empty: Values = {name: getattr(blank, name) for name in WORDS} | dict.fromkeys(LADDER) | {p: [] for p in PARTS}
    tables: dict[str, Values] = {}
    for category in Category:
        for slug, table in read(f"exercises/{category.value}.toml").items():
            tables[slug] = empty | table | {"category": category.value}
            if "minutes" in table:
                tables[slug]["minutes"] = Decimal(str(table["minutes"]))
            pose = HERE / "poses" / f"{slug}.pose"
            if pose.exists():
                tables[slug]["pose"] = pose.read_text(encoding="utf-8").strip()
    return tables


def digest(values: Values) -> str:
    same = {key: sorted(value) if key in PARTS else value for key, value in values.items()}
    return hashlib.sha256(json.dumps(same, sort_keys=True, default=float).encode()).hexdigest()


def sort_out(
    wanted: dict[str, Values], rows: dict[str, Any], current: dict[str, Values], overwrite: Collection[str]
) -> Outcome:
    """Which rows follow their file and which are left alone."""
    outcome = Outcome()
    names = {values.get("name", slug): slug for slug, values in current.items()}
    for slug, values in wanted.items():
        row = rows.get(slug)
        in_file = digest(values)
        in_database = digest(current[slug]) if row else ""
        if in_file == in_database:
            outcome.unchanged.append(slug)
        elif names.get(values.get("name", slug), slug) != slug:
            outcome.left_alone.append(slug)  # another row took the name; no file decides that
        elif row is None:
            outcome.created.append(slug)
        elif row.loaded_hash == in_database or slug in overwrite or "all" in overwrite:
            outcome.updated.append(slug)
        elif row.loaded_hash == in_file:
            outcome.edited_here.append(slug)
        else:
            outcome.left_alone.append(slug)
    return outcome


def load_vocabulary(model: Any, *, overwrite: Collection[str] = ()) -> Outcome:
    file, columns = VOCABULARIES[model]
    wanted = read(file)
    rows = {row.slug: row for row in model.objects.all()}
    current = {slug: {name: getattr(row, name) for name in columns} for slug, row in rows.items()}
    outcome = sort_out(wanted, rows, current, overwrite)
    changed = []
    for slug in (*outcome.created, *outcome.updated):
        row = rows.setdefault(slug, model(slug=slug))
        for name in columns:
            setattr(row, name, wanted[slug][name])
        row.loaded_hash = digest(wanted[slug])
        changed.append(row)
    model.objects.bulk_create([row for row in changed if row.pk is None])
    model.objects.bulk_update([row for row in changed if row.slug in outcome.updated], [*columns, "loaded_hash"])
    return outcome


def load_exercises(*, overwrite: Collection[str] = ()) -> Outcome:
    wanted = read_exercises()
    rows = {row.slug: row for row in Exercise.objects.with_parts()}
    slugs = {row.pk: slug for slug, row in rows.items()}
    current = {slug: values_of(row, slugs) for slug, row in rows.items()}
    outcome = sort_out(wanted, rows, current, overwrite)

    for slug in (*outcome.created, *outcome.updated):
        row = rows.setdefault(slug, Exercise(slug=slug))
        for name in WORDS:
            setattr(row, name, wanted[slug][name])
        row.loaded_hash = digest(wanted[slug])
        row.updated_at = timezone.now()
    created = [rows[slug] for slug in outcome.created]
    updated = [rows[slug] for slug in outcome.updated]
    Exercise.objects.bulk_create(created)
    # A row that says what its file says, whoever wrote it, follows its file from now on.
    agreed = [rows[slug] for slug in outcome.unchanged if rows[slug].loaded_hash != digest(wanted[slug])]
    for row in agreed:
        row.loaded_hash = digest(wanted[row.slug])
    Exercise.objects.bulk_update(agreed, ["loaded_hash"])
    if not (changed := [*created, *updated]):
        return outcome

    parts: Parts = {model: {row.slug: row for row in model.objects.all()} for model in VOCABULARIES}
    for row in changed:
        for name in LADDER:
            neighbour = wanted[row.slug][name]
            setattr(row, name, rows[neighbour] if neighbour else None)
        muscles = [
            parts[Muscle][m] for name in ("primary_muscles", "secondary_muscles") for m in wanted[row.slug][name]
        ]
        row.search_text = row.words_to_search(muscles)
    Exercise.objects.bulk_update(changed, [*WORDS, *LADDER, "search_text", "loaded_hash", "updated_at"])
    links = write_links(changed, wanted, parts)
    write_history(created, links, "+")
    write_history(updated, links, "~")
    return outcome


def grace() -> date:
    """Until when what an update changed may be prescribed and read before somebody of the clinic has reviewed it."""
    return timezone.localdate() + timedelta(days=UPDATE_DAYS)


def values_of(row: Exercise, slugs: dict[int, str]) -> Values:
    values = {name: getattr(row, name) for name in WORDS}
    values |= {name: [part.slug for part in getattr(row, name).all()] for name in PARTS}
    return values | {name: slugs.get(getattr(row, f"{name}_id")) for name in LADDER}


def write_links(rows: list[Exercise], wanted: dict[str, Values], parts: Parts) -> dict[str, list[Any]]:
    links = {}
    for name, model in PARTS.items():
        through = getattr(Exercise, name).through
        through.objects.filter(exercise__in=rows).delete()
        links[name] = through.objects.bulk_create(
            through(exercise=row, **{str(model._meta.model_name): parts[model][slug]})
            for row in rows
            for slug in wanted[row.slug][name]
        )
    return links


def write_history(rows: list[Exercise], links: dict[str, list[Any]], kind: str) -> None:
    """In bulk the history library writes only the rows themselves; their links are added here as it would."""
    entries = Exercise.history.bulk_history_create(
        rows, update=kind == "~", default_change_reason="Loaded from the starter catalogue"
    )
    entry_of = {entry.id: entry for entry in entries}
    for name, made in links.items():
        past = getattr(Exercise.history.model, name).model
        past.objects.bulk_create(
            past(
                history=entry_of[link.exercise_id],
                **{column.attname: getattr(link, column.attname) for column in link._meta.concrete_fields},
            )
            for link in made
            if link.exercise_id in entry_of
        )

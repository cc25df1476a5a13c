"""The whole table, conditions × starter catalogue, as a file: a change of a rule or a tag shows as a difference in it."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

from clinic.prescriptions.safety import Facts, Standing, match
from clinic.prescriptions.safety_rules import EVERYONE, RULES
from exercises.content.load import read_exercises

SNAPSHOT = Path(__file__).parent / "safety_snapshot.csv"
# Conditions are taken without a date, as most stand on records; the day does not matter then.
ANY_DAY = date(2026, 1, 1)


def starter_facts() -> dict[str, Facts]:
    """The starter catalogue as its files have it, without a database."""
    return {
        slug: Facts(
            slug=slug,
            name=row["name"],
            category=row["category"],
            level=row["level"],
            tags=frozenset(row["tags"]),
            equipment=frozenset(row["equipment"]),
            muscles=frozenset(row["primary_muscles"]),
            easier=row["regression"] or "",
            harder=row["progression"] or "",
            clinician_only=row["clinician_only"],
        )
        for slug, row in read_exercises().items()
    }


def computed() -> str:
    """One row an exercise, one column a condition, and one first for everybody: n none, c caution, b block."""
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["exercise", EVERYONE, *(rule.code for rule in RULES)])
    for slug, facts in sorted(starter_facts().items()):
        nobody = match([], facts, ANY_DAY).level.letter
        alone = [match([Standing(rule.code)], facts, ANY_DAY).level.letter for rule in RULES]
        rows.writerow([slug, nobody, *alone])
    return text.getvalue()


def differences(stored: str, now: str) -> list[str]:
    """In words, as: plank, osteoporosis: n, now c."""
    old, new = (_cells(text) for text in (stored, now))
    return [
        f"{exercise}, {condition}: {old.get((exercise, condition), 'nothing')}, now {new.get((exercise, condition), 'nothing')}"
        for exercise, condition in sorted(old.keys() | new.keys())
        if old.get((exercise, condition)) != new.get((exercise, condition))
    ]


def _cells(text: str) -> dict[tuple[str, str], str]:
    return {
        (row["exercise"], condition): letter
        for row in csv.DictReader(StringIO(text))
        for condition, letter in row.items()
        if condition != "exercise"
    }

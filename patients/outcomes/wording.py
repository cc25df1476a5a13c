"""The text of a licensed questionnaire, where the clinic has added it as a data file (`items/README.md`)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from patients.outcomes.measures import RMDQ, Measure

FOLDER = Path(__file__).parent / "items"
STATEMENTS = {RMDQ.slug: 24}


class UnusableItems(Exception):
    """The file is not what `items/README.md` describes."""


@dataclass(frozen=True, slots=True)
class Wording:
    version: str
    language: str
    citation: str
    lead: str
    statements: tuple[str, ...]


def wording_of(measure: Measure) -> Wording | None:
    """The text of the measure's statements; None where there is no file, and only the score can be entered."""
    return _read(FOLDER / f"{measure.slug}.toml", STATEMENTS[measure.slug]) if measure.slug in STATEMENTS else None


@cache
def _read(path: Path, count: int) -> Wording | None:
    if not path.exists():
        return None
    try:
        said = tomllib.loads(path.read_text())
        words = {name: str(said[name]) for name in ("version", "language", "citation", "lead")}
        wording = Wording(statements=tuple(str(text) for text in said["statements"]), **words)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, UnicodeDecodeError) as fault:
        raise UnusableItems(f"{path.name}: {fault}") from fault
    if len(wording.statements) != count:
        raise UnusableItems(f"{path.name}: {count} statements are needed, and {len(wording.statements)} are there.")
    if not wording.version or len(wording.version) > 18 or len(wording.language) > 10:
        raise UnusableItems(f"{path.name}: the version has 1 to 18 letters, the language at most 10.")
    return wording


def is_answered_by_patient(measure: Measure) -> bool:
    return measure.is_own or wording_of(measure) is not None

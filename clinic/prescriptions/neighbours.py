"""The easier and the harder exercise beside each one on the ladder, and what of a dose fits there. Pure functions."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from clinic.prescriptions.dosage import Dosage
from clinic.prescriptions.drafting import SCHEDULE, default_dosage
from clinic.prescriptions.safety import BLOCK, Facts, Match
from clinic.prescriptions.safety_reading import Catalogue, Precautions
from exercises.governance import is_vouched_for
from exercises.models import Exercise

EASIER, HARDER = "easier", "harder"
# What somebody does of one exercise and can be asked of its neighbour. Not the load: that is the exercise's own.
AMOUNT = ("sets", "reps", "rep_list", "hold_s", "minutes", "rest_s", "rpe", "rir")


@dataclass(frozen=True)
class Step:
    """One step on the ladder, with how the exercise there stands against the patient's conditions."""

    to: str
    facts: Facts
    match: Match

    @property
    def is_blocked(self) -> bool:
        return self.match.level == BLOCK


def neighbour(exercise: Facts, to: str, catalogue: Catalogue) -> Facts | None:
    """What the exercise names; else the nearest that names the exercise from the other side."""
    named = exercise.easier if to == EASIER else exercise.harder
    if named in catalogue:
        return catalogue[named]
    naming = [
        other
        for other in catalogue.values()
        if (other.harder if to == EASIER else other.easier) == exercise.slug and other.slug != exercise.slug
    ]
    return min(naming, key=lambda other: (abs(other.level - exercise.level), other.name), default=None)


def steps(exercise: Facts, catalogue: Catalogue, precautions: Precautions, taken: Collection[str]) -> list[Step]:
    """Easier first. What is in the plan already is no step, and neither is what nobody vouches for today."""
    found = ((to, neighbour(exercise, to, catalogue)) for to in (EASIER, HARDER))
    return [
        Step(to, facts, precautions.match(facts))
        for to, facts in found
        if facts and facts.slug not in taken and is_vouched_for(facts.review_by, precautions.today)
    ]


def fitting(dosage: Dosage, exercise: Exercise) -> Dosage:
    """The dose as far as the exercise is measured alike, else its usual one; the days stay as they are."""
    usual = default_dosage(exercise)
    if usual.measure == dosage.measure:
        both_sided = usual.side != "none" and dosage.side != "none"
        kept = {name: getattr(dosage, name) for name in AMOUNT} | ({"side": dosage.side} if both_sided else {})
        usual = replace(usual, **kept)
    return replace(usual, **{name: getattr(dosage, name) for name in SCHEDULE})

"""A patient's conditions and what was decided about them, read once for a whole page or check."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from clinic.prescriptions.models import PrescribedExercise, SafetyDecision
from clinic.prescriptions.safety import (
    BLOCK,
    CAUTION,
    Decided,
    Facts,
    Match,
    Standing,
    Strength,
    alternatives,
    is_dated,
    match,
    unsettled,
)
from clinic.prescriptions.safety_rules import EVERYONE
from exercises.index import Card
from exercises.models import Exercise
from patients.models import Patient, PatientCondition

Catalogue = Mapping[str, Facts]


@dataclass(frozen=True)
class LineSafety:
    """How one exercise of a plan stands.

    open: what still stands in the way. decidable: the part of it that a decision can settle. codes: the conditions that a decision made here is for. decision: the
    newest that counts. swaps: what can stand in. needs_date: only a dated clearance opens the way.
    """

    match: Match
    open: Strength
    decidable: Strength
    codes: tuple[str, ...]
    decision: SafetyDecision | None
    swaps: tuple[Facts, ...]
    needs_date: bool

    @property
    def is_block(self) -> bool:
        return self.match.level == BLOCK

    @property
    def asks_override(self) -> bool:
        return self.decidable == BLOCK

    @property
    def asks_look(self) -> bool:
        return self.decidable == CAUTION

    @property
    def reasons(self) -> list[str]:
        """The clinician's words for it, strongest first; a clearance has a field of its own."""
        return [each.why for each in self.match.because if each.code != EVERYONE]

    @staticmethod
    def wants_date(name: str) -> str:
        return gettext("%(exercise)s needs clearance: write who cleared it and when.") % {"exercise": name}

    def obstacles(self, name: str) -> list[str]:
        """Why the plan cannot be sent, in words; empty when this exercise does not stand in the way."""
        found = [self.wants_date(name)] if self.needs_date else []
        if self.asks_override or self.asks_look:
            why = " ".join(
                each.why for each in self.match.because if each.strength == self.decidable and each.code != EVERYONE
            )
            todo = (
                gettext("Swap it, or keep it with a reason.")
                if self.decidable == BLOCK
                else gettext("Say that you have seen it.")
            )
            found.append(f"{name}. {why} {todo}")
        return found


@dataclass(frozen=True)
class Precautions:
    """What a patient's exercises are matched against."""

    today: date
    conditions: tuple[PatientCondition, ...]
    decisions: Mapping[int, tuple[SafetyDecision, ...]]

    @property
    def standing(self) -> tuple[Standing, ...]:
        return tuple(Standing(each.code, each.since) for each in self.conditions)

    def match(self, exercise: Facts) -> Match:
        return match(self.standing, exercise, self.today)

    def line(
        self,
        exercise: int,
        facts: Facts,
        clearance: str,
        catalogue: Catalogue | None = None,
        taken: Collection[str] = (),
    ) -> LineSafety:
        """`exercise` is its key. With a catalogue, what stands in for a blocked one is looked for."""
        matched = self.match(facts)
        decided = [(each, self._decided(each)) for each in self.decisions.get(exercise, ())]
        is_cleared = is_dated(clearance)
        open_ = unsettled(matched, (each for _, each in decided), is_cleared=is_cleared)
        codes = matched.all_codes - {EVERYONE}
        return LineSafety(
            match=matched,
            open=open_,
            decidable=unsettled(matched, (each for _, each in decided), is_cleared=True),
            codes=tuple(sorted(codes)),
            decision=next((row for row, each in decided if each.codes & codes), None) if matched.level else None,
            swaps=tuple(alternatives(facts, catalogue, self.standing, self.today, without=taken))
            if catalogue and open_ == BLOCK
            else (),
            needs_date=EVERYONE in matched.all_codes and not is_cleared,
        )

    def _decided(self, decision: SafetyDecision) -> Decided:
        """It holds for the conditions it was made for: not for one that was ended and came back since."""
        current = {each.code: each.added_at for each in self.conditions}
        codes = {code for code in decision.because if code in current and current[code] <= decision.decided_at}
        return Decided(decision.kind == SafetyDecision.OVERRIDE, frozenset(codes))


def precautions_of(patient: Patient, now: datetime | None = None) -> Precautions:
    """Two queries."""
    decisions: dict[int, list[SafetyDecision]] = {}
    for decision in patient.safety_decisions.select_related("decided_by"):
        decisions.setdefault(decision.exercise_id, []).append(decision)
    return Precautions(
        today=patient.local_day(now),
        conditions=tuple(patient.conditions.filter(ended_at=None)),
        decisions={exercise: tuple(rows) for exercise, rows in decisions.items()},
    )


def catalogue_facts(cards: Iterable[Card]) -> Catalogue:
    return {card.slug: facts_of_card(card) for card in cards}


def facts_of_card(card: Card) -> Facts:
    return Facts(
        slug=card.slug,
        name=card.name,
        category=card.category,
        level=card.level,
        tags=frozenset(card.tags),
        equipment=frozenset(card.equipment),
        muscles=frozenset(card.worked),
        easier=card.easier,
        harder=card.harder,
        clinician_only=card.clinician_only,
        review_by=card.review_by,
        blocked_for=frozenset(card.blocked_for),
    )


def facts_of(exercises: Collection[int]) -> dict[int, Facts]:
    """By key, read afresh and retired ones too; enough to match, without what alternatives need. Three queries."""
    rows = Exercise.objects.filter(pk__in=exercises).prefetch_related("tags", "equipment")
    return {
        row.pk: Facts(
            slug=row.slug,
            name=row.name,
            category=row.category,
            level=row.level,
            tags=frozenset(tag.slug for tag in row.tags.all()),
            equipment=frozenset(part.slug for part in row.equipment.all()),
            blocked_for=frozenset(row.blocked_for),
        )
        for row in rows
    }


def lines_safety(
    lines: Collection[PrescribedExercise], precautions: Precautions, catalogue: Catalogue | None = None
) -> list[LineSafety]:
    """One for each line, in their order. Without a catalogue the exercises' tags are read afresh, as what decides on
    sending has to; with one, only those of retired exercises are."""
    known = catalogue or {}
    missing = {line.exercise_id for line in lines if line.exercise.slug not in known}
    fresh = facts_of(missing) if missing else {}
    taken = {line.exercise.slug for line in lines}
    return [
        precautions.line(
            line.exercise_id,
            known.get(line.exercise.slug) or fresh[line.exercise_id],
            line.clearance,
            catalogue,
            taken,
        )
        for line in lines
    ]


def obstacles_of(lines: Collection[PrescribedExercise], safety: Iterable[LineSafety]) -> list[str]:
    words = (word for line, each in zip(lines, safety, strict=True) for word in each.obstacles(line.exercise.name))
    return list(dict.fromkeys(words))

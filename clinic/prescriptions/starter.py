"""The starter protocols: data files of the project, brought into the database by `manage.py load_protocols`."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from django.db import transaction

from clinic.prescriptions.dosage import Dosage, DosageError, Measure
from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.models import Importance, Protocol, ProtocolLine
from exercises.content.load import grace
from exercises.governance import SHIPPED_BY, Licence, look_again
from exercises.models import Exercise

FOLDER = Path(__file__).parent / "protocols"
SOURCE = "The guidelines and studies under Basis; doses from common physiotherapy practice"


@dataclass(frozen=True)
class StarterLine:
    stage: int
    stage_label: str
    phase: str
    exercise: str
    dose: str
    importance: int = Importance.SHOULD

    def dosage(self, exercise: Exercise) -> Dosage:
        """Rest comes from the catalogue; all else is as the file says."""
        return parse(self.dose, base=Dosage(Measure(exercise.measure), rest_s=exercise.rest_s))


@dataclass(frozen=True)
class Card:
    name: str
    summary: str
    suits: str
    not_for: str
    schedule: str
    progress: str
    stop: str
    basis: str
    weeks: int | None = None


@dataclass(frozen=True)
class Starter:
    slug: str
    card: Card
    lines: tuple[StarterLine, ...]
    stage_rules: dict[str, dict[str, Any]]


def read_starters() -> list[Starter]:
    return [_read(path) for path in sorted(FOLDER.glob("*.toml"))]


def _read(path: Path) -> Starter:
    data = tomllib.loads(path.read_text())
    stages = data.pop("stages")
    # What applies in every stage, and by stage what a move to the next one needs (`clinic.progression.stages`).
    always = {"0": data.pop("always")} if "always" in data else {}
    rules = always | {str(stage["number"]): stage["next"] for stage in stages if "next" in stage}
    # What comes first on a day with little time, and what last, by exercise: the same in every stage.
    ranks = dict.fromkeys(data.pop("must", ()), Importance.MUST) | dict.fromkeys(
        data.pop("if_time", ()), Importance.IF_TIME
    )
    lines = tuple(
        StarterLine(stage["number"], stage["label"], phase, exercise, dose, ranks.get(exercise, Importance.SHOULD))
        for stage in stages
        for phase, exercise, dose in stage["lines"]
    )
    return Starter(slug=path.stem, card=Card(**data), lines=lines, stage_rules=rules)


@dataclass(frozen=True)
class Loaded:
    added: list[str]
    unchanged: list[str]
    kept: list[str]  # edited here, so left alone
    replaced: list[str]


class UnknownExercises(Exception):
    """Protocols name exercises that the catalogue does not have."""


def load_starters(*, overwrite: bool = False) -> Loaded:
    """Adds the missing ones. One that differs from its file stays as it is, unless `overwrite`."""
    starters = read_starters()
    named = {line.exercise for starter in starters for line in starter.lines}
    exercises = {exercise.slug: exercise for exercise in Exercise.objects.filter(slug__in=named)}
    if missing := named - exercises.keys():
        raise UnknownExercises(", ".join(sorted(missing)))
    loaded = Loaded([], [], [], [])
    with transaction.atomic():
        standing = {p.slug: p for p in Protocol.objects.filter(clinic=None).prefetch_related("lines")}
        for starter in starters:
            protocol = standing.get(starter.slug)
            if protocol is None:
                _save(Protocol(slug=starter.slug), starter, exercises)
                loaded.added.append(starter.slug)
            elif _content(protocol) == _starter_content(starter, exercises):
                if protocol.stage_rules == starter.stage_rules and _ranks(protocol) == _starter_ranks(starter):
                    loaded.unchanged.append(starter.slug)
                else:
                    # Nobody edits these by hand: they follow the file as long as the rest does.
                    protocol.stage_rules = starter.stage_rules
                    protocol.save(update_fields=["stage_rules"])
                    _rank(protocol, starter)
                    loaded.replaced.append(starter.slug)
            elif overwrite:
                _save(protocol, starter, exercises)
                loaded.replaced.append(starter.slug)
            else:
                loaded.kept.append(starter.slug)
        shipped = Protocol.objects.filter(clinic=None, slug__in=[starter.slug for starter in starters])
        shipped.filter(author="", licence="").update(author=SHIPPED_BY, licence=Licence.MIT, source=SOURCE)
        look_again(shipped.filter(slug__in=loaded.replaced), until=grace())
    return loaded


Content = tuple[Card, list[tuple[int, str, str, int, Dosage]]]


def _content(protocol: Protocol) -> Content:
    card = Card(**{field.name: getattr(protocol, field.name) for field in fields(Card)})
    return card, [
        (line.stage, line.stage_label, line.phase, line.exercise_id, line.dosage) for line in protocol.lines.all()
    ]


def _starter_content(starter: Starter, exercises: dict[str, Exercise]) -> Content:
    lines = []
    for line in starter.lines:
        exercise = exercises[line.exercise]
        try:
            dosage = line.dosage(exercise)
        except DosageError as error:
            raise ValueError(f"{starter.slug}: {line.exercise}: {error}") from error
        lines.append((line.stage, line.stage_label, line.phase, exercise.pk, dosage))
    return starter.card, lines


def _ranks(protocol: Protocol) -> list[int]:
    return [line.importance for line in protocol.lines.all()]


def _starter_ranks(starter: Starter) -> list[int]:
    return [line.importance for line in starter.lines]


def _rank(protocol: Protocol, starter: Starter) -> None:
    lines = list(protocol.lines.all())
    for line, importance in zip(lines, _starter_ranks(starter), strict=True):
        line.importance = importance
    ProtocolLine.objects.bulk_update(lines, ["importance"])


def _save(protocol: Protocol, starter: Starter, exercises: dict[str, Exercise]) -> None:
    card, lines = _starter_content(starter, exercises)
    for field in fields(Card):
        setattr(protocol, field.name, getattr(card, field.name))
    protocol.stage_rules = starter.stage_rules
    protocol.save()
    protocol.lines.all().delete()
    ProtocolLine.objects.bulk_create(
        ProtocolLine(
            protocol=protocol,
            stage=stage,
            stage_label=label,
            phase=phase,
            exercise_id=exercise,
            position=position,
            dosage=dosage,
            importance=importance,
        )
        for position, ((stage, label, phase, exercise, dosage), importance) in enumerate(
            zip(lines, _starter_ranks(starter), strict=True)
        )
    )

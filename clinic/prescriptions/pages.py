"""What the pages around the builder show, fetched once and handed to the template as frozen dataclasses."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from clinic.prescriptions.builder import in_minutes
from clinic.prescriptions.changes import what_changed
from clinic.prescriptions.checks import fullest_day
from clinic.prescriptions.dosage_words import display
from clinic.prescriptions.models import (
    Easing,
    Importance,
    Pause,
    PrescribedExercise,
    Prescription,
    Protocol,
    ProtocolLine,
    ProtocolQuerySet,
)
from clinic.prescriptions.safety_reading import LineSafety, catalogue_facts, lines_safety, precautions_of
from clinic.prescriptions.vouching import lines_unvouched
from exercises.catalogue import cards_of
from exercises.governance import why_not
from exercises.models import Exercise, Phase
from patients.models import Patient


@dataclass(frozen=True)
class Item:
    exercise: Exercise
    dose: str
    note: str = ""
    clearance: str = ""
    rank: str = ""


@dataclass(frozen=True)
class Section:
    phase: Phase
    items: list[Item]


@dataclass(frozen=True)
class Sheet:
    """A prescription as it was sent."""

    sections: list[Section]
    session_minutes: int
    changes: list[str]
    versions: list[Prescription]
    draft: Prescription | None
    pause: Pause | None
    checked: "list[Checked]"

    @property
    def unseen(self) -> "list[Checked]":
        return [each for each in self.checked if each.safety.asks_look]


@dataclass(frozen=True)
class Checked:
    """An exercise that the patient's conditions speak against, what was decided, and whether it rests meanwhile."""

    line: PrescribedExercise
    url: str
    safety: LineSafety
    rests: bool


def sheet(prescription: Prescription) -> Sheet:
    lines = list(prescription.lines.select_related("exercise"))
    old = PrescribedExercise.objects.filter(prescription=prescription.replaces_id).select_related("exercise")
    everything = list(prescription.patient.prescriptions.select_related("published_by"))
    today = prescription.patient.local_day()
    return Sheet(
        sections=_sections(lines),
        session_minutes=in_minutes(fullest_day(lines).session_seconds),
        changes=what_changed(old, lines) if prescription.replaces_id else [],
        versions=[other for other in everything if not other.is_draft],
        draft=next((other for other in everything if other.is_draft), None),
        pause=prescription.pauses.on(today).select_related("paused_by").first() if prescription.is_live else None,
        checked=checked(prescription, lines),
    )


def checked(prescription: Prescription, lines: list[PrescribedExercise]) -> list[Checked]:
    """In the order of the plan; four queries."""
    patient = prescription.patient
    offered = cards_of(Exercise.objects.current().of_clinic(patient.clinic_id))
    precautions, catalogue = precautions_of(patient), catalogue_facts(offered)
    easings = patient.easings.filter(because=Easing.Because.SAFETY).on(precautions.today)
    resting = set(easings.values_list("thread", flat=True))
    url = reverse("prescription", args=[prescription.uuid])
    return [
        Checked(line, f"{url}lines/{line.uuid}/", safety, line.thread in resting)
        for line, safety in zip(lines, lines_safety(lines, precautions, catalogue), strict=True)
        if safety.reasons
    ]


def checked_for_record(patient: Patient) -> list[Checked]:
    """What conditions say about the plan that the patient has; for the record's page."""
    live = patient.prescriptions.live().first()
    return checked(live, list(live.lines.select_related("exercise"))) if live else []


def _sections(lines: Iterable[Any]) -> list[Section]:
    found: dict[Phase, list[Item]] = {phase: [] for phase in Phase}
    for line in lines:
        rank = "" if line.importance == Importance.SHOULD else str(Importance(line.importance).label)
        note, clearance = getattr(line, "note", ""), getattr(line, "clearance", "")
        item = Item(line.exercise, display(line.dosage), note, clearance, rank)
        found[Phase(line.phase)].append(item)
    return [Section(phase, items) for phase, items in found.items() if items]


@dataclass(frozen=True)
class Stage:
    """unvouched: its exercises that nobody vouches for, which keep it from being started."""

    number: int
    label: str
    exercises: int = 0
    unvouched: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
    """A protocol with the stages to start from; one without stages has the single stage 0. why_not: nobody vouches for
    it."""

    protocol: Protocol
    stages: list[Stage]
    why_not: str


@dataclass(frozen=True)
class Chooser:
    last: Prescription | None
    draft: Prescription | None
    own: list[Offer]
    starters: list[Offer]


def chooser(patient: Patient, protocols: ProtocolQuerySet) -> Chooser:
    counts: dict[int, dict[int, Stage]] = {}
    lines = ProtocolLine.objects.filter(protocol__in=protocols).order_by("protocol", "stage")
    for protocol, number, label, count in lines.values_list("protocol", "stage", "stage_label").annotate(
        n=Count("pk")
    ):
        stage = counts.setdefault(protocol, {}).get(number, Stage(number, label))
        counts[protocol][number] = Stage(number, stage.label, stage.exercises + count)
    today = timezone.localdate()
    unvouched = lines_unvouched(protocols, today)
    offers = [
        Offer(
            protocol,
            [
                replace(stage, unvouched=_of_stage(stage.number, unvouched.get(protocol.pk, [])))
                for stage in _stages(counts.get(protocol.pk, {}))
            ],
            why_not(protocol.review_by, today),
        )
        for protocol in protocols
    ]
    prescriptions = list(patient.prescriptions.select_related("edited_by"))
    return Chooser(
        last=next((it for it in prescriptions if not it.is_draft), None),
        draft=next((it for it in prescriptions if it.is_draft), None),
        own=[offer for offer in offers if offer.protocol.clinic_id],
        starters=[offer for offer in offers if not offer.protocol.clinic_id],
    )


def _of_stage(number: int, lines: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for stage, name in lines if stage in (0, number)))


def _stages(stages: dict[int, Stage]) -> list[Stage]:
    """Lines of stage 0 belong to every stage."""
    always = stages.pop(0).exercises if 0 in stages else 0
    if not stages:
        return [Stage(0, "", always)]
    return [Stage(it.number, it.label, it.exercises + always) for it in stages.values()]


@dataclass(frozen=True)
class ProtocolStage:
    """musts: what comes first on a day with little time."""

    stage: Stage
    sections: list[Section]
    musts: list[str]


def protocol_page(protocol: Protocol) -> list[ProtocolStage]:
    """Stage by stage, what applies in all of them last."""
    groups: dict[tuple[int, str], list[ProtocolLine]] = {}
    for line in protocol.lines.select_related("exercise"):
        groups.setdefault((line.stage, line.stage_label), []).append(line)
    return [
        ProtocolStage(
            Stage(number, label, len(lines)),
            _sections(lines),
            [line.exercise.name for line in lines if line.importance == Importance.MUST],
        )
        for (number, label), lines in sorted(groups.items(), key=lambda group: (group[0][0] or 99, group[0][1]))
    ]

"""One change for the plans of several patients: what it would do to each, and doing it, a revised version a patient.

Each version goes the way of any other, through `actions.publish` and its checks. What a condition blocks or cautions
against is decided patient by patient, never for several at once.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from clinic.prescriptions.actions import DraftExists, NotReady, publish, revise
from clinic.prescriptions.changes import what_changed
from clinic.prescriptions.checks import obstacles
from clinic.prescriptions.dosage import Dosage, DosageError, normal
from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.drafting import change_line, remove_line, swap_line
from clinic.prescriptions.models import Pause, PrescribedExercise, Prescription
from clinic.prescriptions.neighbours import fitting
from clinic.prescriptions.safety_reading import (
    Catalogue,
    Precautions,
    catalogue_facts,
    facts_of,
    lines_safety,
    obstacles_of,
)
from clinic.prescriptions.vouching import NotVouchedFor
from exercises.catalogue import cards_of
from exercises.models import Exercise
from patients.audit.actions import record
from patients.models import Clinician, Patient, PatientCondition, User
from patients.screening.standing import is_valid

# A second click within it finds what the first one did.
SAME_WITHIN = timedelta(minutes=10)


class Kind(StrEnum):
    REPLACE = "replace"
    DOSE = "dose"
    REMOVE = "remove"


@dataclass(frozen=True)
class Change:
    """What happens to every line of `exercise`: `other` takes its place, its dose becomes `dose`, or it goes."""

    exercise: Exercise
    kind: Kind
    other: Exercise | None = None
    dose: str = ""

    def dosage(self, line: PrescribedExercise) -> Dosage:
        """What is typed of a dose changes; what is not stays as each patient has it. DosageError if it does not fit."""
        if self.other:
            return fitting(line.dosage, self.other)
        found = parse(self.dose, base=line.dosage)
        found.validate()
        return found


@dataclass(frozen=True)
class Effect:
    """What the change does to one patient's plan, in the patient's words, or why it cannot be done here."""

    prescription: Prescription
    becomes: list[str]
    refused: list[str]

    @property
    def patient(self) -> Patient:
        return self.prescription.patient


class Said(StrEnum):
    SENT = "sent"
    SENT_BEFORE = "sent-before"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """How it went for one patient. now: the version that they have. why: what stood in the way."""

    patient: Patient
    now: Prescription
    said: Said
    why: list[str]


def plans_of(clinician: Clinician, now: datetime | None = None) -> list[Prescription]:
    """The plans in force today of the active patients in this clinician's care, with all that a check asks for. As many
    queries for eighty patients as for one."""
    now = now or timezone.now()
    seen = Patient.objects.visible_to(clinician.user).active().of_care_team(clinician)
    found = (
        Prescription.objects.live()
        .filter(patient__in=seen)
        .select_related("patient__clinic", "protocol")
        .prefetch_related(
            Prefetch("lines", PrescribedExercise.objects.select_related("exercise")),
            Prefetch("pauses", Pause.objects.all(), to_attr="all_pauses"),
            Prefetch("patient__conditions", PatientCondition.objects.filter(ended_at=None), to_attr="current"),
            "patient__safety_decisions",
            Prefetch("patient__prescriptions", Prescription.objects.drafts(), to_attr="drafts"),
        )
        .order_by("patient__last_name", "patient__first_name", "pk")
    )
    return [plan for plan in found if plan.is_in_force_on(plan.patient.local_day(now))]


def with_exercise(plans: Iterable[Prescription], exercise: Exercise) -> list[Prescription]:
    return [plan for plan in plans if any(line.exercise_id == exercise.pk for line in plan.lines.all())]


def in_use(plans: Iterable[Prescription]) -> list[tuple[Exercise, int]]:
    """Which exercises these plans have, and how many of the plans each; by name."""
    counted: dict[Exercise, int] = {}
    for plan in plans:
        for exercise in {line.exercise for line in plan.lines.all()}:
            counted[exercise] = counted.get(exercise, 0) + 1
    return sorted(counted.items(), key=lambda each: each[0].name)


def effects(plans: Sequence[Prescription], change: Change, *, by: User) -> list[Effect]:
    """`plans` as `plans_of` read them. Publishing checks again, afresh."""
    known = catalogue_facts(cards_of(Exercise.objects.visible_to(by)))
    theirs = {line.exercise_id: line.exercise.slug for plan in plans for line in plan.lines.all()}
    retired = [key for key, slug in theirs.items() if slug not in known]
    fresh = {facts.slug: facts for facts in facts_of(retired).values()} if retired else {}
    return [_effect(plan, change, known | fresh) for plan in plans]  # type: ignore[operator]


def _effect(plan: Prescription, change: Change, catalogue: Catalogue) -> Effect:
    old = list(plan.lines.all())
    today = plan.patient.local_day()
    refused = list(_in_the_way(plan, change, old))
    try:
        new = list(changed(old, change))
    except DosageError as error:
        return Effect(plan, [], refused + list(error.errors.values()))
    precautions = Precautions(
        today,
        tuple(plan.patient.current),  # type: ignore[attr-defined]
        _decisions(plan.patient),
    )
    safety = obstacles_of(new, lines_safety(new, precautions, catalogue))
    missing = obstacles(new, starts_on=today, ends_on=plan.ends_on, today=today, safety=safety)
    becomes = what_changed(old, new)
    if not becomes and not refused:
        refused = [gettext("Nothing would change here.")]
    return Effect(plan, becomes, refused + missing)


def changed(lines: Iterable[PrescribedExercise], change: Change) -> Iterator[PrescribedExercise]:
    """The lines as they would be; those given stay as they are."""
    for line in lines:
        if line.exercise_id != change.exercise.pk:
            yield line
        elif change.kind != Kind.REMOVE:
            new = copy(line)
            new.dosage = change.dosage(line)
            if change.other:
                new.exercise, new.note, new.clearance, new.told = change.other, "", "", {}
                new.thread = UUID(int=line.thread.int ^ 1)  # any other: it is another exercise
            yield new


def _in_the_way(plan: Prescription, change: Change, lines: Collection[PrescribedExercise]) -> Iterator[str]:
    patient, today = plan.patient, plan.patient.local_day()
    if patient.drafts:  # type: ignore[attr-defined]
        yield gettext("A draft is open. Change it there.")
    if any(pause.covers(today) for pause in plan.all_pauses):  # type: ignore[attr-defined]
        yield gettext("The plan is paused.")
    if patient.flag_level or not is_valid(today, checked_on=patient.checked_on, thresholds=patient.clinic.thresholds):
        yield gettext("The red-flag check comes first.")
    if change.other and any(line.exercise_id == change.other.pk for line in lines):
        yield gettext("%(exercise)s is in the plan already.") % {"exercise": change.other.name}


def _decisions(patient: Patient) -> dict[int, tuple]:
    found: dict[int, tuple] = {}
    for decision in patient.safety_decisions.all():
        found[decision.exercise_id] = (*found.get(decision.exercise_id, ()), decision)
    return found


def change_all(
    *,
    clinician: Clinician,
    chosen: Collection[UUID],
    change: Change,
    note: str = "",
    now: datetime | None = None,
) -> list[Outcome]:
    """The chosen versions, each patient by itself: one that cannot be changed is said, and the others go through."""
    now, by = now or timezone.now(), clinician.user
    standing = [plan for plan in plans_of(clinician, now) if plan.uuid in chosen]
    outcomes = [
        Outcome(effect.patient, effect.prescription, Said.REFUSED, effect.refused)
        if effect.refused
        else _change(effect.prescription, change, by=by, note=note, now=now)
        for effect in effects(standing, change, by=by)
    ]
    gone = replaced(clinician, set(chosen) - {plan.uuid for plan in standing})
    outcomes += [_after_another(plan, change, by=by, now=now) for plan in gone]
    sent = sum(outcome.said == Said.SENT for outcome in outcomes)
    if sent:
        record(
            by=by,
            action="prescriptions.changed",
            subject=f"exercise:{change.exercise.slug}",
            patients=sent,
            others=len(outcomes) - sent,
        )
    return outcomes


def replaced(clinician: Clinician, versions: Collection[UUID]) -> list[Prescription]:
    """Those of these versions that are not in force any more, of patients in this clinician's care."""
    seen = Patient.objects.visible_to(clinician.user).of_care_team(clinician)
    found = Prescription.objects.published().filter(uuid__in=versions, patient__in=seen)
    return list(found.select_related("patient__clinic").prefetch_related("lines__exercise"))


def _change(plan: Prescription, change: Change, *, by: User, note: str, now: datetime) -> Outcome:
    patient = plan.patient
    try:
        with transaction.atomic():
            # Of two clicks the second waits here, and finds what the first one did.
            live = Prescription.objects.select_for_update().get(pk=plan.pk)
            if not live.is_live:
                return _after_another(plan, change, by=by, now=now)
            draft = revise(prescription=plan, by=by)
            for line in draft.lines.select_related("exercise"):
                line.prescription = draft
                if line.exercise_id == change.exercise.pk:
                    _apply(line, change, by=by)
            sent = publish(draft=draft, by=by, note=note, edit=draft.edit, now=now)
    except NotReady as refusal:
        return Outcome(patient, plan, Said.REFUSED, refusal.obstacles)
    except NotVouchedFor as refusal:
        return Outcome(patient, plan, Said.REFUSED, refusal.reasons)
    except DosageError as error:
        return Outcome(patient, plan, Said.REFUSED, list(error.errors.values()))
    except DraftExists:
        return Outcome(patient, plan, Said.CHANGED, [gettext("A draft is open. Change it there.")])
    return Outcome(patient, sent, Said.SENT, [])


def _after_another(plan: Prescription, change: Change, *, by: User, now: datetime) -> Outcome:
    newer = Prescription.objects.filter(replaces=plan.pk).select_related("published_by").first()
    if newer is None or newer.published_at is None:
        return Outcome(plan.patient, plan, Said.CHANGED, [gettext("The plan was ended meanwhile.")])
    if newer.published_by == by and now - newer.published_at < SAME_WITHIN and _came_of(newer, plan, change):
        return Outcome(plan.patient, newer, Said.SENT_BEFORE, [])
    why = gettext("%(name)s sent a new version at %(time)s. It stays as it is.") % {
        "name": newer.published_by,
        "time": date_format(timezone.localtime(newer.published_at), "H:i"),
    }
    return Outcome(plan.patient, newer, Said.CHANGED, [why])


def _came_of(newer: Prescription, plan: Prescription, change: Change) -> bool:
    """Whether that version is what this change makes of the plan: from another tab it may be another change's."""
    try:
        return _doses(newer.lines.all()) == _doses(changed(plan.lines.all(), change))
    except DosageError:
        return False


def _doses(lines: Iterable[PrescribedExercise]) -> Counter[tuple[int, Dosage]]:
    return Counter((line.exercise_id, normal(line.dosage)) for line in lines)


def _apply(line: PrescribedExercise, change: Change, *, by: User) -> None:
    if change.kind == Kind.REMOVE:
        remove_line(line=line, by=by)
    elif change.other:
        swap_line(line=line, exercise=change.other, dosage=change.dosage(line), by=by)
    else:
        change_line(line=line, dosage=change.dosage(line), by=by)

"""Editing a draft. Each verb is one step: it can be undone, and no second editor is overwritten by it.

`edit` names the step that the person saw when they began; without it, the one `draft` was loaded with.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, Unpack
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.prescriptions.dosage import Dosage, Measure, Side, normal
from clinic.prescriptions.dosage_words import display
from clinic.prescriptions.models import DraftStep, Importance, PrescribedExercise, Prescription
from clinic.prescriptions.vouching import refuse_unvouched
from exercises.models import Category, Exercise, Phase
from exercises.words import in_a_sentence
from patients.audit.actions import record
from patients.models import User

PHASES = list(Phase)
BUILDS = {Category.STABILITY, Category.STRENGTH, Category.AEROBIC}
PLAN_FIELDS = {
    "title": "title",
    "starts_on": _("first day"),
    "ends_on": _("last day"),
    "note_to_patient": _("note to the patient"),
}
NUMBERS = {"sets", "reps", "hold_s", "minutes", "rest_s", "times_per_day"}
IN_A_ROW = timedelta(seconds=10)
SCHEDULE = ("times_per_day", "every_hours", "days_per_week", "weekdays", "as_needed")
LINE_FIELDS = ("phase", "position", "dosage", "importance", "note", "clearance")


Snapshot = dict[str, Any]  # the plan's fields and its lines, in JSON's types


class PlanFields(TypedDict, total=False):
    title: str
    starts_on: date
    ends_on: date | None
    note_to_patient: str


class LineFields(TypedDict, total=False):
    dosage: Dosage
    importance: int
    note: str
    clearance: str


class NotADraft(Exception):
    """It was sent to the patient meanwhile, and what is published never changes."""


class EditConflict(Exception):
    """The draft moved on since the step that this edit started from. Nothing was overwritten.

    by, at: who changed it and when; perhaps the same person in another tab.
    theirs: their steps in words, newest first; none when they took steps back. mine: this step in words.
    """

    def __init__(self, *, by: User | None, at: datetime, theirs: list[str], mine: str) -> None:
        self.by, self.at, self.theirs, self.mine = by, at, theirs, mine
        super().__init__(gettext("The draft was changed meanwhile."))


def default_dosage(exercise: Exercise) -> Dosage:
    """The catalogue's starting dosage, with each hold as a set that the patient ticks off."""
    return normal(
        Dosage(
            measure=Measure(exercise.measure),
            sets=exercise.sets,
            reps=exercise.reps,
            hold_s=exercise.hold_s or 0,
            minutes=exercise.minutes,
            rest_s=exercise.rest_s,
            side=Side(exercise.side),
            times_per_day=exercise.times_per_day,
            days_per_week=exercise.days_per_week,
        )
    )


def default_phase(exercise: Exercise) -> Phase:
    """The first that the catalogue names; what builds strength or endurance goes to the main part."""
    if not exercise.phases or (Phase.MAIN in exercise.phases and exercise.category in BUILDS):
        return Phase.MAIN
    return Phase(exercise.phases[0])


def add_exercise(
    *,
    draft: Prescription,
    exercise: Exercise,
    by: User,
    phase: str = "",
    dosage: Dosage | None = None,
    importance: int = Importance.SHOULD,
    edit: int | None = None,
) -> PrescribedExercise:
    dosage = dosage or default_dosage(exercise)
    dosage.validate()
    with _step(draft, by=by, edit=edit, said=gettext("%(exercise)s added") % {"exercise": exercise.name}) as lines:
        line = PrescribedExercise(
            prescription=draft,
            exercise=exercise,
            thread=threads_to_take_up(draft, lines).get(exercise.pk) or uuid4(),
            phase=phase or default_phase(exercise),
            dosage=normal(dosage),
            importance=importance,
        )
        lines.append(line)
    return line


def duplicate_line(*, line: PrescribedExercise, by: User, edit: int | None = None) -> PrescribedExercise:
    draft = line.prescription
    with _step(
        draft, by=by, edit=edit, said=gettext("%(exercise)s duplicated") % {"exercise": line.exercise.name}
    ) as lines:
        original = _find(lines, line)
        copy = PrescribedExercise(
            prescription=draft,
            exercise=original.exercise,
            phase=original.phase,
            dosage=original.dosage,
            importance=original.importance,
            note=original.note,
            clearance=original.clearance,
        )
        lines.insert(lines.index(original) + 1, copy)
    return copy


def change_line(
    *, line: PrescribedExercise, by: User, edit: int | None = None, **changes: Unpack[LineFields]
) -> None:
    """The dosage, its importance, the note to the patient and the clearance, or some of them."""
    said = []
    if "dosage" in changes:
        changes["dosage"].validate()
        changes["dosage"] = normal(changes["dosage"])
        said.append(f"{line.exercise.name}: {display(changes['dosage'])}")
    if changes.get("importance", line.importance) != line.importance:
        said.append(f"{line.exercise.name}: {in_a_sentence(Importance(changes['importance']).label)}")
    if changes.get("note", line.note) != line.note:
        said.append(
            gettext("note for %(exercise)s: %(note)s")
            % {"exercise": line.exercise.name, "note": changes["note"] or gettext("none")}
        )
    if changes.get("clearance", line.clearance) != line.clearance:
        said.append(
            gettext("clearance of %(exercise)s: %(clearance)s")
            % {"exercise": line.exercise.name, "clearance": changes["clearance"] or gettext("none")}
        )
    with _step(line.prescription, by=by, edit=edit, said=", ".join(said)) as lines:
        stored = _find(lines, line)
        for field, value in changes.items():
            setattr(stored, field, value)
            setattr(line, field, value)


def move_line(
    *, line: PrescribedExercise, phase: str, position: int | None = None, by: User, edit: int | None = None
) -> None:
    """To a place in a phase, counted from 0; without a position, to its end."""
    with _step(
        line.prescription, by=by, edit=edit, said=gettext("%(exercise)s moved") % {"exercise": line.exercise.name}
    ) as lines:
        moving = _find(lines, line)
        lines.remove(moving)
        moving.phase = phase
        neighbours = [other for other in lines if other.phase == phase]
        if position is None or position >= len(neighbours):
            lines.append(moving)
        else:
            lines.insert(lines.index(neighbours[max(position, 0)]), moving)


def nudge_line(*, line: PrescribedExercise, by: User, up: bool, edit: int | None = None) -> None:
    """One place up or down; past the edge of its phase into the neighbouring phase."""
    siblings = list(line.prescription.lines.filter(phase=line.phase))
    place = siblings.index(line) + (-1 if up else 1)
    if 0 <= place < len(siblings):
        move_line(line=line, phase=line.phase, position=place, by=by, edit=edit)
        return
    phase = PHASES.index(Phase(line.phase)) + (-1 if up else 1)
    if 0 <= phase < len(PHASES):
        move_line(line=line, phase=PHASES[phase], position=None if up else 0, by=by, edit=edit)


def remove_line(*, line: PrescribedExercise, by: User, edit: int | None = None) -> None:
    with _step(
        line.prescription, by=by, edit=edit, said=gettext("%(exercise)s removed") % {"exercise": line.exercise.name}
    ) as lines:
        lines.remove(_find(lines, line))


def swap_line(
    *, line: PrescribedExercise, exercise: Exercise, by: User, dosage: Dosage | None = None, edit: int | None = None
) -> PrescribedExercise:
    """Another exercise in its place, at `dosage` or at its own usual dose on the same days; a note about the old one
    goes with it."""
    draft, said = (
        line.prescription,
        gettext("%(exercise)s swapped for %(other)s") % {"exercise": line.exercise.name, "other": exercise.name},
    )
    with _step(draft, by=by, edit=edit, said=said) as lines:
        old = _find(lines, line)
        schedule = {name: getattr(old.dosage, name) for name in SCHEDULE}
        new = PrescribedExercise(
            prescription=draft,
            exercise=exercise,
            thread=threads_to_take_up(draft, lines).get(exercise.pk) or uuid4(),
            phase=old.phase,
            dosage=normal(dosage) if dosage else replace(default_dosage(exercise), **schedule),
            importance=old.importance,
        )
        lines[lines.index(old)] = new
    return new


def change_plan(*, draft: Prescription, by: User, edit: int | None = None, **changes: Unpack[PlanFields]) -> None:
    """Title, first and last day, note to the patient, or some of them."""
    names = ", ".join(str(PLAN_FIELDS[field]) for field, value in changes.items() if getattr(draft, field) != value)
    said = gettext("%(what)s changed") % {"what": names or gettext("nothing")}
    with _step(draft, by=by, edit=edit, said=said.capitalize()):
        for field, value in changes.items():
            setattr(draft, field, value)


def set_days(*, draft: Prescription, weekdays: tuple[int, ...], by: User, edit: int | None = None) -> None:
    """The same days for every line but those done as needed; none, or all seven, is every day."""
    days = () if len(weekdays) == 7 else tuple(sorted(set(weekdays)))
    names = ", ".join(str(WEEKDAY_NAMES[day]) for day in days) or gettext("every day")
    with _step(draft, by=by, edit=edit, said=gettext("Days for all exercises: %(days)s") % {"days": names}) as lines:
        for line in lines:
            if not line.dosage.as_needed:
                line.dosage = replace(line.dosage, weekdays=days, days_per_week=len(days) or 7)


def undo(*, draft: Prescription, by: User, edit: int | None = None) -> str:
    """Takes the last step back and says which; empty when there is none."""
    with _step(draft, by=by, edit=edit, said=gettext("Undo"), goes_back=True) as lines:
        step = draft.steps.first()
        if step is None:
            return ""
        lines[:] = _restored(draft, lines, step.before)
        step.delete()
    return step.said


def threads_to_take_up(draft: Prescription, lines: list[PrescribedExercise]) -> dict[int, UUID]:
    """By exercise, the threads of the replaced version that no line of the draft carries on yet, so that the
    history of an exercise goes on when a new version has it too."""
    if draft.replaces_id is None:
        return {}
    taken = {line.thread for line in lines}
    old = PrescribedExercise.objects.filter(prescription=draft.replaces_id).values_list("exercise", "thread")
    return {exercise: thread for exercise, thread in reversed(old) if thread not in taken}


def lock_draft(draft: Prescription, *, edit: int | None, mine: str) -> None:
    """Waits its turn, then checks that it is a draft still and that nobody changed it since step `edit`."""
    seen = draft.edit if edit is None else edit
    draft.refresh_from_db(
        fields=[*PLAN_FIELDS, "edit", "edited_at", "edited_by", "published_at", "replaces"],
        from_queryset=Prescription.objects.select_for_update(of=("self",)),
    )
    if not draft.is_draft:
        raise NotADraft
    check_edit(draft, edit=seen, mine=mine)


def check_edit(draft: Prescription, *, edit: int, mine: str) -> None:
    if draft.edit != edit:
        theirs = list(draft.steps.filter(edit__gte=edit).values_list("said", flat=True)[:5])
        raise EditConflict(by=draft.edited_by, at=draft.edited_at, theirs=theirs, mine=mine)


@contextmanager
def _step(
    draft: Prescription, *, by: User, edit: int | None, said: str, goes_back: bool = False
) -> Iterator[list[PrescribedExercise]]:
    """The one way to change a draft. Its body changes `draft` and the list of lines in memory; what differs
    afterwards is written, with a snapshot to undo it. A step that changes nothing leaves no trace. NotVouchedFor where
    it brings in what nobody vouches for; a step back only restores what was there."""
    with transaction.atomic():
        lock_draft(draft, edit=edit, mine=said)
        lines = list(draft.lines.select_related("exercise"))
        before = _snapshot(draft, lines)
        yield lines
        if not goes_back:
            had = {line["exercise"] for line in before["lines"]}
            refuse_unvouched([line.exercise for line in lines], into=draft, in_draft=had)
        _number(lines)
        after, now = _snapshot(draft, lines), timezone.now()
        if after == before:
            return
        if not goes_back:
            _remember(
                DraftStep(prescription=draft, edit=draft.edit, said=_shorten(said), before=before, by=by), after
            )
        _write(draft, lines, before)
        draft.edit += 1
        draft.edited_at, draft.edited_by = now, by
        draft.save(update_fields=[*PLAN_FIELDS, "edit", "edited_at", "edited_by"])
        record(
            by=by,
            action="prescription.undone" if goes_back else "prescription.edited",
            patient=draft.patient,
            subject=f"prescription:{draft.uuid}",
            lines=len(lines),
        )


def _remember(step: DraftStep, after: Snapshot) -> None:
    """One number stepped up or down several times in a row is one step to take back."""
    changed = _differences(step.before, after)
    last = step.prescription.steps.first() if [field for _, field in changed if field in NUMBERS] else None
    if (
        last
        and len(changed) == 1
        and last.by_id == step.by_id
        and timezone.now() - last.at < IN_A_ROW
        and _differences(last.before, step.before) == changed
    ):
        step.before = last.before
        last.delete()
    if step.before != after:
        step.save()


def _differences(before: Snapshot, after: Snapshot) -> set[tuple[str, str]]:
    """Line and field of each fact that is not the same; the plan's own facts have no line."""
    old, new = _facts(before), _facts(after)
    return {fact for fact in old.keys() | new.keys() if old.get(fact) != new.get(fact)}


def _facts(snapshot: Snapshot) -> dict[tuple[str, str], Any]:
    plan = {("", field): snapshot[field] for field in PLAN_FIELDS}
    lines = [(line["uuid"], line | line["dosage"]) for line in snapshot["lines"]]
    return plan | {(uuid, field): value for uuid, line in lines for field, value in line.items() if field != "dosage"}


def _number(lines: list[PrescribedExercise]) -> None:
    lines.sort(key=lambda line: PHASES.index(Phase(line.phase)))
    for position, line in enumerate(lines):
        line.position = position


def _find(lines: list[PrescribedExercise], line: PrescribedExercise) -> PrescribedExercise:
    return next(other for other in lines if other.uuid == line.uuid)


def _shorten(said: str) -> str:
    return said if len(said) <= 120 else f"{said[:119]}…"


def _snapshot(draft: Prescription, lines: list[PrescribedExercise]) -> Snapshot:
    plan = {field: getattr(draft, field) for field in PLAN_FIELDS}
    dates = {field: value.isoformat() for field, value in plan.items() if isinstance(value, date)}
    return plan | dates | {"lines": [_line_snapshot(line) for line in lines]}


def _line_snapshot(line: PrescribedExercise) -> dict[str, Any]:
    return {
        "uuid": str(line.uuid),
        "thread": str(line.thread),
        "exercise": line.exercise_id,
        "phase": str(line.phase),
        "position": line.position,
        "dosage": line.dosage.to_dict(),
        "importance": int(line.importance),
        "note": line.note,
        "clearance": line.clearance,
    }


def _restored(draft: Prescription, lines: list[PrescribedExercise], before: Snapshot) -> list[PrescribedExercise]:
    for field in PLAN_FIELDS:
        value = before[field]
        setattr(draft, field, date.fromisoformat(value) if value and field in ("starts_on", "ends_on") else value)
    standing = {str(line.uuid): line for line in lines}
    restored = []
    for was in before["lines"]:
        line = standing.get(was["uuid"]) or PrescribedExercise(
            prescription=draft, uuid=UUID(was["uuid"]), thread=UUID(was["thread"]), exercise_id=was["exercise"]
        )
        for field in was.keys() & set(LINE_FIELDS):
            setattr(line, field, Dosage.from_dict(was[field]) if field == "dosage" else was[field])
        restored.append(line)
    return restored


def _write(draft: Prescription, lines: list[PrescribedExercise], before: Snapshot) -> None:
    was = {line["uuid"]: line for line in before["lines"]}
    gone = was.keys() - {str(line.uuid) for line in lines}
    if gone:
        draft.lines.filter(uuid__in=gone).delete()
    PrescribedExercise.objects.bulk_create([line for line in lines if line.pk is None])
    changed = [line for line in lines if str(line.uuid) in was and _line_snapshot(line) != was[str(line.uuid)]]
    PrescribedExercise.objects.bulk_update(changed, LINE_FIELDS)

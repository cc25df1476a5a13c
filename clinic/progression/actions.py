"""What a clinician makes of proposals: accept, change in the builder, decline. All gates of publishing apply."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from clinic.prescriptions.actions import DraftExists, NotReady, publish, revise
from clinic.prescriptions.dosage import Dosage, normal
from clinic.prescriptions.drafting import add_exercise, change_line, change_plan, move_line, remove_line
from clinic.prescriptions.models import PrescribedExercise, Prescription, ProtocolLine
from clinic.prescriptions.vouching import refuse_unvouched
from clinic.progression import words
from clinic.progression.models import Proposal
from clinic.progression.rules import is_up
from clinic.progression.steps import on_same_days, scaled
from exercises.models import Exercise
from exercises.translations import in_language
from exercises.words import in_a_sentence
from patients.audit.actions import record
from patients.models import Patient, User
from patients.tasks.actions import resolve_kind
from patients.tasks.models import Kind

TASKS = {"PROG-8": Kind.STEP_BACK, "PROG-9": Kind.GAP}


class Overtaken(Exception):
    """Somebody decided meanwhile, or the plan moved on. Nothing was changed."""


class NotConfirmed(Exception):
    """The clinician has to confirm something first: form seen, or what the stage asks. `proposals` says which."""

    def __init__(self, proposals: list[Proposal]) -> None:
        self.proposals = proposals
        super().__init__("Confirm first.")


class NotScreened(Exception):
    """After 28 days away, a new red-flag screen comes first (PROG-9)."""


@dataclass(frozen=True)
class Accepted:
    """`became` is the next version, or a draft: there was one already, or it cannot be sent yet."""

    became: Prescription
    is_sent: bool
    obstacles: tuple[str, ...] = ()


def accept(
    *, proposals: Collection[Proposal], by: User, confirmed: Collection[Proposal] = (), now: datetime | None = None
) -> Accepted:
    """Several proposals of one patient become one version, with a note that says what is new and why. Where the
    patient has a draft, they go into it and nothing is sent. NotVouchedFor where one would bring in what nobody vouches
    for any more."""
    now = now or timezone.now()
    patient = _patient(proposals)
    with transaction.atomic():
        accepted = _locked(patient, proposals)
        if missing := [each for each in accepted if asks(each) and each not in confirmed]:
            raise NotConfirmed(missing)
        if any("screen" in each.change for each in accepted) and not _is_screened(patient, accepted[0]):
            raise NotScreened
        draft, is_new = _draft(accepted[0].prescription, by)
        said = [_apply(each, draft, by=by, now=now) for each in accepted]
        with override(patient.speaks):
            note = note_of(said, accepted)
        obstacles: tuple[str, ...] = ()
        if is_new:
            try:
                with transaction.atomic():
                    publish(draft=draft, by=by, note=note, now=now)
            except NotReady as error:
                draft.refresh_from_db()
                obstacles = tuple(error.obstacles)
        _settle(accepted, by=by, now=now, became=draft, reason=_confirmed(accepted))
        if draft.is_draft:
            _write_note(draft, note, by)
    return Accepted(became=draft, is_sent=not draft.is_draft, obstacles=obstacles)


def change(*, proposal: Proposal, by: User, now: datetime | None = None) -> Prescription:
    """A draft with the change in it, for the clinician to go on from. Nothing is sent."""
    now = now or timezone.now()
    with transaction.atomic():
        [chosen] = _locked(proposal.patient, [proposal])
        draft, _ = _draft(chosen.prescription, by)
        said = _apply(chosen, draft, by=by, now=now)
        with override(draft.patient.speaks):
            note = note_of([said], [chosen])
        _write_note(draft, note, by)
        _settle([chosen], by=by, now=now, became=draft, reason=gettext("Changed in the builder"))
    return draft


def decline(*, proposal: Proposal, by: User, reason: str, now: datetime | None = None) -> None:
    """Kept with its reason, and not proposed again for 14 days. Doing it twice changes nothing."""
    now = now or timezone.now()
    with transaction.atomic():
        Patient.objects.hold(proposal.patient_id)
        declined = Proposal.objects.undecided().filter(pk=proposal.pk).first()
        if declined is None:
            return
        declined.state, declined.reason = Proposal.DECLINED, reason
        declined.decided_at, declined.decided_by = now, by
        declined.save()
        _close_tasks([declined], by, gettext("Declined."))
        _record("declined", declined, by)
    proposal.refresh_from_db()


def asks(proposal: Proposal) -> list[str]:
    """What the clinician has to confirm before it is accepted, in words."""
    found = list(proposal.change.get("confirm", ()))
    return [*found, gettext("I have seen the form, and it is good")] if proposal.change.get("sign_off") else found


def note_of(said: Sequence[str], proposals: Sequence[Proposal]) -> str:
    """What is new, and why, for the patient: `Hold it for 25 seconds now. You did your sessions …`"""
    up = all(is_up(each.rule) for each in proposals)
    if any(each.rule == "PROG-9" for each in proposals):
        why = gettext("You were away for a while, so we start again gently.")
    elif up:
        why = str(words.SETTLED)
    elif any(is_up(each.rule) for each in proposals):
        why = ""
    else:
        why = str(words.EASIER)
    return " ".join(part for part in (*said, why) if part)


def _patient(proposals: Collection[Proposal]) -> Patient:
    patients = {each.patient_id: each.patient for each in proposals}
    if len(patients) != 1:
        raise ValueError("the proposals of one patient")
    return next(iter(patients.values()))


def _locked(patient: Patient, proposals: Collection[Proposal]) -> list[Proposal]:
    """The proposals as they stand, of one plan; Overtaken where one is not open any more."""
    Patient.objects.hold(patient.pk)
    found = Proposal.objects.open().filter(pk__in=[each.pk for each in proposals]).order_by("made_at", "pk")
    open_ones = list(found.select_related("prescription__protocol", "prescription__patient__clinic"))
    if len(open_ones) != len(set(proposals)) or len({each.prescription_id for each in open_ones}) != 1:
        raise Overtaken
    return open_ones


def _draft(live: Prescription, by: User) -> tuple[Prescription, bool]:
    try:
        return revise(prescription=live, by=by), True
    except DraftExists as exists:
        return exists.draft, False


def _is_screened(patient: Patient, proposal: Proposal) -> bool:
    patient.refresh_from_db(fields=["flag_level", "checked_on"])
    return (
        not patient.flag_level
        and patient.checked_on is not None
        and patient.checked_on >= patient.local_day(proposal.made_at)
    )


def _apply(proposal: Proposal, draft: Prescription, *, by: User, now: datetime) -> str:
    """Makes the change in the draft; what it means for the patient, in a sentence. A line that the draft has no longer
    needs no change."""
    change = proposal.change
    if proposal.thread is None:
        return _apply_to_all(proposal, draft, by=by)
    line = draft.lines.select_related("exercise").filter(thread=proposal.thread).first()
    if line is None:
        return ""
    line.prescription = draft
    if "remove" in change:
        remove_line(line=line, by=by)
        with override(draft.patient.speaks):
            return gettext("%(exercise)s: leave it out for now.") % {"exercise": _name(line.exercise)}
    dosage = Dosage.from_dict(change["dosage"])
    if "exercise" not in change:
        was = proposal.prescription.lines.get(thread=proposal.thread).dosage
        new = _moved(line.dosage, was, dosage)
        with override(draft.patient.speaks):
            said = f"{_name(line.exercise)}: {in_a_sentence(words.to_patient(line.dosage, new))}"
        change_line(line=line, dosage=new, by=by)
        return said
    exercise = Exercise.objects.current().get(slug=change["exercise"])
    return _replace(line, exercise, dosage, draft, by=by, now=now, signed=bool(change.get("sign_off")))


def _replace(
    line: PrescribedExercise, exercise: Exercise, dosage: Dosage, draft: Prescription, *, by: User, now: datetime,
    signed: bool,
) -> str:  # fmt: skip
    """The neighbour on the ladder in the place of the line, in a thread of its own: its history begins here."""
    place = list(draft.lines.filter(phase=line.phase)).index(line)
    remove_line(line=line, by=by)
    dosage = on_same_days(line.dosage, dosage)
    new = add_exercise(
        draft=draft, exercise=exercise, by=by, phase=line.phase, dosage=dosage, importance=line.importance
    )
    move_line(line=new, phase=line.phase, position=place, by=by)
    if signed:
        day = now.astimezone(draft.patient.zone).date()
        change_line(
            line=new,
            clearance=gettext("Form seen by %(name)s, %(day)s") % {"name": by, "day": date_format(day, "j F Y")},
            by=by,
        )
    with override(draft.patient.speaks):
        names = {"exercise": _name(exercise), "other": _name(line.exercise)}
        return gettext("%(exercise)s takes the place of %(other)s.") % names


def _name(exercise: Exercise) -> str:
    """The patient's word for it, in the language of the moment."""
    return in_language([exercise])[0].plain_name


def _moved(now: Dosage, was: Dosage, to: Dosage) -> Dosage:
    """What differs between `was` and `to`, done to the dosage as it is now: a draft may have changed the rest."""
    moved = {f.name: getattr(to, f.name) for f in fields(Dosage) if getattr(to, f.name) != getattr(was, f.name)}
    return replace(now, **moved)


def _apply_to_all(proposal: Proposal, draft: Prescription, *, by: User) -> str:
    change, said = proposal.change, ""
    if "stage" in change:
        _fill_stage(draft, change["stage"], was=proposal.prescription.stage, by=by)
        is_on = change["stage"] > proposal.prescription.stage
        with override(draft.patient.speaks):
            said = gettext("This is an earlier part of your plan.")
            if is_on:
                said = gettext("This is the next part of your plan.")
    if "volume" in change:
        for line in draft.lines.select_related("exercise"):
            line.prescription = draft
            if less := scaled(line.dosage, change["volume"]):
                change_line(line=line, dosage=less, by=by)
        with override(draft.patient.speaks):
            said = f"{said} {gettext('Everything is a bit less for now.')}".strip()
    return said


def _fill_stage(draft: Prescription, stage: int, *, was: int, by: User) -> None:
    """The lines of the new stage for those of the old one. What applies in every stage, and what the clinician added,
    stays as it is; an exercise of both stages keeps its thread."""
    lines = list(ProtocolLine.objects.filter(protocol=draft.protocol_id).select_related("exercise"))
    refuse_unvouched((), into=draft, protocol=draft.protocol)
    always = {line.exercise_id for line in lines if line.stage == 0}
    of_old = {line.exercise_id for line in lines if line.stage == was} - always
    new = {line.exercise_id: line for line in lines if line.stage == stage}
    for line in list(draft.lines.select_related("exercise")):
        line.prescription = draft
        if line.exercise_id in new and line.exercise_id in of_old:
            change_line(line=line, dosage=normal(new.pop(line.exercise_id).dosage), by=by)
        elif line.exercise_id in of_old:
            remove_line(line=line, by=by)
        else:
            new.pop(line.exercise_id, None)
    for each in sorted(new.values(), key=lambda line: line.position):
        add_exercise(
            draft=draft, exercise=each.exercise, by=by, phase=each.phase, dosage=each.dosage,
            importance=each.importance,
        )  # fmt: skip
    draft.stage = stage
    draft.save(update_fields=["stage"])


def _write_note(draft: Prescription, note: str, by: User) -> None:
    """Added to what the draft says already."""
    if note and note not in draft.note_to_patient:
        change_plan(draft=draft, note_to_patient=f"{draft.note_to_patient} {note}".strip()[:2000], by=by)


def _confirmed(proposals: Collection[Proposal]) -> str:
    said = [words_ for each in proposals for words_ in asks(each)]
    return (gettext("Confirmed: %(what)s") % {"what": "; ".join(said)})[:300] if said else ""


def _settle(
    proposals: Sequence[Proposal], *, by: User, now: datetime, became: Prescription, reason: str = ""
) -> None:
    for each in proposals:
        each.state, each.decided_at, each.decided_by = Proposal.ACCEPTED, now, by
        each.became, each.reason = became, reason
        each.save()
        _record("accepted", each, by)
    if not became.is_draft:
        # The others are of lines that the new version carries on, unless the whole plan moved.
        others = Proposal.objects.undecided().filter(prescription=proposals[0].prescription_id)
        if any(each.thread is None for each in proposals):
            others.update(state=Proposal.OVERTAKEN, decided_at=now)
        else:
            others.update(prescription=became)
    _close_tasks(proposals, by, gettext("Decided."))


def _close_tasks(proposals: Sequence[Proposal], by: User, note: str) -> None:
    """The tasks that asked for a decision, once nothing of their kind is left to decide."""
    patient = proposals[0].patient
    left = set(Proposal.objects.open().filter(patient=patient).values_list("rule", flat=True))
    for rule, kind in TASKS.items():
        if rule not in left and any(each.rule == rule for each in proposals):
            resolve_kind(patient=patient, kind=kind, by=by, note=note)
    if not left:
        resolve_kind(patient=patient, kind=Kind.PROPOSAL, by=by, note=note)


def _record(done: str, proposal: Proposal, by: User) -> None:
    record(
        by=by, action=f"proposal.{done}", patient=proposal.patient, subject=f"proposal:{proposal.uuid}",
        rule=proposal.rule,
    )  # fmt: skip

"""What clinicians do to a record. Each call is one transaction with its audit line inside."""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from patients.accounts.models import Clinic, Clinician, User
from patients.audit.actions import record
from patients.records.models import CareTeamMember, Episode, Goal, GoalStep, LeadChange, Note, Patient

# What follows when somebody else leads. Tasks, which go along, are above this slice and put themselves in.
LEAD_CHANGED: list[Callable[[LeadChange], None]] = []

# A note, or a new patient, sent twice by a double click or a reload is one.
SAME_WITHIN = timedelta(minutes=10)


class LooksLikeAnother(Exception):
    """The clinic may already have this person; `others` are the records to look at first."""

    def __init__(self, others: list[Patient]) -> None:
        super().__init__()
        self.others = others


class EditedMeanwhile(Exception):
    """Somebody saved the record after the form was opened. `patient` is as it now stands."""

    def __init__(self, patient: Patient) -> None:
        super().__init__()
        self.patient = patient


class LeadStays(Exception):
    """The lead leaves a care team only by handing over."""


def locked(patient: Patient) -> Patient:
    return Patient.objects.select_for_update().get(pk=patient.pk)


@transaction.atomic
def add_patient(
    *, clinician: Clinician, by: User, values: dict[str, Any], somebody_else_than: Collection[UUID] = ()
) -> Patient:
    """Raises LooksLikeAnother while there are look-alikes that `by` has not said to be somebody else."""
    clinic = Clinic.objects.select_for_update().get(pk=clinician.clinic_id)
    just_added = clinic.patients.filter(created_by=by, created_at__gt=timezone.now() - SAME_WITHIN, **values).first()
    if just_added and just_added.uuid not in somebody_else_than:
        return just_added
    patient = Patient(clinic=clinic, created_by=by, **values)
    others = Patient.objects.visible_to(by).looking_like(
        full_name=patient.full_name, born_on=patient.born_on, email=patient.email
    )
    if {other.uuid for other in others} - set(somebody_else_than):
        raise LooksLikeAnother(others)
    patient.save()
    CareTeamMember.objects.create(patient=patient, clinician=clinician, leads=True)
    _open_episode(patient, by, problem=patient.problem)
    record(by=by, action="patient.added", patient=patient, look_alikes=len(others))
    return patient


@transaction.atomic
def edit_patient(*, patient: Patient, by: User, values: dict[str, Any], based_on: int) -> Patient:
    current = locked(patient)
    changed = [name for name, value in values.items() if getattr(current, name) != value]
    if not changed:
        return current
    if current.edit != based_on:
        raise EditedMeanwhile(current)
    for name in changed:
        setattr(current, name, values[name])
    current.edit += 1
    current.edited_at, current.edited_by = timezone.now(), by
    current.save()
    record(by=by, action="patient.edited", patient=current, fields=changed)
    return current


@transaction.atomic
def speak(*, patient: Patient, by: User, language: str) -> None:
    """The language of the patient's pages and of what is written to them. Theirs to choose: no edit of the record."""
    if patient.language != language:
        patient.language = language
        patient.save(update_fields=["language"])
        record(by=by, action="language.chosen", patient=patient, language=language)


@transaction.atomic
def discharge(*, patient: Patient, by: User) -> None:
    current = locked(patient)
    if current.discharged_at:
        return
    current.discharged_at, current.discharged_by = timezone.now(), by
    current.save()
    _close_episode(current, by)
    current.invitations.open_at(timezone.now()).update(withdrawn_at=timezone.now(), withdrawn_by=by)
    current.family.standing().update(ended_at=timezone.now(), ended_by=by, token_hash=None)
    record(by=by, action="patient.discharged", patient=current)


@transaction.atomic
def reopen(*, patient: Patient, by: User) -> None:
    current = locked(patient)
    if not current.discharged_at:
        return
    current.discharged_at = current.discharged_by = None
    _open_episode(current, by, problem=current.problem)
    record(by=by, action="patient.reopened", patient=current)


@transaction.atomic
def start_episode(*, patient: Patient, by: User, problem: str = "", onset_on: date | None = None) -> Episode:
    """A new problem, or the old one after it had gone: the last episode closes, and the red-flag questions are asked
    again. Sent twice, it is one. Flags that no clinician has cleared stay."""
    current = locked(patient)
    just_started = current.episodes.filter(
        closed_on=None, problem=problem, onset_on=onset_on, opened_by=by, opened_at__gt=timezone.now() - SAME_WITHIN
    ).first()
    if just_started:
        return just_started
    _close_episode(current, by)
    episode = _open_episode(current, by, problem=problem, onset_on=onset_on)
    record(by=by, action="episode.started", patient=current, subject=f"episode:{episode.pk}")
    return episode


def _open_episode(patient: Patient, by: User, *, problem: str, onset_on: date | None = None) -> Episode:
    """Nothing was checked in it yet. `patient` is the locked row."""
    now = timezone.now()
    patient.checked_on = None
    patient.save()
    return Episode.objects.create(
        patient=patient, problem=problem, onset_on=onset_on, opened_on=patient.local_day(now), opened_at=now,
        opened_by=by,
    )  # fmt: skip


def _close_episode(patient: Patient, by: User) -> None:
    patient.episodes.filter(closed_on=None).update(closed_on=patient.local_day(), closed_by=by)


@transaction.atomic
def add_goal(*, patient: Patient, by: User, text: str, due_on: date | None = None) -> Goal:
    locked(patient)
    goal, is_new = Goal.objects.get_or_create(
        patient=patient, text=text, reached_at=None, dropped_at=None, defaults={"due_on": due_on, "added_by": by}
    )
    if is_new:
        record(by=by, action="goal.added", patient=patient, subject=f"goal:{goal.pk}")
    return goal


@transaction.atomic
def set_goal(*, goal: Goal, by: User, state: str) -> None:
    """`state` is what the goal shall be, so that saying it twice changes nothing: open, reached or dropped."""
    goal = Goal.objects.select_for_update().select_related("patient").get(pk=goal.pk)
    if state == goal.state:
        return
    now = timezone.now()
    goal.reached_at, goal.reached_by = (now, by) if state == Goal.REACHED else (None, None)
    goal.dropped_at, goal.dropped_by = (now, by) if state == Goal.DROPPED else (None, None)
    goal.save()
    record(by=by, action=f"goal.{state}", patient=goal.patient, subject=f"goal:{goal.pk}")


@transaction.atomic
def say_how_close(*, goal: Goal, by: User, close: int, day: date) -> None:
    """How close to the goal the patient is on that day. Said again, the later number counts; the same changes nothing."""
    goal = Goal.objects.select_for_update().select_related("patient").get(pk=goal.pk)
    step = goal.steps.filter(day=day, said_by=by).first() or GoalStep(goal=goal, day=day, said_by=by)
    if step.pk and step.close == close:
        return
    step.close, step.said_at = close, timezone.now()
    step.save()
    record(by=by, action="goal.step", patient=goal.patient, subject=f"goal:{goal.pk}")


@transaction.atomic
def write_note(
    *,
    patient: Patient,
    by: User,
    text: str = "",
    visit_on: date | None = None,
    adds_to: Note | None = None,
    **parts: str,
) -> Note:
    """`parts`: those of `Note.PARTS` that were written. Sent twice, it is one."""
    locked(patient)
    said = {"text": text, "visit_on": visit_on, "adds_to": adds_to, **dict.fromkeys(Note.PARTS, ""), **parts}
    just_written = patient.notes.filter(written_by=by, written_at__gt=timezone.now() - SAME_WITHIN, **said).first()
    if just_written:
        return just_written
    note = Note.objects.create(patient=patient, written_by=by, **said)
    record(by=by, action="note.written", patient=patient, subject=f"note:{note.pk}")
    return note


@transaction.atomic
def join_care_team(*, patient: Patient, by: User, clinician: Clinician) -> None:
    locked(patient)
    _, is_new = CareTeamMember.objects.get_or_create(patient=patient, clinician=clinician)
    if is_new:
        record(by=by, action="care_team.joined", patient=patient, subject=f"clinician:{clinician.pk}")


@transaction.atomic
def leave_care_team(*, patient: Patient, by: User, clinician: Clinician) -> None:
    locked(patient)
    for member in patient.care_team.filter(clinician=clinician):
        if member.leads:
            raise LeadStays
        member.delete()
        record(by=by, action="care_team.left", patient=patient, subject=f"clinician:{clinician.pk}")


@transaction.atomic
def hand_over(
    *, patient: Patient, by: User, to: Clinician, lead_stays: bool, note: str = "", sheet: UUID | None = None
) -> bool:
    """`to` leads from now on. The lead until now leaves the care team, unless `lead_stays` on it. Whether anything
    changed: handing over twice is handing over once."""
    locked(patient)
    before = patient.care_team.filter(leads=True).first()
    if before and before.clinician_id == to.pk:
        return False
    if before:
        before.leads = False
        before.save() if lead_stays else before.delete()
    CareTeamMember.objects.update_or_create(patient=patient, clinician=to, defaults={"leads": True})
    change = LeadChange.objects.create(
        patient=patient, before=before.clinician if before else None, to=to, at=timezone.now(), by=by, note=note,
        sheet=sheet,
    )  # fmt: skip
    record(by=by, action="care_team.handed_over", patient=patient, subject=f"clinician:{to.pk}")
    for follow in LEAD_CHANGED:
        follow(change)
    return True

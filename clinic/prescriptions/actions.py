"""The life of a prescription: drafted, published, revised, paused, ended; and protocols made from it."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext

from clinic.prescriptions.checks import obstacles
from clinic.prescriptions.dosage import normal
from clinic.prescriptions.drafting import PHASES, lock_draft, threads_to_take_up
from clinic.prescriptions.models import Pause, PrescribedExercise, Prescription, Protocol, ProtocolLine
from clinic.prescriptions.recheck import recheck
from clinic.prescriptions.safety_reading import lines_safety, obstacles_of, precautions_of
from clinic.prescriptions.telling import told
from clinic.prescriptions.vouching import refuse_unvouched, unvouched
from clinic.prescriptions.week_plan import week_plan
from exercises.governance import MONTHS, Licence, months_after
from exercises.models import Phase
from exercises.translations import by_language
from patients.audit.actions import record
from patients.models import Patient, User
from patients.screening.actions import is_stopped
from patients.screening.actions import obstacles as flag_obstacles


class DraftExists(Exception):
    """A patient has one draft at a time: `draft`."""

    def __init__(self, draft: Prescription) -> None:
        self.draft = draft
        super().__init__(gettext("This patient has a draft already."))


class NotReady(Exception):
    """The draft cannot be sent yet; `obstacles` says why, in words."""

    def __init__(self, obstacles: list[str]) -> None:
        self.obstacles = obstacles
        super().__init__(" ".join(obstacles))


def start_draft(
    *, patient: Patient, by: User, protocol: Protocol | None = None, stage: int = 1, from_last: bool = False
) -> Prescription:
    """Empty, from a stage of a protocol, or from the patient's last prescription. DraftExists if there is one;
    NotVouchedFor where nobody vouches for the protocol, or for an exercise that it would bring in.

    Where a prescription is live, the draft is its next version.
    """
    lines = []
    if protocol:
        chosen = protocol.lines.filter(stage__in=(0, stage)).select_related("exercise")
        lines = [
            PrescribedExercise(
                exercise=it.exercise, phase=it.phase, dosage=normal(it.dosage), importance=it.importance
            )
            for it in chosen
        ]
    elif from_last and (last := patient.prescriptions.published().first()):
        lines = _copies(last)
    return _draft(
        patient,
        lines,
        by=by,
        protocol=protocol,
        stage=stage if protocol else 0,
        starts_protocol=protocol is not None,
    )


def revise(*, prescription: Prescription, by: User) -> Prescription:
    """A draft with the same lines in the same threads. DraftExists if the patient has one."""
    return _draft(
        prescription.patient,
        _copies(prescription),
        by=by,
        protocol=prescription.protocol,
        stage=prescription.stage,
        title=prescription.title,
        ends_on=prescription.ends_on,
    )


def _copies(prescription: Prescription) -> list[PrescribedExercise]:
    fields = ("exercise", "thread", "phase", "dosage", "importance", "note", "clearance")
    lines = prescription.lines.select_related("exercise")
    return [PrescribedExercise(**{field: getattr(line, field) for field in fields}) for line in lines]


def _draft(
    patient: Patient,
    lines: list[PrescribedExercise],
    *,
    by: User,
    protocol: Protocol | None,
    stage: int,
    title: str = "",
    ends_on: date | None = None,
    starts_protocol: bool = False,
) -> Prescription:
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=patient.pk)  # two people starting at once: one draft
        if existing := patient.prescriptions.drafts().first():
            raise DraftExists(existing)
        live = patient.prescriptions.live().first()
        today = patient.local_day()
        draft = Prescription(
            patient=patient,
            protocol=protocol,
            stage=stage,
            replaces=live,
            version=live.version + 1 if live else 1,
            starts_on=today,
            ends_on=ends_on if ends_on and ends_on >= today else None,
            created_by=by,
            edited_by=by,
        )
        draft.title = title or (live.title if live else draft.title)
        if starts_protocol:
            refuse_unvouched([line.exercise for line in lines], into=draft, protocol=protocol)
        draft.save()
        if protocol:
            threads = threads_to_take_up(draft, [])
            for line in lines:
                line.thread = threads.pop(line.exercise_id, None) or uuid4()
        for position, line in enumerate(sorted(lines, key=lambda line: PHASES.index(Phase(line.phase)))):
            line.prescription, line.position = draft, position
        PrescribedExercise.objects.bulk_create(lines)
        _note(draft, by, "drafted", lines=len(lines))
    return draft


def discard_draft(*, draft: Prescription, by: User, edit: int | None = None) -> None:
    with transaction.atomic():
        lock_draft(draft, edit=edit, mine=gettext("Draft discarded"))
        _note(draft, by, "discarded")
        draft.delete()


def publish(
    *,
    draft: Prescription,
    by: User,
    note: str | None = None,
    edit: int | None = None,
    now: datetime | None = None,
) -> Prescription:
    """Sends the draft to the patient, with a note on what is new. It takes the place of the live version on its first day, today at the earliest.

    NotReady where something is missing; EditConflict where somebody else edited it. Doing it twice changes nothing.
    """
    now = now or timezone.now()
    with transaction.atomic():
        stored = Prescription.objects.select_for_update().get(pk=draft.pk)
        if not stored.is_draft:
            return stored
        lock_draft(draft, edit=edit, mine=gettext("Sent to the patient"))
        today = draft.patient.local_day(now)
        lines = list(draft.lines.select_related("exercise").prefetch_related("exercise__tags"))
        # Answers and conditions that come in at this moment wait, or were there first.
        Patient.objects.hold(draft.patient_id)
        safety = obstacles_of(lines, lines_safety(lines, precautions_of(draft.patient, now)))
        safety += unvouched(lines, draft)
        missing = obstacles(lines, starts_on=draft.starts_on, ends_on=draft.ends_on, today=today, safety=safety)
        if missing := missing + flag_obstacles(patient=draft.patient, day=today):
            raise NotReady(missing)
        draft.starts_on = max(draft.starts_on, today)
        draft.note_to_patient = draft.note_to_patient if note is None else note
        for live in draft.patient.prescriptions.live():
            _stop(live, by=by, now=now, on=draft.starts_on, reason=gettext("Replaced by a new version"))
            draft.replaces, draft.version = live, live.version + 1
        translated = by_language({line.exercise for line in lines})
        for line in lines:
            line.told = told(line.exercise, translated.get(("exercise", line.exercise.slug)))
        PrescribedExercise.objects.bulk_update(lines, ["told"])
        draft.week_plan = week_plan(lines)
        draft.published_at, draft.published_by = now, by
        draft.save()
        draft.steps.all().delete()
        _note(draft, by, "published", version=draft.version, lines=len(lines))
        # What was on hold in the version before may be gone from this one.
        recheck(patient=draft.patient, by=by, now=now)
    return draft


def end(*, prescription: Prescription, by: User, reason: str, now: datetime | None = None) -> None:
    """Stops it today. Ending twice changes nothing."""
    now = now or timezone.now()
    with transaction.atomic():
        live = Prescription.objects.live().select_for_update().filter(pk=prescription.pk).first()
        if live is None:
            return
        _stop(live, by=by, now=now, on=prescription.patient.local_day(now), reason=reason)
        _note(live, by, "ended")
    prescription.refresh_from_db()


def _stop(prescription: Prescription, *, by: User, now: datetime, on: date, reason: str) -> None:
    prescription.ended_at, prescription.ended_by, prescription.ended_on = now, by, on
    prescription.end_reason = reason
    prescription.save(update_fields=["ended_at", "ended_by", "ended_on", "end_reason"])


def pause(
    *, prescription: Prescription, by: User, reason: str, until: date | None = None, now: datetime | None = None
) -> Pause:
    """From today until a last day, or until it is resumed. A pause that is on already is answered with itself."""
    today = prescription.patient.local_day(now)
    with transaction.atomic():
        Prescription.objects.select_for_update().get(pk=prescription.pk)
        if standing := prescription.pauses.on(today).first():
            return standing
        made = Pause.objects.create(
            prescription=prescription, from_day=today, until_day=until, reason=reason, paused_by=by
        )
        _note(prescription, by, "paused")
    return made


def resume(*, prescription: Prescription, by: User, now: datetime | None = None) -> None:
    """From today on. Without a pause, nothing changes. NotReady while a red flag stops the program."""
    now = now or timezone.now()
    today = prescription.patient.local_day(now)
    with transaction.atomic():
        patient = Patient.objects.select_for_update().get(pk=prescription.patient_id)
        if is_stopped(patient):
            raise NotReady(flag_obstacles(patient=patient, day=today))
        standing = prescription.pauses.on(today).select_for_update().first()
        if standing is None:
            return
        standing.until_day = today - timedelta(days=1)
        standing.resumed_at, standing.resumed_by = now, by
        standing.save()
        _note(prescription, by, "resumed")


def save_as_protocol(*, prescription: Prescription, name: str, by: User, summary: str = "") -> Protocol:
    """The clinic's own protocol, with the lines of a draft or a prescription; nothing of the patient in it."""
    clinic = prescription.patient.clinic
    with transaction.atomic():
        taken = set(Protocol.objects.filter(clinic__in=[clinic]).values_list("slug", flat=True))
        taken |= set(Protocol.objects.filter(clinic=None).values_list("slug", flat=True))
        base = slugify(name)[:70] or "protocol"
        slug = next(s for s in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if s not in taken)
        protocol = Protocol.objects.create(slug=slug, clinic=clinic, name=name, summary=summary, made_by=by)
        ProtocolLine.objects.bulk_create(
            ProtocolLine(
                protocol=protocol,
                exercise=line.exercise,
                phase=line.phase,
                position=line.position,
                dosage=line.dosage,
                importance=line.importance,
            )
            for line in prescription.lines.select_related("exercise")
        )
        # Whoever makes a protocol of a plan has read it, and their name stands with it.
        name, today = str(by), timezone.localdate()
        protocol.author, protocol.licence = name, Licence.OWN
        protocol.vouch(name=name, day=today, until=months_after(today, MONTHS))
        protocol.save()
        record(by=by, action="protocol.saved", subject=f"protocol:{protocol.pk}")
    return protocol


def rename_protocol(*, protocol: Protocol, name: str, summary: str, by: User) -> None:
    with transaction.atomic():
        protocol.name, protocol.summary = name, summary
        protocol.save(update_fields=["name", "summary"])
        record(by=by, action="protocol.renamed", subject=f"protocol:{protocol.pk}")


def retire_protocol(*, protocol: Protocol, by: User) -> None:
    """No longer offered. Prescriptions made from it keep pointing at it."""
    with transaction.atomic():
        protocol.retired_at = protocol.retired_at or timezone.now()
        protocol.save(update_fields=["retired_at"])
        record(by=by, action="protocol.retired", subject=f"protocol:{protocol.pk}")


def note_view(*, prescription: Prescription, by: User) -> None:
    """Somebody of the staff opened the draft, or the plan that was sent."""
    record(
        by=by,
        action="record.viewed",
        patient=prescription.patient,
        subject=f"prescription:{prescription.uuid}",
        part="plan",
    )


def _note(prescription: Prescription, by: User, done: str, **detail: int) -> None:
    record(
        by=by,
        action=f"prescription.{done}",
        patient=prescription.patient,
        subject=f"prescription:{prescription.uuid}",
        **detail,
    )

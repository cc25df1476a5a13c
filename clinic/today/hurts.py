"""What a patient says of pain beside the session's questions: it hurts, how the next morning is, something went wrong."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from clinic.prescriptions.models import PrescribedExercise
from clinic.today.actions import NotInPlan, Outcome, skip
from clinic.today.follow_ups import exercise_stopped, said_of, session_said, stops_until
from clinic.today.models import AdverseEvent, Session, Skip, SkipReason
from clinic.today.pain import Concern, Said, asks_morning, concerns
from patients.audit.actions import record
from patients.models import Patient, User
from patients.records.pain_limits import Limits, limits_of
from patients.tasks.actions import SAME_DAY, for_colleagues, raise_task
from patients.tasks.models import Kind


class MorningPast(Exception):
    """The morning that the question was about is over, or has not come."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """An exercise that was stopped on pain, and what makes it more than that one stop."""

    pain: int
    moved_away: bool
    found: tuple[Concern, ...]
    limits: Limits


def stop_on_pain(
    *, patient: Patient, by: User, day: date, line: UUID, occasion: int, pain: int, moved: str = "",
    away_lasted: bool | None = None, at: datetime | None = None,
) -> Outcome:  # fmt: skip
    """The exercise is stopped for that occasion and excused (PAIN-5). The same twice says the same."""
    with transaction.atomic():
        Patient.objects.hold(patient.pk)
        stopped = Skip.objects.filter(patient=patient, day=day, line__uuid=line, occasion=occasion).first()
        is_new = stopped is None or stopped.pain != pain
        outcome = skip(
            patient=patient, by=by, day=day, line=line, occasion=occasion, reason=SkipReason.PAIN, pain=pain, at=at
        )
        meant, now = outcome.line, timezone.now()
        assert meant is not None
        place = {"moved": moved, "away_lasted": away_lasted} if moved else {}
        if place:
            session, made = Session.objects.get_or_create(
                patient=patient, day=day, occasion=occasion,
                defaults={**place, "started_at": at or now, "said_by": by},
            )  # fmt: skip
            is_new = is_new or made or (session.moved, session.away_lasted) != (moved, away_lasted)
            Session.objects.filter(pk=session.pk).update(**place, **({"said_at": at} if at and made else {}))
        if is_new:
            fields = ["pain", *place]
            late = {"tapped_at": at.isoformat()} if at else {}
            record(
                by=by, action="exercise.stopped", patient=patient, subject=f"line:{line}", day=day.isoformat(),
                occasion=occasion, fields=fields, **late,
            )  # fmt: skip
            exercise_stopped(
                patient=patient, by=by, thread=meant.thread, name=meant.told.name, day=day, occasion=occasion, pain=pain,
                said=Said(worst=pain, moved=moved, lasted=away_lasted), now=now,
            )  # fmt: skip
    return outcome


def stopped_on_pain(*, patient: Patient, thread: UUID, day: date, occasion: int) -> Stopped | None:
    """Four queries at most, and only asked for an exercise that was left out because it hurt."""
    skips = Skip.objects.visible_to(patient.user).filter(day=day, thread=thread, occasion=occasion)  # type: ignore[arg-type]
    pain = skips.values_list("pain", flat=True).first()
    if pain is None:
        return None
    limits = limits_of(patient)
    found = concerns(
        stops=stops_until(patient, day, limits), scores=(pain,), before=None, thresholds=patient.clinic.thresholds
    )
    away = Session.objects.filter(patient=patient, day=day, occasion=occasion, moved="away", away_lasted=True)
    return Stopped(pain, away.exists(), found, limits)


def say_morning(
    *, patient: Patient, by: User, day: date, occasion: int, pain: int, at: datetime | None = None
) -> Session:
    """How the back is on the morning after the session of `day` (PAIN-1). NotInPlan where there was none."""
    now = timezone.now().astimezone(patient.zone)
    with transaction.atomic():
        Patient.objects.hold(patient.pk)
        session = Session.objects.filter(patient=patient, day=day, occasion=occasion).first()
        if session is None:
            raise NotInPlan
        asked_at = at.astimezone(patient.zone) if at else now
        if not asks_morning(day, session.said_at, asked_at, patient.clinic.thresholds):
            raise MorningPast
        was = said_of(session)
        if session.pain_morning != pain:
            # Not `save`: when the session was answered is when it ended, and that stays.
            Session.objects.filter(pk=session.pk).update(pain_morning=pain)
            session.pain_morning = pain
            record(
                by=by, action="morning.said", patient=patient, day=day.isoformat(), occasion=occasion,
                fields=["pain_morning"], **({"tapped_at": at.isoformat()} if at else {}),
            )  # fmt: skip
            session_said(patient=patient, session=session, was=was, now=now)
    return session


@for_colleagues
def report_event(
    *, patient: Patient, by: User, key: UUID, kind: str, severity: str, happened_on: date,
    line: PrescribedExercise | None, text: str, now: datetime | None = None,
) -> AdverseEvent:  # fmt: skip
    """Something went wrong (PAIN-8): stored for good, and a task for the same day. `key` is made with the form, so that
    sending it twice reports it once."""
    now = now or timezone.now()
    with transaction.atomic():
        Patient.objects.hold(patient.pk)
        known = AdverseEvent.objects.filter(uuid=key).first()
        if known and known.patient_id == patient.pk:
            return known
        event = AdverseEvent.objects.create(
            uuid=uuid4() if known else key, patient=patient, kind=kind, severity=severity, line=line, text=text, happened_on=happened_on,
            reported_at=now, reported_by=by,
        )  # fmt: skip
        record(by=by, action="adverse_event.reported", patient=patient, subject=f"adverse_event:{event.uuid}")
        words = gettext("“%(kind)s”, “%(severity)s” on %(day)s; reported %(time)s")
        if line:
            words = gettext("“%(kind)s”, “%(severity)s” on %(day)s, %(exercise)s; reported %(time)s")
        words %= {
            "kind": event.get_kind_display(),
            "severity": event.get_severity_display(),
            "day": date_format(happened_on, "j F"),
            "exercise": line.exercise.name if line else "",
            "time": f"{now.astimezone(patient.zone):%H:%M}",
        }
        if by.helping:
            words = gettext("%(what)s by %(name)s, %(relation)s") % {
                "what": words, "name": by.helping.name, "relation": by.helping.relation,
            }  # fmt: skip
        raise_task(patient=patient, kind=Kind.ADVERSE, words=words, due_in=SAME_DAY, now=now)
    return event

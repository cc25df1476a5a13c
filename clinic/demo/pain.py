"""What the demo's patients say of pain beside their sessions: mornings, places, a stop, an adverse event; and a
patient with limits of her own. Deterministic given the date."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from clinic.prescriptions.models import PrescribedExercise
from clinic.today.follow_ups import exercise_stopped, session_said
from clinic.today.models import AdverseEvent, Moved, Session, Skip, SkipReason
from clinic.today.pain import Said
from patients.models import PainLimits, Patient
from patients.tasks.actions import SAME_DAY, raise_task
from patients.tasks.models import Kind

ASKED_FOR = timedelta(days=28)


def add_pain(today: date) -> None:
    """After the sessions are written. Yesterday's mornings are left for the patients to answer."""
    _mornings_and_places(today)
    _stop(Patient.objects.get(last_name="Okafarrow"), today)
    _adverse_event(Patient.objects.get(last_name="Thistlegrove"), today)
    _limits(Patient.objects.get(last_name="Delmarine"), today)
    _tasks(today)


def _mornings_and_places(today: date) -> None:
    rng, said = Random("backwell demo pain"), list[Session]()  # noqa: S311  a story, not a secret
    sessions = Session.objects.filter(day__gte=today - ASKED_FOR).order_by("patient__uuid", "day", "occasion")
    for session in sessions:
        if session.pain_before is not None and session.day < today - timedelta(days=1) and rng.random() < 0.8:
            session.pain_morning = max(0, min(10, session.pain_before + rng.choice((-1, -1, 0, 0, 0, 1, 2))))
        if session.pain_worst is not None and session.pain_worst >= 3 and rng.random() < 0.7:
            session.places = ["back", *rng.choice(((), (), ("buttock",), ("buttock", "thigh")))]
            session.moved = rng.choice((Moved.NOT, Moved.NOT, Moved.TOWARD))
            session.is_numb = False
        said.append(session)
    Session.objects.bulk_update(said, ["pain_morning", "places", "moved", "is_numb"], batch_size=500)


def _stop(patient: Patient, today: date) -> None:
    """He stopped an exercise two days ago, and does half of it since."""
    day = today - timedelta(days=2)
    line = _line(patient)
    assert patient.user
    Skip.objects.update_or_create(
        patient=patient,
        day=day,
        thread=line.thread,
        occasion=1,
        defaults={
            "line": line,
            "reason": SkipReason.PAIN,
            "pain": 7,
            "said_at": _at(day, 18),
            "said_by": patient.user,
        },
    )
    patient.check_offs.filter(day=day, thread=line.thread, occasion=1, set_number__gt=1).delete()
    exercise_stopped(
        patient=patient, by=patient.user, thread=line.thread, name=line.exercise.name, day=day, occasion=1, pain=7,
        said=Said(worst=7), now=_at(day, 18),
    )  # fmt: skip


def _adverse_event(patient: Patient, today: date) -> None:
    day = today - timedelta(days=1)
    line = _line(patient)
    assert patient.user
    AdverseEvent.objects.create(
        uuid=UUID(int=Random(f"backwell demo event {patient.last_name}").getrandbits(128), version=4),  # noqa: S311
        patient=patient,
        kind=AdverseEvent.Kind.FALL,
        severity=AdverseEvent.Severity.MILD,
        line=line,
        text="Caught my foot on the rug. I sat down hard but nothing hurts.",
        happened_on=day,
        reported_at=_at(day, 11),
        reported_by=patient.user,
    )
    words = f"“I fell”, “It passed by itself” on {day.day} {day:%B}, {line.exercise.name}"
    raise_task(patient=patient, kind=Kind.ADVERSE, words=words, due_in=SAME_DAY, now=_at(day, 11))


def _limits(patient: Patient, today: date) -> None:
    lead = patient.care_team.get(leads=True).clinician.user
    PainLimits.objects.create(
        patient=patient, green_to=3, amber_to=6, note="Usual pain 4 to 5; nerve settled, no spread.", set_by=lead
    )
    patient.pain_limits.update(set_at=_at(today - timedelta(days=20), 10))


def _tasks(today: date) -> None:
    """What the rules made of each patient's latest session, if it was in the last days."""
    latest: dict[int, Session] = {}
    recent = Session.objects.filter(day__gte=today - timedelta(days=3), patient__discharged_at=None)
    for session in recent.select_related("patient__clinic").order_by("patient__uuid", "day", "occasion"):
        latest[session.patient_id] = session
    for session in latest.values():
        session_said(patient=session.patient, session=session, was=Said(), now=session.said_at)


def _line(patient: Patient) -> PrescribedExercise:
    """The first main exercise of the plan in force."""
    plan = patient.prescriptions.live().latest("version")
    return (
        plan.lines.filter(phase="main")
        .exclude(exercise__slug="walking")
        .select_related("exercise")
        .order_by("position")[0]
    )


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)

"""Plans that patients have already, against conditions and tags as they are now (COND-2)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from clinic.prescriptions.models import Easing, PrescribedExercise, in_force_between
from clinic.prescriptions.safety import BLOCK, Match
from clinic.prescriptions.safety_reading import lines_safety, precautions_of
from patients.audit.actions import record
from patients.models import Patient, User
from patients.tasks.actions import raise_task, resolve_kind
from patients.tasks.models import Kind

WORDS_MAX = 300


def recheck(*, patient: Patient, by: User | None, now: datetime | None = None) -> list[str]:
    """What is blocked and not decided on rests from this minute, and a task says so; what no longer is comes back.

    Answers the names of the exercises that rest anew. `by` is None for the system itself.
    """
    with transaction.atomic():
        # Whoever publishes or changes conditions at this moment waits, or is waited for.
        Patient.objects.hold(patient.pk)
        today = patient.local_day(now)
        lines = _with_the_patient(patient, today)
        matched = zip(lines, lines_safety(lines, precautions_of(patient, now)), strict=True)
        blocked = {line.thread: (line, safety.match) for line, safety in matched if safety.open == BLOCK}
        resting = list(patient.easings.filter(because=Easing.Because.SAFETY, lifted_on=None))
        over = [each for each in resting if each.thread not in blocked]
        for each in over:
            each.lifted_on, each.lifted_by = today, by
        Easing.objects.bulk_update(over, ["lifted_on", "lifted_by"])
        known = {each.thread for each in resting}
        fresh = [
            Easing(
                patient=patient,
                thread=thread,
                kind=Easing.Kind.WITHHELD,
                because=Easing.Because.SAFETY,
                words=" ".join(each.why for each in match.because if each.strength == BLOCK)[:WORDS_MAX],
                from_day=today,
                made_by=by,
            )
            for thread, (_, match) in blocked.items()
            if thread not in known
        ]
        Easing.objects.bulk_create(fresh)
        if fresh or over:
            record(by=by, action="safety.rechecked", patient=patient, resting=len(fresh), back=len(over))
        if fresh:
            raise_task(patient=patient, kind=Kind.SAFETY, words=_task_words(blocked.values()), now=now)
        elif over and not blocked and by:
            resolve_kind(patient=patient, kind=Kind.SAFETY, by=by, note=gettext("Nothing is on hold any more."))
    return list(dict.fromkeys(blocked[each.thread][0].exercise.name for each in fresh))


def recheck_all(*, by: User | None, exercises: Iterable[int] | None = None, now: datetime | None = None) -> int:
    """Everybody who has a plan, or has one of these exercises in it. Answers how many exercises rest anew."""
    # A day of leeway for time zones; each patient's own recheck is exact.
    since = (now or timezone.now()).date() - timedelta(days=1)
    lines = PrescribedExercise.objects.filter(in_force_between(since, date.max, "prescription__"))
    if exercises is not None:
        lines = lines.filter(exercise__in=exercises)
    patients = Patient.objects.filter(pk__in=lines.values("prescription__patient")).select_related("clinic")
    return sum(len(recheck(patient=patient, by=by, now=now)) for patient in patients)


def resting_names(patient: Patient) -> list[str]:
    """What rests for the patient until a clinician decides; two queries."""
    threads = patient.easings.filter(because=Easing.Because.SAFETY, lifted_on=None).values_list("thread", flat=True)
    lines = PrescribedExercise.objects.filter(prescription__patient=patient, thread__in=list(threads))
    return sorted(set(lines.values_list("exercise__name", flat=True)))


def _with_the_patient(patient: Patient, today: date) -> list[PrescribedExercise]:
    """Of every version in force from today on: a new version may start later than today."""
    lines = PrescribedExercise.objects.filter(
        in_force_between(today, date.max, "prescription__"), prescription__patient=patient
    )
    return list(lines.select_related("exercise"))


def _task_words(blocked: Iterable[tuple[PrescribedExercise, Match]]) -> str:
    """Everything that rests now, so that the task says how things stand and not only what came last."""
    each = {
        line.exercise.name: " ".join(b.why for b in match.because if b.strength == BLOCK) for line, match in blocked
    }
    said = "\n".join(f"{name}. {why}" for name, why in sorted(each.items()))
    return gettext("On hold for the patient until you decide:\n%(listed)s") % {"listed": said}

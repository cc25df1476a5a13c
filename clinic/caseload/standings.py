"""Standings: where each patient of a clinic stands on its caseload, kept so that thousands are sorted in one query.

Nothing that a patient does waits for this. Every change of a record leaves an audit line, so the lines since the last
round say whose standing is out of date; `stands_until` says the same of what time changes. A page reads those patients
anew and everybody else's standing as it is kept: it is right at any moment, and fast as long as a timer runs
`manage.py keep_standings` every few minutes.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q

from clinic.caseload.cases import SETTLED_DAYS, Case, cases_among
from clinic.caseload.models import Standing, StandingsKept
from clinic.caseload.topics import bits_of
from patients.audit.models import AuditEvent
from patients.models import Clinic, Invitation, Patient
from patients.tasks.models import Task

AT_ONCE = 500  # patients read and written in one go
# Longer than any transaction takes: an audit line that is younger may have neighbours nobody sees yet.
UNSETTLED = timedelta(seconds=60)
BUSY = timedelta(minutes=10)
LOOKS = Q()
for ending in (".viewed", ".listed", ".read", ".printed", ".exported", ".fetched"):
    LOOKS |= Q(action__endswith=ending)
FIGURES = ("clinic", "place", "name_key", "topics", "is_new", "has_plan", "lead", "stands_until")


def keep_standings(now: datetime, *, anew: bool = False) -> int:
    """Brings every clinic's standings up to date; how many were written. `anew`: all of them. Two at once do no harm."""
    return sum(_keep(clinic, now, anew) for clinic in Clinic.objects.all())


def kept_of(clinic: Clinic) -> StandingsKept | None:
    """None where there is nothing to go by: no round was made yet, or the clinic has changed its limits since."""
    return StandingsKept.objects.filter(clinic=clinic, rules=digest(clinic), kept_at__isnull=False).first()


def digest(clinic: Clinic) -> str:
    return sha256(repr((clinic.thresholds, clinic.week_starts_on)).encode()).hexdigest()[:16]


def changed_since(kept: StandingsKept, now: datetime) -> list[int]:
    """Patients of the clinic whose standing may no longer be true. Two queries."""
    lines = AuditEvent.objects.filter(pk__gt=kept.seen, clinic=str(kept.clinic_id)).exclude(LOOKS)
    seen = set(lines.order_by().values_list("patient", flat=True)) - {""}
    written = Patient.objects.filter(uuid__in=seen).order_by().values_list("pk")
    over = Standing.objects.filter(clinic=kept.clinic_id, stands_until__lte=now).order_by().values_list("pk")
    return [pk for (pk,) in written.union(over)]


def standing_of(case: Case, clinic: Clinic, until: datetime) -> Standing:
    return Standing(
        patient_id=case.pk,
        clinic=clinic,
        place=case.place,
        name_key=case.name_key,
        topics=bits_of(reason.kind for reason in case.reasons),
        is_new=case.is_new,
        has_plan=case.has_plan,
        lead_id=case.lead,
        stands_until=until,
    )


def _keep(clinic: Clinic, now: datetime, anew: bool) -> int:
    StandingsKept.objects.get_or_create(clinic=clinic)
    free = StandingsKept.objects.filter(clinic=clinic).exclude(busy_until__gt=now)
    if not free.update(busy_until=now + BUSY):
        return 0
    settled = AuditEvent.objects.filter(at__lt=now - UNSETTLED).order_by("-pk").values_list("pk", flat=True)
    seen, rules = settled.first() or 0, digest(clinic)
    kept = None if anew else kept_of(clinic)
    everybody = clinic.patients.order_by("pk").values_list("pk", flat=True)
    whose = changed_since(kept, now) if kept else list(everybody)
    written = sum(_write(clinic, whose[n : n + AT_ONCE], now) for n in range(0, len(whose), AT_ONCE))
    StandingsKept.objects.filter(clinic=clinic).update(seen=seen, rules=rules, kept_at=now, busy_until=None)
    return written


def _write(clinic: Clinic, patients: Sequence[int], now: datetime) -> int:
    cases = cases_among(clinic.patients.filter(pk__in=patients), clinic, now)
    until = _next_moments(patients, now)
    rows = [standing_of(case, clinic, min([_midnight(case), *until[case.pk]])) for case in cases]
    with transaction.atomic():
        # Only the clinic's own: who went to another clinic may stand on its caseload already.
        gone = set(patients) - {case.pk for case in cases}
        Standing.objects.filter(clinic=clinic, pk__in=gone).delete()
        Standing.objects.bulk_create(rows, update_conflicts=True, unique_fields=["patient"], update_fields=FIGURES)
    return len(rows)


def _midnight(case: Case) -> datetime:
    return datetime.combine(case.today + timedelta(days=1), time(), case.zone)


def _next_moments(patients: Sequence[int], now: datetime) -> dict[int, list[datetime]]:
    """When a task wakes up, falls due or is long settled, and when an invitation runs out."""
    settled = timedelta(days=SETTLED_DAYS)
    tasks = Task.objects.filter(patient__in=patients).filter(Q(resolved_at=None) | Q(resolved_at__gt=now - settled))
    moments: dict[int, list[datetime]] = defaultdict(list)
    for patient, due, snoozed, resolved in tasks.values_list("patient", "due_at", "snoozed_until", "resolved_at"):
        moments[patient] += [resolved + settled] if resolved else [due, snoozed or due]
    for patient, expires in (
        Invitation.objects.open_at(now).filter(patient__in=patients).values_list("patient", "expires_at")
    ):
        moments[patient].append(expires)
    return defaultdict(list, {pk: [at for at in ats if at > now] for pk, ats in moments.items()})

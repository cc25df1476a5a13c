"""A clinician says when they are away and who covers. From its first day to its last, and not a moment longer than it
stands, `covered_by` gives whoever covers the patients, tasks and messages of whoever is away."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from patients.accounts.absences import Absence, Cover
from patients.accounts.models import Clinic, Clinician, User
from patients.audit.actions import record
from patients.team.rules import Part


class AwayAlready(Exception):
    """These days meet an absence that was said before."""

    def __init__(self, absence: Absence) -> None:
        super().__init__()
        self.absence = absence


class CoverIsAway(Exception):
    """Whoever should cover part `number` is away then."""

    def __init__(self, number: int, absence: Absence) -> None:
        super().__init__()
        self.number, self.absence = number, absence


@transaction.atomic
def announce(*, clinician: Clinician, by: User, parts: Sequence[Part[Clinician]]) -> Absence:
    """`parts` lie side by side. The same said twice is one absence. The clinic's row is held, so that two who name each
    other at the same moment do not both go."""
    clinic = Clinic.objects.select_for_update().get(pk=clinician.clinic_id)
    first, last = parts[0].first_day, parts[-1].last_day
    said = Absence.objects.filter(clinician=clinician).meeting(first, last).first()
    if said and _is_same(said, parts):
        return said
    if said:
        raise AwayAlready(said)
    for number, part in enumerate(parts):
        away = Absence.objects.filter(clinician=part.who).meeting(part.first_day, part.last_day)
        if absence := away.select_related("clinician__user").first():
            raise CoverIsAway(number, absence)
    absence = Absence.objects.create(clinician=clinician, first_day=first, last_day=last, said_by=by)
    Cover.objects.bulk_create(
        Cover(absence=absence, clinician=part.who, first_day=part.first_day, last_day=part.last_day) for part in parts
    )
    note_who_is_away(clinic)
    record(by=by, action="absence.said", subject=f"absence:{absence.uuid}", covers=len(parts))
    return absence


@transaction.atomic
def end(*, absence: Absence, by: User) -> None:
    """Over at once, or never begun. Whoever covered sees these patients no more. Twice changes nothing."""
    clinic = Clinic.objects.select_for_update().get(pk=absence.clinician.clinic_id)
    if Absence.objects.standing().filter(pk=absence.pk).update(ended_at=timezone.now(), ended_by=by):
        note_who_is_away(clinic)
        record(by=by, action="absence.ended", subject=f"absence:{absence.uuid}")


def note_who_is_away(clinic: Clinic) -> None:
    standing = Absence.objects.standing().filter(clinician__clinic=clinic, last_day__gte=clinic.today())
    Clinic.objects.filter(pk=clinic.pk).update(away_until=standing.aggregate(last=Max("last_day"))["last"])


def _is_same(absence: Absence, parts: Sequence[Part[Clinician]]) -> bool:
    said = [(each.clinician_id, each.first_day, each.last_day) for each in absence.covers.all()]
    return said == [(part.who.pk, part.first_day, part.last_day) for part in parts]

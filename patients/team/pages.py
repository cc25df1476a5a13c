"""What the pages of the team show, each in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, IntegerField, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from patients.accounts.absences import Absence, Cover
from patients.accounts.models import Clinician, User
from patients.records.models import CareTeamMember, LeadChange, Patient, PatientCondition
from patients.tasks.models import Kind, Task
from patients.team.models import EmergencyAccess, Transfer
from patients.team.rules import Part, is_alone

EMERGENCY_DAYS = 90
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class PartRow:
    cover: Clinician
    first_day: date
    last_day: date
    is_alone: bool


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    absence: Absence
    is_now: bool
    parts: tuple[PartRow, ...]


@dataclass(frozen=True, slots=True)
class TeamPage:
    """`counts_all`: how many patients colleagues have is said only where records are shared."""

    colleagues: list[Clinician]
    absences: tuple[AbsenceRow, ...]
    alone: list[Patient]
    more_alone: int
    emergencies: list[EmergencyAccess]
    transfers: list[Transfer]
    counts_all: bool


def team_page(clinician: Clinician) -> TeamPage:
    """Six queries, and one more where records are not shared."""
    user, today, shares = clinician.user, clinician.today(), clinician.clinic.shares_records
    alone = alone_at(clinician)
    emergencies = EmergencyAccess.objects.visible_to(user).filter(
        opened_at__gt=timezone.now() - timedelta(days=EMERGENCY_DAYS), patient__clinic=clinician.clinic_id
    )
    found = list(alone[: MOST_SHOWN + 1])
    return TeamPage(
        colleagues=list(_counted(clinician)),
        absences=absences_at(clinician, today),
        alone=found[:MOST_SHOWN],
        more_alone=alone.count() - MOST_SHOWN if len(found) > MOST_SHOWN else 0,
        emergencies=[] if shares else list(emergencies.select_related("patient", "by__user")[:MOST_SHOWN]),
        transfers=list(Transfer.objects.visible_to(user).select_related("destination", "by")[:MOST_SHOWN]),
        counts_all=shares,
    )


def alone_at(clinician: Clinician) -> QuerySet[Patient]:
    """Patients of the clinic whom nobody leads. Every clinician of the clinic reads their names, also where records are
    not shared: a patient whom nobody sees is worse. The record opens to whoever takes the lead."""
    return Patient.objects.led_by_nobody().filter(clinic=clinician.clinic_id)


def absences_at(clinician: Clinician, today: date) -> tuple[AbsenceRow, ...]:
    covers = Prefetch("covers", Cover.objects.select_related("clinician__user"))
    standing = Absence.objects.standing().filter(clinician__clinic=clinician.clinic_id, last_day__gte=today)
    absences = list(standing.select_related("clinician__user").prefetch_related(covers))
    away = [Part(each.clinician_id, each.first_day, each.last_day) for each in absences]
    return tuple(
        AbsenceRow(
            absence,
            absence.first_day <= today,
            tuple(
                PartRow(
                    part.clinician,
                    part.first_day,
                    part.last_day,
                    not part.clinician.user.is_active
                    or is_alone(Part(part.clinician_id, part.first_day, part.last_day), away),
                )
                for part in absence.covers.all()
            ),
        )
        for absence in absences
    )


def _counted(clinician: Clinician) -> QuerySet[Clinician]:
    """Those who sign in, each with the active patients they lead, those on whose team they are, and their open tasks."""
    places = CareTeamMember.objects.filter(patient__discharged_at=None, patient__clinic=clinician.clinic_id)
    counted = {
        "leads": _count(places.filter(leads=True), "clinician"),
        "helps": _count(places.filter(leads=False), "clinician"),
        "to_do": _count(Task.objects.open().filter(patient__clinic=clinician.clinic_id), "assigned_to"),
    }
    colleagues = Clinician.objects.filter(clinic=clinician.clinic_id, user__is_active=True).select_related("user")
    return colleagues.annotate(**counted)


def _count(rows: QuerySet, owner: str) -> Coalesce:
    of_each = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(of_each, output_field=IntegerField()), 0)


@dataclass(frozen=True, slots=True)
class HandOverRow:
    """A patient with what the next clinician has to know first."""

    patient: Patient
    age: int
    tasks: list[Task]
    conditions: list[PatientCondition]
    change: LeadChange | None = None


def led_patients(clinician: Clinician) -> QuerySet[Patient]:
    led = CareTeamMember.objects.filter(clinician=clinician, leads=True).values("patient")
    return Patient.objects.visible_to(clinician.user).active().filter(pk__in=led)


def hand_over_rows(patients: QuerySet[Patient], clinician: Clinician) -> list[HandOverRow]:
    """Three queries, whatever the number of patients. What is most urgent comes first in each."""
    today = clinician.today()
    people = patients.prefetch_related(
        Prefetch("tasks", Task.objects.open().order_by("due_at"), to_attr="to_do"),
        Prefetch("conditions", PatientCondition.objects.filter(ended_at=None), to_attr="current_conditions"),
    )
    return [HandOverRow(each, each.age_on(today), each.to_do, each.current_conditions) for each in people]


def lead_history(patient: Patient) -> QuerySet[LeadChange]:
    return patient.lead_changes.select_related("before__user", "to__user", "by")


def away_words(patient: Patient) -> str:
    """For the patient: that their clinician is away, until when, and who answers. No query where nobody is away."""
    today = patient.clinic.today()
    if not patient.clinic.away_until or patient.clinic.away_until < today:
        return ""
    cover = (
        Cover.objects.on(today)
        .filter(
            absence__clinician__care_team_places__patient=patient,
            absence__clinician__care_team_places__leads=True,
        )
        .select_related("absence__clinician__user", "clinician__user")
        .first()
    )
    if cover is None:
        return ""
    names = {
        "name": cover.absence.clinician,
        "cover": cover.clinician,
        "day": date_format(cover.absence.last_day, "l j F"),
    }
    if not cover.clinician.user.is_active:
        return gettext("%(name)s is away until %(day)s. Somebody else of the clinic answers you.") % names
    return gettext("%(name)s is away until %(day)s. %(cover)s answers you meanwhile.") % names


def open_emergencies(user: User) -> list[EmergencyAccess]:
    """What this clinician holds open just now. No query where records are shared."""
    if not user.is_clinician or user.clinician.clinic.shares_records:
        return []
    mine = EmergencyAccess.objects.open_at(timezone.now()).filter(by=user.clinician)
    return list(mine.filter(patient__clinic=F("by__clinic")).select_related("patient"))


def number_alone(user: User) -> int:
    """For the caseload. Where records are shared no query: there the tasks say it."""
    if not user.is_clinician or user.clinician.clinic.shares_records:
        return 0
    return alone_at(user.clinician).count()


def sheet_of(clinician: Clinician, changes: QuerySet[LeadChange]) -> list[HandOverRow]:
    """The rows of what was handed over in one go, of those patients whom the reader may still see."""
    found = {change.patient_id: change for change in changes}
    rows = hand_over_rows(Patient.objects.visible_to(clinician.user).filter(pk__in=found), clinician)
    return [
        HandOverRow(
            row.patient, row.age, [task for task in row.tasks if task.kind != Kind.HANDED_OVER], row.conditions,
            found[row.patient.pk],
        )
        for row in rows
    ]  # fmt: skip

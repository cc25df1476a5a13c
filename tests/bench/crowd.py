"""The caseload of a big clinic against that of a small one: 5,000 patients and ten million check-offs against 50.

Two installations, each with its own database and server, asked in turns in one run.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from clinic.caseload.standings import keep_standings
from clinic.models import CheckOff, DailyTally, PrescribedExercise, Prescription, Session
from clinic.prescriptions.actions import publish, start_draft
from clinic.prescriptions.dosage import sides_to_tick
from clinic.prescriptions.models import Protocol
from patients.models import CareTeamMember, Clinic, Clinician, Patient, User
from tests.bench.data import signed_in_cookie
from tests.bench.load import request, run
from tests.bench.server import Server

AT_ONCE = 2_000
OF_ONE = 80  # patients that one clinician leads
SILENT = 2  # every second patient has done nothing for nine days, so that both pages show 25 of these and 25 others


@dataclass(frozen=True)
class Crowd:
    cookie: str
    check_offs: int


def crowd(name: str, *, patients: int, days: int) -> Crowd:
    """A clinic of patients with a plan of eight exercises, done on each of so many past days."""
    clinic = Clinic.objects.create(name=name, slug=name, time_zone="UTC")
    user = User.objects.create(email=f"clinician@{name}.example", first_name="Bea", last_name="Nch", password="!")
    team = [Clinician.objects.create(user=user, clinic=clinic)]
    for n in range(patients // OF_ONE):
        colleague = User.objects.create(email=f"c{n}@{name}.example", last_name=f"Colleague {n}", password="!")
        team.append(Clinician.objects.create(user=colleague, clinic=clinic))
    today = timezone.now().date()
    people = Patient.objects.bulk_create(
        Patient(
            clinic=clinic, first_name="Pat", last_name=f"Ient {n:05}", born_on=date(1960, 1, 1), time_zone="UTC",
            search_text=f"pat ient {n:05}", checked_on=today,
        )
        for n in range(patients)
    )  # fmt: skip
    CareTeamMember.objects.bulk_create(
        [CareTeamMember(patient=each, clinician=team[n // OF_ONE], leads=True) for n, each in enumerate(people)],
        batch_size=AT_ONCE,
    )
    draft = start_draft(
        patient=people[0], by=user, protocol=Protocol.objects.get(slug="subacute-nslbp", clinic=None), stage=1
    )
    publish(draft=draft, by=user)
    plan, lines = Prescription.objects.get(pk=draft.pk), list(draft.lines.all())
    plan.starts_on = today - timedelta(days=days)
    plan.save()
    plans = Prescription.objects.bulk_create([_copy(plan, patient=each) for each in people[1:]], batch_size=AT_ONCE)
    copies = [_copy(line, prescription=each, thread=uuid4()) for each in plans for line in lines]
    PrescribedExercise.objects.bulk_create(copies, batch_size=AT_ONCE)
    _days(people, today, days, user)
    _check_offs(people, today, days, user)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    keep_standings(timezone.now(), anew=True)
    return Crowd(signed_in_cookie(user)[0], CheckOff.objects.filter(patient__clinic=clinic).count())


def _copy(row: Any, **values: object) -> Any:
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    for own in ("id", "uuid", *(f"{name}_id" for name in values)):
        fields.pop(own, None)
    return type(row)(**fields | values)


def _done_on(number: int, back: int) -> bool:
    return number % SILENT > 0 or back > 9


def _days(people: list[Patient], today: date, days: int, user: User) -> None:
    tallies, said = [], []
    for number, patient in enumerate(people):
        for back in range(1, days + 1):
            day = today - timedelta(days=back)
            if _done_on(number, back):
                tallies.append(DailyTally(patient=patient, day=day, planned_slots=8, done=8, touched_slots=8))
            if back <= 28 and back % 2 and _done_on(number, back):
                at = datetime.combine(day, time(9), UTC)
                pain = (number + back) % 5
                said.append(Session(patient=patient, day=day, started_at=at, said_by=user, pain_worst=pain))
    DailyTally.objects.bulk_create(tallies, batch_size=AT_ONCE)
    Session.objects.bulk_create(said, batch_size=AT_ONCE)


def _check_offs(people: list[Patient], today: date, days: int, user: User) -> None:
    """The sets of one day by Django, those of the others by the database itself: ten million rows in minutes."""
    owners = {patient.pk: number for number, patient in enumerate(people)}
    first = today - timedelta(days=days)
    lines = PrescribedExercise.objects.filter(prescription__patient__in=people).select_related("prescription")
    sets = [
        CheckOff(
            patient_id=line.prescription.patient_id, day=first, thread=line.thread, set_number=number, side=side,
            line_id=line.pk, done_at=datetime.combine(first, time(9), UTC), done_by=user,
        )
        for line in lines
        for number in range(1, line.dosage.sets + 1)
        for side in sides_to_tick(line.dosage)
    ]  # fmt: skip
    CheckOff.objects.bulk_create(sets, batch_size=AT_ONCE)
    silent = [pk for pk, number in owners.items() if not _done_on(number, 1)]
    columns = [field.column for field in CheckOff._meta.concrete_fields if field.name not in ("id", "day")]
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = CheckOff._meta.db_table
    with connection.cursor() as cursor:
        for back in range(1, days):
            left = f" AND patient_id NOT IN ({', '.join(map(str, silent))})" if back <= 9 and silent else ""
            cursor.execute(
                f"INSERT INTO {table} (day, {names}) SELECT %s, {names} FROM {table}"  # noqa: S608  names of our own
                f" WHERE day = %s AND patient_id BETWEEN %s AND %s{left}",
                [today - timedelta(days=back), first, min(owners), max(owners)],
            )


def line(*, seconds: float, rounds: int, quick: bool) -> str:
    """Builds the small clinic, sets its database aside, and adds the big one."""
    database = Path(connection.settings_dict["NAME"])
    many, days = (300, 20) if quick else (5_000, 185)
    small = crowd("small", patients=50, days=days)  # both pages draw as many weeks
    connection.close()
    aside = tempfile.mkdtemp(prefix="backwell-small-")
    shutil.copytree(os.environ["BACKWELL_DATA"], aside, dirs_exist_ok=True)
    print(f"Adding a clinic of {many:,} patients …")
    big = crowd("big", patients=many, days=days)
    connection.close()

    def asks(who: Crowd) -> Callable[[], bytes]:
        return lambda: request("GET", "/clinic/", headers={"Cookie": who.cookie})

    ratios, times = [], list[tuple[float, float]]()
    with Server(aside) as of_small, Server() as of_big:
        for _ in range(rounds):
            few = run(of_small.port, asks(small), clients=1, seconds=seconds)
            lots = run(of_big.port, asks(big), clients=1, seconds=seconds)
            ratios.append(lots.p50 / few.p50)
            times.append((few.p50, lots.p50))
            if few.errors or lots.errors:
                raise SystemExit("The caseload did not answer.")
    shutil.rmtree(aside, ignore_errors=True)
    ratio, (few_ms, lots_ms) = sorted(zip(ratios, times, strict=True))[len(ratios) // 2]
    size = database.stat().st_size / 1e9
    return (
        f"Caseload of {many:,} patients with {big.check_offs:,} check-offs ({size:.1f} GB) against one of 50 with "
        f"{small.check_offs:,}: {ratio:.2f} of its time (p50 {lots_ms:.0f} and {few_ms:.0f} ms; the limit is 1.10)."
    )

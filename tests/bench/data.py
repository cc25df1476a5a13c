"""The world that is measured: patients with a live plan of eight exercises, and as many check-offs as asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import cast

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.middleware.csrf import _get_new_csrf_string
from django.utils import timezone

from clinic.models import CheckOff, DailyTally, PrescribedExercise
from clinic.prescriptions.actions import publish, start_draft
from clinic.prescriptions.dosage import sides_to_tick
from clinic.prescriptions.models import Protocol
from patients.models import CareTeamMember, Clinic, Clinician, Patient, User
from tests.bench.models import BareRow
from tests.factories.catalogue import vouch_for_everything

PATIENTS = 300


@dataclass(frozen=True)
class SignedInPatient:
    patient: Patient
    cookie: str
    token: str


@dataclass(frozen=True)
class Tick:
    """The value of one set button, with the cookies of whom it belongs to."""

    value: str
    cookie: str
    token: str


@dataclass(frozen=True)
class World:
    day: date
    patients: list[SignedInPatient]
    ticks: list[Tick]
    clinician_cookie: str


def signed_in_cookie(user: User) -> tuple[str, str]:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    token = _get_new_csrf_string()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}", token


def make_world(*, check_offs: int) -> World:
    for command in ("migrate", "createcachetable", "load_catalogue", "load_protocols"):
        call_command(command, verbosity=0)
    vouch_for_everything()
    call_command("collectstatic", interactive=False, verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(BareRow)
    BareRow.objects.bulk_create(BareRow(key=n, text="one small row") for n in range(1_000))

    clinic = Clinic.objects.create(name="Bench", slug="bench", time_zone="UTC")
    user = User.objects.create(email="clinician@bench.example", first_name="Bea", last_name="Nch", password="!")
    clinician = Clinician.objects.create(user=user, clinic=clinic)
    protocol = Protocol.objects.get(slug="subacute-nslbp", clinic=None)
    today = timezone.now().date()
    signed_in = []
    for n in range(PATIENTS):
        account = User.objects.create(email=f"p{n}@bench.example", password="!")
        patient = Patient.objects.create(
            clinic=clinic, user=account, first_name="Pat", last_name=f"Ient {n}", born_on=date(1960, 1, 1),
            time_zone="UTC", seen_on=today, checked_on=today,
        )  # fmt: skip
        CareTeamMember.objects.create(patient=patient, clinician=clinician, leads=True)
        draft = start_draft(patient=patient, by=user, protocol=protocol, stage=1)
        publish(draft=draft, by=user)
        signed_in.append(SignedInPatient(patient, *signed_in_cookie(account)))
    world = World(today, signed_in, list(ticks_of(signed_in)), signed_in_cookie(user)[0])
    grow(world, to=check_offs)
    return world


def ticks_of(signed_in: list[SignedInPatient]) -> Iterator[Tick]:
    """One set of one exercise of every patient: a click of a different person each time."""
    lines = {line.prescription.patient_id: line for line in PrescribedExercise.objects.select_related("prescription")}
    for person in signed_in:
        line = lines[person.patient.pk]
        yield Tick(f"{line.uuid}.1.1.{sides_to_tick(line.dosage)[0]}", person.cookie, person.token)


def grow(world: World, *, to: int) -> None:
    """Past check-offs, up to that many in the table, with the tallies of their days."""
    lines: dict[int, list[PrescribedExercise]] = {}
    for line in PrescribedExercise.objects.select_related("prescription"):
        lines.setdefault(line.prescription.patient_id, []).append(line)
    owner = {person.patient.pk: cast(User, person.patient.user).pk for person in world.patients}
    now = timezone.now()

    def rows() -> Iterator[tuple[int, date, CheckOff]]:
        for back in range(1, 4_000):
            day = world.day - timedelta(days=back)
            for patient, theirs in lines.items():
                for line in theirs:
                    for number in range(1, line.dosage.sets + 1):
                        for side in sides_to_tick(line.dosage):
                            yield patient, day, CheckOff(
                                patient_id=patient, day=day, thread=line.thread, set_number=number, side=side,
                                line=line, done_at=now, done_by_id=owner[patient],
                            )  # fmt: skip

    wanted = rows()
    missing = to - CheckOff.objects.count()
    # The days already filled by an earlier call are passed over by the unique key.
    skip = CheckOff.objects.count()
    wanted = islice(wanted, skip, None)
    while missing > 0 and (batch := list(islice(wanted, min(missing, 20_000)))):
        CheckOff.objects.bulk_create([row for *_, row in batch], batch_size=2_000)
        days = {(patient, day) for patient, day, _ in batch}
        DailyTally.objects.bulk_create(
            [DailyTally(patient_id=p, day=d, planned_slots=8, done=8, touched_slots=8) for p, d in days],
            ignore_conflicts=True,
            batch_size=2_000,
        )
        missing -= len(batch)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

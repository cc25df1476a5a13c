"""Literal people for tests: nothing random, everything can be named."""

from datetime import date, timedelta

from django.utils import timezone

from patients.models import CareTeamMember, Clinic, Clinician, FamilyAccess, Patient, User
from tests.factories import checks

PASSWORD = "back-in-motion"


def clinic(name: str = "Spine INA", **fields) -> Clinic:
    slug = name.lower().replace(" ", "-")
    values = {"phone": "+44 20 7946 0000", "emergency_phone": "112", "time_zone": "Europe/London"} | fields
    return Clinic.objects.create(name=name, slug=slug, **values)


def user(email: str, first_name: str = "", last_name: str = "", **fields) -> User:
    return User.objects.create_user(email, PASSWORD, first_name=first_name, last_name=last_name, **fields)


def admin(email: str = "admin@example.org") -> User:
    return User.objects.create_superuser(email, PASSWORD, first_name="Ada", last_name="Min")


def clinician(at: Clinic, first_name: str = "Rita", last_name: str = "Voss") -> Clinician:
    account = user(f"{first_name}.{last_name}@{at.slug}.example".lower(), first_name, last_name)
    return Clinician.objects.create(user=account, clinic=at)


def patient(
    at: Clinic,
    first_name: str = "Margaret",
    last_name: str = "Ellis",
    *,
    lead: Clinician | None = None,
    signs_in: bool = True,
    screened: bool = True,
    **fields,
) -> Patient:
    """With a clear red-flag check of today, unless `screened` is off."""
    email = f"{first_name}.{last_name}@patients.example".lower()
    account = user(email, first_name, last_name) if signs_in else None
    values = {
        "born_on": date(1962, 3, 14),
        "time_zone": at.time_zone,
        "email": email,
        "problem": "chronic low back pain",
    } | fields
    person = Patient.objects.create(clinic=at, user=account, first_name=first_name, last_name=last_name, **values)
    if lead:
        CareTeamMember.objects.create(patient=person, clinician=lead, leads=True)
    if screened:
        checks.clear(person)
    return person


def helper(
    of: Patient, level: str = "help", *, by: User, account: User | None = None, days: int = 30, ended: bool = False
) -> FamilyAccess:
    """Somebody who helps: with an account of their own, unless it is given, for so many days from today on."""
    number = FamilyAccess.objects.count()
    account = account or user(f"dora.{number}@family.example", "Dora", "Ellis")
    now = timezone.now()
    return FamilyAccess.objects.create(
        patient=of, helper=account, name="Dora Ellis", relation="daughter", level=level, given_by=by,
        until=of.local_day(now) + timedelta(days=days), joined_at=now, ended_at=now if ended else None,
        ended_by=by if ended else None,
    )  # fmt: skip

"""Fills an empty installation with the demo clinics, the same ones on the same date."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction

from clinic.caseload.alerts import raise_alerts
from clinic.demo import cast, proposals, safety
from clinic.demo.family import add_family
from clinic.demo.flares import add_flares
from clinic.demo.measures import Told, add_measures
from clinic.demo.messages import add_messages
from clinic.demo.pain import add_pain
from clinic.demo.prescribing import add_prescribing
from clinic.demo.public import add_public
from clinic.demo.reads import add_reads
from clinic.demo.reminders import add_reminders
from clinic.demo.rests import add_rests
from clinic.demo.reviews import add_reviews
from clinic.demo.screenings import add_checks
from clinic.demo.story import ZONE, Rows, Story, add_user
from clinic.demo.team import add_team
from clinic.demo.visits import add_visits
from clinic.today.tallies import rebuild
from exercises.models import Exercise
from patients.audit.actions import record
from patients.models import Clinic, Clinician, Patient


class RealClinicHere(Exception):
    """The database belongs to a clinic that treats real people."""


def is_seeded() -> bool:
    return Clinic.objects.filter(is_demo=True).exists()


@transaction.atomic
def seed(today: date) -> None:
    """Creates the demo's clinics, people, plans and history up to the day before `today`, which is London's."""
    if Clinic.objects.filter(is_demo=False).exists():
        raise RealClinicHere
    password = make_password(cast.PASSWORD)
    clinics = {
        each.slug: Clinic.objects.create(
            slug=each.slug,
            name=each.name,
            phone=each.phone,
            email=each.email,
            address=each.address,
            emergency_phone=cast.EMERGENCY_PHONE,
            urgent_phone=cast.URGENT_PHONE,
            time_zone=ZONE,
            is_demo=True,
        )
        for each in cast.CLINICS
    }
    add_user("admin@demo.example", "Ada", "Brightwell", password, is_staff=True, is_superuser=True)
    add_user("norole@demo.example", "Nico", "Passerby", password)
    staff: dict[str, list[Clinician]] = {}
    for each in cast.STAFF:
        user = add_user(each.email, each.first_name, each.last_name, password)
        clinician = Clinician.objects.create(user=user, clinic=clinics[each.clinic], title=each.title)
        staff.setdefault(each.clinic, []).append(clinician)

    catalogue, rows = Exercise.objects.prefetch_related("tags").in_bulk(field_name="slug"), Rows()
    told = list[Told]()
    for slug, people in cast.PEOPLE.items():
        for person in people:
            story = Story(person, clinics[slug], staff[slug], catalogue, today, password)
            story.write(rows)
            if person.versions and person.course != "draft":
                told.append(Told(story.patient, person.course, *story.days))
    rows.create()
    add_checks(today)
    safety.decide()
    add_measures(told, today)
    add_pain(today)
    add_rests(today)
    add_flares(today)
    add_prescribing()
    add_reminders(today)
    add_reads(today)
    add_reviews(today)
    add_family(today, password)
    add_visits(today)
    rebuild(Patient.objects.filter(clinic__is_demo=True))
    proposals.tell(today)
    # An open task holds back proposals, so what waits for an answer comes after them.
    add_messages(today)
    add_team(today, password)
    add_public(today)
    raise_alerts(datetime.combine(today, time(7), ZoneInfo(ZONE)))
    record(by=None, action="demo.loaded")

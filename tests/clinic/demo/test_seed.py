from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Max
from django.test import Client

from clinic.demo import cast
from clinic.models import CheckOff, DailyTally, Easing, Prescription, SafetyDecision, Session
from clinic.prescriptions.pages import checked_for_record
from clinic.today.reading import lines_on
from clinic.today.tallies import rebuild
from patients.models import Clinic, Note, Patient, User

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]

ACCOUNTS = {
    "admin@demo.example": "admin",
    "clinician@demo.example": "clinician",
    "clinician2@demo.example": "clinician",
    "other@demo.example": "clinician",
    "patient@demo.example": "patient",
    "helper@demo.example": "helper",
    "newpatient@demo.example": "patient",
    "otherpatient@demo.example": "patient",
    "norole@demo.example": "none",
}


def test_demo_accounts_sign_in_with_the_one_password_and_have_their_role(demo):
    for email, role in ACCOUNTS.items():
        user = User.objects.get(email=email)
        assert user.role == role
        assert Client().login(email=email, password="back-in-motion"), email


def test_the_two_clinics_hold_the_accounts_that_their_addresses_promise(demo):
    spine_ina = Clinic.objects.get(name="Spine INA")
    second = Clinic.objects.exclude(pk=spine_ina.pk).get()
    assert spine_ina.clinicians.filter(user__is_active=True).count() == 3  # and one who left
    assert spine_ina.patients.count() == 40
    for email in ("clinician@demo.example", "clinician2@demo.example"):
        assert User.objects.get(email=email).clinician.clinic == spine_ina
    for email in ("patient@demo.example", "newpatient@demo.example"):
        assert User.objects.get(email=email).patient.clinic == spine_ina
    assert User.objects.get(email="other@demo.example").clinician.clinic == second
    assert User.objects.get(email="otherpatient@demo.example").patient.clinic == second


def test_every_surname_and_every_note_is_found_once(demo):
    surnames = list(Patient.objects.values_list("last_name", flat=True))
    notes = list(Note.objects.filter(visit_on=None, adds_to=None).values_list("text", flat=True))
    assert len(surnames) == len(set(surnames)) == 46
    assert len(notes) == len(set(notes)) == 46
    everything_else = " ".join(
        [
            *notes,
            *Session.objects.values_list("comment", flat=True),
            *Prescription.objects.values_list("title", flat=True),
            *list(User.objects.filter(patient=None).values_list("last_name", flat=True)),
        ]
    )
    assert [name for name in surnames if name in everything_else] == []


def test_ages_run_from_young_to_very_old(demo):
    ages = [patient.age_on(demo) for patient in Patient.objects.all()]
    assert min(ages) == 24
    assert max(ages) == 82


@pytest.mark.parametrize("weekday", range(7))
def test_the_demo_patient_has_something_due_on_every_day_of_the_week(demo, weekday):
    user = User.objects.get(email="patient@demo.example")
    day = demo + timedelta(days=weekday)
    due = [line for line in lines_on(day, user=user) if line.planned.is_planned(day) and not line.planned.is_flexible]
    assert len([line for line in due if not line.is_break]) >= 5


def test_the_demo_patient_has_twelve_weeks_of_history_and_a_revision(demo):
    patient = User.objects.get(email="patient@demo.example").patient
    days = DailyTally.objects.filter(patient=patient)
    assert days.order_by("day").first().day == demo - timedelta(days=84)
    assert days.count() > 60
    assert [p.version for p in patient.prescriptions.published().order_by("version")] == [1, 2]
    assert patient.prescriptions.live().count() == 1
    assert not days.filter(day=demo).exists()


def test_a_new_version_keeps_the_threads_of_its_exercises(demo):
    first, second = User.objects.get(email="patient@demo.example").patient.prescriptions.order_by("version")
    threads = {line.exercise.slug: line.thread for line in first.lines.select_related("exercise")}
    kept = [line for line in second.lines.select_related("exercise") if line.exercise.slug in threads]
    assert len(kept) == 5
    assert all(line.thread == threads[line.exercise.slug] for line in kept)


def test_the_new_patient_has_nothing_prescribed(demo):
    assert not User.objects.get(email="newpatient@demo.example").patient.prescriptions.exists()


def test_tallies_equal_those_rebuilt_from_the_ticks(demo):
    def stored():
        return [
            asdict(row.figures()) | {"patient": row.patient_id}
            for row in DailyTally.objects.order_by("patient", "day")
        ]

    before = stored()
    DailyTally.objects.all().delete()
    rebuild(Patient.objects.all())
    assert stored() == before
    assert len(before) > 1_000


def test_nothing_happens_in_the_future_or_before_the_plan_that_asked_for_it(demo):
    assert CheckOff.objects.aggregate(latest=Max("day"))["latest"] == demo - timedelta(days=1)
    midnight = datetime(demo.year, demo.month, demo.day, tzinfo=UTC)
    assert not Prescription.objects.filter(published_at__gte=midnight).exists()
    assert not CheckOff.objects.filter(done_at__gte=midnight).exists()
    early = [
        tick.pk
        for tick in CheckOff.objects.select_related("line__prescription")
        if tick.day < tick.line.prescription.starts_on
        or (tick.line.prescription.ended_on and tick.day >= tick.line.prescription.ended_on)
    ]
    assert early == []


def test_protocols_are_varied(demo):
    used = Counter(Prescription.objects.exclude(protocol=None).values_list("protocol__slug", flat=True))
    assert len(used) >= 10


def test_phone_numbers_are_from_ranges_that_reach_nobody(demo):
    # Ofcom keeps these for drama: London 020 7946 0xxx, Bristol 0117 496 0xxx, mobiles 07700 900xxx.
    reserved = ("+44 20 7946 0", "+44 117 496 0", "+44 7700 900")
    numbers = [number for clinic in Clinic.objects.all() for number in (clinic.phone, clinic.emergency_phone)]
    numbers += Patient.objects.values_list("phone", flat=True)
    assert [number for number in numbers if not number.startswith(reserved)] == []


def test_no_name_of_the_cast_is_used_twice_before_anything_is_seeded():
    everybody = [person for people_of in cast.PEOPLE.values() for person in people_of]
    names = [person.last_name for person in everybody] + [staff.last_name for staff in cast.STAFF]
    assert len(names) == len(set(names))


def test_no_live_plan_holds_anything_that_nobody_decided_on(demo):
    decisions = SafetyDecision.objects.all()
    found = [each for patient in Patient.objects.all() for each in checked_for_record(patient)]

    assert [each.line.exercise.slug for each in found if each.safety.open] == []
    assert Counter(decisions.values_list("kind", flat=True))["override"] == 1
    assert decisions.filter(kind="acknowledged").count() == len(found) - 1 > 5
    assert not Easing.objects.filter(because="safety").exists()

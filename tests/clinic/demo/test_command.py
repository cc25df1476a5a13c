from datetime import date
from hashlib import sha256

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction

from clinic.demo.seed import is_seeded, seed
from clinic.models import CheckOff, Prescription, Session, Skip
from patients.models import Patient, User
from tests.factories import people

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]


def digest() -> str:
    parts = [
        Patient.objects.order_by("uuid").values_list("uuid", "last_name", "born_on", "seen_on", "discharged_at"),
        Prescription.objects.order_by("uuid").values_list("uuid", "title", "version", "starts_on", "published_at"),
        CheckOff.objects.order_by("thread", "day", "occasion", "set_number", "side").values_list(
            "thread", "day", "done_at"
        ),
        Skip.objects.order_by("thread", "day", "occasion").values_list("thread", "day", "reason"),
        Session.objects.order_by("patient__uuid", "day").values_list(
            "day", "pain_before", "pain_worst", "effort", "comment"
        ),
    ]
    return sha256(repr([list(part) for part in parts]).encode()).hexdigest()


def test_the_same_date_gives_the_same_demo(catalogue):
    digests = []
    for _ in range(2):
        with transaction.atomic():
            seed(date(2026, 11, 18))
            digests.append(digest())
            transaction.set_rollback(True)
    assert digests[0] == digests[1]


def test_a_real_clinic_is_left_alone(catalogue):
    people.clinic("Real Backs")
    with pytest.raises(CommandError, match="already holds a real clinic"):
        call_command("demo", no_serve=True, verbosity=0)
    assert not User.objects.filter(email__endswith="@demo.example").exists()


def test_run_again_on_a_later_day_it_keeps_what_is_there(catalogue, settings):
    settings.STATIC_BUILT = False
    with time_machine.travel("2026-11-18 09:00+00:00"):
        call_command("demo", no_serve=True, verbosity=0)
    Patient.objects.filter(last_name="Ellismoor").update(problem="edited by hand")
    before = digest()
    with time_machine.travel("2026-11-21 09:00+00:00"):
        call_command("demo", no_serve=True, verbosity=0)
    assert is_seeded()
    assert digest() == before
    assert Patient.objects.get(last_name="Ellismoor").problem == "edited by hand"


def test_a_production_installation_gets_no_demo_accounts(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="password is public"):
        call_command("demo", no_serve=True, verbosity=0)
    assert not User.objects.exists()

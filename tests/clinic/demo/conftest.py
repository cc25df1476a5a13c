from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction

from clinic.demo.seed import seed

TODAY = date(2026, 11, 18)


@pytest.fixture(scope="module")
def _catalogue(django_db_setup, django_db_blocker):
    """The real catalogue and protocols, once for a module: loading them takes longer than most of its tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_catalogue", verbosity=0)
        call_command("load_protocols", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def _demo(_catalogue, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        seed(TODAY)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def catalogue(_catalogue, db):
    return None


@pytest.fixture
def demo(_demo, db):
    """The day the demo was seeded on."""
    return TODAY

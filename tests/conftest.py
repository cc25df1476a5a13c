import os
from importlib.util import find_spec

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, settings

from clinic.today import reading
from exercises import teaching
from tests.factories import people

# A busy machine is not a fault of the code: no property test is timed. The same examples on every run, so that a change
# fails for what it does; HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("backwell", settings.get_profile("search"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "backwell"))

# Browser tests need Playwright; without it the rest of the suite still runs, unless CI wants them.
collect_ignore = [] if find_spec("playwright") or os.environ.get("BROWSER_TESTS") == "required" else ["browser"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Playwright's event loop gives the thread of the tests a second connection, which outlives it. PostgreSQL drops no
    database that somebody is connected to."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def nothing_counted_yet():
    """Limits are counted in the cache, by address: all tests come from the same one."""
    cache.clear()


@pytest.fixture(autouse=True)
def nothing_read_yet():
    """SQLite gives a test's patient the number of an earlier one's, and texts go with the test that wrote them."""
    reading._kept.clear()
    teaching.forget_reads()


@pytest.fixture
def spine_ina(db):
    return people.clinic("Spine INA")


@pytest.fixture
def other_clinic(db):
    return people.clinic("Harbour Backs")


@pytest.fixture
def clinician(spine_ina):
    return people.clinician(spine_ina, "Rita", "Voss")


@pytest.fixture
def colleague(spine_ina):
    return people.clinician(spine_ina, "Sam", "Achterberg")


@pytest.fixture
def foreign_clinician(other_clinic):
    return people.clinician(other_clinic, "Olga", "Fremd")


@pytest.fixture
def patient(spine_ina, clinician):
    return people.patient(spine_ina, "Margaret", "Ellis", lead=clinician)


@pytest.fixture
def other_patient(spine_ina, clinician):
    return people.patient(spine_ina, "Tom", "Okafor", lead=clinician)


@pytest.fixture
def foreign_patient(other_clinic, foreign_clinician):
    return people.patient(other_clinic, "Freya", "Stranger", lead=foreign_clinician)


@pytest.fixture
def admin(db):
    return people.admin()


@pytest.fixture
def nobody(db):
    return people.user("norole@example.org", "Nora", "Nobody")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def clinician_client(clinician):
    return signed_in(clinician.user)


@pytest.fixture
def colleague_client(colleague):
    return signed_in(colleague.user)


@pytest.fixture
def foreign_clinician_client(foreign_clinician):
    return signed_in(foreign_clinician.user)


@pytest.fixture
def patient_client(patient):
    return signed_in(patient.user)


@pytest.fixture
def other_patient_client(other_patient):
    return signed_in(other_patient.user)


@pytest.fixture
def foreign_patient_client(foreign_patient):
    return signed_in(foreign_patient.user)


@pytest.fixture
def admin_client(admin):
    return signed_in(admin)


@pytest.fixture
def nobody_client(nobody):
    return signed_in(nobody)

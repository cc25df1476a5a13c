from datetime import UTC, datetime, time

import pytest
from django.core.cache import cache

from clinic.reminders.models import Device, Reminder
from clinic.reminders.push import _key
from tests.factories import catalogue, plans

# A Wednesday in summer: London is an hour ahead of UTC.
MORNING = datetime(2026, 7, 15, 7, 30, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def remind(patient, **fields):
    values = {"way": "email", "at": time(8), "set_at": LONG_AGO, "set_by": patient.user} | fields
    return Reminder.objects.create(patient=patient, **values)


def device_of(patient, endpoint="https://fcm.googleapis.com/fcm/send/a", **fields):
    return Device.objects.create(
        patient=patient, endpoint=endpoint, **({"name": "Chrome on Linux", "added_at": LONG_AGO} | fields)
    )


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Keys and limits are each test's own."""
    settings.DATA_DIR = tmp_path
    settings.SITE_ADDRESS = "https://portal.example.org"
    _key.cache_clear()
    cache.clear()
    yield
    _key.cache_clear()


@pytest.fixture
def morning(time_machine):
    time_machine.move_to(MORNING, tick=False)
    return MORNING


@pytest.fixture
def live(morning, patient, clinician):
    """A plan with one exercise a day, due today."""
    return plans.published(patient, by=clinician.user, exercises=[catalogue.exercise("bridge")])

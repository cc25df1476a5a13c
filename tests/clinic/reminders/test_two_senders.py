"""Senders as real processes: two at the same moment, and one that is killed in the middle of it."""

import os
import subprocess
import sys
from datetime import time, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from clinic.reminders.models import Sending
from clinic.reminders.sending import send_due
from tests.clinic.reminders.conftest import remind
from tests.factories import catalogue, people, plans

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# Waits until all of them are ready, then sends; `dies` names the moment at which the process ends without a word.
SENDER = """
import os, sys, time, django
django.setup()
from pathlib import Path
from django.utils import timezone
from clinic.reminders.mail import Postman
from clinic.reminders.sending import send_due
me, of, folder, dies = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
deliver = Postman.deliver
def dying(self, reminder):
    if dies == "before": os._exit(9)
    deliver(self, reminder)
    os._exit(9)
if dies: Postman.deliver = dying
(folder / f"ready.{me}").touch()
latest = time.monotonic() + 60
while len(list(folder.glob("ready.*"))) < of and time.monotonic() < latest: time.sleep(0.01)
send_due(timezone.now())
"""


@pytest.fixture
def run(tmp_path):
    """Starts so many senders on the database of the test and waits until they have ended."""
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}" if connection.vendor == "sqlite" else f"postgres:///{name}"
    ours = {
        "DJANGO_SETTINGS_MODULE": "config.testing",
        "BACKWELL_MODE": "test",
        "BACKWELL_DATA": str(tmp_path),
        "DATABASE_URL": url,
        "EMAIL_URL": f"filemail:///{tmp_path / 'outbox'}",
    }

    def run(count=1, dies=""):
        (tmp_path / "outbox").mkdir(exist_ok=True)
        for ready in tmp_path.glob("ready.*"):
            ready.unlink()
        command = [sys.executable, "-c", SENDER]
        about = [str(count), str(tmp_path), dies]
        started = [
            subprocess.Popen([*command, str(n), *about], cwd=settings.BASE_DIR, env=os.environ | ours)
            for n in range(count)
        ]
        return [process.wait(120) for process in started]

    return run


@pytest.fixture
def letters(tmp_path):
    """To whom a letter went, over all senders."""

    def letters():
        files = sorted((tmp_path / "outbox").glob("*"))
        return sorted(
            line.removeprefix("To: ")
            for each in files
            for line in each.read_text().splitlines()
            if line[:4] == "To: "
        )

    return letters


def test_sender_of_a_demo_ends_with_it(tmp_path):
    """The demo is gone before its sender has begun. Whoever reads what it says waits until it has ended."""
    starts = "import os, subprocess, sys; subprocess.Popen([*sys.argv[1:], str(os.getpid())])"
    nothing = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    ours = {"BACKWELL_MODE": "demo", "BACKWELL_DATA": str(tmp_path), "DATABASE_URL": nothing}
    command = [sys.executable, "-c", starts, sys.executable, "manage.py", "send_due", "--loop"]

    ended = subprocess.run(command, cwd=settings.BASE_DIR, env=os.environ | ours, capture_output=True, timeout=120)

    assert b"Reminders have to wait: OperationalError" in ended.stderr  # it had begun


@pytest.fixture
def twenty(spine_ina, clinician):
    bridge = catalogue.exercise("bridge")
    people_of = []
    for number in range(20):
        person = people.patient(spine_ina, f"P{number:02}", "Many")
        plans.published(person, by=clinician.user, exercises=[bridge])
        remind(person, at=time(0), quiet_from=time(0), quiet_until=time(0))
        people_of.append(person)
    return people_of


def test_two_senders_at_once_send_each_reminder_once(twenty, run, letters):
    assert run(2) == [0, 0]

    assert letters() == sorted(person.user.email for person in twenty)
    assert set(Sending.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.parametrize(("dies", "went_out"), [("before", 0), ("after", 1)])
def test_killed_sender_costs_one_reminder_at_most_and_doubles_none(dies, went_out, twenty, run, letters):
    assert run(1, dies=dies) == [9]
    assert len(letters()) == went_out

    assert run(1) == [0]
    send_due(timezone.now() + timedelta(minutes=11))

    assert len(letters()) == len(set(letters())) == 19 + went_out
    states = list(Sending.objects.values_list("state", flat=True))
    assert (states.count("sent"), states.count("unknown")) == (19, 1)

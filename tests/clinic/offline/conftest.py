import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.clinic.today.conftest import Plan, exercises, plan, relief, twice_a_day

__all__ = ["exercises", "plan", "relief", "twice_a_day"]


@dataclass
class Device:
    """A phone without a network: it remembers taps, and sends them when asked."""

    plan: Plan
    client: Client
    waiting: list[dict] = field(default_factory=list)

    def tap(self, kind: str, *, minutes_ago: float = 10, at: datetime | None = None, key: UUID | None = None, **said):
        at = at or timezone.now() - timedelta(minutes=minutes_ago)
        event = {
            "key": str(key or uuid4()),
            "kind": kind,
            "at": at.isoformat(),
            "said": {"day": self.plan.day.isoformat(), **said},
        }
        self.waiting.append(event)
        return event

    def tick(self, what: str, line=None, **more):
        """`1.both.1`, `all.0`: of the bridge, unless said otherwise."""
        return self.tap("check", tick=f"{(line or self.plan.bridge).uuid}.1.{what}", **more)

    def send(self, events=None, *, client: Client | None = None, owner: str | None = None, sent_at=None):
        body = {
            "owner": owner if owner is not None else self.plan.patient.device_key,
            "sent_at": (sent_at or timezone.now()).isoformat(),
            "events": self.waiting if events is None else events,
        }
        return (client or self.client).post("/today/sync/", json.dumps(body), content_type="application/json")

    def answers(self, events=None, **more):
        response = self.send(events, **more)
        assert response.status_code == 200, response.content
        return [(answer["answer"], answer["words"]) for answer in response.json()["answers"]]


@pytest.fixture
def device(plan, patient_client):
    return Device(plan, patient_client)


@pytest.fixture(autouse=True)
def midday():
    """What was tapped an hour ago was tapped today, at whatever hour these tests run."""
    with time_machine.travel(datetime.now(UTC).replace(hour=12)):
        yield


@pytest.fixture(autouse=True)
def nobody_has_sent_yet():
    cache.clear()

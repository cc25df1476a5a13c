"""What the demo clinic says in public, and what strangers wrote to it."""

import pytest
from django.utils import timezone

from clinic.discussion.models import ReaderQuestion
from clinic.enquiries.models import VisitRequest
from clinic.newsletter.models import Subscriber

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]


def test_public_pages_are_written(demo, client):
    home = client.get("/").content.decode()

    for said in ("Monday to Thursday: 8:00 to 19:00", "First visit", "Priya Valecroft", "Speaks English, Hindi"):
        assert said in home


def test_strangers_wrote_and_wait_in_every_state(demo):
    states = VisitRequest.objects.order_by("asked_at").values_list("state", flat=True)
    questions = ReaderQuestion.objects.values_list("state", "answer")

    assert list(states) == ["declined", "waiting", "called", "arranged", "new"]
    assert sorted(bool(answer) for _, answer in questions) == [False, False, True, True]
    assert {state for state, answer in questions if not answer} == {"waiting"}
    assert all(asked.asked_at < timezone.now() for asked in VisitRequest.objects.all())


def test_no_mail_of_the_demo_can_reach_anybody(demo):
    addresses = [
        *Subscriber.objects.values_list("email", flat=True),
        *VisitRequest.objects.values_list("email", flat=True),
    ]

    assert all(address.endswith("@example.org") for address in addresses if address)

"""What the demo's clinic added to the starter texts: two of its own."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic.demo.story import ZONE
from exercises.lists import Moment
from exercises.models import Article, Question
from exercises.teaching import forget_reads

WALKS = """Each Thursday at 5 we walk along the river, for as long as it feels good. Most people walk for 30 minutes.
You can turn back at any point.

You do not have to sign up. Wear shoes that you like to walk in. Two of us walk with you, and one stays with whoever is
slowest.

## Is it for me?

Yes, if you can walk to the corner and back. If your plan rests because of a flare-up, come along for the first bit, or
come next week."""

PARKING = """Yes. Two places right in front of the door are for patients who find it hard to walk. Ring the bell, and we
come out and help.

The entrance has no step, and the lift is on the left."""


def add_reads(today: date) -> None:
    Article.objects.create(
        slug="walking-group",
        title="Walk with us on Thursdays",
        summary="A slow walk along the river in good company. It costs nothing.",
        body=WALKS,
        order=115,
        moments=[Moment.AEROBIC],
        added_at=_at(today - timedelta(days=4)),
    )
    Question.objects.create(
        slug="parking",
        question="Can I park near the door?",
        answer=PARKING,
        order=190,
        moments=[Moment.FIRST_VISIT],
        added_at=_at(today - timedelta(days=9)),
    )
    forget_reads()


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), ZoneInfo(ZONE))

"""What tells a person who fills in a public form from a program that floods it. Pure: no clock, no database.

Nothing here is a wall of its own; together they make flooding slow, and a person who trips one loses no word.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID, uuid4

from django.core import signing
from django.utils.translation import gettext_lazy as _

SALT = "backwell.strangers"
# A page that lay open overnight is stale; what is typed into it is not.
OPEN_AT_MOST = timedelta(hours=12)
# Short answers are alike by chance.
ALIKE_FROM = 60  # characters
LINK = re.compile(
    r"https?:|www\.|\[/?url|<\s*a\b|\b[a-z0-9-]+\.(?:com|net|org|ru|cn|top|xyz|info|shop)\b", re.IGNORECASE
)


class Trip(StrEnum):
    TRAP = "trap"
    TOO_FAST = "too fast"
    TOO_OLD = "too old"
    LINKS = "links"
    SAME = "same"
    OFTEN = "often"

    @property
    def words(self) -> str:
        return str(WORDS[self])


WORDS = {
    Trip.TRAP: _("A field was filled in that people do not see. We emptied it. Please press Send again."),
    Trip.TOO_FAST: _("That was very quick. Please look it over, then press Send again."),
    Trip.TOO_OLD: _("This page was open for a long time. Please look it over, then press Send again."),
    Trip.LINKS: _("Please take out web addresses. We cannot take them here."),
    Trip.SAME: _("We have these very words already."),
    Trip.OFTEN: _("A lot is coming in right now, so we cannot take this at the moment. Please try again in an hour."),
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a form was opened, and the key that makes sending it twice the same as sending it once."""

    key: UUID
    opened_at: datetime


def stamped(kind: str, now: datetime) -> str:
    return signing.dumps({"kind": kind, "key": uuid4().hex, "at": int(now.timestamp())}, salt=SALT)


def read(token: str, kind: str, now: datetime) -> Stamp | None:
    """None for one that is not ours, of another form, or too old."""
    try:
        said = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    opened_at = datetime.fromtimestamp(said["at"], now.tzinfo)
    if said["kind"] != kind or now - opened_at > OPEN_AT_MOST:
        return None
    return Stamp(UUID(said["key"]), opened_at)


def links_in(text: str) -> int:
    return len(LINK.findall(text))


def same_words(*texts: str) -> str:
    """Names a text whatever its case, spaces and signs; empty for one that is too short to tell."""
    letters = "".join(character for character in "".join(texts).casefold() if character.isalnum())
    return sha256(letters.encode()).hexdigest() if len(letters) >= ALIKE_FROM else ""

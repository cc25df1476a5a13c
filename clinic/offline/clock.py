"""When a tap was made, by a device whose clock may be wrong. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

# What a slow network and an ordinary clock explain.
TOLERANCE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Instant:
    at: datetime
    is_skewed: bool


def put_right(
    claimed: datetime, *, day: date, sent_at: datetime | None, received_at: datetime, zone: tzinfo
) -> Instant:
    """claimed, sent_at: by the device's clock, which is compared with the server's when the taps arrive. day: the local
    day that the tap is about; its page was made by the server, so no tap for it is older than its midnight."""
    behind = received_at - sent_at if sent_at else timedelta(0)
    is_skewed = abs(behind) > TOLERANCE
    at = claimed
    if is_skewed:
        try:
            at += behind
        except OverflowError:
            at = received_at
    if at > received_at:
        is_skewed = is_skewed or at - received_at > TOLERANCE
        at = received_at
    midnight = datetime.combine(day, time.min, zone)
    if at < midnight <= received_at:
        at, is_skewed = midnight, True
    return Instant(at, is_skewed)

"""When a reminder goes out, and when somebody at a desk is told to get up. Pure: no clock, no database.

Times are the patient's local wall clock, as they chose them. A time that the clocks skip comes with the first minute
after the gap; one that comes twice counts once, because a local day has one reminder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from clinic.today.breaks import Rhythm, Shown, next_prompt
from patients.accounts.thresholds import Thresholds

# A claim that nobody finished in this time belongs to a sender that was killed: it may have sent, so nobody sends again.
LOST_AFTER = timedelta(minutes=10)
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=4)
RETRIED_FOR = timedelta(hours=24)


class Way(StrEnum):
    OFF = ""
    EMAIL = "email"
    PUSH = "push"


class State(StrEnum):
    """claimed: somebody is sending it. waiting: refused for now, tried again. unknown: cut off in the middle, may have
    arrived. not-needed: nothing was left to do."""

    CLAIMED = "claimed"
    SENT = "sent"
    NOT_NEEDED = "not-needed"
    WAITING = "waiting"
    DROPPED = "dropped"
    UNKNOWN = "unknown"


class Do(StrEnum):
    NOTHING = "nothing"
    SEND = "send"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nothing is sent, over midnight where they end before they begin; the same time twice is none."""

    begins: time
    ends: time

    def covers(self, at: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


@dataclass(frozen=True, slots=True)
class Wishes:
    """weekdays: 0 is Monday. other: another time on some of them. set_at: aware; a time that was past when it was
    chosen begins on the next day."""

    way: str
    at: time
    weekdays: tuple[int, ...]
    quiet: Quiet
    set_at: datetime
    other: Mapping[int, time] = field(default_factory=dict)

    def time_on(self, day: date) -> time | None:
        return self.other.get(day.weekday(), self.at) if day.weekday() in self.weekdays else None


@dataclass(frozen=True, slots=True)
class Log:
    """What is noted for the patient's local day. again_at: when a waiting one is tried again."""

    state: str
    again_at: datetime | None = None


def is_time(wishes: Wishes, now: datetime) -> bool:
    """now: the patient's local time. From the chosen time until the day or the quiet hours end it."""
    at = wishes.time_on(now.date())
    if wishes.way == Way.OFF or at is None or now.time() < at or wishes.quiet.covers(now.time()):
        return False
    chosen = wishes.set_at.astimezone(now.tzinfo)
    return chosen.date() < now.date() or (chosen.date() == now.date() and chosen.time() <= at)


def decide(wishes: Wishes, now: datetime, *, is_due: bool, log: Log | None) -> Do:
    """What to do for the patient's local day, whose log is `log`. `is_due`: Today has something left to do."""
    if log is not None and not is_tried_again(log, now):
        return Do.NOTHING
    if not is_time(wishes, now):
        return Do.NOTHING
    return Do.SEND if is_due else Do.CLOSE


def is_tried_again(log: Log, now: datetime) -> bool:
    return log.state == State.WAITING and log.again_at is not None and log.again_at <= now


def again_at(tries: int, now: datetime) -> datetime:
    """After the first try in five minutes, then in three times as many."""
    return now.astimezone(UTC) + min(LONGEST_PAUSE, FIRST_PAUSE * 3 ** min(tries - 1, 5))


def nudge(
    rhythm: Rhythm,
    prompts: Sequence[Shown],
    nudged: Sequence[datetime],
    now: datetime,
    limits: Thresholds,
    quiet: Quiet,
) -> int | None:
    """The number of the nudge to send now, from 1; None when nobody is to be disturbed.

    What the page showed and what was pushed are one rhythm: whichever came last, the next is `every_minutes` later.
    """
    if not rhythm.works_at(now) or quiet.covers(now.time()):
        return None
    sent = len(nudged)
    events = [(each.done_at or each.at, each.snoozes, each.done_at) for each in prompts]
    events += [(at, 0, None) for at in nudged]
    last = max(events, key=lambda event: event[0], default=None)
    shown = [Shown(sent, last[0], snoozes=last[1], done_at=last[2])] if last else []
    coming = next_prompt(rhythm, shown, now, limits)
    return coming.number if coming and coming.is_due and coming.number == sent + 1 else None

"""What pain during and after a session means for the next one (PAIN-1 to PAIN-7). Pure: no database, no clock.

Scores are whole numbers from 0 (no pain) to 10 (worst imaginable); None is no answer. Source: the pain-monitoring model
(Silbernagel 2007: pain up to 5 is allowed if it settles by next morning), borrowed from tendon rehabilitation as a
conservative default; two points are a meaningful change (Ostelo 2008). It informs: a clinician decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from statistics import median

from patients.accounts.thresholds import DEFAULTS, Thresholds
from patients.records.pain_limits import Limits

RULES = "pain-1"  # version of these rules
WINDOW = timedelta(days=7)  # FIXED: PAIN-5 and PAIN-7 look at seven days


class Zone(StrEnum):
    """PAIN-2."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Change(StrEnum):
    """Next morning's pain against the pain before the session (PAIN-3)."""

    SETTLED = "settled"
    RAISED = "raised"
    UNKNOWN = "unknown"


class Decision(StrEnum):
    """PAIN-4, mildest first."""

    GO = "go"
    HOLD = "hold"
    STEP_BACK = "step-back"
    STOP = "stop"


class Course(StrEnum):
    """What the place of the symptoms asks for, whatever the score (PAIN-6)."""

    CARRY_ON = "carry-on"
    WITHHOLD = "withhold"
    CHECK = "check"


class Concern(StrEnum):
    """Why a clinician should look and the gentle plan is offered (PAIN-5)."""

    STOPS = "stops"
    SEVERE = "severe"
    BEFORE_HIGH = "before-high"


def zone(worst: int, green_to: int = DEFAULTS.green_to, amber_to: int = DEFAULTS.amber_to) -> Zone:
    """The zone of the worst pain during a session (PAIN-2). The ceiling `amber_to` is stronger than `green_to`."""
    if worst > amber_to:
        return Zone.RED
    return Zone.GREEN if worst <= green_to else Zone.AMBER


def change(before: int | None, morning: int | None, raised_from: int = DEFAULTS.raised_from) -> Change:
    """How the next morning compares with before the session (PAIN-3)."""
    if before is None or morning is None:
        return Change.UNKNOWN
    return Change.RAISED if morning - before >= raised_from else Change.SETTLED


def decide(where: Zone | None, morning: Change, course: Course = Course.CARRY_ON) -> Decision:
    """The decision for the next session (PAIN-4). Without a worst pain it is never GO.

    Symptoms that moved away and stayed there, or are new numbness or weakness, beat the score (PAIN-6).
    """
    if where is Zone.RED or course is not Course.CARRY_ON:
        return Decision.STOP
    if morning is Change.RAISED:
        return Decision.STEP_BACK
    if where is Zone.GREEN and morning is Change.SETTLED:
        return Decision.GO
    return Decision.HOLD


def course(*, moved: str, lasted: bool | None, is_numb: bool | None) -> Course:
    """PAIN-6. moved: `toward`, `not`, `away` or empty. lasted: away for longer than the limit of minutes."""
    if is_numb:
        return Course.CHECK
    return Course.WITHHOLD if moved == "away" and lasted else Course.CARRY_ON


@dataclass(frozen=True, slots=True)
class Said:
    """What one session's answers are, as far as these rules read them."""

    before: int | None = None
    worst: int | None = None
    morning: int | None = None
    moved: str = ""
    lasted: bool | None = None
    is_numb: bool | None = None

    @property
    def course(self) -> Course:
        return course(moved=self.moved, lasted=self.lasted, is_numb=self.is_numb)

    def zone(self, limits: Limits) -> Zone | None:
        return None if self.worst is None else zone(self.worst, limits.green_to, limits.amber_to)

    def change(self, thresholds: Thresholds = DEFAULTS) -> Change:
        return change(self.before, self.morning, thresholds.raised_from)

    def decision(self, limits: Limits, thresholds: Thresholds = DEFAULTS) -> Decision:
        return decide(self.zone(limits), self.change(thresholds), self.course)


Occasion = tuple[date, int]


def count_stops(
    stopped: Iterable[Occasion], red: Iterable[Occasion], day: date, *, window: timedelta = WINDOW
) -> int:
    """STOPs in the seven days up to and with `day` (PAIN-5).

    stopped: the occasion of every exercise that was stopped on pain. red: sessions whose worst pain was red; one in which
    an exercise was stopped is the same event, and counts once.
    """
    recent = [each for each in stopped if day - window < each[0] <= day]
    others = {each for each in red if day - window < each[0] <= day} - set(recent)
    return len(recent) + len(others)


def concerns(
    *, stops: int, scores: Iterable[int | None], before: int | None, thresholds: Thresholds = DEFAULTS
) -> tuple[Concern, ...]:
    """What makes a task and offers the gentle plan (PAIN-5). scores: every score of the session, `before` too."""
    found = (
        (Concern.STOPS, stops >= thresholds.stops),
        (Concern.SEVERE, any(score is not None and score >= thresholds.severe_from for score in scores)),
        (Concern.BEFORE_HIGH, before is not None and before >= thresholds.before_high_from),
    )
    return tuple(concern for concern, is_so in found if is_so)


def trend(worst: Sequence[tuple[date, int]], day: date) -> float | None:
    """By how many points the median worst pain of the seven days up to `day` lies over that of the seven before
    (PAIN-7); None where one of the weeks has no score."""
    first = day - WINDOW
    now = [score for on, score in worst if first < on <= day]
    earlier = [score for on, score in worst if first - WINDOW < on <= first]
    return median(now) - median(earlier) if now and earlier else None


def is_rising(worst: Sequence[tuple[date, int]], day: date, thresholds: Thresholds = DEFAULTS) -> bool:
    rise = trend(worst, day)
    return rise is not None and rise >= thresholds.trend_rise


def asks_morning(day: date, ended_at: datetime, now: datetime, thresholds: Thresholds = DEFAULTS) -> bool:
    """Whether to ask how the back is after the session of the local `day`: on the next local day, and 12 to 36 hours
    after its end (PAIN-1). Times carry the patient's zone; what was filled in later ended with its day at the latest."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, now.tzinfo)
    gone = now.timestamp() - min(ended_at.timestamp(), midnight.timestamp())
    is_next_day = now.date() == day + timedelta(days=1)
    return is_next_day and thresholds.morning_from_hours * 3600 <= gone <= thresholds.morning_to_hours * 3600


def working_days(now: datetime, days: int) -> timedelta:
    """From `now` to the same time after that many working days: Saturdays and Sundays do not count."""
    left, due = days, now
    while left:
        due += timedelta(days=1)
        left -= due.weekday() < 5
    return due - now

"""When a back flares up, what of a plan stays in those days, and when they end (FLARE). Pure.

Pain is NPRS, 0 to 10; days are the patient's local dates. Numbers come from the clinic's `Thresholds`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from clinic.prescriptions.safety_rules import RULE_OF
from patients.accounts.thresholds import DEFAULTS, Thresholds

# A flare-up is an acute phase: its row of the matrix of conditions and movements says what rests (FLARE-3, COND).
ACUTE = RULE_OF["acute-phase"]
ACUTE_BLOCKS, GENTLE_LEVEL_TO = ACUTE.block, ACUTE.highest_level
USUAL_DAYS, STOP_DAYS, EXIT_DAYS = 7, 7, 2
EXIT_ROOM = 1  # points over the usual pain
MORE_THAN_A_DAY = timedelta(hours=24)


class Because(StrEnum):
    """Why a gentle plan is offered or was begun: the values of `FlareUp.Because`."""

    PRESSED = "pressed"
    RISE = "rise"
    STOPS = "stops"


@dataclass(frozen=True, slots=True)
class PainDay:
    """The worst pain that a patient gave on a day, 0 to 10."""

    day: date
    pain: int


@dataclass(frozen=True, slots=True)
class Movement:
    """What of an exercise the rules look at: level 1 to 5, and the slugs of its movement tags."""

    level: int
    tags: frozenset[str] = frozenset()


def gentle(movement: Movement) -> bool:
    """Whether it stays in flare mode: level 1 or 2, and nothing that the acute phase blocks (FLARE-3). A level that is
    not known (0) is none of these."""
    return 1 <= movement.level <= GENTLE_LEVEL_TO and not movement.tags & ACUTE_BLOCKS


def usual_pain(answers: Iterable[PainDay], before: date) -> float | None:
    """The median of the 7 days before `before` (FLARE-1); None where none of them has an answer."""
    scores = [each.pain for each in answers if timedelta(0) < before - each.day <= timedelta(days=USUAL_DAYS)]
    return median(scores) if scores else None


def has_risen(answers: Sequence[PainDay], today: date, thresholds: Thresholds = DEFAULTS) -> bool:
    """A clear rise of more than 24 hours (FLARE-1): today's answer and the one before it, given yesterday, both
    lie `flare_rise` points over the usual pain of the 7 days before them."""
    by_day = {each.day: each.pain for each in answers}
    yesterday = today - timedelta(days=1)
    usual = usual_pain(answers, yesterday)
    if usual is None or today not in by_day or yesterday not in by_day:
        return False
    return min(by_day[today], by_day[yesterday]) - usual >= thresholds.flare_rise


def flare_is_offered(
    *, answers: Sequence[PainDay], stops: Iterable[date], today: date, thresholds: Thresholds = DEFAULTS
) -> Because | None:
    """Why the gentle plan is offered, if it is (FLARE-1): a rise, or `stops` STOPs in 7 days, several on a day counted
    each. A patient may press the button at any time."""
    recent = [day for day in stops if timedelta(0) <= today - day < timedelta(days=STOP_DAYS)]
    if len(recent) >= thresholds.stops:
        return Because.STOPS
    return Because.RISE if has_risen(answers, today, thresholds) else None


def first_last_day(from_day: date, thresholds: Thresholds = DEFAULTS) -> date:
    """The last of the days that a flare-up starts with (FLARE-4)."""
    return from_day + timedelta(days=min(thresholds.flare_days, thresholds.flare_days_max) - 1)


def longest(from_day: date, thresholds: Thresholds = DEFAULTS) -> date:
    """The last day up to which the patient may extend it (FLARE-4)."""
    return from_day + timedelta(days=thresholds.flare_days_max - 1)


def extended(from_day: date, until_day: date, today: date, thresholds: Thresholds = DEFAULTS) -> date | None:
    """The new last day: as many days as it began with, counted on from its last day or from yesterday, whichever is
    later. None where no more may be given (FLARE-4)."""
    most = longest(from_day, thresholds)
    wanted = max(until_day, today - timedelta(days=1)) + timedelta(days=thresholds.flare_days)
    new = min(wanted, most)
    return new if new > until_day and new >= today else None


def is_long(from_day: date, today: date, thresholds: Thresholds = DEFAULTS) -> bool:
    """A flare-up that nobody ended on its last day and more: a clinician has to look (FLARE-4, day 8)."""
    return today > longest(from_day, thresholds)


def is_again(from_day: date, earlier: Iterable[date], thresholds: Thresholds = DEFAULTS) -> bool:
    """The second flare-up within `flare_again_days`, by their first days (FLARE-5)."""
    return any(timedelta(0) < from_day - day <= timedelta(days=thresholds.flare_again_days) for day in earlier)


def exit_is_offered(answers: Sequence[PainDay], from_day: date, today: date) -> bool:
    """The way back is offered once pain was at most 1 point over the usual of before the flare-up on the last 2 days
    with an answer, both since it began (FLARE-5). Without an usual, pain has to be 2 or less."""
    usual = usual_pain(answers, from_day)
    since = sorted((each for each in answers if from_day <= each.day <= today), key=lambda each: each.day)
    last = since[-EXIT_DAYS:]
    limit = 2 if usual is None else usual + EXIT_ROOM
    return len(last) == EXIT_DAYS and all(each.pain <= limit for each in last)

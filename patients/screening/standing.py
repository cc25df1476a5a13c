"""Which red-flag check is due on a day, and why (RF: before the first program, in a new episode, in a flare-up, after a
gap, and a short one every four weeks). Pure: no database, no clock."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from patients.accounts.thresholds import DEFAULTS, Thresholds


class Check(StrEnum):
    NONE = ""
    SHORT = "short"
    FULL = "full"


class Why(StrEnum):
    NOT_DUE = ""
    NOT_CHECKED = "not-checked"  # in this episode: before its first program
    FLARE = "flare"
    GAP = "gap"
    REGULAR = "regular"


@dataclass(frozen=True, slots=True)
class Standing:
    check: Check
    why: Why

    @property
    def is_full(self) -> bool:
        return self.check == Check.FULL

    @property
    def is_short(self) -> bool:
        return self.check == Check.SHORT


NOT_DUE = Standing(Check.NONE, Why.NOT_DUE)


def standing(
    day: date,
    *,
    checked_on: date | None,
    last_logged_on: date | None = None,
    flare_since: date | None = None,
    thresholds: Thresholds = DEFAULTS,
) -> Standing:
    """What is due on `day`, the patient's local one. `checked_on`: the last check of this episode. `last_logged_on`: the
    last day with something done, None if there was none. `flare_since`: the first day of a flare-up that is on.

    The whole check is due where this episode has none, where a flare-up began after the last one, and where neither a
    log nor a check fell into the last `gap_check_days`; else the short one, `check_days` after the last.
    """
    if checked_on is None:
        return Standing(Check.FULL, Why.NOT_CHECKED)
    if flare_since and checked_on < flare_since:
        return Standing(Check.FULL, Why.FLARE)
    last_sign = max(checked_on, last_logged_on or checked_on)
    if day - last_sign >= timedelta(days=thresholds.gap_check_days):
        return Standing(Check.FULL, Why.GAP)
    if day - checked_on >= timedelta(days=thresholds.check_days):
        return Standing(Check.SHORT, Why.REGULAR)
    return NOT_DUE


def may_be_due(day: date, *, checked_on: date | None, thresholds: Thresholds = DEFAULTS) -> bool:
    """Whether it is worth asking when the last log was: soon after a check it changes nothing."""
    if checked_on is None:
        return True
    return day - checked_on >= timedelta(days=min(thresholds.check_days, thresholds.gap_check_days))


def is_valid(day: date, *, checked_on: date | None, thresholds: Thresholds = DEFAULTS) -> bool:
    """Whether a plan may go live on the last check: of this episode, and at most `check_days` old."""
    return checked_on is not None and day - checked_on <= timedelta(days=thresholds.check_days)

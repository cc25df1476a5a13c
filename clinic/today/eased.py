"""What of a plan rests, or is done at half, on a day: easings of single exercises (PAIN-5, PAIN-6, COND-2, PROG-8) and
flare-ups, in which the gentle part is done at half and the rest rests (FLARE-3). Pure.

Days are the patient's local dates.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.flare.rules import Movement, gentle
from clinic.prescriptions.week_plan import WeekPlan

FLARE = "flare"


class Ease(StrEnum):
    WITHHELD = "withheld"
    HALF = "half"


@dataclass(frozen=True, slots=True)
class Spell:
    """Days, both ends included, on which the exercise of `thread` is eased; without a thread, a flare-up eases all.

    last: None until somebody lifts it. kind: withheld or half; `flare` for a flare-up. because: a value of
    `Easing.Because`, or `flare`.
    """

    first: date
    last: date | None
    kind: str
    because: str
    thread: UUID | None = None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Eased:
    """How an exercise is eased on a day, why, and the last day of it; None as long as nobody lifts it."""

    kind: Ease
    because: str
    last: date | None = None

    @property
    def rests(self) -> bool:
        return self.kind is Ease.WITHHELD


def eased(spells: Iterable[Spell], day: date, *, thread: UUID, movement: Movement) -> Eased | None:
    """How the exercise is eased on `day`; None when it is done as prescribed. Rest beats half, and of two the longer."""
    found = [_eased(each, movement) for each in spells if each.thread in (None, thread) and each.covers(day)]
    return max(found, key=lambda each: (each.rests, each.last is None, each.last or day), default=None)


def _eased(spell: Spell, movement: Movement) -> Eased:
    if spell.kind == FLARE:
        return Eased(Ease.HALF if gentle(movement) else Ease.WITHHELD, FLARE, spell.last)
    return Eased(Ease(spell.kind), spell.because, spell.last)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a day without a log asks for, in the figures of a `DayTally`."""

    slots: int = 0
    excused: int = 0
    flexible_slots: int = 0
    flexible_days: int = 0
    breaks: int = 0


def asked_on(week: WeekPlan, spells: Iterable[Spell], day: date) -> Asked:
    """What `week` asks for on a day of these spells: resting lines are excused. A plan that does not know its lines
    asks for nothing on such a day."""
    weekday, lines = day.weekday(), week.get("lines")
    if lines is None:
        return Asked(slots=week["slots"][weekday], excused=week["slots"][weekday])
    slots = excused = flexible_slots = flexible_days = breaks = 0
    for line in lines:
        movement = Movement(line["level"], frozenset(line["tags"]))
        how = eased(spells, day, thread=UUID(line["thread"]), movement=movement)
        rests, n = how is not None and how.rests, line["slots"]
        if line["is_break"]:
            breaks += n if weekday in line["days"] and not rests else 0
        elif weekday in line["days"]:
            slots, excused = slots + n, excused + n * rests
        elif not line["days"] and not rests:
            flexible_slots += n * line["per_week"]
            flexible_days = max(flexible_days, line["per_week"])
    return Asked(slots, excused, flexible_slots, flexible_days, breaks)


WHY = {
    FLARE: _("Your back flared up, so this one rests until it is calmer."),
    "safety": _("Your clinic wants to check that this one suits you."),
    "stop": _("It hurt too much last time, so it rests for now."),
    "away": _("Your symptoms moved further out, so it rests for now."),
    "step-back": _("It left your back sore, so it rests for now."),
}


def why_it_rests(each: Eased) -> str:
    """For the patient: why the exercise rests, that it is no loss, and who decides."""
    said = WHY.get(each.because) or gettext("This one rests for now.")
    after = gettext("Your clinician will tell you when.")
    if each.last:
        after = gettext("It is back after %(day)s.") % {"day": date_format(each.last, "j F")}
    return f"{said} {gettext('You need not do it.')} {after}"

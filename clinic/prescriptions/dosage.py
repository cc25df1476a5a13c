"""How much of an exercise: the dosage a clinician prescribes and what follows from it by arithmetic.

The rule ids in the docstrings (DOS-1 to DOS-10) are those of the clinical rules. Reps, holds and minutes
are per side when the side is `each` or `alternate` (DOS-2).
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Literal, Self

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.accounts.thresholds import DEFAULTS, Thresholds

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BAND_COLOURS = (
    "tan", "yellow", "orange", "red", "green", "blue", "black",
    "purple", "pink", "white", "grey", "silver", "gold",
)  # fmt: skip
OLDER_ADULT_AGE = 65  # years
AS_NEEDED_UP_TO = 6  # times a day, where the clinician says "as needed" and no number
WAKING_HOURS = 16
SET_UP_S = 20  # seconds to get ready for one exercise
MINUTES_STEP = Decimal("0.5")

LoadUnit = Literal["", "kg", "lb", "band", "bodyweight", "%1rm"]
TickSide = Literal["left", "right", "both"]


class Measure(StrEnum):
    REPS = "reps"
    HOLD = "hold"
    MINUTES = "minutes"


class Side(StrEnum):
    NONE = "none"
    LEFT = "left"
    RIGHT = "right"
    EACH = "each"
    ALTERNATE = "alternate"


MEASURES = (
    (Measure.REPS.value, _("Repetitions")),
    (Measure.HOLD.value, _("Holds, in seconds")),
    (Measure.MINUTES.value, _("Minutes")),
)
SIDES = (
    (Side.NONE.value, _("No side")),
    (Side.LEFT.value, _("Left side only")),
    (Side.RIGHT.value, _("Right side only")),
    (Side.EACH.value, _("Each side, one after the other")),
    (Side.ALTERNATE.value, _("Alternate sides")),
)

_WHOLE_NUMBERS = {
    "sets": (_("Sets"), 1, 10),
    "reps": (_("Repetitions"), 1, 100),
    "hold_s": (_("Hold in seconds"), 0, 600),
    "rest_s": (_("Rest in seconds"), 0, 600),
    "rpe": ("RPE", 0, 10),
    "rir": (_("Repetitions in reserve"), 0, 5),
    "times_per_day": (_("Times a day"), 1, 12),
    "every_hours": (_("Hours between"), 1, 12),
    "days_per_week": (_("Days a week"), 1, 7),
}
_MAY_BE_EMPTY = {"reps", "rpe", "rir", "every_hours"}

# DOS-1 sets no limits for loads; these only catch a slip of the keyboard.
_HEAVIEST = {"kg": 500, "lb": 1000, "%1rm": 100}


class DosageError(ValueError):
    """A dosage that cannot be prescribed. `errors` maps the field, or "text", to a plain message."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))


@dataclass(frozen=True)
class Dosage:
    """One line's dosage (DOS-1). Building one never fails; `errors` and `validate` say what is wrong with it.

    sets 1-10; reps 1-100, or `rep_list` with the reps of each set, such as (6, 4, 2).
    hold_s: the pause in each rep, 0-600 seconds; for `hold` the length of one, 1-600, and reps count them.
    minutes 0.5-120 in steps of 0.5, per set. rest_s 0-600 seconds between sets.
    tempo: seconds to lower, pause, lift and pause, such as "3-1-1-0". rpe 0-10 or rir 0-5.
    times_per_day 1-12, left at 1 when every_hours (1-12) is used.
    days_per_week 1-7, chosen by the patient, unless `weekdays` (0 = Monday) names that many; 7 is daily.
    as_needed: done when it helps, on any day, at most times_per_day; never due, and counted apart (ADH-5).
    """

    measure: Measure
    sets: int = 1
    reps: int | None = None
    rep_list: tuple[int, ...] = ()
    hold_s: int = 0
    minutes: Decimal | None = None
    rest_s: int = 0
    tempo: str = ""
    load_value: Decimal | None = None
    load_unit: LoadUnit = ""
    band_colour: str = ""
    rpe: int | None = None
    rir: int | None = None
    side: Side = Side.NONE
    times_per_day: int = 1
    every_hours: int | None = None
    days_per_week: int = 7
    weekdays: tuple[int, ...] = ()
    as_needed: bool = False

    def errors(self) -> dict[str, str]:
        """Each field that breaks DOS-1 or DOS-5, with what is allowed; empty when the dosage is valid."""
        found = {
            field: gettext("%(name)s: a whole number from %(low)s to %(high)s.")
            % {"name": name, "low": low, "high": high}
            for field, (name, low, high) in _WHOLE_NUMBERS.items()
            if not (getattr(self, field) is None and field in _MAY_BE_EMPTY)
            and not _is_whole(getattr(self, field), low, high)
        }
        for more in (self._amount_errors(), self._load_errors(), self._schedule_errors()):
            found = more | found
        return found

    def validate(self) -> None:
        """Raise DosageError unless `errors` is empty."""
        if errors := self.errors():
            raise DosageError(errors)

    def to_dict(self) -> dict[str, Any]:
        """Every field in JSON's types, decimals as text: a record that `from_dict` reads back unchanged."""
        record = asdict(self)
        for field, value in record.items():
            if isinstance(value, Decimal | StrEnum):
                record[field] = str(value)
            elif isinstance(value, tuple):
                record[field] = list(value)
        return record

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The dosage of a `to_dict` record; fields not in it take their defaults. DosageError if it is none.

        Ranges are not checked again, so that a record stays readable when a range changes.
        """
        values = dict(record)
        try:
            values["measure"] = Measure(values["measure"])
            values["side"] = Side(values.get("side", Side.NONE))
            for field in ("rep_list", "weekdays"):
                values[field] = tuple(values.get(field, ()))
            for field in ("minutes", "load_value"):
                values[field] = None if values.get(field) is None else Decimal(values[field])
            return cls(**values)
        except (KeyError, TypeError, ValueError, InvalidOperation) as error:
            raise DosageError({"dosage": "This is not the record of a dosage."}) from error

    def __str__(self) -> str:
        from clinic.prescriptions.dosage_words import shorthand  # that module imports this one

        return repr(self) if self.errors() else shorthand(self)

    @property
    def both_sides(self) -> bool:
        """Whether the amount counts twice, once for each side (DOS-2)."""
        return self.side in (Side.EACH, Side.ALTERNATE)

    @property
    def reps_by_set(self) -> tuple[int, ...]:
        """Reps, or holds, of each set, per side; empty for minutes. DosageError when not valid."""
        self.validate()
        if self.measure == Measure.MINUTES:
            return ()
        return self.rep_list or (self.reps or 0,) * self.sets

    @property
    def fixed_weekdays(self) -> tuple[int, ...]:
        """The days it may fall on (0 = Monday); none where the patient chooses them."""
        return self.weekdays or (tuple(range(7)) if self.days_per_week == 7 else ())

    @property
    def slots_per_day(self) -> int:
        """How often it is due on a day, 1-12: `every_hours` is spread over 16 waking hours."""
        if self.every_hours is None:
            return self.times_per_day
        return min(12, WAKING_HOURS // self.every_hours)

    def _amount_errors(self) -> dict[str, str]:
        if self.measure not in tuple(Measure):
            return {"measure": gettext("Measure: reps, hold or minutes.")}
        found = {}
        if self.measure == Measure.MINUTES:
            if not _is_decimal(self.minutes, MINUTES_STEP, 120, step=MINUTES_STEP):
                found["minutes"] = gettext("Minutes: 0.5 to 120, in steps of 0.5.")
            if self.reps is not None:
                found["reps"] = gettext("Repetitions: leave empty for minutes.")
            if self.rep_list != ():
                found["rep_list"] = gettext("Repetitions of each set: leave empty for minutes.")
            if self.hold_s != 0:
                found["hold_s"] = gettext("Hold: leave at 0 for minutes.")
        else:
            found = self._reps_errors()
            if self.minutes is not None:
                found["minutes"] = gettext("Minutes: leave empty for repetitions and holds.")
            if self.measure == Measure.HOLD and self.hold_s == 0:
                found["hold_s"] = gettext("Hold in seconds: a whole number from 1 to 600.")
        if self.tempo != "" and not (self.measure == Measure.REPS and _is_tempo(self.tempo)):
            found["tempo"] = gettext(
                "Tempo: four digits such as 3-1-1-0 (lower, pause, lift, pause), for repetitions only."
            )
        if self.side not in tuple(Side):
            found["side"] = gettext("Side: none, left, right, each or alternate.")
        return found

    def _reps_errors(self) -> dict[str, str]:
        if self.rep_list == ():
            return {} if self.reps is not None else {"reps": gettext("Repetitions: a whole number from 1 to 100.")}
        if (
            not isinstance(self.rep_list, tuple)
            or not 2 <= len(self.rep_list) <= 10
            or not all(_is_whole(reps, 1, 100) for reps in self.rep_list)
        ):
            return {
                "rep_list": gettext("Repetitions of each set: 2 to 10 whole numbers from 1 to 100, such as 6-4-2.")
            }
        found = {}
        if self.reps is not None:
            found["reps"] = gettext("Repetitions: one number for all sets or one for each set, not both.")
        if self.sets != len(self.rep_list):
            found["sets"] = gettext("Sets: %(number)s, as many as the repetitions listed.") % {
                "number": len(self.rep_list)
            }
        return found

    def _load_errors(self) -> dict[str, str]:
        found = {}
        if self.load_unit in tuple(_HEAVIEST):
            heaviest = _HEAVIEST[self.load_unit]
            if not _is_decimal(self.load_value, Decimal("0.01"), heaviest, step=Decimal("0.01")):
                found["load_value"] = gettext("Load: more than 0, at most %(most)s, with 2 decimals at most.") % {
                    "most": heaviest
                }
        elif self.load_unit not in ("", "band", "bodyweight"):
            found["load_unit"] = gettext("Load unit: kg, lb, band, bodyweight or %1rm.")
        elif self.load_value is not None:
            found["load_value"] = gettext("Load: a number needs kg, lb or %1rm.")
        if self.load_unit == "band" and self.band_colour not in BAND_COLOURS:
            found["band_colour"] = gettext("Band colour: %(colours)s or %(last)s.") % {
                "colours": ", ".join(BAND_COLOURS[:-1]),
                "last": BAND_COLOURS[-1],
            }
        if self.load_unit != "band" and self.band_colour != "":
            found["band_colour"] = gettext("Band colour: leave empty without a band.")
        if self.rpe is not None and self.rir is not None:
            found["rir"] = gettext("Effort: RPE or repetitions in reserve, not both.")
        return found

    def _schedule_errors(self) -> dict[str, str]:
        found = {}
        if self.every_hours is not None and self.times_per_day != 1:
            found["every_hours"] = gettext("How often: times a day or hours between, not both.")
        if not isinstance(self.weekdays, tuple) or not all(_is_whole(day, 0, 6) for day in self.weekdays):
            found["weekdays"] = gettext("Weekdays: whole numbers from 0 (Monday) to 6 (Sunday).")
        elif list(self.weekdays) != sorted(set(self.weekdays)):
            found["weekdays"] = gettext("Weekdays: each day once, Monday first.")
        elif self.weekdays and len(self.weekdays) != self.days_per_week:
            found["weekdays"] = gettext("Weekdays: name as many as the days a week, or none.")
        if self.as_needed and (self.every_hours or self.weekdays or self.days_per_week != 7):
            found["as_needed"] = gettext("As needed: leave the days and the hours between out.")
        return found


def _is_whole(value: object, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


def _is_decimal(value: object, low: Decimal, high: int, *, step: Decimal) -> bool:
    if not isinstance(value, Decimal) or not value.is_finite() or not low <= value <= high:
        return False
    return value == (value / step).to_integral_value() * step


def _is_tempo(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[0-9](-[0-9]){3}", value)) and value != "0-0-0-0"


def normal(d: Dosage) -> Dosage:
    """The same dose as usually written: 1 set of 3 holds is 3 sets of 1 (DOS-3), all weekdays are daily."""
    if d.measure == Measure.HOLD and d.sets == 1 and d.reps is not None and d.reps <= 10:
        d = replace(d, sets=d.reps, reps=1)
    if len(d.weekdays) == 7:
        d = replace(d, weekdays=())
    return d


def _amount_by_set(d: Dosage) -> tuple[Decimal, ...]:
    d.validate()
    if d.minutes is not None:
        return (d.minutes,) * d.sets
    seconds_or_one = d.hold_s if d.measure == Measure.HOLD else 1
    return tuple(Decimal(reps * seconds_or_one) for reps in d.reps_by_set)


def volume(d: Dosage) -> Decimal:
    """Reps, seconds held or minutes of one session, both sides together (DOS-6). DosageError if not valid."""
    return sum(_amount_by_set(d), Decimal(0)) * (2 if d.both_sides else 1)


def sides_to_tick(d: Dosage) -> tuple[TickSide, ...]:
    """The sides a patient checks off in each set; alternating sides are done in one go, so one tick."""
    ticks: dict[Side, tuple[TickSide, ...]] = {
        Side.EACH: ("left", "right"),
        Side.LEFT: ("left",),
        Side.RIGHT: ("right",),
    }
    return ticks.get(d.side, ("both",))


def volume_per_tick(d: Dosage, set_number: int, side: TickSide) -> Decimal:
    """Volume one tick stands for; all ticks together are `volume`.

    set_number counts from 1. DosageError when the dosage is not valid or has no such set or side.
    """
    amounts = _amount_by_set(d)
    if not _is_whole(set_number, 1, len(amounts)):
        raise DosageError({"set_number": gettext("Set: a whole number from 1 to %(most)s.") % {"most": len(amounts)}})
    if side not in sides_to_tick(d):
        raise DosageError({"side": gettext("Side: %(sides)s.") % {"sides": " or ".join(sides_to_tick(d))}})
    return amounts[set_number - 1] * (2 if d.side == Side.ALTERNATE else 1)


def seconds(d: Dosage) -> int:
    """Estimated seconds for one session of this line (DOS-7). DosageError if not valid.

    Rest falls between sets, and between holds when they are all in one set.
    """
    work = volume(d)
    rests = d.sets - 1
    if d.measure == Measure.REPS:
        work *= (sum(map(int, d.tempo.split("-"))) if d.tempo else 3) + d.hold_s
    elif d.measure == Measure.HOLD:
        holds = sum(d.reps_by_set)
        work += 3 * holds * (2 if d.both_sides else 1)
        rests = rests or holds - 1
    else:
        work *= 60
    return int(work) + d.rest_s * rests + SET_UP_S


def soft_warnings(d: Dosage, *, category: str, age: int | None) -> list[str]:
    """What lies outside the usual range for the exercise's category (DOS-10); a remark, never a block.

    category: the catalogue's, or "desk" for a desk micro-break; age in years. DosageError if not valid.
    """
    d.validate()
    older = age is not None and age >= OLDER_ADULT_AGE
    warnings = []
    if category == "stretch" and d.measure == Measure.HOLD:
        longest = 60 if older else 30
        if not 10 <= d.hold_s <= longest:
            warnings.append(
                gettext("Stretches are usually held for 10 to %(longest)s seconds.") % {"longest": longest}
            )
        if not 2 <= sum(d.reps_by_set) <= 4:
            warnings.append(gettext("Stretches are usually held 2 to 4 times."))
    if category == "strength":
        fewest, most = (10, 15) if older else (8, 12)
        if d.measure == Measure.REPS and not all(fewest <= reps <= most for reps in d.reps_by_set):
            usual = gettext(
                "Strength work is usually %(fewest)s to %(most)s repetitions a set (10 to 15 for a beginner)."
            )
            if older:
                usual = gettext("Strength work is usually %(fewest)s to %(most)s repetitions a set.")
            warnings.append(usual % {"fewest": fewest, "most": most})
        if not (d.as_needed or 2 <= d.days_per_week <= 3):
            warnings.append(gettext("Strength work is usually done on 2 to 3 days a week."))
        if any((day + 1) % 7 in d.weekdays for day in d.weekdays):
            warnings.append(gettext("Hard days are usually 48 hours apart."))
    if category == "stability" and d.measure == Measure.HOLD:
        if not 8 <= d.hold_s <= 10:
            warnings.append(gettext("Trunk endurance holds usually last 8 to 10 seconds."))
        if sum(d.reps_by_set) == 1:
            warnings.append(gettext("Trunk endurance holds are usually repeated."))
    if category == "desk" and (seconds(d) - SET_UP_S > 180 or (d.minutes is not None and d.minutes < 1)):
        warnings.append(gettext("Desk breaks usually take 1 to 3 minutes."))
    return warnings


def plan_warnings(main_count: int, seconds_per_session: int, thresholds: Thresholds = DEFAULTS) -> list[str]:
    """Warnings, never blocks: more main exercises on one day, or more minutes a session, than the clinic's limit (DOS-8)."""
    most, longest = thresholds.main_exercises_max, thresholds.session_minutes_max
    warnings = []
    if main_count > most:
        warnings.append(
            gettext("%(number)s main exercises on one day. People keep up better with %(most)s or fewer.")
            % {"number": main_count, "most": most}
        )
    if seconds_per_session > longest * 60:
        warnings.append(
            gettext("A session takes over %(longest)s minutes. Aim for %(most)s or less.")
            % {"longest": longest, "most": longest}
        )
    return warnings


def halved(d: Dosage) -> Dosage:
    """Half the volume, rounded up (PAIN-5, PROG-8, FLARE-3): fewer sets first, else fewer repetitions or holds of a
    set, else shorter holds or minutes. What cannot be made less stays as it is. DosageError if not valid."""
    d.validate()
    if d.rep_list:
        return _halved_list(d)
    if d.sets > 1:
        return replace(d, sets=_half(d.sets))
    if d.minutes is not None:
        steps = _half(int(d.minutes / MINUTES_STEP))
        return replace(d, minutes=steps * MINUTES_STEP)
    if d.reps is not None and d.reps > 1:
        return replace(d, reps=_half(d.reps))
    return replace(d, hold_s=_half(d.hold_s)) if d.measure == Measure.HOLD else d


def _halved_list(d: Dosage) -> Dosage:
    """The first sets of a list such as 6-4-2, as far as they are half of it, the last of them cut where it is more."""
    left, kept = _half(sum(d.rep_list)), list[int]()
    for reps in d.rep_list:
        if left > 0:
            kept.append(min(reps, left))
            left -= reps
    if len(kept) > 1:
        return replace(d, sets=len(kept), rep_list=tuple(kept))
    return replace(d, sets=1, reps=kept[0], rep_list=())


def _half(whole: int) -> int:
    return (whole + 1) // 2

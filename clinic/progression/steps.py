"""One step of a dosage, up or down (PROG-1 to PROG-5, PROG-8, PROG-9). Pure arithmetic.

A step up changes one variable and never more. Reps, seconds and minutes are per side where sides are worked in turn.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal

from django.utils.translation import gettext

from clinic.prescriptions.dosage import Dosage, Measure, volume
from patients.accounts.thresholds import Thresholds

# PROG-1: the load grows by 2 to 10 %, and by 2 repetitions where the smallest step is more than that.
HIGHEST_STEP = Decimal("0.10")
REPS_STEP = 2  # PROG-1, PROG-3
SHORT_HOLD_STEP = 2  # seconds on the way to PROG-4's cap, which is 10 by default
MINUTES_STEP_LEAST, MINUTES_STEP_MOST = Decimal(1), Decimal(5)  # PROG-5, minutes a session
HALF_MINUTE = Decimal("0.5")
WEIGHED = ("kg", "lb", "%1rm")


def parts(d: Dosage, *, as_one_set: bool = True) -> dict[str, object]:
    """The variables of a dosage, each of which counts as one change. Holds one after the other are holds of one set,
    however they are written (DOS-3): 6 sets of 1 hold are 1 set of 6."""
    sets, reps = d.sets, d.reps
    if as_one_set and d.measure == Measure.HOLD and reps == 1:
        sets, reps = 1, d.sets
    return {
        "sets": sets,
        "reps": d.rep_list or reps,
        "hold": d.hold_s,
        "minutes": d.minutes,
        "load": (d.load_value, d.load_unit, d.band_colour),
        "often": (d.times_per_day, d.every_hours, d.days_per_week, d.weekdays, d.as_needed),
    }


def changed(old: Dosage, new: Dosage) -> set[str]:
    """The variables that differ. 3 sets of 2 holds become 3 of 1 by one change, whichever way these are written."""
    ways = [(parts(old, as_one_set=way), parts(new, as_one_set=way)) for way in (True, False)]
    return min(({name for name, value in was.items() if now[name] != value} for was, now in ways), key=len)


def on_same_days(old: Dosage, new: Dosage) -> Dosage:
    """Another exercise's dosage as often, and on the same days, as the one whose place it takes."""
    return replace(
        new, times_per_day=old.times_per_day, every_hours=old.every_hours, days_per_week=old.days_per_week,
        weekdays=old.weekdays, as_needed=old.as_needed,
    )  # fmt: skip


def heavier(d: Dosage, t: Thresholds) -> Dosage:
    """The load up by `load_step`, to the nearest step of the weights at hand (PROG-1). Where the smallest step is more
    than 10 %, 2 repetitions more instead. ValueError without a load."""
    if d.load_value is None or d.load_unit not in WEIGHED or d.reps is None:
        raise ValueError(gettext("no load to add to"))
    step = _step(d, t)
    if step > d.load_value * HIGHEST_STEP:
        return replace(d, reps=d.reps + REPS_STEP)
    wanted = d.load_value * Decimal(str(t.load_step)) / step
    # A half rounds down; at least one step, at most 10 %.
    count = max(1, int((wanted + HALF_MINUTE - Decimal("1e-9")).to_integral_value(ROUND_FLOOR)))
    return replace(d, load_value=d.load_value + count * step)


def lighter(d: Dosage, t: Thresholds) -> Dosage | None:
    """10 % off the load, down to a step of the weights at hand; None where that leaves nothing."""
    if d.load_value is None or d.load_unit not in WEIGHED:
        return None
    step = _step(d, t)
    less = (d.load_value * (1 - HIGHEST_STEP) / step).to_integral_value(ROUND_FLOOR) * step
    return replace(d, load_value=less) if less > 0 else None


def _step(d: Dosage, t: Thresholds) -> Decimal:
    return Decimal(str({"kg": t.step_kg, "lb": t.step_lb}.get(d.load_unit, 1)))


def more_reps(d: Dosage, t: Thresholds) -> Dosage | None:
    """2 repetitions more, up to `reps_to`; then one set more, up to `sets_to`; then None: the ladder (PROG-3)."""
    if d.reps is None:
        return None
    if d.reps < t.reps_to:
        return replace(d, reps=min(d.reps + REPS_STEP, t.reps_to))
    return replace(d, sets=d.sets + 1) if d.sets < t.sets_to else None


def more_short_holds(d: Dosage, t: Thresholds) -> Dosage | None:
    """Seconds up to `short_hold_to`, then holds up to `holds_to` a set, then sets up to `sets_to`, then None: the
    ladder (PROG-4a). Repetitions with a long pause count as holds."""
    if d.reps is None:
        return None
    if d.hold_s < t.short_hold_to:
        return replace(d, hold_s=min(d.hold_s + SHORT_HOLD_STEP, t.short_hold_to))
    in_a_row = d.measure == Measure.HOLD and d.reps == 1
    sets, holds = (1, d.sets) if in_a_row else (d.sets, d.reps)
    if holds < t.holds_to:
        return replace(d, sets=holds + 1) if in_a_row else replace(d, reps=holds + 1)
    return replace(d, sets=sets + 1, reps=holds) if sets < t.sets_to else None


def longer_hold(d: Dosage, t: Thresholds, to: int | None = None) -> Dosage | None:
    """`long_hold_step` seconds more, up to `long_hold_to` or `to`; then None (PROG-4b, PROG-4c)."""
    longest = t.long_hold_to if to is None else to
    return replace(d, hold_s=min(d.hold_s + t.long_hold_step, longest)) if d.hold_s < longest else None


def more_minutes(d: Dosage, t: Thresholds, to: Decimal) -> Dosage | None:
    """The week's minutes up by `minutes_step`, at least 1 and at most 5 minutes a session, toward `to` minutes; then
    None (PROG-5). Days come before minutes, but one day more is over 10 % of any week, so days stay with the
    clinician. Several bouts in a session share what is added, in half minutes."""
    if d.minutes is None or d.minutes >= to:
        return None
    session = d.minutes * d.sets
    added = min(max(session * Decimal(str(t.minutes_step)), MINUTES_STEP_LEAST), MINUTES_STEP_MOST)
    each = (added / d.sets / HALF_MINUTE).to_integral_value(ROUND_FLOOR) * HALF_MINUTE
    return replace(d, minutes=min(d.minutes + each, to)) if each else None


def scaled(d: Dosage, share: float) -> Dosage | None:
    """At most that share of the volume, and as near to it as one variable gets; None where nothing can be taken off
    (PROG-8, PROG-9). Sets go first where two ways come to the same."""
    wanted = volume(d) * Decimal(str(share))
    fitting = [(volume(each), n, each) for n, each in enumerate(_less(d, share)) if volume(each) <= wanted]
    return max(fitting, key=lambda one: (one[0], -one[1]))[2] if fitting else None


def _less(d: Dosage, share: float) -> Iterator[Dosage]:
    def part(number: int) -> int:
        return max(1, int(number * share + 1e-9))

    ways: list[Callable[[], Dosage]] = []
    if d.rep_list:
        ways.append(lambda: replace(d, rep_list=tuple(part(reps) for reps in d.rep_list)))
    else:
        ways.append(lambda: replace(d, sets=part(d.sets)))
        if d.reps is not None:
            ways.append(lambda: replace(d, reps=part(d.reps or 1)))
    if d.measure == Measure.HOLD:
        ways.append(lambda: replace(d, hold_s=part(d.hold_s)))
    if d.minutes is not None:
        halves = int(d.minutes / HALF_MINUTE)
        ways.append(lambda: replace(d, minutes=part(halves) * HALF_MINUTE))
    yield from (way() for way in ways)

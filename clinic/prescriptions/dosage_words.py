"""A dosage in writing: the clinician's shorthand (DOS-3) and plain words for the patient, without Latin.

Every function wants a valid dosage and raises DosageError otherwise. All but `shorthand`, which is read back, write in
the language of the moment.
"""

from collections.abc import Callable
from decimal import Decimal

from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.utils.translation import ngettext

from clinic.prescriptions.dosage import Dosage, Measure, Side, normal
from exercises.words import listed

_SIDE_SHORTHAND = {
    Side.LEFT: noop("left side"),
    Side.RIGHT: noop("right side"),
    Side.EACH: noop("each side"),
    Side.ALTERNATE: noop("alternate sides"),
}
_SIDE_WORDS = _SIDE_SHORTHAND | {Side.ALTERNATE: noop("changing sides")}
_ON_WHICH_SIDE = {
    Side.LEFT: noop(" on your left side"),
    Side.RIGHT: noop(" on your right side"),
    Side.EACH: noop(" on each side"),
    Side.ALTERNATE: noop(" on each side, changing sides each time"),
}
_BANDS = {
    "tan": noop("tan band"),
    "yellow": noop("yellow band"),
    "orange": noop("orange band"),
    "red": noop("red band"),
    "green": noop("green band"),
    "blue": noop("blue band"),
    "black": noop("black band"),
    "purple": noop("purple band"),
    "pink": noop("pink band"),
    "white": noop("white band"),
    "grey": noop("grey band"),
    "silver": noop("silver band"),
    "gold": noop("gold band"),
}
_WEEKDAYS_SHORT = (noop("Mo"), noop("Tu"), noop("We"), noop("Th"), noop("Fr"), noop("Sa"), noop("Su"))

Say = Callable[[str], str]


def shorthand(d: Dosage) -> str:
    """The canonical ASCII text (DOS-3), which `parse` reads: `3 x 10, 5 s hold, each side, 2x/day, Mo-Fr`.

    Empty parts are left out, and so are once a day and daily. Three or more weekdays in a row are a range.
    """
    return ", ".join(_parts(d, say=str, times="x", dash="-"))


def display(d: Dosage) -> str:
    """The same parts as `shorthand`, set for reading: `3 × 10, 5 s hold, each side, 2×/day, Mo–Fr`."""
    return ", ".join(_parts(d, say=_, times="×", dash="–"))


def _parts(d: Dosage, *, say: Say, times: str, dash: str) -> list[str]:
    d.validate()
    often = {"times": f"{d.times_per_day}{times}"}
    parts = [
        _amount(d, say=say, times=times, dash=dash),
        say(noop("%(seconds)s s hold")) % {"seconds": d.hold_s} if d.measure == Measure.REPS and d.hold_s else "",
        say(noop("tempo %(tempo)s")) % {"tempo": d.tempo} if d.tempo else "",
        say(_SIDE_SHORTHAND[d.side]) if d.side in _SIDE_SHORTHAND else "",
        say(noop("%(seconds)s s rest")) % {"seconds": d.rest_s} if d.rest_s else "",
        _load(d, say),
        say(noop("RPE %(number)s")) % {"number": d.rpe} if d.rpe is not None else "",
        say(noop("RIR %(number)s")) % {"number": d.rir} if d.rir is not None else "",
        say(noop("%(times)s/day")) % often if d.times_per_day > 1 or d.as_needed else "",
        say(noop("every %(hours)s h")) % {"hours": d.every_hours} if d.every_hours else "",
        _days(d, say=say, dash=dash),
    ]
    return [part for part in parts if part]


def _amount(d: Dosage, *, say: Say, times: str, dash: str) -> str:
    def in_seconds(seconds: int) -> str:
        return say(noop("%(seconds)s s")) % {"seconds": seconds}

    if d.minutes is not None:
        bout = say(noop("%(minutes)s min")) % {"minutes": _number(d.minutes)}
        if d.sets == 1:
            return bout
        return f"{d.sets} {times} {in_seconds(30) if d.minutes < 1 else bout}"
    factors = [dash.join(map(str, d.rep_list))] if d.rep_list else [str(d.sets), str(d.reps)]
    if d.measure == Measure.HOLD:
        if 1 in (d.sets, d.reps):
            factors = [str(sum(d.reps_by_set))]
        factors.append(in_seconds(d.hold_s))
    return f" {times} ".join(factors)


def _load(d: Dosage, say: Say) -> str:
    if d.load_unit == "bodyweight":
        return say(noop("bodyweight"))
    if d.load_unit == "band":
        return say(_BANDS[d.band_colour])
    if d.load_value is None:
        return ""
    return f"{_number(d.load_value)}{'% 1RM' if d.load_unit == '%1rm' else f' {d.load_unit}'}"


def weekdays_short(d: Dosage, *, say: Say = _, dash: str = "–") -> str:
    """The named days in short: `Mo–Fr`, `Mo, We, Fr`."""
    return ", ".join(_weekday_runs(d.weekdays, name=lambda day: say(_WEEKDAYS_SHORT[day]), joiner=dash))


def _days(d: Dosage, *, say: Say, dash: str) -> str:
    if d.as_needed:
        return say(noop("as needed"))
    if d.days_per_week == 7:
        return ""
    if d.weekdays:
        return weekdays_short(d, say=say, dash=dash)
    days = noop("%(number)s day/week") if d.days_per_week == 1 else noop("%(number)s days/week")
    return say(days) % {"number": d.days_per_week}


def words(d: Dosage) -> str:
    """How to do it, for the patient: `Do it 8 times. Hold each one for 5 seconds. Rest for 1 minute, ...`."""
    d.validate()
    d = normal(d)
    return " ".join([*_what_to_do(d), *_how_it_is_repeated(d), *_how_hard(d)])


def words_short(d: Dosage) -> str:
    """The amount in one line, for a small row: `3 sets of 8, hold 5 seconds`."""
    d.validate()
    d = normal(d)
    again = [_times(d.sets)] if d.sets > 1 else []
    hold = _("hold %(time)s") % {"time": duration(d.hold_s)}
    if d.minutes is not None:
        parts = [duration(d.minutes * 60), *again]
    elif d.measure == Measure.REPS:
        parts = [_sets_of(d)] + ([hold] if d.hold_s else [])
    elif d.reps == 1:
        parts = [hold, *again]
    else:
        parts = [_("%(sets)s holds of %(time)s") % {"sets": _sets_of(d), "time": duration(d.hold_s)}]
    return ", ".join([*parts, *([_(_SIDE_WORDS[d.side])] if d.side != Side.NONE else [])])


def words_when(d: Dosage) -> str:
    """How often, for the patient: `2 times a day, Monday to Friday`; `3 days a week, you choose which`."""
    d.validate()
    if d.as_needed:
        return _("when it helps, up to %(times)s a day") % {"times": _times(d.times_per_day)}
    if d.every_hours:
        often = ngettext(
            "every hour while you are awake", "every %(hours)s hours while you are awake", d.every_hours
        ) % {"hours": d.every_hours}
    else:
        often = _("%(number)s times a day") % {"number": d.times_per_day} if d.times_per_day > 1 else ""
    if d.days_per_week == 7:
        days = "" if d.every_hours else _("every day")
    elif d.weekdays:
        days = listed(_weekday_runs(d.weekdays, name=lambda day: str(WEEKDAY_NAMES[day]), joiner=_(" to ")))
    else:
        days = ngettext(
            "%(number)s day a week, you choose which", "%(number)s days a week, you choose which", d.days_per_week
        ) % {"number": d.days_per_week}
    return ", ".join(part for part in (often, days) if part)


def set_label(d: Dosage) -> str:
    """What one check-off button is called, before its number: Set, Hold, Round, or Done for a single bout."""
    if d.measure == Measure.MINUTES:
        return _("Round") if d.sets > 1 else _("Done")
    return _("Hold") if d.measure == Measure.HOLD and d.reps == 1 else _("Set")


def _what_to_do(d: Dosage) -> list[str]:
    side = _(_ON_WHICH_SIDE[d.side]) if d.side in _ON_WHICH_SIDE else ""
    hold = {"time": duration(d.hold_s), "side": side}
    if d.minutes is not None:
        return [_("Do it for %(time)s%(side)s.") % {"time": duration(d.minutes * 60), "side": side}]
    if d.measure == Measure.HOLD and d.reps is not None:
        if d.reps == 1 and d.side == Side.ALTERNATE:
            return [_("Hold for %(time)s on one side, then on the other.") % hold]
        if d.reps > 1:
            return [_("Hold for %(time)s, %(times)s%(side)s.") % (hold | {"times": _times(d.reps)})]
        return [_("Hold for %(time)s%(side)s.") % hold]
    if d.rep_list:
        each_set = _(", then ").join(_times(reps) for reps in d.rep_list)
        sentences = [_("Do %(sets)s sets%(side)s: %(each)s.") % {"sets": d.sets, "side": side, "each": each_set}]
    else:
        sentences = [_("Do it %(times)s%(side)s.") % {"times": _times(d.reps or 0), "side": side}]
    if d.hold_s:
        sentences.append((_("Hold for %(time)s.") if d.reps == 1 else _("Hold each one for %(time)s.")) % hold)
    if d.tempo:
        steps = (_("lower for %(time)s"), _("pause for %(time)s"), _("lift for %(time)s"), _("pause for %(time)s"))
        pace = zip(steps, map(int, d.tempo.split("-")), strict=True)
        in_turn = _(", then ").join(step % {"time": duration(seconds)} for step, seconds in pace if seconds)
        sentences.append(f"{in_turn[:1].upper()}{in_turn[1:]}.")
    return sentences


def _how_it_is_repeated(d: Dosage) -> list[str]:
    if d.sets == 1:
        return []
    rest = {"time": duration(d.rest_s)}
    if d.rep_list:
        return [_("Rest for %(time)s between sets.") % rest] if d.rest_s else []
    if d.measure == Measure.REPS or (d.measure == Measure.HOLD and d.reps != 1):
        in_all = _("Do %(sets)s sets in all.") % {"sets": d.sets}
    else:
        in_all = _("Do this %(times)s in all.") % {"times": _times(d.sets)}
    return [_("Rest for %(time)s, then repeat.") % rest, in_all] if d.rest_s else [in_all]


def _how_hard(d: Dosage) -> list[str]:
    sentences = []
    if d.load_unit == "bodyweight":
        sentences.append(_("Use only your own body weight."))
    elif d.load_unit == "band":
        sentences.append(_("Use the %(band)s.") % {"band": _(_BANDS[d.band_colour])})
    elif d.load_value is not None:
        load = {"number": _number(d.load_value)}
        if d.load_unit == "%1rm":
            sentences.append(_("Use %(number)s%% of the most you can lift once.") % load)
        else:
            sentences.append((_("Use %(number)s kg.") if d.load_unit == "kg" else _("Use %(number)s pounds.")) % load)
    if d.rpe is not None:
        sentences.append(_("Aim for an effort of %(number)s out of 10.") % {"number": d.rpe})
    if d.rir:
        sentences.append(_("Stop when you could still do %(number)s more.") % {"number": d.rir})
    elif d.rir == 0:
        sentences.append(_("Stop when you cannot do 1 more."))
    return sentences


def _sets_of(d: Dosage) -> str:
    if d.rep_list:
        return _("sets of %(numbers)s") % {"numbers": listed(str(reps) for reps in d.rep_list)}
    if d.measure == Measure.REPS and d.sets == 1:
        return _times(d.reps or 0)
    return ngettext("%(sets)s set of %(reps)s", "%(sets)s sets of %(reps)s", d.sets) % {
        "sets": d.sets,
        "reps": d.reps,
    }


def _weekday_runs(days: tuple[int, ...], *, name: Callable[[int], str], joiner: str) -> list[str]:
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    written = []
    for run in runs:
        names = [name(day) for day in run]
        written += [f"{names[0]}{joiner}{names[-1]}"] if len(run) > 2 else names
    return written


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _times(number: int) -> str:
    return ngettext("once", "%(number)s times", number) % {"number": number}


def duration(seconds: Decimal | int) -> str:
    minutes, rest = divmod(int(seconds), 60)
    parts = [ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}] if minutes else []
    if rest:
        parts.append(ngettext("%(number)s second", "%(number)s seconds", rest) % {"number": rest})
    return " ".join(parts)

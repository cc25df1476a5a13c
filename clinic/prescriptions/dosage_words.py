"""A dosage in writing: the clinician's shorthand (DOS-3) and plain words for the patient, without Latin.

Every function wants a valid dosage and raises DosageError otherwise.
"""

from decimal import Decimal

from clinic.prescriptions.dosage import WEEKDAYS, Dosage, Measure, Side, normal

_SIDE_SHORTHAND = {
    Side.LEFT: "left side",
    Side.RIGHT: "right side",
    Side.EACH: "each side",
    Side.ALTERNATE: "alternate sides",
}
_SIDE_WORDS = _SIDE_SHORTHAND | {Side.ALTERNATE: "changing sides"}
_ON_WHICH_SIDE = {
    Side.LEFT: " on your left side",
    Side.RIGHT: " on your right side",
    Side.EACH: " on each side",
    Side.ALTERNATE: " on each side, changing sides each time",
}


def shorthand(d: Dosage) -> str:
    """The canonical ASCII text (DOS-3), which `parse` reads: `3 x 10, 5 s hold, each side, 2x/day, Mo-Fr`.

    Empty parts are left out, and so are once a day and daily. Three or more weekdays in a row are a range.
    """
    return ", ".join(_parts(d, times="x", dash="-"))


def display(d: Dosage) -> str:
    """The same parts as `shorthand`, set for reading: `3 × 10, 5 s hold, each side, 2×/day, Mo–Fr`."""
    return ", ".join(_parts(d, times="×", dash="–"))


def _parts(d: Dosage, *, times: str, dash: str) -> list[str]:
    d.validate()
    parts = [
        _amount(d, times=times, dash=dash),
        f"{d.hold_s} s hold" if d.measure == Measure.REPS and d.hold_s else "",
        f"tempo {d.tempo}" if d.tempo else "",
        _SIDE_SHORTHAND.get(d.side, ""),
        f"{d.rest_s} s rest" if d.rest_s else "",
        _load(d),
        f"RPE {d.rpe}" if d.rpe is not None else "",
        f"RIR {d.rir}" if d.rir is not None else "",
        f"{d.times_per_day}{times}/day" if d.times_per_day > 1 or d.as_needed else "",
        f"every {d.every_hours} h" if d.every_hours else "",
        _days(d, dash=dash),
    ]
    return [part for part in parts if part]


def _amount(d: Dosage, *, times: str, dash: str) -> str:
    if d.minutes is not None:
        bout = f"{_number(d.minutes)} min"
        if d.sets == 1:
            return bout
        return f"{d.sets} {times} {'30 s' if d.minutes < 1 else bout}"
    factors = [dash.join(map(str, d.rep_list))] if d.rep_list else [str(d.sets), str(d.reps)]
    if d.measure == Measure.HOLD:
        if 1 in (d.sets, d.reps):
            factors = [str(sum(d.reps_by_set))]
        factors.append(f"{d.hold_s} s")
    return f" {times} ".join(factors)


def _load(d: Dosage) -> str:
    if d.load_unit == "bodyweight":
        return "bodyweight"
    if d.load_unit == "band":
        return f"{d.band_colour} band"
    if d.load_value is None:
        return ""
    return f"{_number(d.load_value)}{'% 1RM' if d.load_unit == '%1rm' else f' {d.load_unit}'}"


def weekdays_short(d: Dosage, *, dash: str = "–") -> str:
    """The named days in short: `Mo–Fr`, `Mo, We, Fr`."""
    return ", ".join(_weekday_runs(d.weekdays, letters=2, joiner=dash))


def _days(d: Dosage, *, dash: str) -> str:
    if d.as_needed:
        return "as needed"
    if d.days_per_week == 7:
        return ""
    if d.weekdays:
        return weekdays_short(d, dash=dash)
    return f"{_count(d.days_per_week, 'day')}/week"


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
    if d.minutes is not None:
        parts = [duration(d.minutes * 60), *again]
    elif d.measure == Measure.REPS:
        parts = [_sets_of(d)] + ([f"hold {duration(d.hold_s)}"] if d.hold_s else [])
    elif d.reps == 1:
        parts = [f"hold {duration(d.hold_s)}", *again]
    else:
        parts = [f"{_sets_of(d)} holds of {duration(d.hold_s)}"]
    return ", ".join([*parts, *([_SIDE_WORDS[d.side]] if d.side != Side.NONE else [])])


def words_when(d: Dosage) -> str:
    """How often, for the patient: `2 times a day, Monday to Friday`; `3 days a week, you choose which`."""
    d.validate()
    if d.as_needed:
        return f"when it helps, up to {_times(d.times_per_day)} a day"
    if d.every_hours:
        hours = "hour" if d.every_hours == 1 else f"{d.every_hours} hours"
        often = f"every {hours} while you are awake"
    else:
        often = f"{d.times_per_day} times a day" if d.times_per_day > 1 else ""
    if d.days_per_week == 7:
        days = "" if d.every_hours else "every day"
    elif d.weekdays:
        days = _and(_weekday_runs(d.weekdays, letters=None, joiner=" to "))
    else:
        days = f"{_count(d.days_per_week, 'day')} a week, you choose which"
    return ", ".join(part for part in (often, days) if part)


def set_label(d: Dosage) -> str:
    """What one check-off button is called, before its number: Set, Hold, Round, or Done for a single bout."""
    if d.measure == Measure.MINUTES:
        return "Round" if d.sets > 1 else "Done"
    return "Hold" if d.measure == Measure.HOLD and d.reps == 1 else "Set"


def _what_to_do(d: Dosage) -> list[str]:
    side = _ON_WHICH_SIDE.get(d.side, "")
    if d.minutes is not None:
        return [f"Do it for {duration(d.minutes * 60)}{side}."]
    if d.measure == Measure.HOLD and d.reps is not None:
        if d.reps == 1 and d.side == Side.ALTERNATE:
            return [f"Hold for {duration(d.hold_s)} on one side, then on the other."]
        again = f", {_times(d.reps)}" if d.reps > 1 else ""
        return [f"Hold for {duration(d.hold_s)}{again}{side}."]
    if d.rep_list:
        each_set = ", then ".join(_times(reps) for reps in d.rep_list)
        sentences = [f"Do {d.sets} sets{side}: {each_set}."]
    else:
        sentences = [f"Do it {_times(d.reps or 0)}{side}."]
    if d.hold_s:
        sentences.append(f"Hold {'' if d.reps == 1 else 'each one '}for {duration(d.hold_s)}.")
    if d.tempo:
        steps = zip(("lower", "pause", "lift", "pause"), map(int, d.tempo.split("-")), strict=True)
        pace = ", then ".join(f"{step} for {duration(s)}" for step, s in steps if s)
        sentences.append(f"{pace.capitalize()}.")
    return sentences


def _how_it_is_repeated(d: Dosage) -> list[str]:
    if d.sets == 1:
        return []
    if d.rep_list:
        return [f"Rest for {duration(d.rest_s)} between sets."] if d.rest_s else []
    sets_of_many = d.measure == Measure.REPS or (d.measure == Measure.HOLD and d.reps != 1)
    in_all = f"Do {d.sets} sets in all." if sets_of_many else f"Do this {_times(d.sets)} in all."
    return [f"Rest for {duration(d.rest_s)}, then repeat.", in_all] if d.rest_s else [in_all]


def _how_hard(d: Dosage) -> list[str]:
    sentences = []
    if d.load_unit == "bodyweight":
        sentences.append("Use only your own body weight.")
    elif d.load_unit == "band":
        sentences.append(f"Use the {d.band_colour} band.")
    elif d.load_unit == "%1rm" and d.load_value is not None:
        sentences.append(f"Use {_number(d.load_value)}% of the most you can lift once.")
    elif d.load_value is not None:
        sentences.append(f"Use {_number(d.load_value)} {'kg' if d.load_unit == 'kg' else 'pounds'}.")
    if d.rpe is not None:
        sentences.append(f"Aim for an effort of {d.rpe} out of 10.")
    if d.rir is not None:
        left = f"could still do {d.rir} more" if d.rir else "cannot do 1 more"
        sentences.append(f"Stop when you {left}.")
    return sentences


def _sets_of(d: Dosage) -> str:
    if d.rep_list:
        return f"sets of {_and([str(reps) for reps in d.rep_list])}"
    if d.measure == Measure.REPS and d.sets == 1:
        return _times(d.reps or 0)
    return f"{_count(d.sets, 'set')} of {d.reps}"


def _weekday_runs(days: tuple[int, ...], *, letters: int | None, joiner: str) -> list[str]:
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    written = []
    for run in runs:
        names = [WEEKDAYS[day][:letters] for day in run]
        written += [f"{names[0]}{joiner}{names[-1]}"] if len(run) > 2 else names
    return written


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def duration(seconds: Decimal | int) -> str:
    minutes, rest = divmod(int(seconds), 60)
    parts = [_count(minutes, "minute")] if minutes else []
    return " ".join([*parts, _count(rest, "second")] if rest else parts)


def _and(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)

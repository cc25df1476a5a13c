"""Reading a clinician's shorthand such as `3x10 5s each side 2x/day Mo-Fr` (DOS-4)."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from clinic.prescriptions.dosage import AS_NEEDED_UP_TO, BAND_COLOURS, WEEKDAYS, Dosage, DosageError, Measure, Side

EXAMPLE = "3x10, 5 s hold, each side, 2x/day, Mo-Fr"
LONGEST_TEXT = 200  # characters

Said = dict[str, Any]  # what one phrase says: Dosage fields, and the keys explained in `_measure`

_TYPED_AS_ASCII = str.maketrans("×✕‐‑‒–—−", "xx------")

_N = r"(\d+)"
_DECIMAL = r"(\d+(?:\.\d+)?)"
_SETS_OF = r" ?(?:x|sets? ?(?:of|x)?) ?"
_SECONDS = r" ?(?:s|secs?|seconds?)"
_MINUTES = r" ?(?:min|mins|minutes?)"
_TIME = rf"{_N}(?:{_SECONDS}|({_MINUTES}))"
# "1,5 min" is not 1 second and then 5 minutes
_TIME_OR_NUMBER = rf"{_N}(?:{_SECONDS}|({_MINUTES})|(?!\d|,\d))"
_UNIT = r"(?: ?(reps?|repetitions?|holds?))"
_BODY_PART = r" ?(?:sides?|legs?|arms?|hands?|knees?|hips?|foot|feet)"
_A = r"(?:/ ?|per |a |each )"
_COLOUR = rf"({'|'.join(BAND_COLOURS)}|gray)"
_DAY = r"((?:mo|tu|we|th|fr|sa|su)[a-z]*)"
_LATIN = {"bid": 2, "bd": 2, "tid": 3, "tds": 3, "qid": 4, "qds": 4}
_NOTHING: dict[str, Said] = {
    "hold": {"seconds": 0},
    "rest": {"rest_s": 0},
    "tempo": {"tempo": ""},
    "load": {"load_unit": "", "load_value": None, "band_colour": ""},
    "side": {"side": Side.NONE},
}


def _length(number: str, minutes: str | None) -> int:
    return int(number) * (60 if minutes else 1)


def _unit(word: str | None) -> Said:
    return {"unit": Measure.HOLD if word.startswith("hold") else Measure.REPS} if word else {}


def _load(unit: str, value: str | None = None, colour: str = "") -> Said:
    return {"load_unit": unit, "load_value": None if value is None else Decimal(value), "band_colour": colour}


def _weekday(word: str) -> int:
    for number, name in enumerate(WEEKDAYS):
        if name.lower().startswith(word.removesuffix("s")):
            return number
    raise _not_understood(word)


def _weekdays(first: str, last: str | None = None) -> Said:
    start = _weekday(first)
    days = 1 if last is None else (_weekday(last) - start) % 7 + 1
    return {"weekdays": {(start + day) % 7 for day in range(days)}}


def _two_readings(*_: str) -> Said:
    raise DosageError(
        {"text": gettext("Put a comma before or after the rest, for example: 3x10, 5 s hold, 60 s rest.")}
    )


def _once_or_twice(count: str, period: str) -> Said:
    return {"days_per_week" if period.startswith("w") else "times_per_day": 2 if count == "twice" else 1}


# The first phrase that fits is taken, so the longer of two that begin alike stands first.
_PHRASES: list[tuple[str, Callable[..., Said]]] = [
    (r"no (hold|rest|tempo|load|side)s?", lambda part: _NOTHING[part]),
    (rf"rest ?(?:for )?{_TIME_OR_NUMBER}", lambda n, minutes: {"rest_s": _length(n, minutes)}),
    (rf"{_TIME} ?rest ?(?:for )?{_TIME}", _two_readings),
    (rf"{_TIME} ?rest", lambda n, minutes: {"rest_s": _length(n, minutes)}),
    (r"tempo ?(\d)-?(\d)-?(\d)-?(\d)", lambda *digits: {"tempo": "-".join(digits)}),
    (rf"{_N} ?(?:(?:x|times|d|days?) ?{_A}?|{_A})(?:weekly|week|wk|w)", lambda n: {"days_per_week": int(n)}),
    (rf"{_N} ?(?:(?:x|times) ?{_A}?|{_A})(?:daily|day|d)", lambda n: {"times_per_day": int(n)}),
    (rf"(once|twice) ?{_A}?(daily|day|weekly|week)", _once_or_twice),
    (rf"({'|'.join(_LATIN)})", lambda latin: {"times_per_day": _LATIN[latin]}),
    (rf"(?:every|q) ?{_N} ?(?:h|hrs?|hours?)", lambda n: {"every_hours": int(n)}),
    (r"(?:as|when|if) ?(?:needed|required)|prn|when it helps", lambda: {"as_needed": True}),
    (r"daily|every day|each day", lambda: {"days_per_week": 7}),
    (r"weekdays", lambda: _weekdays("mo", "fr")),
    (rf"{_DECIMAL} ?(kg|lb)s?", lambda value, unit: _load(unit, value)),
    (rf"{_DECIMAL} ?% ?(?:of )?1 ?rm", lambda value: _load("%1rm", value)),
    (rf"{_COLOUR} ?band", lambda colour: _load("band", colour=colour.replace("gray", "grey"))),
    (rf"band ?{_COLOUR}", lambda colour: _load("band", colour=colour.replace("gray", "grey"))),
    (r"body ?weight|bw", lambda: _load("bodyweight")),
    (rf"rpe ?{_N}", lambda n: {"rpe": int(n)}),
    (rf"rir ?{_N}", lambda n: {"rir": int(n)}),
    (rf"{_N} ?rir", lambda n: {"rir": int(n)}),
    (rf"alt(?:ernat(?:e|ing))?(?:{_BODY_PART})?", lambda: {"side": Side.ALTERNATE}),
    (rf"each(?:{_BODY_PART})?|(?:per|both){_BODY_PART}", lambda: {"side": Side.EACH}),
    (rf"(?:left|l)(?:{_BODY_PART})?", lambda: {"side": Side.LEFT}),
    (rf"(?:right|r)(?:{_BODY_PART})?", lambda: {"side": Side.RIGHT}),
    (rf"{_N}{_SETS_OF}{_DECIMAL}{_MINUTES}", lambda sets, n: {"sets": int(sets), "minutes": Decimal(n)}),
    (rf"{_N}{_SETS_OF}{_N}{_SECONDS}(?: ?holds?)?", lambda n, s: {"holds": int(n), "seconds": int(s)}),
    (
        rf"{_N}{_SETS_OF}{_N}{_UNIT}?",
        lambda sets, reps, unit: {"sets": int(sets), "reps": int(reps)} | _unit(unit),
    ),
    (r"(\d+(?: ?- ?\d+)+)", lambda reps: {"rep_list": tuple(map(int, reps.split("-")))}),
    (rf"{_N} ?sets?", lambda n: {"sets": int(n)}),
    (rf"{_N}{_UNIT}", lambda n, unit: {"reps": int(n)} | _unit(unit)),
    (rf"{_N} ?times", lambda n: {"reps": int(n)}),
    (rf"holds? ?(?:for )?{_TIME_OR_NUMBER}", lambda n, minutes: {"seconds": _length(n, minutes)}),
    (rf"{_TIME} ?holds?", lambda n, minutes: {"seconds": _length(n, minutes)}),
    (rf"(?:x|of) ?{_N}{_SECONDS}", lambda s: {"seconds": int(s), "chained": True}),
    (rf"{_N}{_SECONDS}", lambda s: {"seconds": int(s)}),
    (rf"{_DECIMAL}{_MINUTES}", lambda n: {"minutes": Decimal(n)}),
    (rf"{_DAY}(?: ?- ?| to ){_DAY}", _weekdays),
    (_DAY, _weekdays),
]
_END = r"(?=x\d)|(?!\w|\.\d)"
_COMPILED = [(re.compile(rf"(?:{phrase})(?:{_END})", re.ASCII), read) for phrase, read in _PHRASES]
_BETWEEN_PHRASES = re.compile(r"(?:[ ,;@+&]|\.(?!\d)|(?:and|at|on|with|for|do)(?!\w))*", re.ASCII)


def parse(text: str, *, base: Dosage | None = None) -> Dosage:
    """The dosage a clinician typed, in any order and case (DOS-4); always a valid one.

    Parts not mentioned stay as in `base`; without it they are empty, once a day, daily. `base` also settles
    forms that fit two measures: `3x10x5s` are holds, but reps with a pause where the line counts reps, and
    `3x30s` are minutes where the line counts minutes. DosageError names the word that was not understood,
    or the field out of range.
    """
    said = _read(text)
    measure = _measure(said, base)
    if base is None:
        base = Dosage(measure)
    elif base.measure != measure:
        base = replace(base, measure=measure, sets=1, reps=None, rep_list=(), hold_s=0, minutes=None, tempo="")
    d = replace(base, **_amount(said, measure, base), **_others(said, base))
    d.validate()
    return d


def _read(text: str) -> Said:
    if len(text) > LONGEST_TEXT:
        raise DosageError(
            {
                "text": gettext("A dose is at most %(most)s characters. For example: %(example)s.")
                % {"most": LONGEST_TEXT, "example": EXAMPLE}
            }
        )
    text = " ".join(text.translate(_TYPED_AS_ASCII).lower().split())
    text = re.sub(r"(?<=\d) ?x ?(?=\d)", "x", text)
    said: Said = {}
    position = _skip(text, 0)
    while position < len(text):
        for phrase, read in _COMPILED:
            if match := phrase.match(text, position):
                _add(said, read(*match.groups()), phrase=match.group())
                break
        else:
            raise _not_understood(text[position:].split()[0])
        position = _skip(text, match.end())
    if not said:
        raise DosageError({"text": gettext("Write a dose, for example: %(example)s.") % {"example": EXAMPLE}})
    return said


def _skip(text: str, position: int) -> int:
    match = _BETWEEN_PHRASES.match(text, position)
    return match.end() if match else position


def _add(said: Said, more: Said, *, phrase: str) -> None:
    if "weekdays" in more:
        more = {"weekdays": more["weekdays"] | said.pop("weekdays", set())}
    if any(said.get(key, value) != value for key, value in more.items()):
        raise DosageError(
            {"text": gettext('"%(text)s" does not fit with what is said before it.') % {"text": _shorten(phrase)}}
        )
    said.update(more)


def _not_understood(word: str) -> DosageError:
    word = _shorten(word.strip(",;"))
    return DosageError(
        {
            "text": gettext('"%(text)s" was not understood. For example: %(example)s.')
            % {"text": word, "example": EXAMPLE}
        }
    )


def _shorten(word: str) -> str:
    return word if len(word) <= 20 else f"{word[:20]}..."


def _measure(said: Said, base: Dosage | None) -> Measure:
    """Which measure the text means. Besides fields, `said` may hold:

    seconds: a length that may be a hold, a pause or part of minutes; holds: how many of them (`3x30s`);
    chained: the seconds were multiplied (`3x10 x 5s`); unit: reps or holds were named.
    """
    usual = base.measure if base else None
    counted = "reps" in said or "rep_list" in said
    if "minutes" in said:
        return Measure.MINUTES
    if "unit" in said:
        return Measure(said["unit"])
    if "seconds" in said and not counted:
        if usual == Measure.MINUTES:
            return Measure.HOLD if said["seconds"] % 30 else Measure.MINUTES
        return Measure.HOLD if "holds" in said or usual is None else usual
    if "seconds" in said:
        if usual in (Measure.REPS, Measure.HOLD):
            return usual
        return Measure.HOLD if "chained" in said else Measure.REPS
    if counted:
        if usual == Measure.MINUTES or (usual == Measure.HOLD and "rep_list" not in said):
            raise DosageError({"text": gettext("Say what is counted, for example: 3x10 reps, 3x10 s or 3x10 min.")})
        return usual or Measure.REPS
    if usual is None:
        raise DosageError({"text": gettext("Say how much, for example: 3x10, 3x30s or 20 min.")})
    return usual


def _amount(said: Said, measure: Measure, base: Dosage) -> Said:
    amount: Said = {key: said[key] for key in ("sets", "minutes") if key in said}
    if "reps" in said:
        amount |= {"reps": said["reps"], "rep_list": ()}
    if "rep_list" in said:
        amount |= {"reps": said.get("reps"), "rep_list": said["rep_list"]}
        amount.setdefault("sets", len(said["rep_list"]))
    if "seconds" in said and measure == Measure.MINUTES and "minutes" not in said:
        amount["minutes"] = Decimal(said["seconds"]) / 60
    elif "seconds" in said:
        amount["hold_s"] = said["seconds"]
    if "holds" in said:
        amount |= _holds(said, measure)
    elif measure == Measure.HOLD and base.reps is None and not (base.rep_list or "rep_list" in said):
        amount.setdefault("reps", 1)
    return amount


def _holds(said: Said, measure: Measure) -> Said:
    """`3 x 30 s` is 3 sets of 1 hold (DOS-3), unless sets are named apart or it is over 10 sets."""
    holds = said["holds"]
    if "reps" in said or "rep_list" in said or (measure == Measure.MINUTES and "sets" in said):
        raise DosageError({"text": gettext("Give one amount, for example: %(example)s.") % {"example": EXAMPLE}})
    if measure == Measure.MINUTES:
        return {"sets": holds}
    if "sets" in said:
        return {"reps": holds, "rep_list": ()}
    sets, reps = (holds, 1) if holds <= 10 else (1, holds)
    return {"sets": sets, "reps": reps, "rep_list": ()}


def _others(said: Said, base: Dosage) -> Said:
    others = {
        key: value
        for key, value in said.items()
        if key not in ("sets", "reps", "rep_list", "minutes", "seconds", "holds", "chained", "unit")
    }
    if "as_needed" not in said and said.keys() & {"days_per_week", "weekdays", "every_hours"}:
        others["as_needed"] = False
        if base.as_needed:  # its times a day were a most, not a plan
            others.setdefault("times_per_day", 1)
    if "rpe" in said:
        others.setdefault("rir", None)
    if "rir" in said:
        others.setdefault("rpe", None)
    if "times_per_day" in said:
        others.setdefault("every_hours", None)
    if "every_hours" in said:
        others.setdefault("times_per_day", 1)
    if "days_per_week" in said:
        others["weekdays"] = ()
    if "weekdays" in said:
        others.setdefault("days_per_week", len(said["weekdays"]))
        others["weekdays"] = () if len(said["weekdays"]) == 7 else tuple(sorted(said["weekdays"]))
    if "as_needed" in said:
        usual = {"every_hours": None, "weekdays": (), "days_per_week": 7, "times_per_day": AS_NEEDED_UP_TO}
        others = usual | others
    return others

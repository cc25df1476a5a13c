"""What a proposal says: its evidence to the clinician, and to the patient what is new. Pure."""

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic.prescriptions.dosage import Dosage, Measure, Side
from clinic.prescriptions.dosage_words import display, words
from clinic.progression.steps import changed, parts

SETTLED = gettext_lazy("You did your sessions and your back settled.")
EASIER = gettext_lazy("Your back was sorer after it, so it is less for now.")


def step(old: Dosage, new: Dosage) -> str:
    """The change in a few characters, for the clinician: `hold 20 → 25 s`, `20 → 21 kg`, `2 → 3 sets`."""
    after, names = parts(new), changed(old, new)
    said = []
    if "load" in names:
        said.append(f"{_number(old.load_value)} → {_number(new.load_value)} {new.load_unit}")
    if "sets" in names:
        counted = ngettext("%(old)s → %(new)s set", "%(old)s → %(new)s sets", _plural(after["sets"]))
        said.append(counted % _both("sets", old, new))
    if "reps" in names:
        number = _plural(after["reps"])
        if old.measure == Measure.HOLD:
            counted = ngettext("%(old)s → %(new)s hold", "%(old)s → %(new)s holds", number)
        else:
            counted = ngettext("%(old)s → %(new)s rep", "%(old)s → %(new)s reps", number)
        said.append(counted % _both("reps", old, new))
    if "hold" in names:
        said.append(_("hold %(old)s → %(new)s s") % {"old": old.hold_s, "new": new.hold_s})
    if "minutes" in names:
        said.append(_("%(old)s → %(new)s min") % {"old": _number(old.minutes), "new": _number(new.minutes)})
    return ", ".join(said) or f"{display(old)} → {display(new)}"


def seen(*, done: int, asked: int, worst: int | None) -> str:
    """What an exercise's last 7 days were like: `6 of 6 sessions done, worst pain 2, settled by morning`."""
    counts = {"done": done, "asked": max(asked, done)}
    if worst is None:
        return _("%(done)s of %(asked)s sessions done") % counts
    return _("%(done)s of %(asked)s sessions done, worst pain %(worst)s, settled by morning") % (
        counts | {"worst": worst}
    )


def to_patient(old: Dosage, new: Dosage) -> str:
    """What is new about one exercise, without its name: `Hold each one for 25 seconds now.`"""
    names, after = changed(old, new), parts(new)
    if names == {"hold"}:
        is_one = new.measure == Measure.HOLD and after["reps"] == 1
        said = (
            _("Hold it for %(seconds)s seconds now.") if is_one else _("Hold each one for %(seconds)s seconds now.")
        )
        return said % {"seconds": new.hold_s}
    if names == {"minutes"} and new.minutes is not None:
        return _("Do it for %(time)s now.") % {"time": _minutes(new.minutes)}
    if "load" in names and new.load_unit in ("kg", "lb"):
        load = {"number": _number(new.load_value), "reps": new.reps}
        if "reps" in names:
            said = (
                _("Use %(number)s kg now, %(reps)s times.")
                if new.load_unit == "kg"
                else _("Use %(number)s pounds now, %(reps)s times.")
            )
        else:
            said = _("Use %(number)s kg now.") if new.load_unit == "kg" else _("Use %(number)s pounds now.")
        return said % load
    if names == {"reps"} and new.reps is not None:
        each_side = new.side in (Side.EACH, Side.ALTERNATE)
        if new.measure == Measure.HOLD:
            said = _("Hold it %(reps)s times on each side now.") if each_side else _("Hold it %(reps)s times now.")
        else:
            said = _("Do it %(reps)s times on each side now.") if each_side else _("Do it %(reps)s times now.")
        return said % {"reps": after["reps"]}
    if names == {"sets"}:
        sets = ngettext("Do %(number)s set now.", "Do %(number)s sets now.", _plural(after["sets"]))
        return sets % {"number": after["sets"]}
    return words(replace(new, rest_s=0))


def percent(share: float) -> str:
    return f"{round(100 * share)} %"


def _both(name: str, old: Dosage, new: Dosage) -> dict[str, str]:
    return {"old": _count(parts(old)[name]), "new": _count(parts(new)[name])}


def _plural(value: object) -> int:
    """1 for one, whatever else counts as several: the repetitions of each set are a list."""
    return value if isinstance(value, int) else 2


def _minutes(value: Decimal) -> str:
    return ngettext("%(number)s minute", "%(number)s minutes", 1 if value == 1 else 2) % {"number": _number(value)}


def _number(value: Decimal | None) -> str:
    return "–" if value is None else f"{value.normalize():f}"


def _count(value: object) -> str:
    return "-".join(map(str, value)) if isinstance(value, tuple) else str(value)

"""What a proposal says: its evidence to the clinician, and to the patient what is new. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from clinic.prescriptions.dosage import Dosage, Measure, Side
from clinic.prescriptions.dosage_words import display, words
from clinic.progression.steps import changed, parts

SETTLED = "You did your sessions and your back settled."
EASIER = "Your back was sorer after it, so it is less for now."


def step(old: Dosage, new: Dosage) -> str:
    """The change in a few characters, for the clinician: `hold 20 → 25 s`, `20 → 21 kg`, `2 → 3 sets`."""
    before, after, names = parts(old), parts(new), changed(old, new)
    said = []
    if "load" in names:
        said.append(f"{_number(old.load_value)} → {_number(new.load_value)} {new.load_unit}")
    if "sets" in names:
        said.append(f"{before['sets']} → {_counted(after['sets'], 'set')}")
    if "reps" in names:
        what = "hold" if old.measure == Measure.HOLD else "rep"
        said.append(f"{_count(before['reps'])} → {_counted(after['reps'], what)}")
    if "hold" in names:
        said.append(f"hold {old.hold_s} → {new.hold_s} s")
    if "minutes" in names:
        said.append(f"{_number(old.minutes)} → {_number(new.minutes)} min")
    return ", ".join(said) or f"{display(old)} → {display(new)}"


def seen(*, done: int, asked: int, worst: int | None) -> str:
    """What an exercise's last 7 days were like: `6 of 6 sessions done, worst pain 2, settled by morning`."""
    pain = "" if worst is None else f", worst pain {worst}, settled by morning"
    return f"{done} of {max(asked, done)} sessions done{pain}"


def to_patient(old: Dosage, new: Dosage) -> str:
    """What is new about one exercise, without its name: `Hold each one for 25 seconds now.`"""
    names, after = changed(old, new), parts(new)
    if names == {"hold"}:
        each = "it" if new.measure == Measure.HOLD and after["reps"] == 1 else "each one"
        return f"Hold {each} for {new.hold_s} seconds now."
    if names == {"minutes"} and new.minutes is not None:
        return f"Do it for {_minutes(new.minutes)} now."
    if "load" in names and new.load_unit in ("kg", "lb"):
        unit = "kg" if new.load_unit == "kg" else "pounds"
        return f"Use {_number(new.load_value)} {unit} now{_again(new) if 'reps' in names else ''}."
    if names == {"reps"} and new.reps is not None:
        side = " on each side" if new.side in (Side.EACH, Side.ALTERNATE) else ""
        what = "Hold" if new.measure == Measure.HOLD else "Do"
        return f"{what} it {after['reps']} times{side} now."
    if names == {"sets"}:
        number = parts(new)["sets"]
        return f"Do {number} {'set' if number == 1 else 'sets'} now."
    return words(replace(new, rest_s=0))


def _again(new: Dosage) -> str:
    return f", {new.reps} times"


def listed(names: Iterable[str]) -> str:
    found = list(names)
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def percent(share: float) -> str:
    return f"{round(100 * share)} %"


def times(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _minutes(value: Decimal) -> str:
    return "1 minute" if value == 1 else f"{_number(value)} minutes"


def _number(value: Decimal | None) -> str:
    return "–" if value is None else f"{value.normalize():f}"


def _counted(value: object, noun: str) -> str:
    return f"{_count(value)} {noun}" if value == 1 else f"{_count(value)} {noun}s"


def _count(value: object) -> str:
    return "-".join(map(str, value)) if isinstance(value, tuple) else str(value)

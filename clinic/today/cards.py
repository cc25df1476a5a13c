"""Today's cards as HTML, rendered once per content and kept.

A card is a value: what the exercise is, how much of it, what is ticked. The same value is the same HTML for every
patient, so nothing of a person is in it; the few parts that differ are marks, replaced on the way out. A day then costs
little more than joining strings.
"""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from clinic.today.day import Turn
from clinic.today.marks import fill, mark, pieces
from clinic.today.models import SkipReason
from clinic.today.reading import Dose, Line, Told
from clinic.today.sprite import listed
from exercises.kept import kept_in_language, kept_with_addresses
from exercises.templatetags import look
from exercises.words import in_a_sentence

SIDES = {"left": gettext_lazy("left"), "right": gettext_lazy("right")}
# A line's id in the kept HTML, until it becomes a mark: addresses can be reversed with it, and no line has it.
NOBODY = UUID(int=0)
NOTHING = mark_safe("")
OUT_OF_BAND = ' hx-swap-oob="true"'


def short_id(line: Line) -> str:
    """Names the line's elements on a page; eight digits tell the lines of one plan apart."""
    return line.uuid.hex[:8]


def card(turn: Turn, *, is_now: bool, query: str = "", whole: bool = True) -> str:
    """query: what the page's address carries, escaped. whole: with its figure, for a page. Not whole: to replace the
    card on a page that keeps the figure it has."""
    kept = _card(turn.line.told, turn.line.dose, turn.done, turn.skipped)
    return fill(kept, _values(turn.line, turn.occasion, query, whole) | {"now": " now" if is_now else ""})


def break_card(turns: tuple[Turn, ...], *, query: str = "", whole: bool = True) -> str:
    """One micro-break with its occasions of the day: a tap counts the next one."""
    line = turns[0].line
    done = sum(turn.is_done for turn in turns)
    following = next((turn.occasion for turn in turns if not turn.is_done), len(turns))
    last = max((turn.occasion for turn in turns if turn.is_done), default=1)
    return fill(
        _break(line.told, line.dose, done, len(turns)), _values(line, following, query, whole) | {"last": str(last)}
    )


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is still to do in a round. name: the round's, where a day has several. button: what it says; it leads
    to `url`. less: the way to a shorter session. is_enough: what was picked for a few minutes is done."""

    states: tuple[str, ...]
    minutes: int
    name: str
    button: str
    line: Line
    url: str
    less: SafeString = NOTHING
    is_enough: bool = False


def progress(ahead: Ahead, query: str, *, whole: bool) -> str:
    """How far it is, the beads and the one button."""
    kept = _progress("progress", ahead.states, ahead.minutes, ahead.name, ahead.button, ahead.is_enough)
    values = {"play": look.icon("play"), "part": "", "to": ahead.url, "less": ahead.less}
    return fill(kept, _values(ahead.line, 0, query, whole) | values)


def progress_changed(before: Ahead, after: Ahead, query: str) -> str:
    """Only the parts of it that look different now. The button keeps the icon that it has."""
    values = _values(after.line, 0, query, whole=False) | {"play": "", "part": OUT_OF_BAND, "to": after.url}
    different = {
        "sum": (before.states, before.minutes) != (after.states, after.minutes),
        "beads": before.states != after.states,
        "go": (before.button, before.line) != (after.button, after.line),
    }
    parts = [part for part, is_so in different.items() if is_so]
    return "".join(
        fill(_progress(part, after.states, after.minutes, after.name, after.button), values) for part in parts
    )


def _values(line: Line, occasion: int, query: str, whole: bool) -> dict[str, str]:
    return {
        "id": short_id(line),
        "line": str(line.uuid),
        "occasion": str(occasion),
        "query": query,
        "more": query.replace("?", "&amp;", 1),
        "figure": listed(line.told) if whole else "",
        "note": format_html('<p class="tip">{}</p>', line.note) if line.note else "",
        "oob": "" if whole else OUT_OF_BAND,
    }


@lru_cache(maxsize=512)
def figure(told: Told) -> SafeString:
    return look.figure(told)


@kept_in_language(maxsize=256)
def spine(states: tuple[str, ...], label: str) -> SafeString:
    return look.spine(states, label)


@kept_with_addresses(maxsize=8192)
def _card(told: Told, dose: Dose, done: tuple[bool, ...], skipped: str) -> tuple[str, ...]:
    context = {
        "told": told,
        "dose": dose,
        "sets": sets(dose, done),
        "is_done": all(done) and not skipped,
        "skipped": str(SkipReason(skipped).label) if skipped else "",
    }
    return _kept("card", context)


@kept_with_addresses(maxsize=1024)
def _break(told: Told, dose: Dose, done: int, of: int) -> tuple[str, ...]:
    return _kept("break", {"told": told, "dose": dose, "done": done, "of": of, "is_done": done == of})


@kept_in_language(maxsize=2048)
def _progress(
    part: str, states: tuple[str, ...], minutes: int, name: str, button: str, is_enough: bool = False
) -> tuple[str, ...]:
    done = states.count("done")
    context = {"done": done, "of": len(states), "minutes": minutes, "name": name, "button": button}
    context["is_enough"] = is_enough
    return _kept(part, context | {"spine": spine(states, exercises_done(done, len(states)))})


def exercises_done(done: int, of: int) -> str:
    return gettext("%(done)d of %(of)d exercises done") % {"done": done, "of": of}


MARKS = {
    name: mark(name)
    for name in (
        "id", "occasion", "query", "more", "figure", "note", "now", "last", "oob", "part", "play", "to", "less",
    )
}  # fmt: skip


def _kept(partial: str, context: dict[str, object]) -> tuple[str, ...]:
    html = render_to_string(f"clinic/today/today.html#{partial}", MARKS | {"line": NOBODY} | context)
    return pieces(html.replace(str(NOBODY), mark("line")))


def sets(dose: Dose, done: tuple[bool, ...]) -> list[dict[str, object]]:
    """The set buttons of one occasion: what they are called, and the part of their value that names the set."""
    both_sides = dose.dosage.both_sides and len({side for _, side in dose.ticks}) == 2
    return [
        {"label": _set_label(dose, number, side if both_sides else ""), "value": f"{number}.{side}", "done": is_done}
        for (number, side), is_done in zip(dose.ticks, done, strict=True)
    ]


def _set_label(dose: Dose, number: int, side: str) -> str:
    if len(dose.ticks) == 1:
        return gettext("Done")
    if dose.dosage.sets == 1:
        return str(SIDES[side]).capitalize() if side else ""
    words = gettext("%(name)s %(number)s %(side)s") if side else gettext("%(name)s %(number)s")
    return words % {"name": dose.label, "number": number, "side": SIDES.get(side, "")}


def say(turn: Turn, number: int, side: str) -> str:
    """The set in words, for the status line: `Bridge, set 2 of 3`."""
    dose = turn.line.dose
    label = _set_label(dose, number, side if dose.dosage.both_sides and side != "both" else "")
    said = {"exercise": turn.line.plain_name, "set": in_a_sentence(label), "of": dose.dosage.sets}
    if len(dose.ticks) == 1:
        return turn.line.plain_name
    if dose.dosage.sets > 1 and not side_matters(dose):
        return gettext("%(exercise)s, %(set)s of %(of)s") % said
    return gettext("%(exercise)s, %(set)s") % said


def side_matters(dose: Dose) -> bool:
    return len({side for _, side in dose.ticks}) > 1

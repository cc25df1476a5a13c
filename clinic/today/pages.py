"""Today's page, put together from a day. Pure: no database, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from math import ceil
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from clinic.today import cards
from clinic.today.day import Day, Turn
from clinic.today.forms import Tick
from clinic.today.plan import BACK_ENTRY_DAYS
from clinic.today.reading import Line, Version
from exercises.models import Phase

PHASES = {Phase.WARM: "Warm up", Phase.MAIN: "Main part", Phase.COOL: "Cool down"}


@dataclass(frozen=True, slots=True)
class PhaseView:
    key: str
    title: str
    count: SafeString
    cards: SafeString


@dataclass(frozen=True, slots=True)
class TodayPage:
    """`round_number` is the occasion that is shown, from 1. HTML parts come rendered."""

    day: date
    is_today: bool
    heading: str
    eyebrow: str
    round_number: int
    rounds: SafeString
    progress: SafeString
    phases: tuple[PhaseView, ...]
    break_dots: SafeString
    breaks: SafeString
    is_over: bool
    has_exercises: bool
    skipped_all: bool
    earlier: tuple[date, ...]


def today_page(
    day: Day, *, today: date, hour: int, name: str, version: Version | None, round_number: int = 0
) -> TodayPage:
    """hour: of the patient's local time. round_number: the occasion asked for; 0 is the first one still open."""
    shown = round_number if 1 <= round_number <= len(day.rounds) else day.open_round
    is_today = day.on == today
    parts = {key: mark_safe(html) for key, html in parts_of(day, shown, today=today).items()}
    turns = day.turns(shown)
    return TodayPage(
        day=day.on,
        is_today=is_today,
        heading=f"{greeting(hour)}, {name}" if is_today else day_words(day.on, today).capitalize(),
        eyebrow=" · ".join(filter(None, [long_date(day.on), _week(version, day.on)])),
        round_number=shown,
        rounds=parts.get("rounds", mark_safe("")),
        progress=parts["progress"],
        phases=tuple(
            PhaseView(
                key,
                PHASES[Phase(key)],
                parts[f"n-{key}"],
                mark_safe("".join(parts[f"c-{cards.short_id(turn.line)}"] for turn in group)),
            )
            for key, group in groupby(turns, lambda turn: turn.line.phase)
        ),
        break_dots=parts.get("dots", mark_safe("")),
        breaks=mark_safe("".join(parts[f"b-{cards.short_id(each[0].line)}"] for each in day.breaks)),
        is_over=day.is_over,
        has_exercises=day.has_exercises,
        skipped_all=day.has_exercises and all(turn.skipped for turns in day.rounds for turn in turns),
        earlier=tuple(today - timedelta(days=back) for back in range(1, BACK_ENTRY_DAYS + 1))
        if is_today and version
        else (),
    )


def parts_of(day: Day, round_number: int, *, today: date, whole: bool = True) -> dict[str, str]:
    """The parts of the page that a tick may change, by the id of their element.

    whole: for a page. Not whole: to replace them on a page that has them; there a script moves the mark of the exercise
    to do next, so that a card is sent only when something of its own has changed.
    """
    turns, now = day.turns(round_number), day.now(round_number)
    said = escape(query(day.on, round_number, len(day.rounds), today))
    found = {"progress": _progress(day, round_number, said, today=today)}
    if len(day.rounds) > 1:
        found["rounds"] = _rounds(day, round_number, today)
    for turn in turns:
        key = f"c-{cards.short_id(turn.line)}"
        found[key] = cards.card(turn, is_now=whole and turn is now, query=said, whole=whole)
    for phase, group in groupby(turns, lambda turn: turn.line.phase):
        found[f"n-{phase}"] = _count(phase, list(group))
    for each in day.breaks:
        found[f"b-{cards.short_id(each[0].line)}"] = cards.break_card(each, query=said, whole=whole)
    if day.breaks:
        found["dots"] = _dots([turn for each in day.breaks for turn in each])
    if not whole:
        found = {
            key: html.replace(f' id="{key}"', f' id="{key}" hx-swap-oob="true"', 1) for key, html in found.items()
        }
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """What a tap changes on the patient's page. html: the parts to swap. now: the card to mark as the next to do, or
    none. focus: where the focus goes when its button goes; empty where it stays."""

    html: str
    now: str
    focus: str


def change(before: Day, after: Day, round_number: int, tapped: Turn, *, today: date) -> Change:
    """The card that was tapped, and all that looks different now.

    The focus moves to the next exercise from one that is finished, and to the exercise itself when it is opened again.
    """
    own = cards.short_id(tapped.line)
    now = after.now(round_number)
    was_open = any(turn.is_open for turn in before.turns(round_number) if turn.line == tapped.line)
    focus = ""
    if not tapped.line.is_break and was_open != tapped.is_open:
        focus = f"h-{own}" if tapped.is_open else f"h-{cards.short_id(now.line)}" if now else "over"
    old = parts_of(before, round_number, today=today, whole=False)
    new = parts_of(after, round_number, today=today, whole=False)
    always = {f"c-{own}", f"b-{own}"}
    html = "".join(html for key, html in new.items() if key in always or html != old.get(key))
    return Change(html, f"c-{cards.short_id(now.line)}" if now else "", focus)


def _progress(day: Day, round_number: int, said: str, *, today: date) -> str:
    turns, now = day.turns(round_number), day.now(round_number)
    if now is None:
        return _over(day, round_number, today=today)
    states = tuple(_state(turn, now) for turn in turns)
    seconds = sum(turn.seconds_left for turn in turns)
    verb = "Carry on with" if any(any(turn.done) for turn in turns) else "Start with"
    html = cards.progress(
        states, max(1, round(seconds / 60)), day.round_name(round_number), f"{verb} {now.line.plain_name}"
    )
    return html.replace(cards.LINE, str(now.line.uuid)).replace(cards.QUERY, said)


def _state(turn: Turn, now: Turn | None) -> str:
    if turn.skipped:
        return "skip"
    return "now" if turn is now else "done" if turn.is_done else "todo"


def _over(day: Day, round_number: int, *, today: date) -> str:
    turns = day.turns(round_number)
    states = tuple(_state(turn, None) for turn in turns)
    done = states.count("done")
    following = next((n for n in range(1, len(day.rounds) + 1) if day.now(n)), None)
    context = {
        "spine": cards.spine(states, f"{done} of {len(states)} exercises done"),
        "done": done,
        "is_today": day.on == today,
        "name": day.round_name(round_number),
        "next_round": following,
        "next_round_name": following and day.round_name(following),
        "next_words": day.next_date and day_words(day.next_date, today),
        "day": day.on,
        "has_exercises": day.has_exercises,
        "day_words": day_words(day.on, today),
    }
    return str(render_to_string("clinic/today/today.html#over", context))


def _rounds(day: Day, shown: int, today: date) -> str:
    tabs = [
        {
            "name": day.round_name(n),
            "query": f"?round={n}",
            "is_shown": n == shown,
            "is_over": day.now(n) is None,
        }
        for n in range(1, len(day.rounds) + 1)
    ]
    return str(render_to_string("clinic/today/today.html#rounds", {"tabs": tabs, "day": day.on, "today": today}))


def _count(phase: str, turns: list[Turn]) -> str:
    done = sum(turn.is_done and not turn.skipped for turn in turns)
    return f'<span class="small muted" id="n-{phase}">{done} of {len(turns)} done</span>'


def _dots(turns: list[Turn]) -> str:
    done = sum(turn.is_done for turn in turns)
    dots = '<i class="on"></i>' * done + "<i></i>" * (len(turns) - done)
    return f'<span class="dots" id="dots" role="img" aria-label="{done} of {len(turns)} breaks today">{dots}</span>'


def query(day: date, round_number: int, rounds: int, today: date, *, always: bool = False) -> str:
    """What an address carries so that it stays with the day and round shown; nothing for today's first round."""
    said: dict[str, object] = {}
    if day != today:
        said["day"] = day.isoformat()
    if rounds > 1 and (always or round_number > 1):
        said["round"] = round_number
    return f"?{urlencode(said)}" if said else ""


def announcement(turn: Turn, tick: Tick | None, now: Turn | None) -> str:
    """What the status line says after a tap: `Bridge, set 2 of 3 done.`, `Bridge done. Next: Bird dog.`"""
    name = turn.line.plain_name
    following = f" Next: {now.line.plain_name}." if now and not turn.line.is_break else ""
    if tick is None:
        return f"{name}: not today.{following}" if turn.skipped else f"{name} is back."
    if tick.only and not (tick.done and turn.is_done):
        return f"{cards.say(turn, *tick.only)} {'done' if tick.done else 'not done'}."
    if not tick.done:
        return f"{name}: undone."
    return f"{name} done.{following}"


def greeting(hour: int) -> str:
    return "Good morning" if 4 <= hour < 12 else "Good afternoon" if 12 <= hour < 18 else "Good evening"


def long_date(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def day_words(day: date, today: date) -> str:
    """`today`, `tomorrow`, `yesterday`, a weekday of this week, or the date."""
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    away = (day - today).days
    return near.get(away) or (f"{day:%A}" if 0 < away < 7 else long_date(day))


def _week(version: Version | None, day: date) -> str:
    if version is None:
        return ""
    number = (day - version.starts_on).days // 7 + 1
    if version.ends_on is None:
        return f"week {number}"
    return f"week {number} of {ceil(((version.ends_on - version.starts_on).days + 1) / 7)}"


def lines_in_force(lines: Iterable[Line], day: date) -> list[Line]:
    return [line for line in lines if line.is_in_force(day)]

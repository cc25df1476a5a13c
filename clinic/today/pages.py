"""Today's page, put together from a day. Pure: no database, no clock."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from math import ceil
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from clinic.today import cards
from clinic.today.day import Day, Turn
from clinic.today.forms import Tick
from clinic.today.reading import Line, Version
from clinic.today.short import CHOICES, about_minutes, in_minutes, shortened
from exercises.kept import kept_in_language, kept_with_addresses
from exercises.models import Phase
from patients.accounts.thresholds import Thresholds

NOTHING = mark_safe("")
PHASES = {Phase.WARM.value: _("Warm up"), Phase.MAIN.value: _("Main part"), Phase.COOL.value: _("Cool down")}
NEAR = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}


@dataclass(frozen=True, slots=True)
class PhaseView:
    key: str
    title: str
    count: SafeString
    cards: SafeString


@dataclass(frozen=True, slots=True)
class TodayPage:
    """`round_number` is the occasion that is shown, from 1. HTML parts come rendered. begins: when the day of a page that is
    kept ahead does, in milliseconds as scripts count them."""

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
    as_needed: SafeString
    is_over: bool
    has_exercises: bool
    skipped_all: bool
    earlier: tuple[date, ...]
    gentle_until: str = ""
    gentle_is_over: bool = False
    prompt: SafeString = NOTHING
    has_questions: bool = False
    begins: int = 0
    read: SafeString = NOTHING


def today_page(
    day: Day, *, today: date, hour: int, name: str, version: Version | None, round_number: int = 0, back_days: int = 7,
    prompt: SafeString = NOTHING, has_questions: bool = False, looks_only: bool = False,
) -> TodayPage:  # fmt: skip
    """hour: of the patient's local time. round_number: the occasion asked for; 0 is the first one still open.
    back_days: how many days back may be filled in. prompt: to get up from the desk. has_questions: outcome measures
    are due. looks_only: for somebody who may not tick, so that nothing leads to doing it."""
    shown = round_number if 1 <= round_number <= len(day.rounds) else day.open_round
    is_today = day.on == today
    turns, now = day.turns(shown), day.now(shown)
    said = escape(query(day.on, shown, len(day.rounds), today))
    phases = []
    for key, group in groupby(turns, lambda turn: turn.line.phase):
        them = list(group)
        html = "".join([cards.card(turn, is_now=turn is now, query=said) for turn in them])
        phases.append(PhaseView(key, str(PHASES[key]), mark_safe(_count(key, them)), mark_safe(html)))
    earlier = [today - timedelta(days=back) for back in range(1, back_days + 1)]
    gentle = version.gentle_until if version and is_today else None
    return TodayPage(
        day=day.on,
        is_today=is_today,
        heading=greeting(hour) % {"name": name} if is_today else capfirst(day_words(day.on, today)),
        eyebrow=" · ".join(filter(None, [long_date(day.on), _week(version, day.on)])),
        round_number=shown,
        rounds=mark_safe(_rounds(day, shown, today) if len(day.rounds) > 1 else ""),
        progress=mark_safe(_progress(day, shown, said, today=today, looks_only=looks_only)),
        phases=tuple(phases),
        break_dots=mark_safe(_dots(day) if day.breaks else ""),
        breaks=mark_safe("".join([cards.break_card(each, query=said) for each in day.breaks])),
        as_needed=mark_safe("".join([cards.break_card(each, query=said) for each in day.as_needed])),
        is_over=day.is_over,
        has_exercises=day.has_exercises,
        skipped_all=day.has_exercises and all(turn.skipped for turns in day.rounds for turn in turns),
        earlier=tuple(earlier) if is_today and version else (),
        gentle_until=day_words(gentle, today) if gentle and gentle >= today else "",
        gentle_is_over=gentle is not None and gentle < today,
        prompt=prompt,
        has_questions=is_today and has_questions,
    )


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
    turns, now = after.turns(round_number), after.now(round_number)
    was = {turn.line.uuid: turn for turn in before.turns(round_number)}
    old = was.get(tapped.line.uuid)
    focus = ""
    if old and old.is_open != tapped.is_open:
        focus = f"h-{cards.short_id(tapped.line)}" if tapped.is_open else _heading(now)
    said = escape(query(after.on, round_number, len(after.rounds), today))
    changed = [turn for turn in turns if turn.line is tapped.line or turn != was.get(turn.line.uuid)]
    if _turns(before) == _turns(after):  # said twice: the first answer may be lost
        before = replace(after, rounds=(), breaks=(), as_needed=())
    html = [_progress_changed(before, after, round_number, said, today=today)]
    html += [cards.card(turn, is_now=False, query=said, whole=False) for turn in changed]
    counts = _counts(before.turns(round_number))
    html += [count for count in _counts(turns) if count not in counts]
    if len(after.rounds) > 1:
        html.append(_rounds(after, round_number, today, whole=False))
    if tapped.line.is_apart:
        own = [each for each in after.breaks + after.as_needed if each[0].line is tapped.line]
        html += [cards.break_card(each, query=said, whole=False) for each in own]
    if tapped.line.is_break:
        html.append(_dots(after, whole=False))
    return Change("".join(html), f"c-{cards.short_id(now.line)}" if now else "", focus)


def _turns(day: Day) -> tuple[tuple[tuple[Turn, ...], ...], ...]:
    return day.rounds, day.breaks, day.as_needed


def _heading(now: Turn | None) -> str:
    return f"h-{cards.short_id(now.line)}" if now else "over"


def _progress(
    day: Day, round_number: int, said: str, *, today: date, whole: bool = True, looks_only: bool = False
) -> str:
    ahead = _ahead(day, round_number, said, today)
    if ahead is None:
        return _over(day, round_number, today, whole, looks_only)
    return cards.progress(replace(ahead, button="", less=NOTHING) if looks_only else ahead, said, whole=whole)


def _progress_changed(before: Day, after: Day, round_number: int, said: str, *, today: date) -> str:
    was, ahead = _ahead(before, round_number, said, today), _ahead(after, round_number, said, today)
    if was and ahead:
        return cards.progress_changed(was, ahead, said)
    return _progress(after, round_number, said, today=today, whole=False)


def _ahead(
    day: Day, round_number: int, said: str, today: date, *, leads_to: Turn | None = None
) -> cards.Ahead | None:
    """Today it leads into the guided session; a day that is filled in later is only ticked off. leads_to: where that
    is not the first one open."""
    turns, now = day.turns(round_number), leads_to or day.now(round_number)
    if now is None:
        return None
    page = reverse("guided") if day.on == today else reverse("today_exercise", args=[now.line.uuid])
    has_begun = any(any(turn.done) for turn in turns)
    button = gettext("Carry on with %(exercise)s") if has_begun else gettext("Start with %(exercise)s")
    return cards.Ahead(
        states=tuple([_state(turn, now) for turn in turns]),
        minutes=about_minutes(turns),
        name=day.round_name(round_number),
        button=button % {"exercise": now.line.plain_name},
        line=now.line,
        url=f"{page}{said}",
        less=_less(turns, said) if day.on == today else NOTHING,
    )


def _less(turns: Sequence[Turn], said: str) -> SafeString:
    return NOTHING if in_minutes(turns) <= CHOICES[0] else _way_to_less(said)


@kept_with_addresses(maxsize=64)
def _way_to_less(said: str) -> SafeString:
    words = gettext("I have less time")
    return mark_safe(f'<a class="btn btn-quiet w-100" href="{reverse("guided_minutes")}{said}">{words}</a>')


def with_short(page: TodayPage, day: Day, picked: Collection[str], *, today: date) -> TodayPage:
    """The page leads through what was picked for a few minutes. When that is done it says so, and the rest is no debt."""
    number = page.round_number
    said = escape(query(day.on, number, len(day.rounds), today))
    following = shortened(day, number, picked).now(number)
    ahead = _ahead(day, number, said, today, leads_to=following)
    if ahead is None:
        return page
    if following is None:
        ahead = replace(
            ahead,
            button=gettext("Do some more: %(exercise)s") % {"exercise": ahead.line.plain_name},
            url=f"{reverse('guided_exercise', args=[ahead.line.uuid])}{said}",
            less=NOTHING,
            is_enough=True,
        )
    return replace(page, progress=mark_safe(cards.progress(ahead, said, whole=True)))


def _state(turn: Turn, now: Turn | None) -> str:
    if turn.skipped:
        return "skip"
    return "now" if turn is now else "done" if turn.is_done else "todo"


def _over(day: Day, round_number: int, today: date, whole: bool, looks_only: bool = False) -> str:
    turns = day.turns(round_number)
    states = tuple([_state(turn, None) for turn in turns])
    done = states.count("done")
    following = next((n for n in range(1, len(day.rounds) + 1) if day.now(n)), None)
    context = {
        "is_over": True,
        "spine": cards.spine(states, cards.exercises_done(done, len(states))),
        "done": done,
        "is_today": day.on == today,
        "name": day.round_name(round_number),
        "next_round": following,
        "next_round_name": following and day.round_name(following),
        "next_words": day.next_date and day_words(day.next_date, today),
        "has_exercises": day.has_exercises,
        "day_words": day_words(day.on, today),
        "looks_only": looks_only,
        "oob": _oob(whole),
    }
    return str(render_to_string("clinic/today/today.html#progress", context))


def _rounds(day: Day, shown: int, today: date, whole: bool = True) -> str:
    tabs = tuple(
        [(day.round_name(n), f"?round={n}", n == shown, day.now(n) is None) for n in range(1, len(day.rounds) + 1)]
    )
    return _tabs(tabs, day.on, today, whole)


@kept_with_addresses(maxsize=512)
def _tabs(tabs: tuple[tuple[str, str, bool, bool], ...], day: date, today: date, whole: bool) -> str:
    named = [dict(zip(("name", "query", "is_shown", "is_over"), tab, strict=True)) for tab in tabs]
    context = {"tabs": named, "day": day, "today": today, "oob": _oob(whole)}
    return str(render_to_string("clinic/today/today.html#rounds", context))


def _counts(turns: Iterable[Turn]) -> list[str]:
    return [_count(phase, list(group), whole=False) for phase, group in groupby(turns, lambda turn: turn.line.phase)]


def _count(phase: str, turns: list[Turn], whole: bool = True) -> str:
    done = sum(turn.is_done and not turn.skipped for turn in turns)
    return f'<span class="small muted" id="n-{phase}"{_oob(whole)}>{_done_of(done, len(turns))}</span>'


@kept_in_language(maxsize=512)
def _done_of(done: int, of: int) -> str:
    return gettext("%(done)d of %(of)d done") % {"done": done, "of": of}


def _dots(day: Day, whole: bool = True) -> str:
    turns = [turn for each in day.breaks for turn in each]
    done = sum(turn.is_done for turn in turns)
    dots = '<i class="on"></i>' * done + "<i></i>" * (len(turns) - done)
    label = gettext("%(done)d of %(of)d breaks today") % {"done": done, "of": len(turns)}
    return f'<span class="dots" id="dots"{_oob(whole)} role="img" aria-label="{label}">{dots}</span>'


def _oob(whole: bool) -> SafeString:
    return mark_safe("" if whole else ' hx-swap-oob="true"')


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
    following = ""
    if now and not turn.line.is_apart:
        following = " " + gettext("Next: %(exercise)s.") % {"exercise": now.line.plain_name}
    if tick is None:
        if turn.skipped:
            return gettext("%(exercise)s: not today.") % {"exercise": name} + following
        return gettext("%(exercise)s is back.") % {"exercise": name}
    if tick.only and not (tick.done and turn.is_done):
        said = gettext("%(exercise)s done.") if tick.done else gettext("%(exercise)s not done.")
        return said % {"exercise": cards.say(turn, *tick.only)}
    if not tick.done:
        return gettext("%(exercise)s: undone.") % {"exercise": name}
    return gettext("%(exercise)s done.") % {"exercise": name} + following


def greeting(hour: int) -> str:
    """With a place for the name."""
    if 4 <= hour < 12:
        return gettext("Good morning, %(name)s")
    return gettext("Good afternoon, %(name)s") if 12 <= hour < 18 else gettext("Good evening, %(name)s")


@kept_in_language(maxsize=512)
def long_date(day: date) -> str:
    return date_format(day, "l j F")


def closed_words(day: date, today: date, thresholds: Thresholds) -> str:
    """Why a day cannot be filled in."""
    if day > today:
        return gettext("%(day)s is still to come. You can tick it off then.") % {"day": long_date(day)}
    days = thresholds.back_entry_days
    if days == 7:
        ago = gettext("%(day)s is more than a week ago.")
    else:
        ago = ngettext("%(day)s is more than %(n)d day ago.", "%(day)s is more than %(n)d days ago.", days)
    open_for = ngettext("Days can be filled in for %(n)d day.", "Days can be filled in for %(n)d days.", days)
    return f"{ago} {open_for}" % {"day": long_date(day), "n": days}


def day_words(day: date, today: date) -> str:
    """`today`, `tomorrow`, `yesterday`, a weekday of this week, or the date."""
    away = (day - today).days
    if away in NEAR:
        return str(NEAR[away])
    return date_format(day, "l") if 0 < away < 7 else long_date(day)


def _week(version: Version | None, day: date) -> str:
    if version is None:
        return ""
    number = (day - version.starts_on).days // 7 + 1
    if version.ends_on is None:
        return gettext("week %(n)d") % {"n": number}
    weeks = ceil(((version.ends_on - version.starts_on).days + 1) / 7)
    return gettext("week %(n)d of %(of)d") % {"n": number, "of": weeks}


def lines_in_force(lines: Iterable[Line], day: date) -> list[Line]:
    return [line for line in lines if line.is_in_force(day)]

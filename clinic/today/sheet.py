"""The page of one exercise: what to do, its set buttons, and the way on. Pure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.today import cards
from clinic.today.day import Day, Turn, turn
from clinic.today.eased import why_it_rests
from clinic.today.forms import SaidAmounts
from clinic.today.models import SkipReason
from clinic.today.pages import PHASES, day_words, query
from clinic.today.reading import DayLog, Line
from exercises.words import in_a_sentence


@dataclass(frozen=True, slots=True)
class Following:
    name: str
    url: str
    figure: SafeString


@dataclass(frozen=True, slots=True)
class Sheet:
    """why_not: why it cannot be ticked on this day; empty when it can. on: the page it stands on. following: the next
    open exercise, if any. skipped: why, within a sentence. hurt: whether that was pain. amounts: a field for each set,
    for another number than the plan's. amount_question: what it counts."""

    line: UUID
    id: str
    on: str
    name: str
    eyebrow: str
    words: str
    when: str
    note: str
    occasion: int
    sets: list[dict[str, object]]
    is_done: bool
    skipped: str
    hurt: bool
    day: date
    day_note: str
    why_not: str
    following: Following | None
    back: str
    amounts: list[dict[str, object]]
    amount_question: str
    has_amounts: bool
    rests: bool
    as_needed: bool


# Where a sheet stands, as its forms say it: on the page of the exercise, or in the guided session.
PAGES_OF_SHEETS = {"exercise": "today_exercise", "guided": "guided_exercise"}
QUESTIONS = {
    "reps": _("How many times did you do?"),
    "hold": _("How many seconds did you do?"),
    "minutes": _("How many minutes did you do?"),
}
# Where a repetition is one to each side.
QUESTIONS_OF_BOTH_SIDES = {
    "reps": _("How many times, both sides together did you do?"),
    "hold": _("How many seconds, both sides together did you do?"),
    "minutes": _("How many minutes, both sides together did you do?"),
}


def sheet_of(
    line: Line,
    day: Day,
    log: DayLog,
    *,
    today: date,
    occasion: int = 0,
    said: SaidAmounts | None = None,
    on: str = "exercise",
) -> Sheet:
    """occasion: the one asked for; 0 is the first that is still open. said: amounts that could not be taken."""
    turns = [turn(line, n, log) for n in range(1, line.dose.times_per_day + 1)]
    open_one = next((each.occasion for each in turns if each.is_open), len(turns))
    occasion = occasion if 1 <= occasion <= len(turns) else open_one
    shown = turns[occasion - 1]
    round_number = occasion if not line.is_apart else day.open_round
    return Sheet(
        line=line.uuid,
        id=cards.short_id(line),
        on=on,
        name=line.plain_name,
        eyebrow=_eyebrow(line, day, occasion),
        words=line.dose.words,
        when=line.dose.when,
        note=line.note,
        occasion=occasion,
        sets=cards.sets(line.dose, shown.done),
        is_done=shown.is_done and not shown.skipped,
        skipped=in_a_sentence(SkipReason(shown.skipped).label) if shown.skipped else "",
        hurt=shown.skipped == SkipReason.PAIN,
        day=log.day,
        day_note="" if log.day == today else day_words(log.day, today),
        why_not=_why_not(line, day),
        following=_following(shown, day, today, on),
        back=_back(log.day, round_number, len(day.rounds), today, on),
        amounts=_amounts(line, log, occasion, said),
        amount_question=str(
            (QUESTIONS_OF_BOTH_SIDES if line.dosage.side == "alternate" else QUESTIONS)[line.dosage.measure]
        ),
        rests=line.rests,
        as_needed=line.as_needed,
        has_amounts=bool(said) or any(done[:2] == (line.thread, occasion) for done in log.amounts),
    )


def _amounts(line: Line, log: DayLog, occasion: int, said: SaidAmounts | None) -> list[dict[str, object]]:
    sets = cards.sets(line.dose, (False,) * len(line.dose.ticks))
    return [
        {
            "name": f"n.{tick[0]}.{tick[1]}",
            "label": gettext("How many") if len(sets) == 1 else each["label"],
            "planned": f"{volume:g}",
            "value": said.typed.get(tick, "") if said else log.amounts.get((line.thread, occasion, *tick), ""),
            "error": said.errors.get(tick, "") if said else "",
        }
        for each, tick, volume in zip(sets, line.dose.ticks, line.dose.volumes, strict=True)
    ]


def _eyebrow(line: Line, day: Day, occasion: int) -> str:
    if line.is_break:
        return gettext("Small break")
    if line.as_needed:
        return gettext("When it helps")
    threads = [each.line.thread for each in day.turns(occasion)] if occasion <= len(day.rounds) else []
    place = ""
    if line.thread in threads:
        place = gettext("exercise %(n)d of %(of)d") % {"n": threads.index(line.thread) + 1, "of": len(threads)}
    name = day.round_name(occasion) if threads else ""
    return " · ".join(filter(None, [str(PHASES[line.phase]), place, name]))


def _why_not(line: Line, day: Day) -> str:
    if line.eased and line.rests and line.is_in_force(day.on):
        return why_it_rests(line.eased)
    on_page = [turns[0].line for turns in day.breaks + day.as_needed] + [
        each.line for turns in day.rounds for each in turns
    ]
    if any(each.uuid == line.uuid for each in on_page):
        return ""
    if any(each.thread == line.thread for each in on_page):
        return gettext("This is from an earlier version of your plan. Open Today for the new one.")
    if not line.is_in_force(day.on):
        return gettext("This is not in your plan on this day.")
    if line.version.paused:
        return gettext("Your plan is paused.")
    return gettext("There is nothing to do for this one on this day.")


def _following(shown: Turn, day: Day, today: date, on: str) -> Following | None:
    turns = day.turns(shown.occasion) if shown.occasion <= len(day.rounds) else ()
    threads = [each.line.thread for each in turns]
    at = threads.index(shown.line.thread) + 1 if shown.line.thread in threads else 0
    following = next((each for each in (*turns[at:], *turns[:at]) if each.is_open and each.line != shown.line), None)
    if following is None:
        return None
    address = sheet_address(following.line, following.occasion, day, today, on)
    return Following(following.line.plain_name, address, cards.figure(following.line.told))


def sheet_address(line: Line, occasion: int, day: Day, today: date, on: str) -> str:
    return reverse(PAGES_OF_SHEETS[on], args=[line.uuid]) + query(day.on, occasion, len(day.rounds), today)


def _back(day: date, round_number: int, rounds: int, today: date, on: str) -> str:
    if on == "guided":
        return reverse("guided") + query(day, round_number, rounds, today)
    page = reverse("today") if day == today else reverse("today_on", args=[day])
    return f"{page}?round={round_number}" if 1 < round_number <= rounds else page

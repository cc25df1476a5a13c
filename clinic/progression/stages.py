"""Moves of the whole plan: the protocol's next stage, and how to come back after days away (PROG-9). Pure.

A stage's rule stands with its protocol (`Protocol.stage_rules`), by the number of the stage that is left:
`{"1": {"sessions": 6, "share": 0.8, "calm": true}}`. Key "0" holds what applies in every stage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Self

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.progression import words
from clinic.progression.rules import BAD, Case, Decision, Proposed, is_open
from exercises.words import in_a_sentence, listed
from patients.accounts.thresholds import Thresholds

FEWEST_ANSWERS = 2  # "no red answer" takes at least as many answers


@dataclass(frozen=True, slots=True)
class StageRule:
    """What a move to the next stage needs; what is not named is not asked.

    sessions: days with something done since the stage began. share: part of the dose done since then, 0 to 1.
    days: days since it began. calm: no red answer since it began; calm_days: none in the last days.
    settled_days: the last days in a row, each green, or amber that settled. central_days: days without symptoms below
    the buttock. effort_to: effort of the last two sessions, at most. confirm: what the clinician confirms.
    back_red, back_raised: so many red days, or days sorer next morning, since it began lead one stage back.
    """

    sessions: int = 0
    share: float = 0.0
    days: int = 0
    calm: bool = False
    calm_days: int = 0
    settled_days: int = 0
    central_days: int = 0
    effort_to: int = 10
    confirm: tuple[str, ...] = ()
    back_red: int = 0
    back_raised: int = 0

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        known: dict[str, Any] = {f.name: stored[f.name] for f in fields(cls) if f.name in stored}
        return cls(**known | {"confirm": tuple(known.get("confirm", ()))})


@dataclass(frozen=True, slots=True)
class Answered:
    """A day's answers. is_red, is_settled: None where not known. below: felt below the buttock."""

    day: date
    decision: Decision | None = None
    is_red: bool | None = None
    is_green: bool | None = None
    is_settled: bool | None = None
    below: bool | None = None
    effort: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the plan stands in its protocol. next_stage: None on the last one. answers: since the stage began, newest
    first. sessions, share: since it began. closed: stages that nobody vouches for."""

    number: int
    next_stage: int | None
    next_label: str
    began_on: date
    sessions: int
    share: float | None
    answers: tuple[Answered, ...] = ()
    closed: frozenset[int] = frozenset()


def next_stage(case: Case, stage: Stage | None, rule: StageRule | None) -> Proposed | None:
    """The protocol's next stage, where its rule holds; never from an answer that is missing."""
    if stage is None or rule is None or stage.next_stage is None or not is_open(case) or case.has_task:
        return None
    if stage.next_stage in stage.closed or not _holds(rule, stage, case.today):
        return None
    change: dict[str, Any] = {"stage": stage.next_stage}
    if rule.confirm:
        change["confirm"] = list(rule.confirm)
    label = f" ({in_a_sentence(stage.next_label)})" if stage.next_label else ""
    seen = "; ".join(_evidence(rule, stage, case.today))
    said = _("%(seen)s: on to stage %(stage)s%(label)s.") % {"seen": seen, "stage": stage.next_stage, "label": label}
    if rule.confirm:
        said += " " + _("Confirm: %(what)s.") % {"what": listed(map(in_a_sentence, rule.confirm))}
    return Proposed(None, "STAGE", change, said)


def stage_before(case: Case, stage: Stage | None, rule: StageRule | None) -> Proposed | None:
    """One stage back where the protocol says so: after so many red days, or days that left the back sorer."""
    answered = [each for each in stage.answers if each.decision is not None] if stage else []
    if stage is None or rule is None or stage.number < 2 or not is_open(case) or not answered:
        return None
    if answered[0].decision not in BAD or stage.number - 1 in stage.closed:
        return None
    red = sum(each.decision == Decision.STOP for each in answered)
    raised = sum(each.decision == Decision.STEP_BACK for each in answered)
    if not (rule.back_red and red >= rule.back_red) and not (rule.back_raised and raised >= rule.back_raised):
        return None
    seen = [ngettext("%(number)s red day", "%(number)s red days", red) % {"number": red}] if red else []
    if raised:
        mornings = ngettext("%(number)s sore morning", "%(number)s sore mornings", raised)
        seen.append(mornings % {"number": raised})
    said = _("%(seen)s in stage %(stage)s: back to stage %(back)s.") % {
        "seen": listed(seen),
        "stage": stage.number,
        "back": stage.number - 1,
    }
    return Proposed(None, "STAGE-BACK", {"stage": stage.number - 1}, said)


def _holds(rule: StageRule, stage: Stage, today: date) -> bool:
    answers = stage.answers
    answered = [each for each in answers if each.decision is not None]
    if not answered or answered[0].decision in BAD:
        return False
    if stage.sessions < rule.sessions or (today - stage.began_on).days < rule.days:
        return False
    if rule.share and (stage.share is None or round(stage.share, 6) < rule.share):
        return False
    if rule.calm and not _is_calm(answers, stage.began_on):
        return False
    if rule.calm_days and not _is_calm(answers, today - timedelta(days=rule.calm_days)):
        return False
    if rule.settled_days and not _settled(answers, rule.settled_days, today):
        return False
    if rule.central_days and not _in_a_row(
        [each.day for each in answers if each.below is False],
        [each.day for each in answers],
        rule.central_days,
        today,
    ):
        return False
    return all(each.effort is None or each.effort <= rule.effort_to for each in answered[:2])


def _is_calm(answers: Sequence[Answered], since: date) -> bool:
    seen = [each.is_red for each in answers if each.day >= since and each.is_red is not None]
    return len(seen) >= FEWEST_ANSWERS and not any(seen)


def _settled(answers: Sequence[Answered], days: int, today: date) -> bool:
    good = [
        each.day for each in answers
        if (each.is_green and each.is_settled is not False) or (each.is_red is False and each.is_settled)
    ]  # fmt: skip
    return _in_a_row(good, [each.day for each in answers], days, today)


def _in_a_row(good: Sequence[date], answered: Sequence[date], days: int, today: date) -> bool:
    """Whether the last `days` days with an answer are all good and follow one another, up to today or yesterday."""
    last = sorted(set(answered), reverse=True)[:days]
    if len(last) < days or (today - last[0]).days > 1 or (last[0] - last[-1]).days != days - 1:
        return False
    return set(last) <= set(good)


def _evidence(rule: StageRule, stage: Stage, today: date) -> list[str]:
    done = ngettext(
        "%(number)s session of stage %(stage)s done", "%(number)s sessions of stage %(stage)s done", stage.sessions
    )
    found = [done % {"number": stage.sessions, "stage": stage.number}]
    if rule.share and stage.share is not None:
        found.append(_("%(share)s of the dose") % {"share": words.percent(stage.share)})
    if rule.days:
        found.append(_("%(number)s days in") % {"number": (today - stage.began_on).days})
    if rule.calm:
        found.append(_("no red answer"))
    if rule.calm_days:
        found.append(_("no red answer in %(number)s days") % {"number": rule.calm_days})
    if rule.settled_days:
        found.append(_("%(number)s days in a row settled") % {"number": rule.settled_days})
    if rule.central_days:
        found.append(_("nothing felt below the buttock for %(number)s days") % {"number": rule.central_days})
    return found


@dataclass(frozen=True, slots=True)
class Away:
    """Days without a session. days: since the last one, or before the latest ones. last_on: the last before it.
    stage: of the protocol, 0 without one. closed: stages that nobody vouches for."""

    days: int
    last_on: date
    stage: int = 0
    closed: frozenset[int] = frozenset()


def come_back(case: Case, away: Away | None) -> Proposed | None:
    """After 7 to 13 days at 80 % of the volume; after 14 to 27 at 60 % and one stage back; from 28 on stage 1 again,
    after a new red-flag screen (PROG-9). A plan without stages, or whose stage is closed, starts again at 60 %."""
    t: Thresholds = case.thresholds
    if away is None or not is_open(case) or away.days < t.gap_short_days:
        return None
    seen = _("%(number)s days without a session since %(day)s") % {
        "number": away.days,
        "day": date_format(away.last_on, "j F"),
    }
    if away.days < t.gap_long_days:
        share = t.gap_short_volume
        said = _("%(seen)s: start again at %(share)s.") % {"seen": seen, "share": words.percent(share)}
        return Proposed(None, "PROG-9", {"volume": share}, said)
    share = t.gap_long_volume
    if away.days < t.gap_check_days:
        if away.stage > 1 and away.stage - 1 not in away.closed:
            change = {"stage": away.stage - 1, "volume": share}
            back = _("stage %(stage)s at %(share)s") % {"stage": away.stage - 1, "share": words.percent(share)}
        else:
            change, back = {"volume": share}, words.percent(share)
        return Proposed(
            None, "PROG-9", change, _("%(seen)s: start again with %(what)s.") % {"seen": seen, "what": back}
        )
    is_staged = away.stage and 1 not in away.closed
    first: dict[str, Any] = {"stage": 1} if is_staged else {"volume": share}
    start = _("stage 1") if is_staged else words.percent(share)
    first["screen"] = True
    said = _("%(seen)s: after a new red-flag screen, start again with %(what)s.") % {"seen": seen, "what": start}
    return Proposed(None, "PROG-9", first, said)

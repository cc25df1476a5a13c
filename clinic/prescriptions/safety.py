"""Conditions against exercises: what is blocked, what asks for caution, why, and what stands in (COND). Pure functions.

The table is in `safety_rules`. A block is not sent to a patient without a clinician's override and its reason; a caution
not before a clinician has seen it. What was decided holds for the conditions it was decided for.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from functools import lru_cache

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.prescriptions.safety_rules import (
    EVERYONE,
    EVERYONE_BLOCKS,
    NAMED_BLOCKS,
    NAMED_CAUTIONS,
    RULE_OF,
    TAG_WORDS,
    Rule,
)
from exercises.governance import is_vouched_for
from exercises.kept import kept_in_language
from patients.records.conditions import BY_CODE

REASON_FROM = 10
MOST_ALTERNATIVES = 3
FIRM_BED = _("Use a firm bed instead of the floor.")
FAR = 1_000


class Strength(IntEnum):
    NONE, CAUTION, BLOCK = 0, 1, 2

    @property
    def letter(self) -> str:
        return "ncb"[self]

    @property
    def word(self) -> str:
        return self.name.lower()


NONE, CAUTION, BLOCK = Strength


@dataclass(frozen=True, slots=True)
class Standing:
    """A condition that a patient has now, since a day where that is known."""

    code: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What matching needs to know of an exercise. `easier` and `harder` are its neighbours on the ladder; `blocked_for`
    are conditions that it is not given with whatever its tags say. review_by: the last day on which somebody vouches
    for it."""

    slug: str
    name: str
    category: str
    level: int
    tags: frozenset[str]
    equipment: frozenset[str] = frozenset()
    muscles: frozenset[str] = frozenset()
    easier: str = ""
    harder: str = ""
    clinician_only: bool = False
    review_by: date | None = None
    blocked_for: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Because:
    """One condition's part in a match. `why` is for the clinician."""

    strength: Strength
    code: str
    tags: tuple[str, ...]
    why: str

    @property
    def name(self) -> str:
        return name_of(self.code)


@dataclass(frozen=True, slots=True)
class Match:
    """How an exercise stands against a patient's conditions: the strongest of all, and each one's part in it."""

    level: Strength
    because: tuple[Because, ...]
    extras: tuple[str, ...]

    def codes(self, strength: Strength) -> frozenset[str]:
        return frozenset(each.code for each in self.because if each.strength == strength)

    @property
    def all_codes(self) -> frozenset[str]:
        return frozenset(each.code for each in self.because)

    @property
    def short(self) -> str:
        """For a small tag: the first reason's condition, and how many more there are."""
        if not self.because:
            return ""
        more = len({each.code for each in self.because if each.strength == self.level}) - 1
        return self.because[0].name + (f" +{more}" if more else "")


@dataclass(frozen=True, slots=True)
class Decided:
    """What a clinician decided: an override settles blocks and cautions of its conditions, an acknowledgement cautions."""

    is_override: bool
    codes: frozenset[str]


def name_of(code: str) -> str:
    return gettext("Needs clearance") if code == EVERYONE else str(BY_CODE[code].name)


def match(conditions: Iterable[Standing], exercise: Facts, today: date) -> Match:
    """COND-1, with the overrides of COND-6 and the remark of COND-3. Strongest first, then by condition."""
    found = []
    if tags := exercise.tags & EVERYONE_BLOCKS:
        why = gettext("Inversion is blocked for everybody until a dated clearance is written down.")
        found.append(Because(BLOCK, EVERYONE, tuple(sorted(tags)), why))
    extras: list[str] = []
    for standing in conditions:
        rule = RULE_OF.get(standing.code)
        if rule is None:
            continue
        is_young = _is_young(rule, standing, today)
        if part := _part(rule, exercise, is_young):
            found.append(part)
            extras += _extras(rule, standing, exercise, part)
    found.sort(key=lambda each: (-each.strength, each.code != EVERYONE, each.code))
    level = found[0].strength if found else NONE
    return Match(level, tuple(found), tuple(dict.fromkeys(extras)))


def _is_young(rule: Rule, standing: Standing, today: date) -> bool:
    return bool(rule.young_weeks and standing.since and today < standing.since + timedelta(weeks=rule.young_weeks))


@kept_in_language(maxsize=20_000)
def _part(rule: Rule, exercise: Facts, is_young: bool) -> Because | None:
    """What one condition says of one exercise. Kept: the same few rules meet the same exercises on every page."""
    blocked = exercise.tags & (rule.block | rule.young_blocks if is_young else rule.block)
    others = exercise.tags - blocked
    cautioned = others if rule.cautions_all_other else others & rule.caution
    too_hard = exercise.level > rule.highest_level
    by_name = rule.code in NAMED_BLOCKS.get(exercise.slug, ()) or rule.code in exercise.blocked_for
    if blocked or too_hard or by_name:
        strength, tags = BLOCK, blocked
    elif cautioned or rule.code in NAMED_CAUTIONS.get(exercise.slug, ()):
        strength, tags = CAUTION, cautioned
    else:
        return None
    reasons = [str(TAG_WORDS.get(tag, tag)) for tag in sorted(tags)]
    if too_hard:
        reasons.append(
            gettext("level %(level)s (up to %(highest)s)") % {"level": exercise.level, "highest": rule.highest_level}
        )
    if not reasons:
        reasons.append(gettext("this exercise as such"))
    said = gettext("%(condition)s: blocks %(what)s.")
    if strength == CAUTION:
        said = gettext("%(condition)s: caution with %(what)s.")
    why = said % {"condition": name_of(rule.code), "what": ", ".join(reasons)}
    return Because(strength, rule.code, tuple(sorted(tags)), why)


def _extras(rule: Rule, standing: Standing, exercise: Facts, part: Because) -> Iterator[str]:
    if rule.extra:
        yield f"{name_of(rule.code)}: {rule.extra}"
    if rule.young_weeks and standing.since is None and set(part.tags) & rule.young_blocks:
        words = ", ".join(str(TAG_WORDS[tag]) for tag in sorted(rule.young_blocks))
        yield gettext("%(condition)s: no date on record; %(tags)s is blocked for the first %(weeks)s weeks.") % {
            "condition": name_of(rule.code),
            "tags": words,
            "weeks": rule.young_weeks,
        }
    if "floor" in part.tags and "firm-bed" in exercise.equipment:
        yield str(FIRM_BED)


def unsettled(matched: Match, decisions: Iterable[Decided], *, is_cleared: bool) -> Strength:
    """What still waits for a clinician's word: a block, else a caution, else nothing.

    `is_cleared`: a dated clearance stands on the line; it alone settles what is blocked for everybody.
    """
    decisions = list(decisions)
    if EVERYONE in matched.all_codes and not is_cleared:
        return BLOCK
    blocks = matched.codes(BLOCK) - {EVERYONE}
    if blocks and not any(each.is_override and blocks <= each.codes for each in decisions):
        return BLOCK
    cautions = matched.codes(CAUTION)
    if cautions and not any(cautions <= each.codes for each in decisions):
        return CAUTION
    return NONE


def still_acute(code: str, since: date, today: date, acute_days: int) -> str:
    """The acute phase is set and cleared by a clinician, who is asked when it has lasted. `acute_days` is the clinic's."""
    days = (today - since).days
    return (
        gettext("set %(days)s days ago: still acute?") % {"days": days}
        if code == "acute-phase" and days > acute_days
        else ""
    )


def is_dated(clearance: str) -> bool:
    """Whether the words of a clearance name a day: without a figure they cannot."""
    return any(sign.isdigit() for sign in clearance)


def alternatives(
    exercise: Facts,
    catalogue: Mapping[str, Facts],
    conditions: Collection[Standing],
    today: date,
    *,
    without: Collection[str] = (),
    most: int = MOST_ALTERNATIVES,
) -> list[Facts]:
    """What can stand in (COND-3): of the same kind, for a primary muscle in common, no harder, vouched for, and not blocked; and
    what the conditions' rules name. Those without any caution come first, of these the nearest on the ladder.

    without: slugs to leave out, as those that are in the plan already.
    """
    named = [slug for standing in conditions if (rule := RULE_OF.get(standing.code)) for slug in rule.suggests]
    named = named if match(conditions, exercise, today).level else []
    steps = _ladder(exercise.slug, catalogue)
    ranked = []
    for other in catalogue.values():
        is_like = other.category == exercise.category and other.muscles & exercise.muscles
        if not (is_like or other.slug in named) or other.level > exercise.level or other.clinician_only:
            continue
        if other.slug == exercise.slug or other.slug in without or not is_vouched_for(other.review_by, today):
            continue
        strength = match(conditions, other, today).level
        if strength != BLOCK:
            near = steps.get(other.slug, FAR)
            ranked.append((strength, not is_like, near, exercise.level - other.level, other.name, other))
    return [other for *_, other in sorted(ranked, key=lambda rank: rank[:-1])[:most]]


def _ladder(slug: str, catalogue: Mapping[str, Facts]) -> dict[str, int]:
    """How many steps away each exercise of the same ladder is, up or down."""
    return _steps(slug, _neighbours(tuple((each.slug, each.easier, each.harder) for each in catalogue.values())))


@lru_cache(maxsize=8)
def _neighbours(rungs: tuple[tuple[str, str, str], ...]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for slug, *others in rungs:
        for other in filter(None, others):
            found.setdefault(slug, []).append(other)
            found.setdefault(other, []).append(slug)
    return {slug: tuple(others) for slug, others in found.items()}


def _steps(slug: str, neighbours: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    steps, waiting = {slug: 0}, deque([slug])
    while waiting:
        here = waiting.popleft()
        for there in neighbours.get(here, ()):
            if there not in steps:
                steps[there] = steps[here] + 1
                waiting.append(there)
    return steps

"""When an exercise should become harder, easier or go (PROG-0 to PROG-8). Pure: no database, no clock.

A rule proposes and gives its evidence in a sentence; a clinician decides. Sources beside the numbers of
`patients.accounts.thresholds`; fixed numbers stand beside their rule.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.prescriptions.dosage import OLDER_ADULT_AGE, Dosage, Measure
from clinic.progression import steps, words
from clinic.today.pain import Decision
from patients.accounts.thresholds import DEFAULTS, Thresholds

RULES = "PROG 2026-11"
OVER_TARGET = 2  # PROG-1: repetitions over the target in the last set
LEVELS_UP = 1  # PROG-6
SIGN_OFF_FROM = 4  # PROG-6: levels whose form a clinician has to have seen
ENDURANCE_FROM = 8  # seconds: repetitions held this long are endurance (PROG-4a, as in DOS-10), not strength
BUILDS = frozenset({"stability", "strength"})
STRETCH, AEROBIC = "stretch", "aerobic"
# What a session that was too much is put down to, where no exercise was stopped by itself.
STRAINS = BUILDS | {STRETCH, AEROBIC}


BAD = frozenset({Decision.STEP_BACK, Decision.STOP})


@dataclass(frozen=True, slots=True)
class Practice:
    """A day on which an exercise was begun, or stopped on pain.

    decision: None where the questions were not answered. is_pending: the next morning can still be answered, so the
        day says nothing yet. is_own: it was stopped on pain by itself. worst: 0 to 10. effort: 0 to 10.
    last_set, least: the amount of the last set and the smallest of all sets, in the measure's units; None where it
        was not done.
    """

    day: date
    decision: Decision | None = None
    is_pending: bool = False
    is_own: bool = False
    worst: int | None = None
    effort: int | None = None
    last_set: int | None = None
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """The next exercise up or down the ladder, at its default dosage (PROG-3, PROG-6, PROG-8)."""

    slug: str
    name: str
    plain_name: str
    level: int
    dosage: Dosage
    is_blocked: bool = False
    is_heavy: bool = False
    clinician_only: bool = False

    @property
    def needs_sign_off(self) -> bool:
        return self.level >= SIGN_OFF_FROM or self.is_heavy or self.clinician_only


@dataclass(frozen=True, slots=True)
class Exercise:
    """One line of the plan in force, with what became of it.

    practices: newest first. share: part of its dose done in the last 7 days, 0 to 1; None where nothing was asked.
    done, asked: its sessions in those days. changed_on: the day its dosage last changed, or it came in; None: not
    known. usual_hold: the catalogue's. uses_weight: done with a weight, so that a dosage without a load lacks one.
    minutes_to: where PROG-5 leads. reps_range: of double progression (PROG-2). is_eased: it rests, or is done at half.
    effort_to, effort_over: the protocol's own ceiling, and the effort over which its load comes down.
    """

    thread: UUID
    name: str
    plain_name: str
    dosage: Dosage
    category: str
    level: int
    phase: str = "main"
    practices: tuple[Practice, ...] = ()
    share: float | None = None
    done: int = 0
    asked: int = 0
    changed_on: date | None = None
    usual_hold: int | None = None
    uses_weight: bool = False
    minutes_to: Decimal | None = None
    reps_range: tuple[int, int] | None = None
    effort_to: int | None = None
    effort_over: int | None = None
    is_eased: bool = False
    harder: Rung | None = None
    easier: Rung | None = None

    @property
    def said(self) -> list[Practice]:
        """What counts: without days whose next morning can still be answered."""
        return [each for each in self.practices if not each.is_pending]


@dataclass(frozen=True, slots=True)
class Case:
    """A patient's plan on one day, as far as progression needs it.

    has_flag: a red flag no clinician has cleared. has_task: an open task other than those that these rules raise.
    changed_since: exercises changed after the last session. slugs: all exercises of the plan.
    """

    today: date
    age: int
    exercises: tuple[Exercise, ...]
    slugs: frozenset[str] = frozenset()
    thresholds: Thresholds = field(default=DEFAULTS)
    has_flag: bool = False
    in_flare: bool = False
    has_task: bool = False
    is_paused: bool = False
    changed_since: int = 0


@dataclass(frozen=True, slots=True)
class Proposed:
    """`change` as `Proposal.change` stores it; `thread` is None for a change of the whole plan."""

    thread: UUID | None
    rule: str
    change: dict[str, Any]
    evidence: str

    @property
    def is_up(self) -> bool:
        return is_up(self.rule)


def is_up(rule: str) -> bool:
    """Whether it asks more of the patient; steps back and starts after a gap ask less."""
    return rule not in ("PROG-8", "PROG-9", "STAGE-BACK")


def is_open(case: Case) -> bool:
    """Nothing is proposed to somebody whose plan stands still: a red flag, a flare-up or a pause (PROG-0)."""
    return not (case.has_flag or case.in_flare or case.is_paused)


def may_progress(case: Case, it: Exercise) -> bool:
    """The gate (PROG-0): the last 2 sessions GO, 80 % of the line's dose in 7 days with 3 sessions (2 where 2 days a
    week are prescribed), effort up to 7 where it was asked; no flare-up, red flag or task; no change in 7 days.
    What is not known counts against it."""
    t, last = case.thresholds, it.said[: case.thresholds.go_sessions]
    needed = min(t.line_sessions, max(2, it.dosage.days_per_week))
    ceiling = t.effort_to if it.effort_to is None else min(t.effort_to, it.effort_to)
    return (
        is_open(case)
        and not case.has_task
        and not it.is_eased
        and len(last) == t.go_sessions
        and all(each.decision == Decision.GO for each in last)
        and all(each.effort is None or each.effort <= ceiling for each in last)
        and it.share is not None
        and round(it.share, 6) >= t.line_adherence_from
        and it.done >= needed
        and it.changed_on is not None
        and (case.today - it.changed_on).days >= t.change_days
    )


def step_up(case: Case, it: Exercise) -> Proposed | None:
    """The one change that comes next (PROG-1 to PROG-6), or None."""
    if not may_progress(case, it) or it.dosage.rep_list:
        return None
    t, d = case.thresholds, it.dosage
    if it.category == STRETCH:
        longest = t.stretch_to_older if case.age >= OLDER_ADULT_AGE else t.stretch_to
        return _dosed(it, "PROG-4c", steps.longer_hold(d, t, longest)) if d.measure == Measure.HOLD else None
    if it.phase != "main":
        return None
    if it.category == AEROBIC:
        if it.minutes_to is None or d.minutes is None:
            return None
        return _dosed(it, "PROG-5", steps.more_minutes(d, t, it.minutes_to))
    if it.category not in BUILDS or d.minutes is not None:
        return None
    if d.load_value is not None:
        return _loaded(it, t)
    if it.uses_weight:
        return None
    rule, new = _unloaded(it, t)
    return _dosed(it, rule, new) if new else _ladder(case, it)


def _unloaded(it: Exercise, t: Thresholds) -> tuple[str, Dosage | None]:
    d, hold = it.dosage, it.usual_hold or it.dosage.hold_s
    if d.measure == Measure.HOLD:
        short = hold <= t.short_hold_to
        return ("PROG-4a", steps.more_short_holds(d, t)) if short else ("PROG-4b", steps.longer_hold(d, t))
    if hold >= ENDURANCE_FROM:
        return "PROG-4a", steps.more_short_holds(d, t)
    return "PROG-3", steps.more_reps(d, t)


def _loaded(it: Exercise, t: Thresholds) -> Proposed | None:
    """2-for-2 (PROG-1), or double progression where a range is set (PROG-2): one repetition more up to the top of the
    range, then the load up and back to its bottom."""
    last, target = it.said[: t.go_sessions], it.dosage.reps
    if target is None or it.dosage.load_unit not in steps.WEIGHED:
        return None
    if all(each.last_set is not None and each.last_set >= target + OVER_TARGET for each in last):
        return _dosed(it, "PROG-1", steps.heavier(it.dosage, t))
    if it.reps_range is None or not all(each.least is not None and each.least >= target for each in last):
        return None
    low, high = it.reps_range
    if target < high:
        return _dosed(it, "PROG-2", replace(it.dosage, reps=target + 1))
    heavier = steps.heavier(it.dosage, t)
    is_heavier = heavier.load_value != it.dosage.load_value
    return _dosed(it, "PROG-2", replace(heavier, reps=low) if is_heavier else heavier)


def _ladder(case: Case, it: Exercise) -> Proposed | None:
    """The harder exercise at its default dosage, on the same days (PROG-6): not one that a condition blocks, nor more than one level up.
    Levels 4 and 5 and heavy lifts ask for a clinician's sign-off of form."""
    rung = it.harder
    if rung is None or rung.is_blocked or rung.slug in case.slugs or rung.level - it.level > LEVELS_UP:
        return None
    change: dict[str, Any] = {"exercise": rung.slug, "dosage": steps.on_same_days(it.dosage, rung.dosage).to_dict()}
    if rung.needs_sign_off:
        change["sign_off"] = True
    said = _("%(seen)s, nothing left to add: on to %(exercise)s.") % {"seen": _seen(it), "exercise": rung.name}
    if rung.needs_sign_off:
        said += " " + _("Needs your sign-off of form.")
    return Proposed(it.thread, "PROG-6", change, said)


def step_down(case: Case, it: Exercise) -> Proposed | None:
    """The step back after a session that was too much (PROG-8): first half the volume, then the easier exercise, then
    without it. A second one in 14 days is the easier exercise at once. It waits for no week to pass and for no task:
    it is what the task is about. A session that was too much steps back what strains, not breathing or a warm-up."""
    last = next((each for each in it.said if each.decision is not None), None)
    if not is_open(case) or last is None:
        return None
    if last.decision not in BAD:
        return _too_hard(case, it)
    since = case.today - timedelta(days=case.thresholds.step_back_days)
    strains = it.category in STRAINS and it.phase != "warm"
    bad = [each for each in it.said if each.decision in BAD and each.day > since and (strains or each.is_own)]
    if last not in bad or (it.changed_on is not None and it.changed_on > last.day):
        return None
    seen = _("%(exercise)s: raised pain next morning on %(day)s")
    if last.decision == Decision.STOP:
        seen = _("%(exercise)s: stopped on pain on %(day)s")
    seen %= {"exercise": it.name, "day": date_format(last.day, "j F")}
    if len(bad) == 1:
        half = None if it.is_eased else steps.scaled(it.dosage, 0.5)
        if half is None:
            return None
        change: dict[str, Any] = {"dosage": half.to_dict()}
        return Proposed(it.thread, "PROG-8", change, f"{seen}: {words.step(it.dosage, half)}.")
    seen = _("%(exercise)s: too much %(times)s times in %(days)s days") % {
        "exercise": it.name,
        "times": len(bad),
        "days": case.thresholds.step_back_days,
    }
    rung = it.easier
    if len(bad) == 2 and rung and not rung.is_blocked and rung.slug not in case.slugs:
        change = {"exercise": rung.slug, "dosage": steps.on_same_days(it.dosage, rung.dosage).to_dict()}
        return Proposed(
            it.thread, "PROG-8", change, _("%(seen)s: back to %(exercise)s.") % {"seen": seen, "exercise": rung.name}
        )
    return Proposed(it.thread, "PROG-8", {"remove": True}, _("%(seen)s: take it out.") % {"seen": seen})


def _too_hard(case: Case, it: Exercise) -> Proposed | None:
    """Where the protocol names an effort that is too much, twice running: 10 % off the load."""
    last = it.said[:2]
    if it.effort_over is None or it.dosage.load_value is None or len(last) < 2 or it.is_eased:
        return None
    if not all(each.effort is not None and each.effort > it.effort_over for each in last):
        return None
    if it.changed_on is not None and it.changed_on > last[1].day:
        return None
    lighter = steps.lighter(it.dosage, case.thresholds)
    if lighter is None:
        return None
    said = _("%(exercise)s: effort over %(effort)s twice running: %(change)s.") % {
        "exercise": it.name,
        "effort": it.effort_over,
        "change": words.step(it.dosage, lighter),
    }
    return Proposed(it.thread, "PROG-8", {"dosage": lighter.to_dict()}, said)


def propose(case: Case, *, silenced: Collection[tuple[UUID | None, bool]] = ()) -> list[Proposed]:
    """At most two exercises at one time, counting those changed since the last session; steps back before steps up,
    and of these the ones that have waited longest (PROG-0).

    silenced: thread and direction (up or not) of what was declined lately, or stands in a draft already.
    """
    t = case.thresholds
    downs = [each for each in _each(case, step_down) if (each.thread, False) not in silenced]
    by_thread = {it.thread: it for it in case.exercises}
    # What stopped an exercise by itself comes before what a whole session did to all; the hardest first.
    downs.sort(key=lambda each: _first_to_ease(by_thread[each.thread]) if each.thread else (True, 0))
    found = downs[: t.changes_a_session]
    room = t.changes_a_session - len(found) - case.changed_since
    if room <= 0:
        return found
    taken = {each.thread for each in downs}
    ups = [each for each in _each(case, step_up) if each.thread not in taken and (each.thread, True) not in silenced]
    ups.sort(key=lambda each: by_thread[each.thread].changed_on or case.today if each.thread else case.today)
    return found + ups[:room]


def _first_to_ease(it: Exercise) -> tuple[bool, int]:
    return not (it.said and it.said[0].is_own), -it.level


def is_plateau(case: Case, *, progressed_on: date | None, share: float | None) -> bool:
    """No progression in 21 days with at least 80 % done (PROG-7)."""
    t = case.thresholds
    return (
        is_open(case)
        and not case.has_task
        and progressed_on is not None
        and (case.today - progressed_on).days >= t.plateau_days
        and share is not None
        and round(share, 6) >= t.line_adherence_from
    )


def _each(case: Case, rule: Any) -> Iterator[Proposed]:
    found: Iterable[Proposed | None] = (rule(case, it) for it in case.exercises)
    return (each for each in found if each is not None)


def _dosed(it: Exercise, rule: str, new: Dosage | None) -> Proposed | None:
    if new is None or new.errors():
        return None
    said = f"{_seen(it)}: {words.step(it.dosage, new)}."
    return Proposed(it.thread, rule, {"dosage": new.to_dict()}, said)


def _seen(it: Exercise) -> str:
    worst = [each.worst for each in it.said[:2] if each.worst is not None]
    return f"{it.name}: {words.seen(done=it.done, asked=it.asked, worst=max(worst, default=None))}"

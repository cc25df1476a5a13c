"""Every number of the clinical rules that a clinic may set for itself, with its default, range and rule.

A clinic stores only what differs (`Clinic.thresholds_set`); `Clinic.thresholds` is the whole. Pure rules take a
`Thresholds`, so that one place holds each number. Numbers marked FIXED in the rules are constants beside their rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Self

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def setting(default: float, low: float, high: float, rule: str, words: "StrOrPromise") -> Any:
    return field(default=default, metadata={"low": low, "high": high, "rule": rule, "words": words})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Whole numbers unless the default has a decimal point; shares run from 0 to 1."""

    # Size of a plan
    main_exercises_max: int = setting(6, 1, 20, "DOS-8", _("Main exercises on one day before a warning"))
    session_minutes_max: int = setting(40, 5, 180, "DOS-8", _("Minutes a session before a warning"))
    kept_exercises: int = setting(4, 1, 12, "DOS-8", _("Exercises a day that most people keep up"))
    kept_minutes: int = setting(30, 5, 120, "DOS-8", _("Minutes a day that most people keep up"))
    # Adherence
    grace_hours: int = setting(24, 0, 72, "ADH-4", _("Hours after midnight until a day closes"))
    back_entry_days: int = setting(7, 1, 14, "ADH-4", _("Days back that a patient may still fill in"))
    paper_back_days: int = setting(
        28, 0, 56, "ADH-4", _("Days back that staff may enter from paper; 0 is not at all")
    )
    excused_days_max: int = setting(7, 1, 28, "ADH-5", _("Days in a row that illness or travel may excuse"))
    overdone_ratio: float = setting(
        1.5, 1.1, 3.0, "ADH-8", _("Done over planned from which a day counts as overdone")
    )
    overdone_days: int = setting(2, 1, 7, "ADH-8", _("Overdone days in 7 that raise the flag"))
    high_from: float = setting(0.8, 0.5, 1.0, "ADH-9", _("Adherence that counts as high, from"))
    partial_from: float = setting(0.5, 0.1, 0.9, "ADH-9", _("Adherence that counts as partial, from"))
    quiet_planned_days: int = setting(7, 2, 28, "ADH-10", _("Planned days without a log before an alert"))
    low_weeks: int = setting(2, 1, 6, "ADH-10", _("Weeks under half of the dose before an alert"))
    same_skips: int = setting(3, 2, 10, "ADH-10", _("Skips of one exercise for one reason before an alert"))
    # Pain, 0 to 10
    green_to: int = setting(2, 0, 4, "PAIN-2", _("Worst pain that is green, up to"))
    amber_to: int = setting(5, 3, 7, "PAIN-2", _("Worst pain that is amber, up to"))
    raised_from: int = setting(2, 1, 4, "PAIN-3", _("Rise by next morning that counts as raised, from"))
    stops: int = setting(2, 1, 5, "PAIN-5", _("Stops in 7 days that offer the flare plan"))
    severe_from: int = setting(8, 6, 10, "PAIN-5", _("Any pain score that raises a task, from"))
    before_high_from: int = setting(7, 5, 10, "PAIN-5", _("Pain before a session that raises a task, from"))
    stop_task_days: int = setting(2, 1, 5, "PAIN-5", _("Working days until the task is due"))
    settle_minutes: int = setting(
        10, 5, 30, "PAIN-5", _("Minutes in which pain must settle before the other exercises")
    )
    morning_from_hours: int = setting(12, 6, 18, "PAIN-1", _("Hours after a session until the next-morning question"))
    morning_to_hours: int = setting(36, 24, 48, "PAIN-1", _("Hours after a session until that question is dropped"))
    away_minutes: int = setting(
        10, 5, 60, "PAIN-6", _("Minutes that symptoms may move away before the exercise stops")
    )
    pain_up: int = setting(3, 1, 6, "PAIN-7", _("Rise of the latest pain over the median of the week before, from"))
    trend_rise: int = setting(2, 1, 5, "PAIN-7", _("Rise of the 7-day median that raises a task, from"))
    # Progression
    go_sessions: int = setting(2, 1, 6, "PROG-0", _("Good sessions in a row before a proposal"))
    line_adherence_from: float = setting(0.8, 0.5, 1.0, "PROG-0", _("Share of an exercise done in 7 days, from"))
    line_sessions: int = setting(3, 1, 7, "PROG-0", _("Sessions of an exercise in 7 days, at least"))
    effort_to: int = setting(7, 3, 10, "PROG-0", _("Effort up to which a proposal is made"))
    declined_days: int = setting(14, 7, 56, "PROG-0", _("Days before a declined change is proposed again"))
    load_step: float = setting(0.05, 0.02, 0.1, "PROG-1", _("Step of the load, as a share"))
    step_kg: float = setting(1.0, 0.25, 5.0, "PROG-1", _("Smallest step of the weights, in kg"))
    step_lb: float = setting(2.5, 0.5, 10.0, "PROG-1", _("Smallest step of the weights, in lb"))
    reps_to: int = setting(15, 8, 30, "PROG-3", _("Repetitions before a set is added"))
    sets_to: int = setting(3, 2, 6, "PROG-3", _("Sets before the ladder"))
    short_hold_to: int = setting(10, 5, 20, "PROG-4", _("Seconds of a short hold, up to"))
    holds_to: int = setting(6, 3, 12, "PROG-4", _("Short holds in a set, up to"))
    long_hold_step: int = setting(5, 1, 20, "PROG-4", _("Seconds added to a long hold"))
    long_hold_to: int = setting(60, 20, 180, "PROG-4", _("Seconds of a long hold, up to"))
    stretch_to: int = setting(30, 10, 120, "PROG-4", _("Seconds of a stretch, up to"))
    stretch_to_older: int = setting(60, 10, 120, "PROG-4", _("Seconds of a stretch from age 65, up to"))
    minutes_step: float = setting(0.1, 0.05, 0.3, "PROG-5", _("Growth of the weekly minutes, as a share"))
    change_days: int = setting(7, 3, 28, "PROG-0", _("Days between two changes of one exercise"))
    changes_a_session: int = setting(2, 1, 5, "PROG-0", _("Exercises changed at one time, at most"))
    plateau_days: int = setting(21, 7, 90, "PROG-7", _("Days without a progression before a review"))
    step_back_days: int = setting(14, 7, 28, "PROG-8", _("Days in which a second step back means an easier exercise"))
    gap_short_days: int = setting(7, 3, 13, "PROG-9", _("Days away from which volume is reduced"))
    gap_long_days: int = setting(14, 8, 27, "PROG-9", _("Days away from which it goes one stage back"))
    gap_short_volume: float = setting(0.8, 0.5, 1.0, "PROG-9", _("Volume after a short gap, as a share"))
    gap_long_volume: float = setting(0.6, 0.3, 1.0, "PROG-9", _("Volume after a long gap, as a share"))
    # Flare-ups
    flare_rise: int = setting(2, 1, 5, "FLARE-1", _("Points over the usual pain that mean a flare-up, from"))
    flare_days: int = setting(3, 1, 7, "FLARE-4", _("Days of the gentle plan"))
    flare_days_max: int = setting(7, 3, 14, "FLARE-4", _("Days up to which the patient may extend it"))
    flare_again_days: int = setting(28, 7, 90, "FLARE-5", _("Days in which a second flare-up raises a review"))
    # Red flags
    check_days: int = setting(28, 7, 56, "RF", _("Days that a clear check is valid"))
    gap_check_days: int = setting(28, 14, 90, "RF", _("Days away after which the whole check is asked again"))
    adult_from: int = setting(18, 16, 21, "RF23", _("Age from which a plan needs no clearance for age"))
    first_pain_late_from: int = setting(65, 50, 80, "RF23", _("Age over which a first back pain needs clearance"))
    fracture_age_men: int = setting(65, 50, 80, "RF09", _("Age over which a minor injury counts, men"))
    fracture_age_women: int = setting(75, 50, 85, "RF09", _("Age over which a minor injury counts, women"))
    acute_days: int = setting(7, 3, 14, "COND", _("Days that a new episode counts as acute"))
    # Micro-breaks
    break_every: int = setting(60, 30, 120, "BRK-1", _("Minutes of sitting before a prompt"))
    break_snooze: int = setting(10, 5, 30, "BRK-3", _("Minutes that a prompt is put off"))
    break_snoozes: int = setting(2, 0, 5, "BRK-3", _("Times that a prompt can be put off"))
    breaks_a_day: int = setting(8, 1, 16, "BRK-3", _("Prompts a day, at most"))
    # Outcome measures
    measure_weekly: int = setting(7, 3, 14, "PROM", _("Days between two answers on the week's pain"))
    measure_every: int = setting(14, 7, 56, "PROM", _("Days between two answers on function and change"))
    measure_monthly: int = setting(28, 14, 91, "PROM", _("Days between two answers on activity"))
    measure_again: int = setting(42, 14, 182, "PROM", _("Days until a measure is taken again for review"))
    measure_overdue: int = setting(7, 1, 28, "REM-3", _("Days after which an unanswered measure raises a task"))
    # Messages
    reply_days: int = setting(2, 1, 10, "MSG", _("Working days in which patients may expect an answer to a message"))

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Defaults with what a clinic set; a name or value that is no longer known falls back to the default."""
        known = {f.name: f for f in fields(cls)}
        taken = {name: value for name, value in stored.items() if name in known and fits(known[name], value)}
        return cls(**taken)


def fits(setting_field: Any, value: object) -> bool:
    """Whether the value is a number in the setting's range, whole where its default is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if isinstance(setting_field.default, int) and not isinstance(value, int):
        return False
    return bool(setting_field.metadata["low"] <= value <= setting_field.metadata["high"])


DEFAULTS = Thresholds()

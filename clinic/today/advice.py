"""What a patient is told after saying how much it hurts: a few kind words, and where to go. No codes. Pure."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from clinic.today.marks import kept_with_addresses, squeezed
from clinic.today.models import Moved
from clinic.today.pain import Change, Concern, Course, Decision, Said, Zone
from patients.accounts.thresholds import Thresholds
from patients.records.pain_limits import Limits

# Tone, lead and text by kind. {ceiling}: the pain up to which other exercises may go on; {minutes}: to wait for it.
OTHERS = "Rest for {minutes} minutes. Is your pain {ceiling} or less then? You may do the others. If not, leave them for today."
WORDS = {
    "green": ("good", "That is fine. Carry on.", ""),
    "amber": ("good", "That is all right.", "Some pain is allowed. Do the same next time."),
    "toward": ("good", "That is a good sign.", "Pain that moves toward your back is on its way out. Carry on."),
    "red": ("warn", "Stop for now. It was right to tell us.", f"{OTHERS} Do less of what hurt next time."),
    "away": (
        "warn",
        "Leave these exercises for now.",
        "They rest until your clinician has looked at them. We have told your clinic.",
    ),
    "numb": (
        "danger",
        "Please do a short check now.",
        "New numbness or weakness needs a closer look. Leave your exercises until then. We have told your clinic.",
    ),
    "before": ("warn", "That is a lot of pain.", "You need not do it all today. A gentle plan may suit you better."),
    "go": ("good", "That is fine. Carry on.", "Your back took it well."),
    "hold": ("good", "Thank you. Carry on as you are.", "Do the same amount next time."),
    "step-back": (
        "info",
        "That was a little too much for your back.",
        "It does no harm, and you did nothing wrong. Do less next time. Your clinic sees this.",
    ),
    "stop": ("warn", "Go gently today.", "Yesterday was too much for your back. Do less of what hurt."),
    "stopped": ("info", "You stopped at the right time.", f"Leave this one for today. Do half of it next time. {OTHERS}"),
    "stopped-away": (
        "warn",
        "You stopped at the right time.",
        f"This one rests until your clinician has looked at it. We have told your clinic. {OTHERS}",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Advice:
    """flare: offer the gentle plan. check: offer the red-flag check."""

    kind: str
    ceiling: int
    minutes: int
    flare: bool = False
    check: bool = False


def before_advice(said: Said, limits: Limits, thresholds: Thresholds) -> Advice | None:
    """Only where the pain is high before anything was done (PAIN-5)."""
    if said.before is None or said.before < min(thresholds.before_high_from, thresholds.severe_from):
        return None
    return Advice("before", limits.amber_to, thresholds.settle_minutes, flare=True)


def after_advice(said: Said, limits: Limits, thresholds: Thresholds, found: tuple[Concern, ...]) -> Advice | None:
    """The place beats the score (PAIN-6)."""
    if said.worst is None and said.course is Course.CARRY_ON:
        return None
    zone = said.zone(limits)
    kind = str(zone) if zone else ""
    if said.course is not Course.CARRY_ON:
        kind = "numb" if said.course is Course.CHECK else "away"
    elif zone is Zone.AMBER and said.moved == Moved.TOWARD:
        kind = "toward"
    check = said.course is not Course.CARRY_ON
    return Advice(kind, limits.amber_to, thresholds.settle_minutes, flare=bool(found), check=check)


def morning_advice(said: Said, limits: Limits, thresholds: Thresholds, found: tuple[Concern, ...]) -> Advice | None:
    if said.morning is None:
        return None
    decision = said.decision(limits, thresholds)
    # Without an answer before the session nothing is known of the change; a red session stays what it was.
    kind = "hold" if decision is Decision.HOLD or said.change(thresholds) is Change.UNKNOWN else str(decision)
    kind = "stop" if decision is Decision.STOP else kind
    check = said.course is not Course.CARRY_ON
    return Advice(kind, limits.amber_to, thresholds.settle_minutes, flare=bool(found), check=check)


def stopped_advice(limits: Limits, thresholds: Thresholds, found: tuple[Concern, ...], *, moved_away: bool) -> Advice:
    kind = "stopped-away" if moved_away else "stopped"
    return Advice(kind, limits.amber_to, thresholds.settle_minutes, flare=bool(found), check=moved_away)


@kept_with_addresses(maxsize=256)
def html(advice: Advice | None) -> SafeString:
    if advice is None:
        return mark_safe("")
    tone, lead, text = WORDS[advice.kind]
    context = {
        "tone": tone,
        "lead": lead,
        "text": text.format(ceiling=advice.ceiling, minutes=advice.minutes),
        "flare": reverse("flare") if advice.flare else "",
        "check": f"{reverse('red_flag_check')}?for=s" if advice.check else "",
        "urgent": advice.kind == "numb",
    }
    return mark_safe(squeezed(render_to_string("clinic/today/_advice.html", context)))

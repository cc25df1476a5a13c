"""What a patient is told after saying how much it hurts: a few kind words, and where to go. No codes. Pure."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from clinic.today.marks import squeezed
from clinic.today.models import Moved
from clinic.today.pain import Change, Concern, Course, Decision, Said, Zone
from exercises.kept import kept_with_addresses
from exercises.offers import Read
from patients.accounts.thresholds import Thresholds
from patients.records.pain_limits import Limits

# Tone, lead and text by kind. {ceiling}: the pain up to which other exercises may go on; {minutes}: to wait for it.
OTHERS = _(
    "Rest for {minutes} minutes. Is your pain {ceiling} or less then? You may do the others. If not, leave them for today."
)
TOLD = _("We have told your clinic.")
WORDS = {
    "green": ("good", _("That is fine. Carry on."), ()),
    "amber": ("good", _("That is all right."), (_("Some pain is allowed. Do the same next time."),)),
    "toward": (
        "good",
        _("That is a good sign."),
        (_("Pain that moves toward your back is on its way out. Carry on."),),
    ),
    "red": ("warn", _("Stop for now. It was right to tell us."), (OTHERS, _("Do less of what hurt next time."))),
    "away": (
        "warn",
        _("Leave these exercises for now."),
        (_("They rest until your clinician has looked at them."), TOLD),
    ),
    "numb": (
        "danger",
        _("Please do a short check now."),
        (_("New numbness or weakness needs a closer look. Leave your exercises until then."), TOLD),
    ),
    "before": (
        "warn",
        _("That is a lot of pain."),
        (_("You need not do it all today. A gentle plan may suit you better."),),
    ),
    "go": ("good", _("That is fine. Carry on."), (_("Your back took it well."),)),
    "hold": ("good", _("Thank you. Carry on as you are."), (_("Do the same amount next time."),)),
    "step-back": (
        "info",
        _("That was a little too much for your back."),
        (_("It does no harm, and you did nothing wrong. Do less next time. Your clinic sees this."),),
    ),
    "stop": ("warn", _("Go gently today."), (_("Yesterday was too much for your back. Do less of what hurt."),)),
    "stopped": (
        "info",
        _("You stopped at the right time."),
        (_("Leave this one for today. Do half of it next time."), OTHERS),
    ),
    "stopped-away": (
        "warn",
        _("You stopped at the right time."),
        (_("This one rests until your clinician has looked at it."), TOLD, OTHERS),
    ),
}  # fmt: skip


def text_of(kind: str, *, ceiling: int, minutes: int, told: str = "") -> str:
    """told: said instead of `TOLD`."""
    parts = [told if told and part is TOLD else str(part) for part in WORDS[kind][2]]
    return " ".join(parts).format(ceiling=ceiling, minutes=minutes)


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
def html(advice: Advice | None, read: Read | None = None) -> SafeString:
    """read: a text that explains it."""
    if advice is None:
        return mark_safe("")
    tone, lead, _parts = WORDS[advice.kind]
    context = {
        "tone": tone,
        "lead": lead,
        "text": text_of(advice.kind, ceiling=advice.ceiling, minutes=advice.minutes),
        "flare": reverse("flare") if advice.flare else "",
        "check": f"{reverse('red_flag_check')}?for=s" if advice.check else "",
        "urgent": advice.kind == "numb",
        "read": read,
    }
    return mark_safe(squeezed(render_to_string("clinic/today/_advice.html", context)))

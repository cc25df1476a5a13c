"""The moving figure of an exercise, drawn from its pose text."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises.drawings import OTHER, drawing, moves, shown_side
from exercises.models import Side
from exercises.templatetags.look import figure, icon

register = template.Library()

SHOWN = {"right": _("Right side shown"), "left": _("Left side shown")}
OFFERED = {"right": _("Show the right side"), "left": _("Show the left side")}
SIDED = {"right": _("%(name)s, right side"), "left": _("%(name)s, left side")}


@register.simple_tag(takes_context=True)
def moving_figure(context: template.Context, exercise: Any) -> SafeString:
    """The loop with its pause button, and the still poses that print and reduced motion show instead. An uploaded
    picture goes before it; without a pose text that can be drawn there is the card of `figure`.

    Where an exercise is done on each side, the page's address says which one is shown, and a link leads to the other.
    """
    asked = context["request"].GET.get("side", "") if "request" in context else ""
    if exercise.picture:
        return figure(exercise)
    side, other, mirror = _sides(exercise, asked)
    drawn = moving_pair(exercise, mirror=mirror, side=side)
    if drawn is None:
        return figure(exercise)
    if not other:
        return drawn
    kept = context["request"].GET.copy() if "request" in context else None
    address = "?"
    if kept is not None:
        kept["side"] = other
        address = f"?{kept.urlencode()}"
    return format_html(
        '{}<p class="fig-side"><span>{}</span> <a class="btn btn-line btn-sm2" href="{}">{}</a></p>',
        drawn,
        SHOWN.get(side, _("One side shown")),
        address,
        OFFERED.get(other, _("Show the other side")),
    )


def _sides(exercise: Any, asked: str) -> tuple[str, str, bool]:
    """The side that is shown, the one to offer, and whether the figure is mirrored for it."""
    if getattr(exercise, "side", Side.NONE) == Side.NONE:
        return "", "", False
    own = shown_side(exercise.pose) or "one"
    opposite = OTHER.get(own, "other")
    return (opposite, own, True) if asked == opposite else (own, opposite, False)


def moving_pair(exercise: Any, *, prefix: str = "figure", mirror: bool = False, side: str = "") -> SafeString | None:
    title = SIDED[side] % {"name": exercise.plain_name} if side in SIDED else exercise.plain_name
    words: dict[str, Any] = {"title": title, "desc": " ".join(exercise.steps), "mirror": mirror}
    still = drawing(exercise.pose, "still", prefix=f"{prefix}-still", **words)
    if still is None or not moves(exercise.pose):
        return still
    move = drawing(exercise.pose, "move", prefix=f"{prefix}-move", **words)
    return format_html(
        '<div class="fig-pair" id="{0}">{1}{2}<button class="icon-btn fig-toggle" type="button" data-needs-script hidden '
        'aria-controls="{0}" aria-pressed="false">{3}{4}<span class="visually-hidden">{5}</span></button></div>',
        prefix,
        move,
        still,
        icon("pause"),
        icon("play"),
        gettext("Pause the movement"),
    )


@register.simple_tag
def figure_sample(exercise: Any, theme: str) -> SafeString:
    """Everything drawn from a pose text, as one theme shows it: for whoever writes the text."""
    pair = moving_pair(exercise, prefix=f"{theme}-figure")
    if pair is None:
        return mark_safe("")
    words: dict[str, Any] = {"title": exercise.plain_name, "desc": gettext("The key poses")}
    still = drawing(exercise.pose, "still", prefix=f"{theme}-poses", **words) if moves(exercise.pose) else ""
    return format_html(
        '{}<div class="fig-poses">{}</div><div class="fig-thumb">{}</div>', pair, still, figure(exercise)
    )

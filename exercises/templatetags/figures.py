"""The moving figure of an exercise, drawn from its pose text."""

from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from exercises.figures import Kind, PoseError, render
from exercises.templatetags.look import figure, icon

register = template.Library()


@lru_cache(maxsize=1024)
def _drawn(pose: str, kind: Kind, title: str, desc: str) -> SafeString | None:
    """None where the text cannot be drawn: a clinic's own row may hold one that was never checked."""
    try:
        svg = render(pose, kind, title=title, desc=desc, prefix=kind)
    except PoseError:
        return None
    return mark_safe(svg.replace('class="fig"', f'class="fig {kind}"', 1))  # the engine escapes title and desc


@register.simple_tag
def moving_figure(exercise: Any) -> SafeString:
    """The loop with its pause button, and the still poses that print and reduced motion show instead. An uploaded
    picture goes before it; without a pose text that can be drawn there is the card of `figure`."""
    if exercise.picture or not exercise.pose:
        return figure(exercise)
    said = " ".join(exercise.steps)
    move = _drawn(exercise.pose, "move", exercise.plain_name, said)
    still = _drawn(exercise.pose, "still", exercise.plain_name, said)
    if move is None or still is None:
        return figure(exercise)
    if "<animate" not in move:
        return still
    return format_html(
        '<div class="fig-pair" id="figure">{}{}<button class="icon-btn fig-toggle" type="button" data-needs-script hidden '
        'aria-controls="figure" aria-pressed="false">{}<span class="visually-hidden">Pause the movement</span></button></div>',
        move,
        still,
        icon("pause"),
    )

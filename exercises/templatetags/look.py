"""What pages are dressed with: icons, the spine of beads, an exercise's figure, the words of the pain scale."""

import re
from collections.abc import Sequence
from functools import cache
from math import cos, pi, sin
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from exercises.drawings import thumb
from exercises.models import Category, Position
from exercises.words import in_a_sentence

register = template.Library()
register.filter(in_a_sentence)


@register.filter
def device(user_agent: str) -> str:
    """“Firefox on Windows”: enough to recognise one's own device."""
    browsers = {"Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
    systems = {
        "Android": gettext("an Android phone or tablet"),
        "iPhone": gettext("an iPhone"),
        "iPad": gettext("an iPad"),
        "Windows": "Windows",
        "Mac OS": gettext("a Mac"),
        "Linux": "Linux",
    }
    browser = next((name for mark, name in browsers.items() if mark in user_agent), gettext("A browser"))
    system = next((name for mark, name in systems.items() if mark in user_agent), gettext("an unknown device"))
    return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}


@cache
def _icons() -> dict[str, SafeString]:
    source = (settings.BASE_DIR / "static" / "icons.svg").read_text()
    drawings = re.findall(r'<symbol id="([^"]+)">(.*?)</symbol>', source)
    return {
        name: mark_safe(f'<svg class="ic" viewBox="0 0 20 20" aria-hidden="true">{paths}</svg>')
        for name, paths in drawings
    }


@register.simple_tag
def icon(name: str) -> SafeString:
    """The drawing itself, not a link to it: a page with icons costs no further request."""
    return _icons()[name]


class NavItem(NamedTuple):
    name: str
    label: str
    url: str
    is_current: bool


@register.simple_tag(takes_context=True)
def nav(context: template.Context, at: str = "", **labels: str) -> list[NavItem]:
    """`{% nav today="Today" plan="Plan" as items %}`: URL names and labels. The longest address that the page's own
    begins with is the current one, unless it is said where the page belongs: `{% nav at=…`."""
    urls = {name: reverse(name) for name in labels}
    path = at or (context["request"].path if "request" in context else "")
    current = max((url for url in urls.values() if path.startswith(url)), key=len, default=None)
    return [NavItem(name, labels[name], url, url == current) for name, url in urls.items()]


WIDTH, HEIGHT = 340, 64
NOW = mark_safe(' class="now"')


@register.simple_tag
def spine(states: Sequence[str], label: str = "") -> SafeString:
    """One bead per exercise on a gentle curve. `states` are done, now or todo."""
    if not states:
        return mark_safe("")
    steps = max(len(states) - 1, 1)
    step = (WIDTH - 44) / steps
    bead = min(24, round(step * 0.62, 1))
    beads = []
    for number, state in enumerate(states):
        turn = 2 * pi * number / steps
        x = WIDTH / 2 if len(states) == 1 else 22 + number * step
        tick = mark_safe('<path class="tick" d="M-5 1l4 4 7-9"/>') if state == "done" and bead > 16 else ""
        place = (
            round(x),
            round(32 + 11.5 * sin(turn)),
            round(13 * cos(turn)),
            state,
            f"{-bead / 2:g}",
            f"{bead:g}",
            f"{min(10, bead / 2):g}",
            tick,
        )
        beads.append(place)
    return format_html(
        '<svg class="spine" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<path class="cord" d="M22 32C71 47 121 47 170 32S269 17 318 32"/>{}</svg>',
        WIDTH,
        HEIGHT,
        label
        or ngettext("%(done)s of %(number)s exercise done", "%(done)s of %(number)s exercises done", len(states))
        % {"done": list(states).count("done"), "number": len(states)},
        format_html_join(
            "",
            '<g transform="translate({} {})rotate({})"><rect class="v {}" x="{}" y="-19" width="{}" height="38" rx="{}"/>{}</g>',
            beads,
        ),
    )


@register.simple_tag
def motif(number: int) -> SafeString:
    """Five beads on a curve, for ornament; each number bends and lights another one."""
    bend, shift = (22, -22, 14, -14)[number % 4], pi * (number % 3) / 3

    def height(x: float) -> float:
        return 60 + bend * sin(2 * pi * x / 320 + shift)

    beads = [
        (
            round(x),
            round(height(x)),
            round(bend * cos(2 * pi * x / 320 + shift)),
            NOW if i == number % 5 else "",
        )
        for i, x in enumerate((64, 112, 160, 208, 256))
    ]
    return format_html(
        '<svg class="motif" viewBox="0 0 320 120" aria-hidden="true"><polyline class="cord" points="{}"/>{}</svg>',
        " ".join(f"{x} {height(x):.0f}" for x in range(24, 300, 8)),
        format_html_join(
            "",
            '<rect x="-13" y="-24" width="26" height="48" rx="12" transform="translate({} {})rotate({})"{}/>',
            beads,
        ),
    )


# Five beads and a floor: which way up the body is, and no more. Centre and turn of each bead on a field of 160 by 90.
_LYING = [(48 + 16 * i, 70, 90) for i in range(5)]
_UPRIGHT = [(80 + lean, 18 + 13 * i, 0) for i, lean in enumerate((2, 0, -2, -1, 1))]
_BEADS: dict[str, list[tuple[int, int, int]]] = {
    "supine": _LYING,
    "prone": _LYING,
    "side-lying": [(48 + 16 * i, y, 90) for i, y in enumerate((66, 69, 70, 68, 63))],
    "quadruped": [(48 + 16 * i, y, 90) for i, y in enumerate((44, 46, 47, 46, 43))],
    "kneeling": [(x, y + 8, turn) for x, y, turn in _UPRIGHT],
    "half-kneeling": [(x, y + 8, turn) for x, y, turn in _UPRIGHT],
    "long-sitting": [(x, y + 8, turn) for x, y, turn in _UPRIGHT],
    "seated": [(x, y - 8, turn) for x, y, turn in _UPRIGHT],
    "standing": [(x, y - 6, turn) for x, y, turn in _UPRIGHT],
    "inverted": [(50 + 14 * i, 26 + 10 * i, 52) for i in range(5)],
    "in water": [(52 + 14 * i, y, 74) for i, y in enumerate((44, 48, 52, 55, 57))],
    "varies": [(50 + 15 * i, y, 60 - 30 * i) for i, y in enumerate((60, 50, 44, 42, 44))],
}
_GROUND = {
    "quadruped": "M22 82H138M56 58V82M104 58V82",
    "seated": "M22 86H138M60 75H100M66 75V86M94 75V86",
    "in water": "M22 34q14-8 29 0t29 0 29 0 29 0",
}
_SHORT = {
    "supine": _("On your back"),
    "prone": _("On your front"),
    "side-lying": _("On your side"),
    "quadruped": _("Hands and knees"),
    "kneeling": _("Kneeling"),
    "half-kneeling": _("On one knee"),
    "long-sitting": _("On the floor"),
    "seated": _("On a chair"),
    "standing": _("Standing"),
    "inverted": _("Head down"),
    "in water": _("In water"),
    "varies": _("Several positions"),
}


@cache
def _motif(position: str) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 160 90" aria-hidden="true"><path class="floor" d="{}"/>{}</svg>',
        _GROUND.get(position, "M22 82H138"),
        format_html_join(
            "",
            '<rect x="-9" y="-5" width="18" height="10" rx="5" transform="translate({} {})rotate({})"{}/>',
            [(x, y, turn, NOW if i == 3 else "") for i, (x, y, turn) in enumerate(_BEADS[position])],
        ),
    )


def stand_in() -> str:
    """A plain sign as a file of its own, where a plan still names a picture that was taken away."""
    return (
        _motif(Position.VARIES)
        .replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" fill="#7d9a94" ', 1)
        .replace('class="floor"', 'stroke="#7d9a94" stroke-width="2"')
    )


@register.simple_tag
def figure(exercise: Any) -> SafeString:
    """The exercise's picture, small: uploaded, or drawn from its pose text. Without either, a card that names position
    and kind and does not pose as a picture of it."""
    if getattr(exercise, "picture", None):
        alt = getattr(exercise, "picture_alt", "")
        return format_html('<img class="fig" src="{}" alt="{}" loading="lazy">', exercise.picture.url, alt)
    if drawn := thumb(getattr(exercise, "pose", "")):
        return drawn
    position = Position(exercise.position).value
    return format_html(
        '<div class="figcard">{}<p><b>{}</b><span>{}</span></p></div>',
        _motif(position),
        _SHORT[position],
        Category(exercise.category).label,
    )

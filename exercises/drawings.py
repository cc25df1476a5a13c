"""Figures for pages: drawn once per pose text and kept, then given their words and ids for each use.

A pose text that cannot be drawn gives None, never an error: a clinic's own row may hold one that was never checked.
"""

import re
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from exercises.figures import Kind, PoseError, render
from exercises.figures.paint import colours, painted
from exercises.figures.sides import OTHER, side_of

__all__ = ["OTHER", "content", "drawing", "moves", "shown_side", "standalone", "thumb"]

TITLE, DESC, PREFIX = "@@title@@", "@@desc@@", "@@id@@"
WORDS = re.compile(r' role="img" aria-labelledby=.*?</desc>', re.DOTALL)
OPENING = re.compile(r"^<svg[^>]*>")


@lru_cache(maxsize=2048)
def _drawn(pose: str, kind: Kind, mirror: bool) -> str | None:
    try:
        return render(pose, kind, title=TITLE, desc=DESC, prefix=PREFIX, mirror=mirror) if pose.strip() else None
    except PoseError:
        return None


def drawing(pose: str, kind: Kind, *, title: str, desc: str, prefix: str, mirror: bool = False) -> SafeString | None:
    """For a page that shows one exercise: a title and, as its description, the movement in words."""
    if (svg := _drawn(pose, kind, mirror)) is None:
        return None
    svg = svg.replace(TITLE, escape(title)).replace(DESC, escape(desc)).replace(PREFIX, escape(prefix))
    return mark_safe(svg.replace('class="fig"', f'class="fig {kind}"', 1))


@lru_cache(maxsize=1024)
def thumb(pose: str) -> SafeString | None:
    """For a list, beside the exercise's name: without words of its own."""
    svg = _drawn(pose, "thumb", False)
    return None if svg is None else mark_safe(WORDS.sub(' aria-hidden="true">', svg, count=1))


def moves(pose: str) -> bool:
    return "<animate" in (_drawn(pose, "move", False) or "")


@lru_cache(maxsize=1024)
def shown_side(pose: str) -> str:
    """right or left: the side of the body that the figure works with; empty where it does not say."""
    try:
        return side_of(pose)
    except PoseError:
        return ""


@cache
def rules() -> str:
    return Path(settings.BASE_DIR, "static", "css", "figures.css").read_text()


@lru_cache(maxsize=1024)
def content(pose: str) -> str | None:
    """A thumb's inside, to be reused from another file: colours are custom properties of the page that uses it."""
    svg = thumb(pose)
    return None if svg is None else OPENING.sub("", painted(svg, colours(rules()))).removesuffix("</svg>")


@lru_cache(maxsize=256)
def standalone(pose: str, *, title: str, desc: str) -> str | None:
    """The key poses as a file of its own, for paper and e-mail: light colours, no style sheet."""
    svg = drawing(pose, "still", title=title, desc=desc, prefix="")
    return None if svg is None else painted(svg, colours(rules(), fixed=True)).replace(' class="fig still"', "", 1)

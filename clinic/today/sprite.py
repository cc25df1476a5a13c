"""The small figures of a plan in one file, which a phone keeps: a day's page then names them and does not carry them.

The file's name is made from what is in it, so it never changes, and another plan is another file.
"""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinic.today.marks import mark
from clinic.today.reading import Line, Told
from exercises.drawings import content
from exercises.kept import kept_with_addresses
from exercises.templatetags import look

NAME = mark("figures")  # in the kept HTML, for the file's name


@kept_with_addresses(maxsize=1024)
def listed(told: Told) -> SafeString:
    """The figure of a card: a few letters that point into the file. An uploaded picture or the plain card stays itself."""
    if told.picture or content(told.pose) is None:
        return look.figure(told)
    return format_html(
        '<svg class="fig" viewBox="0 0 640 480" aria-hidden="true"><use href="{}#{}"/></svg>',
        reverse("today_figures", args=[NAME]),
        symbol_id(told.pose),
    )


def sprite_of(lines: Iterable[Line]) -> tuple[str, str]:
    """Its name and its text."""
    return _sprite(tuple(sorted({line.told.pose for line in lines if line.told.pose and not line.told.picture})))


@lru_cache(maxsize=256)
def _sprite(poses: tuple[str, ...]) -> tuple[str, str]:
    symbols = "".join(
        f'<symbol id="{symbol_id(pose)}" viewBox="0 0 640 480">{drawn}</symbol>'
        for pose in poses
        if (drawn := content(pose))
    )
    text = f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>'
    return sha256(text.encode()).hexdigest()[:16], text


def named(response: HttpResponse, lines: Iterable[Line]) -> HttpResponse:
    """The page with the name of its file in it."""
    response.content = response.content.replace(NAME.encode(), sprite_of(lines)[0].encode())
    return response


def symbol_id(pose: str) -> str:
    return f"f{sha256(pose.encode()).hexdigest()[:8]}"

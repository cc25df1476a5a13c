"""HTML that is kept, with marks where something differs from page to page, and the filling in of them."""

import re
from collections.abc import Mapping

from django.utils.safestring import SafeString, mark_safe

MARK = re.compile("@@([a-z_-]+)@@")


def mark(name: str) -> SafeString:
    return mark_safe(f"@@{name}@@")


def pieces(html: str) -> tuple[str, ...]:
    """Text and names of marks, in turn."""
    return tuple(MARK.split(squeezed(html)))


def squeezed(html: str) -> str:
    """White space is for whoever reads the template, and is not sent."""
    return re.sub(r"\s+", " ", html)


def fill(kept: tuple[str, ...], values: Mapping[str, str]) -> str:
    """Values are HTML already. What only looks like a mark stays as it is."""
    return "".join([values.get(piece, f"@@{piece}@@") if n % 2 else piece for n, piece in enumerate(kept)])

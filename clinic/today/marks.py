"""HTML that is kept, with marks where something differs from page to page, and the filling in of them."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe

P = ParamSpec("P")
Kept = TypeVar("Kept")

MARK = re.compile("@@([a-z_-]+)@@")


def mark(name: str) -> SafeString:
    return mark_safe(f"@@{name}@@")


def pieces(html: str) -> tuple[str, ...]:
    """Text and names of marks, in turn."""
    return tuple(MARK.split(squeezed(html)))


def kept_with_addresses(maxsize: int) -> Callable[[Callable[P, Kept]], Callable[P, Kept]]:
    """`lru_cache` for HTML with addresses in it: on the pages of who helps somebody they begin otherwise."""

    def decorate(function: Callable[P, Kept]) -> Callable[P, Kept]:
        @lru_cache(maxsize=maxsize)
        def kept(prefix: str, *args: P.args, **kwargs: P.kwargs) -> Kept:
            return function(*args, **kwargs)

        @wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> Kept:
            return kept(get_script_prefix(), *args, **kwargs)  # type: ignore[arg-type]

        return called

    return decorate


def squeezed(html: str) -> str:
    """White space is for whoever reads the template, and is not sent."""
    return re.sub(r"\s+", " ", html)


def fill(kept: tuple[str, ...], values: Mapping[str, str]) -> str:
    """Values are HTML already. What only looks like a mark stays as it is."""
    return "".join([values.get(piece, f"@@{piece}@@") if n % 2 else piece for n, piece in enumerate(kept)])

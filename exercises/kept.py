"""Keeping what is rendered from words: for each language its own."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.utils.translation import get_language

P = ParamSpec("P")
R = TypeVar("R")


def kept_in_language(maxsize: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """`lru_cache` for a function of its arguments and the language of the moment."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @lru_cache(maxsize=maxsize)
        def kept(language: str | None, args: tuple[Any, ...], named: tuple[tuple[str, Any], ...]) -> R:
            return function(*args, **dict(named))

        @wraps(function)
        def asked(*args: P.args, **named: P.kwargs) -> R:
            return kept(get_language(), args, tuple(named.items()))

        return asked

    return decorate

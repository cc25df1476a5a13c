"""Keeping what is rendered: for each language its own, and where addresses are in it, for each beginning of them."""

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.urls import get_script_prefix
from django.utils.translation import get_language

P = ParamSpec("P")
R = TypeVar("R")


def kept_in_language(maxsize: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """`lru_cache` for a function of its arguments and the language of the moment."""
    return _kept(maxsize, get_language)


def kept_with_addresses(maxsize: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The same for HTML with addresses in it: on the pages of who helps somebody they begin otherwise."""
    return _kept(maxsize, lambda: (get_language(), get_script_prefix()))


def _kept(maxsize: int, moment: Callable[[], Hashable]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @lru_cache(maxsize=maxsize)
        def kept(key: Hashable, args: tuple[Any, ...], named: tuple[tuple[str, Any], ...]) -> R:
            return function(*args, **dict(named))

        @wraps(function)
        def asked(*args: P.args, **named: P.kwargs) -> R:
            return kept(moment(), args, tuple(named.items()))

        return asked

    return decorate

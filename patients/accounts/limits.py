"""Guessing is slowed by address, beside the tries that each link and each device has of its own in the database."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

logger = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
View = Callable[Concatenate[R, P], HttpResponse]

RETRY_AFTER = 600


class Limited(Exception):
    """Too much of it, or nobody can say how much it was."""


def consume(request: HttpRequest, action: str, *, key: str = "") -> ratelimit.RateLimitUsage:
    """Counts one of `action`. Where the cache that counts is gone, nothing passes."""
    try:
        usage = ratelimit.consume(request, app="patients", action=action, config=settings.WAYS_IN_LIMITS, key=key)
    except Exception as broken:
        logger.exception("The cache that sign-in limits are counted in does not answer")
        raise Limited from broken
    if usage is None:
        raise Limited
    return usage


def slowed(action: str) -> Callable[[View[R, P]], View[R, P]]:
    """What is posted counts while it is looked at, and stays counted where it was refused: a right answer costs a clinic
    with one address for all its phones nothing."""

    def decorate(view: View[R, P]) -> View[R, P]:
        @wraps(view)
        def counted(request: R, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method != "POST":
                return view(request, *args, **kwargs)
            try:
                usage = consume(request, action)
            except Limited:
                return too_many(request)
            response = view(request, *args, **kwargs)
            if response.status_code < 400:
                usage.rollback()
            return response

        return counted

    return decorate


def too_many(request: HttpRequest) -> HttpResponse:
    response = render(request, "errors/429.html", status=429)
    response["Retry-After"] = str(RETRY_AFTER)
    return response

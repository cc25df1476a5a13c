"""Which request is being answered, for audit lines and logs. Set by the outermost middleware."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class RequestContext:
    request_id: str = ""
    address: str = ""


OUTSIDE_A_REQUEST = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("request_context", default=OUTSIDE_A_REQUEST)


def current() -> RequestContext:
    return _current.get()


def set_current(context: RequestContext) -> None:
    _current.set(context)


@contextmanager
def without_address() -> Iterator[None]:
    """For what a stranger asks for: beside the words that somebody wrote, their address would say who they are."""
    kept = _current.set(replace(current(), address=""))
    try:
        yield
    finally:
        _current.reset(kept)

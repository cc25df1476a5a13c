"""Which request is being answered, for audit lines and logs. Set by the outermost middleware."""

from contextvars import ContextVar
from dataclasses import dataclass


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

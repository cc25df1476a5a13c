"""What the sign-in page offers first on a device that somebody signed in on before."""

from typing import NamedTuple

from django import template
from django.conf import settings
from django.http import HttpRequest

from patients.accounts.pins import device_of
from patients.accounts.ways import Way
from patients.entrance.forms import PinForm
from patients.entrance.pin_views import ask_once

register = template.Library()


class Known(NamedTuple):
    """The way that comes first, and what its PIN form needs. Nobody's name."""

    way: str
    form: PinForm | None = None
    asked: str = ""


@register.simple_tag
def known_way(request: HttpRequest) -> Known:
    if request.GET.get("other"):
        return Known("")
    if device_of(request):
        return Known(Way.PIN, PinForm(), ask_once(request))
    kept = request.COOKIES.get(settings.WAY_COOKIE, "")
    return Known(kept if kept in (Way.PASSKEY, Way.CODE) else "")

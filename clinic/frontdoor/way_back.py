"""Where somebody came from who opened a text: the browser says it, so that no address has to."""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

PLACES: dict[str, Promise] = {
    "today": _("Today"),
    "today_on": _("The day"),
    "today_exercise": _("The exercise"),
    "guided": _("My exercises"),
    "guided_exercise": _("The exercise"),
    "exercise": _("The exercise"),
    "flare": _("When your back flares up"),
    "breaks": _("Small breaks"),
    "progress": _("My progress"),
    "first_steps": _("How it works"),
    "help": _("Help"),
    "home": _("The first page"),
}


class WayBack(NamedTuple):
    url: str
    words: Promise


def way_back(request: HttpRequest) -> WayBack | None:
    """None where it is not a page of ours that leads to texts."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return None
    try:
        address = urlsplit(came_from)
        words = PLACES.get(resolve(address.path).url_name or "")
    except (ValueError, Resolver404):
        return None
    return WayBack(address.path + (f"?{address.query}" if address.query else ""), words) if words else None

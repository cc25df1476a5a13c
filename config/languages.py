"""Which language a request is answered in. A clinic that offers one language pays nothing for it."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponse]


def in_their_language(get_response: GetResponse) -> GetResponse:
    """A patient's pages speak the language kept with their record; others' the one chosen on the device, or the first
    that the browser asks for and the clinic offers."""
    if len(settings.LANGUAGES) == 1:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        theirs = user.patient.language if user.is_authenticated and user.is_patient else ""
        if theirs not in dict(settings.LANGUAGES):
            theirs = translation.get_language_from_request(request)
        with translation.override(theirs):
            response = get_response(request)
        response.headers.setdefault("Content-Language", theirs)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    return middleware

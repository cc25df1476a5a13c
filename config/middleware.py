"""What every request and every answer gets, once and in one place."""

import gzip
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import brotli
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from clinic.today.checks import check_due
from config.errors import signed_out_while_typing
from patients.access import theirs_alone
from patients.audit.context import RequestContext, set_current
from patients.family.pages import on_hold
from patients.screening.actions import is_stopped
from patients.screening.pages import check_first, stop_page

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def request_id(get_response: GetResponse) -> GetResponse:
    """Names the request, so that a log line, an audit line and the reference on an error page can be matched."""

    def middleware(request: HttpRequest) -> HttpResponse:
        hops = settings.ALLAUTH_TRUSTED_PROXY_COUNT
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        address = forwarded[-hops].strip() if hops and len(forwarded) >= hops else request.META.get("REMOTE_ADDR", "")
        set_current(RequestContext(request_id=uuid4().hex[:12], address=address[:45]))
        return get_response(request)

    return middleware


def security_headers(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


DOCUMENTS_ONLY = (
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Expires",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Frame-Options",
)


def lean_fragments(get_response: GetResponse) -> GetResponse:
    """Leaves off an answer to htmx what a browser heeds for documents only: more than half of what a tick sends.

    A fragment never becomes a document: HX-Request is sent by the script of a page of ours, which obeys its own
    policies, and no other site can send it. What is not stored needs no word on what it varies by either.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.headers.get("HX-Request") == "true":
            for header in DOCUMENTS_ONLY:
                response.headers.pop(header, None)
            if "no-store" in response.headers.get("Cache-Control", ""):
                response.headers["Cache-Control"] = "no-store"  # says all that the other words say
                response.headers.pop("Vary", None)
        return response

    return middleware


COMPRESSIBLE = ("text/", "application/json", "image/svg+xml")
LITTLE = 200  # bytes; below this, compressing costs more than it saves


def compress(get_response: GetResponse) -> GetResponse:
    """A page leaves at a fifth of its size. Static files come compressed from WhiteNoise and do not pass here.

    Lengths of compressed pages can betray what is in them to somebody who listens, and makes a person's browser ask
    for pages with guesses in them (BREACH). Such requests come from another site, and are answered uncompressed; the
    form token, the one secret in a page, is masked anew each time besides.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if (
            response.streaming
            or response.has_header("Content-Encoding")
            or len(response.content) < LITTLE
            or not response.headers.get("Content-Type", "").startswith(COMPRESSIBLE)
        ):
            return response
        patch_vary_headers(response, ["Accept-Encoding", "Sec-Fetch-Site"])
        if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
            return response
        accepted = request.headers.get("Accept-Encoding", "")
        if "br" in accepted:
            response.content = brotli.compress(response.content, quality=5, lgwin=18)
            response.headers["Content-Encoding"] = "br"
        elif "gzip" in accepted:
            response.content = gzip.compress(response.content, 6)
            response.headers["Content-Encoding"] = "gzip"
        else:
            return response
        response.headers["Content-Length"] = str(len(response.content))
        return response

    return middleware


def htmx_plumbing(get_response: GetResponse) -> GetResponse:
    """A fragment and its page share an address, and nothing of a signed-in person stays in any cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if request.user.is_authenticated and not response.headers.get("Cache-Control"):
            response.headers["Cache-Control"] = "no-store, private"
        return response

    return middleware


def sign_out_clears_device(get_response: GetResponse) -> GetResponse:
    """However a session ends, by a button, a limit or an admin, the browser forgets the pages it kept of it.

    Storage of a patient whose session ended by itself stays: what they tapped without a network may wait in it, sealed to
    them. So it does where they said so on signing out; `offline.js` has then thrown away all the rest.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        had_signed_in, is_staff = SESSION_KEY in request.session, STARTED in request.session
        response = get_response(request)
        if had_signed_in and not request.user.is_authenticated:
            signs_out = request.path.endswith("/logout/") and request.POST.get("keep") != "1"
            response.headers["Clear-Site-Data"] = '"cache", "storage"' if is_staff or signs_out else '"cache"'
        return response

    return middleware


def token_set_once(get_response: GetResponse) -> GetResponse:
    """Django sends the token's cookie with every page that has a form, to renew its year. A sign-in makes a new one long
    before that, so what the browser has already is left out."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        name = settings.CSRF_COOKIE_NAME
        if name in response.cookies and response.cookies[name].value == request.COOKIES.get(name):
            del response.cookies[name]
        return response

    return middleware


SEEN = "seen_at"
STARTED = "started_at"


def session_limits(get_response: GetResponse) -> GetResponse:
    """Staff are signed out after STAFF_IDLE_MINUTES without a request and STAFF_SESSION_HOURS in all; a patient's
    own device stays signed in for PATIENT_SESSION_DAYS from sign-in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.is_staff_member:
            now = int(time.time())
            started = request.session.get(STARTED)
            seen = request.session.get(SEEN, started)
            if started is None:
                request.session[STARTED] = request.session[SEEN] = now
            elif now - seen > settings.STAFF_IDLE_MINUTES * 60 or now - started > settings.STAFF_SESSION_HOURS * 3600:
                logout(request)
            elif now - seen > 60:  # a write a minute, not one a request
                request.session[SEEN] = now
        return get_response(request)

    return middleware


class SignInRequired(LoginRequiredMiddleware):
    """Every view wants a signed-in person unless it says `login_not_required` itself."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponse]
    ) -> HttpResponse:
        sign_in = reverse("account_login")
        htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
        if htmx:
            try:
                came_from = htmx.current_url_abs_path or "/"
            except ValueError:  # no address at all
                came_from = "/"
            return HttpResponse(
                status=401,
                headers={"HX-Redirect": f"{sign_in}?{urlencode({'next': came_from}, safe='/')}"},
            )
        if request.method == "POST":
            return signed_out_while_typing(request)
        return super().handle_no_permission(request, view_func)


def staff_second_factor(get_response: GetResponse) -> GetResponse:
    """Staff reach no page with a password alone: until a passkey or an authenticator app is set up, only its set-up."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            settings.STAFF_SECOND_FACTOR
            and user.is_authenticated
            and user.is_staff_member
            and not request.path.startswith(("/accounts/", "/static/", "/healthz"))
            and not is_mfa_enabled(user)
        ):
            if request.htmx:  # type: ignore[attr-defined]
                return HttpResponse(status=401, headers={"HX-Redirect": reverse("mfa_index")})
            return redirect("mfa_index")
        return get_response(request)

    return middleware


class RedFlagStop:
    """Keeps exercises from a patient whose red-flag check says stop, on whatever page, and asks a whole check that is
    due before anything is done. It looks at the person's own row, which came with the sign-in: no query of its own.
    Whoever helps is held back alike, and told no more than that."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        user: Any = request.user
        if not (getattr(view, "shows_exercises", False) and user.is_authenticated and (patient := user.plan_of)):
            return None
        if is_stopped(patient):
            return on_hold(request) if user.answers_of is None else stop_page(request, patient, status=403)
        asks = getattr(view, "asks_for_exercises", False)
        if asks and check_due(patient, patient.local_day()).is_full:
            return theirs_alone(request, asks=True) if user.answers_of is None else check_first(request)  # type: ignore[arg-type]
        return None

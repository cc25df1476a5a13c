"""Pages for the moments when something is in the way. None of them loses what a person typed."""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language

from patients.audit.actions import record
from patients.audit.context import current

# Never carried over into another form: secrets, and the machinery of the form itself.
NOT_KEPT = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code", "pin", "credential"}


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.POST.lists() if name not in NOT_KEPT for value in values]


def _shown(typed: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What a person can read and copy: the fields that hold something, under the names that people say."""
    return [(name.replace("_", " ").capitalize(), value) for name, value in typed if value.strip()]


def _from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        return urlsplit(origin).netloc == request.get_host()
    except ValueError:
        return False


def signed_out_while_typing(request: HttpRequest) -> HttpResponse:
    """A form came in after the session ended. Its values wait in the page: sign in in a new tab, then send again."""
    typed = _typed(request)
    context = {
        "typed": typed,
        "shown": _shown(typed),
        "action": request.get_full_path(),
        "sign_in": reverse("account_login"),
    }
    return render(request, "errors/signed_out.html", context, status=401)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is stale (a sign-in in another tab renews it). The same form again, with every value."""
    if not _from_here(request):
        return render(request, "errors/403.html", {"reference": current().request_id}, status=403)
    get_token(request)
    typed = _typed(request)
    context = {"typed": typed, "shown": _shown(typed), "action": request.get_full_path()}
    return render(request, "errors/form_expired.html", context, status=403)


def _note_refusal(request: HttpRequest, status: int) -> None:
    """A signed-in person asked for a function or a record that is not theirs. Mistyped addresses are not noted."""
    view = request.resolver_match
    if view and hasattr(view.func, "guard") and request.user.is_authenticated:
        record(by=request.user, action="refused", view=view.view_name, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", {"reference": current().request_id}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    _note_refusal(request, 403)
    return render(request, "errors/403.html", {"reference": current().request_id}, status=403)


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    _note_refusal(request, 404)
    return render(request, "errors/404.html", {"reference": current().request_id}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    # Without the request's context: what broke may be what that context needs.
    page = render_to_string("errors/500.html", {"reference": current().request_id, "language": get_language()})
    return HttpResponse(page, status=500)

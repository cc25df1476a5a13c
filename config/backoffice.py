"""Django's admin under the house's rules: one way in and out, 403 for whoever has no business there, and no 500 for
what no form of ours sends."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.account.views import logout
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin import AdminSite
from django.contrib.auth.models import Group
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.views.generic import RedirectView

View = Callable[..., HttpResponse]

# Changed by their owners, or by the actions of the people's page.
NOT_OFFERED = (Authenticator, EmailAddress, Group, UserSession)


def under_our_rules(site: AdminSite) -> AdminSite:
    site.login = secure_admin_login(site.login)  # type: ignore[method-assign]
    site.logout = logout  # type: ignore[method-assign]
    site.password_change = RedirectView.as_view(pattern_name="account_change_password")  # type: ignore[method-assign, assignment]
    site.admin_view = admins_only(site.admin_view)  # type: ignore[method-assign, assignment]
    site.unregister([model for model in NOT_OFFERED if site.is_registered(model)])
    return site


def admins_only(admin_view: Callable[..., View]) -> Callable[..., View]:
    def wrapped(view: View, cacheable: bool = False) -> View:
        inner = admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not request.user.is_staff:
                raise PermissionDenied
            try:
                return inner(request, *args, **kwargs)
            except (OverflowError, DataError):  # an id that no database can hold
                raise BadRequest from None
            except ValueError:
                if "_selected_action" in request.POST:
                    raise BadRequest from None
                raise

        return guarded

    return wrapped

"""Where each part of the site is mounted. Addresses follow audiences, folders follow dependencies."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.account.views import logout
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path

from config.views import healthz, start

# The admin has no sign-in of its own: one way in and out, with its limits, factors and audit lines.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.logout = logout  # type: ignore[method-assign]
# Keys, addresses and sessions are changed by their owners, or by the actions of the people's page.
admin.site.unregister([Authenticator, EmailAddress, Group, UserSession])

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("start/", start, name="start"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("exercises.urls")),
    path("", include("patients.urls")),
    path("", include("clinic.urls")),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

"""Where each part of the site is mounted. Addresses follow audiences, folders follow dependencies."""

from django.contrib import admin
from django.urls import include, path

from config.backoffice import under_our_rules
from config.look import look
from config.views import healthz, start
from patients.entrance.my_sign_in_views import account_set_password, mfa_remove_webauthn

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("start/", start, name="start"),
    path("look/", look, name="look"),
    path("accounts/2fa/webauthn/keys/<int:pk>/remove/", mfa_remove_webauthn, name="mfa_remove_webauthn"),
    path("accounts/password/set/", account_set_password, name="account_set_password"),
    path("accounts/", include("allauth.urls")),
    path("admin/", under_our_rules(admin.site).urls),
    path("", include("exercises.urls")),  # first, for a search asks at each letter
    path("", include("clinic.urls")),
    path("", include("patients.urls")),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler429 = "patients.accounts.limits.too_many"  # allauth's, not Django's
handler500 = "config.errors.server_error"

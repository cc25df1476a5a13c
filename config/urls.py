"""Where each part of the site is mounted. Addresses follow audiences, folders follow dependencies."""

from django.contrib import admin
from django.urls import include, path

from config.backoffice import under_our_rules
from config.views import healthz, start

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("start/", start, name="start"),
    path("accounts/", include("allauth.urls")),
    path("admin/", under_our_rules(admin.site).urls),
    path("", include("clinic.urls")),
    path("", include("patients.urls")),
    path("", include("exercises.urls")),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

import sqlite3

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from patients.access import SignedInRequest, signed_in
from patients.family.addresses import pages_of
from patients.family.pages import only_one_helped

FIRST_PAGES = {
    "admin": "admin:index",
    "clinician": "caseload",
    "patient": "today",
    "helper": "helping",
    "none": "no_role",
}


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers. Says nothing a stranger could use."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    answer = {"status": "ok"}
    if not settings.PRODUCTION and connection.vendor == "sqlite":
        answer["sqlite"] = sqlite3.sqlite_version
    return JsonResponse(answer)


@require_safe
@signed_in
def start(request: SignedInRequest) -> HttpResponse:
    """Where signing in lands: the person's own first page."""
    user = request.user
    if user.helping:
        return redirect("today")
    if user.role == "helper" and (only := only_one_helped(user)):
        return redirect(pages_of(only))
    return redirect(FIRST_PAGES[user.role])

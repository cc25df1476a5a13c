"""Pages for who helps a patient: the patient's own, below an address of their own.

`/helping/<access>/today/` is `/today/` of the patient whom that access is for. So what two tabs show cannot mix, a form
goes to whose page it stood on, and every page says in its address whose it is. The access is read anew on each request.
"""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, set_script_prefix

from patients.family.models import FamilyAccess

UNDER = re.compile(r"/helping/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=/)")
# Of everybody's pages, those that a patient's own lead to.
ALSO = {
    "start", "learn", "article", "exercises", "exercise", "exercise_picture", "exercise_video", "exercise_figure",
    "spoken_script",
}  # fmt: skip


class Helping:
    """Finds the access, says on `request.user` that it is made use of, and lets addresses begin with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = UNDER.match(request.path_info)
        if found is None:
            return self.get_response(request)
        user: Any = request.user
        if user.is_authenticated:
            access = FamilyAccess.objects.held_by(user).filter(uuid=UUID(found[1])).first()
            if access is None:
                return self.get_response(request)  # which knows no such address
            if not access.is_open:
                return over(request, access)
            user.helping = access
        request.path_info = request.path_info[found.end() :]
        if not user.is_authenticated:
            return self.get_response(request)
        before = get_script_prefix()
        set_script_prefix(f"{before.rstrip('/')}{found[0]}/")
        try:
            return self.get_response(request)
        finally:
            set_script_prefix(before)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if not getattr(request.user, "helping", None):
            return None
        if getattr(view, "guard", "") in ("patient", "patient_or_helper"):
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        if name == "home":
            return redirect("today")
        if name not in ALSO:
            raise Http404
        return None


def over(request: HttpRequest, access: FamilyAccess) -> HttpResponse:
    """The access ended, by itself or by somebody. What was sent is not taken in, and the page says so."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=410, headers={"HX-Refresh": "true"})
    context = {"access": access, "was_sent": request.method not in ("GET", "HEAD"), "clinic": access.patient.clinic}
    return render(request, "patients/family/over.html", context, status=410)

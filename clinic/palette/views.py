"""Where to? One box for patients and pages: the command palette's answers, and the same as a page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from clinic.palette.places import places_like
from patients.access import ClinicianRequest, clinician_required
from patients.audit.actions import record
from patients.models import Patient

MOST_PATIENTS = 8
LONGEST = 100


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def go(request: ClinicianRequest) -> HttpResponse:
    """What is typed is posted: no name gets into an address, and from there into logs and the browser's history."""
    typed = " ".join(request.POST.get("q", "").replace("\0", "")[:LONGEST].split())
    seen = Patient.objects.visible_to(request.user).active()
    people = list(seen.matching(typed)[:MOST_PATIENTS]) if typed else []
    if typed:
        record(by=request.user, action="patients.listed", part="go to", found=len(people))
    places = places_like(typed)
    context = {"typed": typed, "people": people, "places": places, "found": len(people) + len(places)}
    page = "clinic/palette/go.html"
    return render(request, f"{page}#found" if request.htmx else page, context)

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from clinic.prescriptions.favourites import set_favourite
from exercises.models import Exercise
from patients.access import ClinicianRequest, clinician_required


@require_POST
@clinician_required
def favourite(request: ClinicianRequest, slug: str) -> HttpResponse:
    """The star, set or taken away. Without a script the page that it stood on comes again."""
    exercise = get_object_or_404(Exercise.objects.visible_to(request.user), slug=slug)
    on = request.POST.get("star") != "off"
    set_favourite(exercise=exercise, on=on, by=request.clinician)
    if request.htmx:
        context = {"exercise": exercise, "starred": on, "in_builder": "draft" in request.POST}
        answer = render(request, "clinic/prescriptions/_star.html", context)
        said = gettext("%(exercise)s is a favourite.") if on else gettext("%(exercise)s is no favourite any more.")
        return trigger_client_event(answer, "announce", {"value": said % {"exercise": exercise.name}})
    try:
        return redirect("prescription_edit", UUID(request.POST.get("draft", "")))
    except ValueError:
        return redirect(exercise)

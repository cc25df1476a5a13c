"""One step up or down the ladder, from a line of a draft."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from clinic.prescriptions import drafting
from clinic.prescriptions.draft_views import catalogue_of, edit_of, edits_draft, line_of, show_lines
from clinic.prescriptions.models import Prescription
from clinic.prescriptions.neighbours import EASIER, HARDER, fitting, steps
from clinic.prescriptions.safety_reading import precautions_of
from exercises.models import Exercise
from patients.access import ClinicianRequest, clinician_required


@require_POST
@clinician_required
@edits_draft
def line_step(request: ClinicianRequest, draft: Prescription, line: UUID) -> HttpResponse:
    """To the easier or the harder exercise. One that the patient's conditions block is not stepped to in a click: that
    is for the catalogue, where the reason stands beside it."""
    old = line_of(request, draft, line)
    to = request.POST.get("to", "")
    catalogue = catalogue_of(draft)
    taken = set(draft.lines.values_list("exercise__slug", flat=True))
    facts = catalogue.get(old.exercise.slug)
    found = steps(facts, catalogue, precautions_of(draft.patient), taken) if facts else []
    step = next((each for each in found if each.to == to), None)
    if to not in (EASIER, HARDER):
        raise Http404
    if step is None:
        return show_lines(request, draft, said=gettext("There is no such exercise to step to."), status=422)
    if step.is_blocked:
        why = " ".join(each.why for each in step.match.because)
        return show_lines(request, draft, said=f"{step.facts.name}. {why}", status=422)
    exercise = get_object_or_404(Exercise.objects.visible_to(request.user), slug=step.facts.slug)
    new = drafting.swap_line(
        line=old,
        exercise=exercise,
        dosage=fitting(old.dosage, exercise),
        by=request.user,
        edit=edit_of(request),
    )
    said = gettext("%(exercise)s swapped for %(other)s. Undo is above the plan.") % {
        "exercise": old.exercise.name,
        "other": exercise.name,
    }
    return show_lines(request, draft, focus=f"grip-{new.uuid}", said=said)

"""One change for several patients: what, for whom with which effect, and how it went."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from clinic.prescriptions.many import change_all, effects, in_use, plans_of, replaced, with_exercise
from clinic.prescriptions.many_forms import ManyForm
from exercises.governance import vouched_on
from exercises.models import Exercise
from patients.access import ClinicianRequest, clinician_required
from patients.audit.actions import record

PAGE = "clinic/prescriptions/many.html"


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def change_many(request: ClinicianRequest) -> HttpResponse:
    """Everything is posted: which patients have an exercise stands in no address."""
    plans, chosen = plans_of(request.clinician), _chosen(request)
    # A second click names versions that the first one replaced: their exercises are still to be read.
    known = plans + replaced(request.clinician, chosen - {plan.uuid for plan in plans})
    catalogue = list(
        Exercise.objects.visible_to(request.user).filter(vouched_on(timezone.localdate())).order_by("name")
    )
    begun = {"exercise": request.GET.get("exercise", "")}  # from an exercise's own page
    form = ManyForm(request.POST or None, in_use=in_use(known), catalogue=catalogue, initial=begun)
    if not form.is_valid() or form.change is None:
        return render(request, PAGE, {"form": form, "plans": len(plans)}, status=422 if form.errors else 200)
    sends = "send" in request.POST
    if sends and chosen:
        note = form.cleaned_data["note"]
        outcomes = change_all(clinician=request.clinician, chosen=chosen, change=form.change, note=note)
        record(by=request.user, action="plans.listed", found=len(outcomes))
        return render(request, PAGE, {"form": form, "outcomes": outcomes})
    affected = effects(with_exercise(plans, form.change.exercise), form.change, by=request.user)
    record(by=request.user, action="plans.listed", found=len(affected))
    context = {
        "form": form,
        "effects": affected,
        "ready": sum(not each.refused for each in affected),
        "nobody": gettext("Tick at least one patient.") if sends else "",
    }
    return render(request, PAGE, context, status=422 if sends else 200)


def _chosen(request: ClinicianRequest) -> set[UUID]:
    found = set()
    for typed in request.POST.getlist("plan"):
        try:
            found.add(UUID(typed))
        except ValueError:
            continue
    return found

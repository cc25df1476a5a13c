"""A clinician's own views of the caseload."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from clinic.caseload.forms import CaseloadForm, SaveViewForm
from clinic.caseload.models import FILTERS, SavedView
from patients.access import ClinicianRequest, clinician_required
from patients.tasks.lists import team


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def caseload_view_new(request: ClinicianRequest) -> HttpResponse:
    """Keeps the filters in use under a name; the same name again means these filters from now on."""
    said = request.POST if request.method == "POST" else request.GET
    filters = CaseloadForm({name: said.get(name, "") for name in FILTERS}, colleagues=team(request.clinician))
    filters.is_valid()
    asked = {"who": filters.asked.who, "group": filters.asked.group, "about": filters.asked.about}
    form = SaveViewForm(request.POST if request.method == "POST" else None)
    mine = SavedView.objects.filter(clinician=request.clinician)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        if mine.exclude(name=name).count() < SavedView.MOST:
            with transaction.atomic():
                if form.cleaned_data["opens_first"]:
                    mine.update(opens_first=False)
                kept = {"asked": asked, "opens_first": form.cleaned_data["opens_first"]}
                SavedView.objects.update_or_create(clinician=request.clinician, name=name, defaults=kept)
            return redirect(f"{reverse('caseload')}?{urlencode(asked)}")
        form.add_error(
            "name", gettext("There are %(number)s views already. Remove one first.") % {"number": SavedView.MOST}
        )
    context = {"form": form, "asked": asked, "back": urlencode(asked)}
    return render(request, "clinic/caseload/view.html", context, status=422 if form.is_bound else 200)


@require_POST
@clinician_required
def caseload_view_remove(request: ClinicianRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, clinician=request.clinician, pk=pk)
    view.delete()
    messages.success(request, gettext("“%(name)s” is removed.") % {"name": view.name})
    return redirect(f"{reverse('caseload')}?who=all")

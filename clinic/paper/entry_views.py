"""Staff enter a page of boxes that a patient brought back."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from clinic.paper.actions import Entered, enter_paper
from clinic.paper.entry_form import StartForm, rows_of, said_in
from clinic.paper.grid import everything, shown
from clinic.paper.reading import grid_for, last_two_weeks
from clinic.today import after
from patients.access import ClinicianRequest, clinician_required
from patients.records.views import record_of


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def paper_entry(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid, part="paper")
    today, thresholds = patient.local_day(), patient.clinic.thresholds
    asked: Mapping[str, str] = request.POST if request.method == "POST" else request.GET
    start = StartForm(asked, today=today, thresholds=thresholds)
    first: date = start.cleaned_data["start"] if start.is_valid() else last_two_weeks(today)
    grid = grid_for(patient, user=request.user, first=first, today=today)
    is_sent = request.method == "POST" and start.is_valid()
    said = said_in(request.POST, grid) if is_sent else shown(grid)
    if is_sent and (wanted := request.POST.get("all")):
        everything(grid, said, wanted)
    elif is_sent and not said.errors:
        entered = enter_paper(patient=patient, by=request.user, first=first, said=said)
        after.session_said(patient)
        messages.success(request, in_words(entered))
        return redirect("patient_record", patient.uuid)
    context = {
        "patient": patient,
        "start": start,
        "grid": grid,
        "said": said,
        "rows": rows_of(grid, said),
        "back_days": thresholds.paper_back_days,
    }
    is_refused = start.errors or (said.errors and "all" not in request.POST)
    return render(request, "clinic/paper/entry.html", context, status=422 if is_refused else 200)


def in_words(entered: Entered) -> str:
    if not entered.days:
        return gettext("Nothing on the sheet was new.")
    parts = (
        (entered.done, ngettext("%(n)d done", "%(n)d done", entered.done)),
        (entered.undone, ngettext("%(n)d taken back", "%(n)d taken back", entered.undone)),
        (entered.pains, ngettext("%(n)d pain score", "%(n)d pain scores", entered.pains)),
    )
    said = ", ".join(words % {"n": count} for count, words in parts if count)
    words = ngettext(
        "Entered from paper, %(n)d day: %(what)s.", "Entered from paper, %(n)d days: %(what)s.", entered.days
    )
    return words % {"n": entered.days, "what": said}

"""The clinic's team: who leads whom, who is away and who covers, and handing patients over for good."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patients.access import ClinicianRequest, clinician_required
from patients.accounts.absences import Absence
from patients.audit.actions import record
from patients.records.models import LeadChange, Patient
from patients.team import away as absences
from patients.team.forms import AwayForm, HandOverForm
from patients.team.handing_over import give, take
from patients.team.pages import alone_at, hand_over_rows, led_patients, sheet_of, team_page

FORM = ["GET", "HEAD", "POST"]


@require_safe
@clinician_required
def clinic_team(request: ClinicianRequest) -> HttpResponse:
    team = team_page(request.clinician)
    record(by=request.user, action="team.viewed", found=len(team.alone))
    return render(request, "patients/team/team.html", {"team": team, "me": request.clinician})


@require_http_methods(FORM)
@clinician_required
def away(request: ClinicianRequest) -> HttpResponse:
    """One's own absence, and who covers."""
    form = AwayForm(request.POST if request.method == "POST" else None, clinician=request.clinician)
    if request.method == "POST" and form.is_valid():
        try:
            absence = absences.announce(clinician=request.clinician, by=request.user, parts=form.parts)
        except absences.AwayAlready as before:
            words = gettext("You are away already: %(days)s. End that first, on the team's page.")
            form.add_error("first_day", words % {"days": before.absence})
        except absences.CoverIsAway as error:
            form.add_cover_is_away(error)
        else:
            messages.success(request, gettext("Noted: you are away %(days)s.") % {"days": absence})
            return redirect("clinic_team")
    return render(request, "patients/team/away.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@clinician_required
def away_end(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    absence = get_object_or_404(Absence.objects.filter(clinician=request.clinician), uuid=uuid)
    absences.end(absence=absence, by=request.user)
    messages.success(request, gettext("You are not away any more. Nobody covers for you."))
    return redirect("clinic_team")


@require_POST
@clinician_required
def lead_take(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """Leading a patient whom nobody leads. Whoever may open the record already gets the same answer twice."""
    visible = Patient.objects.visible_to(request.user)
    patient = alone_at(request.clinician).filter(uuid=uuid).first() or visible.filter(uuid=uuid).first()
    if patient is None:
        raise Http404
    if take(patient=patient, by=request.user, clinician=request.clinician):
        messages.success(request, gettext("You lead the care team of %(name)s.") % {"name": patient.full_name})
    elif patient.lead != request.clinician:
        messages.info(request, gettext("A colleague was first: %(name)s leads.") % {"name": patient.lead})
    return redirect("clinic_team")


@require_http_methods(FORM)
@clinician_required
def hand_over(request: ClinicianRequest) -> HttpResponse:
    me = request.clinician
    led = led_patients(me)
    form = HandOverForm(request.POST if request.method == "POST" else None, clinician=me, led=led)
    key: UUID | None = None
    if request.method == "POST":
        is_valid, key = form.is_valid(), form.cleaned_data.get("key")
        if key and LeadChange.objects.filter(sheet=key, by=request.user).exists():
            return _handed_over(request, key)
        if is_valid:
            return _hand_over(request, form)
    context = {"form": form, "rows": hand_over_rows(led, me), "key": key or uuid4()}
    return render(request, "patients/team/hand_over.html", context, status=422 if form.errors else 200)


def _hand_over(request: ClinicianRequest, form: HandOverForm) -> HttpResponse:
    """All or none: the form's key is on the sheet only when everybody went, and then answers a second click."""
    values = form.cleaned_data
    with transaction.atomic():
        given = [
            give(
                patient=patient, by=request.user, giver=request.clinician, to=values["to"], note=values["note"],
                giver_stays=values["stays"], sheet=values["key"],
            )
            for patient in list(values["patients"])
        ]  # fmt: skip
    words = ngettext(
        "%(number)d patient handed over to %(name)s.", "%(number)d patients handed over to %(name)s.", sum(given)
    )
    messages.success(request, words % {"number": sum(given), "name": values["to"]})
    return _handed_over(request, values["key"])


def _handed_over(request: ClinicianRequest, key: UUID) -> HttpResponse:
    """The sheet, unless these patients are none of theirs any more."""
    visible = Patient.objects.visible_to(request.user).filter(lead_changes__sheet=key)
    return redirect("hand_over_sheet", key) if visible.exists() else redirect("clinic_team")


@require_safe
@clinician_required
def hand_over_sheet(request: ClinicianRequest, sheet: UUID) -> HttpResponse:
    """For the talk between the two, on the screen or printed."""
    changes = LeadChange.objects.filter(sheet=sheet).select_related("before__user", "to__user", "by")
    rows = sheet_of(request.clinician, changes)
    if not rows:
        raise Http404
    for row in rows:
        record(by=request.user, action="record.viewed", patient=row.patient, part="hand-over sheet")
    return render(request, "patients/team/sheet.html", {"rows": rows, "change": rows[0].change})

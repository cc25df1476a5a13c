"""Proposals on a patient's record, and all of a clinician's patients on one page."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from clinic.prescriptions.vouching import NotVouchedFor
from clinic.progression import actions
from clinic.progression.forms import DeclineForm
from clinic.progression.models import Proposal
from clinic.progression.pages import Typed, group_of, groups_of
from patients.access import ClinicianRequest, clinician_required
from patients.audit.actions import record
from patients.models import Patient

PART = "clinic/progression/_proposals.html"
PAGE = "clinic/progression/proposals.html"
GONE = _("Somebody decided on this meanwhile, or the plan changed. Nothing was done.")
SCREEN = _("After 28 days away a new red-flag screen comes first. Accept this once it is clear.")


@require_safe
@clinician_required
def proposals(request: ClinicianRequest) -> HttpResponse:
    """All open proposals: of the clinician's own patients, or of everybody they may see."""
    mine = request.GET.get("who") != "all"
    return _page(request, mine=mine)


@require_POST
@clinician_required
def proposals_accept(request: ClinicianRequest, patient: UUID) -> HttpResponse:
    """One, or those that are ticked: together they become one version."""
    who = get_object_or_404(Patient.objects.visible_to(request.user).select_related("clinic"), uuid=patient)
    asked = _uuids([request.POST["only"]] if "only" in request.POST else request.POST.getlist("proposal"))
    seen = Proposal.objects.visible_to(request.user).filter(patient=who)
    chosen = list(seen.filter(uuid__in=asked).select_related("patient__clinic"))
    confirmed = _uuids(request.POST.getlist("confirm"))
    typed = Typed(chosen=frozenset(asked), confirmed=frozenset(confirmed))
    if not chosen:
        return _refused(request, who, Typed(error=gettext("Tick at least one.")))
    try:
        done = actions.accept(
            proposals=chosen, by=request.user, confirmed=[each for each in chosen if each.uuid in confirmed]
        )
    except actions.NotConfirmed as missing:
        unconfirmed = frozenset(each.uuid for each in missing.proposals)
        return _refused(
            request, who, Typed(chosen=typed.chosen, confirmed=typed.confirmed, not_confirmed=unconfirmed)
        )
    except actions.NotScreened:
        return _refused(request, who, Typed(chosen=typed.chosen, confirmed=typed.confirmed, error=str(SCREEN)))
    except NotVouchedFor as refusal:
        return _refused(request, who, Typed(chosen=typed.chosen, confirmed=typed.confirmed, error=str(refusal)))
    except actions.Overtaken:
        messages.info(request, GONE)
        return _back(request, who)
    if done.is_sent:
        day = date_format(done.became.starts_on, "l, j F")
        messages.success(
            request,
            gettext("Sent as version %(version)s. %(name)s sees it from %(day)s.")
            % {"version": done.became.version, "name": who.greeting_name, "day": day},
        )
        return _back(request, who)
    if done.obstacles:
        messages.warning(request, gettext("Not sent yet. %(why)s") % {"why": " ".join(done.obstacles)})
    else:
        messages.info(request, gettext("There was a draft already. The change is in it; send it when you are ready."))
    return redirect("prescription_edit", done.became.uuid)


@require_POST
@clinician_required
def proposal_change(request: ClinicianRequest, proposal: UUID) -> HttpResponse:
    """The builder, with the change made in a draft."""
    changing = _proposal(request, proposal)
    try:
        draft = actions.change(proposal=changing, by=request.user)
    except NotVouchedFor as refusal:
        return _refused(request, changing.patient, Typed(error=str(refusal)))
    except actions.Overtaken:
        messages.info(request, GONE)
        return _back(request, changing.patient)
    messages.info(request, gettext("The change is in this draft. Nothing is sent yet."))
    return redirect("prescription_edit", draft.uuid)


@require_POST
@clinician_required
def proposal_decline(request: ClinicianRequest, proposal: UUID) -> HttpResponse:
    declining = _proposal(request, proposal)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _refused(request, declining.patient, Typed(declining=proposal, form=form))
    actions.decline(proposal=declining, by=request.user, reason=form.cleaned_data["reason"])
    if not request.htmx:
        messages.success(request, gettext("Declined. It is not proposed again for two weeks."))
        return _back(request, declining.patient)
    return trigger_client_event(
        _part(request, declining.patient, has_focus=True), "announce", {"value": gettext("Declined.")}
    )


def _proposal(request: ClinicianRequest, uuid: UUID) -> Proposal:
    seen = Proposal.objects.visible_to(request.user).select_related("patient__clinic", "prescription")
    return get_object_or_404(seen, uuid=uuid)


def _uuids(typed: Iterable[str]) -> set[UUID]:
    try:
        return {UUID(each) for each in typed}
    except ValueError:
        raise Http404 from None


def _page(
    request: ClinicianRequest, *, mine: bool, status: int = 200, typed: Typed | None = None, of: Patient | None = None
) -> HttpResponse:
    seen = Proposal.objects.visible_to(request.user)
    if mine:
        seen = seen.filter(patient__in=Patient.objects.of_care_team(request.clinician))
    groups = [group_of(of, typed) if typed and group.patient == of else group for group in groups_of(seen)]
    record(by=request.user, action="proposals.viewed", patients=len(groups))
    return render(request, PAGE, {"groups": groups, "mine": mine, "back": "proposals"}, status=status)


def _refused(request: ClinicianRequest, patient: Patient, typed: Typed) -> HttpResponse:
    """With what was typed and what is wrong with it: the patient's part for htmx, else the page of proposals."""
    if request.htmx:
        return _part(request, patient, typed, status=422)
    return _page(request, mine=_is_of(request, patient), status=422, typed=typed, of=patient)


def _is_of(request: ClinicianRequest, patient: Patient) -> bool:
    return Patient.objects.of_care_team(request.clinician).filter(pk=patient.pk).exists()


def _part(
    request: ClinicianRequest, patient: Patient, typed: Typed | None = None, *, status: int = 200,
    has_focus: bool = False,
) -> HttpResponse:  # fmt: skip
    group = group_of(patient, typed) if typed else group_of(patient)
    context = {"group": group, "back": _where(request), "has_focus": has_focus}
    return render(request, PART, context, status=status)


def _where(request: ClinicianRequest) -> str:
    return "proposals" if request.POST.get("back") == "proposals" else "record"


def _back(request: ClinicianRequest, patient: Patient) -> HttpResponse:
    if _where(request) == "proposals":
        return redirect("proposals")
    return redirect(f"{reverse('patient_record', args=[patient.uuid])}#proposals-{patient.uuid}")

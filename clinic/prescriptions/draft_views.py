"""The builder: one page, and one address for each thing that can be done to a draft on it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, retarget, trigger_client_event

from clinic.prescriptions import drafting
from clinic.prescriptions.actions import NotReady, discard_draft, note_view, publish
from clinic.prescriptions.builder import Builder, build, offers
from clinic.prescriptions.changes import what_changed
from clinic.prescriptions.drafting import EditConflict, NotADraft
from clinic.prescriptions.favourites import groups_of
from clinic.prescriptions.forms import DaysForm, KeepForm, LineForm, MoveForm, PlanForm, SendForm
from clinic.prescriptions.likeness import ALIKE, alike_group
from clinic.prescriptions.models import PrescribedExercise, Prescription
from clinic.prescriptions.safety import still_acute
from clinic.prescriptions.safety_reading import Catalogue, catalogue_facts, lines_safety, precautions_of
from clinic.prescriptions.vouching import NotVouchedFor, unvouched
from exercises.catalogue import CatalogueQuery, cards_of, find
from exercises.index import Card
from exercises.models import Exercise
from patients.access import ClinicianRequest, clinician_required
from patients.screening.actions import obstacles as flag_obstacles

P = ParamSpec("P")
PAGE = "clinic/prescriptions/edit.html"
# Machinery of a form, not what was typed into it.
NOT_TYPED = {"csrfmiddlewaretoken", "edit"}


def edits_draft(
    view: Callable[Concatenate[ClinicianRequest, Prescription, P], HttpResponse],
) -> Callable[Concatenate[ClinicianRequest, UUID, P], HttpResponse]:
    """Hands the view the draft. What was sent meanwhile leads to its page; what somebody else changed, to a choice; what
    somebody else discarded in this very moment is gone. What nobody vouches for stays out, and nothing is lost."""

    @wraps(view)
    def edited(request: ClinicianRequest, prescription: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        seen = Prescription.objects.visible_to(request.user)
        draft = get_object_or_404(seen.select_related("patient__clinic", "edited_by", "protocol"), uuid=prescription)
        try:
            if not draft.is_draft:
                raise NotADraft
            return view(request, draft, *args, **kwargs)
        except NotADraft:
            return _go(request, reverse("prescription", args=[draft.uuid]))
        except EditConflict as conflict:
            return _conflict(request, draft, conflict)
        except NotVouchedFor as refusal:
            return _not_vouched_for(request, draft, refusal)
        except Prescription.DoesNotExist:
            raise Http404 from None

    return edited


@require_safe
@clinician_required
@edits_draft
def prescription_edit(request: ClinicianRequest, draft: Prescription) -> HttpResponse:
    groups, asked = groups_of(request.clinician), request.GET.get("from", "")
    group = alike_group(draft.patient) if asked == ALIKE else groups.named(asked)
    found = find(
        Exercise.objects.visible_to(request.user),
        CatalogueQuery.parse(request.GET),
        among=group.ids if group else None,
    )
    if request.htmx:
        in_plan = set(draft.lines.values_list("exercise__slug", flat=True))
        part = "cards" if found.query.page > 1 else "found"
        precautions, catalogue = precautions_of(draft.patient), catalogue_facts(found.everything)
        offered = offers(found.page, precautions, catalogue, in_plan)
        context = {
            "found": found, "offers": offered, "slugs": in_plan, "url": _url(draft), "draft": draft,
            "groups": groups, "group": group,
        }  # fmt: skip
        answer = render(request, f"{PAGE}#{part}", context)
        return trigger_client_event(
            answer, "announce", {"value": gettext("%(number)s exercises") % {"number": found.total}}
        )
    note_view(prescription=draft, by=request.user)
    return _page(request, draft, found=found, groups=groups, group=group)


@require_POST
@clinician_required
@edits_draft
def line_add(request: ClinicianRequest, draft: Prescription) -> HttpResponse:
    slug = request.POST.get("exercise", "").replace("\0", "")
    exercise = get_object_or_404(Exercise.objects.visible_to(request.user), slug=slug)
    line = drafting.add_exercise(draft=draft, exercise=exercise, by=request.user, edit=edit_of(request))
    first = "minutes" if line.dosage.minutes is not None else "sets"
    return show_lines(
        request,
        draft,
        focus=f"{first}-{line.uuid}",
        said=gettext("%(exercise)s added.") % {"exercise": exercise.name},
    )


@require_POST
@clinician_required
@edits_draft
def line_change(request: ClinicianRequest, draft: Prescription, line: UUID) -> HttpResponse:
    changing = line_of(request, draft, line)
    form = LineForm(request.POST, line=changing)
    if not form.is_valid():
        return refuse(request, draft, form)
    drafting.change_line(
        line=changing,
        dosage=form.dosage,
        importance=form.cleaned_data["importance"] or changing.importance,
        note=form.cleaned_data["note"],
        clearance=form.cleaned_data["clearance"] if "clearance" in request.POST else changing.clearance,
        by=request.user,
        edit=edit_of(request),
    )
    return show_row(request, draft, line)


@require_POST
@clinician_required
@edits_draft
def line_move(request: ClinicianRequest, draft: Prescription, line: UUID) -> HttpResponse:
    moving = line_of(request, draft, line)
    form = MoveForm(request.POST)
    if not form.is_valid() or not (form.cleaned_data["to"] or form.cleaned_data["phase"]):
        return show_lines(request, draft, said=gettext("That is no place in the plan."), status=422)
    to, phase, position = form.cleaned_data["to"], form.cleaned_data["phase"], form.cleaned_data["position"]
    if to:
        drafting.nudge_line(line=moving, up=to == "up", by=request.user, edit=edit_of(request))
    else:
        drafting.move_line(line=moving, phase=phase, position=position, by=request.user, edit=edit_of(request))
    return show_lines(
        request, draft, said=gettext("%(exercise)s moved.") % {"exercise": moving.exercise.name}, place_of=line
    )


@require_POST
@clinician_required
@edits_draft
def line_duplicate(request: ClinicianRequest, draft: Prescription, line: UUID) -> HttpResponse:
    original = line_of(request, draft, line)
    copy = drafting.duplicate_line(line=original, by=request.user, edit=edit_of(request))
    return show_lines(
        request,
        draft,
        focus=f"more-{copy.uuid}",
        said=gettext("%(exercise)s duplicated.") % {"exercise": original.exercise.name},
    )


@require_POST
@clinician_required
@edits_draft
def line_remove(request: ClinicianRequest, draft: Prescription, line: UUID) -> HttpResponse:
    removing = line_of(request, draft, line)
    following = draft.lines.filter(position__gt=removing.position).first()
    drafting.remove_line(line=removing, by=request.user, edit=edit_of(request))
    focus = f"remove-{following.uuid}" if following else "undo"
    return show_lines(
        request,
        draft,
        focus=focus,
        said=gettext("%(exercise)s removed. Undo is above the plan.") % {"exercise": removing.exercise.name},
    )


@require_POST
@clinician_required
@edits_draft
def draft_change(request: ClinicianRequest, draft: Prescription) -> HttpResponse:
    """Title, first and last day."""
    form = PlanForm(request.POST, instance=draft)
    if not form.is_valid():
        typed = Prescription.objects.visible_to(request.user).get(pk=draft.pk)
        return show_lines(request, typed, plan_form=form, status=422)
    changes = dict(form.cleaned_data)
    draft.refresh_from_db(fields=list(changes))
    drafting.change_plan(draft=draft, by=request.user, edit=edit_of(request), **changes)
    return show_lines(request, draft)


@require_POST
@clinician_required
@edits_draft
def draft_days(request: ClinicianRequest, draft: Prescription) -> HttpResponse:
    form = DaysForm(request.POST)
    if not form.is_valid():
        return show_lines(request, draft, said=gettext("Choose days of the week."), status=422)
    days = tuple(form.cleaned_data["days"])
    drafting.set_days(draft=draft, weekdays=days, by=request.user, edit=edit_of(request))
    return show_lines(request, draft, said=gettext("Days set for all exercises."))


@require_POST
@clinician_required
@edits_draft
def draft_undo(request: ClinicianRequest, draft: Prescription) -> HttpResponse:
    said = drafting.undo(draft=draft, by=request.user, edit=edit_of(request))
    return show_lines(
        request,
        draft,
        said=gettext("Taken back: %(step)s.") % {"step": said} if said else gettext("There is nothing to take back."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
@edits_draft
def draft_discard(request: ClinicianRequest, draft: Prescription) -> HttpResponse:
    if request.method == "POST":
        discard_draft(draft=draft, by=request.user)
        messages.success(request, gettext("The draft is discarded. Nothing changed for the patient."))
        return redirect("prescription_new", draft.patient.uuid)
    note_view(prescription=draft, by=request.user)
    return render(request, "clinic/prescriptions/discard.html", {"draft": draft, "patient": draft.patient})


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
@edits_draft
def prescription_publish(request: ClinicianRequest, draft: Prescription) -> HttpResponse:
    """One click sends a plan that needs no second look; any other is shown first, with what to look at."""
    page = _build(draft)
    form = SendForm(request.POST if "confirmed" in request.POST else None, instance=draft)
    if request.method == "POST" and (form.is_valid() or not page.needs_a_look):
        note = form.cleaned_data["note_to_patient"] if form.is_bound else None
        try:
            sent = publish(draft=draft, by=request.user, note=note, edit=edit_of(request))
        except NotReady:
            return _go(request, reverse("prescription_publish", args=[draft.uuid]))
        messages.success(
            request,
            gettext("Sent. %(name)s sees it from %(day)s.")
            % {"name": draft.patient.greeting_name, "day": date_format(sent.starts_on, "l, j F")},
        )
        return _go(request, reverse("prescription", args=[sent.uuid]))
    if request.method == "POST" and not form.is_bound:
        return _go(request, reverse("prescription_publish", args=[draft.uuid]))
    return show_publish(request, draft, page=page, form=form)


def show_publish(
    request: ClinicianRequest,
    draft: Prescription,
    *,
    page: Builder | None = None,
    form: SendForm | None = None,
    refused: KeepForm | None = None,
) -> HttpResponse:
    note_view(prescription=draft, by=request.user)
    form = form or SendForm(None, instance=draft)
    old = PrescribedExercise.objects.filter(prescription=draft.replaces_id).select_related("exercise")
    new = draft.lines.select_related("exercise")
    context = {
        "page": page or _build(draft, refused=refused),
        "draft": draft,
        "patient": draft.patient,
        "form": form,
        "flag_obstacles": flag_obstacles(patient=draft.patient, day=draft.patient.local_day()),
        "changes": what_changed(old, new) if draft.replaces_id else [],
    }
    status = 422 if form.errors or refused else 200
    return render(request, "clinic/prescriptions/publish.html", context, status=status)


def _url(draft: Prescription) -> str:
    return reverse("prescription", args=[draft.uuid])


def edit_of(request: ClinicianRequest) -> int:
    """The step that the form was made from. A form without one is as old as can be."""
    typed = request.POST.get("edit", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def line_of(request: ClinicianRequest, draft: Prescription, uuid: UUID) -> PrescribedExercise:
    line = draft.lines.select_related("exercise").filter(uuid=uuid).first()
    if line is None:
        drafting.check_edit(draft, edit=edit_of(request), mine=gettext("A change of an exercise that is gone"))
        raise Http404
    line.prescription = draft
    return line


def catalogue_of(draft: Prescription) -> Catalogue:
    """What can be prescribed to the draft's patient."""
    return catalogue_facts(cards_of(Exercise.objects.current().of_clinic(draft.patient.clinic_id)))


def _build(
    draft: Prescription, refused: LineForm | KeepForm | None = None, cards: list[Card] | None = None
) -> Builder:
    """`cards`: all of the catalogue, where they were read already."""
    lines = list(draft.lines.select_related("exercise"))
    precautions = precautions_of(draft.patient)
    catalogue = catalogue_of(draft) if cards is None else catalogue_facts(cards)
    return build(
        draft,
        lines,
        url=_url(draft),
        today=precautions.today,
        last_step=draft.steps.first(),
        precautions=precautions,
        catalogue=catalogue,
        safety=lines_safety(lines, precautions, catalogue),
        unvouched=unvouched(lines, draft),
        refused=refused,
    )


def _page(request: ClinicianRequest, draft: Prescription, *, status: int = 200, **context: Any) -> HttpResponse:
    """The whole builder."""
    found = context.pop("found", None) or find(Exercise.objects.visible_to(request.user), CatalogueQuery())
    page = context.pop("page", None) or _build(draft, cards=found.everything)
    acute_days = draft.patient.clinic.thresholds.acute_days
    today, zone = page.precautions.today, draft.patient.zone
    context |= {
        "page": page,
        "draft": draft,
        "patient": draft.patient,
        "conditions": [
            (each, still_acute(each.code, each.since or each.added_at.astimezone(zone).date(), today, acute_days))
            for each in page.precautions.conditions
        ],
        "found": found,
        "offers": offers(found.page, page.precautions, page.catalogue, page.slugs),
        "slugs": page.slugs,
        "url": page.url,
        "groups": context.get("groups") or groups_of(request.clinician),
    }
    return render(request, PAGE, context, status=status)


def show_lines(
    request: ClinicianRequest,
    draft: Prescription,
    *,
    said: str = "",
    focus: str = "",
    place_of: UUID | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """After a step: for htmx the plan with all that hangs on it, else the page again."""
    if not request.htmx:
        return (
            redirect("prescription_edit", draft.uuid)
            if status == 200
            else _page(request, draft, status=status, **context)
        )
    page = _build(draft)
    if place_of:
        said = f"{said} {_place(page, place_of)}"
    context |= {"page": page, "draft": draft, "patient": draft.patient, "url": page.url}
    return _answer(render(request, f"{PAGE}#after", context, status=status), draft, said, focus)


def _place(page: Builder, uuid: UUID) -> str:
    section = next(section for section in page.sections for row in section.rows if row.uuid == uuid)
    number = [row.uuid for row in section.rows].index(uuid) + 1
    return gettext("Now %(place)s of %(of)s in %(phase)s.") % {
        "place": number,
        "of": len(section.rows),
        "phase": section.phase.label,
    }


def show_row(request: ClinicianRequest, draft: Prescription, uuid: UUID) -> HttpResponse:
    """After a change of one line: for htmx its row alone, so that nothing else moves under the hand."""
    if not request.htmx:
        return redirect(f"{reverse('prescription_edit', args=[draft.uuid])}#line-{uuid}")
    page = _build(draft)
    row = next(row for row in page.rows if row.uuid == uuid)
    context = {"page": page, "draft": draft, "patient": draft.patient, "row": row, "url": page.url}
    return _answer(render(request, f"{PAGE}#after_row", context), draft)


def refuse(request: ClinicianRequest, draft: Prescription, form: LineForm | KeepForm) -> HttpResponse:
    """The row again with what was typed, and what is wrong with it."""
    page = _build(draft, refused=form)
    if not request.htmx:
        return _page(request, draft, status=422, page=page)
    uuid = form.line.uuid
    row = next(row for row in page.rows if row.uuid == uuid)
    context = {"page": page, "draft": draft, "patient": draft.patient, "row": row, "url": page.url}
    field, messages_ = next(iter(form.errors.items()))
    answer = render(request, f"{PAGE}#after_row", context, status=422)
    return _answer(
        answer, draft, gettext("Not saved. %(why)s") % {"why": " ".join(map(str, messages_))}, f"{field}-{uuid}"
    )


def _answer(response: HttpResponse, draft: Prescription, said: str = "", focus: str = "") -> HttpResponse:
    trigger_client_event(response, "drafted", {"edit": draft.edit})
    if said:
        trigger_client_event(response, "announce", {"value": said})
    if focus:
        trigger_client_event(response, "put-focus", {"value": focus}, after="settle")
    return response


def _conflict(request: ClinicianRequest, draft: Prescription, conflict: EditConflict) -> HttpResponse:
    """409 with both versions. Nothing was saved; one button does the same again on top of what is there now."""
    draft.refresh_from_db(fields=["edit", "edited_at", "edited_by", *drafting.PLAN_FIELDS])
    context: dict[str, Any] = {
        "conflict": conflict,
        "is_own": conflict.by == request.user,
        "again": request.path,
        "typed": [(k, v) for k, values in request.POST.lists() if k not in NOT_TYPED for v in values],
    }
    said = gettext("Not saved. The draft was changed meanwhile.")
    if not request.htmx:
        return _page(request, draft, status=409, **context)
    response = show_lines(request, draft, said=said, focus="conflict", status=409, **context)
    response["HX-Reswap"] = "innerHTML settle:0ms"
    return retarget(response, "#lines")


def _not_vouched_for(request: ClinicianRequest, draft: Prescription, refusal: NotVouchedFor) -> HttpResponse:
    """422 above the plan, which is as it was before the step."""
    draft = Prescription.objects.select_related("patient__clinic", "edited_by", "protocol").get(pk=draft.pk)
    said = gettext("Not added. %(why)s") % {"why": refusal}
    return show_lines(request, draft, said=said, focus="not-vouched", status=422, not_vouched=refusal.reasons)


def _go(request: ClinicianRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)

"""A record as a story: what happened, whether it works, two days side by side, and what to write into the notes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from clinic.paper.pdf import lacks
from clinic.paper.sending import as_pdf
from clinic.story import charts
from clinic.story.asked import Asked
from clinic.story.course import Plans, course_of, default_since
from clinic.story.entries import DAY, page_of
from clinic.story.forms import SinceForm, StoryForm, TwoDaysForm
from clinic.story.pdf import pdf_of
from clinic.story.sources import reads_of
from clinic.story.standing import Compared, standings_of
from clinic.story.summary import OBJECTIVE, SUBJECTIVE, Summary, agreed_at, summary_of
from patients.access import ClinicianRequest, clinician_required
from patients.audit.actions import record
from patients.models import Note, Patient
from patients.records.actions import write_note
from patients.records.forms import VisitNoteForm
from patients.records.views import record_of

FILE_NAME = "summary.pdf"


@require_safe
@clinician_required
def story(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """Everything on one timeline, and three charts above it on one axis."""
    patient = record_of(request, uuid, part="story")
    form = StoryForm(request.GET, today=patient.local_day())
    asked = Asked(patient, request.user, form.before)
    page = page_of(reads_of(asked, form.kinds), form.before)
    context = {
        "patient": patient,
        "form": form,
        "page": page,
        "groups": page.groups(form.groups, patient.clinic.week_starts_on),
        "is_newest": form.before > form.today,
        "query": _query(form, p=form.period),
        "earlier": _query(form, p=form.period, e=page.earlier.isoformat()) if page.earlier else "",
    }
    # Their link went with the page that it stood on.
    context["is_turned"] = request.htmx.trigger in ("earlier", "newest")
    status = 200 if form.ok else 422
    if request.htmx and request.htmx.target == "timeline":
        response = render(request, "clinic/story/story.html#timeline", context, status=status)
        return trigger_client_event(response, "announce", {"value": _("Timeline changed")})
    now = Asked(patient, request.user, form.today + DAY)
    course = course_of(now, form.period)
    context |= {
        "course": course,
        "chart": charts.svg(course),
        "narrow_chart": charts.svg(course, width=360),
        "goals": list(patient.goals.filter(dropped_at=None).prefetch_related("steps")),
        "agreed": agreed_at(patient, form.today),
        "periods": [(key, label, _query(form, p=key)) for key, label in form.fields["p"].choices],  # type: ignore[attr-defined]
    }
    return render(request, "clinic/story/story.html", context, status=status)


def _query(form: StoryForm, **more: str) -> str:
    """What was asked for, as a query of an address."""
    query = QueryDict(mutable=True)
    query.setlist("k", form.cleaned_data.get("k", []))
    query["g"] = form.groups
    query.update(more)
    return query.urlencode()


@require_safe
@clinician_required
def two_days(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """How it was on one day, and on another: the last visit and today, unless others are chosen."""
    patient = record_of(request, uuid, part="side by side")
    today = patient.local_day()
    form = TwoDaysForm(request.GET, today=today)
    context: dict[str, Any] = {"patient": patient, "form": form}
    if not form.is_valid():
        return render(request, "clinic/story/two_days.html", context, status=422)
    asked = Asked(patient, request.user, today + DAY)
    last = form.cleaned_data["b"] or today
    plans = Plans.of(asked)
    first = form.cleaned_data["a"] or min(default_since(patient, plans, today), last)
    form = TwoDaysForm({"a": first.isoformat(), "b": last.isoformat()}, today=today)
    compared = Compared(*standings_of(asked, plans, [first, last]))
    return render(request, "clinic/story/two_days.html", context | {"form": form, "compared": compared})


@require_safe
@clinician_required
def visit_summary(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid, part="visit summary")
    form = SinceForm(request.GET, today=patient.local_day())
    if not form.is_valid():
        return render(request, "clinic/story/summary.html", {"patient": patient, "form": form}, status=422)
    summary = summary_of(patient, request.user, form.cleaned_data["since"])
    shown = SinceForm({"since": summary.since.isoformat()}, today=form.today)
    return render(request, "clinic/story/summary.html", {"patient": patient, "form": shown, "summary": summary})


@require_safe
@clinician_required
def visit_summary_pdf(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid)
    form = SinceForm(request.GET, today=patient.local_day())
    if not form.is_valid():
        return render(request, "clinic/story/summary.html", {"patient": patient, "form": form}, status=422)
    summary = summary_of(patient, request.user, form.cleaned_data["since"])
    if lacks(summary.typed):
        messages.error(request, _("This summary has letters that the PDF cannot write. The text below has them."))
        since = summary.since.isoformat()
        return redirect(reverse("visit_summary", args=[uuid], query={"since": since}))
    record(by=request.user, action="summary.printed", patient=patient)
    return as_pdf(pdf_of(summary), name=FILE_NAME)


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def visit_note(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """A note in four parts, or an addendum to one. What the portal knows goes into it only when it is asked for."""
    patient = record_of(request, uuid, part="visit note")
    earlier = _note_of(patient, request.GET.get("to", ""))
    if request.method != "POST":
        form = VisitNoteForm(initial={"visit_on": patient.local_day()}, is_addendum=earlier is not None)
        return _note_page(request, patient, form, earlier)
    if "offer" in request.POST and earlier is None:
        return _note_page(request, patient, _offered(request, patient), None)
    form = VisitNoteForm(request.POST, is_addendum=earlier is not None)
    if not form.is_valid():
        return _note_page(request, patient, form, earlier, status=422)
    write_note(patient=patient, by=request.user, adds_to=earlier, **form.written)
    if request.htmx:
        return HttpResponseClientRedirect(reverse("patient_notes", args=[uuid]))
    return redirect("patient_notes", uuid)


def _note_of(patient: Patient, number: str) -> Note | None:
    """The note that an addendum belongs to: a first one of this patient."""
    if not number:
        return None
    note = patient.notes.filter(pk=number, adds_to=None).first() if number.isdecimal() and len(number) < 19 else None
    if note is None:
        raise Http404
    return note


def _last_visit(patient: Patient) -> Note | None:
    return patient.notes.filter(adds_to=None, visit_on__isnull=False).order_by("-visit_on", "-pk").first()


def _offered(request: ClinicianRequest, patient: Patient) -> VisitNoteForm:
    """What was typed stays, and what the portal knows stands below it."""
    record(by=request.user, action="record.viewed", patient=patient, part="visit summary")
    summary, prefix = summary_of(patient, request.user), VisitNoteForm.prefix
    typed = {name: request.POST.get(f"{prefix}-{name}", "") for name in VisitNoteForm.base_fields}
    for name, known in known_parts(summary).items():
        if known not in typed[name].replace("\r\n", "\n"):
            typed[name] = f"{typed[name].rstrip()}\n\n{known}".strip()
    return VisitNoteForm(initial=typed)


def known_parts(summary: Summary) -> dict[str, str]:
    return {"subjective": summary.of(SUBJECTIVE), "objective": summary.of(OBJECTIVE)}


def _note_page(
    request: ClinicianRequest, patient: Patient, form: VisitNoteForm, earlier: Note | None, *, status: int = 200
) -> HttpResponse:
    template = "clinic/story/note.html" + ("#form" if request.htmx else "")
    last = None if earlier or request.htmx else _last_visit(patient)
    context = {"patient": patient, "form": form, "earlier": earlier, "last": last}
    return render(request, template, context, status=status)

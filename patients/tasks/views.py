"""The task list: what needs a clinician, and what was done about it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import trigger_client_event

from patients.access import ClinicianRequest, clinician_required
from patients.accounts.models import Clinician
from patients.audit.actions import record
from patients.tasks import actions
from patients.tasks.forms import AssignForm, ResolveForm, SnoozeForm, TasksForm, start_of
from patients.tasks.lists import rows, task_list, team
from patients.tasks.models import Kind, Task

FORMS = ("resolve", "snooze", "assign", "wake")
SAID = {
    "resolve": _("Done. The note is in the record."),
    "snooze": _("Put off."),
    "assign": _("Assigned."),
    "wake": _("Back on the list."),
}


@require_safe
@clinician_required
def tasks(request: ClinicianRequest) -> HttpResponse:
    form = TasksForm(request.GET)
    form.is_valid()
    who = form.cleaned_data.get("who") or "all"
    show = form.cleaned_data.get("show") or "open"
    now = timezone.localtime()
    visible = Task.objects.visible_to(request.user)
    mine = visible.mine(request.clinician)
    shown = task_list(mine if who == "mine" else visible, request.clinician, now, show=show)
    record(by=request.user, action="tasks.listed", found=shown.total)
    context = {
        "list": shown,
        "who": who,
        "show": show,
        "whose": [(key, label, urlencode({"who": key, "show": show})) for key, label in TasksForm.WHO],
        "which": [(key, label, urlencode({"who": who, "show": key})) for key, label in TasksForm.SHOW],
        "today": now,
    }
    return render(request, "patients/tasks/tasks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def task(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """One task with its history. A form that came in is answered with the row, or by going back to where it was."""
    found = Task.objects.visible_to(request.user).with_people(request.clinician.today()).filter(uuid=uuid)
    shown = get_object_or_404(found.select_related("patient__clinic"))
    if request.method != "POST":
        record(by=request.user, action="record.viewed", patient=shown.patient, part="task")
        return _page(request, shown)
    wish = request.POST.get("do", "")
    if wish not in FORMS:
        raise Http404
    form = _act(request, shown, wish)
    now_is = get_object_or_404(found.select_related("patient__clinic"))
    if form.errors:
        return _page(request, now_is, status=422, refused={wish: form})
    if request.htmx:
        response = render(request, "patients/tasks/_task.html", _row(request, now_is))
        return trigger_client_event(response, "announce", {"value": str(SAID[wish])})
    return redirect("tasks")


def _act(request: ClinicianRequest, shown: Task, wish: str) -> Any:
    """The form, with an error where nothing came of it: what was typed is not lost unseen."""
    form = _form(request, shown, wish)
    if not form.is_valid():
        return form
    field = next(iter(form.fields), None)
    if field and _is_about(shown, request.clinician):
        words = gettext("You opened this record in an emergency. Somebody else of the care team settles this.")
        form.add_error(field, words)
    elif not _done(request, shown, wish, form.cleaned_data):
        form.add_error(field, gettext("This was settled meanwhile. What you typed is not in the record."))
    return form


def _form(request: ClinicianRequest, shown: Task, wish: str) -> Form:
    if wish == "resolve":
        return ResolveForm(request.POST)
    if wish == "snooze":
        return SnoozeForm(request.POST, today=shown.patient.clinic.today())
    if wish == "assign":
        return AssignForm(request.POST, clinic=shown.patient.clinic)
    return Form(request.POST)


def _done(request: ClinicianRequest, shown: Task, wish: str, said: dict[str, Any]) -> bool:
    """False where somebody ended the task before. The second of two clicks gets the answer of the first."""
    by = request.user
    if wish == "resolve":
        just_now = Task.objects.filter(pk=shown.pk)
        return actions.resolve(task=shown, by=by, note=said["note"]) or actions.settled_just_now(
            just_now, by=by, note=said["note"]
        )
    if wish == "snooze":
        return actions.snooze(task=shown, by=by, until=start_of(said["until"]))
    if wish == "assign":
        return actions.assign(task=shown, by=by, to=said["to"])
    return actions.wake(task=shown, by=by)


def _is_about(shown: Task, clinician: Clinician) -> bool:
    """Who opens a record in an emergency is looked at by others, and does not put that away."""
    return (
        shown.kind == Kind.EMERGENCY
        and shown.patient.emergencies.filter(by=clinician, opened_at__gte=shown.raised_at).exists()
    )


def _row(request: ClinicianRequest, shown: Task) -> dict[str, Any]:
    now = timezone.localtime()
    return {"row": rows([shown], team(request.clinician), now)[0]}


def _page(
    request: ClinicianRequest, shown: Task, *, status: int = 200, refused: dict[str, Any] | None = None
) -> HttpResponse:
    context = _row(request, shown) | {"patient": shown.patient, "refused": refused or {}, "is_open": True}
    if request.htmx:
        return render(request, "patients/tasks/_task.html", context, status=status)
    context["steps"] = shown.steps.select_related("by")
    return render(request, "patients/tasks/task.html", context, status=status)

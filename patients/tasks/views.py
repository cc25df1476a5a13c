"""The task list: what needs a clinician, and what was done about it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import trigger_client_event

from patients.access import ClinicianRequest, clinician_required
from patients.audit.actions import record
from patients.tasks import actions
from patients.tasks.forms import AssignForm, ResolveForm, SnoozeForm, TasksForm, start_of
from patients.tasks.lists import rows, task_list, team
from patients.tasks.models import Task

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
    now = timezone.now().astimezone(request.clinician.clinic.zone)
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
    if form.errors:
        return _page(request, shown, status=422, refused={wish: form})
    if request.htmx:
        now_is = found.select_related("patient__clinic").get()
        response = render(request, "patients/tasks/_task.html", _row(request, now_is))
        return trigger_client_event(response, "announce", {"value": str(SAID[wish])})
    return redirect("tasks")


def _act(request: ClinicianRequest, shown: Task, wish: str) -> Any:
    today = timezone.now().astimezone(shown.patient.clinic.zone).date()
    form: Any
    if wish == "resolve":
        form = ResolveForm(request.POST)
        if form.is_valid():
            actions.resolve(task=shown, by=request.user, note=form.cleaned_data["note"])
    elif wish == "snooze":
        form = SnoozeForm(request.POST, today=today)
        if form.is_valid():
            with timezone.override(shown.patient.clinic.zone):
                actions.snooze(task=shown, by=request.user, until=start_of(form.cleaned_data["until"]))
    elif wish == "wake":
        form = Form(request.POST)
        actions.wake(task=shown, by=request.user)
    else:
        form = AssignForm(request.POST, clinic=shown.patient.clinic)
        if form.is_valid():
            actions.assign(task=shown, by=request.user, to=form.cleaned_data["to"])
    return form


def _row(request: ClinicianRequest, shown: Task) -> dict[str, Any]:
    now = timezone.now().astimezone(shown.patient.clinic.zone)
    return {"row": rows([shown], team(request.clinician), now)[0]}


def _page(
    request: ClinicianRequest, shown: Task, *, status: int = 200, refused: dict[str, Any] | None = None
) -> HttpResponse:
    context = _row(request, shown) | {"patient": shown.patient, "refused": refused or {}, "is_open": True}
    if request.htmx:
        return render(request, "patients/tasks/_task.html", context, status=status)
    context["steps"] = shown.steps.select_related("by")
    return render(request, "patients/tasks/task.html", context, status=status)

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from clinic.today.breaks_actions import move, put_off, set_rhythm, show_prompt
from clinic.today.breaks_page import prompt_html
from clinic.today.breaks_reading import desk_of, rhythm_of
from clinic.today.reading import lines_on
from clinic.today.sprite import named
from exercises.lists import Moment
from exercises.offers import fitting
from exercises.showing import asks_for_exercises, shows_exercises
from exercises.teaching import reads
from patients.access import PatientRequest, patient_required

EVERY = ((30, _("Every 30 minutes")), (45, _("Every 45 minutes")), (60, _("Every hour")), (90, _("Every 90 minutes")),
         (120, _("Every 2 hours")))  # fmt: skip
SAID = re.compile(r"([1-9][0-9]?)\.(?:(shown)|(moved)\.([01])|(later)\.([1-9]))", re.ASCII)
AT_WORK = {"from_time": "09:00", "until_time": "17:00", "weekdays": list(range(5)), "is_on": True}


class RhythmForm(forms.Form):
    is_on = forms.BooleanField(required=False)
    from_time = forms.TimeField(label=_("I start work at"), error_messages={"invalid": _("A time, like 09:00.")})
    until_time = forms.TimeField(label=_("I stop at"), error_messages={"invalid": _("A time, like 17:00.")})
    every_minutes = forms.TypedChoiceField(choices=EVERY, coerce=int)
    weekdays = forms.TypedMultipleChoiceField(
        choices=list(WEEKDAYS.items()), coerce=int, error_messages={"required": _("Choose at least one day.")}
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        begins, ends = said.get("from_time"), said.get("until_time")
        if begins and ends and ends <= begins:
            self.add_error("until_time", gettext("This has to be later than the start."))
        return said

    @property
    def times(self) -> list[forms.BoundField]:
        return [self["from_time"], self["until_time"]]

    @property
    def days(self) -> Iterator[tuple[int, str, bool]]:
        chosen = {str(value) for value in self["weekdays"].value() or ()}
        for number, name in WEEKDAYS.items():
            yield number, str(name), str(number) in chosen


@require_http_methods(["GET", "HEAD", "POST"])
@patient_required
@shows_exercises
def breaks(request: PatientRequest) -> HttpResponse:
    """When the patient works, and how often they want to be told to get up."""
    patient = request.patient
    form = RhythmForm(request.POST) if request.method == "POST" else RhythmForm(initial=_standing(request))
    if request.method == "POST" and form.is_valid():
        set_rhythm(patient=patient, by=request.user, **form.cleaned_data)
        messages.success(request, gettext("Saved."))
        return redirect("today")
    has_breaks = any(line.is_break for line in lines_on(patient.local_day(), user=request.user))
    context = {"form": form, "has_breaks": has_breaks, "reads": fitting(reads(), [Moment.BREAKS], most=2)}
    return render(request, "clinic/today/breaks.html", context, status=422 if form.errors else 200)


def _standing(request: PatientRequest) -> dict[str, Any]:
    known = rhythm_of(request.patient)
    if known is None:
        return AT_WORK | {"every_minutes": request.patient.clinic.thresholds.break_every}
    return {name: getattr(known, name) for name in (*AT_WORK, "every_minutes")}


@require_POST
@patient_required
@asks_for_exercises
def break_prompt(request: PatientRequest) -> HttpResponse:
    """A prompt was shown, answered with "I moved", or put off: `number.shown`, `number.moved.1`, `number.later.1`."""
    patient, user = request.patient, request.user
    now = timezone.now().astimezone(patient.zone)
    lines = lines_on(now.date(), user=user)
    found = SAID.fullmatch(request.POST.get("prompt", ""))
    words = ""
    if found:
        about: dict[str, Any] = {"patient": patient, "by": user, "number": int(found[1]), "lines": lines, "now": now}
        if found[2]:
            show_prompt(**about)
        elif found[3]:
            move(**about, moved=found[4] == "1")
            words = gettext("Well done.") if found[4] == "1" else gettext("Undone.")
        else:
            put_off(**about, times=int(found[6]))
            minutes = patient.clinic.thresholds.break_snooze
            words = ngettext("In %(n)d minute again.", "In %(n)d minutes again.", minutes) % {"n": minutes}
    if not request.htmx:
        return redirect(f"{reverse('today')}#prompt")
    desk = desk_of(patient, user, now)
    limits = patient.clinic.thresholds
    response = HttpResponse(prompt_html(desk, lines, now, limits, whole=False))
    coming = desk.coming(now, limits)
    if found and found[2] and coming and coming.is_due:
        words = gettext("Time to get up.")
    if words:
        response.write(format_html('<p hx-swap-oob="innerHTML:#live">{}</p>', words))
    if words and not (found and found[2]):
        response["HX-Trigger-After-Settle"] = '{"focus-on":"prompt-h"}'
    return named(response, lines)

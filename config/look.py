"""The look of the pages on this device, chosen by whoever holds it, signed in or not; and their language, which for a
patient stands in the record."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import activate, get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from patients.accounts.look import YEAR, Look
from patients.records.actions import speak

WRONG = {"invalid_choice": gettext_lazy("One of these, please.")}


class LookForm(forms.Form):
    text = forms.ChoiceField(
        label=gettext_lazy("Size of the text"),
        choices=[
            ("", gettext_lazy("Normal")),
            ("large", gettext_lazy("Large")),
            ("largest", gettext_lazy("Largest")),
        ],
        required=False,
        error_messages=WRONG,
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Colours"),
        choices=[
            ("", gettext_lazy("As this device has them")),
            ("light", gettext_lazy("Light")),
            ("dark", gettext_lazy("Dark")),
        ],
        required=False,
        error_messages=WRONG,
    )
    motion = forms.ChoiceField(
        label=gettext_lazy("Movement"),
        choices=[("", gettext_lazy("As this device has it")), ("less", gettext_lazy("Less movement"))],
        required=False,
        error_messages=WRONG,
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), error_messages=WRONG)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(settings.LANGUAGES) > 1:
            self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        else:
            del self.fields["language"]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_not_required
def look(request: HttpRequest) -> HttpResponse:
    user = request.user
    standing = Look.of(request.COOKIES).cookies | {"language": get_language()}
    form = LookForm(request.POST if request.method == "POST" else standing)
    if request.method != "POST" or not form.is_valid():
        return render(request, "look.html", {"form": form}, status=422 if request.method == "POST" else 200)
    answer = redirect("look")
    language = form.cleaned_data.pop("language", "")
    if language:
        _keep(answer, request, settings.LANGUAGE_COOKIE_NAME, language)
        if user.is_authenticated and user.is_patient:
            speak(patient=user.patient, by=user, language=language)
        activate(language)
    for name, said in form.cleaned_data.items():
        if said:
            _keep(answer, request, name, said)
        else:
            answer.delete_cookie(name, samesite="Lax")
    messages.success(request, _("Saved for this device."))
    return answer


def _keep(answer: HttpResponse, request: HttpRequest, name: str, said: str) -> None:
    answer.set_cookie(name, said, max_age=YEAR, samesite="Lax", secure=request.is_secure())

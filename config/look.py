"""The look of the pages on this device, chosen by whoever holds it, signed in or not."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from patients.accounts.look import YEAR, Look

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


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_not_required
def look(request: HttpRequest) -> HttpResponse:
    form = LookForm(request.POST if request.method == "POST" else Look.of(request.COOKIES).cookies)
    if request.method != "POST" or not form.is_valid():
        return render(request, "look.html", {"form": form}, status=422 if request.method == "POST" else 200)
    answer = redirect("look")
    for name, said in form.cleaned_data.items():
        if said:
            answer.set_cookie(name, said, max_age=YEAR, samesite="Lax", secure=request.is_secure())
        else:
            answer.delete_cookie(name, samesite="Lax")
    messages.success(request, _("Saved for this device."))
    return answer

"""Signing up for the newsletter, and ending it. Every answer is the same whether an address is known or not."""

import re

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from clinic.newsletter import actions
from clinic.newsletter.mail import confirmation
from clinic.newsletter.models import Subscriber
from clinic.reminders.views import private
from clinic.strangers.forms import StrangersForm, may_be_mailed
from clinic.strangers.pages import not_taken
from patients.accounts.models import Clinic

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")


class SignUpForm(StrangersForm):
    kind = "newsletter"

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def newsletter(request: HttpRequest) -> HttpResponse:
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "clinic/newsletter/sign_up.html", {"form": form})
    trip = None
    if form.is_valid():
        trip = form.held_off(request)
        if trip is None:
            _sign_up(request, form.cleaned_data["email"])
            return redirect("newsletter_asked")
    return not_taken(request, "clinic/newsletter/sign_up.html", {"form": form}, trip)


def _sign_up(request: HttpRequest, email: str) -> None:
    """An address that was mailed enough today gets neither another mail nor another link: the newest one works still."""
    if not may_be_mailed(request, email):
        return
    subscriber, token = actions.sign_up(email=email)
    clinic = Clinic.objects.speaking_in_public()
    address = f"{request.scheme}://{request.get_host()}"
    transaction.on_commit(confirmation(clinic, subscriber, token, address).send, robust=True)


@require_safe
@login_not_required
def newsletter_asked(request: HttpRequest) -> HttpResponse:
    return render(request, "clinic/newsletter/page.html", {"page": "asked"})


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def newsletter_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """One button. Looking at the page changes nothing: programs open links in mails before people do."""
    if request.method == "POST":
        is_in = bool(TOKEN.fullmatch(token)) and actions.confirm(token=token)
        page, status = ("confirmed", 200) if is_in else ("spent", 410)
    else:
        page, status = "confirm", 200
    return private(render(request, "clinic/newsletter/page.html", {"page": page}, status=status))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def newsletter_stop(request: HttpRequest, token: str) -> HttpResponse:
    """By the button, or by a mail program's own (RFC 8058). Whoever is off the list already is told the same."""
    if request.method == "POST":
        if TOKEN.fullmatch(token):
            actions.stop(stop_token=token)
        return private(render(request, "clinic/newsletter/page.html", {"page": "stopped"}))
    is_on = Subscriber.objects.filter(stop_token=token).exists() if TOKEN.fullmatch(token) else False
    page, status = ("stop", 200) if is_on else ("stopped", 404)
    return private(render(request, "clinic/newsletter/page.html", {"page": page}, status=status))

"""Signing in with the PIN of this device."""

import secrets

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from patients.accounts import pins
from patients.accounts.limits import slowed
from patients.accounts.models import PinDevice
from patients.accounts.ways import Way
from patients.entrance.forms import PinForm
from patients.entrance.views import note_way

ASKED = "pin_asked"


def ask_once(request: HttpRequest) -> str:
    """What a page that asks for the PIN carries. It works in this session only, and signing in begins another one: a
    post that somebody listened to, or sends again after signing out, is nothing."""
    if ASKED not in request.session:
        request.session[ASKED] = secrets.token_urlsafe(16)
    return str(request.session[ASKED])


@require_POST
@login_not_required
@sensitive_post_parameters("pin")
@slowed("pin")
def pin_sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("start")
    device = pins.device_of(request)
    if device is None:
        return gone(request)
    form = PinForm(request.POST)
    asked = request.session.get(ASKED)
    if not asked or not constant_time_compare(asked, request.POST.get("asked", "")):
        form.add_error(None, gettext("This page was too old. Please type your PIN once more."))
        return again(request, form)
    if not form.is_valid():
        return again(request, form)
    if not pins.fits(device=device, secret=pins.secret_on(request), pin=form.cleaned_data["pin"]):
        return wrong(request, device, form)
    del request.session[ASKED]
    user = device.user
    note_way(request, user, Way.PIN)
    response = perform_login(request, user, redirect_url=reverse("start"))
    pins.keep_on_device(response, pins.secret_on(request))  # for another 400 days
    return response


def wrong(request: HttpRequest, device: PinDevice, form: PinForm) -> HttpResponse:
    if device.pk is None:
        get_adapter(request).send_notification_mail("account/email/pin_locked", device.user)
        return gone(request)
    left = pins.TRIES - device.wrong_tries
    words = ngettext(
        "That was not it. You can try %(left)d more time.", "That was not it. You can try %(left)d more times.", left
    )
    form.add_error("pin", words % {"left": left})
    return again(request, form)


def again(request: HttpRequest, form: PinForm) -> HttpResponse:
    context = {"form": form, "asked": ask_once(request)}
    return render(request, "patients/entrance/pin_sign_in.html", context, status=422)


def gone(request: HttpRequest) -> HttpResponse:
    """Whether it was removed, locked or never there."""
    response = render(request, "patients/entrance/pin_gone.html", status=422)
    pins.forget_on_device(response)
    return response

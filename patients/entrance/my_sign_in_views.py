"""A patient's own ways in and devices: what there is, and adding, changing and removing it."""

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.views import password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patients.access import OwnWaysRequest, SignedInRequest, chooses_ways_in, signed_in
from patients.accounts import mailed_codes, pins
from patients.accounts.limits import Limited, slowed, too_many
from patients.accounts.models import PinDevice
from patients.accounts.ways import Way, is_last_way, ways_of
from patients.audit.actions import record
from patients.entrance.forms import NewPinForm, PinForm
from patients.entrance.views import device_name, note_way
from patients.records.models import Invitation

LAST_WAY = _("This is your only way in. Add another one first.")
PURPOSE = "still you"


@require_safe
@chooses_ways_in
def my_sign_in(request: OwnWaysRequest) -> HttpResponse:
    here = pins.device_of(request)
    context = {
        "ways": ways_of(request.user),
        "pin_here": here if here and here.user_id == request.user.pk else None,
        "sessions": UserSession.objects.purge_and_list(request.user),
        "session_here": request.session.session_key,
        "new_links": Invitation.objects.filter(patient=request.patient, renews=True)[:3] if request.patient else (),
    }
    return render(request, "patients/entrance/my_sign_in.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@chooses_ways_in
@reauthentication_required(app="patients")
@sensitive_post_parameters("pin")
def my_pin(request: OwnWaysRequest) -> HttpResponse:
    """A PIN for this device, or another one in its place."""
    device = pins.device_of(request)
    is_mine = device is not None and device.user_id == request.user.pk
    form = NewPinForm(request.POST if request.method == "POST" else None, patient=request.patient)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "patients/entrance/my_pin.html", {"form": form, "is_new": not is_mine}, status=status)
    secret, pin = pins.secret_on(request), form.cleaned_data["pin"]
    if device is not None and is_mine:
        pins.change_pin(device=device, secret=secret, pin=pin, by=request.user)
    else:
        secret = pins.add_pin(user=request.user, pin=pin, name=device_name(request))
    get_adapter(request).send_notification_mail("account/email/pin_set", request.user)
    messages.success(request, gettext("Your PIN for this device is set."))
    response = redirect("my_sign_in")
    pins.keep_on_device(response, secret)
    return response


@require_POST
@chooses_ways_in
@reauthentication_required(app="patients")
def my_pin_remove(request: OwnWaysRequest) -> HttpResponse:
    device = get_object_or_404(PinDevice, pk=number(request, "pin"), user=request.user)
    if is_last_way(request.user, pin=device.pk):
        messages.error(request, LAST_WAY)
        return redirect("my_sign_in")
    pins.remove_pin(device=device, by=request.user)
    get_adapter(request).send_notification_mail("account/email/pin_removed", request.user)
    messages.success(request, gettext("The PIN no longer works."))
    return redirect("my_sign_in")


@require_POST
@chooses_ways_in
def my_device_sign_out(request: OwnWaysRequest) -> HttpResponse:
    """Ending a session makes nobody stronger: no proof is asked for."""
    session = get_object_or_404(UserSession, pk=number(request, "session"), user=request.user)
    is_here = session.session_key == request.session.session_key
    record(by=request.user, action="sessions.ended", patient=request.patient, sessions=1)
    session.end()
    if is_here:
        return redirect("account_login")
    messages.success(request, gettext("That device is signed out."))
    return redirect("my_sign_in")


def number(request: HttpRequest, name: str) -> int:
    """An id from a form. What no table can hold is nobody's."""
    try:
        found = int(request.POST.get(name, "")[:18])
    except ValueError:
        raise Http404 from None
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@chooses_ways_in
@sensitive_post_parameters("pin", "code")
@slowed("pin")
def still_you(request: OwnWaysRequest) -> HttpResponse:
    """allauth asks for a password or a passkey before something changes. Who has neither shows the PIN of this device, or
    a code from the own mailbox."""
    user = request.user
    device = pins.device_of(request)
    if device and device.user_id != user.pk:
        device = None
    came_from = request.POST.get("next") or request.GET.get("next", "")
    context: dict[str, object] = {
        "device": device, "pin_form": PinForm(), "others": others(request), "next": came_from,
    }  # fmt: skip
    purpose = f"{PURPOSE}:{user.pk}"
    if request.method != "POST":
        return render(request, "patients/entrance/still_you.html", context)
    if device and "pin" in request.POST:
        form = context["pin_form"] = PinForm(request.POST)
        if form.is_valid() and pins.fits(device=device, secret=pins.secret_on(request), pin=form.cleaned_data["pin"]):
            return go_on(request, Way.PIN)
        if device.pk is None:
            get_adapter(request).send_notification_mail("account/email/pin_locked", user)
            context["device"] = None
        elif not form.errors:
            form.add_error("pin", gettext("That was not it."))
        return render(request, "patients/entrance/still_you.html", context, status=422)
    if user.email and request.POST.get("code"):
        if mailed_codes.fits(request, request.POST["code"], user.email, purpose=purpose):
            return go_on(request, Way.CODE)
        waits = mailed_codes.is_waiting(request, user.email, purpose=purpose)
        context |= {"code_sent": waits, "code_is_wrong": True}
        return render(request, "patients/entrance/still_you.html", context, status=422)
    if user.email:
        try:
            mailed_codes.send(request, user.email, purpose=purpose)
        except Limited:
            return too_many(request)
        context["code_sent"] = True
    return render(request, "patients/entrance/still_you.html", context)


def others(request: OwnWaysRequest) -> list[dict[str, object]]:
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    return [method for method in methods if method["id"] != "still_you"]


def go_on(request: OwnWaysRequest, way: Way) -> HttpResponse:
    note_way(request, request.user, way, reauthenticated=True)
    return resume_request(request) or redirect(reverse("my_sign_in"))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@reauthentication_required(app="patients")
def account_set_password(request: SignedInRequest) -> HttpResponse:
    """allauth's page for a first password, which takes it from whoever holds the phone."""
    return password_set(request)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mfa_remove_webauthn(request: SignedInRequest, pk: int) -> HttpResponse:
    """allauth's page, which would take a patient's last way in."""
    get_object_or_404(Authenticator, pk=pk, user=request.user, type=Authenticator.Type.WEBAUTHN)
    if request.user.chooses_ways_in and is_last_way(request.user, passkey=pk):
        messages.error(request, LAST_WAY)
        return redirect("my_sign_in")
    return remove_webauthn(request, pk=pk)

"""The patient's end of a one-time link: who it is, which way in, and that one set up."""

from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from exercises.templatetags.look import device
from patients.accounts import mailed_codes
from patients.accounts.limits import Limited, slowed, too_many
from patients.accounts.models import User
from patients.accounts.pins import keep_on_device
from patients.accounts.ways import Way
from patients.entrance.forms import FORMS, BirthDateForm, CodeWayForm, WayForm
from patients.records import invitations
from patients.records.invitations import WRONG_TRIES
from patients.records.models import Invitation

PURPOSE = "welcome"


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@sensitive_post_parameters("password", "pin", "code", "credential")
@slowed("welcome")
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """First the birth date, then the choice of a way in, then that way. Nothing is used up before the last step, and
    each one sends the birth date again. Only looking, as scanners of mail do, changes nothing."""
    invitation = invitations.open_invitation(token)
    if invitation is None:
        return closed(request)
    if request.method != "POST":
        return ask(request, invitation, birth=BirthDateForm())
    birth = BirthDateForm(request.POST)
    if not birth.is_valid():
        return ask(request, invitation, birth=birth, status=422)
    if not invitations.knows_birth_date(invitation=invitation, born_on=birth.born_on):
        birth.add_error(None, gettext("This is not the date of birth that we have."))
        return wrong(request, invitation, birth=birth)
    way = request.POST.get("way")
    if way not in FORMS:
        return ask(request, invitation, birth=birth, chooses=True)
    return set_up(request, invitation, birth, Way(way))


def set_up(request: HttpRequest, invitation: Invitation, birth: BirthDateForm, way: Way) -> HttpResponse:
    form_class = FORMS[way]
    is_sent = form_class.sent_with in request.POST
    form = form_class(request.POST if is_sent else None, patient=invitation.patient, device=device_name(request))
    context: dict[str, Any] = {"birth": birth, "way": way, "form": form}
    if not is_sent:
        return ask(request, invitation, **context)
    if not form.is_valid():
        return ask(request, invitation, **context, status=422)
    if form.address_is_taken():
        invitations.count_wrong_try(invitation=invitation)
        form.add_error(None, gettext("This address cannot be used here. Try another one, or ask us."))
        return wrong(request, invitation, **context)
    if isinstance(form, CodeWayForm):
        show = partial(ask, request, invitation, **context)
        if answer := ask_for_code(request, form, f"{PURPOSE}:{invitation.pk}", show):
            return answer
    return let_in(request, invitation, form, way)


def ask_for_code(
    request: HttpRequest, form: CodeWayForm, purpose: str, ask: Callable[..., HttpResponse]
) -> HttpResponse | None:
    """None where the right code was typed, so that the address is known to be their own."""
    if not form.cleaned_data["code"]:
        try:
            mailed_codes.send(request, form.address, purpose=purpose)
        except Limited:
            return private(too_many(request))
        return ask(code_sent=True)
    if mailed_codes.fits(request, form.cleaned_data["code"], form.address, purpose=purpose):
        return None
    waits = mailed_codes.is_waiting(request, form.address, purpose=purpose)
    form.add_error(
        "code",
        gettext("This is not the code.") if waits else gettext("This code no longer works. Ask for a new one."),
    )
    return ask(code_sent=waits, status=422)


def let_in(request: HttpRequest, invitation: Invitation, form: WayForm, way: Way) -> HttpResponse:
    before = invitation.patient.user.email if invitation.patient.user else ""
    user = invitations.accept(invitation=invitation, email=form.address, set_up=form.set_up)
    if user is None:
        return closed(request)
    if before:
        get_adapter(request).send_notification_mail("account/email/let_in_anew", user, email=before)
    note_way(request, user, way)
    shown_around = invitation.patient.shown_around_at is not None
    response = perform_login(request, user, redirect_url=reverse("today" if shown_around else "first_steps"))
    if form.secret:
        keep_on_device(response, form.secret)
    return response


def note_way(request: HttpRequest, user: User, way: Way, **more: Any) -> None:
    """As allauth notes its own ways, so that the rest of it knows how somebody got in."""
    if way == Way.PASSKEY:
        record_authentication(request, user, method="mfa", type="webauthn", passwordless=True, **more)
    else:
        record_authentication(request, user, method=way.value, **more)


def device_name(request: HttpRequest) -> str:
    return device(request.headers.get("User-Agent", ""))


def wrong(request: HttpRequest, invitation: Invitation, **context: Any) -> HttpResponse:
    if invitation.withdrawn_at:
        return closed(request)
    return ask(request, invitation, **context, tries_left=WRONG_TRIES - invitation.wrong_tries, status=422)


def closed(request: HttpRequest) -> HttpResponse:
    """One page for a link that is used, expired, altered or another's."""
    return private(render(request, "patients/entrance/closed.html", status=410))


def ask(request: HttpRequest, invitation: Invitation, *, status: int = 200, **context: Any) -> HttpResponse:
    patient = invitation.patient
    context |= {"clinic": patient.clinic, "patient": patient}
    if context.get("way") == Way.PASSKEY:
        options = webauthn.begin_registration(invitations.account_of(invitation), passwordless=True)
        context["passkey"] = {"creation_options": options}
    return private(render(request, "patients/entrance/welcome.html", context, status=status))


def private(response: HttpResponse) -> HttpResponse:
    """The token stands in the address: it goes into no referrer and no cache."""
    # Not no-referrer: with it browsers send `Origin: null`, and the form is refused as another site's.
    response["Referrer-Policy"] = "strict-origin"
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response

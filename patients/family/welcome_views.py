"""The helper's end of a one-time link: the patient's birth date, then a way in of their own; or, for somebody who signs
in already, one press."""

from functools import partial
from typing import Any

from allauth.account.utils import perform_login
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from patients.accounts.limits import slowed
from patients.accounts.models import User
from patients.accounts.pins import keep_on_device
from patients.accounts.ways import Way
from patients.entrance.forms import FORMS, BirthDateForm, CodeWayForm, WayForm
from patients.entrance.views import ask_for_code, device_name, note_way, private
from patients.family import actions
from patients.family.addresses import pages_of
from patients.family.models import FamilyAccess
from patients.records.invitations import WRONG_TRIES
from patients.records.models import Patient

PURPOSE = "welcome helper"


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@sensitive_post_parameters("password", "pin", "code", "credential")
@slowed("welcome")
def welcome_helper(request: HttpRequest, token: str) -> HttpResponse:
    """As with a patient's own link, nothing is used up before the last step, and each one sends the birth date again."""
    access = actions.open_link(token)
    if access is None:
        return closed(request)
    if request.method != "POST":
        return ask(request, access, birth=BirthDateForm())
    birth = BirthDateForm(request.POST)
    if not birth.is_valid():
        return ask(request, access, birth=birth, status=422)
    if not actions.knows_birth_date(access=access, born_on=birth.born_on):
        birth.add_error(None, _("This is not the date of birth that we have."))
        return wrong(request, access, birth=birth)
    if request.user.is_authenticated:
        return join(request, access, birth)
    way = request.POST.get("way")
    if way not in FORMS:
        return ask(request, access, birth=birth, chooses=True)
    return set_up(request, access, birth, Way(way))


def join(request: HttpRequest, access: FamilyAccess, birth: BirthDateForm) -> HttpResponse:
    """Somebody who signs in already: it becomes theirs when they say that they are the one it is for."""
    user = request.user
    assert isinstance(user, User)
    if access.patient.user_id == user.pk:
        return ask(request, access, birth=birth, is_own=True)
    if request.POST.get("join") != "yes":
        return ask(request, access, birth=birth, joins=True)
    if not actions.accept_as(access=access, user=user):
        return closed(request)
    request.session["helps"] = True
    return private(redirect(pages_of(access)))


def set_up(request: HttpRequest, access: FamilyAccess, birth: BirthDateForm, way: Way) -> HttpResponse:
    form_class = FORMS[way]
    is_sent = form_class.sent_with in request.POST
    form = form_class(request.POST if is_sent else None, patient=newcomer(access), device=device_name(request))
    context: dict[str, Any] = {"birth": birth, "way": way, "form": form}
    if not is_sent:
        return ask(request, access, **context)
    if not form.is_valid():
        return ask(request, access, **context, status=422)
    if form.address_is_taken():
        actions.count_wrong_try(access=access)
        form.add_error(
            None, _("This address cannot be used here. Do you sign in with it already? Then sign in first.")
        )
        return wrong(request, access, **context)
    if isinstance(form, CodeWayForm):
        show = partial(ask, request, access, **context)
        if answer := ask_for_code(request, form, f"{PURPOSE}:{access.pk}", show):
            return answer
    return let_in(request, access, form, way)


def newcomer(access: FamilyAccess) -> Patient:
    """Who the forms of the ways in are for: a name without a record. The birthday that is no PIN is the patient's."""
    user = actions.newcomer(access)
    return Patient(first_name=user.first_name, last_name=user.last_name, born_on=access.patient.born_on)


def let_in(request: HttpRequest, access: FamilyAccess, form: WayForm, way: Way) -> HttpResponse:
    user = actions.accept(access=access, email=form.address, set_up=form.set_up)
    if user is None:
        return closed(request)
    note_way(request, user, way)
    response = perform_login(request, user, redirect_url=pages_of(access))
    if form.secret:
        keep_on_device(response, form.secret)
    return response


def wrong(request: HttpRequest, access: FamilyAccess, **context: Any) -> HttpResponse:
    if access.wrong_tries >= WRONG_TRIES:
        return closed(request)
    return ask(request, access, **context, tries_left=WRONG_TRIES - access.wrong_tries, status=422)


def closed(request: HttpRequest) -> HttpResponse:
    """One page for a link that is used, expired, altered or closed."""
    return private(render(request, "patients/family/closed.html", status=410))


def ask(request: HttpRequest, access: FamilyAccess, *, status: int = 200, **context: Any) -> HttpResponse:
    # Before the birth date nothing is said of whose it is.
    context |= {"clinic": access.patient.clinic, "access": access}
    if context.get("way") == Way.PASSKEY:
        options = webauthn.begin_registration(actions.account_of(access), passwordless=True)
        context["passkey"] = {"creation_options": options}
    return private(render(request, "patients/family/welcome.html", context, status=status))

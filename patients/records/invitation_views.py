"""A patient's way in, from both ends: the clinician's link and sheet, and the patient's welcome page."""

from io import BytesIO
from typing import Any
from uuid import UUID

import qrcode
from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from qrcode.image.svg import SvgPathImage

from patients.access import ClinicianRequest, clinician_required
from patients.accounts.actions import allow_sign_in, send_password_link, stop_sign_in
from patients.records import invitations
from patients.records.invitations import VALID_FOR, WRONG_TRIES
from patients.records.models import Invitation
from patients.records.views import record_of
from patients.records.welcome_forms import BirthDateForm, WayInForm


@require_POST
@clinician_required
def patient_invite(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """Answers with the link itself, the one time that it can be shown: also as a sheet to print, with a QR code."""
    patient = record_of(request, uuid)
    try:
        link = invitations.invite(
            patient=patient,
            by=request.user,
            address_of=lambda token: request.build_absolute_uri(reverse("welcome", args=[token])),
        )
    except invitations.HasSignIn:
        messages.error(request, f"{patient.full_name} signs in already, or is discharged: no link was made.")
        return redirect("patient_record", patient.uuid)
    context = {"patient": patient, "link": link, "qr": qr_code(link), "days": VALID_FOR.days}
    return render(request, "patients/records/invited.html", context)


def qr_code(text: str) -> SafeString:
    drawing = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, border=2).save(drawing)
    svg = drawing.getvalue().decode()
    return mark_safe(svg[svg.index("<svg") :].replace("<svg", '<svg class="qr" role="img" aria-label="QR code"', 1))


@require_POST
@clinician_required
def patient_uninvite(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid)
    invitations.withdraw_invitations(patient=patient, by=request.user)
    messages.success(request, "The link no longer works.")
    return redirect("patient_record", patient.uuid)


@require_POST
@clinician_required
def patient_sign_in(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """`wanted` says what the sign-in shall be: allowed, stopped, or helped along with a new password link."""
    patient = record_of(request, uuid)
    user = patient.user
    if user is None or user.is_staff_member:
        messages.error(request, "This patient's sign-in cannot be changed here.")
    elif request.POST.get("wanted") == "stopped":
        stop_sign_in(user=user, by=request.user)
        messages.success(request, f"{patient.full_name} can no longer sign in, and is signed out everywhere.")
    elif request.POST.get("wanted") == "allowed":
        allow_sign_in(user=user, by=request.user)
        messages.success(request, f"{patient.full_name} can sign in again.")
    elif request.POST.get("wanted") == "password link" and user.is_active:
        send_password_link(user=user, by=request.user, request=request)
        messages.success(request, f"A link to choose a new password is on its way to {user.email}.")
    return redirect("patient_record", patient.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@sensitive_post_parameters("password")
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """First the birth date, then an e-mail address and a password. Nothing is kept between the two: the second form
    sends the birth date again."""
    invitation = invitations.open_invitation(token)
    if invitation is None:
        return private(render(request, "patients/records/welcome_closed.html", status=410))
    if request.method != "POST":
        return ask(request, invitation, birth=BirthDateForm())
    birth = BirthDateForm(request.POST)
    if not birth.is_valid():
        return ask(request, invitation, birth=birth, status=422)
    if not invitations.knows_birth_date(invitation=invitation, born_on=birth.born_on):
        return wrong(request, invitation, birth=birth)
    if "password" not in request.POST:
        return ask(request, invitation, birth=birth, way_in=WayInForm(patient=invitation.patient))
    way_in = WayInForm(request.POST, patient=invitation.patient)
    if not way_in.is_valid():
        return ask(request, invitation, birth=birth, way_in=way_in, status=422)
    if way_in.address_is_taken():
        invitations.count_wrong_try(invitation=invitation)
        way_in.add_error("email", "This address cannot be used here. Try another one, or ask us.")
        return wrong(request, invitation, birth=birth, way_in=way_in)
    user = invitations.accept(invitation=invitation, **way_in.cleaned_data)
    if user is None:
        return private(render(request, "patients/records/welcome_closed.html", status=410))
    return perform_login(request, user, redirect_url=reverse("today"))


def wrong(request: HttpRequest, invitation: Invitation, **forms: Any) -> HttpResponse:
    if invitation.withdrawn_at:
        return private(render(request, "patients/records/welcome_closed.html", status=410))
    left = WRONG_TRIES - invitation.wrong_tries
    if "way_in" not in forms:
        forms["birth"].add_error(None, "This is not the date of birth that we have.")
    return ask(request, invitation, **forms, tries_left=left, status=422)


def ask(request: HttpRequest, invitation: Invitation, *, status: int = 200, **context: Any) -> HttpResponse:
    clinic = invitation.patient.clinic
    return private(render(request, "patients/records/welcome.html", {"clinic": clinic, **context}, status=status))


def private(response: HttpResponse) -> HttpResponse:
    """The token stands in the address: it goes into no referrer and no cache."""
    # Not no-referrer: with it browsers send `Origin: null`, and the form is refused as another site's.
    response["Referrer-Policy"] = "strict-origin"
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response

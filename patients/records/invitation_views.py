"""A patient's way in, at the clinician's end: the link and its sheet, and what becomes of a sign-in."""

from io import BytesIO
from uuid import UUID

import qrcode
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from qrcode.image.svg import SvgPathImage

from patients.access import ClinicianRequest, clinician_required
from patients.accounts.actions import allow_sign_in, end_sessions, send_password_link, stop_sign_in
from patients.records import invitations
from patients.records.views import record_of


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
            phone_is_lost=request.POST.get("lost") == "yes",
        )
    except invitations.HasSignIn:
        messages.error(
            request,
            gettext("%(name)s signs in already, or is discharged: no link was made.") % {"name": patient.full_name},
        )
        return redirect("patient_record", patient.uuid)
    context = {"patient": patient, "link": link, "qr": qr_code(link), "days": settings.INVITATION_DAYS}
    return render(request, "patients/records/invited.html", context)


def qr_code(text: str) -> SafeString:
    """With the border of four that scanners count on; records.css keeps it dark on white in every theme."""
    drawing = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, border=4).save(drawing)
    svg = drawing.getvalue().decode()
    opening = format_html('<svg class="qr" role="img" aria-label="{}"', gettext("QR code"))
    return mark_safe(svg[svg.index("<svg") :].replace("<svg", opening, 1))


@require_POST
@clinician_required
def patient_uninvite(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    patient = record_of(request, uuid)
    invitations.withdraw_invitations(patient=patient, by=request.user)
    messages.success(request, gettext("The link no longer works."))
    return redirect("patient_record", patient.uuid)


@require_POST
@clinician_required
def patient_sign_in(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    """`wanted` says what the sign-in shall be: allowed, stopped, signed out, or helped along with a password link."""
    patient = record_of(request, uuid)
    user = patient.user
    if user is None or user.is_staff_member:
        messages.error(request, gettext("This patient's sign-in cannot be changed here."))
    elif request.POST.get("wanted") == "stopped":
        stop_sign_in(user=user, by=request.user)
        messages.success(
            request,
            gettext("%(name)s can no longer sign in, and is signed out everywhere.") % {"name": patient.full_name},
        )
    elif request.POST.get("wanted") == "allowed":
        allow_sign_in(user=user, by=request.user)
        messages.success(request, gettext("%(name)s can sign in again.") % {"name": patient.full_name})
    elif request.POST.get("wanted") == "signed out":
        end_sessions(user=user, by=request.user)
        messages.success(request, gettext("%(name)s is signed out on all devices.") % {"name": patient.full_name})
    elif request.POST.get("wanted") == "password link" and user.is_active and user.email:
        send_password_link(user=user, by=request.user, request=request)
        messages.success(
            request, gettext("A link to choose a new password is on its way to %(email)s.") % {"email": user.email}
        )
    return redirect("patient_record", patient.uuid)

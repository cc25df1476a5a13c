"""Family and helpers: the patient's pages, the clinician's, and the list of those whom somebody helps."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patients.access import (
    ClinicianRequest,
    PatientRequest,
    SignedInRequest,
    clinician_required,
    patient_required,
    signed_in,
)
from patients.family import giving
from patients.family.giving import Side
from patients.family.models import FamilyAccess
from patients.records.views import record_of

FORM = ["GET", "HEAD", "POST"]


def own(request: PatientRequest) -> Side:
    return Side(request.patient, request.user, by_clinic=False)


def of_record(request: ClinicianRequest, uuid: UUID, *, part: str = "") -> Side:
    return Side(record_of(request, uuid, part=part), request.user, by_clinic=True)


@require_safe
@patient_required
def family(request: PatientRequest) -> HttpResponse:
    return giving.overview(request, own(request))


@require_http_methods(FORM)
@patient_required
def family_give(request: PatientRequest) -> HttpResponse:
    return giving.give(request, own(request))


@require_POST
@patient_required
def family_link(request: PatientRequest, access: UUID) -> HttpResponse:
    return giving.link(request, own(request), access)


@require_http_methods(FORM)
@patient_required
def family_renew(request: PatientRequest, access: UUID) -> HttpResponse:
    return giving.renew(request, own(request), access)


@require_http_methods(FORM)
@patient_required
def family_end(request: PatientRequest, access: UUID) -> HttpResponse:
    return giving.end(request, own(request), access)


@require_safe
@clinician_required
def patient_family(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    return giving.overview(request, of_record(request, uuid, part="family"))


@require_http_methods(FORM)
@clinician_required
def patient_family_give(request: ClinicianRequest, uuid: UUID) -> HttpResponse:
    return giving.give(request, of_record(request, uuid))


@require_POST
@clinician_required
def patient_family_link(request: ClinicianRequest, uuid: UUID, access: UUID) -> HttpResponse:
    return giving.link(request, of_record(request, uuid), access)


@require_http_methods(FORM)
@clinician_required
def patient_family_renew(request: ClinicianRequest, uuid: UUID, access: UUID) -> HttpResponse:
    return giving.renew(request, of_record(request, uuid), access)


@require_http_methods(FORM)
@clinician_required
def patient_family_end(request: ClinicianRequest, uuid: UUID, access: UUID) -> HttpResponse:
    return giving.end(request, of_record(request, uuid), access)


@require_safe
@signed_in
def helping(request: SignedInRequest) -> HttpResponse:
    """Whom this person helps, each with the way to their pages."""
    held = list(FamilyAccess.objects.held_by(request.user))
    context = {"open": [each for each in held if each.is_open], "over": [each for each in held if not each.is_open]}
    return render(request, "patients/family/helping.html", context)

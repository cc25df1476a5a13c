"""Who may use a view. Each view carries exactly one of these guards, or Django's `login_not_required`.

A function that a role does not have answers 403, checked first. An object that a person may not see answers
404, as if it did not exist: views fetch it through `visible_to(user)`. `tests/test_access.py` walks every address
as every role.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from patients.accounts.models import Clinician, User
from patients.records.models import Patient

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    user: User
    htmx: HtmxDetails


class PatientRequest(SignedInRequest):
    """`request.patient` is the person signed in."""

    patient: Patient


class ClinicianRequest(SignedInRequest):
    clinician: Clinician


def patient_required(
    view: Callable[Concatenate[PatientRequest, P], HttpResponse],
) -> Callable[Concatenate[PatientRequest, P], HttpResponse]:
    @wraps(view)
    def guarded(request: PatientRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_patient:
            raise PermissionDenied
        request.patient = request.user.patient
        return view(request, *args, **kwargs)

    guarded.guard = "patient"  # type: ignore[attr-defined]
    return guarded


def clinician_required(
    view: Callable[Concatenate[ClinicianRequest, P], HttpResponse],
) -> Callable[Concatenate[ClinicianRequest, P], HttpResponse]:
    @wraps(view)
    def guarded(request: ClinicianRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_clinician:
            raise PermissionDenied
        request.clinician = request.user.clinician
        return view(request, *args, **kwargs)

    guarded.guard = "clinician"  # type: ignore[attr-defined]
    return guarded


def signed_in(
    view: Callable[Concatenate[SignedInRequest, P], HttpResponse],
) -> Callable[Concatenate[SignedInRequest, P], HttpResponse]:
    """Any signed-in person. `SignInRequired` has already turned strangers away; this says that no role is needed."""
    view.guard = "signed_in"  # type: ignore[attr-defined]
    return view

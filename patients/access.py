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
from django.shortcuts import render
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from patients.accounts.models import Clinician, User
from patients.family.actions import note_look
from patients.family.rules import Doing
from patients.records.models import Patient

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    user: User
    htmx: HtmxDetails


class PatientRequest(SignedInRequest):
    """`request.patient` is the person signed in, or in a view that lets helpers in, whom they help."""

    patient: Patient


class ClinicianRequest(SignedInRequest):
    clinician: Clinician


def patient_required(
    view: Callable[Concatenate[PatientRequest, P], HttpResponse],
) -> Callable[Concatenate[PatientRequest, P], HttpResponse]:
    @wraps(view)
    def guarded(request: PatientRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.helping:
            return theirs_alone(request)
        if not request.user.is_patient:
            raise PermissionDenied
        request.patient = request.user.patient
        return view(request, *args, **kwargs)

    guarded.guard = "patient"  # type: ignore[attr-defined]
    return guarded


def patient_or_helper(
    doing: Doing,
) -> Callable[
    [Callable[Concatenate[PatientRequest, P], HttpResponse]], Callable[Concatenate[PatientRequest, P], HttpResponse]
]:
    """The patient; or, below `/helping/`, who helps them and may do this (`patients.family.rules`)."""

    def decorate(
        view: Callable[Concatenate[PatientRequest, P], HttpResponse],
    ) -> Callable[Concatenate[PatientRequest, P], HttpResponse]:
        @wraps(view)
        def guarded(request: PatientRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            access = request.user.helping
            if access:
                if not access.may(doing):
                    return theirs_alone(request, asks=doing == Doing.ANSWER)
                note_look(access=access, by=request.user)
            elif not request.user.is_patient:
                raise PermissionDenied
            request.patient = request.user.plan_of
            return view(request, *args, **kwargs)

        guarded.guard = "patient_or_helper"  # type: ignore[attr-defined]
        guarded.lets_helpers = doing  # type: ignore[attr-defined]
        return guarded

    return decorate


def theirs_alone(request: SignedInRequest, *, asks: bool = False) -> HttpResponse:
    """A kind word to who helps. asks: it is about health questions that only the patient answers."""
    if request.htmx:  # the page comes anew and says why
        return HttpResponse(status=403, headers={"HX-Refresh": "true"})
    context = {"access": request.user.helping, "asks": asks}
    return render(request, "patients/family/theirs_alone.html", context, status=403)


def clinician_required(
    view: Callable[Concatenate[ClinicianRequest, P], HttpResponse],
) -> Callable[Concatenate[ClinicianRequest, P], HttpResponse]:
    """Its pages tell the time by the clinic's clock; what is of a patient's day says so."""

    @wraps(view)
    def guarded(request: ClinicianRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_clinician:
            raise PermissionDenied
        request.clinician = request.user.clinician
        with timezone.override(request.clinician.clinic.zone):
            return view(request, *args, **kwargs)

    guarded.guard = "clinician"  # type: ignore[attr-defined]
    return guarded


class OwnWaysRequest(SignedInRequest):
    """`request.patient` is the person's own record; none of who helps somebody and is no patient."""

    patient: Patient | None


def chooses_ways_in(
    view: Callable[Concatenate[OwnWaysRequest, P], HttpResponse],
) -> Callable[Concatenate[OwnWaysRequest, P], HttpResponse]:
    """Patients, and those who help one, in their own name."""

    @wraps(view)
    def guarded(request: OwnWaysRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.chooses_ways_in:
            raise PermissionDenied
        request.patient = request.user.own_record
        return view(request, *args, **kwargs)

    guarded.guard = "chooses_ways_in"  # type: ignore[attr-defined]
    return guarded


def signed_in(
    view: Callable[Concatenate[SignedInRequest, P], HttpResponse],
) -> Callable[Concatenate[SignedInRequest, P], HttpResponse]:
    """Any signed-in person. `SignInRequired` has already turned strangers away; this says that no role is needed."""
    view.guard = "signed_in"  # type: ignore[attr-defined]
    return view

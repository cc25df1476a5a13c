"""What the pages about family and helpers show."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from patients.accounts.models import User
from patients.family.models import FamilyAccess
from patients.records.models import Patient

ON_HOLD = "patients/family/on_hold.html"


@dataclass(frozen=True)
class Family:
    """Who may look or help, who is yet to open the link, and who could until lately."""

    patient: Patient
    open: list[FamilyAccess]
    waiting: list[FamilyAccess]
    over: list[FamilyAccess]


OVER_SHOWN = 10


def family_of(patient: Patient) -> Family:
    """One query."""
    found = list(patient.family.select_related("helper", "given_by", "ended_by"))
    for access in found:
        access.patient = patient  # with its clinic, and without a query each
    return Family(
        patient,
        open=[access for access in found if access.is_open],
        waiting=[access for access in found if access.is_waiting],
        over=[access for access in found if access.is_over][:OVER_SHOWN],
    )


def helpers_of(patient: Patient) -> dict[int, FamilyAccess]:
    """Whoever helps or helped, by their user: the newest access of each. One query."""
    return {access.helper_id: access for access in patient.family.exclude(helper=None).reverse() if access.helper_id}


def only_one_helped(user: User) -> FamilyAccess | None:
    """Where it is clear whom somebody wants to see."""
    found = [access for access in FamilyAccess.objects.held_by(user).standing() if access.is_open]
    return found[0] if len(found) == 1 else None


def on_hold(request: HttpRequest) -> HttpResponse:
    """For who helps a patient whose red-flag check says stop: that it does, not why."""
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, ON_HOLD, status=403)
    response = render(request, f"{ON_HOLD}#advice", {"is_fragment": True}, status=403)
    response["HX-Retarget"], response["HX-Reswap"] = "#main", "innerHTML show:window:top"
    return response

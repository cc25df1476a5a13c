from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """What every page needs: the clinic in whose name it speaks, and the policy's nonce under Django 6's name."""
    user = getattr(request, "user", None)
    clinic = None
    if user is not None and user.is_authenticated:
        if user.is_clinician:
            clinic = user.clinician.clinic
        elif user.is_patient:
            clinic = user.patient.clinic
    return {
        "clinic": clinic,
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "is_demo": settings.MODE == "demo",
    }

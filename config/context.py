from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from patients.accounts.look import Look
from patients.models import Clinic

SHELLS = {"clinician": "clinic.html", "patient": "patient.html"}


def site(request: HttpRequest) -> dict[str, object]:
    """What every page needs: the clinic in whose name it speaks, the shell of the person's role, whose device a patient's
    own is, the chosen look and language, and the policy's nonce under Django 6's name."""
    user = getattr(request, "user", None)
    role, clinic, owner = "none", SimpleLazyObject(Clinic.objects.speaking_in_public), ""
    if user is not None and user.is_authenticated:
        role = user.role
        if role in SHELLS:
            clinic = getattr(user, role).clinic
        if user.is_patient:
            owner = user.patient.device_key
    return {
        "clinic": clinic,
        "shell": SHELLS.get(role, "site.html"),
        "language": get_language(),
        "look": Look.of(request.COOKIES),
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "owner": owner,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "is_demo": settings.MODE in {"demo", "development"},
    }

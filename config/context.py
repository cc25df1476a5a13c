from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from patients.accounts.look import Look
from patients.models import Clinic

SOURCE_LANGUAGE = "en-gb"
SHELLS = {"clinician": "clinic.html", "patient": "patient.html"}


def site(request: HttpRequest) -> dict[str, object]:
    """What every page needs: the clinic in whose name it speaks, the shell of the person's role, whose device a patient's
    own is, the chosen look and language, and the policy's nonce under Django 6's name."""
    user = getattr(request, "user", None)
    role, clinic, owner = "none", SimpleLazyObject(Clinic.objects.speaking_in_public), ""
    if user is not None and user.is_authenticated:
        role = user.role
        if user.helping:
            clinic = user.helping.patient.clinic
        elif role in SHELLS:
            clinic = getattr(user, role).clinic
        if user.is_patient:
            owner = user.patient.device_key
    helping = getattr(user, "helping", None)
    return {
        "clinic": clinic,
        "shell": "patient.html" if helping else SHELLS.get(role, "site.html"),
        # On the pages of somebody whom this person helps: the access, and what it does not let them do.
        "helping": helping,
        "looks_only": helping and not helping.helps,
        "cannot_answer": helping and not helping.answers,
        "language": get_language(),
        # Other languages have longer words: they get the room that a larger text gets.
        "is_translated": get_language() != SOURCE_LANGUAGE,
        "look": Look.of(request.COOKIES),
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "owner": owner,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "is_demo": settings.MODE in {"demo", "development"},
    }

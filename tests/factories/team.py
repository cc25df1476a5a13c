"""Who is away and who covers."""

from datetime import timedelta

from patients.models import Absence, Clinician
from patients.team.away import announce
from patients.team.rules import divided


def absence(clinician: Clinician, cover: Clinician, first: int = 0, last: int = 3) -> Absence:
    """`first` and `last` are days from the clinic's today on."""
    today = clinician.today()
    parts = divided(today + timedelta(days=first), today + timedelta(days=last), cover)
    return announce(clinician=clinician, by=clinician.user, parts=parts)

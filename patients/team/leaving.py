"""A clinician stops working here. The account is stopped and never deleted: history keeps who wrote what."""

from django.db import transaction

from patients.accounts.absences import Absence
from patients.accounts.actions import stop_sign_in
from patients.accounts.models import Clinician, User
from patients.audit.actions import record
from patients.records.models import Patient
from patients.team import away
from patients.team.handing_over import give, leave_alone


def led_by(clinician: Clinician) -> "list[Patient]":
    """Active patients, and only of the clinician's own clinic."""
    led = Patient.objects.active().filter(care_team__clinician=clinician, care_team__leads=True)
    return list(led.filter(clinic=clinician.clinic_id))


@transaction.atomic
def deactivate(*, clinician: Clinician, by: User, to: Clinician | None) -> int:
    """From the next request on they are signed out. Their patients go to `to`, or are patients whom nobody leads: the place
    on the care team stays then, so that whoever comes back finds those whom nobody took meanwhile."""
    stop_sign_in(user=clinician.user, by=by)
    patients = led_by(clinician)
    for patient in patients:
        if to:
            give(patient=patient, by=by, giver=clinician, to=to)
        else:
            leave_alone(patient=patient, by=by, giver=clinician)
    for absence in Absence.objects.standing().filter(clinician=clinician, last_day__gte=clinician.today()):
        away.end(absence=absence, by=by)
    record(by=by, action="clinician.left", subject=f"clinician:{clinician.pk}", patients=len(patients))
    return len(patients)

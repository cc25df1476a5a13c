"""Life in the demo's team: a holiday next week, a colleague who left, and a patient whom nobody leads yet."""

from datetime import date, timedelta

from clinic.demo.story import add_user
from patients.models import Clinician, Patient, User
from patients.records.actions import hand_over
from patients.team.away import announce
from patients.team.handing_over import give
from patients.team.leaving import deactivate
from patients.team.rules import divided

LEFT = ("nell.ashgrove@demo.example", "Nell", "Ashgrove")
ALONE = "Orchardine"
HANDED_OVER = ("Rafiq", "His rota comes out on Fridays. Ask for it before you plan the week.")


def add_team(today: date, password: str) -> None:
    priya, sam, tomas = (
        Clinician.objects.select_related("clinic", "user").get(user__email=f"{name}@demo.example")
        for name in ("clinician", "clinician2", "clinician3")
    )
    monday = today + timedelta(days=7 - today.weekday())
    parts = divided(monday, monday + timedelta(days=4), tomas, [(monday + timedelta(days=3), priya)])
    announce(clinician=sam, by=sam.user, parts=parts)

    admin = User.objects.get(email="admin@demo.example")
    nell = Clinician.objects.create(user=add_user(*LEFT, password), clinic=sam.clinic, title="Physiotherapist")
    hand_over(patient=Patient.objects.get(last_name=ALONE), by=tomas.user, to=nell, lead_stays=False)
    deactivate(clinician=nell, by=admin, to=None)

    first_name, note = HANDED_OVER
    patient = Patient.objects.get(first_name=first_name, clinic=sam.clinic)
    give(patient=patient, by=sam.user, giver=sam, to=tomas, note=note)

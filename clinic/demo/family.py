"""Who in the demo lets somebody look or help. The same on the same date."""

from datetime import date, timedelta

from clinic.demo.story import add_user
from patients.family import actions
from patients.family.actions import Agreed
from patients.family.rules import Channel, Level
from patients.models import FamilyAccess, Patient, User

HELPER = "helper@demo.example"
HELPER_NAME = ("Dora", "Fennimore")


def add_family(today: date, password: str) -> None:
    """A daughter who helps her mother and looks in on a neighbour, a husband who only looks, and a link that waits."""
    daughter = add_user(HELPER, *HELPER_NAME, password)
    husband = add_user("ben.castellane@family.example", "Ben", "Castellane", "")
    husband.set_unusable_password()
    husband.save()
    _let("Ellismoor", daughter, "daughter", Level.HELP, today, days=80)
    # Ends within the week: the patient's page says so.
    _let("Whitfern", daughter, "neighbour", Level.LOOK, today, days=4)
    _let("Delmarine", husband, "husband", Level.LOOK, today, days=150)
    _give("Tidewarden", "Ines Sandbrook", "sister", Level.HELP, today, days=89)


def _let(surname: str, helper: User, relation: str, level: Level, today: date, *, days: int) -> None:
    access = _give(surname, str(helper), relation, level, today, days=days)
    actions.accept_as(access=access, user=helper)
    FamilyAccess.objects.filter(pk=access.pk).update(seen_on=today - timedelta(days=1))


def _give(surname: str, name: str, relation: str, level: Level, today: date, *, days: int) -> FamilyAccess:
    patient = Patient.objects.select_related("clinic", "user").get(last_name=surname, clinic__is_demo=True)
    assert patient.user
    agreed = Agreed(level, today + timedelta(days=days), Channel.SELF, today)
    access, token = actions.give(patient=patient, by=patient.user, name=name, relation=relation, agreed=agreed)
    return actions.open_link(token) or access

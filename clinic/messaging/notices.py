"""What the portal itself writes into a patient's conversation."""

from django.utils.formats import date_format
from django.utils.translation import gettext, override

from clinic.messaging.actions import tell
from patients.team.models import EmergencyAccess


def tell_of_opened_record(access: EmergencyAccess) -> None:
    """Who and when. Why is in the record: it may be about health, and a person can explain it better."""
    patient = access.patient
    with override(patient.speaks):
        words = gettext(
            "This note is written by itself. %(who)s, who does not usually look after you, opened your record on "
            "%(day)s at %(time)s, because it was urgent. They can see it for some hours, then it closes again. "
            "If you have questions about this, write to us here or call us."
        )
        at = access.opened_at.astimezone(patient.zone)
        text = words % {"who": access.by, "day": date_format(at, "l j F"), "time": date_format(at, "H:i")}
    tell(patient=patient, by=access.by.user, key=access.uuid, text=text, now=access.opened_at)

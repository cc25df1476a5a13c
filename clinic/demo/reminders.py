"""Who in the demo asked to be reminded. The same on the same date."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic.demo.story import ZONE
from clinic.reminders.models import CalendarFeed, Reminder, Sending, new_token
from clinic.reminders.rules import State, Way
from patients.models import Patient

EVERY_DAY = list(range(7))
# At what time and on which weekdays, by e-mail: a demo has no phones.
ASKED = {
    "Ellismoor": (time(8), EVERY_DAY),
    "Tidewarden": (time(18), EVERY_DAY),
}
IN_THE_CALENDAR = "Lanternlake"
# One day on which the mail server had enough, for whoever looks at it in the admin.
REFUSED = ("Tidewarden", 3, "SMTPDataError 451")
DAYS = 7


def add_reminders(today: date) -> None:
    """Asked for a month ago; of today none is noted, so that the demo sends one when its time has come."""
    zone = ZoneInfo(ZONE)
    asked_at = datetime.combine(today - timedelta(days=30), time(12), UTC)
    rows = []
    for patient in Patient.objects.filter(last_name__in=ASKED, clinic__is_demo=True).order_by("pk"):
        assert patient.user
        at, weekdays = ASKED[patient.last_name]
        Reminder.objects.create(
            patient=patient, way=Way.EMAIL.value, at=at, weekdays=weekdays, set_at=asked_at, set_by=patient.user
        )
        for ago in range(DAYS, 0, -1):
            day = today - timedelta(days=ago)
            if day.weekday() in weekdays:
                is_refused = REFUSED[:2] == (patient.last_name, ago)
                sent_at = datetime.combine(day, at, zone) + timedelta(minutes=1)
                rows.append(
                    Sending(
                        patient=patient, day=day, kind=Sending.SESSION, way=Way.EMAIL.value, begun_at=sent_at,
                        claimed_at=sent_at, tries=6 if is_refused else 1, fault=REFUSED[2] if is_refused else "",
                        state=State.DROPPED.value if is_refused else State.SENT.value,
                    )
                )  # fmt: skip
    Sending.objects.bulk_create(rows)
    someone = Patient.objects.get(last_name=IN_THE_CALENDAR, clinic__is_demo=True)
    CalendarFeed.objects.create(patient=someone, token=new_token(), edits=1, set_at=asked_at)

"""What the demo's patients and clinicians wrote to each other. Deterministic given the date."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic.messaging import actions
from clinic.messaging.models import Message
from clinic.prescriptions.models import PrescribedExercise
from patients.models import Patient

# Days ago, the hour, who, and what: a clinician's words end what waits, and a patient's wait.
ASKS, ANSWERS = "asks", "answers"
THREADS: dict[str, tuple[tuple[int, int, str, str], ...]] = {
    "Ellismoor": (
        (12, 9, ASKS, "My back is stiff for an hour after the garden, then it is fine. Is that all right, or should I stop digging?"),
        (11, 14, ANSWERS, "Stiff for an hour and then fine is all right. Dig for 20 minutes, walk a little, then dig again."),
        (11, 18, ASKS, "Thank you, that worked. Biscuit got his walk as well 🐕"),
        (10, 10, ANSWERS, "Lovely to hear. See you on the path!"),
        (1, 19, ASKS, "My grandson is here next week and wants to be carried. He weighs 14 kg. May I?"),
    ),
    "Delmarine": (
        (6, 8, ASKS, "The pain in my calf is less, but my foot tingles when I sit in the car."),
        (6, 16, ANSWERS, "Good that the calf is better. Stop every 30 minutes and walk. If the foot goes numb or weak, call us at once."),
    ),
    "Rahmoor": (
        (5, 21, ASKS, "Could my breaks be a little shorter? Somebody always calls me right then."),
        (4, 9, ASKS, "I mean on Mondays and Thursdays, the other days are fine."),
    ),
    "Whitfern": (
        (9, 11, ASKS, "The wedding is on Saturday. I stood straight for the whole rehearsal."),
        (8, 9, ANSWERS, "That is wonderful, George. Sit down for the speeches all the same."),
    ),
    "Okafarrow": ((2, 6, ASKS, "Back from a night shift. Do I do the plan before I sleep or after?"),),
    "Tidewarden": (
        (7, 12, ASKS, "Is rowing on flat water allowed already?"),
        (6, 10, ANSWERS, "Yes: 10 minutes, easy, and tell me how the next morning was."),
        (2, 20, ASKS, "I rowed 10 minutes. The next morning was fine!"),
    ),
}  # fmt: skip
# Whose last question came from an exercise's page.
ABOUT = "Tidewarden"


def add_messages(today: date) -> None:
    for surname, thread in THREADS.items():
        rng = Random(f"backwell demo messages {surname}")  # noqa: S311  a story, not a secret
        for number, (days, hour, who, text) in enumerate(thread, start=1):
            now = _at(today - timedelta(days=days), hour, rng.randint(2, 50))
            patient = Patient.objects.select_related("clinic", "user").get(last_name=surname)
            is_last = number == len(thread)
            about = _line(patient) if surname == ABOUT and is_last else None
            _add(patient, who, UUID(int=rng.getrandbits(128), version=4), text, about, now)


def _add(patient: Patient, who: str, key: UUID, text: str, about: PrescribedExercise | None, now: datetime) -> None:
    lead = patient.care_team.get(leads=True).clinician.user
    if who == ASKS:
        assert patient.user
        actions.note_read(patient=patient, by=patient.user)
        actions.write(patient=patient, by=patient.user, key=key, text=text, about=about, now=now)
        return
    seen = list(Message.objects.filter(patient=patient).with_people())
    actions.note_seen(messages=seen, by=lead, now=now - timedelta(minutes=4))
    actions.answer(patient=patient, by=lead, key=key, text=text, seen_to=seen[-1].pk, now=now)


def _line(patient: Patient) -> PrescribedExercise:
    lines = PrescribedExercise.objects.filter(prescription__patient=patient, prescription__ended_at=None)
    line = lines.filter(prescription__published_at__isnull=False).order_by("pk").first()
    assert line
    return line


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo("Europe/London")).astimezone(UTC)

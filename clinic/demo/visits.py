"""What the demo's clinicians wrote at visits, and how close some patients are to what they want. The same on the same
date."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic.demo.story import ZONE
from patients.models import Goal, GoalStep, Note, Patient, User

AT_NINE, IN_THE_EVENING = time(9, 50), time(19, 15)


@dataclass(frozen=True, slots=True)
class Visit:
    """A note in four parts, written so many days ago."""

    days_ago: int
    subjective: str
    objective: str
    assessment: str
    plan: str


VISITS = {
    "Ellismoor": (
        Visit(
            35,
            "Mornings easier, still guards when bending to the dishwasher. Sleeps through.",
            "Flexion to mid-shin, was knees. Prone hold 22 s. Single leg stance 18 s right, 14 s left. No nerve signs.",
            "Good response to graded movement; fear of bending is going, endurance of the trunk is still low.",
            "Stage 2 from today: bridge and bird dog harder.\nWalk the dog daily, 5 minutes more each week.\n"
            "Bend for light things without thinking first.\nSee again in five weeks.",
        ),
        Visit(
            10,
            "Walked 25 minutes twice last week without sitting down. Stiff after gardening, gone by evening.",
            "Flexion fingertips to ankles, no guarding. Prone hold 48 s. Side bridge 31 s right, 27 s left.",
            "On course for her goal. Load may rise; no reason for hands-on treatment.",
            "Go on with this plan.\nLongest walk of the week up to 30 minutes.\nReview goal and measures at the next visit.",
        ),
    ),
    "Delmarine": (
        Visit(
            28,
            "Leg pain only after sitting over 40 minutes. Drove two hours on Sunday without trouble.",
            "Centralises with repeated extension in lying. SLR 75° right, was 50°. Reflexes and strength equal.",
            "Extension-sensitive disc-related pain, settling. No red flags.",
            "Repeated extension every two waking hours at work days.\nSitting in blocks of 30 minutes.\nRing if numbness spreads.",
        ),
    ),
    "Okafarrow": (
        Visit(
            41,
            "Back sore after three nights in a row. Sleeps four to five hours. Worried he will lose his job.",
            "Extension limited by pain, flexion free. Lifts 15 kg from knee height five times, pain 4 of 10.",
            "Load and sleep out of balance rather than a new problem. Low mood, not screened positive.",
            "Keep the load where it is.\nOne rest day after each block of nights.\nTalk about sleep next time.",
        ),
    ),
}  # fmt: skip
ADDENDUM = ("Ellismoor", "Her husband rang: she had fallen asleep in the garden chair, hence the stiffness. No fall.")
# How many days ago, how close, and whether the patient said so in the evening or the clinician at the visit.
STEPS = {
    "Ellismoor": ((83, 2, False), (60, 3, True), (35, 5, False), (21, 6, True), (10, 7, False), (3, 8, True)),
    "Delmarine": ((55, 2, False), (28, 6, False), (9, 4, True)),
    "Okafarrow": ((62, 3, False), (41, 3, False), (6, 2, True)),
    "Whitfern": ((79, 4, False), (52, 6, False), (7, 8, True)),
}


def add_visits(today: date) -> None:
    for surname, visits in VISITS.items():
        patient, by = _patient(surname)
        for visit in visits:
            day = today - timedelta(days=visit.days_ago)
            note = Note.objects.create(
                patient=patient, written_by=by, visit_on=day, subjective=visit.subjective, objective=visit.objective,
                assessment=visit.assessment, plan=visit.plan,
            )  # fmt: skip
            _dated(note, datetime.combine(day, AT_NINE, ZoneInfo(ZONE)))
    patient, by = _patient(ADDENDUM[0])
    last = patient.notes.filter(visit_on__isnull=False).latest("visit_on")
    added = Note.objects.create(patient=patient, written_by=by, adds_to=last, text=ADDENDUM[1])
    _dated(added, last.written_at + timedelta(hours=6))
    for surname, steps in STEPS.items():
        patient, by = _patient(surname)
        goal = Goal.objects.filter(patient=patient).earliest("added_at")
        GoalStep.objects.bulk_create(
            GoalStep(
                goal=goal, close=close, day=today - timedelta(days=ago), said_by=patient.user if is_own else by,
                said_at=datetime.combine(today - timedelta(days=ago), IN_THE_EVENING if is_own else AT_NINE, ZoneInfo(ZONE)),
            )
            for ago, close, is_own in steps
        )  # fmt: skip


def _patient(surname: str) -> tuple[Patient, User]:
    patient = Patient.objects.select_related("user").get(last_name=surname, clinic__is_demo=True)
    return patient, patient.care_team.select_related("clinician__user").get(leads=True).clinician.user


def _dated(note: Note, at: datetime) -> None:
    note.written_at = at
    note.save(update_fields=["written_at"])

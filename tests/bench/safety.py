"""What matching costs of the page it is on: a plan of 12 exercises against 10 conditions, beside the builder that shows it."""

import statistics
import time
from collections.abc import Callable

from clinic.prescriptions.actions import start_draft
from clinic.prescriptions.drafting import add_exercise
from clinic.prescriptions.models import Prescription
from clinic.prescriptions.safety import Standing, match
from clinic.prescriptions.safety_reading import catalogue_facts
from clinic.prescriptions.safety_rules import RULES
from exercises.catalogue import cards_of
from exercises.models import Exercise
from patients.models import Clinician, Patient, PatientCondition

LINES, CONDITIONS, ROUNDS = 12, 10, 30
GOAL = 0.02


def draft_of(patient: Patient) -> Prescription:
    by = Clinician.objects.select_related("user").first()
    assert by
    draft = start_draft(patient=patient, by=by.user)
    for exercise in Exercise.objects.current().order_by("slug")[:LINES]:
        add_exercise(draft=draft, exercise=exercise, by=by.user)
    PatientCondition.objects.bulk_create(
        PatientCondition(patient=patient, code=rule.code) for rule in RULES[:CONDITIONS]
    )
    return draft


def seconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def matching(patient: Patient, draft: Prescription, open_page: Callable[[str], tuple[int, bytes]]) -> str:
    """One line for the report. `open_page` asks the server for an address and answers status and body."""
    builder = f"/clinic/prescriptions/{draft.uuid}/edit/"
    status, body = open_page(builder)
    if status != 200 or b"Blocked" not in body:
        raise SystemExit(f"The builder answered {status}.")
    catalogue = catalogue_facts(cards_of(Exercise.objects.current()))
    planned = [catalogue[line.exercise.slug] for line in draft.lines.select_related("exercise")]
    standing = [Standing(each.code, each.since) for each in patient.conditions.filter(ended_at=None)]
    today = patient.local_day()
    rules = seconds(lambda: [match(standing, exercise, today) for exercise in planned])
    page = seconds(lambda: open_page(builder))
    share = rules / page
    return (
        f"Matching {len(planned)} exercises against {len(standing)} conditions takes {rules * 1000:.2f} ms, "
        f"{share:.1%} of the builder’s page ({page * 1000:.0f} ms; the goal is under {GOAL:.0%})."
    )

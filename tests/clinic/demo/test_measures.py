from datetime import timedelta

import pytest

from clinic.today.breaks_reading import breaks_kept
from patients.models import Activity, Measurement, Patient, Task, User
from patients.outcomes.history import course_of, series_of
from patients.outcomes.pages import known_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]


def labels(patient):
    return {each.measure.slug: each.label for each in series_of(patient.measurements.all(), course_of(patient))}


def test_the_demo_patient_answered_for_twelve_weeks_about_three_activities(demo):
    patient = User.objects.get(email="patient@demo.example").patient
    days = list(patient.measurements.filter(measure="psfs").values_list("day", flat=True))

    assert days == [demo - timedelta(days=84 - n) for n in range(0, 84, 14)]
    assert [each.text for each in Activity.objects.filter(patient=patient)] == [
        "Walk Biscuit for half an hour", "Put on socks standing up", "Carry the shopping in",
    ]  # fmt: skip
    said = labels(patient)
    assert (said["psfs"], said["nprs"], said["odi"]) == ("Better, meaningful change",) * 3


def test_one_is_steady_and_one_is_worse_with_a_task(demo):
    worse = Patient.objects.get(last_name="Okafarrow")
    steady = Patient.objects.get(last_name="Saltmarrow")

    assert labels(worse)["psfs"] == "Worse, meaningful change"
    assert Task.objects.get(patient=worse, kind="worse").words.startswith("PSFS is worse by as much as matters: from")
    assert labels(steady)["psfs"] == "No clear change"


def test_questions_stay_unanswered_for_a_few_only(demo):
    late = Task.objects.filter(kind="measure-due")

    assert 0 < late.count() < 12
    assert not Patient.objects.filter(discharged_at=None, measures_due_on=None).exists()


def test_nothing_was_answered_before_the_first_visit_or_today(demo):
    days = Measurement.objects.values_list("day", flat=True)

    assert max(days) < demo
    # What a page asks of every row holds for the demo's too.
    assert all(known_of(patient).series for patient in Patient.objects.filter(measurements__gt=0).distinct()[:5])


def test_one_desk_worker_is_told_to_get_up(demo):
    from clinic.today.models import BreakRhythm

    (rhythm,) = BreakRhythm.objects.all()
    assert rhythm.patient.last_name == "Rahmoor"
    assert rhythm.patient.break_prompts.count() > 15
    assert 0 < rhythm.patient.break_prompts.exclude(done_at=None).count() < rhythm.patient.break_prompts.count()
    assert breaks_kept(rhythm.patient) is not None

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.prescriptions.actions import NotReady, publish, revise, start_draft
from clinic.prescriptions.drafting import add_exercise
from clinic.prescriptions.models import Prescription
from patients.models import AuditEvent, Clearance, Episode, Patient, Screening, Task
from patients.records.actions import add_patient, discharge, reopen, start_episode
from patients.screening.actions import (
    AlreadyCleared,
    NoteTooShort,
    answer,
    ask_again,
    is_stopped,
    obstacles,
    record_clearance,
)
from patients.screening.models import Occasion
from patients.tasks.models import Kind
from tests.factories import catalogue, checks

pytestmark = pytest.mark.django_db
NOTE = "Examined today, no signs."


def clear(screening, clinician, cleared=True, note=NOTE):
    return record_clearance(screening=screening, by=clinician.user, cleared=cleared, note=note)


def fresh(patient):
    return Patient.objects.get(pk=patient.pk)


# ---- answering ----


def test_answers_are_stored_and_the_patient_follows(patient):
    patient.checked_on = None
    patient.save()

    made = checks.flagged(patient, RF02="yes")

    assert (made.level, made.rules, made.answers["RF02"], made.answered_on) == (
        "A",
        "2026-11",
        "yes",
        patient.local_day(),
    )
    assert (patient.flag_level, patient.checked_on) == ("A", patient.local_day())
    assert (fresh(patient).flag_level, fresh(patient).checked_on) == ("A", patient.local_day())


def test_answers_are_never_changed(patient):
    made = checks.flagged(patient, RF02="yes")

    with pytest.raises(TypeError):
        made.save()


@pytest.mark.parametrize(
    ("said", "kind", "hours"),
    [({"RF02": "yes"}, Kind.FLAG_A, 8), ({"RF13": "yes"}, Kind.FLAG_B, 8), ({"RF20": "yes"}, Kind.FLAG_C, 48)],
)
def test_flag_raises_a_task_with_its_due_time(said, kind, hours, patient, clinician):
    checks.flagged(patient, **said)

    task = Task.objects.get()
    assert (task.kind, task.assigned_to, task.due_at - task.raised_at) == (kind, clinician, timedelta(hours=hours))
    assert "(yes)" in task.words


def test_level_d_and_clear_raise_no_task_and_no_flag(patient):
    made = checks.flagged(patient, RF20="unsure")

    assert (made.level, patient.flag_level, Task.objects.count()) == ("D", "", 0)


def test_audit_line_holds_no_answer(patient):
    checks.flagged(patient, RF02="yes")

    line = AuditEvent.objects.get(action="screening.answered")
    assert line.detail == {"questions": 27}


def test_three_questions_do_not_stand_in_for_the_whole_check(patient):
    patient.checked_on = None
    patient.save()

    checks.flagged(patient, short=True)

    assert patient.checked_on is None


def test_all_no_later_clears_nothing(patient):
    checks.flagged(patient, RF13="yes")
    checks.flagged(patient)

    assert patient.flag_level == "B"
    assert is_stopped(patient)


def test_highest_uncleared_level_counts(patient, clinician):
    low, high = checks.flagged(patient, RF20="yes"), checks.flagged(patient, RF02="yes")

    clear(high, clinician)
    assert fresh(patient).flag_level == "C"
    clear(low, clinician)
    assert fresh(patient).flag_level == ""


# ---- clearance ----


def test_clearance_is_kept_with_its_note_and_ends_the_task(patient, clinician):
    screening = checks.flagged(patient, RF02="yes")

    made = clear(screening, clinician)

    assert (made.cleared, made.note, made.by) == (True, NOTE, clinician.user)
    task = Task.objects.get()
    assert (task.resolved_by, task.resolution) == (clinician.user, NOTE)
    assert AuditEvent.objects.get(action="screening.cleared").detail == {}


def test_not_cleared_yet_lifts_nothing(patient, clinician):
    screening = checks.flagged(patient, RF02="yes")

    clear(screening, clinician, cleared=False)

    assert fresh(patient).flag_level == "A"
    assert Task.objects.open().count() == 1
    clear(screening, clinician)
    assert [each.cleared for each in Clearance.objects.order_by("pk")] == [False, True]


def test_task_stays_while_another_check_of_the_level_is_not_cleared(patient, clinician):
    first, second = checks.flagged(patient, RF02="yes"), checks.flagged(patient, RF03="yes")

    clear(first, clinician)
    assert Task.objects.open().count() == 1
    clear(second, clinician)
    assert Task.objects.open().count() == 0


@pytest.mark.parametrize("who", ["patient", "admin", "foreign_clinician"])
def test_only_a_clinician_of_the_patient_clears(who, patient, request):
    person = request.getfixturevalue(who)
    screening = checks.flagged(patient, RF02="yes")

    with pytest.raises(PermissionDenied):
        record_clearance(screening=screening, by=getattr(person, "user", person), cleared=True, note=NOTE)
    assert fresh(patient).flag_level == "A"


@pytest.mark.parametrize("note", ["", "fine", "  123456789  "])
def test_clearance_says_why(note, patient, clinician):
    screening = checks.flagged(patient, RF02="yes")

    with pytest.raises(NoteTooShort):
        clear(screening, clinician, note=note)


def test_clearing_twice_is_said(patient, clinician):
    screening = checks.flagged(patient, RF02="yes")
    clear(screening, clinician)

    with pytest.raises(AlreadyCleared):
        clear(screening, clinician)


# ---- obstacles and episodes ----


def test_clear_check_of_the_last_28_days_is_no_obstacle(patient):
    today = patient.local_day()

    assert obstacles(patient=patient, day=today) == []
    assert obstacles(patient=patient, day=today + timedelta(days=28)) == []
    assert len(obstacles(patient=patient, day=today + timedelta(days=29))) == 1


def test_obstacles_are_read_afresh(patient):
    stale = fresh(patient)
    checks.flagged(patient, RF20="yes")

    assert ["level C" in words for words in obstacles(patient=stale, day=patient.local_day())] == [True]


def test_asking_again_makes_the_whole_check_due(patient, clinician):
    ask_again(patient=patient, by=clinician.user)

    assert fresh(patient).checked_on is None


def test_adding_a_patient_opens_an_episode(clinician):
    values = {"first_name": "Ann", "last_name": "Other", "born_on": timezone.now().date() - timedelta(days=20_000),
              "time_zone": "UTC", "problem": "sciatica"}  # fmt: skip
    added = add_patient(clinician=clinician, by=clinician.user, values=values)

    assert added.episodes.get().problem == "sciatica"
    assert len(obstacles(patient=added, day=added.local_day())) == 1


def test_discharge_closes_the_episode_and_reopening_begins_one_with_nothing_checked(patient, clinician):
    start_episode(patient=patient, by=clinician.user, problem="first")
    checks.flagged(patient)
    discharge(patient=patient, by=clinician.user)
    assert Episode.objects.get().closed_on == patient.local_day()

    reopen(patient=patient, by=clinician.user)

    assert [each.closed_on for each in patient.episodes.order_by("pk")] == [patient.local_day(), None]
    assert fresh(patient).checked_on is None


def test_old_patient_without_an_episode_is_discharged_and_reopened(patient, clinician):
    discharge(patient=patient, by=clinician.user)
    reopen(patient=patient, by=clinician.user)

    assert Episode.objects.count() == 1


def test_new_episode_closes_the_last_one_and_asks_the_whole_check(patient, clinician):
    start_episode(patient=patient, by=clinician.user, problem="knee gave way")
    again = start_episode(patient=patient, by=clinician.user, problem="knee gave way")
    assert Episode.objects.count() == 1

    other = start_episode(patient=patient, by=clinician.user, problem="fell on the ice")

    assert [each.pk for each in patient.episodes.filter(closed_on=None)] == [other.pk]
    assert again.pk != other.pk
    assert fresh(patient).checked_on is None


def test_flag_outlives_discharge_and_a_new_episode(patient, clinician):
    checks.flagged(patient, RF02="yes")
    discharge(patient=patient, by=clinician.user)
    reopen(patient=patient, by=clinician.user)
    start_episode(patient=patient, by=clinician.user)

    assert fresh(patient).flag_level == "A"


# ---- the property of the gate ----

STEPS = st.sampled_from(["yes", "no", "short", "unsure", "clear", "refuse", "publish", "revise", "episode", "reopen"])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=1, max_size=9))
def test_no_plan_goes_live_on_a_flag_that_no_clinician_cleared(steps, patient, clinician):
    """Any sequence of answers, clearances and ways to send: a plan goes live only where each flag was cleared."""
    Prescription.objects.update(replaces=None)
    Prescription.objects.all().delete()
    Screening.objects.all().delete()
    Patient.objects.filter(pk=patient.pk).update(flag_level="", checked_on=None)
    bridge = catalogue.Exercise.objects.filter(slug="bridge").first() or catalogue.exercise("bridge")
    uncleared: list[Screening] = []
    checked = False
    for step in steps:
        current = fresh(patient)
        match step:
            case "yes" | "unsure":
                uncleared.append(checks.flagged(current, RF02=step))
                checked = True
            case "no":
                checks.flagged(current)
                checked = True
            case "short":
                checks.flagged(current, short=True)
            case "clear" if uncleared:
                clear(uncleared.pop(), clinician)
            case "refuse" if uncleared:
                clear(uncleared[-1], clinician, cleared=False)
            case "episode":
                Episode.objects.all().delete()
                start_episode(patient=current, by=clinician.user)
                checked = False
            case "reopen":
                discharge(patient=current, by=clinician.user)
                reopen(patient=current, by=clinician.user)
                checked = False
            case "publish" | "revise":
                live = Prescription.objects.live().first()
                draft = Prescription.objects.drafts().first()
                if not draft and step == "revise" and live:
                    draft = revise(prescription=live, by=clinician.user)
                if not draft:
                    draft = start_draft(patient=current, by=clinician.user)
                if not draft.lines.exists():
                    add_exercise(draft=draft, exercise=bridge, by=clinician.user)
                    draft.refresh_from_db()
                before = Prescription.objects.published().count()
                try:
                    publish(draft=draft, by=clinician.user)
                except NotReady:
                    assert uncleared or not checked
                else:
                    assert checked
                    assert not uncleared
                    assert Prescription.objects.published().count() == before + 1
        assert is_stopped(fresh(patient)) == bool(uncleared)


def test_answering_needs_every_answer(patient):
    with pytest.raises(ValueError, match="Not answered"):
        answer(patient=patient, by=patient.user, occasion=Occasion.FIRST, answers={"RF01": "no"})

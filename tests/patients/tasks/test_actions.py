from datetime import timedelta

import pytest
from django.utils import timezone

from patients.models import AuditEvent, Task
from patients.tasks.actions import assign, raise_task, resolve, resolve_kind, snooze
from patients.tasks.models import Kind
from tests.factories import tasks

DAY = timedelta(days=1)


def said(task):
    return list(task.steps.values_list("said", flat=True))


def test_task_goes_to_the_lead_and_is_due_when_its_rule_says(patient, clinician):
    now = timezone.now()

    task = raise_task(patient=patient, kind=Kind.FLARE, words="Pressed on 3 May.", due_in=DAY, now=now)

    assert (task.assigned_to, task.due_at, task.raised_by) == (clinician, now + DAY, None)
    assert said(task) == ["Pressed on 3 May."]


def test_patient_has_one_open_task_of_a_kind_and_repeats_add_to_it(patient):
    now = timezone.now()
    first = tasks.task(patient, Kind.STOPS, "Stopped once.", due_in=2 * DAY, now=now)

    second = tasks.task(patient, Kind.STOPS, "Stopped twice.", due_in=DAY, now=now)

    assert Task.objects.get() == first == second
    assert (second.words, second.times_raised, second.due_at) == ("Stopped twice.", 2, now + DAY)
    assert said(second) == ["Stopped once.", "Stopped twice."]


def test_same_words_again_add_nothing(patient):
    tasks.task(patient, Kind.STOPS, "Stopped once.")

    again = tasks.task(patient, Kind.STOPS, "Stopped once.")

    assert again.times_raised == 1
    assert said(again) == ["Stopped once."]


def test_repeat_wakes_a_task_that_was_put_off(patient, clinician):
    task = tasks.task(patient, Kind.STOPS, "Stopped once.")
    snooze(task=task, by=clinician.user, until=timezone.now() + 5 * DAY)
    assert not Task.objects.awake_at(timezone.now()).exists()

    tasks.task(patient, Kind.STOPS, "Stopped twice.")

    assert Task.objects.awake_at(timezone.now()).get() == task


def test_resolved_task_makes_room_for_a_new_one(patient, clinician):
    first = tasks.task(patient, Kind.STOPS, "Stopped once.")
    resolve(task=first, by=clinician.user, note="Phoned, half the dose.")

    second = tasks.task(patient, Kind.STOPS, "Stopped once.")

    assert second != first
    assert list(Task.objects.open()) == [second]


def test_daily_rule_does_not_raise_again_what_was_resolved_and_has_not_changed(patient, clinician):
    first = tasks.task(patient, Kind.SILENT, "Last session on 3 May.", once=True)
    resolve(task=first, by=clinician.user, note="On holiday until June.")

    assert tasks.task(patient, Kind.SILENT, "Last session on 3 May.", once=True) == first
    assert tasks.task(patient, Kind.SILENT, "Last session on 9 June.", once=True) != first


def test_resolving_twice_keeps_the_first_note(patient, clinician, colleague):
    task = tasks.task(patient)
    resolve(task=task, by=clinician.user, note="Phoned.")

    resolve(task=task, by=colleague.user, note="Something else.")

    task.refresh_from_db()
    assert (task.resolution, task.resolved_by) == ("Phoned.", clinician.user)
    assert said(task)[1:] == ["Phoned."]


def test_settling_what_a_kind_asks_for_resolves_only_that_kind(patient, clinician):
    flag, other = tasks.task(patient, Kind.FLAG_C), tasks.task(patient, Kind.OTHER)

    resolve_kind(patient=patient, kind=Kind.FLAG_C, by=clinician.user, note="Cleared.")

    assert list(Task.objects.open()) == [other]
    flag.refresh_from_db()
    assert flag.resolution == "Cleared."


def test_each_step_leaves_an_audit_line_without_its_words(patient, clinician, colleague):
    task = tasks.task(patient, words="Secret knee.")
    assign(task=task, by=clinician.user, to=colleague)
    snooze(task=task, by=clinician.user, until=timezone.now() + DAY)
    resolve(task=task, by=clinician.user, note="Secret note.")

    lines = AuditEvent.objects.filter(patient=str(patient.uuid), action__startswith="task.")
    assert [line.action for line in lines.order_by("pk")] == [
        "task.raised", "task.assigned", "task.snoozed", "task.resolved",
    ]  # fmt: skip
    assert "Secret" not in str(list(lines.values_list("detail", "subject")))


@pytest.mark.parametrize("reader", ["patient", "foreign_clinician"])
def test_tasks_are_seen_by_the_patients_clinicians_only(reader, request, patient, clinician):
    task = tasks.task(patient)
    other = request.getfixturevalue(reader).user

    assert list(Task.objects.visible_to(clinician.user)) == [task]
    assert list(Task.objects.visible_to(other)) == []

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from patients.models import Task
from patients.tasks.lists import MOST_SHOWN
from patients.tasks.models import Kind
from patients.team.emergencies import open_record
from tests.factories import people, tasks

HTMX = {"HX-Request": "true"}


def text(response):
    return response.content.decode()


@pytest.fixture
def task(patient):
    return tasks.task(patient, Kind.AWAY, "Tingling in the calf after the bridge.")


def url(task):
    return reverse("task", args=[task.uuid])


def post(client, task, headers=None, **values):
    return client.post(url(task), values, headers=headers or {})


def test_list_says_what_to_do_for_whom_and_why(clinician_client, task):
    page = text(clinician_client.get(reverse("tasks")))

    for part in ("Symptoms moved away from the spine", "Margaret Ellis", "Tingling in the calf", "Due in 2 days"):
        assert part in page


def test_urgent_comes_first_then_overdue_then_the_rest(clinician_client, patient, other_patient):
    tasks.task(patient, Kind.PLATEAU)
    tasks.task(patient, Kind.STOPS, due_in=timedelta(hours=-1))
    tasks.task(other_patient, Kind.FLAG_B, due_in=timedelta(hours=8))

    page = text(clinician_client.get(reverse("tasks")))

    kinds = [str(kind.label) for kind in (Kind.FLAG_B, Kind.STOPS, Kind.PLATEAU)]
    places = [page.index(f">{label}<" if label != Kind.FLAG_B.label else label) for label in kinds]
    assert places == sorted(places)
    assert [title in page for title in ("Urgent", "Overdue", "To do")] == [True, True, True]


def test_mine_are_those_assigned_to_me(colleague_client, task):
    assert "Tingling" in text(colleague_client.get(reverse("tasks")))
    assert "Tingling" not in text(colleague_client.get(reverse("tasks"), {"who": "mine"}))


def test_done_with_a_note_leaves_the_list_and_stays_to_be_read(clinician_client, clinician, task):
    response = post(clinician_client, task, do="resolve", note="Phoned: settled.")

    assert response["Location"] == reverse("tasks")
    assert "Tingling" not in text(clinician_client.get(reverse("tasks")))
    assert "Phoned: settled." in text(clinician_client.get(reverse("tasks"), {"show": "done"}))
    assert Task.objects.get().resolved_by == clinician.user


def test_done_without_a_note_is_refused_at_the_field(clinician_client, task):
    response = post(clinician_client, task, do="resolve", note=" ")

    assert response.status_code == 422
    assert "Write what was done" in text(response)
    assert Task.objects.get().resolved_at is None


def test_double_click_is_done_once_and_says_so_twice(clinician_client, task):
    answers = [post(clinician_client, task, headers=HTMX, do="resolve", note="Phoned.") for _ in range(2)]

    assert ["Done. The note is in the record." in answer["HX-Trigger"] for answer in answers] == [True, True]
    assert task.steps.count() == 2  # raised, done


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_note_is_given_back_where_a_colleague_was_first(clinician_client, colleague_client, task, headers):
    post(colleague_client, task, do="resolve", note="Phoned.")

    response = post(clinician_client, task, headers=headers, do="resolve", note="Not reached & wrote.")

    assert response.status_code == 422
    for words in ("This was settled meanwhile.", "Not reached &amp; wrote.", "by Sam Achterberg: Phoned."):
        assert words in text(response)
    assert Task.objects.get().resolution == "Phoned."


def test_closed_task_is_neither_put_off_nor_given_nor_woken(clinician_client, colleague, task):
    post(clinician_client, task, do="resolve", note="Phoned.")
    tomorrow = (timezone.now() + timedelta(days=2)).date().isoformat()

    for said in ({"do": "snooze", "until": tomorrow}, {"do": "assign", "to": colleague.pk}, {"do": "wake"}):
        response = post(clinician_client, task, **said)
        assert response.status_code == 422
        assert "This was settled meanwhile." in text(response)


def test_whoever_opened_a_record_in_an_emergency_does_not_put_that_away(
    spine_ina, clinician_client, colleague_client, colleague, patient
):
    spine_ina.shares_records = False
    spine_ina.save()
    open_record(patient=patient, by=colleague, reason="Fell in our waiting room.")
    about = Task.objects.get(kind=Kind.EMERGENCY)
    tomorrow = (timezone.now() + timedelta(days=2)).date().isoformat()
    lead = patient.lead

    for said in (
        {"do": "resolve", "note": "All fine."},
        {"do": "snooze", "until": tomorrow},
        {"do": "assign", "to": colleague.pk},
    ):
        response = post(colleague_client, about, **said)
        assert response.status_code == 422
        assert "Somebody else of the care team settles this." in text(response)
    about.refresh_from_db()
    assert (about.resolved_at, about.snoozed_until, about.assigned_to) == (None, None, lead)
    assert "All fine." in text(post(colleague_client, about, do="resolve", note="All fine."))

    assert post(clinician_client, about, do="resolve", note="Talked with Sam.").status_code == 302


def test_put_off_hides_it_until_that_day_and_wrong_days_keep_the_typing(clinician_client, patient, task):
    tomorrow = patient.clinic.zone and timezone.now().astimezone(patient.clinic.zone).date() + timedelta(days=1)

    refused = post(clinician_client, task, do="snooze", until="2020-01-01")
    assert refused.status_code == 422
    assert "Choose a day after today." in text(refused)
    assert 'value="2020-01-01"' in text(refused)

    post(clinician_client, task, do="snooze", until=tomorrow.isoformat())

    assert "Tingling" not in text(clinician_client.get(reverse("tasks")))
    assert "Tingling" in text(clinician_client.get(reverse("tasks"), {"show": "snoozed"}))


def test_given_to_a_colleague_of_the_clinic_and_to_nobody_else(clinician_client, colleague, foreign_clinician, task):
    refused = post(clinician_client, task, do="assign", to=foreign_clinician.pk)
    assert refused.status_code == 422

    post(clinician_client, task, do="assign", to=colleague.pk)

    assert Task.objects.get().assigned_to == colleague


def test_htmx_is_answered_with_the_row_alone(clinician_client, task):
    response = post(clinician_client, task, headers=HTMX, do="resolve", note="Phoned.")

    assert text(response).lstrip().startswith(f'<li class="task done" id="task-{task.uuid}"')
    assert "Phoned." in text(response)


def test_unknown_wish_does_not_exist(clinician_client, task):
    assert post(clinician_client, task, do="delete").status_code == 404


def test_history_is_on_the_tasks_page(clinician_client, clinician, task):
    post(clinician_client, task, do="resolve", note="Phoned.")

    page = text(clinician_client.get(url(task)))

    assert page.index("Tingling in the calf after the bridge.</li>") < page.index("Phoned.</li>")


def test_record_shows_what_is_to_do_for_the_patient(clinician_client, patient, task):
    assert "Tingling" in text(clinician_client.get(reverse("patient_record", args=[patient.uuid])))


def test_more_than_a_page_is_counted_and_not_dropped_unseen(clinician_client, spine_ina):
    for number in range(MOST_SHOWN + 3):
        tasks.task(people.patient(spine_ina, "Pat", f"Number{number}", signs_in=False))

    assert "3 more behind these" in text(clinician_client.get(reverse("tasks")))


def test_list_asks_the_same_number_of_queries_for_1_and_for_30(
    clinician_client, spine_ina, task, django_assert_max_num_queries
):
    clinician_client.get(reverse("tasks"))  # the first page of a session saves the session
    with django_assert_max_num_queries(10) as few:
        clinician_client.get(reverse("tasks"))
    for number in range(30):
        tasks.task(people.patient(spine_ina, "Pat", f"Number{number}", signs_in=False))
    with django_assert_max_num_queries(10) as many:
        clinician_client.get(reverse("tasks"))

    assert len(few) == len(many)

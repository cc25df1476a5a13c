"""What is done about a patient on the caseload: with a note, later, or by a colleague; and views of one's own."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from clinic.caseload import attending
from clinic.caseload.cases import cases_of
from clinic.caseload.models import SavedView
from patients.models import Task
from patients.tasks.models import Kind
from tests.factories import catalogue, history, people, plans, tasks

TODAY = date(2026, 11, 18)  # a Wednesday
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def silent(patient, clinician):
    """No session for nine days, and a plan that ends."""
    made = plans.published(
        patient, by=clinician.user, exercises=[catalogue.exercise("bridge")], starts_on=ago(40), ends_on=ago(-3)
    )
    history.done(made, *[ago(days) for days in range(9, 41)])
    return patient


@pytest.fixture
def page(silent):
    return reverse("attend", args=[silent.uuid])


def reasons(clinician, now=NOON):
    return [reason.words for case in cases_of(clinician, now) for reason in case.reasons]


def shown(patient, clinician):
    case = attending.case_for(patient, clinician, NOON)
    return [each.key for each in attending.settled_together(attending.matters_of(patient, case, NOON))]


def opened(client, page):
    """What the page carries, as a browser sends it along."""
    return {"shown": client.get(page).context["shown"]}


def put_off(patient, clinician):
    until = NOON + timedelta(days=20)
    attending.put_off(patient=patient, by=clinician, until=until, shown=shown(patient, clinician))


def test_every_reason_is_said_with_what_can_be_done(clinician_client, silent, page):
    text = clinician_client.get(page).content.decode()
    for words in ("No session for 9 days", "Plan ends in 3 days", "Mark as done", "Tomorrow", "Give it to"):
        assert words in text


def test_done_with_a_note_takes_the_patient_off_the_list_and_keeps_the_note(
    clinician_client, clinician, silent, page
):
    said = {"do": "done", "note": "Called. Back from holiday on Monday.", "who": "mine"}
    answer = clinician_client.post(page, said | opened(clinician_client, page))
    assert answer.url == f"{reverse('caseload')}?who=mine"
    assert reasons(clinician) == ["On track"]
    assert {(task.kind, task.resolution) for task in Task.objects.all()} == {
        (Kind.SILENT, "Called. Back from holiday on Monday."),
        (Kind.REVIEW, "Called. Back from holiday on Monday."),
    }


def test_settled_reason_comes_back_after_two_weeks_if_it_still_stands(clinician, silent):
    attending.settle(patient=silent, by=clinician, note="Called.", shown=shown(silent, clinician))
    assert "No session for 24 days" in reasons(clinician, NOON + timedelta(days=15))


def test_put_off_until_its_day(clinician_client, clinician, page):
    clinician_client.post(page, {"do": "later", "until": "2026-11-20"} | opened(clinician_client, page))
    assert reasons(clinician) == ["On track"]
    assert reasons(clinician, datetime(2026, 11, 20, 5, tzinfo=UTC)) == ["On track"]
    assert "No session for 11 days" in reasons(clinician, datetime(2026, 11, 20, 7, tzinfo=UTC))


def test_new_pain_brings_a_patient_back_who_was_put_off(clinician, silent):
    put_off(silent, clinician)
    history.said(silent, TODAY, pain_worst=9)
    assert reasons(clinician) == ["Pain 9 of 10 today"]


def test_given_to_a_colleague_all_of_it_is_theirs(clinician_client, colleague, silent, page):
    tasks.task(silent, Kind.FLAG_B)
    clinician_client.post(page, {"do": "give", "to": colleague.pk})
    assert {task.kind for task in Task.objects.open().filter(assigned_to=colleague)} == {
        Kind.FLAG_B, Kind.SILENT, Kind.REVIEW,
    }  # fmt: skip


def test_red_flag_is_not_settled_along_with_the_rest(clinician_client, clinician, silent, page):
    tasks.task(silent, Kind.FLAG_B)
    clinician_client.post(page, {"do": "done", "note": "Called."} | opened(clinician_client, page))
    assert reasons(clinician) == ["Red flag: contact today"]
    text = clinician_client.get(page).content.decode()
    assert "Settle in the record" in text
    assert "Mark as done" not in text


@pytest.mark.parametrize(("kind", "can_give"), [(Kind.MESSAGE, True), (Kind.EMERGENCY, False)])
def test_what_is_settled_elsewhere_can_be_given_to_a_colleague(
    clinician_client, clinician, colleague, silent, page, kind, can_give
):
    attending.settle(patient=silent, by=clinician, note="Called.", shown=shown(silent, clinician))
    task = tasks.task(silent, kind)
    text = clinician_client.get(page).content.decode()
    assert "Mark as done" not in text
    assert ("Give it to" in text) is can_give
    assert clinician_client.post(page, {"do": "give", "to": colleague.pk}).status_code == (302 if can_give else 422)
    task.refresh_from_db()
    assert task.assigned_to == (colleague if can_give else clinician)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"do": "done", "note": "  "}, "Write what was done"),
        ({"do": "done", "note": "x" * 2001}, "at most 2000"),
        ({"do": "later", "until": "2026-11-18"}, "Choose a day after today."),
        ({"do": "later", "until": "2027-11-18"}, "At most 90 days ahead."),
        ({"do": "later", "until": "soon"}, "Choose a day."),
        ({"do": "give", "to": "999"}, "Choose a colleague of the clinic."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_cannot_be_done_is_said_at_its_field(clinician_client, page, said, words, headers):
    answer = clinician_client.post(page, said | opened(clinician_client, page), headers=headers)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert words in answer.content.decode()
    assert not Task.objects.exists()


def test_colleague_of_another_clinic_is_given_nothing(clinician_client, other_clinic, page):
    stranger = people.clinician(other_clinic, "Ola", "Ther")
    assert clinician_client.post(page, {"do": "give", "to": stranger.pk}).status_code == 422


def test_unknown_wish_and_foreign_patient_are_not_found(clinician_client, foreign_clinician_client, page):
    assert clinician_client.post(page, {"do": "delete"}).status_code == 404
    assert foreign_clinician_client.get(page).status_code == 404
    assert foreign_clinician_client.post(page, {"do": "done", "note": "x"}).status_code == 404


def test_double_click_settles_once(clinician_client, page):
    said = {"do": "done", "note": "Called."} | opened(clinician_client, page)
    answers = [clinician_client.post(page, said) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Task.objects.count() == 2
    assert Task.objects.open().count() == 0


def test_double_click_puts_off_and_gives_once(clinician_client, colleague, page):
    for wish in ({"do": "give", "to": colleague.pk}, {"do": "later", "until": "2026-11-20"}):
        said = wish | opened(clinician_client, page)
        assert [clinician_client.post(page, said).status_code for _ in range(2)] == [302, 302]
    assert {task.steps.count() for task in Task.objects.all()} == {3}  # raised, assigned, put off


def test_reason_that_came_while_the_page_was_open_is_not_settled_unread(clinician_client, clinician, silent, page):
    said = {"do": "done", "note": "Called: a cold."} | opened(clinician_client, page)
    tasks.task(silent, Kind.AWAY, words="Tingling in the foot.")
    assert clinician_client.post(page, said).status_code == 302
    assert reasons(clinician) == ["Symptoms moved away from the spine"]
    assert Task.objects.open().get().resolution == ""


def test_reason_that_came_while_the_page_was_open_is_not_put_off_unread(clinician_client, clinician, silent, page):
    said = {"do": "later", "until": "2026-11-20"} | opened(clinician_client, page)
    tasks.task(silent, Kind.AWAY, words="Tingling in the foot.")
    clinician_client.post(page, said)
    assert reasons(clinician) == ["Symptoms moved away from the spine"]


def test_reason_raised_again_while_the_page_was_open_is_another(clinician_client, clinician, patient):
    page = reverse("attend", args=[patient.uuid])
    tasks.task(patient, Kind.AWAY, words="Tingling in the foot.")
    said = {"do": "done", "note": "Called."} | opened(clinician_client, page)
    said["shown"].remove("no-plan")
    tasks.task(patient, Kind.AWAY, words="Tingling and a weak foot.")
    answer = clinician_client.post(page, said)
    assert answer.status_code == 422
    assert "settled or has changed meanwhile" in answer.content.decode()
    assert Task.objects.get().resolved_at is None
    again = said | {"shown": answer.context["shown"]}
    assert clinician_client.post(page, again).status_code == 302
    assert Task.objects.get(kind=Kind.AWAY).resolution == "Called."


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_note_is_given_back_where_a_colleague_settled_it_first(clinician_client, colleague, silent, page, headers):
    said = {"do": "done", "note": "She has a new job & travels."} | opened(clinician_client, page)
    attending.settle(patient=silent, by=colleague, note="Called.", shown=shown(silent, colleague))
    answer = clinician_client.post(page, said, headers=headers)
    text = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Your note is not in the record yet", "She has a new job &amp; travels.", "nothing to do about"):
        assert words in text
    assert reverse("visit_note", args=[silent.uuid]) in text
    assert {task.resolution for task in Task.objects.all()} == {"Called."}


def test_nothing_is_said_to_be_put_off_or_given_where_nothing_is_left(clinician_client, colleague, silent, page):
    carried = opened(clinician_client, page)
    attending.settle(patient=silent, by=colleague, note="Called.", shown=shown(silent, colleague))
    for said, words in (
        ({"do": "later", "until": "2026-11-20"}, "Nothing was put off."),
        ({"do": "give", "to": colleague.pk}, "There is nothing to give."),
    ):
        answer = clinician_client.post(page, said | carried, headers=HTMX)
        assert answer.status_code == 422
        assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("kind", "where", "label"),
    [
        (Kind.MESSAGE, "patient_messages", "Read and answer"),
        (Kind.NO_LEAD, "patient_care_team", "Choose who leads"),
        (Kind.EMERGENCY, "patient_record", "Settle in the record"),
    ],
)
def test_what_has_its_own_answer_is_neither_settled_nor_put_off_along_with_the_rest(
    clinician_client, silent, page, kind, where, label
):
    task = tasks.task(silent, kind)
    for said in ({"do": "done", "note": "Called."}, {"do": "later", "until": "2026-11-20"}):
        clinician_client.post(page, said | opened(clinician_client, page) | {"shown": [f"{task.uuid}.1"]})
        clinician_client.post(page, said | opened(clinician_client, page))
    task.refresh_from_db()
    assert (task.resolved_at, task.snoozed_until) == (None, None)
    text = clinician_client.get(page).content.decode()
    assert label in text
    assert reverse(where, args=[silent.uuid]) in text


def test_emergency_is_given_to_nobody(clinician_client, clinician, colleague, silent, page):
    tasks.task(silent, Kind.EMERGENCY)
    clinician_client.post(page, {"do": "give", "to": colleague.pk})
    assert {task.kind: task.assigned_to for task in Task.objects.all()} == {
        Kind.EMERGENCY: clinician,
        Kind.SILENT: colleague,
        Kind.REVIEW: colleague,
    }


def test_in_the_list_the_answer_is_a_word_and_the_list_comes_anew(clinician_client, page):
    said = {"do": "done", "note": "Called."} | opened(clinician_client, page)
    answer = clinician_client.post(page, said, headers=HTMX)
    assert answer.status_code == 204
    assert '"caseload-changed"' in answer["HX-Trigger"]
    assert "Done. The note is in the record." in answer["HX-Trigger"]


def test_put_off_task_is_brought_back_by_hand(clinician_client, clinician, silent):
    put_off(silent, clinician)
    for task in Task.objects.all():
        clinician_client.post(reverse("task", args=[task.uuid]), {"do": "wake"})
    assert "No session for 9 days" in reasons(clinician)


def test_whoever_is_done_on_the_second_page_stays_there(clinician_client, clinician, spine_ina):
    for number in range(60):
        people.patient(spine_ina, "Pat", f"Nr{number:02}", lead=clinician, signs_in=False, screened=False)
    asked = {"who": "mine", "group": "need", "page": "2"}
    listed = clinician_client.get(reverse("caseload"), asked)
    row = listed.context["rows"][3]
    (link,) = re.findall(f'href="({row.attend_url}[^"]*)"', listed.content.decode())
    page = clinician_client.get(unescape(link))
    said = {"do": "later", "until": "2026-11-20", "shown": page.context["shown"]} | page.context["back"]
    back = clinician_client.get(clinician_client.post(row.attend_url, said).url)
    assert back.context["page"].number == 2
    assert back.context["asked"].who == "mine"


# --- views of one's own ---


def save(client, name, **asked):
    return client.post(reverse("caseload_view_new"), {"view-name": name, **asked})


def test_view_is_saved_used_and_removed(clinician_client, clinician, silent):
    answer = save(clinician_client, "My plans", who="mine", about="plan")
    assert answer.url == f"{reverse('caseload')}?who=mine&group=&about=plan"
    text = clinician_client.get(answer.url).content.decode()
    assert "My plans" in text
    assert "Save this view" not in text
    clinician_client.post(reverse("caseload_view_remove", args=[SavedView.objects.get().pk]))
    assert not SavedView.objects.exists()


def test_the_same_name_again_means_the_new_filters(clinician_client, clinician):
    save(clinician_client, "Mine", who="mine")
    save(clinician_client, "Mine", who="mine", group="need")
    assert SavedView.objects.get().asked == {"who": "mine", "group": "need", "about": ""}


def test_one_view_opens_first(clinician_client, clinician):
    save(clinician_client, "Pain", about="pain", **{"view-opens_first": "on"})
    save(clinician_client, "Mine", who="mine", **{"view-opens_first": "on"})
    assert clinician_client.get(reverse("caseload")).url == f"{reverse('caseload')}?who=mine&group=&about="
    assert clinician_client.get(reverse("caseload"), {"who": "all"}).status_code == 200


def test_nameless_view_and_a_thirteenth_are_refused_with_a_reason(clinician_client, clinician):
    assert "Give it a name" in save(clinician_client, " ").content.decode()
    for number in range(SavedView.MOST):
        save(clinician_client, f"View {number}")
    answer = save(clinician_client, "One more")
    assert answer.status_code == 422
    assert "There are 12 views already" in answer.content.decode()


def test_views_are_ones_own(clinician_client, colleague_client, clinician):
    save(clinician_client, "Rita’s", about="pain")
    assert "Rita’s" not in colleague_client.get(reverse("caseload")).content.decode()
    pk = SavedView.objects.get().pk
    assert colleague_client.post(reverse("caseload_view_remove", args=[pk])).status_code == 404


def test_filter_that_is_nothing_is_saved_as_everybody(clinician_client, clinician):
    save(clinician_client, "Odd", who="everyone", about="nonsense")
    assert SavedView.objects.get().asked == {"who": "all", "group": "", "about": ""}

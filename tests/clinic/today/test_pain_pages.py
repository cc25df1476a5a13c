"""The pages around pain: the questions, the morning card, "It hurts" and "Something went wrong"."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from clinic.prescriptions.models import Easing
from clinic.today.models import AdverseEvent, Session, Skip
from patients.audit.models import AuditEvent
from patients.records.pain_limits import set_pain_limits
from patients.tasks.models import Kind, Task
from tests.clinic.today.conftest import HTMX
from tests.factories import history

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
DAY = date(2026, 11, 18)
QUESTION = "How is your back this morning, after yesterday’s exercises?"


@pytest.fixture(autouse=True)
def _at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


def text(response):
    return response.content.decode()


def say(client, htmx=True, day=DAY, part="after", **answers):
    data = {"day": day.isoformat(), "round": "1", "part": part} | answers
    return client.post("/today/say/", data, headers=HTMX if htmx else {})


# After the session


@pytest.mark.parametrize(
    ("worst", "words"),
    [
        (0, "That is fine. Carry on."),
        (2, "That is fine. Carry on."),
        (5, "Some pain is allowed."),
        (6, "Stop for now."),
    ],
)
def test_answer_leads_to_kind_words_and_no_codes(plan, patient_client, worst, words):
    answer = text(say(patient_client, pain_worst=worst))

    assert words in answer
    assert not re.search(r"PAIN-|\bGO\b|HOLD|STEP-BACK|\bred\b|\bamber\b", answer)


def test_words_are_still_there_when_the_page_is_opened_again(plan, patient_client):
    say(patient_client, htmx=False, pain_worst=6)

    page = text(patient_client.get("/today/"))

    assert "Is your pain 5 or less then?" in page
    assert "See a gentle plan" not in page


def test_words_name_the_patients_own_ceiling(plan, patient, clinician, patient_client):
    set_pain_limits(patient=patient, by=clinician.user, green_to=None, amber_to=3, note="Fresh.")

    assert "Is your pain 3 or less then?" in text(say(patient_client, pain_worst=4))


@pytest.mark.parametrize("answers", [{"pain_worst": 8}, {"part": "before", "pain_before": 7}])
def test_much_pain_offers_the_gentle_plan(plan, patient_client, answers):
    assert 'href="/today/flare/"' in text(say(patient_client, **answers))


def test_second_stop_offers_the_gentle_plan(plan, patient, patient_client):
    history.said(patient, DAY - timedelta(days=3), pain_worst=6)

    assert 'href="/today/flare/"' in text(say(patient_client, pain_worst=6))


def test_place_and_movement_are_kept_and_shown_again(plan, patient_client):
    say(patient_client, pain_worst=4, places=["foot", "back"], moved="away", away_lasted="no", is_numb="no")

    said = Session.objects.get()
    assert (said.places, said.moved, said.away_lasted, said.is_numb) == (["back", "foot"], "away", False, False)
    page = text(patient_client.get("/today/"))
    assert 'name="places" value="foot" checked' in page
    assert 'name="moved" value="away" checked' in page
    assert 'name="away_lasted" value="no" checked' in page


def test_lasting_counts_only_for_what_moved_away(plan, patient_client):
    say(patient_client, pain_worst=4, moved="toward", away_lasted="yes")

    assert Session.objects.get().away_lasted is None


def test_numbness_leads_to_the_check(plan, patient_client):
    answer = text(say(patient_client, is_numb="yes"))

    assert 'href="/checks/?for=' in answer
    assert "Please do a short check now." in answer


@pytest.mark.parametrize(
    "wrong", [{"places": "knee"}, {"moved": "up"}, {"away_lasted": "maybe"}, {"is_numb": "1"}, {"pain_worst": "4.5"}]
)
@pytest.mark.parametrize("htmx", [True, False])
def test_what_is_no_answer_is_refused_and_typing_kept(plan, patient_client, wrong, htmx):
    response = say(patient_client, htmx=htmx, **({"comment": "Kept"} | wrong))

    assert response.status_code == 422
    assert "Kept" in text(response)
    assert "invalid-feedback" in text(response)
    assert not Session.objects.exists()


def test_late_answer_gets_no_advice_for_now(plan, patient_client):
    day = DAY - timedelta(days=3)

    assert "Stop for now" not in text(say(patient_client, day=day, pain_worst=6))


def test_where_is_always_there_and_closed(plan, patient_client):
    assert '<details class="where" data-from="3">' in text(patient_client.get("/today/"))


# The next morning


@pytest.fixture
def yesterday(plan, patient):
    session = history.said(patient, DAY - timedelta(days=1), pain_before=3, pain_worst=2)
    Session.objects.update(said_at=NOW - timedelta(hours=16))
    return session


def morning(client, htmx=True, **more):
    data = {"day": (DAY - timedelta(days=1)).isoformat(), "round": "1", "pain_morning": "3"} | more
    return client.post("/today/morning/", data, headers=HTMX if htmx else {})


def test_today_asks_how_the_back_is_this_morning(yesterday, patient_client):
    page = text(patient_client.get("/today/"))

    assert QUESTION in page
    assert page.index(QUESTION) < page.index('id="progress"')


def test_rest_day_asks_too(yesterday, plan, patient_client):
    plan.prescription.lines.filter(phase="desk").delete()
    plan.prescription.ends_on = DAY - timedelta(days=1)
    plan.prescription.save()

    assert QUESTION in text(patient_client.get("/today/"))


def test_earlier_day_and_a_day_without_a_session_do_not_ask(yesterday, patient_client):
    assert QUESTION not in text(patient_client.get(f"/today/{DAY - timedelta(days=1)}/"))
    Session.objects.all().delete()
    assert QUESTION not in text(patient_client.get("/today/"))


@pytest.mark.parametrize(
    ("worst", "answer", "words"),
    [
        (2, 3, "That is fine. Carry on."),
        (4, 3, "Do the same amount next time."),
        (2, 5, "That was a little too much for your back."),
        (7, 0, "Go gently today."),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_morning_leads_to_kind_words(yesterday, patient_client, worst, answer, words, htmx):
    Session.objects.update(pain_worst=worst)

    response = morning(patient_client, htmx, pain_morning=answer)

    shown = text(response) if htmx else text(patient_client.get(response["Location"]))
    assert words in shown
    assert f"This morning: {answer} · " in shown
    assert Session.objects.get().pain_morning == answer


@pytest.mark.parametrize("wrong", ["", "11", "-1", "x"])
@pytest.mark.parametrize("htmx", [True, False])
def test_morning_without_a_number_is_refused(yesterday, patient_client, wrong, htmx):
    response = morning(patient_client, htmx, pain_morning=wrong)

    assert response.status_code == 422
    assert "A whole number from 0 to 10, please." in text(response)
    assert Session.objects.get().pain_morning is None


def test_morning_of_a_day_long_gone_is_said_kindly(yesterday, patient_client):
    Session.objects.update(said_at=NOW - timedelta(days=2), day=DAY - timedelta(days=2))

    response = morning(patient_client, day=(DAY - timedelta(days=2)).isoformat())

    assert response.status_code == 422
    assert "That question was about an earlier morning." in text(response)


def test_morning_of_another_patients_session_is_not_there(yesterday, other_patient_client):
    assert morning(other_patient_client).status_code == 404


def test_today_stays_within_its_queries_with_everything_to_ask(
    yesterday, plan, patient, patient_client, django_assert_max_num_queries
):
    Session.objects.update(pain_worst=8, pain_morning=3)
    history.said(patient, DAY, pain_before=7, pain_worst=9)
    patient_client.get("/today/")

    with django_assert_max_num_queries(7):
        patient_client.get("/today/")


def test_kept_page_says_each_patients_own_answer(yesterday, patient_client):
    morning(patient_client, pain_morning=3)
    first = text(patient_client.get("/today/"))
    Session.objects.update(pain_morning=1)
    second = text(patient_client.get("/today/"))

    assert "This morning: 3 · " in first and "This morning: 1 · " in second
    assert "This morning: 3 · " not in second


# It hurts


def hurts(client, plan, htmx=True, **more):
    data = {"day": DAY.isoformat(), "round": "1", "line": str(plan.bridge.uuid), "pain": "6"} | more
    return client.post("/today/hurts/", data, headers=HTMX if htmx else {})


@pytest.mark.parametrize("htmx", [True, False])
def test_stop_is_answered_with_what_to_do_now(plan, patient_client, htmx):
    response = hurts(patient_client, plan, htmx)

    page = text(response) if htmx else text(patient_client.get(response["Location"].split("#")[0]))
    assert "You stopped at the right time." in page
    assert "Is your pain 5 or less then? You may do the others." in page
    assert "Not today: it hurt, 6 of 10." in page
    assert "/today/flare/" not in page
    assert Skip.objects.get().pain == 6


def test_second_or_severe_stop_offers_the_gentle_plan(plan, patient_client):
    assert 'href="/today/flare/"' in text(hurts(patient_client, plan, pain="8"))


def test_stop_that_moved_away_and_stayed_rests_the_exercise(plan, patient_client):
    page = text(hurts(patient_client, plan, moved="away", away_lasted="yes"))

    assert "This one rests until your clinician has looked at it." in page
    assert Easing.objects.filter(kind="withheld").count() == 1


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("wrong", [{"pain": ""}, {"pain": "11"}])
def test_stop_without_a_number_is_asked_again(plan, patient_client, htmx, wrong):
    response = hurts(patient_client, plan, htmx, **wrong)

    assert response.status_code == 422
    assert "A whole number from 0 to 10, please." in text(response)
    assert not Skip.objects.exists()


@pytest.mark.parametrize("wrong", [{"line": "x"}, {"day": "x"}, {"round": "0"}])
def test_stop_of_nonsense_is_refused_in_plain_words(plan, patient_client, wrong):
    assert hurts(patient_client, plan, **wrong).status_code == 422
    assert not Skip.objects.exists()


def test_stop_of_anothers_exercise_is_not_there(plan, other_patient_client):
    assert hurts(other_patient_client, plan).status_code == 404
    assert hurts(other_patient_client, plan, pain="").status_code == 404


def test_stop_of_a_day_to_come_is_refused(plan, patient_client):
    assert hurts(patient_client, plan, day="2026-11-19").status_code == 422


# Something went wrong


def report(client, plan, **more):
    data = {
        "key": str(uuid4()),
        "kind": "fall",
        "severity": "mild",
        "happened_on": "2026-11-17",
        "exercise": str(plan.bridge.uuid),
        "text": "Slipped.",
    }
    return client.post("/today/went-wrong/", data | more)


def test_report_page_says_who_to_call_and_names_the_exercise(plan, patient_client):
    page = text(patient_client.get(f"/today/went-wrong/?exercise={plan.bridge.uuid}"))

    assert "Nobody watches this page day and night." in page
    assert 'href="tel:112"' in page and 'href="tel:+442079460000"' in page
    assert f'<option value="{plan.bridge.uuid}" selected>Bridge</option>' in page
    assert '<option value="2026-11-18" selected>Today</option>' in page


def test_report_is_stored_and_leads_to_the_check(plan, patient, patient_client):
    response = report(patient_client, plan)

    event = AdverseEvent.objects.get()
    assert (event.patient, event.kind, event.line, event.happened_on) == (
        patient, "fall", plan.bridge, date(2026, 11, 17),
    )  # fmt: skip
    assert response["Location"] == reverse("adverse_event_told")
    assert 'href="/checks/?for=' in text(patient_client.get(response["Location"]))
    assert Task.objects.get().kind == Kind.ADVERSE
    assert AuditEvent.objects.get(action="adverse_event.reported").detail == {}


def test_report_sent_twice_is_one(plan, patient_client):
    key = str(uuid4())
    report(patient_client, plan, key=key)
    report(patient_client, plan, key=key)

    assert AdverseEvent.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": ""},
        {"severity": "awful"},
        {"happened_on": "2026-11-19"},
        {"happened_on": "2026-11-10"},
        {"exercise": str(uuid4())},
        {"text": "x" * 2001},
        {"key": "x"},
    ],
)
def test_report_with_a_mistake_keeps_what_was_typed(plan, patient_client, wrong):
    response = report(patient_client, plan, **wrong)

    assert response.status_code == 422
    if "text" not in wrong:
        assert "Slipped." in text(response)
    assert not AdverseEvent.objects.exists()


def test_patient_without_a_plan_may_report_as_well(patient, patient_client):
    assert patient_client.get("/today/went-wrong/").status_code == 200
    assert 'href="/today/went-wrong/"' in text(patient_client.get("/today/"))

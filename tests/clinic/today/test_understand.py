"""Why an exercise, what it should feel like, what to stop for; and one text where one matters."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from clinic.prescriptions.models import Importance, PrescribedExercise
from clinic.today.reading import Version
from clinic.today.understand import is_first_week
from tests.factories import articles, catalogue, history, plans

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def sheet(client, line):
    return text(client.get(f"/today/exercise/{line.uuid}/"))


def test_exercise_says_why_how_it_feels_and_when_to_stop(plan, patient_client):
    told = plan.bridge.told
    page = sheet(patient_client, plan.bridge)

    for heading, words in (
        ("Why this exercise", told["purpose"]),
        ("What it should feel like", told["feel"]),
        ("Stop and tell us if", told["ease_off"]),
    ):
        assert page.index(heading) < page.index(words)
    assert "the pain moves further down your leg" in page
    assert "It is a part of your main exercises." in page
    assert "From your clinician:</strong> Squeeze a towel between your knees." in page


def test_what_was_told_before_texts_had_all_parts_is_shown_without_made_up_ones(plan, patient_client):
    bare = {name: value for name, value in plan.bridge.told.items() if name not in {"purpose", "feel", "ease_off"}}
    PrescribedExercise.objects.filter(pk=plan.bridge.pk).update(told=bare)

    page = sheet(patient_client, plan.bridge)

    assert "It is a part of your main exercises." in page
    assert "What it should feel like" not in page
    assert "Stop and tell us if" in page


def test_exercise_says_that_it_comes_first_when_time_is_short(plan, patient_client):
    PrescribedExercise.objects.filter(pk=plan.bird_dog.pk).update(importance=Importance.MUST)

    assert "wants you to do this one first" in sheet(patient_client, plan.bird_dog)
    assert "wants you to do this one first" not in sheet(patient_client, plan.bridge)


def test_exercise_for_when_it_helps_says_so(relief, patient_client):
    assert "Do it when your back asks for it." in sheet(patient_client, relief.bird_dog)


def test_guided_session_says_the_same(plan, patient_client):
    page = text(patient_client.get("/today/go/"))

    assert "Why this exercise." in page
    assert plan.bridge.told["purpose"] in page
    assert "What it should feel like." in page
    assert "Stop and tell us if" in page


def test_exercise_leads_to_the_text_about_its_kind_and_its_part_of_the_session(plan, patient_client):
    articles.article("strong", moments=["strength"])
    articles.article("cool", moments=["cool-down"])
    articles.article("sit", moments=["breaks"])

    assert "/learn/strong/" in sheet(patient_client, plan.bridge)
    assert "/learn/cool/" in sheet(patient_client, plan.plank)
    page = sheet(patient_client, plan.shrug)
    assert page.index("/learn/sit/") < page.index("/learn/strong/")


def test_exercise_offers_two_texts_at_most(plan, patient_client):
    for n in range(5):
        articles.article(f"read-{n}", moments=["strength", "cool-down"])

    assert sheet(patient_client, plan.plank).count("/learn/read-") == 2


def test_first_week_has_its_text_beside_each_exercise(patient, clinician, exercises, patient_client):
    articles.article("begin", moments=["first-week"])
    made = plans.published(
        patient, by=clinician.user, exercises=[exercises["bridge"]], starts_on=patient.local_day() - timedelta(days=6)
    )

    assert "/learn/begin/" in sheet(patient_client, made.lines.get())


@pytest.mark.parametrize(
    ("replaces", "days", "is_first"), [(None, 0, True), (None, 6, True), (None, 7, False), (1, 0, False)]
)
def test_first_week_is_of_a_plan_that_replaces_none(replaces, days, is_first):
    day = date(2026, 3, 2)
    version = Version(2, uuid4(), replaces, day, None, None, "", None, False)

    assert is_first_week(version, day + timedelta(days=days)) == is_first


EVERYWHERE = ["pain-up", "rest-day", "first-week", "first-visit", "breaks", "progress", "strength"]


def test_today_with_exercises_offers_nothing_and_asks_for_nothing(plan, patient_client, django_assert_num_queries):
    plain = patient_client.get("/today/") and text(patient_client.get("/today/"))
    articles.article("anywhere", moments=EVERYWHERE)

    with django_assert_num_queries(6):  # one of them for the small breaks
        page = text(patient_client.get("/today/"))

    assert "/learn/anywhere/" not in page
    assert len(page) == len(plain)


def test_day_of_rest_offers_its_text(patient, clinician, exercises, patient_client):
    articles.article("rest", moments=["rest-day"])
    other = (patient.local_day() + timedelta(days=2)).strftime("%a")[:2]
    plans.published(patient, by=clinician.user, lines=[plans.Line(exercises["bridge"], f"1 x 10, {other}")])

    page = text(patient_client.get("/today/"))

    assert "A rest day is part of the plan" in page
    assert page.count("/learn/rest/") == 1
    # The frame of the page is kept, its text is not.
    articles.article("other", title="A better one", order=1, moments=["rest-day"])
    assert "A better one" in text(patient_client.get("/today/"))


def test_who_waits_for_a_plan_has_something_to_begin_with(patient_client):
    articles.article("begin", moments=["first-week"])

    assert "/learn/begin/" in text(patient_client.get("/today/"))


@pytest.mark.parametrize(("worst", "offered"), [(8, 1), (4, 0), (None, 0)])
def test_answer_that_pain_is_up_brings_its_text_and_another_answer_none(
    plan, patient, patient_client, worst, offered
):
    articles.article("numbers", title="What your number means", moments=["pain-up"])
    history.said(patient, plan.day, pain_worst=worst)

    assert text(patient_client.get("/today/")).count("/learn/numbers/") == offered


def test_new_numbness_is_checked_and_not_read_about(plan, patient, patient_client):
    articles.article("numbers", moments=["pain-up"])
    history.said(patient, plan.day, pain_worst=8, is_numb=True)

    page = text(patient_client.get("/today/"))

    assert "Please do a short check now." in page
    assert "/learn/numbers/" not in page


def test_exercise_stopped_on_pain_brings_the_text(plan, patient_client):
    articles.article("numbers", moments=["pain-up"])
    patient_client.post(
        "/today/hurts/", {"day": plan.day.isoformat(), "round": "1", "line": str(plan.bridge.uuid), "pain": "7"}
    )

    assert "/learn/numbers/" in sheet(patient_client, plan.bridge)


@pytest.mark.parametrize(
    ("path", "moment"),
    [
        ("/today/breaks/", "breaks"),
        ("/today/progress/", "progress"),
        ("/today/flare/", "flare"),
        ("/today/first-steps/?step=3", "first-visit"),
        ("/exercises/bridge/", "strength"),
    ],
)
def test_place_offers_its_text_and_is_whole_without_one(plan, patient_client, path, moment):
    assert "Good to read with this" not in text(patient_client.get(path))

    articles.article("here", moments=[moment])

    assert text(patient_client.get(path)).count("/learn/here/") == 1


def test_staff_are_offered_nothing_to_learn(clinician_client):
    catalogue.exercise("bridge")
    articles.article("here", moments=["strength"])

    assert "/learn/here/" not in text(clinician_client.get("/exercises/bridge/"))

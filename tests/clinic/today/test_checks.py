"""The red-flag check in front of Today: due checks, the stop, and that no exercise page gets past it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from clinic.today.checks import check_due
from clinic.today.models import CheckOff, DailyTally
from patients.models import Patient, Screening
from patients.screening.actions import record_clearance
from patients.screening.models import Occasion
from tests.clinic.today.conftest import HTMX
from tests.factories import catalogue, checks, plans
from tests.test_access import ROUTES, address, guard_of

pytestmark = pytest.mark.django_db

# What a stopped patient may still open, and why it shows no exercise.
HARMLESS = {
    "progress", "goal_say",  # days done and pain over time, and how close a goal is
    "rest",  # on which days somebody was unwell or away
    "measures", "measure",  # how the patient is doing
    "adverse_event", "adverse_event_told",  # to tell the clinic; names exercises, shows none
    "messages", "message_photo",  # to ask the clinic; names exercises, shows none
    "help", "learn", "article",  # words and phone numbers
    "reminders", "reminder_words", "device_remove", "reminders_stop",  # when somebody is told, not of what
    "calendar_change", "calendar_file", "calendar_feed",  # empty while the check says stop
    "red_flag_check", "red_flag_result",  # the way on
    "start", "healthz", "favicon", "look", "no_role", "outbox", "welcome",  # nothing of a plan
    "own_device", "unsent", "offline", "service_worker", "manifest", "script", "spoken_script", "apple_touch_icon",  # nothing of a plan either
    "services", "team", "team_photo", "ask_for_visit", "visit_asked", "article_ask",  # everybody's
    "newsletter", "newsletter_asked", "newsletter_confirm", "newsletter_stop",
    "sync",  # takes in what was done before, shows nothing
    "first_steps_done",  # leads on to Today
    "pin_sign_in", "my_sign_in", "my_pin", "my_pin_remove", "my_device_sign_out", "still_you",  # ways in
    "mfa_remove_webauthn", "account_set_password",
    "family", "family_give", "family_link", "family_renew", "family_end", "helping", "welcome_helper",  # who may look
}  # fmt: skip


PATIENTS = {"patient", "patient_or_helper", "chooses_ways_in", "signed_in", "public"}


@pytest.fixture
def live(patient, clinician):
    made = plans.published(patient, by=clinician.user, exercises=[catalogue.exercise("bridge")])
    return {"patient": patient, "prescription": made, "line": made.lines.get(), "exercise": made.lines.get().exercise}


def patients_routes():
    return [(route, pattern) for route, pattern in ROUTES if guard_of(pattern) in PATIENTS]


def is_marked(pattern):
    return getattr(pattern.callback, "shows_exercises", False)


def test_every_view_of_a_patient_is_marked_or_named_as_harmless():
    marked = {pattern.name for _, pattern in patients_routes() if is_marked(pattern)}
    others = {pattern.name for _, pattern in patients_routes() if not is_marked(pattern)}

    assert others == HARMLESS
    assert {"today", "today_exercise", "plan", "week", "check", "exercises", "exercise", "exercise_figure"} <= marked


@pytest.mark.parametrize("route", [route for route, pattern in patients_routes() if is_marked(pattern)])
@pytest.mark.parametrize("method", ["get", "head", "post"])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize(("question", "words"), [("RF02", "Please get help now"), ("RF13", "Please call us today")])
def test_stopped_patient_reaches_no_exercise(route, method, headers, question, words, live, patient, patient_client):
    checks.flagged(patient, **{question: "yes"})
    path = address(route, live)

    response = getattr(patient_client, method)(path, headers=headers)

    assert response.status_code == 403
    page = response.content.decode()
    assert words in page or method == "head"
    assert "Bridge" not in page and "<figure" not in page


@pytest.mark.parametrize("name", ["progress", "learn", "help", "red_flag_check"])
def test_stopped_patient_still_reaches_the_harmless_pages(name, live, patient, patient_client):
    checks.flagged(patient, RF02="yes")

    assert patient_client.get(reverse(name)).status_code == 200


def test_stop_page_gives_the_clinics_own_numbers(live, spine_ina, patient, patient_client):
    spine_ina.emergency_phone, spine_ina.urgent_phone, spine_ina.phone = "999", "111", "0123 456"
    spine_ina.save()
    checks.flagged(patient, RF13="yes")

    page = patient_client.get("/today/").content.decode()

    assert [*dict.fromkeys(re.findall('href="tel:([^"]+)"', page))] == ["0123456", "111", "999"]


def test_clinic_without_numbers_still_says_where_to_go(live, spine_ina, patient, patient_client):
    spine_ina.emergency_phone = spine_ina.urgent_phone = spine_ina.phone = ""
    spine_ina.save()
    checks.flagged(patient, RF02="yes")

    page = patient_client.get("/today/").content.decode()

    assert "go to an emergency department now" in page
    assert "tel:" not in page


def test_htmx_request_of_a_stopped_patient_gets_the_advice_for_the_whole_page(live, patient, patient_client):
    checks.flagged(patient, RF02="yes")

    response = patient_client.post("/today/check/", {"tick": "x"}, headers=HTMX)

    assert response["HX-Retarget"] == "#main"
    assert "<!DOCTYPE" not in response.content.decode()
    assert "tel:112" in response.content.decode()


def test_other_patients_and_staff_are_not_stopped(live, patient, other_patient_client, clinician_client):
    checks.flagged(patient, RF02="yes")

    assert other_patient_client.get("/today/").status_code == 200
    assert clinician_client.get("/exercises/bridge/").status_code == 200


def test_clearance_brings_the_plan_back(live, patient, patient_client, clinician):
    screening = checks.flagged(patient, RF02="yes")
    assert patient_client.get("/today/").status_code == 403

    record_clearance(screening=screening, by=clinician.user, cleared=True, note="Examined today, no signs.")

    page = patient_client.get("/today/")
    assert page.status_code == 200
    assert "Bridge" in page.content.decode()


def test_level_c_stops_no_plan_that_is_live(live, patient, patient_client):
    checks.flagged(patient, RF20="yes")

    assert patient_client.get("/today/").status_code == 200


# ---- a whole check that is due ----


@pytest.fixture
def unchecked(patient, live):
    Patient.objects.filter(pk=patient.pk).update(checked_on=None)
    patient.checked_on = None
    return live


@pytest.mark.parametrize("path", ["/today/", "/today/exercise/{line}/"])
def test_whole_check_takes_the_place_of_the_exercises(path, unchecked, patient_client):
    page = patient_client.get(path.format(line=unchecked["line"].uuid))

    assert page.status_code == 200
    assert "A few health questions first" in page.content.decode()
    assert "Bridge" not in page.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_tick_before_the_whole_check_is_refused_kindly(headers, unchecked, patient, patient_client):
    tick = f"{unchecked['line'].uuid}.1.1.both.1"

    response = patient_client.post(
        "/today/check/", {"tick": tick, "day": patient.local_day().isoformat()}, headers=headers
    )

    assert response.status_code == 422
    assert "Not saved yet" in response.content.decode()
    assert CheckOff.objects.count() == 0


def test_plan_can_be_read_before_the_whole_check(unchecked, patient_client):
    assert "Bridge" in patient_client.get("/today/plan/").content.decode()


def test_answering_brings_the_exercises(unchecked, patient, patient_client):
    response = patient_client.post("/checks/", {**checks.answers(patient), "all": "1"})

    assert response["Location"] == "/today/"
    assert "Bridge" in patient_client.get("/today/").content.decode()
    made = Screening.objects.first()
    assert (made.is_short, made.level, made.answered_by, made.occasion) == (False, "", patient.user, Occasion.GAP)


# ---- the short one ----


@pytest.fixture
def short_due(patient, live):
    today = patient.local_day()
    Patient.objects.filter(pk=patient.pk).update(checked_on=today - timedelta(days=28))
    patient.refresh_from_db()
    DailyTally.objects.create(patient=patient, day=today - timedelta(days=3), planned_slots=1, touched_slots=1)
    return live


def test_short_check_is_a_card_above_exercises_that_can_be_done(short_due, patient_client):
    page = patient_client.get("/today/").content.decode()

    assert "Three quick health questions" in page
    assert "Bridge" in page


def test_short_check_asks_three_questions(short_due, patient, patient_client):
    page = patient_client.get("/checks/").content.decode()
    assert page.count("<fieldset") == 3

    patient_client.post("/checks/", checks.answers(patient, short=True))

    made = Screening.objects.first()
    assert (made.is_short, made.occasion) == (True, Occasion.REGULAR)
    assert "Three quick health questions" not in patient_client.get("/today/").content.decode()


def test_three_answers_do_not_pass_for_the_whole_check(unchecked, patient, patient_client):
    before = Screening.objects.count()

    response = patient_client.post("/checks/", checks.answers(patient, short=True))

    assert response.status_code == 422
    assert Screening.objects.count() == before


def test_gap_without_a_log_asks_the_whole_check(short_due, patient, patient_client):
    DailyTally.objects.all().delete()

    assert check_due(patient, patient.local_day()).is_full
    assert "A few health questions first" in patient_client.get("/today/").content.decode()


def test_check_that_is_not_due_costs_today_no_query(live, patient, django_assert_num_queries):
    with django_assert_num_queries(0):
        check_due(Patient.objects.none().first() or patient, patient.local_day())


# ---- filling in ----


def test_missing_answers_are_said_at_the_question_and_nothing_is_lost(unchecked, patient, patient_client):
    typed = checks.answers(patient, RF18="unsure", RF20="yes")
    del typed["RF02"]

    response = patient_client.post("/checks/", {**typed, "all": "1"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "1 question without an answer" in page
    assert page.count("Please choose an answer.") == 1
    assert 'id="e-RF02"' in page
    for chosen in ('name="RF18" value="unsure" checked', 'name="RF20" value="yes"'):
        assert chosen in page
    assert page.count(" checked") == len(typed)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"RF02": "yes"}, "Please get help now"),
        ({"RF13": "yes"}, "Please call us today"),
        ({"RF20": "yes"}, "will look at your answers"),
        ({"RF20": "unsure"}, "can read your answers"),
    ],
)
def test_patient_is_told_what_happens_next(said, words, live, patient, patient_client):
    response = patient_client.post("/checks/", {**checks.answers(patient, **said), "all": "1"}, follow=True)

    assert response.request["PATH_INFO"] == "/checks/thanks/"
    assert response.status_code == 200
    assert words in response.content.decode()


def test_no_to_everything_does_not_lift_a_stop(live, patient, patient_client):
    checks.flagged(patient, RF02="yes")

    patient_client.post("/checks/", {**checks.answers(patient), "all": "1"})

    assert patient_client.get("/today/").status_code == 403


@pytest.mark.parametrize(
    ("asked", "occasion"), [("f", Occasion.FLARE), ("e", Occasion.EVENT), ("s", Occasion.SYMPTOM), ("x", Occasion.SYMPTOM)]
)  # fmt: skip
def test_link_says_what_the_check_is_for(asked, occasion, live, patient, patient_client):
    page = patient_client.get(f"/checks/?for={asked}").content.decode()
    assert (f'name="for" value="{asked}"' in page) == (asked != "x")

    patient_client.post("/checks/", {**checks.answers(patient), "all": "1", "for": asked})

    assert Screening.objects.first().occasion == occasion

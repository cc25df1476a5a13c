"""The walk through a session, how it ends, and what fits into a few minutes."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection

from clinic.caseload.day import day_of
from clinic.prescriptions.models import Easing, Importance, PrescribedExercise
from clinic.today.models import CheckOff, DailyTally, Session, Skip
from patients.models import AuditEvent
from tests.clinic.today.conftest import HTMX, Plan
from tests.factories import catalogue, plans

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def heading(response):
    return unescape(re.search(r"<h1[^>]*>(.*?)</h1>", text(response))[1])


def steps_of(response):
    return json.loads(re.search(r'<script id="steps" type="application/json">(.*?)</script>', text(response))[1])


def link(response, name):
    return unescape(re.search(rf'href="([^"]+)"[^>]*aria-label="{name}"', text(response))[1])


@pytest.fixture
def long_plan(patient, clinician, exercises):
    """Bridge takes 7 minutes, bird dog and plank about 3 each."""
    made = plans.published(
        patient,
        by=clinician.user,
        lines=[
            plans.Line(exercises["bridge"], "5 x 10 5s"),
            plans.Line(exercises["bird-dog"], "2 x 12 each side"),
            plans.Line(exercises["plank"], "5 x 30 s", phase="cool"),
        ],
    )
    return Plan(patient, made, *made.lines.all(), None)


def rank(line, importance):
    """As if it had been published so."""
    PrescribedExercise.objects.filter(pk=line.pk).update(importance=importance)


def have(client, minutes, *, day=None, **more):
    return client.post(
        "/today/go/minutes/", {"minutes": minutes, "round": 1, **({"day": day} if day else {}), **more}
    )


def test_today_leads_into_the_session(plan, patient_client):
    page = text(patient_client.get("/today/"))

    assert re.search(r'<a class="btn btn-primary btn-big mt-2" id="go" href="/today/go/">', page)


def test_earlier_day_is_ticked_off_and_not_walked_through(plan, patient_client):
    yesterday = plan.day - timedelta(days=1)

    page = text(patient_client.get(f"/today/{yesterday}/"))

    assert f'href="/today/exercise/{plan.bridge.uuid}/?day={yesterday}"' in page
    assert "/today/go/" not in page


def test_session_opens_at_the_next_exercise(plan, patient_client):
    assert heading(patient_client.get("/today/go/")) == "Bridge"

    plan.all_done()

    assert heading(patient_client.get("/today/go/")) == "Bird dog"


def test_page_carries_the_steps_and_says_how_to_get_ready(plan, patient_client):
    found = steps_of(patient_client.get("/today/go/"))

    assert [step["kind"] for step in found] == ["ready", "work", "work", "work"]
    assert found[0]["words"] == "Get ready. Lie on your back with your knees bent."
    assert [step["tick"] for step in found] == ["1.both", "1.both", "2.both", "3.both"]


def test_page_shows_its_set_buttons_and_the_steps_in_words(plan, patient_client):
    page = text(patient_client.get(f"/today/go/{plan.bird_dog.uuid}/"))

    assert f'value="{plan.bird_dog.uuid}.1.2.right.1"' in page
    assert "Set 1 of 2, left side. 6 times." in page
    assert "Change sides. Now your right side." in page


def test_back_and_next_are_one_tap_away(plan, patient_client):
    page = patient_client.get(f"/today/go/{plan.bird_dog.uuid}/")

    assert f'<a class="btn btn-line" href="/today/go/{plan.bridge.uuid}/">' in text(page)
    assert f'id="skip" href="/today/go/{plan.plank.uuid}/">Next' in text(page)
    assert 'id="skip" href="/today/go/">End' in text(patient_client.get(f"/today/go/{plan.plank.uuid}/"))


def test_tick_is_the_one_of_today_and_comes_back_to_the_session(plan, patient_client):
    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.1.both.1", round="1", on="guided", htmx=False)

    assert response["Location"] == f"/today/go/{plan.bridge.uuid}/#sheet"
    assert CheckOff.objects.get().set_number == 1


def test_last_set_leads_to_the_next_exercise_of_the_session(plan, patient_client):
    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.all.1", round="1", on="guided")

    assert link(response, "Next: Bird dog") == f"/today/go/{plan.bird_dog.uuid}/"
    assert response["HX-Trigger-After-Settle"] == '{"focus-on":"next"}'


def test_it_hurts_stays_in_the_session(plan, patient_client):
    said = {"day": plan.day, "round": 1, "line": plan.bridge.uuid, "pain": 6, "on": "guided"}

    plain = patient_client.post("/today/hurts/", said)
    fragment = patient_client.post("/today/hurts/", said, headers=HTMX)

    assert plain["Location"] == f"/today/go/{plan.bridge.uuid}/#sheet"
    assert link(fragment, "Next: Bird dog") == f"/today/go/{plan.bird_dog.uuid}/"
    assert Skip.objects.get().pain == 6


def test_refused_pain_stays_in_the_session(plan, patient_client):
    said = {"day": plan.day, "round": 1, "line": plan.bridge.uuid, "pain": "", "on": "guided"}

    response = patient_client.post("/today/hurts/", said, headers=HTMX)

    assert response.status_code == 422
    assert link(response, "Next: Bird dog") == f"/today/go/{plan.bird_dog.uuid}/"


def test_session_ends_with_the_questions_of_today(plan, patient_client):
    for line in (plan.bridge, plan.bird_dog, plan.plank):
        plan.all_done(line)

    page = patient_client.get("/today/go/")

    assert heading(page) == "Done for today."
    assert 'action="/today/say/"' in text(page)
    assert "Well done. Next time: tomorrow." in text(page)


def test_everything_skipped_is_a_quiet_day(plan, patient_client):
    plan.tap(patient_client, "day.unwell", url="/today/skip/", name="skip")

    assert heading(patient_client.get("/today/go/")) == "Rest for today."


def test_end_of_a_round_leads_to_the_next(twice_a_day, patient_client):
    for line in (twice_a_day.bridge, twice_a_day.bird_dog, twice_a_day.plank):
        twice_a_day.all_done(line)

    page = patient_client.get("/today/go/?round=1")

    assert heading(page) == "Morning done."
    assert 'href="/today/go/?round=2"' in text(page)
    assert heading(patient_client.get("/today/go/?round=2")) == "Bridge"


def test_without_exercises_it_goes_back_to_today(patient, patient_client):
    assert patient_client.get("/today/go/")["Location"] == "/today/"
    assert patient_client.get("/today/go/minutes/")["Location"] == "/today/go/"


def test_day_still_to_come_is_refused(plan, patient_client):
    tomorrow = plan.day + timedelta(days=1)

    for page in ("/today/go/", f"/today/go/{plan.bridge.uuid}/", "/today/go/minutes/"):
        assert patient_client.get(f"{page}?day={tomorrow}").status_code == 422
    assert have(patient_client, 5, day=tomorrow).status_code == 422
    assert not Session.objects.exists()


def test_another_patients_exercise_does_not_exist(plan, other_patient_client):
    assert other_patient_client.get(f"/today/go/{plan.bridge.uuid}/").status_code == 404


def test_red_flag_stops_the_session_too(plan, patient, patient_client):
    patient.flag_level = "A"
    patient.save()

    assert patient_client.get("/today/go/").status_code == 403


def eased(plan, kind):
    Easing.objects.create(
        patient=plan.patient, thread=plan.bridge.thread, kind=kind, because="stop", from_day=plan.day
    )


def test_exercise_at_half_is_counted_at_half(plan, patient_client):
    eased(plan, "half")

    page = patient_client.get(f"/today/go/{plan.bridge.uuid}/")

    assert [step["tick"] for step in steps_of(page) if step["kind"] == "work"] == ["1.both", "2.both"]


def test_exercise_that_rests_is_left_out_and_has_no_timer(plan, patient_client):
    eased(plan, "withheld")

    page = text(patient_client.get(f"/today/go/{plan.bridge.uuid}/"))

    assert heading(patient_client.get("/today/go/")) == "Bird dog"
    assert 'id="timer"' not in page
    assert 'id="run"' not in page


def test_exercise_of_an_earlier_version_says_so(plan, clinician, exercises, patient_client):
    bridge = plans.Line(exercises["bridge"], "2 x 12", thread=plan.bridge.thread)
    plans.revised(plan.prescription, by=clinician.user, lines=[bridge], on=plan.day)

    page = text(patient_client.get(f"/today/go/{plan.bridge.uuid}/"))

    assert "This is from an earlier version of your plan." in page
    assert 'id="timer"' not in page


def test_small_break_can_be_counted_too(plan, patient_client):
    page = patient_client.get(f"/today/go/{plan.shrug.uuid}/")

    assert (heading(page), len(steps_of(page))) == ("Shrug", 2)


def test_addresses_carry_no_words_about_health(plan, patient_client):
    page = text(patient_client.get("/today/go/"))

    assert f'data-key="{plan.bridge.uuid.hex[:8]}.1.{plan.day:%Y%m%d}"' in page


# --- a few minutes ---


def test_choices_name_what_fits(long_plan, patient_client):
    page = text(patient_client.get("/today/go/minutes/"))

    assert re.findall(r"<strong>(\d+ minutes)</strong>\s*<span>([^<]+)</span>", page) == [
        ("5 minutes", "Bridge"),
        ("10 minutes", "Bridge, Bird dog"),
    ]
    assert "This one alone takes about 7 minutes." in page
    assert "About 13 minutes" in page


def test_clinicians_word_decides_what_comes_first(long_plan, patient_client):
    rank(long_plan.plank, Importance.MUST)

    have(patient_client, 5)

    page = patient_client.get("/today/go/")
    assert heading(page) == "Plank"
    assert "exercise 1 of 1" in text(page)


def test_short_session_ends_kindly_and_the_rest_stays_open(long_plan, patient, patient_client, clinician):
    rank(long_plan.plank, Importance.MUST)
    have(patient_client, 5)

    response = long_plan.tap(patient_client, f"{long_plan.plank.uuid}.1.all.1", round="1", on="guided")
    end = patient_client.get("/today/go/")

    assert "Next:" not in text(response)
    assert heading(end) == "The most important part is done."
    assert f'href="/today/go/{long_plan.bridge.uuid}/">Do the rest too' in text(end)
    assert not Skip.objects.exists()
    tally = DailyTally.objects.get()
    assert (tally.planned_slots, tally.done, tally.excused_slots) == (3, 1, 0)
    (said,) = day_of(patient, long_plan.day).sessions
    assert said.session.minutes == 5


def test_today_says_that_the_rest_can_wait(long_plan, patient_client):
    rank(long_plan.plank, Importance.MUST)
    have(patient_client, 5)
    page = text(patient_client.get("/today/"))
    assert "0 of 3 done" in page
    assert "Start with Plank" in page

    long_plan.all_done(long_plan.plank)

    page = text(patient_client.get("/today/"))
    assert "The most important part is done." in page
    assert f'href="/today/go/{long_plan.bridge.uuid}/"' in page
    assert "Do some more: Bridge" in page


def test_whoever_does_more_than_was_picked_walks_on_through_all_of_it(long_plan, patient_client):
    rank(long_plan.plank, Importance.MUST)
    have(patient_client, 5)

    page = patient_client.get(f"/today/go/{long_plan.bridge.uuid}/")

    assert link(page, "Next: Bird dog") == f"/today/go/{long_plan.bird_dog.uuid}/"


def test_all_of_it_takes_the_short_session_back(long_plan, patient_client):
    have(patient_client, 5)
    have(patient_client, 0)

    assert (Session.objects.get().minutes, Session.objects.get().picked) == (None, [])
    assert "exercise 1 of 3" in text(patient_client.get("/today/go/"))


def test_saying_it_twice_changes_nothing(long_plan, patient_client):
    have(patient_client, 5)
    have(patient_client, 5)

    assert AuditEvent.objects.filter(action="session.shortened").count() == 1


def test_all_of_it_without_a_short_session_leaves_no_trace(long_plan, patient_client):
    have(patient_client, 0)

    assert not Session.objects.exists()


def test_minutes_keep_the_answers_and_when_they_were_given(long_plan, patient, patient_client):
    patient_client.post("/today/say/", {"day": long_plan.day, "round": 1, "part": "before", "pain_before": 3})
    before = Session.objects.get()

    have(patient_client, 10)

    after = Session.objects.get()
    assert (after.pain_before, after.said_at, after.minutes) == (3, before.said_at, 10)


@pytest.mark.parametrize("minutes", ["", "7", "ten", "-5", "5\0"])
def test_other_numbers_are_not_understood(long_plan, patient_client, minutes):
    assert have(patient_client, minutes).status_code == 422
    assert not Session.objects.exists()


def test_removed_exercise_does_not_end_the_session(long_plan, clinician, exercises, patient_client):
    have(patient_client, 5)
    plans.revised(long_plan.prescription, by=clinician.user, on=long_plan.day, lines=[plans.Line(exercises["plank"])])

    assert heading(patient_client.get("/today/go/")) == "Plank"


# --- queries ---


@pytest.mark.parametrize("lines", [1, 20])
def test_pages_ask_a_fixed_number_of_queries(patient, clinician, patient_client, django_assert_num_queries, lines):
    made = plans.published(
        patient,
        by=clinician.user,
        lines=[plans.Line(catalogue.exercise(f"exercise-{n}"), "3 x 10, 3 days/week") for n in range(lines)],
    )
    patient_client.get("/today/")
    first = made.lines.first().uuid

    for page in ("/today/go/", f"/today/go/{first}/"):
        with django_assert_num_queries(5):
            patient_client.get(page)
    with django_assert_num_queries(5):
        patient_client.get("/today/go/minutes/")
    data = {"day": patient.local_day(), "tick": f"{first}.1.1.both.1", "round": "1", "on": "guided"}
    with django_assert_num_queries(8 + connection.features.has_select_for_update):
        patient_client.post("/today/check/", data, headers=HTMX)

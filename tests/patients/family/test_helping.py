"""A helper's own day with the patient's plan: what they see, what they do in the patient's name, and what ends it."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection

from clinic.today.models import AdverseEvent, CheckOff, Session, Skip
from patients.models import AuditEvent, FamilyAccess, Patient, Screening
from patients.tasks.models import Task
from tests.conftest import signed_in
from tests.factories import catalogue, checks, history, people, plans
from tests.patients.family.conftest import Helper

HTMX = {"HX-Request": "true"}


@pytest.fixture
def bridge(plan):
    return plan.lines.first()


def text(response):
    return response.content.decode()


def ticks():
    return set(CheckOff.objects.values_list("patient", "done_by", "set_number"))


# --- looking ---


def test_todays_page_is_the_patients_with_every_address_below_the_access(dora, bridge):
    page = text(dora.get("/today/"))

    assert "You are helping <strong>Margaret</strong>" in page and "Margaret today" in page
    assert bridge.exercise.plain_name in page
    assert f'action="{dora.below("/today/check/")}"' in page
    assert 'action="/today' not in page and 'href="/today' not in page and 'hx-post="/today' not in page


def test_kept_pieces_of_one_person_are_not_anothers(dora, looker, patient_client):
    """Cards are rendered once per content: their addresses must not be."""
    pages = [(patient_client, ""), (dora.client, dora.below("")), (looker.client, looker.below(""))]
    for client, prefix in (*pages, *reversed(pages)):
        page = text(client.get(f"{prefix}/today/"))
        for where in ("check/", "exercise/", "figures/"):
            assert {found.rpartition("/today/")[0] for found in re.findall(rf'"([^"]*/today/{where})', page)} == {
                prefix
            }


def test_nothing_of_the_plan_is_kept_on_a_helpers_device(dora):
    response = dora.get("/today/")
    page = text(response)

    assert "data-owner" not in page  # without it no worker keeps the page, and no tap goes into a queue
    assert "no-store" in response["Cache-Control"]
    figures = page.split('<use href="')[1].split("#")[0]
    assert dora.client.get(figures)["Cache-Control"] == "no-store, private"
    for path in ("/today/sync/", "/own-device/", "/calendar/change/", "/reminders/"):
        assert dora.post(path, {}).status_code in (403, 404, 405)


def test_helpers_page_is_plain_about_what_is_the_patients_alone(dora):
    for path in ("/messages/", "/my-sign-in/", "/reminders/", "/family/"):
        response = dora.get(path)
        assert response.status_code == (404 if path == "/my-sign-in/" else 403)
    for path in ("/today/", "/today/plan/", "/help/"):
        page = text(dora.get(path))
        for link in ("/messages/", "/reminders/", "/own-device/", "/my-sign-in/", "/family/"):
            assert dora.below(link) not in page, (path, link)


def test_looker_sees_no_button_that_does_something(looker, bridge):
    page = text(looker.get("/today/"))

    assert '<fieldset class="looking" disabled>' in page and "Look only" in page
    for words in (
        "Start with",
        "Before you start",
        "How did it go?",
        "Something went wrong",
        "I can’t do my exercises",
    ):
        assert words not in page
    sheet = text(looker.get(f"/today/exercise/{bridge.uuid}/"))
    assert "It hurts" not in sheet and "I did a different number" not in sheet


def test_patients_own_look_and_the_helpers_are_noted_apart(dora, patient):
    dora.get("/today/")
    dora.get("/today/plan/")

    patient.refresh_from_db()
    assert patient.seen_on is None
    assert FamilyAccess.objects.get().seen_on == patient.local_day()
    seen = AuditEvent.objects.filter(patient=str(patient.uuid), actor=str(dora.access.helper.pk))
    assert list(seen.values_list("action", "role")) == [("family.looked", "helper")]


def test_words_to_the_clinic_are_not_shown(dora, patient):
    history.said(patient, patient.local_day(), pain_worst=3, comment="Between us: I am afraid of the stairs.")

    for path in ("/today/", "/today/progress/", "/today/week/"):
        assert "afraid of the stairs" not in text(dora.get(path))


# --- doing ---


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_tick_is_the_patients_and_says_who_made_it(dora, patient, bridge, headers):
    response = dora.tick(bridge, headers=headers)

    assert response.status_code == (200 if headers else 302)
    assert ticks() == {(patient.pk, dora.access.helper.pk, n) for n in (1, 2, 3)}
    line = AuditEvent.objects.filter(patient=str(patient.uuid)).latest("pk")
    assert (line.actor, line.role) == (str(dora.access.helper.pk), "helper")
    if headers:
        assert dora.below("/today/check/") in text(response) and 'hx-post="/today' not in text(response)
    else:
        assert response["Location"].startswith(dora.below("/today/"))


def test_double_tap_and_undo(dora, bridge):
    dora.tick(bridge)
    dora.tick(bridge)
    assert CheckOff.objects.count() == 3

    dora.tick(bridge, "1.all.0")

    assert not CheckOff.objects.exists()


def test_clinician_reads_who_ticked_and_who_answered(dora, patient, bridge, clinician_client):
    today = patient.local_day()
    dora.tick(bridge)
    dora.post(
        "/today/say/", {"day": today.isoformat(), "round": "1", "part": "after", "pain_worst": "2", "effort": "4"}
    )

    page = text(clinician_client.get(f"/clinic/patients/{patient.uuid}/days/{today}/"))

    assert page.count("By Dora Ellis, daughter") == 2
    assert "From paper" not in page


def test_answers_of_a_helper_leave_the_patients_comment(dora, patient):
    today = patient.local_day()
    history.said(patient, today, pain_before=4, comment="Slept badly.")

    dora.post(
        "/today/say/",
        {"day": today.isoformat(), "round": "1", "part": "after", "pain_worst": "2", "comment": "typed elsewhere"},
    )

    session = Session.objects.get()
    assert (session.pain_before, session.pain_worst, session.comment) == (4, 2, "Slept badly.")
    assert session.said_by == dora.access.helper


def test_helper_skips_and_tells_of_a_fall(dora, patient, bridge, clinician):
    today = patient.local_day().isoformat()
    dora.post("/today/skip/", {"day": today, "skip": f"{bridge.uuid}.1.unwell"})
    page = text(dora.get("/today/went-wrong/"))
    key = page.split('name="key" value="')[1].split('"')[0]
    dora.post(
        "/today/went-wrong/",
        {"key": key, "kind": "fall", "severity": "mild", "happened_on": today, "text": "In the bathroom."},
    )

    assert Skip.objects.get().said_by == AdverseEvent.objects.get().reported_by == dora.access.helper
    assert "by Dora Ellis, daughter" in Task.objects.get(kind="adverse").words


def test_guided_session_counts_for_the_patient(dora, bridge):
    page = text(dora.get("/today/go/"))

    assert "You are helping" in page and dora.below("/today/check/") in page


def test_looker_changes_nothing(looker, patient, bridge):
    today = patient.local_day().isoformat()
    assert looker.tick(bridge).status_code == 403
    assert looker.tick(bridge, headers=HTMX)["HX-Refresh"] == "true"
    assert looker.post("/today/skip/", {"day": today, "skip": "day.time"}).status_code == 403
    assert looker.post("/today/say/", {"day": today, "part": "after", "pain_worst": "1"}).status_code == 403

    assert not CheckOff.objects.exists() and not Skip.objects.exists() and not Session.objects.exists()


# --- two people, one device ---


def test_patient_who_helps_another_never_mixes_the_two(dora, patient, other_patient, clinician, bridge):
    """Tom has a plan of his own and helps Margaret, with a tab for each."""
    own = plans.published(other_patient, by=clinician.user, exercises=[catalogue.exercise("bird-dog")]).lines.get()
    tom = Helper(people.helper(patient, by=patient.user, account=other_patient.user))
    today = patient.local_day().isoformat()

    assert bridge.exercise.plain_name not in text(tom.client.get("/today/"))
    assert own.exercise.plain_name not in text(tom.get("/today/"))
    tom.tick(bridge)
    tom.client.post("/today/check/", {"day": today, "tick": f"{own.uuid}.1.1.both.1"})
    tom.client.post("/today/skip/", {"day": today, "skip": "day.time"})  # names no exercise: it is the page's own

    assert tom.tick(own).status_code == 404
    assert tom.client.post("/today/check/", {"day": today, "tick": f"{bridge.uuid}.1.all.1"}).status_code == 404
    assert {patient_pk for patient_pk, *_ in ticks()} == {patient.pk, other_patient.pk}
    assert set(CheckOff.objects.filter(patient=patient).values_list("done_by", flat=True)) == {other_patient.user.pk}
    assert set(Skip.objects.values_list("patient", flat=True)) == {other_patient.pk}
    assert "data-owner" in text(tom.client.get("/today/")) and "data-owner" not in text(tom.get("/today/"))


def test_patient_finds_the_way_to_whom_they_help_and_back(patient, other_patient, plan):
    tom = Helper(people.helper(patient, by=patient.user, account=other_patient.user))

    assert tom.below("/today/") in text(tom.client.get("/family/"))
    assert 'href="/start/">My own pages' in text(tom.get("/today/"))
    assert tom.client.get("/start/")["Location"] == "/today/"


def test_unread_messages_shown_are_never_the_helpers_own(dora, patient, other_patient):
    Patient.objects.filter(pk=other_patient.pk).update(unread_messages=3)
    tom = Helper(people.helper(patient, by=patient.user, account=other_patient.user))

    assert "3 new" not in text(tom.get("/today/plan/"))


# --- the end ---


def test_access_ends_at_midnight_of_the_patient_in_the_middle_of_a_session(patient, plan, bridge):
    zone = patient.zone
    last = patient.local_day()
    dora = Helper(people.helper(patient, by=patient.user, days=0))
    with time_machine.travel(datetime(last.year, last.month, last.day, 23, 59, tzinfo=zone), tick=False) as clock:
        assert dora.get("/today/").status_code == 200
        assert dora.tick(bridge, "1.1.both.1").status_code == 302

        clock.shift(120)

        page = dora.tick(bridge)
        assert page.status_code == 410 and "What you just sent was not saved." in text(page)
        tapped = dora.tick(bridge, headers=HTMX)
        assert (tapped.status_code, tapped["HX-Refresh"]) == (410, "true")
        assert dora.get("/today/").status_code == 410
    assert CheckOff.objects.count() == 1


def test_end_counts_on_a_device_that_is_signed_in(dora, patient, patient_client, bridge):
    dora.tick(bridge, "1.1.both.1")

    patient_client.post(f"/family/{dora.access.uuid}/end/")

    assert dora.tick(bridge).status_code == 410
    assert CheckOff.objects.count() == 1
    assert dora.client.get("/helping/").status_code == 200


def test_helper_who_may_no_longer_sign_in_is_out(dora):
    dora.access.helper.is_active = False
    dora.access.helper.save()

    assert dora.get("/today/")["Location"].startswith("/accounts/login/")


# --- health questions and the stop ---


def test_stop_of_the_red_flag_check_holds_for_helpers_and_says_no_more(dora, looker, patient, bridge):
    checks.flagged(patient, RF13="yes")

    for somebody in (dora, looker):
        for path in ("/today/", "/today/plan/", f"/today/exercise/{bridge.uuid}/", "/exercises/"):
            response = somebody.get(path)
            assert response.status_code == 403 and "The exercises are on hold" in text(response), path
            assert "Your answers" not in text(response) and bridge.exercise.plain_name not in text(response)
    assert dora.tick(bridge, headers=HTMX)["HX-Retarget"] == "#main"
    assert not CheckOff.objects.exists()


def test_whole_check_that_is_due_is_the_patients_to_answer(spine_ina, clinician):
    patient = people.patient(spine_ina, "Robert", "Ellis", lead=clinician, screened=False)
    plans.published(patient, by=clinician.user, exercises=[catalogue.exercise("bridge")])
    dora = Helper(people.helper(patient, by=patient.user))

    response = dora.get("/today/")

    assert response.status_code == 403 and "Robert answers this" in text(response)
    assert dora.get("/checks/").status_code == 403
    assert dora.post("/checks/", {}).status_code == 403
    assert not Screening.objects.exists()


def test_short_check_that_is_due_asks_to_remind_the_patient(dora, patient):
    Patient.objects.filter(pk=patient.pk).update(checked_on=patient.local_day() - timedelta(days=28))
    history.done(patient.prescriptions.get(), patient.local_day() - timedelta(days=1))

    page = text(dora.get("/today/"))

    assert "Some questions wait for Margaret" in page and dora.below("/checks/") not in page


def test_parent_answers_the_whole_check_of_a_child(spine_ina, clinician):
    child = people.patient(
        spine_ina,
        "Lena",
        "Ellis",
        lead=clinician,
        screened=False,
        born_on=datetime.now().date() - timedelta(13 * 365),
    )
    plans.published(child, by=clinician.user, exercises=[catalogue.exercise("bridge")])
    parent = Helper(people.helper(child, by=clinician.user))
    page = text(parent.get("/checks/"))
    names = {part.split('"')[0] for part in page.split('name="RF')[1:]}

    response = parent.post("/checks/", {f"RF{name}": "no" for name in names})

    assert response["Location"].startswith(parent.below("/"))
    assert Screening.objects.get().answered_by == parent.access.helper
    assert parent.get("/today/").status_code == 200


# --- what it costs ---


def most(on_sqlite):
    return on_sqlite + connection.features.has_select_for_update


def test_helpers_today_asks_two_queries_more_than_the_patients(dora, bridge, django_assert_max_num_queries):
    with django_assert_max_num_queries(11):  # the first look of the day leaves its line
        dora.get("/today/")
    with django_assert_max_num_queries(7):
        dora.get("/today/")
    with django_assert_max_num_queries(most(9)):
        dora.tick(bridge, headers=HTMX)


def test_nobody_below_helping_without_signing_in(dora, client):
    assert client.get(dora.below("/today/"))["Location"] == f"/accounts/login/?next={dora.below('/today/')}"
    typed = client.post(dora.below("/today/check/"), {"tick": "x"})
    assert typed.status_code == 401 and dora.below("/today/check/") in text(typed)


def test_address_of_the_demo_helper_says_nothing_of_the_patient(dora, patient):
    assert str(patient.uuid) not in text(dora.get("/today/")) and str(patient.uuid) not in dora.below("/today/")


def test_signed_in_again_a_helper_lands_on_the_one_they_help(dora):
    assert signed_in(dora.access.helper).get("/start/")["Location"] == dora.below("/today/")

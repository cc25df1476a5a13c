"""Ticks, skips and answers as the browser sends them, with and without script."""

import json
import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import brotli
import pytest

from clinic.today.actions import say
from clinic.today.models import CheckOff, DailyTally, Session, Skip
from tests.clinic.today.conftest import HTMX
from tests.factories import plans

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def events(response):
    """What the answer says in the status line, and what it tells the page's script."""
    said = re.search(r'<p hx-swap-oob="innerHTML:#live">(.*?)</p>', text(response))[1]
    return {"announce": unescape(said)} | json.loads(response.get("HX-Trigger-After-Settle", "{}"))


def swapped(response):
    """The ids of the parts that are swapped on the page."""
    parts = re.findall(r'<[^>]* hx-swap-oob="true"[^>]*>', text(response))
    return [re.search(r' id="([^"]+)"', part)[1] for part in parts]


def card(line):
    return f"c-{line.uuid.hex[:8]}"


def test_tick_answers_with_the_card_and_what_it_changes_of_the_progress(plan, patient_client):
    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.2.both.1", round="1")

    assert response.status_code == 200
    assert swapped(response) == ["sum", "go", card(plan.bridge)]
    assert f'value="{plan.bridge.uuid}.1.2.both.0" aria-pressed="true"' in text(response)
    assert events(response) == {"announce": "Bridge, set 2 of 3 done.", "next-up": card(plan.bridge)}
    assert CheckOff.objects.get().set_number == 2


def test_last_set_moves_on_to_the_next_exercise(plan, patient_client):
    for number in (1, 2):
        plan.done(number=number)

    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.3.both.1")

    assert 'class="ex done"' in text(response)
    assert "1 of 3 done" in text(response)
    assert events(response) == {
        "announce": "Bridge done. Next: Bird dog.",
        "next-up": card(plan.bird_dog),
        "focus-on": f"h-{plan.bird_dog.uuid.hex[:8]}",
    }


def test_last_exercise_ends_the_day(plan, patient_client):
    plan.all_done(plan.bird_dog)
    plan.all_done(plan.plank)

    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.all.1")

    assert "Done for today." in text(response)
    assert events(response) == {"announce": "Bridge done.", "next-up": "", "focus-on": "over"}


def test_undo_opens_the_card_again(plan, patient_client):
    plan.all_done()

    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.all.0")

    assert text(response).count('aria-pressed="false"') == 3
    assert events(response) == {
        "announce": "Bridge: undone.",
        "next-up": card(plan.bridge),
        "focus-on": f"h-{plan.bridge.uuid.hex[:8]}",
    }
    assert not CheckOff.objects.exists()


def test_one_set_is_taken_back_with_one_tap(plan, patient_client):
    plan.done(plan.bird_dog, 1, "left")

    response = plan.tap(patient_client, f"{plan.bird_dog.uuid}.1.1.left.0")

    assert events(response)["announce"] == "Bird dog, set 1 left not done."
    assert not CheckOff.objects.exists()


def test_set_in_the_middle_changes_how_far_it_is_and_no_bead(plan, patient_client):
    plan.tap(patient_client, f"{plan.bridge.uuid}.1.1.both.1", round="1")

    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.2.both.1", round="1")

    assert swapped(response) == ["sum", card(plan.bridge)]


def test_last_set_lights_a_bead_and_leads_to_the_next(plan, patient_client):
    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.all.1", round="1")

    assert swapped(response) == ["sum", "beads", "go", card(plan.bridge), "n-main"]
    assert '<span id="go-icon" hx-preserve></span>Carry on with Bird dog</a>' in text(response)


def test_double_tap_answers_with_everything_because_the_first_answer_may_be_lost(plan, patient_client):
    plan.tap(patient_client, f"{plan.bridge.uuid}.1.1.both.1")
    second = plan.tap(patient_client, f"{plan.bridge.uuid}.1.1.both.1")

    assert swapped(second) == ["progress", card(plan.bridge), "n-main", "n-cool"]
    assert text(second).count('aria-pressed="true"') == 1
    assert CheckOff.objects.count() == 1


def test_second_device_that_did_not_see_the_first_tick_ends_in_the_same_state(plan, patient_client):
    plan.tap(patient_client, f"{plan.bridge.uuid}.1.1.both.1")

    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.2.both.1")

    assert text(response).count('aria-pressed="true"') == 2


def test_break_counts_on_with_each_tap(plan, patient_client):
    first = plan.tap(patient_client, f"{plan.shrug.uuid}.1.all.1", round="1")
    assert "1 of 3 today" in text(first)
    assert f'value="{plan.shrug.uuid}.2.all.1"' in text(first)
    assert swapped(first) == [f"b-{plan.shrug.uuid.hex[:8]}", "dots"]

    second = plan.tap(patient_client, f"{plan.shrug.uuid}.2.all.1", round="1")
    assert "2 of 3 today" in text(second)
    assert f'value="{plan.shrug.uuid}.2.all.0"' in text(second)


def test_what_helped_is_counted_with_each_tap_and_never_in_the_tally(relief, patient_client):
    plan = relief
    first = plan.tap(patient_client, f"{plan.bird_dog.uuid}.1.all.1", round="1")
    assert swapped(first) == [f"b-{plan.bird_dog.uuid.hex[:8]}"]
    assert "1 time today" in text(first)
    assert events(first)["announce"] == "Bird dog done."

    second = plan.tap(patient_client, f"{plan.bird_dog.uuid}.2.all.1", round="1")
    assert "2 times today" in text(second)

    undone = plan.tap(patient_client, f"{plan.bird_dog.uuid}.2.all.0", round="1")
    assert "1 time today" in text(undone)
    tally = DailyTally.objects.get()
    assert (tally.planned_slots, tally.done, tally.breaks_planned) == (1, 0, 0)


def test_page_of_what_helps_asks_for_no_reason_not_to(relief, patient_client):
    page = text(patient_client.get(f"/today/exercise/{relief.bird_dog.uuid}/"))

    assert "When it helps, up to 4 times a day." in page
    assert "Set 1" in page and "It hurts" in page
    assert "I can’t do this today" not in page


def test_round_on_the_page_stays_on_the_page(twice_a_day, patient_client):
    plan = twice_a_day
    for line in (plan.bird_dog, plan.plank):
        plan.all_done(line)

    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.all.1", round="1")

    assert "Morning done." in text(response)
    assert "rounds" in swapped(response)


def test_stale_page_is_loaded_anew_and_the_tick_is_kept(plan, clinician, exercises, patient_client):
    plans.revised(plan.prescription, by=clinician.user, lines=[plans.Line(exercises["plank"])], on=plan.day)

    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.1.both.1")

    assert response["HX-Refresh"] == "true"
    assert CheckOff.objects.get().line == plan.bridge


def test_tick_for_an_earlier_day_says_so_nowhere_wrong(plan, patient_client):
    day = plan.day - timedelta(days=2)
    for line in (plan.bridge, plan.bird_dog):
        plan.all_done(line, day=day)

    response = plan.tap(patient_client, f"{plan.plank.uuid}.1.all.1", day=day)

    assert "All filled in." in text(response)
    assert "Done for today" not in text(response)
    assert set(CheckOff.objects.values_list("day", flat=True)) == {day}


# Refusals


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(("ago", "why"), [(-1, "still to come"), (8, "more than a week ago")])
def test_closed_day_is_refused_in_plain_words(plan, patient_client, htmx, ago, why):
    response = plan.tap(
        patient_client, f"{plan.bridge.uuid}.1.1.both.1", day=plan.day - timedelta(days=ago), htmx=htmx
    )

    assert response.status_code == 422
    assert why in text(response)
    assert ('id="notice" hx-swap-oob="true"' in text(response)) is htmx
    assert not CheckOff.objects.exists()


NONSENSE = ["", "x", "1.1.1.both.1", "{line}", "{line}.1.1.both", "{line}.1.1.both.2", "{line}.1.1.up.1", "{line}.0.all.1",
            "{line}.1.1.both.1\n", "{line}.１.1.both.1", "{line}.1.99999999999.both.1", "\x00", "{line}.1.all.1.1",
            "\ud800", "💪", "z" * 36 + ".1.all.1", "-" * 36 + ".1.all.1", "9" * 5000]  # fmt: skip


@pytest.mark.parametrize("what", NONSENSE)
def test_nonsense_is_refused_in_plain_words(plan, patient_client, what):
    body = f"day={plan.day}&tick=".encode() + what.format(line=plan.bridge.uuid).encode("utf-8", "surrogatepass")

    response = patient_client.post("/today/check/", body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 422
    assert "did not reach us in one piece" in text(response)
    assert not CheckOff.objects.exists()


@pytest.mark.parametrize("day", ["", "x", "2026-02-30", "20260520", "2026-W21-3", "\x00", "1" * 5000])
@pytest.mark.parametrize("url", ["check", "skip", "say"])
def test_day_that_is_none_is_refused(plan, patient_client, day, url):
    data = {"day": day, "tick": f"{plan.bridge.uuid}.1.1.both.1", "skip": "day.time", "part": "after"}

    response = patient_client.post(f"/today/{url}/", data)

    assert response.status_code == 422


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("url", ["check", "skip"])
def test_anothers_line_and_an_unknown_one_do_not_exist(plan, other_patient_client, url, htmx):
    for line in (plan.bridge.uuid, uuid4()):
        data = {"day": plan.day, "tick": f"{line}.1.1.both.1", "skip": f"{line}.1.pain"}
        response = other_patient_client.post(f"/today/{url}/", data, headers=HTMX if htmx else {})
        assert response.status_code == 404
        assert "Bridge" not in text(response)
    assert not CheckOff.objects.exists() and not Skip.objects.exists()


@pytest.mark.parametrize("url", ["check", "skip", "say", "seen"])
def test_clinician_ticks_nothing(plan, clinician_client, url):
    assert clinician_client.post(f"/today/{url}/", {"day": plan.day}).status_code == 403
    assert clinician_client.get(f"/today/{url}/").status_code in (403, 405)


@pytest.mark.parametrize("url", ["check", "skip", "say", "seen"])
def test_tap_is_a_post(plan, patient_client, url):
    assert patient_client.get(f"/today/{url}/").status_code == 405


def test_tap_after_the_session_ended_keeps_what_was_sent(plan, client):
    response = plan.tap(client, f"{plan.bridge.uuid}.1.1.both.1", htmx=False)

    assert response.status_code == 401
    assert f"{plan.bridge.uuid}.1.1.both.1" in text(response)
    assert plan.tap(client, f"{plan.bridge.uuid}.1.1.both.1").status_code == 401


def test_tap_without_its_token_is_refused(plan):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(plan.patient.user)

    assert plan.tap(strict, f"{plan.bridge.uuid}.1.1.both.1").status_code == 403
    assert not CheckOff.objects.exists()


# Without script


def test_whole_session_without_script(plan, patient_client):
    def press(page, pattern, url="/today/check/", name="tick"):
        """Presses the first button whose value fits, as a browser without script would."""
        value = re.search(rf'name="{name}" value="({pattern})"', page)[1]
        day = re.search(r'name="day" value="([^"]+)"', page)[1]
        round_number = re.search(r'name="round" value="([^"]+)"', page)[1]
        response = patient_client.post(url, {"day": day, "round": round_number, name: value}, follow=True)
        assert response.redirect_chain[0][1] == 302
        return text(response)

    page = text(patient_client.get("/today/"))
    for number in (1, 2, 3):
        page = press(page, rf"{plan.bridge.uuid}\.1\.{number}\.both\.1")
    assert "1 of 3 done" in page
    page = press(page, rf"{plan.bridge.uuid}\.1\.all\.0")
    assert "0 of 3 done" in page
    for line in (plan.bridge, plan.bird_dog, plan.plank):
        page = press(page, rf"{line.uuid}\.1\.all\.1")
    assert "Done for today." in page

    response = patient_client.post(
        "/today/say/",
        {"day": plan.day, "round": "1", "part": "after", "pain_worst": "0", "effort": "", "comment": "Good"},
        follow=True,
    )
    assert response.redirect_chain == [("/today/#after", 302)]
    said = Session.objects.get()
    assert (said.pain_worst, said.effort, said.comment) == (0, None, "Good")


def test_plain_tap_goes_back_to_the_card_that_is_next(plan, patient_client):
    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.all.1", htmx=False, round="1")

    assert response["Location"] == f"/today/#{card(plan.bird_dog)}"


def test_plain_tap_on_an_earlier_day_stays_there(plan, patient_client):
    day = plan.day - timedelta(days=1)

    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.all.1", day=day, htmx=False, round="1")

    assert response["Location"] == f"/today/{day}/#{card(plan.bird_dog)}"


def test_plain_tap_on_the_exercises_page_stays_there(plan, patient_client):
    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.1.both.1", htmx=False, on="exercise")

    assert response["Location"] == f"/today/exercise/{plan.bridge.uuid}/#sheet"


# Couldn't today


def test_skip_moves_on_and_is_taken_back(plan, patient_client):
    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.pain", name="skip", url="/today/skip/")
    assert "Not today: it hurt" in text(response)
    assert events(response)["announce"] == "Bridge: not today. Next: Bird dog."
    assert Skip.objects.get().reason == "pain"

    response = plan.tap(patient_client, f"{plan.bridge.uuid}.1.", name="skip", url="/today/skip/")
    assert events(response)["announce"] == "Bridge is back."
    assert not Skip.objects.exists()


def test_whole_day_is_skipped_and_taken_back(plan, patient_client):
    response = plan.tap(patient_client, "day.unwell", name="skip", url="/today/skip/", htmx=False)
    assert response["Location"] == "/today/#progress"
    assert Skip.objects.count() == 3

    assert plan.tap(patient_client, "day.", name="skip", url="/today/skip/")["HX-Refresh"] == "true"
    assert not Skip.objects.exists()


@pytest.mark.parametrize("what", ["", "day", "day.lazy", "{line}.1.lazy", "{line}.1", "\x00", "day.time "])
def test_skip_that_is_none_is_refused(plan, patient_client, what):
    response = plan.tap(patient_client, what.format(line=plan.bridge.uuid), name="skip", url="/today/skip/")

    assert response.status_code == 422
    assert not Skip.objects.exists()


# How it went


def answer(plan, client, part="after", htmx=True, **typed):
    data = {"day": plan.day.isoformat(), "round": "1", "part": part, **typed}
    return client.post("/today/say/", data, headers=HTMX if htmx else {})


def test_answer_is_confirmed_in_place(plan, patient_client):
    response = answer(plan, patient_client, part="before", pain_before="3")

    assert "Before: 3 · Mild, I notice it" in text(response)
    assert events(response) == {"announce": "Saved.", "focus-on": "before-h"}
    assert Session.objects.get().pain_before == 3


def test_answer_before_leaves_the_answers_after_alone(plan, patient_client):
    say(patient=plan.patient, by=plan.patient.user, day=plan.day, pain_worst=2, comment="Kept")

    answer(plan, patient_client, part="before", pain_before="5", pain_worst="9", comment="Not from this form")

    said = Session.objects.get()
    assert (said.pain_before, said.pain_worst, said.comment) == (5, 2, "Kept")


def test_answer_is_taken_back_by_an_empty_one(plan, patient_client):
    answer(plan, patient_client, pain_worst="4")
    answer(plan, patient_client, pain_worst="")

    assert Session.objects.get().pain_worst is None


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("typed", ["11", "-1", "3.5", "NaN", "1e309", "x", "9" * 40, "9" * 5000, "\x00", "💪"])
def test_wrong_number_keeps_what_was_typed(plan, patient_client, typed, htmx):
    response = answer(plan, patient_client, htmx=htmx, pain_worst=typed, effort="7", comment="My words")

    assert response.status_code == 422
    page = " ".join(text(response).split())
    assert "A whole number from 0 to 10, or leave it empty." in page
    assert 'aria-invalid="true" aria-describedby="id_pain_worst_error"' in page
    assert "My words</textarea>" in page
    assert 'name="effort" id="id_effort" value="7"' in page
    assert not Session.objects.exists()


def test_comment_that_is_too_long_keeps_what_was_typed(plan, patient_client):
    response = answer(plan, patient_client, comment="ä" * 2001)

    assert response.status_code == 422
    assert "ä" * 2001 in text(response)
    assert "at most 2000 characters" in text(response)


def test_comment_is_kept_byte_for_byte_and_shown_as_text(plan, patient_client):
    comment = "<b>Gut</b> 👩‍👩‍👧 \u202e=1+1 {{ 7 }} @@token@@"
    answer(plan, patient_client, comment=comment)

    assert Session.objects.get().comment == comment
    page = text(patient_client.get("/today/"))
    assert "&lt;b&gt;Gut&lt;/b&gt; 👩‍👩‍👧 \u202e=1+1 {{ 7 }} @@token@@</textarea>" in page


@pytest.mark.parametrize("part", ["", "both", "\x00"])
def test_part_that_is_none_is_refused(plan, patient_client, part):
    assert answer(plan, patient_client, part=part, pain_worst="1").status_code == 422


def test_answer_for_a_closed_day_is_refused(plan, patient_client):
    data = {"day": (plan.day - timedelta(days=9)).isoformat(), "round": "1", "part": "after", "pain_worst": "1"}

    assert patient_client.post("/today/say/", data).status_code == 422
    assert not Session.objects.exists()


# Small answers


def test_answer_to_a_tap_is_at_most_a_kilobyte(plan, patient_client):
    for what in ("1.1.both.1", "1.2.both.1", "1.3.both.1", "1.all.0", "1.all.1"):
        response = plan.tap(patient_client, f"{plan.bridge.uuid}.{what}", round="1")
        assert len(brotli.compress(response.content, quality=5)) <= 1024

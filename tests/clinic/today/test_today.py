"""The page of the day: what it shows in each state, and to whom."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from clinic.prescriptions.models import Prescription
from clinic.today import frame
from clinic.today.actions import set_all_done, skip, skip_day
from clinic.today.models import SkipReason
from patients.audit.models import AuditEvent
from patients.models import CareTeamMember
from tests.conftest import signed_in
from tests.factories import people, plans

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def test_today_greets_and_names_what_to_do_next(plan, patient_client):
    plan.prescription.starts_on, plan.prescription.ends_on = date(2026, 5, 4), date(2026, 6, 28)
    plan.prescription.save()

    with time_machine.travel(datetime(2026, 5, 20, 8, 0, tzinfo=UTC), tick=False):
        page = text(patient_client.get("/today/"))

    assert "Good morning, Margaret" in page
    assert "Wednesday 20 May · week 3 of 8" in page
    assert "0 of 3 done" in page
    assert "Start with Bridge" in page
    assert page.count('class="ex now"') == 1
    assert "Squeeze a towel between your knees." in page
    assert "Do it 10 times. Hold each one for 5 seconds. Do 3 sets in all." in page


def test_both_sides_have_their_own_buttons(plan, patient_client):
    page = text(patient_client.get("/today/"))

    for value, label in [("1.left", "Set 1 left"), ("1.right", "Set 1 right"), ("2.left", "Set 2 left")]:
        assert f'value="{plan.bird_dog.uuid}.1.{value}.1" aria-pressed="false"' in page
        assert f"</span>{label}</button>" in page


def test_done_exercise_shrinks_to_a_row_with_an_undo(plan, patient_client):
    plan.all_done()

    page = text(patient_client.get("/today/"))

    assert "1 of 3 done" in page
    assert "Carry on with Bird dog" in page
    assert f'value="{plan.bridge.uuid}.1.all.0"' in page
    assert 'aria-label="Bridge: done. Undo"' in page


def test_skipped_exercise_says_so_and_can_be_taken_back(plan, patient_client):
    skip(
        patient=plan.patient, by=plan.patient.user, day=plan.day, line=plan.bridge.uuid, occasion=1,
        reason=SkipReason.TIME,
    )  # fmt: skip

    page = text(patient_client.get("/today/"))

    assert "Not today: no time" in page
    assert f'name="skip" value="{plan.bridge.uuid}.1."' in page
    assert "0 of 3 done" in page


def test_finished_day_says_so_and_when_it_goes_on(plan, patient_client):
    for line in (plan.bridge, plan.bird_dog, plan.plank):
        plan.all_done(line)

    page = text(patient_client.get("/today/"))

    assert "Done for today." in page
    assert "Next time: tomorrow." in page
    assert "streak" not in page


def test_day_that_was_skipped_whole_is_no_reproach(plan, patient_client):
    skip_day(patient=plan.patient, by=plan.patient.user, day=plan.day, reason=SkipReason.UNWELL)

    page = text(patient_client.get("/today/"))

    assert "Rest for today." in page
    assert "I can do some after all" in page


def test_rest_day_names_the_next_day_and_keeps_the_breaks(patient, clinician, exercises, patient_client):
    with time_machine.travel(datetime(2026, 5, 19, 8, 0, tzinfo=UTC), tick=False):  # a Tuesday
        plans.published(
            patient,
            by=clinician.user,
            lines=[plans.Line(exercises["bridge"], "3 x 10, Mo, Th"), plans.Line(exercises["shrug"], phase="desk")],
        )
        page = text(patient_client.get("/today/"))

    assert "Nothing to do today" in page
    assert "You carry on Thursday." in page
    assert "Small breaks" in page
    assert "How did it go?" not in page


def test_twice_a_day_is_two_rounds(twice_a_day, patient_client):
    plan = twice_a_day
    for line in (plan.bridge, plan.bird_dog, plan.plank):
        plan.all_done(line)

    later = text(patient_client.get("/today/"))
    morning = text(patient_client.get("/today/?round=1"))

    assert f'value="{plan.bridge.uuid}.2.1.both.1"' in later
    assert "Bird dog" not in later
    assert '<a href="/today/?round=2" aria-current="true">Later</a>' in later
    assert "0 of 2 done" in later and "Later, about" in later
    assert "Morning done." in morning
    assert "Go to “Later”" in morning


@pytest.mark.parametrize("asked", ["0", "9", "-1", "x", "１", "99999999999999999999", ""])
def test_round_that_is_not_there_is_the_open_one(twice_a_day, patient_client, asked):
    page = text(patient_client.get("/today/", {"round": asked}))

    assert "0 of 3 done" in page


def test_what_is_done_as_needed_stands_apart_and_the_day_is_done_without_it(relief, patient_client):
    plan = relief
    plan.all_done(plan.bridge)

    page = text(patient_client.get("/today/"))

    assert "Done for today." in page
    assert re.search(r"When it helps.*Bird dog.*0 times today", page, re.DOTALL)
    assert f'value="{plan.bird_dog.uuid}.1.all.1"' in page
    assert f'href="/today/exercise/{plan.bird_dog.uuid}/"' in page
    assert "Small breaks" not in page


def test_breaks_are_counted_apart(plan, patient_client):
    plan.all_done(plan.shrug)

    page = text(patient_client.get("/today/"))

    assert 'aria-label="1 of 3 breaks today"' in page
    assert f'value="{plan.shrug.uuid}.2.all.1"' in page
    assert "0 of 3 done" in page


def test_flexible_line_is_offered_until_its_days_are_used(patient, clinician, exercises, patient_client):
    with time_machine.travel(datetime(2026, 5, 20, 8, 0, tzinfo=UTC), tick=False):
        made = plans.published(
            patient, by=clinician.user, lines=[plans.Line(exercises["bridge"], "1 x 10, 2 days/week")]
        )

        def done(day):
            set_all_done(patient=patient, by=patient.user, day=day, line=made.lines.get().uuid, occasion=1, done=True)

        assert "Start with Bridge" in text(patient_client.get("/today/"))
        done(date(2026, 5, 18))
        assert "Start with Bridge" in text(patient_client.get("/today/"))
        done(date(2026, 5, 19))
        page = text(patient_client.get("/today/"))

    assert "Nothing to do today" in page
    assert "You carry on Monday." in page


# States without a plan


def test_no_plan_yet_names_the_clinician(patient, patient_client):
    page = text(patient_client.get("/today/"))

    assert "No plan yet" in page
    assert "Rita Voss is writing your plan." in page
    assert "Forgot to tick" not in page


def test_no_plan_and_no_clinician_names_the_clinic(patient, patient_client):
    CareTeamMember.objects.all().delete()

    assert "Your clinic is writing your plan." in text(patient_client.get("/today/"))


def test_draft_is_no_plan_yet(plan, patient_client):
    Prescription.objects.update(published_at=None, published_by=None)

    assert "No plan yet" in text(patient_client.get("/today/"))


def test_plan_that_begins_later_says_when(patient, clinician, exercises, patient_client):
    with time_machine.travel(datetime(2026, 5, 20, 8, 0, tzinfo=UTC), tick=False):
        plans.published(patient, by=clinician.user, exercises=[exercises["bridge"]], starts_on=date(2026, 5, 25))
        page = text(patient_client.get("/today/"))

    assert "Your plan starts on Monday 25 May" in page


def test_paused_plan_says_until_when(plan, clinician, patient_client):
    with time_machine.travel(datetime(2026, 5, 20, 8, 0, tzinfo=UTC), tick=False):
        plan.prescription.starts_on = date(2026, 5, 1)
        plan.prescription.save()
        plans.paused(plan.prescription, by=clinician.user, since=date(2026, 5, 18), until=date(2026, 5, 24))
        page = text(patient_client.get("/today/"))

    assert "Your plan is paused" in page
    assert "Rita Voss paused it until Sunday 24 May." in page
    assert "Settling a flare-up" not in page
    assert 'name="tick"' not in page


def test_ended_plan_says_what_comes_next(plan, clinician, patient_client):
    plans.ended(plan.prescription, by=clinician.user, on=plan.day)

    page = text(patient_client.get("/today/"))

    assert "Your plan has ended" in page
    assert "Ask Rita Voss what comes next." in page


# The plan changed


@pytest.fixture
def revised(plan, clinician, exercises):
    return plans.revised(
        plan.prescription,
        by=clinician.user,
        lines=[
            plans.Line(exercises["bridge"], "3 x 12 5s", thread=plan.bridge.thread),
            plans.Line(exercises["plank"], "3 x 20 s", phase="cool", thread=plan.plank.thread),
        ],
        on=plan.day,
        note="A little more <b>now</b>.",
    )


def test_changed_plan_says_what_changed_until_it_was_seen(plan, revised, patient_client):
    page = text(patient_client.get("/today/"))
    assert "Your plan changed" in page
    assert "A little more &lt;b&gt;now&lt;/b&gt;." in page
    assert "Bridge: now 3 sets of 12, hold 5 seconds (was 10)." in page
    assert "Removed: Bird dog." in page

    response = patient_client.post("/today/seen/", {"prescription": str(revised.uuid)})

    assert (response.status_code, response["Location"]) == (302, "/today/")
    assert "Your plan changed" not in text(patient_client.get("/today/"))


@pytest.mark.parametrize("typed", ["", "x", "\x00", "0" * 5000])
def test_nonsense_is_not_taken_for_having_seen_the_change(plan, revised, patient_client, typed):
    response = patient_client.post("/today/seen/", {"prescription": typed})

    assert response.status_code == 422
    assert "Your plan changed" in text(patient_client.get("/today/"))


def test_first_plan_is_no_change(plan, patient_client):
    assert "Your plan changed" not in text(patient_client.get("/today/"))


# Earlier days


def test_earlier_day_can_be_filled_in(plan, patient_client):
    day = plan.day - timedelta(days=3)

    page = text(patient_client.get(f"/today/{day}/"))

    assert "You are filling in an earlier day." in page
    assert f'name="day" value="{day}"' in page
    assert f"/today/exercise/{plan.bridge.uuid}/?day={day}" in page


@pytest.mark.parametrize("ago", [-1, 8, 30_000])
def test_closed_day_says_why(plan, patient_client, ago):
    day = plan.day - timedelta(days=ago)

    response = patient_client.get(f"/today/{day}/")

    assert response.status_code == 422
    assert ("still to come" if ago < 0 else "more than a week ago") in text(response)


@pytest.mark.parametrize("day", ["2026-02-30", "0000-00-00", "2026-13-01", "２０２６-01-01"])
def test_day_that_does_not_exist_is_not_found(plan, patient_client, day):
    assert patient_client.get(f"/today/{day}/").status_code == 404


def test_earlier_day_shows_the_plan_of_that_day(plan, clinician, exercises, patient_client):
    plans.revised(plan.prescription, by=clinician.user, lines=[plans.Line(exercises["plank"])], on=plan.day)

    page = text(patient_client.get(f"/today/{plan.day - timedelta(days=1)}/"))

    assert "Bird dog" in page


# Who


def test_clinician_and_nobody_have_no_today(plan, clinician_client, nobody_client, admin_client):
    for client in (clinician_client, nobody_client, admin_client):
        assert client.get("/today/").status_code == 403


def test_stranger_is_sent_to_sign_in(client):
    response = client.get("/today/")

    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/today/")


@pytest.mark.parametrize("path", ["/today/", "/today/week/", "/today/plan/", "/today/progress/"])
def test_page_is_only_for_reading(plan, patient_client, path):
    assert patient_client.post(path).status_code == 405


def test_page_of_one_patient_shows_nothing_of_another(plan, other_patient_client, foreign_patient_client):
    for client in (other_patient_client, foreign_patient_client):
        page = text(client.get("/today/"))
        assert "No plan yet" in page
        assert "Bridge" not in page and "towel" not in page and "Ellis" not in page


def test_page_is_kept_in_no_cache(plan, patient_client):
    assert patient_client.get("/today/")["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("path", ["/today/", "/today/week/", "/today/plan/", "/today/progress/"])
def test_own_reading_leaves_one_audit_line_a_day(plan, patient_client, path):
    patient_client.get(path)
    patient_client.get(path)

    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["plan.viewed"]


def test_note_is_shown_as_text(plan, clinician, exercises, patient_client):
    plans.revised(
        plan.prescription,
        by=clinician.user,
        lines=[plans.Line(exercises["bridge"], note='<img src=x onerror="alert(1)"> @@line@@ {{ 7 }}')],
        on=plan.day,
    )

    page = text(patient_client.get("/today/"))

    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt; @@line@@ {{ 7 }}" in page


# The kept frame


def test_kept_page_equals_one_rendered_afresh(plan, patient_client, rf, monkeypatch):
    def without_token(page):
        """Nor white space, which the kept page leaves out."""
        page = re.sub(r"\s+", "", page)
        return re.sub(r'((?<=csrfmiddlewaretoken"value=")|(?<=nonce="))[^"]+', "", page)

    plan.done()
    patient_client.get("/today/")
    kept = text(patient_client.get("/today/"))
    monkeypatch.setattr(frame, "get_messages", lambda request: ["a passing remark"])
    afresh = text(patient_client.get("/today/"))

    assert without_token(kept) == without_token(afresh)


def test_kept_page_carries_the_nonce_of_its_own_policy(plan, patient_client):
    patient_client.get("/today/")
    response = patient_client.get("/today/")

    nonce = re.search(r'nonce="([^"]+)"', text(response))[1]
    assert f"'nonce-{nonce}'" in response["Content-Security-Policy"]


def test_kept_page_of_one_patient_never_carries_the_name_of_another(plan, clinician, exercises, patient_client):
    twin = people.patient(plan.patient.clinic, "Bertha", "Quill", lead=clinician, known_as="<i>Bee</i>")
    plans.published(
        twin, by=clinician.user, lines=[plans.Line(exercises["bridge"], note="Bertha's own"), *(
            plans.Line(exercises[slug]) for slug in ("bird-dog", "plank")
        )],
    )  # fmt: skip
    first = text(patient_client.get("/today/"))
    second = text(signed_in(twin.user).get("/today/"))

    assert "Margaret" in first and "Bertha" not in first and "Quill" not in first
    assert "&lt;i&gt;Bee&lt;/i&gt;" in second and "Bertha Quill" in second
    assert "Margaret" not in second and "Ellis" not in second and "towel" not in second


def test_kept_page_follows_the_clinics_name(plan, patient_client):
    patient_client.get("/today/")
    plan.patient.clinic.name = "Spine & Co"
    plan.patient.clinic.save()

    assert "Spine &amp; Co" in text(patient_client.get("/today/"))

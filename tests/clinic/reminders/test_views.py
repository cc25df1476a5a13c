"""The patient's page, the link that stops, the feed: what each does, refuses and hides."""

import re
from datetime import time, timedelta

import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.reminders.forms import IN_QUIET, NO_DEVICE, UNKNOWN_DEVICE
from clinic.reminders.models import CalendarFeed, Device, Reminder, Sending
from config.logs import discreet
from patients.models import AuditEvent
from tests.clinic.reminders.conftest import device_of, remind
from tests.factories import checks, plans

pytestmark = pytest.mark.django_db
ENDPOINT = "https://fcm.googleapis.com/fcm/send/new"
SAID = {
    "way": "email", "at": "08:00", "weekdays": ["0", "2", "4"], "quiet_from": "21:00", "quiet_until": "07:00",
}  # fmt: skip


def nameless(response):
    """The page without what is new in every answer: the nonce of its scripts and the request's own number."""
    return re.sub(r'nonce="[^"]*"|[0-9a-f]{12}', "", response.content.decode())


def audits(patient):
    return list(AuditEvent.objects.filter(patient=str(patient.uuid)).order_by("pk").values_list("action", flat=True))


def test_nobody_is_reminded_before_asking_for_it(patient, patient_client):
    page = patient_client.get("/reminders/").content.decode()

    assert 'id="id_way_off" value="" checked' in page
    assert not Reminder.objects.exists()


def test_patient_asks_for_reminders(patient, patient_client):
    response = patient_client.post("/reminders/", SAID | {"on_4": "10:30"}, follow=True)

    assert "Your reminder comes at 08:00" in response.content.decode()
    reminder = Reminder.objects.get(patient=patient)
    assert (reminder.way, reminder.at, reminder.weekdays) == ("email", time(8), [0, 2, 4])
    assert reminder.wishes.other == {4: time(10, 30)}
    assert audits(patient)[-1] == "reminders.set"


def test_same_answer_twice_is_one_change(patient, patient_client):
    for _ in range(2):
        patient_client.post("/reminders/", SAID)

    assert audits(patient).count("reminders.set") == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"at": "late"}, "A time, like 08:00."),
        ({"at": ""}, "A time, like 08:00."),
        ({"at": "23:00"}, IN_QUIET),
        ({"on_2": "06:00"}, IN_QUIET),
        ({"weekdays": []}, "Choose at least one day."),
        ({"weekdays": ["9"]}, "Select a valid choice"),
        ({"way": "pigeon"}, "Select a valid choice"),
        ({"way": "push"}, NO_DEVICE),
        ({"way": "push", "endpoint": "https://evil.example/push"}, UNKNOWN_DEVICE),
        ({"quiet_until": "noon"}, "A time, like 07:00."),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_kept(changed, words, patient, patient_client):
    response = patient_client.post("/reminders/", SAID | {"quiet_from": "21:15"} | changed)

    page = response.content.decode()
    assert (response.status_code, str(words) in page) == (422, True)
    assert 'value="21:15"' in page
    assert not Reminder.objects.exists() and not Device.objects.exists()


def test_off_needs_nothing_else_to_be_right(patient, patient_client):
    remind(patient, nudges=True)

    patient_client.post("/reminders/", {"way": "", "at": "never"})

    reminder = Reminder.objects.get()
    assert (reminder.is_on, reminder.nudges, reminder.at) == (False, False, time(8))


def test_device_comes_with_the_answer_and_goes_again(patient, patient_client):
    phone = "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile"
    patient_client.post("/reminders/", SAID | {"way": "push", "endpoint": ENDPOINT}, headers={"User-Agent": phone})

    device = Device.objects.get(patient=patient)
    assert (device.endpoint, device.name) == (ENDPOINT, "Chrome on an Android phone or tablet")
    page = patient_client.get("/reminders/").content.decode()
    assert "Chrome on an Android phone or tablet" in page and ENDPOINT not in page

    patient_client.post(f"/reminders/device/{device.pk}/remove/")
    assert not Device.objects.exists()
    assert audits(patient)[-3:] == ["device.added", "reminders.set", "device.removed"]


def test_device_belongs_to_whoever_added_it_last(patient, other_patient, patient_client):
    device_of(other_patient, ENDPOINT)

    patient_client.post("/reminders/", SAID | {"way": "push", "endpoint": ENDPOINT})

    assert Device.objects.get().patient == patient


def test_lost_device_is_said_so_that_silence_is_no_surprise(patient, patient_client):
    remind(patient, way="push")
    assert "No reminder reaches you now." in patient_client.get("/reminders/").content.decode()

    device_of(patient)
    assert "No reminder reaches you now." not in patient_client.get("/reminders/").content.decode()


def test_another_patients_device_does_not_exist(other_patient, patient_client):
    device = device_of(other_patient)

    assert patient_client.post(f"/reminders/device/{device.pk}/remove/").status_code == 404
    assert Device.objects.filter(pk=device.pk).exists()


def test_five_devices_are_kept(patient, patient_client):
    for number in range(7):
        patient_client.post("/reminders/", SAID | {"way": "push", "endpoint": f"{ENDPOINT}{number}"})

    assert [device.endpoint[-1] for device in patient.devices.all()] == ["6", "5", "4", "3", "2"]


@pytest.mark.parametrize("rows", [0, 4])
def test_page_asks_the_same_few_queries(rows, patient, patient_client, django_assert_num_queries):
    remind(patient)
    for number in range(rows):
        device_of(patient, f"{ENDPOINT}{number}")

    with django_assert_num_queries(6):  # session, person, reminder, devices, calendar, work hours
        patient_client.get("/reminders/")


def test_page_is_reached_from_the_menu_and_the_plan(patient, patient_client, clinician, clinician_client):
    assert 'href="/reminders/"' in patient_client.get("/help/").content.decode()
    assert 'href="/reminders/"' not in clinician_client.get("/clinic/").content.decode()


# --- the link that stops ---


def stop_address(reminder):
    return reverse("reminders_stop", args=[reminder.stop_token])


def test_looking_at_the_link_changes_nothing_and_pressing_it_stops(patient, client):
    reminder = remind(patient, nudges=True)
    address = stop_address(reminder)

    for _ in range(2):
        page = client.get(address)
        assert page.status_code == 200 and "Stop the reminders" in page.content.decode()
    client.head(address)
    assert Reminder.objects.get().is_on

    response = client.post(address)
    assert "Reminders are off" in response.content.decode()
    stopped = Reminder.objects.get()
    assert (stopped.is_on, stopped.nudges) == (False, False)
    assert "Ellis" not in response.content.decode() and "Margaret" not in response.content.decode()
    client.post(address)
    assert audits(patient).count("reminders.stopped") == 1


def test_mail_program_presses_it_without_cookies_or_form_token(patient):
    reminder = remind(patient)

    response = Client(enforce_csrf_checks=True).post(stop_address(reminder), {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert not Reminder.objects.get().is_on


def test_link_goes_into_no_cache_and_no_referrer(patient, client):
    response = client.get(stop_address(remind(patient)))

    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store, private", "strict-origin")


@pytest.mark.parametrize("method", ["get", "post"])
def test_altered_forged_and_foreign_links_look_alike_and_stop_nothing(method, patient, other_patient, client):
    reminder = remind(patient)
    token = reminder.stop_token
    wrong = [
        token[:-1],
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        token.swapcase(),
        "x" * 32,
        "0",
        "%00",
        "a" * 3000,
    ]

    answers = {
        nameless(response)
        for response in [getattr(client, method)(f"/reminders/stop/{each}/") for each in wrong]
        if response.status_code == 404
    }

    assert len(answers) == 1
    assert Reminder.objects.get().is_on


# --- the calendar ---


def feed_address(patient):
    return reverse("calendar_feed", args=[CalendarFeed.objects.get(patient=patient).token])


@pytest.fixture
def opened(live, patient, patient_client):
    patient_client.post("/reminders/calendar/", {"wanted": "open"})
    return feed_address(patient)


def events(response):
    assert response.status_code == 200
    return icalendar.Calendar.from_ical(response.content).events


def test_calendar_is_read_by_its_address_alone(opened, patient, client):
    response = client.get(opened)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store, private", "strict-origin")
    assert "Set-Cookie" not in response.headers
    assert [str(event["SUMMARY"]) for event in events(response)] == ["Planned session"]
    text = response.content.decode().lower()
    assert not [word for word in ("bridge", "ellis", "margaret", "exercise", "spine", "pain") if word in text]


def test_page_shows_the_address_again_and_again(opened, patient_client):
    for _ in range(2):
        page = patient_client.get("/reminders/").content.decode()
        assert f"http://testserver{opened}" in page and f"webcal://testserver{opened}" in page
    patient_client.post("/reminders/calendar/", {"wanted": "open"})
    assert CalendarFeed.objects.get().token in opened


def test_unchanged_calendar_is_not_sent_again(opened, client, live, clinician):
    etag = client.get(opened)["ETag"]

    again = client.get(opened, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    plans.paused(live, by=clinician.user, since=live.patient.local_day())
    assert client.get(opened, headers={"If-None-Match": etag}).status_code == 200


def test_new_address_closes_the_old_one_and_off_closes_both(opened, patient, patient_client, client):
    patient_client.post("/reminders/calendar/", {"wanted": "renew"})
    renewed = feed_address(patient)
    assert renewed != opened
    assert (client.get(opened).status_code, client.get(renewed).status_code) == (404, 200)

    patient_client.post("/reminders/calendar/", {"wanted": "close"})
    gone, unknown = client.get(renewed), client.get("/calendar/never-was.ics")
    assert gone.status_code == unknown.status_code == 404
    assert nameless(gone) == nameless(unknown)
    assert [each for each in audits(patient) if each.startswith("calendar")] == [
        "calendar.opened", "calendar.renewed", "calendar.fetched", "calendar.closed",
    ]  # fmt: skip


def test_fetching_leaves_one_line_a_day(opened, patient, client, time_machine):
    for _ in range(3):
        client.get(opened)
    time_machine.shift(timedelta(days=1))
    client.get(opened)

    assert audits(patient).count("calendar.fetched") == 2


def test_guessing_is_stopped_and_costs_nobody_else_the_calendar(opened, client):
    for number in range(120):
        assert client.get(f"/calendar/guess-{number}.ics").status_code == 404

    response = client.get("/calendar/guess.ics")
    assert (response.status_code, response["Retry-After"]) == (429, "3600")
    assert client.get(opened).status_code == 200


def test_calendar_that_asks_all_the_time_is_told_to_wait(opened, client):
    for _ in range(60):
        client.get(opened)

    response = client.get(opened)
    assert (response.status_code, response["Retry-After"]) == (429, "3600")
    assert b"VCALENDAR" not in response.content


def test_tokens_stay_out_of_the_log():
    assert discreet("Not Found: /reminders/stop/abc-1/ /calendar/abc-2.ics") == (
        "Not Found: /reminders/stop/…/ /calendar/…"
    )


@pytest.mark.parametrize("why", ["paused", "discharged", "stopped"])
def test_what_rests_is_not_in_the_calendar(why, opened, live, patient, clinician, client):
    if why == "paused":
        plans.paused(live, by=clinician.user, since=live.starts_on)
    elif why == "discharged":
        patient.discharged_at, patient.discharged_by = live.published_at, clinician.user
        patient.save()
    else:
        checks.flagged(patient, RF02="yes")

    assert events(client.get(opened)) == []


def test_times_of_the_calendar_are_the_patients(opened, patient_client, client):
    said = {"wanted": "set", "morning": "07:15", "midday": "12:30", "evening": "19:00", "weekdays": ["1"]}
    patient_client.post("/reminders/calendar/", said)

    [event] = events(client.get(opened))
    assert event.start.time() == time(7, 15)


@pytest.mark.parametrize("changed", [{"morning": "13:30"}, {"evening": "?"}, {"weekdays": ["7"]}])
def test_times_that_do_not_fit_are_refused_and_kept(changed, patient, patient_client):
    said = {"wanted": "set", "morning": "07:15", "midday": "12:30", "evening": "19:00"} | changed

    response = patient_client.post("/reminders/calendar/", said)

    assert response.status_code == 422
    assert 'value="12:30"' in response.content.decode()
    assert not CalendarFeed.objects.exists()


def test_file_needs_no_open_address(live, patient, patient_client):
    response = patient_client.get("/reminders/planned-sessions.ics")

    assert response["Content-Disposition"] == 'attachment; filename="planned-sessions.ics"'
    assert len(events(response)) == 1
    assert not CalendarFeed.objects.exists()


@pytest.mark.parametrize("lines", [1, 5])
def test_feed_asks_the_same_few_queries(lines, opened, live, clinician, client, django_assert_num_queries):
    plans.revised(
        live, by=clinician.user, on=live.patient.local_day(),
        lines=[plans.Line(live.lines.get().exercise) for _ in range(lines)],
    )  # fmt: skip
    client.get(opened)

    with django_assert_num_queries(5):  # calendar, today's audit line, plans, pauses, lines
        client.get(opened)


def test_post_without_a_known_wish_changes_nothing(patient, patient_client):
    assert patient_client.post("/reminders/calendar/", {"wanted": "everything"}).status_code == 302
    assert not CalendarFeed.objects.exists()


def sent(patient, kind, *, minutes_ago, way="push"):
    at = timezone.now() - timedelta(minutes=minutes_ago)
    return Sending.objects.create(
        patient=patient, day=patient.local_day(), kind=kind, way=way, state="sent", begun_at=at, claimed_at=at
    )


def test_device_is_told_what_the_last_knock_was_for(
    patient, other_patient, patient_client, django_assert_num_queries
):
    sent(patient, "session", minutes_ago=90)
    sent(patient, "break", minutes_ago=2)
    sent(other_patient, "session", minutes_ago=1)
    patient_client.get("/reminders/words/")

    with django_assert_num_queries(3):  # the sign-in's two, and one of its own
        said = patient_client.get("/reminders/words/").json()
    assert said == {"kind": "break", "words": "Time to get up for a minute?"}


def test_words_of_a_knock_say_nothing_of_health_and_fall_back_to_the_plain_ones(patient, patient_client, client):
    assert patient_client.get("/reminders/words/").json()["words"] == "Time for your exercises?"
    sent(patient, "break", minutes_ago=60 * 5)
    assert patient_client.get("/reminders/words/").json()["kind"] == "session"
    sent(patient, "session", minutes_ago=1, way="email")
    assert patient_client.get("/reminders/words/")["Cache-Control"] == "no-store, private"
    assert client.get("/reminders/words/").status_code == 302

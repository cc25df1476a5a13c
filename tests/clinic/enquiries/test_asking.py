"""Somebody who is no patient asks for a first visit, and a program tries to."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings

from clinic.enquiries.models import VisitRequest
from patients.models import AuditEvent
from tests.factories import people
from tests.factories.enquiries import opened, typed

URL = "/ask-for-a-visit/"
THANKS = "/ask-for-a-visit/thanks/"


@pytest.fixture(autouse=True)
def clinic(spine_ina):
    spine_ina.email = "hello@spine-ina.example"
    spine_ina.save()
    return spine_ina


@pytest.fixture
def send(client, django_capture_on_commit_callbacks):
    def post(data, **extra):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(URL, data, **extra)

    return post


def test_page_says_when_not_to_wait_before_it_asks(client):
    page = client.get(URL).content.decode()

    assert page.index("Get help at once") < page.index('name="first_name"')
    assert 'href="tel:112"' in page
    assert "cannot pass urine" in page


def test_request_is_kept_with_the_text_that_was_agreed_to(send, clinic):
    response = send(typed())

    assert (response.status_code, response["Location"]) == (302, THANKS)
    asked = VisitRequest.objects.get()
    assert (asked.clinic, asked.full_name, asked.born_on.isoformat()) == (clinic, "Una Marsh", "1957-05-07")
    assert (asked.state, asked.consent, asked.phone_end) == ("new", "2026-11", "700900123")


def test_thanks_holds_nothing_of_the_person(send, client):
    send(typed())

    page = client.get(THANKS).content.decode()

    assert "Your request is with us." in page
    assert "Una" not in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("first_name", "", "This field is required."),
        ("first_name", "   ", "This field is required."),
        ("last_name", "Buy at cheap.com", "without web addresses"),
        ("day", "31", "There is no such day."),
        ("year", "1850", "from 1900 to 2100"),
        ("year", "2099", "still to come"),
        ("phone", "12", "no whole phone number"),
        ("email", "una@", "valid email"),
        ("email", "a" * 250 + "@example.org", "at most 254"),
        ("problem", "", "This field is required."),
        ("problem", "x" * 1001, "at most 1000"),
        ("consent", "", "Please tick this"),
    ],
)
def test_mistake_is_said_at_its_field_and_nothing_typed_is_lost(send, field, value, said):
    sent = typed(**{"month": "2"} if field == "day" else {}) | {field: value}

    response = send(sent)

    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert "since Easter" in page
    assert VisitRequest.objects.count() == 0


def test_without_phone_and_address_nobody_could_answer(send):
    response = send(typed(phone="", email=""))

    assert "Please give us a phone number or an e-mail address" in response.content.decode()


@pytest.mark.parametrize("missing", ["phone", "email"])
def test_one_way_to_reach_them_is_enough(send, missing):
    assert send(typed(**{missing: ""})).status_code == 302


def test_mistake_keeps_the_token_so_that_nobody_has_to_wait_again(send):
    token = opened("visit")

    page = send(typed(opened=token, consent="")).content.decode()

    assert f'value="{token}"' in page


def test_huge_and_strange_words_are_kept_as_they_are(send):
    words = "👩‍👩‍👧‍👦 <b>Ů̧</b> " + "ache " * 150

    assert send(typed(first_name="Žofie 👵", problem=words)).status_code == 302

    assert VisitRequest.objects.get().problem == words.strip()


# --- twice ---


def test_double_click_asks_once_and_mails_once(send):
    data = typed()

    assert [send(data).status_code for _ in range(2)] == [302, 302]

    assert VisitRequest.objects.count() == 1
    assert len(mail.outbox) == 2  # to the person, to the clinic


def test_reload_with_a_new_form_but_the_same_words_asks_once(send):
    send(typed())
    send(typed())

    assert VisitRequest.objects.count() == 1


def test_going_back_to_put_a_number_right_does_not_ask_twice(send):
    token = opened("visit")
    send(typed(opened=token))
    send(typed(opened=token, phone="+44 7700 900999"))

    assert VisitRequest.objects.get().phone == "+44 7700 900999"


def test_correction_of_what_was_taken_up_is_another_request(send, clinician):
    from clinic.enquiries.actions import set_state

    token = opened("visit")
    send(typed(opened=token))
    set_state(asked=VisitRequest.objects.get(), by=clinician.user, state="called")
    send(typed(opened=token, problem="Now it is my neck."))

    assert sorted(VisitRequest.objects.values_list("problem", "state")) == [
        ("It hurts low in my back, and down to my left knee.", "called"),
        ("Now it is my neck.", "new"),
    ]


# --- mails ---


def test_mails_hold_no_word_that_was_typed(send):
    send(typed())

    to_them, to_us = mail.outbox
    assert (to_them.to, to_us.to) == (["una.marsh@example.org"], ["hello@spine-ina.example"])
    for message in mail.outbox:
        whole = f"{message.subject} {message.body}"
        assert not re.search(r"Una|Marsh|1957|hurt|back|knee|Easter|pain", whole)
    assert "/clinic/requests/" in to_us.body


def test_form_is_no_way_to_flood_somebody(send):
    for number in range(5):
        send(typed(problem=f"Number {number}", email="victim@example.org"))

    assert VisitRequest.objects.count() == 5
    assert sum(message.to == ["victim@example.org"] for message in mail.outbox) == 2


def test_who_gives_no_address_gets_no_mail(send):
    send(typed(email=""))

    assert [message.to for message in mail.outbox] == [["hello@spine-ina.example"]]


# --- programs ---


def refused(response, said):
    page = response.content.decode()
    assert said in page
    assert "+44 20 7946 0000" in page
    assert "since Easter" in page
    assert "left knee" in page
    assert VisitRequest.objects.count() == 0
    return True


def test_program_that_fills_in_everything_is_held_off(send):
    response = send(typed(homepage="https://cheap.example"))

    assert response.status_code == 422
    assert refused(response, "that people do not see")
    assert "cheap.example" not in response.content.decode()


def test_form_that_comes_back_at_once_is_held_off_and_gets_through_a_moment_later(send):
    token = opened("visit", seconds_ago=1)
    response = send(typed(opened=token))

    assert response.status_code == 422
    assert refused(response, "That was very quick")
    assert f'value="{token}"' in response.content.decode()
    with override_settings(STRANGERS_SECONDS=0):
        assert send(typed(opened=token)).status_code == 302


@pytest.mark.parametrize("token", ["", "made-up", opened("newsletter"), opened("visit", seconds_ago=13 * 3600)])
def test_form_without_a_token_of_its_own_is_held_off_and_gets_one(send, token):
    response = send(typed(opened=token))

    assert response.status_code == 422
    assert refused(response, "open for a long time")
    fresh = re.search(r'name="opened" value="([^"]+)"', response.content.decode()).group(1)
    with override_settings(STRANGERS_SECONDS=0):
        assert send(typed(opened=fresh)).status_code == 302


def test_web_addresses_are_not_taken(send):
    response = send(typed(problem="My left knee. Visit https://cheap.example"))

    assert response.status_code == 422
    assert refused(response, "take out web addresses")


def test_the_same_long_words_are_taken_three_times_a_day(send):
    words = "My left knee hurts, and so does everything else that I could name in this little field."
    taken = [send(typed(problem=words, since="since Easter", first_name=f"Una{n}")).status_code for n in range(4)]

    assert taken == [302, 302, 302, 422]


def test_one_address_sends_twenty_an_hour(send):
    codes = [send(typed(problem=f"Number {n}", since="since Easter, my left knee")).status_code for n in range(21)]

    assert codes == [302] * 20 + [429]


def test_limited_person_finds_their_words_and_the_phone_number(send, settings):
    settings.WAYS_IN_LIMITS = settings.WAYS_IN_LIMITS | {"strangers": "0/h/key"}

    response = send(typed())

    assert response.status_code == 429
    assert response["Retry-After"] == "600"
    assert refused(response, "A lot is coming in")


def test_nothing_passes_where_nobody_can_count(send, monkeypatch, caplog):
    def gone(*args, **kwargs):
        raise ConnectionError("gone")

    monkeypatch.setattr(cache, "get", gone)

    assert send(typed()).status_code == 429


def test_token_replayed_with_other_words_makes_no_more_than_one_new_request(send):
    token = opened("visit")
    for number in range(5):
        send(typed(opened=token, problem=f"Number {number}", first_name=f"Una{number}"))

    assert VisitRequest.objects.count() == 1


def test_form_needs_its_csrf_token():
    assert Client(enforce_csrf_checks=True).post(URL, typed()).status_code == 403


def test_no_address_is_noted_beside_what_somebody_wrote(send):
    send(typed(), REMOTE_ADDR="203.0.113.7")

    (event,) = AuditEvent.objects.filter(action="visit_request.made")
    assert (event.actor, event.address, event.detail) == ("system", "", {})
    assert event.subject == f"visit_request:{VisitRequest.objects.get().uuid}"
    assert "203.0.113.7" not in str(VisitRequest.objects.values().get())


def test_requests_go_to_the_clinic_that_speaks_in_public(send, clinic):
    people.clinic("Younger Clinic")
    send(typed())

    assert VisitRequest.objects.get().clinic == clinic


def test_fields_that_no_form_has_change_nothing(send, clinician):
    send(typed() | {"state": "patient", "assigned_to": clinician.pk, "clinic": "99", "patient": "1"})

    asked = VisitRequest.objects.get()
    assert (asked.state, asked.assigned_to, asked.patient) == ("new", None, None)


def test_page_is_never_kept(client):
    assert "no-store" in client.get(URL)["Cache-Control"]


def test_asking_asks_the_database_little(client, django_assert_num_queries):
    with django_assert_num_queries(1):  # the clinic
        client.get(URL)


def test_without_a_clinic_the_page_says_so(client, clinic):
    clinic.delete()

    page = client.get(URL).content.decode()

    assert "cannot be taken here yet" in page
    assert client.post(URL, typed()).status_code == 200
    assert VisitRequest.objects.count() == 0

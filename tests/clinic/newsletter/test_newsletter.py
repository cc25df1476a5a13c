"""The newsletter: in by two steps, out by one, and each issue to each address at most once."""

import re
import smtplib
from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from clinic.newsletter import sending
from clinic.newsletter.actions import confirm, hash_of, sign_up
from clinic.newsletter.models import Delivery, Issue, Subscriber
from clinic.newsletter.sending import send_newsletters
from clinic.reminders.mail import Outcome
from clinic.reminders.rules import State
from patients.models import AuditEvent
from tests.factories.enquiries import opened

URL = "/newsletter/"
NOW = timezone.now()


@pytest.fixture(autouse=True)
def clinic(spine_ina):
    return spine_ina


@pytest.fixture
def send(client, django_capture_on_commit_callbacks):
    def post(email="una@example.org", **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(URL, {"opened": opened("newsletter"), "homepage": "", "email": email} | fields)

    return post


def subscriber(email="una@example.org", **fields) -> Subscriber:
    values = {
        "confirm_hash": hash_of(email),
        "confirm_until": NOW + timedelta(days=7),
        "asked_at": NOW - timedelta(days=9),
        "confirmed_at": NOW - timedelta(days=9),
    } | fields
    return Subscriber.objects.create(email=email, **values)


def issue(**fields) -> Issue:
    values = {
        "subject": "A walk is a treatment",
        "body": "Dear reader,\n\n**walk**. [More](/learn/walking/)",
        "is_ready": True,
        "send_at": NOW - timedelta(minutes=1),
    } | fields
    return Issue.objects.create(**values)


def link_in(message, part):
    return re.search(rf"https?://[^/]+(/newsletter/{part}/\S+)", message.body).group(1)


# --- in ---


def test_address_is_in_only_after_its_owner_pressed_the_button(send, client):
    assert send()["Location"] == "/newsletter/thanks/"
    link = link_in(mail.outbox[0], "confirm")
    assert Subscriber.objects.confirmed(by=timezone.now()).count() == 0

    client.get(link)  # as mail programs do before people
    assert Subscriber.objects.confirmed(by=timezone.now()).count() == 0

    assert "You are in" in client.post(link).content.decode()
    assert Subscriber.objects.confirmed(by=timezone.now()).count() == 1
    assert "You are in" in client.post(link).content.decode()  # a double click


def test_link_is_kept_as_a_hash_only(send):
    send()

    token = link_in(mail.outbox[0], "confirm").split("/")[-2]
    assert token not in str(Subscriber.objects.values().get())


def test_newer_link_ends_the_older_one(send, client):
    send()
    send()

    older, newer = (link_in(message, "confirm") for message in mail.outbox)
    assert client.post(older).status_code == 410
    assert client.post(newer).status_code == 200


def test_link_runs_out(send, client):
    send()
    Subscriber.objects.update(confirm_until=timezone.now() - timedelta(seconds=1))

    assert client.post(link_in(mail.outbox[0], "confirm")).status_code == 410


def test_link_of_somebody_who_left_lets_nobody_in_again(send, client):
    send()
    link = link_in(mail.outbox[0], "confirm")
    client.post(link)
    client.post(f"/newsletter/stop/{Subscriber.objects.get().stop_token}/")

    assert client.post(link).status_code == 410
    assert Subscriber.objects.count() == 0


def test_answer_is_the_same_for_known_and_unknown(send):
    subscriber("known@example.org")

    known, unknown = send("Known@Example.org"), send("unknown@example.org")

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [["known@example.org"], ["unknown@example.org"]]
    assert "already" in mail.outbox[0].subject
    assert Subscriber.objects.get(email="known@example.org").confirmed_at


def test_form_is_no_way_to_flood_a_mailbox(send):
    for _ in range(5):
        assert send("victim@example.org")["Location"] == "/newsletter/thanks/"

    assert len(mail.outbox) == 2


def test_mistyped_address_is_said_and_kept(send):
    response = send("una@")

    assert response.status_code == 422
    assert 'value="una@"' in response.content.decode()


def test_address_longer_than_any_is_refused_at_the_field(send):
    response = send("a" * 250 + "@example.org")

    assert response.status_code == 422
    assert "at most 254 characters" in response.content.decode()
    assert Subscriber.objects.count() == 0


def test_program_is_held_off(send):
    assert send(homepage="x").status_code == 422
    assert Subscriber.objects.count() == 0


def test_nobody_is_in_without_confirming_for_longer_than_the_link_works(db):
    sign_up(email="una@example.org")
    send_newsletters(timezone.now() + timedelta(days=6))
    assert Subscriber.objects.count() == 1

    send_newsletters(timezone.now() + timedelta(days=8))

    assert Subscriber.objects.count() == 0


def test_address_of_a_patient_is_tied_to_nobody(send, patient):
    send(patient.email)

    assert not [
        field.name for field in Subscriber._meta.get_fields() if field.is_relation and field.name != "deliveries"
    ]
    assert AuditEvent.objects.filter(action="newsletter.asked").get().patient == ""


# --- out ---


def test_one_click_of_a_mail_program_ends_it(client):
    token = subscriber().stop_token
    program = Client(enforce_csrf_checks=True)

    assert program.post(f"/newsletter/stop/{token}/", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Subscriber.objects.count() == 0
    assert program.post(f"/newsletter/stop/{token}/").status_code == 200


def test_looking_at_the_link_ends_nothing(client):
    response = client.get(f"/newsletter/stop/{subscriber().stop_token}/")

    assert response["Cache-Control"] == "no-store, private"
    assert Subscriber.objects.count() == 1


@pytest.mark.parametrize("token", ["x" * 32, "\ud800", "a b", "9" * 500])
def test_token_of_nobody_does_no_harm(client, token):
    subscriber()

    assert client.get(f"/newsletter/stop/{token}/".encode("utf-8", "replace").decode()).status_code == 404
    assert Subscriber.objects.count() == 1


# --- sending ---


def test_issue_goes_to_the_confirmed_once(settings):
    subscriber("a@example.org")
    subscriber("b@example.org")
    subscriber("not-yet@example.org", confirmed_at=None)
    issue()

    first, second = send_newsletters(NOW), send_newsletters(NOW + timedelta(minutes=5))

    assert (first[State.SENT], second[State.SENT]) == (2, 0)
    assert sorted(message.to[0] for message in mail.outbox) == ["a@example.org", "b@example.org"]
    assert Issue.objects.get().finished_at == NOW


def test_mail_comes_under_the_newsletters_name_and_can_be_stopped(settings):
    settings.DEFAULT_FROM_EMAIL = "Backwell <no-reply@clinic.example>"
    settings.SITE_ADDRESS = "https://clinic.example"
    token = subscriber().stop_token
    issue()

    send_newsletters(NOW)

    (message,) = mail.outbox
    assert parseaddr(message.from_email) == ("Spine INA newsletter", "no-reply@clinic.example")
    assert message.extra_headers["List-Unsubscribe"] == f"<https://clinic.example/newsletter/stop/{token}/>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    html = message.alternatives[0][0]
    for text in (message.body, html):
        assert "https://clinic.example/learn/walking/" in text
        assert token in text
    assert "<strong>walk</strong>" in html
    assert "More: https://clinic.example/learn/walking/" in message.body


def test_own_sender_can_be_set(settings):
    settings.NEWSLETTER_FROM_EMAIL = "Backs <news@clinic.example>"
    subscriber()
    issue()

    send_newsletters(NOW)

    assert mail.outbox[0].from_email == "Backs <news@clinic.example>"


@pytest.mark.parametrize("fields", [{"is_ready": False}, {"send_at": NOW + timedelta(hours=1)}])
def test_draft_and_what_is_for_later_stay(fields):
    subscriber()
    issue(**fields)

    send_newsletters(NOW)

    assert mail.outbox == []
    assert Issue.objects.get().begun_at is None


def test_who_comes_later_gets_the_next_one():
    subscriber()
    issue()
    send_newsletters(NOW)
    subscriber("late@example.org", confirmed_at=NOW + timedelta(minutes=1))
    issue(subject="The next", send_at=NOW + timedelta(hours=1))

    send_newsletters(NOW + timedelta(hours=2))

    assert [(m.subject, m.to[0]) for m in mail.outbox if m.to == ["late@example.org"]] == [
        ("The next", "late@example.org")
    ]


def test_killed_sender_sends_nothing_twice(monkeypatch):
    for name in "abc":
        subscriber(f"{name}@example.org")
    issue()
    sent = []

    class Killed(BaseException):
        pass

    def dies_at_the_second(self, written):
        sent.append(written().to[0])
        if len(sent) == 2:
            raise Killed
        return Outcome(State.SENT)

    monkeypatch.setattr(sending.Postman, "send", dies_at_the_second)
    with pytest.raises(Killed):
        send_newsletters(NOW)
    send_newsletters(NOW + timedelta(minutes=1))
    assert Issue.objects.get().finished_at is None
    send_newsletters(NOW + timedelta(minutes=20))

    assert sorted(sent) == ["a@example.org", "b@example.org", "c@example.org"]
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["sent", "sent", "unknown"]
    assert Issue.objects.get().finished_at


def test_what_is_refused_for_now_waits_and_what_is_refused_for_good_does_not(monkeypatch):
    subscriber("busy@example.org")
    subscriber("gone@example.org")
    issue()
    tried = []

    def refuse(self, written):
        to = written().to[0]
        tried.append(to)
        return Outcome(State.WAITING if "busy" in to else State.DROPPED, "SMTPRecipientsRefused 450")

    monkeypatch.setattr(sending.Postman, "send", refuse)
    send_newsletters(NOW)
    send_newsletters(NOW + timedelta(minutes=1))
    send_newsletters(NOW + timedelta(minutes=6))

    assert tried == ["busy@example.org", "gone@example.org", "busy@example.org"]
    assert Issue.objects.get().finished_at is None
    send_newsletters(NOW + timedelta(hours=25))
    assert Issue.objects.get().finished_at


def test_server_that_is_down_is_asked_once(monkeypatch):
    for name in "abc":
        subscriber(f"{name}@example.org")
    issue()
    asked = []

    def down(self):
        asked.append(1)
        raise smtplib.SMTPConnectError(421, b"busy")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", down)

    assert send_newsletters(NOW)[State.WAITING] == 3
    assert len(asked) == 1


def test_one_address_that_breaks_something_costs_the_others_nothing(monkeypatch, caplog):
    subscriber("a@example.org")
    subscriber("b@example.org")
    issue()
    whole = sending.letter

    def breaks(issue, subscriber, clinic):
        if subscriber.email == "a@example.org":
            raise ValueError
        return whole(issue, subscriber, clinic)

    monkeypatch.setattr(sending, "letter", breaks)

    done = send_newsletters(NOW)

    assert (done["failed"], done[State.SENT]) == (1, 1)


def test_whoever_stops_while_it_is_sent_gets_nothing_more(monkeypatch):
    subscriber("a@example.org")
    subscriber("b@example.org")
    issue()
    whole = sending.Postman.send

    def first_then_b_leaves(self, written):
        outcome = whole(self, written)
        Subscriber.objects.filter(email="b@example.org").delete()
        return outcome

    monkeypatch.setattr(sending.Postman, "send", first_then_b_leaves)
    send_newsletters(NOW)

    assert [message.to for message in mail.outbox] == [["a@example.org"]]


def test_taking_back_ready_stops_what_is_left(monkeypatch):
    subscriber("a@example.org")
    issue()
    monkeypatch.setattr(sending, "monotonic", iter([0, 10**6, 10**6, 10**6]).__next__)
    send_newsletters(NOW)
    assert mail.outbox == []
    monkeypatch.undo()

    Issue.objects.update(is_ready=False)
    send_newsletters(NOW + timedelta(minutes=1))

    assert mail.outbox == []


def test_taking_back_ready_stops_the_very_next_mail(monkeypatch):
    for name in "abc":
        subscriber(f"{name}@example.org")
    issue()
    whole = sending.Postman.send

    def first_then_it_is_taken_back(self, written):
        Issue.objects.update(is_ready=False)
        return whole(self, written)

    monkeypatch.setattr(sending.Postman, "send", first_then_it_is_taken_back)
    done = send_newsletters(NOW)

    assert done[State.SENT] == len(mail.outbox) == 1
    assert Issue.objects.get().finished_at is None

    monkeypatch.undo()
    Issue.objects.update(is_ready=True)
    send_newsletters(NOW + timedelta(minutes=1))
    assert sorted(message.to[0] for message in mail.outbox) == ["a@example.org", "b@example.org", "c@example.org"]
    assert Issue.objects.get().finished_at


def test_command_says_what_it_did_and_needs_an_address(settings, capsys):
    subscriber()
    issue()
    call_command("send_newsletter")
    assert "1 sent, 0 wait, 0 failed." in capsys.readouterr().out

    settings.SITE_ADDRESS = ""
    with pytest.raises(CommandError):
        call_command("send_newsletter")


def test_confirming_is_no_guess(db):
    assert confirm(token="x" * 43) is False


# --- the admin ---


def test_preview_shows_the_mail_and_saves_nothing(admin_client):
    made = issue(is_ready=False)

    response = admin_client.post(
        "/admin/clinic/issue/preview/", {"preview_of": made.pk, "subject": "Other", "body": "Hello **you**"}
    )

    page = response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert "Hello <strong>you</strong>" in page
    assert "Spine INA newsletter" in page
    assert Issue.objects.get().subject == "A walk is a treatment"


def test_text_stays_once_sending_began(admin_client):
    subscriber()
    made = issue()
    send_newsletters(NOW)

    admin_client.post(
        f"/admin/clinic/issue/{made.pk}/change/", {"subject": "Changed", "body": "Changed", "is_ready": "on"}
    )

    assert Issue.objects.get().subject == "A walk is a treatment"
    assert admin_client.post(f"/admin/clinic/issue/{made.pk}/delete/", {"post": "yes"}).status_code == 403


def test_ready_without_a_time_is_refused_in_words(admin_client):
    response = admin_client.post("/admin/clinic/issue/add/", {"subject": "A", "body": "B", "is_ready": "on"})

    assert "Say when it is to be sent." in response.content.decode()
    assert Issue.objects.count() == 0


def test_nobody_is_signed_up_by_an_admin(admin_client):
    assert admin_client.get("/admin/clinic/subscriber/add/").status_code == 403


def test_two_senders_at_the_same_moment_send_each_mail_once(monkeypatch):
    for name in "abc":
        subscriber(f"{name}@example.org")
    issue()
    whole = sending.Postman.send
    runs = []

    def another_runs_meanwhile(self, written):
        if not runs:
            runs.append(1)
            send_newsletters(NOW)
        return whole(self, written)

    monkeypatch.setattr(sending.Postman, "send", another_runs_meanwhile)
    send_newsletters(NOW)

    assert sorted(message.to[0] for message in mail.outbox) == ["a@example.org", "b@example.org", "c@example.org"]

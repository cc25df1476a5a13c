"""The demo's letter box."""

import os

import pytest
from django.core.mail import EmailMessage
from django.test import override_settings

from clinic.frontdoor.outbox import newest_mails
from config.mail import ConsoleAndOutbox


@pytest.fixture
def outbox(tmp_path, capsys):
    """Sends one mail a connection, as separate requests do, each a second after the other."""
    with override_settings(EMAIL_FILE_PATH=tmp_path, MODE="demo"):

        def send(*mails):
            box = ConsoleAndOutbox()
            box.send_messages([EmailMessage(s, body, "clinic@example.org", [to]) for s, body, to in mails])
            name = box._fname
            os.utime(name, (send.clock, send.clock))
            send.clock += 1

        send.clock = 1_700_000_000
        yield send


def test_newest_mail_comes_first(outbox, tmp_path):
    outbox(("One", "Hello", "a@example.org"), ("Two", "Hello", "b@example.org"))
    outbox(("Three", "Hello", "c@example.org"))

    assert [(mail.subject, mail.to) for mail in newest_mails(tmp_path)] == [
        ("Three", "c@example.org"),
        ("Two", "b@example.org"),
        ("One", "a@example.org"),
    ]


def test_accents_survive_the_file(outbox, tmp_path):
    outbox(("Grüße für Zoë", "Bis spåter 🦴", "a@example.org"))

    (mail,) = newest_mails(tmp_path)

    assert (mail.subject, mail.text.strip()) == ("Grüße für Zoë", "Bis spåter 🦴")


def test_links_in_a_mail_can_be_followed_and_its_markup_is_text(outbox, client, db):
    outbox(("Welcome", "Open http://testserver/welcome/abc/ <script>alert(1)</script>", "a@example.org"))

    page = client.get("/outbox/").content.decode()

    assert 'href="http://testserver/welcome/abc/"' in page
    assert "<script>alert" not in page


def test_empty_outbox_says_so(outbox, client, db):
    assert "No e-mail yet" in client.get("/outbox/").content.decode()


def test_demo_without_a_mail_has_no_folder_yet(tmp_path):
    assert newest_mails(tmp_path / "missing") == []

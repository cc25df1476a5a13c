"""What a mail server says decides: a double of one, on a socket, behind Django's own SMTP backend."""

import threading
from collections import Counter
from datetime import timedelta
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest

from clinic.reminders.models import Sending
from clinic.reminders.sending import send_due
from tests.clinic.reminders.conftest import remind
from tests.factories import plans

pytestmark = pytest.mark.django_db


class Double(StreamRequestHandler):
    """Answers each command with 250, unless the test says otherwise; "" hangs up without a word."""

    def handle(self):
        self.say("220 ready")
        for line in self.rfile:
            command = line.decode().split()[0].upper()
            if command == "DATA":
                self.say("354 go on")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
            if command == "QUIT":
                return
            answer = self.server.answers.get(command, "250 well")
            if not answer:
                return
            if command == "DATA" and answer[0] == "2":
                self.server.taken += 1
            self.say(answer)
            if command == "DATA" and self.server.closes_after_each:
                return

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def server(settings):
    made = ThreadingTCPServer(("127.0.0.1", 0), Double)
    made.daemon_threads = True
    made.answers, made.taken, made.closes_after_each = {}, 0, False
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.server_address[1]
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("answers", "state", "fault"),
    [
        ({}, "sent", ""),
        ({"DATA": "451 busy, margaret.ellis@patients.example"}, "waiting", "SMTPDataError 451"),
        ({"DATA": "554 no"}, "dropped", "SMTPDataError 554"),
        ({"RCPT": "450 later"}, "waiting", "SMTPRecipientsRefused 450"),
        ({"RCPT": "550 nobody"}, "dropped", "SMTPRecipientsRefused 550"),
        ({"MAIL": "451 later"}, "waiting", "SMTPSenderRefused 451"),
        ({"EHLO": "", "HELO": ""}, "waiting", "SMTPServerDisconnected"),
        ({"DATA": ""}, "unknown", "SMTPServerDisconnected"),
    ],
)
def test_what_the_server_answers_decides(answers, state, fault, server, live, patient, morning):
    remind(patient)
    server.answers = answers

    assert send_due(morning) == Counter({state: 1})

    row = Sending.objects.get()
    assert (row.state, row.fault) == (state, fault)
    assert server.taken == (state == "sent")
    server.answers = {}
    send_due(morning + timedelta(minutes=6))
    assert server.taken == (state in ("sent", "waiting"))


def test_line_that_the_server_closed_between_two_mails_is_opened_anew(
    server, live, patient, other_patient, clinician, morning
):
    plans.published(other_patient, by=clinician.user, exercises=[live.lines.get().exercise])
    for each in (patient, other_patient):
        remind(each)
    server.closes_after_each = True

    assert send_due(morning) == Counter({"sent": 2})
    assert server.taken == 2


def test_server_that_is_away_is_waited_for(server, live, patient, morning, settings):
    remind(patient)
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 1

    assert send_due(morning) == Counter({"waiting": 1})
    settings.EMAIL_PORT = there
    assert send_due(morning + timedelta(minutes=6)) == Counter({"sent": 1})

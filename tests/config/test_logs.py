import json
import logging
import sys

import pytest
from django.core import mail
from django.test import RequestFactory
from django.utils.log import AdminEmailHandler

from config.logs import JsonLine


@pytest.mark.parametrize(
    "address",
    [
        "/welcome/s3cret-token/",
        "/accounts/password/reset/key/1-s3cret-token/",
        "/accounts/confirm-email/s3cret-token/",
    ],
)
def test_log_line_leaves_out_the_secret_of_a_one_time_link(address):
    record = logging.makeLogRecord({"msg": "Forbidden: %s", "args": (address,), "levelname": "WARNING"})

    line = json.loads(JsonLine().format(record))

    assert "s3cret" not in line["message"]
    assert line["message"].startswith("Forbidden: /")


def test_log_line_stays_one_line():
    record = logging.makeLogRecord({"msg": 'a\nb "quoted"', "levelname": "INFO"})

    assert "\n" not in JsonLine().format(record)


def broken(message):
    try:
        raise OSError(message)
    except OSError:
        return {"msg": "Internal Server Error: %s", "args": ("/x/",), "levelname": "ERROR", "levelno": logging.ERROR,
                "exc_info": sys.exc_info()}  # fmt: skip


def test_log_line_of_an_error_names_nobody():
    complaint = "{'margaret@home.example': (550, b'unknown')} Key (email)=(tom@home.example) exists"

    line = json.loads(JsonLine().format(logging.makeLogRecord(broken(complaint))))

    assert "home.example" not in line["trace"]
    assert "OSError: {'…@…': (550, b'unknown')} Key (email)=(…@…) exists" in line["trace"]


def test_mail_about_an_error_holds_nothing_of_what_was_sent(settings):
    settings.ADMINS = [("Admin", "admin@clinic.example")]
    handler = next(h for h in logging.getLogger("django.request").handlers if isinstance(h, AdminEmailHandler))
    request = RequestFactory().post("/welcome/s3cret/", {"problem": "tingling feet"})
    record = broken("to margaret@home.example") | {"args": ("/welcome/s3cret/",), "request": request}

    handler.handle(logging.makeLogRecord(record))

    [sent] = mail.outbox
    assert "s3cret" not in sent.subject + sent.body
    assert "OSError: to …@…" in sent.body
    assert "tingling" not in sent.body
    assert "csrf" not in sent.body.lower()

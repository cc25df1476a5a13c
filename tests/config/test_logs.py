import json
import logging
import sys

import pytest
from django.core import mail
from django.test import RequestFactory
from django.urls import URLResolver, get_resolver, reverse
from django.utils.log import AdminEmailHandler

from config.logs import JsonLine, discreet


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


def links_with_a_secret(patterns=None):
    """Of the whole site: each address that has a one-time token, or what stands for one, in its path."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                yield from links_with_a_secret(pattern.url_patterns)
            continue
        named = {*pattern.pattern.converters, *pattern.pattern.regex.groupindex}
        if any(word in name for name in named for word in ("token", "key", "secret", "code")):
            yield reverse(pattern.name, kwargs=dict.fromkeys(named, "s3cret"))


def test_secret_of_every_link_of_the_site_stays_out_of_the_log():
    links = list(links_with_a_secret())

    assert {"/newsletter/stop/s3cret/", "/accounts/confirm-email/s3cret/", "/welcome/s3cret/"} <= set(links)
    assert [link for link in links if "s3cret" in discreet(f"Not Found: {link}")] == []


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

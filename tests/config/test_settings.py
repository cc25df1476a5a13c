"""A production start says what is missing; nothing is guessed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READ = """
import json
from django.conf import settings as s
print(json.dumps({n: getattr(s, n, None) for n in %r}))
"""


def settings_of(tmp_path, names=("DEBUG",), **environment):
    env = {"PATH": os.environ["PATH"], "BACKWELL_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run(
        [sys.executable, "-c", READ % (list(names),)], cwd=ROOT, env=env | environment, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "x" * 50}, "Set ALLOWED_HOSTS"),
        ({"SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "portal.example.org", "DEBUG": "1"}, "DEBUG shows innards"),
        ({"BACKWELL_MODE": "guess"}, "it can be production, demo, development or test"),
    ],
)
def test_production_start_says_what_to_set(tmp_path, environment, message):
    result = settings_of(tmp_path, **environment)

    assert result.returncode != 0
    assert message in result.stderr


def test_production_is_https_only_with_hardened_cookies_and_a_second_factor(tmp_path):
    names = ["SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SESSION_COOKIE_NAME",
             "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "STAFF_SECOND_FACTOR", "DEBUG"]  # fmt: skip

    result = settings_of(tmp_path, names, SECRET_KEY="x" * 50, ALLOWED_HOSTS="portal.example.org")

    assert json.loads(result.stdout) == {
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 63072000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SESSION_COOKIE_NAME": "__Host-session",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "STAFF_SECOND_FACTOR": True,
        "DEBUG": False,
    }


def test_demo_keeps_its_secret_key_beside_its_data(tmp_path):
    first = settings_of(tmp_path, ["SECRET_KEY"], BACKWELL_MODE="demo")
    second = settings_of(tmp_path, ["SECRET_KEY"], BACKWELL_MODE="demo")

    assert json.loads(first.stdout) == json.loads(second.stdout)
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600

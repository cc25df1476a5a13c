"""Every address, sent what nobody should send by each role: an answer below 500. The client raises what a view does."""

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django import forms
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from clinic.prescriptions.actions import start_draft
from config.errors import NOT_KEPT
from tests.test_access import ROUTES, address, guard_of, guarded, world  # noqa: F401

ROOT = Path(__file__).parent.parent
APPS = ("exercises", "patients", "clinic", "config")
HOSTILE = [
    "",
    "👩‍👩‍👧‍👦",
    "a\0b",
    "\ud800",
    "<script>alert(1)</script>",
    "1" + 30 * "0",
    "9" * 5_000,
    "-1",
    "NaN",
    "１２",
    "²",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "00000000-0000-0000-0000-000000000000",
    "[[",
]


def field_names():
    """The names of all fields: those written in templates, and those of the forms that draw themselves."""
    get_resolver().url_patterns  # noqa: B018  imports every form
    names = {"page", "q", "next"}
    for path in (ROOT / "templates").rglob("*.html"):
        names |= set(re.findall(r' name="([a-z_]+)"', path.read_text()))
    forms_left = forms.BaseForm.__subclasses__()
    while forms_left:
        form = forms_left.pop()
        forms_left += form.__subclasses__()
        if form.__module__.startswith(APPS):
            names |= {f"{form.prefix}-{name}" if form.prefix else name for name in getattr(form, "base_fields", {})}
    return sorted(names - {"csrfmiddlewaretoken"})


@pytest.fixture(scope="module")
def names():
    return field_names()


@pytest.fixture
def draft(world, clinician):  # noqa: F811
    """The ids of a draft that follows the plan that was sent."""
    made = start_draft(patient=world["patient"], by=clinician.user, from_last=True)
    return world | {"prescription": made, "line": made.lines.get()}


GARBLED = {"HX-Request": "true", "HX-Current-URL": "http://[", "Referer": "http://[", "Origin": "http://["}
FORM = "application/x-www-form-urlencoded"
CLIENTS = {"clinician": "clinician_client", "patient": "patient_client", "signed_in": "nobody_client"}


@pytest.mark.parametrize("route", guarded(*CLIENTS, "public"))
def test_hostile_values_break_no_address(route, request, draft, names):
    guard = guard_of(dict(ROUTES)[route])
    browser = request.getfixturevalue(CLIENTS.get(guard, "client"))
    path = address(route, draft)
    assert Client().post(path, headers=GARBLED).status_code < 500
    for number, value in enumerate(HOSTILE):
        sent = urlencode(dict.fromkeys(names, value), errors="surrogatepass")
        headers = GARBLED if number % 2 else {}
        for method in ("GET", "POST"):
            with transaction.atomic():
                response = browser.generic(method, path, sent, FORM, query_string=sent, headers=headers)
                transaction.set_rollback(True)

            assert response.status_code < 500, (method, value[:30])
            assert b"<script>alert(1)" not in response.getvalue()


@pytest.mark.parametrize("number", ["2", "9", "12"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_tick_on_a_round_that_the_day_does_not_have_is_taken(world, patient, patient_client, number, headers):  # noqa: F811
    sent = {"day": patient.local_day().isoformat(), "round": number, "tick": f"{world['line'].uuid}.1.1.both.1"}

    response = patient_client.post("/today/check/", sent, headers=headers)

    assert response.status_code == (200 if headers else 302)
    assert patient.check_offs.count() == 1


def test_no_field_of_ours_is_named_like_a_secret_that_error_pages_drop(names):
    assert NOT_KEPT & set(names) == {"password", "pin", "code", "credential"}

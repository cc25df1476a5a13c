"""The sign-in library's pages in our look and words."""

import re

import pytest
from django.core import mail

from tests.factories.people import PASSWORD

SIGNED_OUT = ["/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/", "/accounts/signup/",
              "/accounts/password/reset/done/", "/accounts/inactive/"]  # fmt: skip
SIGNED_IN = ["/accounts/2fa/", "/accounts/sessions/", "/accounts/password/change/", "/accounts/email/",
             "/accounts/logout/", "/accounts/reauthenticate/"]  # fmt: skip


def text_of(response):
    return response.content.decode()


@pytest.mark.parametrize("path", SIGNED_OUT)
def test_page_before_signing_in_is_ours(client, spine_ina, path):
    page = text_of(client.get(path))

    assert 'class="login"' in page
    assert "Spine INA" in page
    assert page.count("<h1>") == 1


@pytest.mark.parametrize("path", SIGNED_IN)
@pytest.mark.parametrize(("who", "shell"), [("patient_client", "patient"), ("clinician_client", "clin")])
def test_page_about_the_own_account_is_ours(who, shell, path, request):
    page = text_of(request.getfixturevalue(who).get(path))

    assert re.search(rf'<body class="({shell} account|patient )', page)
    assert page.count("<h1>") == 1


def test_wrong_password_says_what_to_do_and_not_which_half_was_wrong(client, patient):
    known = client.post("/accounts/login/", {"login": patient.email, "password": "wrong-one"})
    unknown = client.post("/accounts/login/", {"login": "nobody@example.org", "password": "wrong-one"})

    message = "That did not match. Check your e-mail address and your password, and try again."
    assert [re.findall(message, text_of(answer)) for answer in (known, unknown)] == [[message], [message]]


def test_code_by_mail_lets_a_patient_in(client, patient):
    client.post("/accounts/login/code/", {"email": patient.email})
    (message,) = mail.outbox
    code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", message.body, re.MULTILINE)[0]

    response = client.post("/accounts/login/code/confirm/", {"code": code})

    assert response["Location"] == "/start/"
    assert (message.subject, message.body.strip().splitlines()[-2]) == ("Your code to sign in", "Spine INA")


def test_nobody_makes_an_account_by_themselves(client, db):
    client.post("/accounts/signup/", {"email": "new@example.org", "password1": PASSWORD})

    assert "Your clinic invites you" in text_of(client.get("/accounts/signup/"))
    assert mail.outbox == []


def test_demo_accounts_are_named_in_the_demo_only(client, db, settings):
    before = text_of(client.get("/accounts/login/"))
    settings.MODE = "demo"
    during = text_of(client.get("/accounts/login/"))

    assert "back-in-motion" not in before
    assert "patient@demo.example" in during


def test_signing_in_adds_no_message_to_the_first_page(client, patient):
    response = client.post("/accounts/login/", {"login": patient.email, "password": PASSWORD}, follow=True)

    assert list(response.context["messages"]) == []

"""Pages for the moments when something is in the way: nothing typed is lost, nothing is shown to another site."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client

TYPED = {"note": "Slept <badly>,\nleft leg tingles", "pain_worst": "4", "days": ["mo", "fr"], "empty": " "}
ORIGIN = {"Origin": "http://testserver"}


def text_of(response):
    return response.content.decode()


def hidden(name, value):
    return f'<input type="hidden" name="{name}" value="{value}">'


@pytest.fixture
def strict():
    """A browser: it sends tokens, and the server checks them."""
    return Client(enforce_csrf_checks=True)


def test_typing_waits_in_the_page_when_the_session_ended(client, db):
    response = client.post("/today/", TYPED)

    page = text_of(response)
    assert response.status_code == 401
    assert '<form method="post" action="/today/">' in page
    assert (
        hidden("note", "Slept &lt;badly&gt;,\r\nleft leg tingles") in page
        or hidden("note", "Slept &lt;badly&gt;,\nleft leg tingles") in page
    )
    assert hidden("days", "mo") in page
    assert hidden("days", "fr") in page
    assert 'target="_blank"' in page


def test_typing_can_be_read_and_copied(client, db):
    response = client.post("/today/", TYPED)

    assert response.context["shown"] == [
        ("Note", TYPED["note"]),
        ("Pain worst", "4"),
        ("Days", "mo"),
        ("Days", "fr"),
    ]
    assert re.search(r"<dd>\s*Slept &lt;badly&gt;,<br>left leg tingles\s*</dd>", text_of(response))


@pytest.mark.parametrize("secret", ["password", "password1", "oldpassword", "code", "csrfmiddlewaretoken"])
def test_secrets_are_not_carried_over(client, db, secret):
    response = client.post("/today/", {secret: "hush-hush", "note": "kept"})

    assert "hush-hush" not in text_of(response)
    assert hidden("note", "kept") in text_of(response)


def test_form_with_a_stale_token_comes_back_with_every_value(strict, patient):
    strict.force_login(patient.user)

    response = strict.post("/today/", TYPED | {"csrfmiddlewaretoken": "stale"}, headers=ORIGIN)

    page = text_of(response)
    assert response.status_code == 403
    assert "Please send it again" in page
    assert hidden("days", "fr") in page
    assert "stale" not in page


def test_form_sent_again_carries_a_token_that_counts(strict, patient):
    strict.force_login(patient.user)
    strict.post("/today/", TYPED, headers=ORIGIN)
    token = strict.cookies["csrftoken"].value

    response = strict.post("/accounts/logout/", {"csrfmiddlewaretoken": token}, headers=ORIGIN)

    assert response.status_code == 302


@pytest.mark.parametrize(
    "origin", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://["}]
)
def test_form_from_elsewhere_is_refused_and_shows_nothing(strict, patient, origin):
    strict.force_login(patient.user)

    response = strict.post("/today/", TYPED, headers=origin)

    assert response.status_code == 403
    assert "tingles" not in text_of(response)


@pytest.mark.parametrize("who", ["client", "patient_client", "clinician_client"])
def test_page_that_is_not_there_says_so_with_a_reference(who, request, db):
    response = request.getfixturevalue(who).get("/no-such-page")

    assert response.status_code == 404
    assert "There is no such page" in text_of(response)
    assert response.context["reference"] in text_of(response)


def test_broken_page_needs_nothing_that_may_be_broken():
    page = render_to_string("errors/500.html")

    assert "Something broke on our side" in page


def test_broken_view_answers_with_our_page_and_a_reference(patient, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr("clinic.frontdoor.views.Article.objects.published", broken)
    browser = Client(raise_request_exception=False)

    response = browser.get("/learn/")

    assert response.status_code == 500
    assert "Something broke on our side" in text_of(response)
    assert "fire" not in text_of(response)


def test_unknown_host_is_answered_without_repeating_it(db):
    response = Client().get("/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert "evil" not in text_of(response)

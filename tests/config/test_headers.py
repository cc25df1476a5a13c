"""What every answer carries, whatever its status, and that nothing of a signed-in person stays in a cache."""

import pytest
from django.conf import settings
from django.test import Client

POLICY = {
    "default-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "style-src": "'self'",
}


def policy_of(response):
    return dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/healthz", "/accounts/login/", "/no-such-page", "/admin/", "/today/"])
def test_every_answer_carries_the_security_headers(client, path):
    response = client.get(path)

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    policy = policy_of(response)
    assert policy.items() >= POLICY.items()
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "http" not in response["Content-Security-Policy"]


def test_answer_to_htmx_carries_only_what_a_fragment_needs(clinician_client):
    response = clinician_client.get("/clinic/", headers={"HX-Request": "true"})

    assert sorted(response.headers) == [
        "Cache-Control", "Content-Length", "Content-Type", "HX-Trigger", "X-Content-Type-Options",
    ]  # fmt: skip


def test_public_answer_to_htmx_still_says_that_it_differs_from_the_page(client, db):
    response = client.get("/exercises/", headers={"HX-Request": "true"})

    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("path", ["/today/", "/today/plan/", "/today/progress/", "/exercises/", "/no-such-page"])
def test_signed_in_pages_are_not_stored(patient_client, path):
    response = patient_client.get(path)

    assert response["Cache-Control"] == "no-store, private"


def test_expired_sign_in_answers_htmx_with_where_to_go(db, client):
    response = client.get("/today/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/today/"})

    assert response.status_code == 401
    assert response["HX-Redirect"] == "/accounts/login/?next=/today/"
    assert response.content == b""


def test_healthz_answers_200_with_the_database_reached(client, db):
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json()["status"] == "ok"


def test_unknown_host_is_refused(db):
    response = Client().get("/", headers={"Host": "evil.example"})

    assert response.status_code == 400


def test_post_without_its_token_is_refused(patient):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(patient.user)

    response = strict.post("/today/check/", {"tick": "x"}, headers={"HX-Request": "true"})

    assert response.status_code == 403


@pytest.mark.parametrize("method", ["trace", "put", "patch", "delete"])
def test_methods_nobody_needs_are_refused(patient_client, method):
    response = getattr(patient_client, method)("/today/")

    assert response.status_code == 405


def test_browser_is_sent_its_form_token_once(client, db):
    first = client.get("/accounts/login/")
    again = client.get("/accounts/login/")

    assert settings.CSRF_COOKIE_NAME in first.cookies
    assert settings.CSRF_COOKIE_NAME not in again.cookies

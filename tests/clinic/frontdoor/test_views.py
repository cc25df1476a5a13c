"""The pages that anybody may read, and the two for people who just signed in."""

import pytest
from django.test import override_settings
from django.urls import reverse

from tests.factories import articles, people

PUBLIC = ["/", "/learn/", "/favicon.ico"]


def text_of(response):
    return response.content.decode()


def test_home_speaks_for_the_clinic_and_says_how_to_reach_it(client, spine_ina):
    page = text_of(client.get("/"))

    assert "Spine INA" in page
    assert 'href="tel:+442079460000"' in page
    assert "112" in page
    assert "Sign in to my plan" in page


def test_home_without_a_clinic_still_opens(client, db):
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("who", "button"),
    [
        ("patient_client", "Go to my plan"),
        ("clinician_client", "Go to my caseload"),
        ("nobody_client", "Go to my first"),
    ],
)
def test_home_leads_a_signed_in_person_to_their_own_first_page(who, button, request):
    page = text_of(request.getfixturevalue(who).get("/"))

    assert button in page
    assert "Sign in to my plan" not in page


def test_a_real_clinic_speaks_in_public_before_a_demo_one(client, db):
    people.clinic("A Demo", is_demo=True)
    people.clinic("Harbour Backs")
    people.clinic("Young Clinic")

    page = text_of(client.get("/"))

    assert "Harbour Backs" in page
    assert "A Demo" not in page
    assert "Young Clinic" not in page


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_public_pages_refuse_to_be_written_to(client, db, path, method):
    assert getattr(client, method)(path).status_code == 405


def test_learn_lists_published_articles_in_their_order(client, db):
    articles.article("second", title="Second read", order=20)
    articles.article("first", title="First read", order=10)
    articles.article("hidden", title="Half written", is_published=False)

    page = text_of(client.get("/learn/"))

    assert page.index("First read") < page.index("Second read")
    assert "Half written" not in page


@pytest.mark.parametrize("count", [1, 30])
def test_learn_asks_the_database_the_same_for_one_and_for_thirty(client, spine_ina, count, django_assert_num_queries):
    for number in range(count):
        articles.article(f"read-{number}")
        articles.question(f"ask-{number}")

    with django_assert_num_queries(3):  # the clinic, the articles, the questions
        client.get("/learn/")


def test_article_shows_its_text_below_one_title(client, db):
    articles.article(body="# Loud\n\nWalk to the **corner**.")

    page = text_of(client.get("/learn/walking/"))

    assert page.count("<h1>") == 1
    assert "<h2>Loud</h2>" in page
    assert "<strong>corner</strong>" in page


def test_article_names_the_next_one_and_the_last_starts_again(client, db):
    articles.article("first", title="First read", order=10)
    articles.article("last", title="Last read", order=20)

    after_first, after_last = client.get("/learn/first/"), client.get("/learn/last/")

    assert after_first.context["next"].slug == "last"
    assert after_last.context["next"].slug == "first"


@pytest.mark.parametrize("slug", ["nowhere", "hidden"])
def test_article_that_is_not_published_does_not_exist(client, db, slug):
    articles.article("hidden", is_published=False)

    assert client.get(f"/learn/{slug}/").status_code == 404


def test_patient_reads_an_article_inside_the_own_shell(patient_client):
    articles.article()

    assert 'class="tabbar"' in text_of(patient_client.get("/learn/walking/"))


def test_help_gives_the_patient_both_numbers_and_the_physio(patient_client):
    page = text_of(patient_client.get("/help/"))

    assert 'href="tel:+442079460000"' in page
    assert 'href="tel:112"' in page
    assert "Rita Voss looks after your plan" in page


@pytest.mark.parametrize(("who", "status"), [("clinician_client", 403), ("nobody_client", 403), ("client", 302)])
def test_help_is_for_patients(who, status, request, db):
    assert request.getfixturevalue(who).get("/help/").status_code == status


def test_person_who_belongs_nowhere_is_told_what_to_do(nobody_client):
    response = nobody_client.get("/start/", follow=True)

    assert response.redirect_chain == [("/no-role/", 302)]
    assert "norole@example.org" in text_of(response)


def test_stranger_is_sent_from_no_role_to_sign_in(client, db):
    assert client.get("/no-role/")["Location"] == "/accounts/login/?next=/no-role/"


def test_chosen_theme_is_rendered_by_the_server(client, db):
    client.cookies["theme"] = "dark"

    assert 'data-bs-theme="dark"' in text_of(client.get("/"))


def test_theme_cookie_that_is_no_theme_is_not_repeated(client, db):
    client.cookies["theme"] = "dark autofocus"

    assert "data-bs-theme" not in text_of(client.get("/"))


def test_favicon_is_found_where_browsers_look_for_it(client, db):
    assert client.get("/favicon.ico")["Location"] == "/static/icon.svg"


@override_settings(MODE="production")
def test_outbox_does_not_exist_on_a_clinics_own_installation(client, db):
    assert client.get(reverse("outbox")).status_code == 404

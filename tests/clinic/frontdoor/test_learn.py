"""What a reader finds under Learn: first what fits them, then everything, and what they search for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exercises.models import Article
from patients.models import Patient
from patients.screening.pages import clear_answers
from tests.factories import articles, catalogue, checks, plans

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def text_of(response):
    return response.content.decode()


def first(client):
    return [article.slug for article in client.get("/learn/").context["page"].first]


def questions(client, query=""):
    return [each.text.slug for each in client.get(f"/learn/{query}").context["page"].questions]


@pytest.fixture
def library(db):
    """Texts from long ago, one for each place that these tests come to."""
    for order, (slug, moments) in enumerate(
        {
            "moving": ["first-week"],
            "signs": ["first-visit"],
            "bad-days": ["flare"],
            "stretching": ["stretch"],
            "strength": ["strength"],
        }.items()
    ):
        articles.article(slug, title=slug.capitalize(), order=order, moments=moments, added_at=None)
    articles.question("heat", question="Heat or cold?", order=1, added_at=None)
    articles.question("sore", question="My muscles are sore?", order=2, moments=["strength"], added_at=None)


def prescribe(patient, clinician, **fields):
    bridge = catalogue.exercise("bridge", category="stability")
    return plans.published(patient, by=clinician.user, exercises=[bridge], **fields)


def test_patient_sees_first_what_their_plan_is_about(library, patient, clinician, patient_client):
    prescribe(patient, clinician)

    page = text_of(patient_client.get("/learn/"))

    assert first(patient_client) == ["strength"]
    assert questions(patient_client) == ["sore", "heat"]
    assert page.index("For you now") < page.index("Strength") < page.index('id="questions-h"') < page.index("Moving")
    assert page.count(">Strength<") == 1


def test_first_week_of_a_plan_has_a_text_of_its_own(library, patient, clinician, patient_client):
    prescribe(patient, clinician, starts_on=patient.local_day() - timedelta(days=6))

    assert first(patient_client) == ["moving", "strength"]


def test_who_has_no_plan_yet_reads_whether_it_is_safe(library, patient_client):
    assert first(patient_client) == ["signs", "moving"]


def test_in_a_flare_up_its_text_comes_first(library, patient, clinician, patient_client):
    prescribe(patient, clinician)
    patient_client.post("/today/flare/", clear_answers(age=64))

    assert first(patient_client)[0] == "bad-days"


def test_patient_who_has_to_wait_is_led_to_the_signs_and_to_no_exercise(library, patient, clinician, patient_client):
    prescribe(patient, clinician)
    checks.flagged(patient, RF02="yes")

    assert first(patient_client) == ["signs"]


def test_text_that_came_after_its_reader_is_new_for_a_month(library, patient, clinician, patient_client):
    Patient.objects.update(created_at=timezone.now() - timedelta(days=90))
    prescribe(patient, clinician)
    news = articles.article("walks", title="Walks", order=99, added_at=timezone.now() - timedelta(days=29))

    assert first(patient_client) == ["walks", "strength"]
    assert ">New<" in text_of(patient_client.get("/learn/"))

    Article.objects.filter(pk=news.pk).update(added_at=timezone.now() - timedelta(days=31))
    assert first(patient_client) == ["strength"]


def test_nothing_is_new_to_somebody_who_came_after_it(library, patient_client):
    Article.objects.update(added_at=timezone.now() - timedelta(days=1))

    assert ">New<" not in text_of(patient_client.get("/learn/"))


@pytest.mark.parametrize("who", ["client", "clinician_client", "admin_client", "nobody_client"])
def test_everybody_else_sees_all_texts_in_the_clinics_order(library, who, request):
    page = request.getfixturevalue(who).get("/learn/").context["page"]

    assert page.first == []
    assert [article.slug for article in page.articles] == ["moving", "signs", "bad-days", "stretching", "strength"]


def test_what_a_patient_sees_first_is_kept_by_nobody(library, patient_client):
    assert "no-store" in patient_client.get("/learn/")["Cache-Control"]


@pytest.mark.parametrize("lines", [1, 12])
def test_learn_asks_a_patients_plan_for_a_fixed_number_of_queries(
    library, patient, clinician, patient_client, lines, django_assert_num_queries
):
    plans.published(patient, by=clinician.user, exercises=[catalogue.exercise(f"one-{n}") for n in range(lines)])
    patient_client.get("/learn/")

    with django_assert_num_queries(5):  # the session, who it is, the plan, the articles, the questions
        patient_client.get("/learn/")


def test_search_forgives_a_slip_and_says_so(library, client):
    page = text_of(client.get("/learn/?q=streching"))

    assert "1 text found" in page
    assert "These are spelt alike." in page
    assert "/learn/stretching/" in page
    assert "/learn/signs/" not in page


def test_search_opens_the_question_that_fits_best(library, client):
    page = text_of(client.get("/learn/?q=sore+muscles"))

    assert page.count('<details class="ask-one" open>') == 1
    assert "Heat or cold?" not in page


def test_search_with_script_answers_with_what_was_found_and_says_how_much(library, client):
    response = client.get("/learn/?q=sore+muscles", headers=HTMX)

    assert text_of(response).strip().startswith('<div id="found">')
    assert "<html" not in text_of(response)
    assert "1 text found" in response["HX-Trigger"]
    assert "HX-Push-Url" not in response


def test_search_that_is_emptied_shows_everything_again(library, client):
    response = client.get("/learn/?q=+", headers=HTMX)

    assert "/learn/signs/" in text_of(response)
    assert "HX-Trigger" not in response


@pytest.mark.parametrize(
    "query", ["?q=zzzzqqq", "?q=%00", "?q=%3Cscript%3E", "?q=" + "a" * 5000, "?open=%00", "?open=x"]
)
def test_odd_requests_are_answered(library, client, query):
    response = client.get(f"/learn/{query}")

    assert response.status_code == 200
    assert "<script>alert" not in text_of(response)


def test_search_that_found_nothing_leads_on(library, client, patient_client):
    assert "Nothing found" in text_of(client.get("/learn/?q=zzzzqqq"))
    assert "Ask us" not in text_of(client.get("/learn/?q=zzzzqqq"))
    assert "Ask us" in text_of(patient_client.get("/learn/?q=zzzzqqq"))


def test_link_to_a_question_shows_it_open(db, client):
    question = articles.question()
    articles.question("other", question="Other?")

    page = text_of(client.get(question.get_absolute_url()))

    assert page.count('<details class="ask-one" open>') == 1
    assert page.index(" open>") < page.index("May I lift") < page.index('id="may-i-lift"') < page.index("Other?")


def test_answer_is_cleaned_and_shown_with_the_day_of_its_review(db, client):
    articles.question(answer="Yes.<script>alert(1)</script> **Slowly.**", reviewed_on="2026-03-02")
    articles.question("hidden", question="Half written?", is_published=False)

    page = text_of(client.get("/learn/"))

    assert "<strong>Slowly.</strong>" in page
    assert "<script>alert" not in page
    assert "Reviewed by a clinician on 2 March 2026" in page
    assert "Half written?" not in page


def test_numbers_to_call_stand_on_every_page_that_teaches(library, client, spine_ina):
    for path in ("/learn/", "/learn/strength/", "/learn/?q=zzzzqqq"):
        page = text_of(client.get(path))
        assert page.count("Nobody watches this page day and night.") == 1
        assert 'href="tel:112"' in page


def test_numbers_to_call_stand_above_the_signs_that_need_a_doctor(library, client, spine_ina):
    page = text_of(client.get("/learn/signs/"))

    assert page.count("Nobody watches this page day and night.") == 1
    assert page.index('href="tel:112"') < page.index('class="prose"')


def test_article_says_how_long_it_takes_and_when_it_was_reviewed(db, client):
    articles.article(body="word " * 330, reviewed_on="2026-03-02")
    articles.article("bare", body="word")

    assert "2 minutes to read · Reviewed by a clinician on 2 March 2026" in text_of(client.get("/learn/walking/"))
    page = text_of(client.get("/learn/bare/"))
    assert "1 minute to read" in page
    assert "Reviewed" not in page


@pytest.mark.parametrize(
    ("came_from", "url", "words"),
    [
        ("/today/flare/", "/today/flare/", "When your back flares up"),
        ("/today/?round=2", "/today/?round=2", "Today"),
        ("/today/breaks/", "/today/breaks/", "Small breaks"),
        ("/exercises/bridge/", "/exercises/bridge/", "The exercise"),
    ],
)
def test_article_leads_back_to_where_its_reader_came_from(db, client, came_from, url, words):
    articles.article()

    response = client.get("/learn/walking/", headers={"Referer": f"http://testserver{came_from}"})

    assert (response.context["back"].url, response.context["back"].words) == (url, words)
    assert f'href="{url}"' in text_of(response)


@pytest.mark.parametrize(
    "came_from",
    [
        "", "https://evil.example/today/", "http://testserver.evil.example/today/", "http://testserver/nowhere/",
        "http://testserver/accounts/login/", "javascript:alert(1)", "http://[", "//testserver/today/\x07",
    ],
)  # fmt: skip
def test_article_leads_back_to_no_other_place(db, client, came_from):
    articles.article()

    response = client.get("/learn/walking/", headers={"Referer": came_from})

    assert response.status_code == 200
    assert response.context["back"] is None or response.context["back"].url == "/today/\x07"


def test_help_leads_to_what_the_clinic_says_about_bad_days(library, patient_client):
    assert 'href="/learn/bad-days/"' in text_of(patient_client.get("/help/"))
    Article.objects.get(slug="bad-days").delete()

    assert "/learn/bad-days/" not in text_of(patient_client.get("/help/"))

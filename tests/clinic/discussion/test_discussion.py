"""Questions under articles: anybody asks, nothing appears before a moderator has seen it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from clinic.discussion.models import ReaderQuestion, State
from patients.models import AuditEvent
from tests.factories import articles
from tests.factories.enquiries import opened

ARTICLE = "/learn/walking/"
ASK = "/learn/walking/ask/"
ADMIN = "/admin/clinic/readerquestion/"


@pytest.fixture
def article(db):
    return articles.article()


def typed(**fields):
    return {"opened": opened("question"), "homepage": "", "name": "Jo", "text": "May I swim?"} | fields


def question(article, **fields) -> ReaderQuestion:
    return ReaderQuestion.objects.create(
        **{"article": article, "name": "Jo", "text": "May I swim?", "asked_at": timezone.now()} | fields
    )


def text_of(response):
    return response.content.decode()


def test_question_waits_until_a_moderator_shows_it(client, admin_client, article):
    assert client.post(ASK, typed())["Location"] == f"{ASK}?sent=1"
    assert "May I swim?" not in text_of(client.get(ARTICLE))

    made = ReaderQuestion.objects.get()
    admin_client.post(f"{ADMIN}{made.pk}/change/", {"answer": "Yes, <b>slowly</b>.", "state": "shown"})

    page = text_of(client.get(ARTICLE))
    assert "May I swim?" in page
    assert "Yes, &lt;b&gt;slowly&lt;/b&gt;." in page
    assert [event.action for event in AuditEvent.objects.filter(subject=f"reader_question:{made.pk}").order_by("pk")] == [
        "reader_question.asked", "reader_question.answered", "reader_question.shown",
    ]  # fmt: skip
    assert made.history.count() == 3


@pytest.mark.parametrize("state", [State.WAITING, State.REJECTED])
def test_what_is_not_approved_appears_nowhere(client, patient_client, article, state):
    question(article, state=state, answer="An answer.")

    for reader in (client, patient_client):
        assert "May I swim?" not in text_of(reader.get(ARTICLE))


def test_name_may_stay_empty(client, article):
    client.post(ASK, typed(name=""))

    assert ReaderQuestion.objects.get().name == ""


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("text", "", "This field is required."),
        ("text", "\u200b \n", "Please write something here."),
        ("text", "x" * 601, "at most 600 characters"),
        ("name", "cheap.com", "without web addresses"),
    ],
)
def test_mistake_is_said_and_nothing_typed_is_lost(client, article, field, value, said):
    response = client.post(ASK, typed(**{field: value}))

    assert response.status_code == 422
    assert said in text_of(response)
    assert "Jo" in text_of(response) or field == "name"
    assert ReaderQuestion.objects.count() == 0


def test_words_of_an_attacker_are_text(client, article):
    question(article, text="<script>alert(1)</script>", name="<img src=x>", state=State.SHOWN)

    page = text_of(client.get(ARTICLE))

    assert "<script>alert(1)" not in page
    assert "<img src=x>" not in page


def test_double_click_asks_once(client, article):
    data = typed()
    client.post(ASK, data)
    client.post(ASK, data)
    client.post(ASK, typed())

    assert ReaderQuestion.objects.count() == 1


def test_same_form_with_other_words_puts_the_question_right(client, article):
    data = typed()
    client.post(ASK, data)
    client.post(ASK, data | {"text": "May I swim in cold water?"})
    client.post(ASK, data | {"text": "May I swim in cold water?", "name": "Joan"})

    made = ReaderQuestion.objects.get()
    assert (made.text, made.name) == ("May I swim in cold water?", "Joan")
    assert AuditEvent.objects.filter(action="reader_question.corrected", actor="system", address="").count() == 2


@pytest.mark.parametrize("touched", [{"state": State.SHOWN}, {"state": State.REJECTED}, {"answer": "Yes."}])
def test_what_a_moderator_has_taken_up_stays_and_other_words_are_another_question(client, article, touched):
    data = typed()
    client.post(ASK, data)
    ReaderQuestion.objects.update(**touched)

    client.post(ASK, data)
    assert ReaderQuestion.objects.count() == 1
    for _ in range(2):
        client.post(ASK, data | {"text": "May I swim in cold water?"})

    assert set(ReaderQuestion.objects.values_list("text", flat=True)) == {"May I swim?", "May I swim in cold water?"}
    assert ReaderQuestion.objects.count() == 2


def test_form_of_one_article_moves_no_question_to_another(client, article):
    articles.article("sleep", title="Sleep")
    data = typed()
    client.post(ASK, data)
    client.post("/learn/sleep/ask/", data | {"text": "May I nap?"})

    assert set(ReaderQuestion.objects.values_list("article__slug", "text")) == {
        ("walking", "May I swim?"), ("sleep", "May I nap?"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "fields", [{"homepage": "x"}, {"opened": ""}, {"opened": opened("visit")}, {"text": "See http://cheap.example"}]
)
def test_program_is_held_off_and_a_person_keeps_their_words(client, article, spine_ina, fields):
    response = client.post(ASK, typed(**fields))

    assert response.status_code == 422
    assert "What you wrote is still here." in text_of(response)
    assert "+44 20 7946 0000" in text_of(response)
    assert ReaderQuestion.objects.count() == 0


@pytest.mark.parametrize("path", [ASK, "/learn/nowhere/ask/"])
def test_under_an_article_that_is_not_public_nothing_is_asked(client, article, path):
    article.is_published = False
    article.save()

    assert client.get(path).status_code == 404
    assert client.post(path, typed()).status_code == 404


def test_patient_is_shown_the_way_to_a_private_message(patient_client, article):
    assert 'href="/messages/"' in text_of(patient_client.get(ASK))


def test_article_stays_light_whatever_is_asked(client, article, spine_ina, django_assert_num_queries):
    for number in range(30):
        question(article, text=f"Number {number}?", state=State.SHOWN)
    with django_assert_num_queries(3):  # the clinic, the articles, the questions
        response = client.get(ARTICLE)

    assert response["Cache-Control"] == "private, max-age=60"
    assert not response.cookies


# --- the moderators' queue ---


def test_queue_begins_with_what_waits(admin_client, article):
    question(article, text="Waits?")
    question(article, text="Is shown?", state=State.SHOWN)

    assert "Is shown?" not in text_of(admin_client.get(ADMIN))
    assert "Is shown?" in text_of(admin_client.get(f"{ADMIN}?state=all"))


@pytest.mark.parametrize(("action", "state"), [("show", "shown"), ("reject", "rejected")])
def test_several_are_decided_at_once(admin_client, admin, article, action, state):
    keys = [question(article, text=f"Number {number}?").pk for number in range(3)]

    for _ in range(2):
        admin_client.post(ADMIN, {"action": action, "_selected_action": keys})

    assert list(ReaderQuestion.objects.values_list("state", "decided_by")) == [(state, admin.pk)] * 3
    assert AuditEvent.objects.filter(action=f"reader_question.{state}").count() == 3


def test_words_of_a_reader_cannot_be_changed(admin_client, article):
    made = question(article)

    admin_client.post(
        f"{ADMIN}{made.pk}/change/", {"text": "Other", "name": "Other", "answer": "", "state": "waiting"}
    )

    made.refresh_from_db()
    assert (made.text, made.name, made.state) == ("May I swim?", "Jo", "waiting")


@pytest.mark.parametrize("who", ["clinician_client", "patient_client", "nobody_client"])
def test_only_admins_moderate(who, request):
    assert request.getfixturevalue(who).get(ADMIN).status_code == 403


@pytest.mark.parametrize(("days", "left"), [(91, 0), (89, 1)])
def test_what_was_rejected_is_deleted_with_its_history(article, admin, days, left):
    at = timezone.now() - timedelta(days=days)
    question(article, state=State.REJECTED, decided_at=at, decided_by=admin)
    question(article, state=State.SHOWN, decided_at=at, decided_by=admin, text="Kept?")

    call_command("forget_requests", verbosity=0)

    assert ReaderQuestion.objects.filter(state=State.REJECTED).count() == left
    assert ReaderQuestion.history.filter(state=State.REJECTED).count() == left
    assert ReaderQuestion.objects.filter(text="Kept?").exists()

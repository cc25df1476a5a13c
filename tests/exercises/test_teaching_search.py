"""Finding an answer with the words that a patient types."""

import pytest

from exercises.content.articles import load_articles, load_questions
from exercises.models import Article, Question
from exercises.teaching_search import find_texts
from tests.factories.catalogue import vouch_for_everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts():
    load_articles()
    load_questions()
    vouch_for_everything()
    return [*Article.objects.published(), *Question.objects.published()]


def found(texts, asked):
    return [texts[place].slug for place in find_texts(texts, asked).places]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("May I drive?", "driving"),
        ("can i drive with back pain", "driving"),
        ("How long does it take until I feel better", "how-long"),
        ("streching", "stretching"),
        ("sleep", "sleep"),
        ("my muscles are sore", "sore-muscles"),
        ("xray or scan", "scan"),
        ("numb between my legs", "see-a-doctor-first"),
        ("cannot pass water", "see-a-doctor-first"),
        ("slipped disk", "disc"),
        ("painkillers", "painkillers"),
        ("bed rest", "bed-rest"),
        ("gardening", "sport"),
        ("warm up", "warm-up-and-cool-down"),
    ],
)
def test_words_of_a_patient_find_the_text_that_answers(texts, asked, answer):
    assert answer in found(texts, asked)[:3]


def test_slip_of_the_finger_is_said_to_be_a_guess(texts):
    assert find_texts(texts, "streching").is_guess
    assert not find_texts(texts, "stretching").is_guess


def test_where_no_text_has_all_words_those_with_most_come():
    articles = [Article(title="Sleep", summary="", body="pillow"), Article(title="Sitting", summary="", body="chair")]

    some = find_texts(articles, "pillow sleep bicycle")

    assert (some.places, some.is_part) == ([0], True)


@pytest.mark.parametrize("asked", ["zzzzqqq", "?", "🙂"])
def test_words_that_nobody_wrote_find_nothing_and_break_nothing(texts, asked):
    assert find_texts(texts, asked).places == []


def test_search_in_no_texts():
    assert find_texts([], "sleep").places == []

"""Literal articles and questions for tests."""

from exercises.models import Article, Question
from tests.factories.catalogue import VOUCHED_FOR


def article(slug: str = "walking", **fields) -> Article:
    values = {
        "title": "Why walking helps",
        "summary": "A short walk, most days.",
        "body": "Start small.\n\n## How\n\nWalk to the corner.",
        "order": 10,
        "review_by": VOUCHED_FOR,
    } | fields
    return Article.objects.create(slug=slug, **values)


def question(slug: str = "may-i-lift", **fields) -> Question:
    values = {
        "question": "May I lift my grandchild?",
        "answer": "Yes, once it is easy.\n\nStart with a **bag** of shopping.",
        "order": 10,
        "review_by": VOUCHED_FOR,
    } | fields
    return Question.objects.create(slug=slug, **values)

"""Literal articles for tests."""

from exercises.models import Article


def article(slug: str = "walking", **fields) -> Article:
    values = {
        "title": "Why walking helps",
        "summary": "A short walk, most days.",
        "body": "Start small.\n\n## How\n\nWalk to the corner.",
        "order": 10,
    } | fields
    return Article.objects.create(slug=slug, **values)

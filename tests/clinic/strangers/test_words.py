"""What strangers read before and after they write is easy to read."""

import re
from html import unescape

import pytest
import textstat

from tests.factories import articles


def sentences(response):
    """The words of the page's own part, a line for each block."""
    main = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL).group(0)
    blocks = re.findall(r"<(?:p|li|h1|h2|strong|label)\b[^>]*>(.*?)</(?:p|li|h1|h2|strong|label)>", main, re.DOTALL)
    words = [" ".join(unescape(re.sub(r"<[^>]+>", " ", block)).split()).rstrip(".:") for block in blocks]
    return ". ".join(word for word in words if word) + "."


@pytest.mark.parametrize(
    "path",
    [
        "/ask-for-a-visit/",
        "/ask-for-a-visit/thanks/",
        "/newsletter/",
        "/newsletter/thanks/",
        f"/newsletter/confirm/{'x' * 32}/",
        "/learn/walking/ask/",
        "/learn/walking/ask/?sent=1",
    ],
)
def test_words_are_for_everybody(client, spine_ina, path):
    articles.article()

    words = sentences(client.get(path))

    assert textstat.flesch_kincaid_grade(words) <= 6, words

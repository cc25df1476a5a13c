"""The texts that pages offer: kept for a while, and never behind an edit of this process."""

import pytest

from exercises import teaching
from exercises.lists import Moment
from exercises.models import Article
from exercises.teaching import read_at, reads
from tests.factories import articles

pytestmark = pytest.mark.django_db


def titles():
    return [read.title for read in reads()]


def test_published_texts_that_matter_somewhere_are_kept_in_the_clinics_order():
    articles.question("ask", question="May I lift?", order=1, moments=["lifting"])
    articles.article("second", title="Second", order=20, moments=["flare"])
    articles.article("first", title="First", order=10, moments=["flare"])
    articles.article("nowhere", title="Nowhere")
    articles.article("hidden", title="Hidden", moments=["flare"], is_published=False)

    assert titles() == ["First", "Second", "May I lift?"]


def test_texts_are_read_once(django_assert_num_queries):
    articles.article(moments=["flare"])

    with django_assert_num_queries(1):
        reads()
        reads()


def test_edit_is_seen_at_once():
    read = articles.article(moments=["flare"])
    assert titles() == ["Why walking helps"]

    read.title = "Why walks help"
    read.save()
    assert titles() == ["Why walks help"]

    read.delete()
    assert titles() == []


def test_edit_of_another_process_is_seen_within_a_minute(monkeypatch):
    articles.article(moments=["flare"])
    monkeypatch.setattr(teaching, "monotonic", lambda: 1000.0)
    reads()
    Article.objects.update(title="Edited elsewhere")

    monkeypatch.setattr(teaching, "monotonic", lambda: 1059.0)
    assert titles() == ["Why walking helps"]
    monkeypatch.setattr(teaching, "monotonic", lambda: 1061.0)
    assert titles() == ["Edited elsewhere"]


def test_one_text_is_offered_at_a_moment_or_none():
    articles.article(moments=["flare"], body="word " * 320)
    articles.question(moments=["breaks"])

    flare, breaks = read_at(Moment.FLARE), read_at(Moment.BREAKS)

    assert (flare.url, flare.minutes) == ("/learn/walking/", 2)
    assert (breaks.url, breaks.minutes) == ("/learn/?open=may-i-lift#may-i-lift", 0)
    assert read_at(Moment.COOL) is None

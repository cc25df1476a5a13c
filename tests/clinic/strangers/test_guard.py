"""The pure rules that tell a person from a program, and what attacks them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from clinic.strangers.guard import SALT, links_in, read, same_words, stamped

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)


def test_token_says_when_its_form_was_opened_and_names_it():
    first, second = (read(stamped("visit", NOW), "visit", NOW) for _ in range(2))

    assert first.opened_at == NOW
    assert first.key != second.key


def test_token_is_of_one_kind_of_form():
    assert read(stamped("newsletter", NOW), "visit", NOW) is None


def test_token_runs_out_after_half_a_day():
    token = stamped("visit", NOW)

    assert read(token, "visit", NOW + timedelta(hours=12))
    assert read(token, "visit", NOW + timedelta(hours=12, seconds=1)) is None


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\ud800", "👩‍👩‍👧‍👦", "9" * 5000])
def test_token_that_is_not_ours_is_none(token):
    assert read(token, "visit", NOW) is None


def test_token_that_was_changed_or_signed_for_something_else_is_none():
    said, _, rest = stamped("visit", NOW).partition(":")
    other = signing.dumps({"kind": "visit", "key": "0" * 32, "at": 0}, salt="another")

    assert read(f"{said[:-2]}AA:{rest}", "visit", NOW) is None
    assert read(other, "visit", NOW) is None
    assert SALT not in said


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("My back hurts since 3.5 weeks. I sit a lot.", 0),
        ("Dr. Smith said e.g. rest.Then it got worse", 0),
        ("See https://cheap.example/pills", 1),
        ("WWW.cheap-pills.COM now", 2),
        ("[url=x]buy[/url] <a href=x>", 3),
        ("go to cheap-pills.top", 1),
    ],
)
def test_links_are_counted_however_they_are_written(text, count):
    assert links_in(text) == count


def test_same_words_are_the_same_whatever_their_case_and_signs():
    text = "It hurts low in my back, and down to my left knee, and I cannot sleep at night."

    assert same_words(text) == same_words(text.upper().replace(",", " ...  "))
    assert same_words(text) != same_words(text + " Help!")


def test_short_words_are_alike_by_chance():
    assert same_words("Lower back pain.") == ""


@given(st.text(max_size=300))
def test_no_text_breaks_a_rule(text):
    assert links_in(text) >= 0
    assert same_words(text) in ("", same_words(text))
    assert read(text, "visit", NOW) is None

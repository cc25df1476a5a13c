"""The starter articles and questions: loaded without touching an admin's edits, readable by an eleven-year-old, clean."""

import re
from html import unescape
from importlib import import_module

import pytest
import textstat
from django.apps import apps

from exercises.content.articles import FOLDER, QUESTIONS, article_html, load_articles, load_questions
from exercises.content.load import digest
from exercises.lists import Moment
from exercises.models import Article, Question

SLUGS = sorted(path.stem for path in FOLDER.glob("*.md"))
ASKED = sorted(path.stem for path in QUESTIONS.glob("*.md"))
THEMES = {
    "keep-moving", "bed-rest", "posture-and-strength", "stretching", "flare-ups", "sitting-breaks",
    "warm-up-and-cool-down", "see-a-doctor-first", "pain-scores",
}  # fmt: skip


@pytest.fixture
def loaded(db):
    load_articles()
    load_questions()
    return {text.slug: text for model in (Article, Question) for text in model.objects.all()}


def html_of(text):
    return article_html(text.words[-1])


def sentences(html):
    """The words of an article, each heading, line of a list and cell of a table a sentence of its own."""
    text = re.sub(r"</(h2|h3|p|li|td|th)>", ". ", html)
    return re.sub(r"([.:?!])\s*\.", r"\1", unescape(re.sub(r"<[^>]+>", "", text)))


def test_articles_cover_the_themes_that_patients_ask_for():
    assert set(SLUGS) >= THEMES


def test_one_name_is_one_text(loaded):
    """`load_catalogue --overwrite` takes the name alone."""
    assert set(SLUGS) & set(ASKED) == set()
    assert len(ASKED) >= 16


@pytest.mark.parametrize("slug", SLUGS + ASKED)
def test_text_can_be_read_at_eleven(loaded, slug):
    title, summary, _ = loaded[slug].words

    assert textstat.flesch_kincaid_grade(sentences(html_of(loaded[slug]))) <= 6
    assert textstat.flesch_kincaid_grade(f"{title}. {summary}") <= 6


@pytest.mark.parametrize("moment", Moment)
def test_there_is_a_text_wherever_one_may_matter(loaded, moment):
    assert [text.slug for text in loaded.values() if moment in text.moments] != []


@pytest.mark.parametrize("slug", SLUGS + ASKED)
def test_places_of_a_text_are_known(loaded, slug):
    loaded[slug].full_clean()


@pytest.mark.parametrize(
    "sign",
    [
        "pass water",
        "numb around your bottom",
        "Both legs",
        "weak fast",
        "hard fall",
        "fever",
        "tearing pain",
        "chest",
    ],
)
def test_signs_of_an_emergency_stand_under_go_at_once(loaded, sign):
    at_once = loaded["see-a-doctor-first"].body.split("## Go at once")[1].split("\n## ")[0]

    assert sign in at_once


@pytest.mark.parametrize("slug", SLUGS + ASKED)
def test_text_promises_no_cure(loaded, slug):
    words = sentences(html_of(loaded[slug])).lower()

    assert [word for word in ("cure", "guarantee", "will heal", "pain-free", "always works") if word in words] == []


@pytest.mark.parametrize("slug", SLUGS + ASKED)
def test_links_of_a_text_lead_to_another_one(loaded, slug):
    links = re.findall(r'href="([^"]+)"', html_of(loaded[slug]))

    assert [link for link in links if link not in {text.get_absolute_url() for text in loaded.values()}] == []


@pytest.mark.parametrize("slug", SLUGS + ASKED)
def test_starter_text_loses_nothing_to_the_cleaner(loaded, slug):
    assert "&lt;" not in html_of(loaded[slug])


def test_loading_twice_changes_nothing(loaded):
    outcome = load_articles()

    assert str(outcome) == f"{len(SLUGS)} unchanged"
    assert Article.history.count() == len(SLUGS)
    assert str(load_questions()) == f"{len(ASKED)} unchanged"


def test_article_edited_by_an_admin_is_left_alone(loaded):
    loaded["bed-rest"].body = "Our own words."
    loaded["bed-rest"].save()

    outcome = load_articles()

    assert outcome.edited_here == ["bed-rest"]
    assert Article.objects.get(slug="bed-rest").body == "Our own words."


def test_edited_article_gives_way_to_its_file_when_asked_to(loaded):
    written = loaded["bed-rest"].body
    loaded["bed-rest"].body = "Our own words."
    loaded["bed-rest"].save()

    outcome = load_articles(overwrite=["bed-rest"])

    assert outcome.updated == ["bed-rest"]
    assert Article.objects.get(slug="bed-rest").body == written


def test_untouched_article_follows_its_file(loaded, tmp_path, monkeypatch):
    (tmp_path / "bed-rest.md").write_text("title: New\nsummary: Newer\norder: 5\n---\nNewest.\n")
    monkeypatch.setattr("exercises.content.articles.FOLDER", tmp_path)

    outcome = load_articles()

    article = Article.objects.get(slug="bed-rest")
    assert str(outcome) == "1 updated"
    assert (article.title, article.summary, article.order, article.body) == ("New", "Newer", 5, "Newest.")
    assert article.moments == []


def test_question_edited_by_an_admin_is_left_alone(loaded):
    loaded["driving"].answer = "Ask us."
    loaded["driving"].save()

    outcome = load_questions()

    assert outcome.edited_here == ["driving"]


give_places = import_module("exercises.migrations.0005_where_articles_matter").give_places


def as_before_the_upgrade(article, **edited):
    """What the loader wrote and noted when a text had no places; then, maybe, an admin's edit."""
    words = {name: getattr(article, name) for name in ("title", "summary", "order", "body")}
    Article.objects.filter(pk=article.pk).update(moments=[], loaded_hash=digest(words), **edited)


def test_upgrade_gives_places_to_every_starter_text_and_keeps_who_follows_its_file(loaded):
    as_before_the_upgrade(loaded["bed-rest"])
    as_before_the_upgrade(loaded["flare-ups"], body="Our own words.")

    give_places(apps, None)

    assert Article.objects.get(slug="bed-rest").moments == ["rest-day"]
    assert Article.objects.get(slug="flare-ups").moments == ["flare"]
    outcome = load_articles()
    assert outcome.edited_here + outcome.left_alone == ["flare-ups"]
    assert Article.objects.get(slug="flare-ups").body == "Our own words."


def test_upgrade_knows_where_each_starter_article_matters(loaded):
    Article.objects.update(moments=[])

    give_places(apps, None)

    assert {article.slug: article.moments for article in Article.objects.all()} == {
        slug: loaded[slug].moments for slug in SLUGS
    }


def test_article_hidden_by_an_admin_stays_hidden(loaded):
    Article.objects.filter(slug="bed-rest").update(is_published=False)

    load_articles()

    assert not Article.objects.get(slug="bed-rest").is_published


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[click](javascript:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "[click](vbscript:x)",
        "[click](//evil.example)",
        "![x](https://evil.example/track.png)",
        '<a href="/" hx-get="/today/" onclick="x()" style="color:red" id="live">x</a>',
        '<div data-hx-post="/x" class="fixed">x</div>',
        "<iframe src=https://evil.example></iframe>",
        "<style>body{display:none}</style>",
        '[x](https://ok.example "title" onmouseover=alert(1))',
    ],
)
def test_hostile_markdown_is_cleaned(hostile):
    html = article_html(hostile)

    tags = re.findall(r"<[^>]+>", html)
    assert [tag for tag in tags if re.search(r"script|iframe|style|img|evil|hx-|\son|class|\sid=|data:", tag)] == []


@pytest.mark.parametrize("address", ["https://example.org/", "mailto:a@example.org", "tel:112", "/learn/bed-rest/"])
def test_honest_link_is_kept(address):
    assert f'href="{address}"' in article_html(f"[read on]({address})")


def test_own_title_of_an_article_stands_below_the_pages(db):
    assert article_html("# Title") == "<h2>Title</h2>\n"

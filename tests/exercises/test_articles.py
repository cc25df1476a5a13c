"""The starter articles: loaded without touching an admin's edits, readable by an eleven-year-old, clean."""

import re
from html import unescape

import pytest
import textstat

from exercises.content.articles import FOLDER, article_html, load_articles
from exercises.models import Article

SLUGS = sorted(path.stem for path in FOLDER.glob("*.md"))
THEMES = {
    "keep-moving", "bed-rest", "posture-and-strength", "stretching", "flare-ups", "sitting-breaks",
    "warm-up-and-cool-down", "see-a-doctor-first", "pain-scores",
}  # fmt: skip


@pytest.fixture
def loaded(db):
    load_articles()
    return {article.slug: article for article in Article.objects.all()}


def sentences(html):
    """The words of an article, each heading, line of a list and cell of a table a sentence of its own."""
    text = re.sub(r"</(h2|h3|p|li|td|th)>", ". ", html)
    return re.sub(r"([.:?!])\s*\.", r"\1", unescape(re.sub(r"<[^>]+>", "", text)))


def test_articles_cover_the_themes_that_patients_ask_for():
    assert set(SLUGS) >= THEMES


@pytest.mark.parametrize("slug", SLUGS)
def test_article_can_be_read_at_eleven(loaded, slug):
    article = loaded[slug]

    assert textstat.flesch_kincaid_grade(sentences(article_html(article.body))) <= 6
    assert textstat.flesch_kincaid_grade(f"{article.title}. {article.summary}") <= 6


@pytest.mark.parametrize("slug", SLUGS)
def test_article_promises_no_cure(loaded, slug):
    words = sentences(article_html(loaded[slug].body)).lower()

    assert [word for word in ("cure", "guarantee", "will heal", "pain-free", "always works") if word in words] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_links_of_an_article_lead_to_another_article(loaded, slug):
    links = re.findall(r'href="([^"]+)"', article_html(loaded[slug].body))

    assert [link for link in links if link not in {article.get_absolute_url() for article in loaded.values()}] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_starter_text_loses_nothing_to_the_cleaner(loaded, slug):
    assert "&lt;" not in article_html(loaded[slug].body)


def test_loading_twice_changes_nothing(loaded):
    outcome = load_articles()

    assert str(outcome) == f"{len(SLUGS)} unchanged"
    assert Article.history.count() == len(SLUGS)


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

"""What pages are dressed with."""

import re
from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from exercises.models import Category, Position
from exercises.templatetags.look import _icons, device, figure, icon, nav, spine


def test_every_icon_is_drawn_in_the_pages_own_markup():
    assert icon("check").startswith('<svg class="ic"')
    assert [name for name, drawing in _icons().items() if "aria-hidden" not in drawing or "<use" in drawing] == []


def test_icon_that_nobody_drew_is_an_error():
    with pytest.raises(KeyError):
        icon("unicorn")


@pytest.mark.parametrize("position", Position.values)
@pytest.mark.parametrize("category", ["stretch", "strength"])
def test_exercise_without_a_picture_names_position_and_kind(position, category):
    card = figure(SimpleNamespace(position=position, category=category, picture=None))

    assert str(Category(category).label) in card
    assert "<b></b>" not in card
    assert "<img" not in card
    assert card.count("<rect") == 5


def test_exercise_with_a_picture_shows_it_with_its_words():
    picture = SimpleNamespace(url='/media/a"b.webp')
    shown = figure(
        SimpleNamespace(position="supine", category="stretch", picture=picture, picture_alt="Knees <to> chest")
    )

    assert shown == ('<img class="fig" src="/media/a&quot;b.webp" alt="Knees &lt;to&gt; chest" loading="lazy">')


def test_spine_has_one_bead_an_exercise_and_says_how_many_are_done():
    beads = spine(["done", "done", "now", "todo"])

    assert re.findall(r'class="v (\w+)"', beads) == ["done", "done", "now", "todo"]
    assert 'aria-label="2 of 4 exercises done"' in beads
    assert beads.count("tick") == 2


@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_spine_keeps_every_bead_on_its_field(count):
    beads = spine(["todo"] * count)

    places = [int(x) for x in re.findall(r"translate\((\d+) ", beads)]
    assert len(places) == count
    assert min(places) >= 22
    assert max(places) <= 318
    assert len(set(places)) == count


def test_spine_of_nothing_is_nothing():
    assert spine([]) == ""


@pytest.mark.parametrize(
    ("path", "current"), [("/learn/", "learn"), ("/learn/bed-rest/", "learn"), ("/", "home"), ("/outbox/", "home")]
)
def test_navigation_marks_the_nearest_page_above(path, current):
    items = nav({"request": RequestFactory().get(path)}, home="Home", learn="Learn")

    assert [item.name for item in items if item.is_current] == [current]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0 Mobile Safari/537.36", "Chrome on an Android phone or tablet"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("curl/8", "A browser on an unknown device"),
    ],
)  # fmt: skip
def test_device_is_named_as_its_owner_would(agent, words):
    assert device(agent) == words

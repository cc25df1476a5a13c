"""Figures on pages: drawn once, named for the reader, and never in the way of a page."""

from types import SimpleNamespace
from xml.etree.ElementTree import fromstring

import pytest
from django.test import RequestFactory

from exercises import drawings
from exercises.content.load import HERE
from exercises.figures.paint import colours, painted
from exercises.templatetags.figures import moving_figure
from exercises.templatetags.look import figure
from tests.factories import catalogue

BRIDGE = (HERE / "poses" / "bridge.pose").read_text()
CLAMSHELL = (HERE / "poses" / "clamshell.pose").read_text()


def exercise(**values):
    usual = {"name": "Bridge", "plain_name": "Hips <up>", "position": "supine", "category": "strength", "side": "none",
             "steps": ["Push.", "Lift."], "pose": BRIDGE, "picture": None, "picture_alt": ""}  # fmt: skip
    return SimpleNamespace(**usual | values)


def on_page(of, query=""):
    return moving_figure({"request": RequestFactory().get(f"/exercises/x/{query}")}, of)


def test_list_shows_a_small_figure_that_a_screen_reader_passes_over():
    shown = figure(exercise())

    assert shown.startswith("<svg") and 'aria-hidden="true"' in shown
    assert "<title" not in shown and "role=" not in shown and "id=" not in shown


@pytest.mark.parametrize("pose", ["", "  ", "wobble", "pose\nleg.R", "\x00"])
def test_pose_that_cannot_be_drawn_leaves_the_card(pose):
    assert "figcard" in figure(exercise(pose=pose))
    assert "figcard" in on_page(exercise(pose=pose, side="each"))


def test_uploaded_picture_goes_before_the_figure():
    picture = SimpleNamespace(url="/media/a.webp")

    assert figure(exercise(picture=picture)).startswith("<img")
    assert on_page(exercise(picture=picture)).startswith("<img")


def test_page_shows_the_loop_its_key_poses_and_says_the_movement_in_words():
    shown = on_page(exercise())

    assert shown.count("<svg") == 4  # the loop, its poses, and the two icons of the button
    assert '<title id="figure-move-t">Hips &lt;up&gt;</title>' in shown
    assert shown.count("Push. Lift.</desc>") == 2
    assert "fig-side" not in shown


def test_exercise_for_each_side_names_the_side_and_offers_the_other():
    own = on_page(exercise(pose=CLAMSHELL, side="each"))
    other = on_page(exercise(pose=CLAMSHELL, side="each"), "?side=right&day=1")

    assert "Left side shown" in own and 'href="?side=right"' in own
    assert "Right side shown" in other and 'href="?side=left&amp;day=1"' in other
    assert own.split("<desc")[1].split("scale(")[1] != other.split("<desc")[1].split("scale(")[1]


def test_side_that_nobody_offers_is_passed_over():
    assert "Left side shown" in on_page(exercise(pose=CLAMSHELL, side="each"), "?side=%00up")


def test_figure_is_drawn_once(monkeypatch):
    drawings._drawn.cache_clear()
    on_page(exercise())
    monkeypatch.setattr(drawings, "render", None)

    assert on_page(exercise(plain_name="Another")).count("Another</title>") == 2


def test_colours_come_along_as_attributes_the_stronger_rule_last():
    rules = colours(".fig .s { fill: var(--x, #abc); } .fig .s.f { fill: red } .fig .o { stroke: none; }")

    assert painted('<svg class="fig"><path class="s f" d=""/>', rules) == '<svg class="fig"><path fill="red" d=""/>'
    assert painted('<path class="s"/>', rules) == '<path fill="var(--x, #abc)"/>'


@pytest.mark.django_db
def test_file_for_paper_stands_alone(client):
    catalogue.exercise("bridge", pose=BRIDGE)

    response = client.get("/exercises/bridge/figure.svg")

    text = response.content.decode()
    assert fromstring(text).tag.endswith("svg")  # noqa: S314 - our own output
    assert "class=" not in text.replace('class="n"', "") and "var(" not in text and "<style" not in text
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == 'inline; filename="bridge.svg"'


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{"pose": ""}, {"pose": BRIDGE, "clinician_only": True}])
def test_file_of_what_is_not_there_is_not_found(client, values):
    catalogue.exercise("bridge", **values)

    assert client.get("/exercises/bridge/figure.svg").status_code == 404
    assert client.post("/exercises/bridge/figure.svg").status_code == 405

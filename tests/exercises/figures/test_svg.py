"""What a page gets: small, safe, valid and the same every time."""

import gzip
from xml.etree.ElementTree import Element, fromstring

import pytest

from exercises.figures import render
from exercises.figures.pictures import MOVE_BYTES, STILL_BYTES, filmed, moving, posed, scene
from tests.exercises.figures.conftest import POSES

KINDS = ("move", "still", "thumb")
DESC = "Lying on the back with knees bent, the hips lift until knees, hips and shoulders are in line, then sink again slowly."
SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "g", "path", "circle", "text", "animate", "animateTransform"}


def drawn(text, kind, **extra):
    return render(text, kind, title="Half-kneeling hip flexor stretch", desc=DESC, prefix="fig-123", **extra)


def parsed(svg: str) -> Element:
    return fromstring(svg)  # noqa: S314 - our own output


def test_figure_stays_in_its_byte_budget(pose_text):
    move, still, thumb = (drawn(pose_text, kind).encode() for kind in KINDS)
    assert len(move) <= MOVE_BYTES
    assert max(len(still), len(thumb)) <= STILL_BYTES
    assert len(gzip.compress(move, 9)) <= 2048


def test_figure_is_valid_xml_of_harmless_elements(pose_text):
    elements = [element for kind in KINDS for element in parsed(drawn(pose_text, kind)).iter()]
    assert {element.tag.removeprefix(SVG) for element in elements} <= ELEMENTS
    attributes = {name for element in elements for name in element.attrib}
    assert not {a for a in attributes if a.startswith("on") or a in ("style", "href")}


def test_ids_carry_the_prefix_of_their_use(pose_text):
    root = parsed(drawn(pose_text, "move"))
    assert [e.attrib["id"] for e in root.iter() if "id" in e.attrib] == ["fig-123-t", "fig-123-d"]
    assert root.attrib["aria-labelledby"] == "fig-123-t fig-123-d"
    assert root.attrib["role"] == "img"


def test_title_and_description_are_escaped():
    svg = render("pose\n", "thumb", title="<script>alert(1)</script> & more", desc='"quoted" <b>', prefix='x"y')
    root = parsed(svg)
    assert root.find(f"{SVG}title").text == "<script>alert(1)</script> & more"
    assert "<script" not in svg


def test_moving_figure_moves_and_stills_do_not(pose_text):
    assert ("<animate" in drawn(pose_text, "move")) != posed(pose_text).still
    assert "<animate" not in drawn(pose_text, "still")
    assert "<animate" not in drawn(pose_text, "thumb")


def test_stills_are_numbered(pose_text):
    root = parsed(drawn(pose_text, "still"))
    assert [t.text for t in root.iter(f"{SVG}text")] == ([] if posed(pose_text).still else ["1", "2"])


def test_working_muscles_arrows_and_spine_are_drawn(pose_text):
    figure = posed(pose_text).figure
    thumb = drawn(pose_text, "thumb")
    assert ('class="m"' in thumb) == bool(figure.muscles)
    assert ('class="ah"' in thumb) == bool(figure.arrows)
    assert 'class="v"' in thumb


@pytest.mark.parametrize("slug", ["bridge", "bird-dog", "swimming", "goblet-squat"])
def test_same_text_gives_the_same_bytes(slug):
    text = (POSES / f"{slug}.pose").read_text()
    first = drawn(text, "move")
    filmed.cache_clear()
    posed.cache_clear()
    assert drawn(text, "move") == first


def test_values_of_one_loop_share_one_duration_and_count(pose_text):
    root = parsed(drawn(pose_text, "move"))
    moving = [e for e in root.iter() if e.tag.startswith(f"{SVG}animate")]
    assert len({(e.attrib["dur"], e.attrib["repeatCount"]) for e in moving}) == (not posed(pose_text).still)
    for element in moving:
        values = element.attrib["values"].split(";")
        # A part that went right round ends turned over: its turn and its place, with the other sign, are the same picture.
        assert values[0].lstrip("-") == values[-1].lstrip("-") or element.attrib.get("type") == "rotate"
        if "keyTimes" in element.attrib:
            times = [float(t) for t in element.attrib["keyTimes"].split(";")]
            assert times == sorted(times)
            assert (times[0], times[-1], len(times)) == (0, 1, len(values))
            assert len(element.attrib["keySplines"].split(";")) == len(values) - 1


def test_everything_fits_in_the_picture(pose_text):
    from exercises.figures import svg

    film, _ = filmed(pose_text)
    box = svg.bounds(scene(film), range(len(film.frames)))
    assert box[2] - box[0] < 1400
    assert moving(pose_text).startswith("<g transform=")

"""A figure's key poses on a PDF page, as lines and areas: what `exercises.drawings.standalone` writes as SVG, and no
more of SVG than that."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element, fromstring

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from exercises.drawings import standalone
from exercises.figures.svg import HEIGHT, WIDTH

TRANSFORM = re.compile(r"(translate|scale)\(([^)]*)\)")
STEP = re.compile(r"([MLlhvcsqzZ])([^MLlhvcsqzZ]*)")
NUMBER = re.compile(r"-?\d*\.?\d+")
TAKES = {"M": 2, "L": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4}

Numbers = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A path of absolute steps, or a disc; with the moves and scalings around it, and its paint."""

    around: tuple[tuple[str, Numbers], ...]
    steps: tuple[tuple[str, Numbers], ...]
    paint: tuple[tuple[str, str], ...]


@lru_cache(maxsize=256)
def shapes(pose: str) -> tuple[Shape, ...]:
    """Empty where the pose text cannot be drawn."""
    svg = standalone(pose, title="", desc="")
    return tuple(_shapes(fromstring(svg), ())) if svg else ()  # noqa: S314 - written by our own figures


def _shapes(node: Element, around: tuple[tuple[str, Numbers], ...]) -> Iterator[Shape]:
    tag, given = node.tag.rpartition("}")[2], dict(node.attrib)
    if tag == "g":
        moves = [(kind, _numbers(value)) for kind, value in TRANSFORM.findall(given.get("transform", ""))]
        around = (*around, *moves)
    elif tag == "path":
        yield Shape(around, tuple(_absolute(given.pop("d"))), tuple(given.items()))
    elif tag == "circle":
        place = tuple(float(given.pop(name, 0)) for name in ("cx", "cy", "r"))
        yield Shape(around, (("disc", place),), tuple(given.items()))
    elif tag == "text":
        place = (float(given.pop("x")), float(given.pop("y")))
        yield Shape(around, (("text", place),), (*given.items(), ("says", node.text or "")))
    for child in node:
        yield from _shapes(child, around)


def _numbers(text: str) -> Numbers:
    return tuple(map(float, NUMBER.findall(text)))


def _absolute(data: str) -> Iterator[tuple[str, Numbers]]:
    """Steps as PDF knows them: to a point, along a cubic, closed."""
    x = y = start_x = start_y = 0.0
    bend: tuple[float, float] | None = None  # the last control point of a cubic, which `s` mirrors
    for letter, text in STEP.findall(data):
        if letter in "zZ":
            yield "close", ()
            x, y, bend = start_x, start_y, None
            continue
        given, size = _numbers(text), TAKES[letter]
        for n in range(0, len(given), size):
            v = given[n : n + size]
            if letter == "M":
                x, y = v
                start_x, start_y, bend = x, y, None
                yield "move", (x, y)
            elif letter in "Llhv":
                dx, dy = {"h": (*v, 0.0), "v": (0.0, *v)}.get(letter, v)
                x, y = (dx, dy) if letter == "L" else (x + dx, y + dy)
                bend = None
                yield "line", (x, y)
            else:
                curve = _cubic(letter, v, x, y, bend)
                bend, (x, y) = (curve[2], curve[3]), curve[4:]
                if letter == "q":
                    bend = None
                yield "curve", curve


def _cubic(letter: str, v: Numbers, x: float, y: float, bend: tuple[float, float] | None) -> Numbers:
    if letter == "c":
        return (x + v[0], y + v[1], x + v[2], y + v[3], x + v[4], y + v[5])
    if letter == "s":
        first = (2 * x - bend[0], 2 * y - bend[1]) if bend else (x, y)
        return (*first, x + v[0], y + v[1], x + v[2], y + v[3])
    middle, end = (x + v[0], y + v[1]), (x + v[2], y + v[3])
    return (
        x + 2 / 3 * (middle[0] - x), y + 2 / 3 * (middle[1] - y),
        end[0] + 2 / 3 * (middle[0] - end[0]), end[1] + 2 / 3 * (middle[1] - end[1]),
        *end,
    )  # fmt: skip


def height_for(width: float) -> float:
    return width * HEIGHT / WIDTH


def draw(canvas: Canvas, pose: str, width: float, font: str) -> None:
    """From the canvas's origin, the lower left corner, up and to the right."""
    canvas.saveState()
    size = width / WIDTH
    canvas.transform(size, 0, 0, -size, 0, height_for(width))
    for shape in shapes(pose):
        canvas.saveState()
        for kind, values in shape.around:
            # One number scales both ways.
            getattr(canvas, kind)(values[0], values[-1])
        _paint(canvas, shape, dict(shape.paint), font)
        canvas.restoreState()
    canvas.restoreState()


def _paint(canvas: Canvas, shape: Shape, paint: dict[str, str], font: str) -> None:
    kind, place = shape.steps[0]
    fill = _colour(paint.get("fill", "#000"), paint.get("fill-opacity"))
    stroke = _colour(paint.get("stroke", "none"), paint.get("stroke-opacity"))
    if kind == "text":
        canvas.scale(1, -1)
        canvas.setFillColor(fill)
        canvas.setFont(font, 26)
        canvas.drawString(place[0], -place[1], paint["says"])
        return
    if stroke:
        canvas.setStrokeColor(stroke)
        canvas.setLineWidth(float(paint.get("stroke-width", 1)))
        canvas.setLineCap(1 if paint.get("stroke-linecap") == "round" else 0)
        canvas.setLineJoin(1 if paint.get("stroke-linejoin") == "round" else 0)
        if dashes := paint.get("stroke-dasharray"):
            canvas.setDash(list(_numbers(dashes)))
        _put(canvas, shape, stroke=1, fill=0)
    if fill:
        # After the edge, as `paint-order: stroke` has it.
        canvas.setFillColor(fill)
        _put(canvas, shape, stroke=0, fill=1)


def _put(canvas: Canvas, shape: Shape, *, stroke: int, fill: int) -> None:
    kind, place = shape.steps[0]
    if kind == "disc":
        canvas.circle(*place, stroke=stroke, fill=fill)
        return
    path = canvas.beginPath()
    for step, values in shape.steps:
        {"move": path.moveTo, "line": path.lineTo, "curve": path.curveTo, "close": path.close}[step](*values)
    canvas.drawPath(path, stroke=stroke, fill=fill, fillMode=1)


def _colour(text: str, opacity: str | None) -> Color | None:
    if text == "none":
        return None
    if len(text) == 4:
        text = "#" + "".join(2 * digit for digit in text[1:])
    colour = HexColor(text)
    return colour.clone(alpha=float(opacity)) if opacity else colour

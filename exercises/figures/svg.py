"""Writes a drawing as SVG: moving (SMIL, no script), or still with every place worked out.

Whole numbers and relative commands keep it small. Colours come from classes and custom properties of the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape
from itertools import pairwise

from exercises.figures.body import Path
from exercises.figures.shapes import Disc, Either, Group, Node, Outline
from exercises.figures.space import Point

WIDTH, HEIGHT, MARGIN = 640, 480, 20


def number(value: float, digits: int = 0) -> str:
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", ""):
        return "0"
    if text.startswith("0."):
        return text[1:]
    return "-" + text[2:] if text.startswith("-0.") else text


def joined(numbers: Sequence[str]) -> str:
    out = ""
    for text in numbers:
        out += text if not out or text.startswith("-") else " " + text
    return out


def path_data(path: Path, place: Callable[[Point], Point] | None = None) -> str:
    """Relative path text; each point is rounded once, so that rounding never adds up."""
    out, last = "", ""
    here = start = (0, 0)
    for command, points in path:
        if command == "Z":
            out, here, last = out + "z", start, ""
            continue
        spots = [place(p) if place else p for p in points]
        whole = [(round(x), round(y)) for x, y in spots]
        if command == "M":
            start = whole[0]
            body = joined([str(whole[0][0]), str(whole[0][1])])
        else:
            body = joined([str(v) for x, y in whole for v in (x - here[0], y - here[1])])
        letter = command if command == "M" else command.lower()
        if (
            command == "L"
            and len(whole) == 1
            and (whole[0][1] == here[1] or whole[0][0] == here[0])
            and whole[0] != here
        ):
            flat = whole[0][1] == here[1]
            letter, body = ("h", str(whole[0][0] - here[0])) if flat else ("v", str(whole[0][1] - here[1]))
        if letter == last and letter not in "Mhv":
            out += body if body.startswith("-") else " " + body
        else:
            out += letter + body
        here, last = whole[-1], letter
    return out


# ------------------------------------------------------------------------------------------------ still
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


def times(m: Matrix, kind: str, value: tuple[float, ...]) -> Matrix:
    a, b, c, d, e, f = m
    if kind == "translate":
        x, y = value
        return (a, b, c, d, e + a * x + c * y, f + b * x + d * y)
    if kind == "scale":
        return (a * value[0], b * value[0], c * value[1], d * value[1], e, f)
    cos, sin = math.cos(math.radians(value[0])), math.sin(math.radians(value[0]))
    return (a * cos + c * sin, b * cos + d * sin, c * cos - a * sin, d * cos - b * sin, e, f)


def apply(m: Matrix, p: Point) -> Point:
    return (m[0] * p[0] + m[2] * p[1] + m[4], m[1] * p[0] + m[3] * p[1] + m[5])


def placed(nodes: Sequence[Node], frame: int, m: Matrix = IDENTITY) -> list[tuple[Outline | Disc, Matrix]]:
    """Every shape of one frame with the matrix that puts it in the picture."""
    out: list[tuple[Outline | Disc, Matrix]] = []
    for node in nodes:
        if isinstance(node, Either):
            out += placed((node.turning,), frame, m)
        elif isinstance(node, Group):
            out += placed(node.children, frame, times(m, node.kind, node.values[min(frame, len(node.values) - 1)]))
        else:
            out.append((node, m))
    return out


def still(nodes: Sequence[Node], frame: int = 0) -> str:
    out = ""
    for node, m in placed(nodes, frame):
        if isinstance(node, Disc):
            x, y = apply(m, node.at)
            out += f'<circle class="{node.classes}" cx="{number(x)}" cy="{number(y)}" r="{number(node.radius * math.sqrt(abs(m[0] * m[3] - m[1] * m[2])))}"/>'
        else:
            path = node.paths[min(frame, len(node.paths) - 1)]
            out += f'<path class="{node.classes}" d="{path_data(path, lambda p, m=m: apply(m, p))}"/>'  # type: ignore[misc]
    return out


Box = tuple[float, float, float, float]


def bounds(nodes: Sequence[Node], frames: Sequence[int]) -> Box:
    xs: list[float] = []
    ys: list[float] = []
    for frame in frames:
        for node, m in placed(nodes, frame):
            if isinstance(node, Disc):
                x, y = apply(m, node.at)
                xs += [x - node.radius, x + node.radius]
                ys += [y - node.radius, y + node.radius]
            else:
                pad = 8 if node.classes in ("a", "x", "k") else 0
                for _, points in node.paths[min(frame, len(node.paths) - 1)]:
                    for p in points:
                        x, y = apply(m, p)
                        xs += [x - pad, x + pad]
                        ys += [y - pad, y + pad]
    return (min(xs), min(ys), max(xs), max(ys))


# ------------------------------------------------------------------------------------------------ moving
class Mover:
    """Writes groups and outlines whose values change over the loop."""

    def __init__(self, marks: Sequence[int], frames: int, seconds: float, linear: bool) -> None:
        self.marks, self.frames, self.linear = marks, frames, linear
        self.common = f'dur="{number(seconds, 2)}" repeatCount="999"'

    def write(self, nodes: Sequence[Node]) -> str:
        return "".join(self.node(node) for node in nodes)

    def node(self, node: Node) -> str:
        if isinstance(node, Disc):
            at = f' cx="{number(node.at[0])}" cy="{number(node.at[1])}"' if node.at != (0.0, 0.0) else ""
            return f'<circle class="{node.classes}"{at} r="{number(node.radius)}"/>'
        if isinstance(node, Either):
            return min(self.node(node.turning), self.node(node.changing), key=len)
        if isinstance(node, Outline):
            return self.outline(node)
        still: list[str] = []
        while isinstance(node, Group):
            digits = {"translate": 0, "rotate": 0 if node.coarse else 1, "scale": 2}[node.kind]
            short = node.kind == "translate" and all(abs(value[1]) < 0.5 for value in node.values)
            values = [" ".join(number(v, digits) for v in (value[:1] if short else value)) for value in node.values]
            if len(set(values)) > 1:
                break
            if values[0] not in ("0", "0 0", "1 1"):
                still.append(f"{node.kind}({values[0]})")
            if len(node.children) != 1 or not isinstance(node.children[0], Group):
                inner = self.write(node.children)
                return f'<g transform="{"".join(still)}">{inner}</g>' if still else inner
            node = node.children[0]
        assert isinstance(node, Group)
        kind = "" if node.kind == "translate" else f' type="{node.kind}"'
        moving = f'<g><animateTransform attributeName="transform"{kind} {self.common} values="{";".join(values)}"/>{self.write(node.children)}</g>'
        return f'<g transform="{"".join(still)}">{moving}</g>' if still else moving

    def outline(self, node: Outline) -> str:
        data = [path_data(p) for p in node.paths]
        if len(set(data)) == 1:
            return f'<path class="{node.classes}" d="{data[0]}"/>'
        if self.linear:
            return f'<path class="{node.classes}"><animate attributeName="d" {self.common} values="{";".join(data)}"/></path>'
        steps = self.enough(node.paths)
        last = self.frames - 1
        times = ";".join(number(frame / last, 3) for frame, _ in steps)
        splines = ";".join(spline for _, spline in steps[1:])
        return (
            f'<path class="{node.classes}"><animate attributeName="d" keyTimes="{times}" calcMode="spline" '
            f'keySplines="{splines}" {self.common} values="{";".join(data[frame] for frame, _ in steps)}"/></path>'
        )

    def enough(self, paths: Sequence[Path]) -> list[tuple[int, str]]:
        """The frames from which a browser can ease the outline: the poses, and places on a way that is not straight.

        Each spline stands with the frame it leads to.
        """
        steps = [(self.marks[0], "")]
        for a, b in pairwise(self.marks):
            stops = [a, *self.between(paths, a, b), b]
            steps += [(q, piece((p - a) / (b - a), (q - a) / (b - a))) for p, q in pairwise(stops)]
        return steps

    def between(self, paths: Sequence[Path], a: int, b: int) -> list[int]:
        """Frames to stop at on the way, so that straight ways between them stay close to the true one."""
        if b - a < 2:
            return []
        middle = (a + b) // 2
        first, last = next((p, q) for p, q in pairwise(self.marks) if p <= a and b <= q)
        at = [smooth_share((n - first) / (last - first)) for n in (a, middle, b)]
        if strays(paths[a], paths[middle], paths[b], (at[1] - at[0]) / ((at[2] - at[0]) or 1)) <= 4:
            return []
        return [*self.between(paths, a, middle), middle, *self.between(paths, middle, b)]


def smooth_share(t: float) -> float:
    return t * t * (3 - 2 * t)


def piece(start: float, end: float) -> str:
    """A part of smoothstep as a key spline: exact, because both are cubics."""
    low, high = smooth_share(start), smooth_share(end)
    rise = (high - low) or 1.0
    third = (end - start) / 3
    one, two = 6 * start * (1 - start) * third / rise, 1 - 6 * end * (1 - end) * third / rise
    return " ".join(number(min(1.0, max(0.0, v)), 2) for v in (1 / 3, one, 2 / 3, two))


def strays(a: Path, middle: Path, b: Path, share: float) -> float:
    """How far the outline on the way is from the straight mix of the two ends."""
    return max(
        (
            math.hypot(px + (rx - px) * share - qx, py + (ry - py) * share - qy)
            for (_, p), (_, q), (_, r) in zip(a, middle, b, strict=True)
            for (px, py), (qx, qy), (rx, ry) in zip(p, q, r, strict=True)
        ),
        default=0.0,
    )


# ------------------------------------------------------------------------------------------------ the document
def fitted(box: Box, width: float, height: float, most: float) -> float:
    return min(width / (box[2] - box[0]), height / (box[3] - box[1]), most)


def layer(content: str, scale: float, x: float, y: float, mirror: bool) -> str:
    if mirror:
        return f'<g transform="translate({number(x)} {number(y)})scale(-{number(scale, 2)} {number(scale, 2)})">{content}</g>'
    return f'<g transform="translate({number(x)} {number(y)})scale({number(scale, 2)})">{content}</g>'


def centred(
    content: str, box: Box, x: float, y: float, width: float, height: float, scale: float, mirror: bool
) -> str:
    cx = (box[0] + box[2]) / 2 * (-1 if mirror else 1)
    return layer(content, scale, x + width / 2 - scale * cx, y + height / 2 - scale * (box[1] + box[3]) / 2, mirror)


def document(content: str, title: str, desc: str, prefix: str) -> str:
    mark = escape(prefix + "-" if prefix else "")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="fig" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{mark}t {mark}d">'
        f'<title id="{mark}t">{escape(title)}</title><desc id="{mark}d">{escape(desc)}</desc>{content}</svg>'
    )

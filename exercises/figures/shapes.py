"""What a drawing is made of: groups that move and outlines that change, one value for each frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from exercises.figures.body import Path
from exercises.figures.space import Point, turn


@dataclass(frozen=True)
class Group:
    kind: str  # translate, rotate or scale
    values: tuple[tuple[float, ...], ...]
    children: tuple[Node, ...]
    coarse: bool = False  # whole degrees are fine enough: a small part, or one that touches nothing


@dataclass(frozen=True)
class Outline:
    classes: str
    paths: tuple[Path, ...]  # one, or one for each frame


@dataclass(frozen=True)
class Disc:
    classes: str
    radius: float
    at: Point = (0.0, 0.0)


@dataclass(frozen=True)
class Either:
    """Two ways to draw the same; the writer takes the shorter one."""

    turning: Node
    changing: Node


Node = Group | Outline | Disc | Either


def steady(values: Sequence[float], within: float) -> Sequence[float]:
    """The mean for all frames, when no frame is further from it than can be seen."""
    low, high = min(values), max(values)
    return [(low + high) / 2] * len(values) if high - low <= within else values


def moved(values: Sequence[Point], *children: Node) -> Group:
    xs, ys = steady([x for x, _ in values], 1.6), steady([y for _, y in values], 1.6)
    return Group("translate", tuple(zip(xs, ys, strict=True)), children)


def rotating(values: Sequence[float], *children: Node, coarse: bool = False) -> Group:
    angles = [values[0]]
    for value in values[1:]:
        angles.append(angles[-1] + turn(value - angles[-1]))
    shift = round(angles[0] / 360) * 360
    return Group("rotate", tuple((v - shift,) for v in steady(angles, 1.2)), children, coarse)


def flattened(values: Sequence[float], *children: Node) -> tuple[Node, ...]:
    """Children shortened along their length (+x); nothing where the shortening is too small to see."""
    sizes = steady(values, 0.18)
    if all(abs(v - 1) < 0.035 for v in sizes):
        return children
    return (Group("scale", tuple((v, 1.0) for v in sizes), children),)


def along(path: Path) -> Path:
    """An outline that hangs down +y, laid along +x: the shift to the next joint is then one number, not two."""
    return [(command, [(y, -x) for x, y in points]) for command, points in path]


def limb_facing(flip: bool, *children: Node) -> tuple[Node, ...]:
    return (Group("scale", ((1.0, -1.0),), children),) if flip else children


STILL = ((0.0, 0.0),)


def hung(path: Path, at: Point, way: Point, long: float, flip: bool) -> Path:
    """An outline hung from a joint along a direction, as long as the direction is; its round far end keeps its shape."""
    size = math.hypot(*way)
    ux, uy = (way[0] / size, way[1] / size) if size > 1e-6 else (0.0, 1.0)
    side = -1.0 if flip else 1.0

    def put(p: Point) -> Point:
        x = p[0] * side
        y = p[1] if p[1] < 0 else p[1] * size if p[1] <= long else long * size + p[1] - long
        return (at[0] + x * uy + y * ux, at[1] - x * ux + y * uy)

    return [(command, [put(p) for p in points]) for command, points in path]


def facing(flip: bool, *children: Node) -> tuple[Node, ...]:
    return (Group("scale", ((-1.0, 1.0),), children),) if flip else children


def smooth(points: Sequence[Point], closed: bool = True) -> Path:
    """A curve through all points, written with S so that a point costs four numbers."""
    n = len(points)

    def at(i: int) -> Point:
        return points[i % n] if closed else points[min(n - 1, max(0, i))]

    def tangent(i: int) -> Point:
        a, b = at(i - 1), at(i + 1)
        return ((b[0] - a[0]) / 6, (b[1] - a[1]) / 6)

    path: Path = [("M", [points[0]])]
    for i in range(n if closed else n - 1):
        p, q = at(i + 1), tangent(i + 1)
        before = (p[0] - q[0], p[1] - q[1])
        if i == 0:
            start = tangent(0)
            path.append(("C", [(points[0][0] + start[0], points[0][1] + start[1]), before, p]))
        else:
            path.append(("S", [before, p]))
    if closed:
        path.append(("Z", []))
    return path


def runs(*lines: Sequence[Point]) -> Path:
    """Smooth lines joined by straight ones and closed: hem and collar stay crisp."""
    path: Path = []
    for line in lines:
        piece = smooth(line, closed=False)
        path += [("L", [line[0]]), *piece[1:]] if path else piece
    return [*path, ("Z", [])]

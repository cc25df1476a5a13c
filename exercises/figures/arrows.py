"""The arrow that shows the way: along the true path of a point between two poses, moved clear of the body."""

from __future__ import annotations

import math
from collections.abc import Sequence

from exercises.figures.body import Path
from exercises.figures.camera import Camera
from exercises.figures.pose import Arrow, Figure, refuse
from exercises.figures.shapes import Node, Outline
from exercises.figures.skeleton import Skeleton
from exercises.figures.space import Point, between, rotated
from exercises.figures.timeline import blend, solved

CLEAR = 30.0
SHORTEST = 44.0


def arrows(figure: Figure, keys: Sequence[Skeleton], camera: Camera) -> list[Node]:
    out: list[Node] = []
    for arrow in figure.arrows:
        out += drawn(path_of(arrow, figure, keys, camera))
    return out


def path_of(arrow: Arrow, figure: Figure, keys: Sequence[Skeleton], camera: Camera) -> tuple[Point, Point, Point]:
    if arrow.path:
        points = [(arrow.path[n], -arrow.path[n + 1]) for n in range(0, len(arrow.path), 2)]
        a, b = points[0], points[-1]
        return a, points[1] if len(points) == 3 else ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), b
    i, j = arrow.poses or figure.stills
    way = [
        solved(blend(figure.keys[i], figure.keys[j], keys[i], keys[j], share / 6), figure.keys[j].line)
        for share in range(7)
    ]
    if arrow.point not in way[0].points:
        raise refuse(arrow.line, f"{arrow.point} is not a point of the body.")
    track = [camera.see(s.points[arrow.point]) for s in way]

    def at(share: float) -> Point:
        n = max(0, min(5, int(share * 6)))
        t = share * 6 - n
        return (between(track[n][0], track[n + 1][0], t), between(track[n][1], track[n + 1][1], t))

    low, high = arrow.span
    a, m, b = at(low), at((low + high) / 2), at(high)
    long = math.dist(a, b)
    if long < 2:
        raise refuse(arrow.line, f"{arrow.point} does not move between the poses of this arrow.")
    if long < SHORTEST:  # a small movement still gets an arrow that can be seen
        ux, uy = (b[0] - a[0]) / long, (b[1] - a[1]) / long
        a = (m[0] - ux * SHORTEST / 2, m[1] - uy * SHORTEST / 2)
        b = (m[0] + ux * SHORTEST / 2, m[1] + uy * SHORTEST / 2)
    dx, dy = arrow.off or clear_of(way[3], camera, a, b, m)
    if arrow.off:
        dy = -dy
    return (a[0] + dx, a[1] + dy), (m[0] + dx, m[1] + dy), (b[0] + dx, b[1] + dy)


def clear_of(skeleton: Skeleton, camera: Camera, a: Point, b: Point, m: Point) -> Point:
    """A shift square to the arrow, away from the middle of the body."""
    spots = [camera.see(p) for p in skeleton.points.values()]
    cx, cy = sum(p[0] for p in spots) / len(spots), sum(p[1] for p in spots) / len(spots)
    size = math.dist(a, b) or 1.0
    nx, ny = -(b[1] - a[1]) / size, (b[0] - a[0]) / size
    if nx * (m[0] - cx) + ny * (m[1] - cy) < 0:
        nx, ny = -nx, -ny
    return (nx * CLEAR, ny * CLEAR)


def drawn(points: tuple[Point, Point, Point]) -> list[Node]:
    a, m, b = points
    c = (2 * m[0] - (a[0] + b[0]) / 2, 2 * m[1] - (a[1] + b[1]) / 2)
    angle = math.degrees(math.atan2(b[1] - c[1], b[0] - c[0]))
    tip = [rotated(q, angle) for q in ((14.0, 0.0), (-6.0, -12.0), (-1.0, 0.0), (-6.0, 12.0))]
    head: Path = [("M" if n == 0 else "L", [(b[0] + x, b[1] + y)]) for n, (x, y) in enumerate(tip)]
    return [Outline("a", ([("M", [a]), ("Q", [c, b])],)), Outline("ah", ([*head, ("Z", [])],))]

"""The stage: places of the world become shapes behind the person, rigidly behind the trunk, or before the person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from exercises.figures.body import Path
from exercises.figures.camera import Camera
from exercises.figures.draw import Artist
from exercises.figures.pose import Prop
from exercises.figures.shapes import Node, Outline, moved
from exercises.figures.skeleton import Skeleton
from exercises.figures.space import Point, Vec


@dataclass
class Stage:
    """Collects what is drawn behind the person, rigidly behind the trunk, and before the person."""

    artist: Artist
    everything: Sequence[Skeleton]  # all frames of the loop, also when a single one is drawn: furniture must not move
    back: list[Node] = field(default_factory=list)
    riding: list[Node] = field(default_factory=list)
    front: list[Node] = field(default_factory=list)
    anchored: Vec = (230.0, 250.0, 0.0)

    @property
    def camera(self) -> Camera:
        return self.artist.camera

    @property
    def frames(self) -> Sequence[Skeleton]:
        return self.artist.frames

    def polygon(self, classes: str, *corners: Vec, to: list[Node] | None = None) -> None:
        points = [self.camera.see(c) for c in corners]
        (self.back if to is None else to).append(Outline(classes, (closed(points),)))

    def line(self, classes: str, *places: Vec, to: list[Node] | None = None) -> None:
        points = [self.camera.see(p) for p in places]
        path: Path = [("M", [points[0]]), *(("L", [p]) for p in points[1:])]
        (self.back if to is None else to).append(Outline(classes, (path,)))

    def lines(self, classes: str, *runs: Sequence[Vec]) -> None:
        """Several lines as one path: fewer bytes."""
        path: Path = []
        for run in runs:
            points = [self.camera.see(p) for p in run]
            path += [("M", [points[0]]), *(("L", [p]) for p in points[1:])]
        self.back.append(Outline(classes, (path,)))

    def box(
        self,
        x0: float,
        x1: float,
        y0: float,
        y1: float,
        z0: float,
        z1: float,
        classes: str = "p",
        top: str = "p q",
        to: list[Node] | None = None,
    ) -> None:
        see = self.camera.see
        points = [see((x, y, z)) for x in (x0, x1) for y in (y0, y1) for z in (z0, z1)]
        target = self.back if to is None else to
        target.append(Outline(classes, (closed(hull(points)),)))
        if y1 - y0 > 3 and (self.camera.down[0] or self.camera.down[2] > 0.05):
            self.polygon(top, (x0, y1, z0), (x1, y1, z0), (x1, y1, z1), (x0, y1, z1), to=target)

    def lines_between(self, classes: str, names: Sequence[str], to: list[Node]) -> None:
        self.path_of(
            classes,
            lambda s: [self.camera.see(self.anchored) if n == "anchor" else spot(s, n, self.camera) for n in names],
            to,
        )

    def path_of(self, classes: str, points_of: Callable[[Skeleton], list[Point]], to: list[Node]) -> None:
        paths: list[Path] = []
        for s in self.frames:
            points = points_of(s)
            paths.append([("M", [points[0]]), *(("L", [p]) for p in points[1:])])
        to.append(Outline(classes, tuple(paths)))

    def on_point(self, name: str, *nodes: Node, off: Point = (0.0, 0.0)) -> Node:
        places = [self.camera.see(s.points[name]) for s in self.frames]
        return moved([(x + off[0], y + off[1]) for x, y in places], *nodes)

    def reach_of(self, axis: int, low_only: bool = False) -> tuple[float, float]:
        values = [p[axis] for s in self.everything for p in s.points.values() if not low_only or p[1] < 60]
        return (min(values), max(values)) if values else (-60.0, 60.0)

    def layer(self, prop: Prop, usual: str = "back") -> list[Node]:
        where = next((w for w in prop.words if w in ("back", "front")), usual)
        return self.back if where == "back" else self.front


def spot(s: Skeleton, name: str, camera: Camera) -> Point:
    if "," in name:
        x, y = (float(v) for v in name.split(","))
        return camera.see((x, y, 0.0)) if camera.side else (x, -y)
    return camera.see(s.points[name])


def pad(numbers: Sequence[float], usual: tuple[float, ...]) -> tuple[float, ...]:
    return (*numbers, *usual[len(numbers) :])


def closed(points: Sequence[Point]) -> Path:
    return [("M", [points[0]]), *(("L", [p]) for p in points[1:]), ("Z", [])]


def hull(points: Sequence[Point]) -> list[Point]:
    """The outline of a set of points."""
    ordered = sorted({(round(x, 3), round(y, 3)) for x, y in points})

    def half(of: Sequence[Point]) -> list[Point]:
        out: list[Point] = []
        for p in of:
            while (
                len(out) > 1
                and (out[-1][0] - out[-2][0]) * (p[1] - out[-2][1]) - (out[-1][1] - out[-2][1]) * (p[0] - out[-2][0])
                <= 0.01
            ):
                out.pop()
            out.append(p)
        return out[:-1]

    return half(ordered) + half(ordered[::-1])

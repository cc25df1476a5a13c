"""How one sequence of skeletons is seen: places of the world in the group that moves with the pelvis."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from exercises.figures.body import Path
from exercises.figures.camera import Camera
from exercises.figures.pose import Figure
from exercises.figures.skeleton import Skeleton
from exercises.figures.space import Point, Vec, minus, rotated


class Sight:
    """Every decision about sides is made once for the whole sequence, from its key poses."""

    def __init__(
        self,
        figure: Figure,
        keys: Sequence[Skeleton],
        frames: Sequence[Skeleton],
        camera: Camera,
        outlined: frozenset[str] = frozenset(),
    ) -> None:
        self.figure, self.keys, self.frames, self.camera = figure, keys, frames, camera
        self.outlined = outlined  # limbs that must not be drawn as turning parts, because their end would slide
        self.roots = [camera.see(s.root) for s in frames]
        self.leans = self.lean_angles()
        self.upright_legs = False

    def lean_angles(self) -> list[float]:
        ups = [self.camera.see(s.pelvis.up) for s in self.frames]
        if any(math.hypot(*up) < 0.35 for up in ups):
            return [0.0] * len(ups)
        return [math.degrees(math.atan2(x, -y)) for x, y in ups]

    def local(self, i: int, v: Vec) -> Point:
        """A place of the world in the group that moves with the pelvis."""
        x, y = self.camera.see(v)
        return rotated((x - self.roots[i][0], y - self.roots[i][1]), -self.leans[i])

    def limb_way(self, name: str, i: int, v: Vec) -> Point:
        return self.camera.see(v) if self.upright_legs and name[:3] == "leg" else self.local_way(i, v)

    def limb_base(self, name: str, i: int) -> Point:
        base = self.frames[i].limbs[name].places[0]
        if self.upright_legs and name[:3] == "leg":
            x, y = self.camera.see(base)
            return (x - self.roots[i][0], y - self.roots[i][1])
        return self.local(i, base)

    def local_way(self, i: int, v: Vec) -> Point:
        return rotated(self.camera.see(v), -self.leans[i])

    def per_frame(self, make: Callable[[int], Path]) -> tuple[Path, ...]:
        paths = tuple(make(i) for i in range(len(self.frames)))
        first = [p for _, points in paths[0] for p in points]
        far = max(
            (
                math.dist(p, q)
                for path in paths
                for p, q in zip(first, (p for _, points in path for p in points), strict=True)
            ),
            default=0.0,
        )
        return paths if far > 1.6 else paths[:1]

    def far(self, name: str) -> bool:
        return (
            sum(
                self.camera.nearness(
                    minus(s.limbs[name].places[0], s.root if name[:3] == "leg" else s.section(100).at)
                )
                for s in self.keys
            )
            < 0
        )

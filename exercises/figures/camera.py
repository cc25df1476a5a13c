"""How the world falls on the picture. Every view is one straight (parallel) projection of the same skeleton."""

from __future__ import annotations

import math
from dataclasses import dataclass

from exercises.figures.pose import Figure
from exercises.figures.space import Point, Vec, dot


@dataclass(frozen=True)
class Camera:
    across: Vec  # what one unit of x, y and z moves a point to the right
    down: Vec
    near: Vec  # towards the viewer
    side: bool

    def see(self, v: Vec) -> Point:
        return (dot(self.across, v), dot(self.down, v))

    def nearness(self, v: Vec) -> float:
        return dot(self.near, v)


def camera(figure: Figure) -> Camera:
    lift = math.radians(figure.raised)
    c, s = math.cos(lift), math.sin(lift)
    if figure.view == "side":
        # oblique, not turned: the side plane keeps its true lengths and the far side sits a little up and to the right
        return Camera((1.0, 0.0, -0.2), (0.0, -c, 0.12 + s), (0.0, s, c), True)
    around = math.radians(figure.round + (180.0 if figure.view == "back" else 0.0))
    x, z = math.cos(around), math.sin(around)
    toward = (x, z)
    return Camera((z, 0.0, -x), (toward[0] * s, -c, toward[1] * s), (toward[0] * c, s, toward[1] * c), False)

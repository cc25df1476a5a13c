"""What is held, worn or leaned on: drawn from the solved joints, so that it never leaves the hand."""

from __future__ import annotations

import math
from collections.abc import Callable

from exercises.figures import body
from exercises.figures.body import Path
from exercises.figures.pose import Prop
from exercises.figures.shapes import Disc, Node, Outline, moved
from exercises.figures.skeleton import Skeleton
from exercises.figures.space import Point
from exercises.figures.stage import Stage, closed, pad, spot


class Held(Stage):
    def stick(self, prop: Prop) -> None:
        def ends(s: Skeleton) -> list[Point]:
            see = self.camera.see
            if "spine" in prop.words:
                a, b = see(s.points["occiput"]), see(s.points["sacrum"])
                front = see(s.points["chest"])
                off = 6.0
            else:
                names = [w for w in prop.words if w not in ("hands", "front", "back")] or ["hand.R", "hand.L"]
                a, b = spot(s, names[0], self.camera), spot(s, names[-1], self.camera)
                front, off = a, 0.0
            size = math.dist(a, b) or 1.0
            ux, uy = (b[0] - a[0]) / size, (b[1] - a[1]) / size
            nx, ny = -uy, ux
            if nx * (front[0] - a[0]) + ny * (front[1] - a[1]) > 0:
                nx, ny = -nx, -ny
            return [
                (a[0] - ux * 44 + nx * off, a[1] - uy * 44 + ny * off),
                (b[0] + ux * 44 + nx * off, b[1] + uy * 44 + ny * off),
            ]

        self.path_of("k", ends, self.layer(prop, "front"))

    def band(self, prop: Prop) -> None:
        self.lines_between("r", [w for w in prop.words if w not in ("back", "front")], self.layer(prop, "front"))

    def hands_of(self, prop: Prop) -> list[str]:
        return [w for w in prop.words if "." in w and "," not in w] or ["hand.R", "hand.L"]

    def dumbbell(self, prop: Prop) -> None:
        bar: Path = [("M", [(-14, 0)]), ("L", [(14, 0)])]
        one, two = ([(x, -13), (x + 14, -13), (x + 14, 13), (x, 13)] for x in (-26.0, 12.0))
        plates: Path = [*closed(one), *closed(two)]
        for hand in self.hands_of(prop):
            layer = self.back if self.camera.side and self.artist.far(f"arm.{hand[-1]}") else self.front
            if self.camera.side:
                layer.append(self.on_point(hand, Outline("x", (bar,)), Outline("pl", (plates,))))
            else:
                layer.append(
                    self.on_point(hand, Outline("pl", (closed([(-12, -16), (12, -16), (12, 16), (-12, 16)]),)))
                )

    def kettlebell(self, prop: Prop) -> None:
        handle: Path = [("M", [(-12, 22)]), ("C", [(-18, -8), (18, -8), (12, 22)])]
        for hand in self.hands_of(prop)[:1] if "hands" in prop.words else self.hands_of(prop):
            self.front.append(self.on_point(hand, Outline("x", (handle,)), Disc("pl", 22, (0, 36))))

    def barbell(self, prop: Prop) -> None:
        if self.camera.side:
            self.front.append(self.on_point(self.hands_of(prop)[0], Disc("pl", 50), Disc("pl i", 34), Disc("p", 8)))
            return
        self.stick(Prop("stick", (), ("hands",), prop.line))

    def crate(self, prop: Prop) -> None:
        half = (pad(prop.numbers, (60.0,))[0]) / 2
        square = closed([(-half, -half), (half, -half), (half, half), (-half, half)])
        tape: Path = [("M", [(-half, -half / 3)]), ("L", [(half, -half / 3)])]
        self.layer(prop, "front").append(
            self.on_point(self.hands_of(prop)[0], Outline("p", (square,)), Outline("k", (tape,)), off=(half * 0.5, 0))
        )

    def card(self, prop: Prop) -> None:
        page = closed([(-26, -52), (26, -52), (26, 8), (-26, 8)])
        words: Path = [
            ("M", [(-16, -38)]),
            ("L", [(16, -38)]),
            ("M", [(-16, -24)]),
            ("L", [(16, -24)]),
            ("M", [(-16, -10)]),
            ("L", [(4, -10)]),
        ]
        self.front.append(self.on_point(self.hands_of(prop)[0], Outline("u", (page,)), Outline("l", (words,))))

    def soft(self, prop: Prop, nodes: Callable[[float], list[Node]], size: float) -> None:
        """A ball, pillow, roller or towel: on a point of the body, or at x, height, size (and far to the right)."""
        points = [w for w in prop.words if w not in ("back", "front", "small", "gym")]
        if points:
            r, dx, dy = pad(prop.numbers, (size, 0.0, 0.0))
            self.layer(prop).append(self.on_point(points[0], *nodes(r), off=(dx, -dy)))
            return
        x, y, r = pad(prop.numbers[:3], (0.0, 0.0, size))
        z = prop.numbers[3] if len(prop.numbers) > 3 else 0.0
        self.layer(prop).append(moved([self.camera.see((x, y, z))], *nodes(r)))

    def ball(self, prop: Prop) -> None:
        self.soft(
            prop,
            lambda r: [
                Disc("u", r),
                Outline(
                    "i",
                    (
                        [
                            ("M", [(-r * 0.6, -r * 0.3)]),
                            ("C", [(-r * 0.3, -r * 0.75), (r * 0.1, -r * 0.7), (r * 0.25, -r * 0.66)]),
                        ],
                    ),
                ),
            ],
            14.0 if "small" in prop.words else 70.0,
        )

    def pillow(self, prop: Prop) -> None:
        self.soft(prop, lambda r: [Outline("u", (body.ellipse(0, 0, r, min(16, r * 0.36)),))], 44.0)

    def roller(self, prop: Prop) -> None:
        self.soft(prop, lambda r: [Disc("u", r), Disc("i", r * 0.5)], 24.0)

    def towel(self, prop: Prop) -> None:
        self.soft(prop, lambda r: [Outline("u", (body.ellipse(0, 0, r, 7),))], 34.0)

"""Trunk and head: the outline that changes with the spine, the dotted line of vertebrae, the working muscles."""

from __future__ import annotations

import math

from exercises.figures import body
from exercises.figures.body import Path
from exercises.figures.shapes import STILL, Group, Node, Outline, facing, moved, rotating, runs, smooth
from exercises.figures.sight import Sight
from exercises.figures.skeleton import Section
from exercises.figures.space import Point, plus, rotated


class Trunk(Sight):
    def edges(self, i: int, s: float, extra: float = 0.0) -> tuple[Point, Point, Point, float]:
        """Left and right edge of the trunk at a height, its mid, and how much of its front faces the right edge."""
        skeleton = self.frames[i]
        section = skeleton.section(s)
        here = self.local(i, section.at)
        tx, ty = self.local_way(i, section.frame.up)
        size = math.hypot(tx, ty)
        nx, ny = (1.0, 0.0) if size < 0.2 else (-ty / size, tx / size)
        fx, fy = self.local_way(i, section.frame.forward)
        rx, ry = self.local_way(i, section.frame.right)
        front_share, width_share = fx * nx + fy * ny, rx * nx + ry * ny
        width = body.at_height(body.WIDTH, s) * width_share
        ahead, behind = skeleton.front(s) * front_share, skeleton.back(s) * front_share
        plus_side = math.hypot(width, ahead if front_share > 0 else behind) + extra
        minus_side = math.hypot(width, behind if front_share > 0 else ahead) + extra
        return (
            (here[0] - nx * minus_side, here[1] - ny * minus_side),
            (here[0] + nx * plus_side, here[1] + ny * plus_side),
            here,
            front_share,
        )

    def trunk(self) -> dict[str, Node]:
        make_pelvis, make_shirt = (
            (self.pelvis_side, self.shirt_side) if self.camera.side else (self.pelvis_front, self.shirt_front)
        )
        shirt: list[Node] = [Outline("t", self.per_frame(make_shirt))]
        if not self.camera.side and self.chest_shows():
            shirt.append(Outline("s o", self.per_frame(self.collar)))
        for muscle in self.figure.muscles:
            shirt.extend(Outline("m", paths) for paths in self.trunk_muscle(muscle))
        shirt.append(Outline("v", self.per_frame(self.spine)))
        return {
            "pelvis": Outline("b", self.per_frame(make_pelvis)),
            "trunk": Group("translate", STILL, tuple(shirt)),
            "head": self.head(),
        }

    def pelvis_side(self, i: int) -> Path:
        left = [self.edges(i, s, -inset)[0] for s, inset in ((-17, 0), (-6, 0), (8, 0.5), (20, 6))]
        right = [self.edges(i, s, -inset)[1] for s, inset in ((20, 7), (6, 1), (-7, 0))]
        return smooth([*left, *right, self.local(i, plus(self.frames[i].root, self.frames[i].pelvis.up, -23))])

    def shirt_side(self, i: int) -> Path:
        behind = [self.edges(i, s, e)[0] for s, e in ((10, 1.5), (44, -1), (70, 0), (96, 1.5), (119, 0))]
        ahead = [self.edges(i, s, e)[1] for s, e in ((112, 0), (88, 1), (50, 0), (10, 1.5))]
        return runs(behind, ahead)

    def pelvis_front(self, i: int) -> Path:
        left = [self.edges(i, s)[0] for s in (-14, 2, 22)]
        right = [self.edges(i, s)[1] for s in (22, 2, -14)]
        return smooth([*left, *right])

    def shirt_front(self, i: int) -> Path:
        left = [self.edges(i, s, e)[0] for s, e in ((9, 1.5), (46, 0), (84, 0), (103, 0), (117, 0))]
        right = [self.edges(i, s, e)[1] for s, e in ((117, 0), (103, 0), (84, 0), (46, 0), (9, 1.5))]
        return runs(left, right)

    def chest_shows(self) -> bool:
        return sum(self.camera.nearness(s.section(100).frame.forward) for s in self.keys) / len(self.keys) > 0.25

    def collar(self, i: int) -> Path:
        """The open collar: it sits on the breastbone, so that a turned chest can be read."""
        skeleton = self.frames[i]

        def on(s: float, ahead: float, out: float) -> Point:
            section = skeleton.section(s)
            return self.local(i, plus(plus(section.at, section.frame.forward, ahead), section.frame.right, out))

        points = [on(117, 4, 12), on(97, 21, 0), on(117, 4, -12)]
        return [("M", [points[0]]), ("L", [points[1]]), ("L", [points[2]]), ("Z", [])]

    def spine(self, i: int) -> Path:
        """One dot for each vertebra along the true curve of the back; from the front it is seen through the body."""
        skeleton = self.frames[i]
        points = []
        for s in (17, 44, 78, 116):
            section = skeleton.section(s)
            points.append(self.local(i, plus(section.at, section.frame.forward, 7.5 - skeleton.back(s))))
        return smooth(points, closed=False)

    def trunk_muscle(self, muscle: str) -> list[tuple[Path, ...]]:
        name, _, only = muscle.partition(".")
        if self.camera.side:
            if name not in body.TRUNK_SIDE:
                return []
            return [self.per_frame(lambda i: self.side_patch(i, *body.TRUNK_SIDE[name]))]
        if name not in body.TRUNK_FACING:
            return []
        low, high, inner, outer = body.TRUNK_FACING[name]
        if inner < 0:
            return [self.per_frame(lambda i: self.facing_patch(i, low, high, inner, outer))]
        return [
            self.per_frame(lambda i, sign=sign: self.facing_patch(i, low, high, inner * sign, outer * sign))  # type: ignore[misc]
            for side, sign in (("R", 1), ("L", -1))
            if only in ("", side)
        ]

    def side_patch(self, i: int, where: int, low: float, high: float, inset: float, depth: float) -> Path:
        def p(s: float, deep: float) -> Point:
            left, right, mid, front = self.edges(i, s)
            edge = right if (front > 0) == (where > 0) else left
            size = math.dist(edge, mid) or 1.0
            return (edge[0] + (mid[0] - edge[0]) * deep / size, edge[1] + (mid[1] - edge[1]) * deep / size)

        step = (high - low) / 3.4
        return smooth([
            p(low, inset + depth * 0.3), p(low + step, inset), p(high - step, inset),
            p(high, inset + depth * 0.3), p((low + high) / 2, inset + depth),
        ])  # fmt: skip

    def facing_patch(self, i: int, low: float, high: float, inner: float, outer: float) -> Path:
        skeleton = self.frames[i]
        ahead = 1 if self.camera.nearness(skeleton.section(60).frame.forward) > 0 else -1

        def p(s: float, share: float) -> Point:
            section = skeleton.section(s)
            depth = (
                (skeleton.front(s) if ahead > 0 else skeleton.back(s))
                * ahead
                * math.sqrt(max(0.0, 1 - share * share))
            )
            at = plus(
                plus(section.at, section.frame.right, body.at_height(body.WIDTH, s) * share),
                section.frame.forward,
                depth,
            )
            return self.local(i, at)

        middle = (inner + outer) / 2
        step = (high - low) / 3.6
        return smooth(
            [
                p(low, middle),
                p(low + step, outer),
                p(high - step, outer),
                p(high, middle),
                p(high - step, inner),
                p(low + step, inner),
            ]
        )

    def head(self) -> Node:
        face = self.figure.face or self.face()
        necks = [self.local(i, s.neck.at) for i, s in enumerate(self.frames)]
        heads = [self.local(i, s.head.at) for i, s in enumerate(self.frames)]
        neck_turn = [self.upright(i, s.neck) for i, s in enumerate(self.frames)]
        head_turn = [self.upright(i, s.head) for i, s in enumerate(self.frames)]
        flip = face == "side" and self.looks_left()
        stretch = [math.dist(a, b) / body.NECK for a, b in zip(necks, heads, strict=True)]
        skull = {"side": self.profile, "front": self.front_face, "back": self.back_of_head}[face]()
        neck_shape = Outline("s o", (body.NECK_SHAPE if face == "side" else body.NECK_FACING,))
        neck_parts: list[Node] = list(facing(flip, neck_shape))
        if any(m.startswith("neck") for m in self.figure.muscles):
            neck_parts += self.neck_muscle(flip, face)
        turns = [b - a for a, b in zip(neck_turn, head_turn, strict=True)]
        if all(abs(v - 1) < 0.12 for v in stretch):
            on_neck: tuple[Node, ...] = (
                moved([(0.0, -body.NECK)], rotating(turns, *facing(flip, *skull), coarse=True)),
            )
        else:
            on_neck = (
                moved([(0.0, -body.NECK * v) for v in stretch], rotating(turns, *facing(flip, *skull), coarse=True)),
            )
        return moved(necks, rotating(neck_turn, *neck_parts, *on_neck, coarse=True))

    def neck_muscle(self, flip: bool, face: str) -> list[Node]:
        only = next(m for m in self.figure.muscles if m.startswith("neck")).partition(".")[2]
        if face == "side":
            return list(
                facing(
                    flip,
                    Outline(
                        "m",
                        (
                            body.curve(
                                (-12, -16),
                                (-8, -14),
                                (-3, -6),
                                (-2, 4),
                                (-8, 6),
                                (-14, 5),
                                (-14, 0),
                                (-14, -4),
                                (-12, -8),
                                (-12, -16),
                            ),
                        ),
                    ),
                )
            )
        patch = body.curve((9, -20), (12, -10), (14, 0), (30, 8), (24, 9), (16, 8), (9, 6), (7, 4), (5, -2), (9, -20))
        right_is_left = self.figure.view == "front"
        return [
            n
            for side in "RL"
            if only in ("", side)
            for n in facing((side == "R") == right_is_left, Outline("m", (patch,)))
        ]

    def upright(self, i: int, section: Section) -> float:
        """The turn of a part whose up is at -y."""
        x, y = self.local_way(i, section.frame.up)
        if math.hypot(x, y) < 0.25:
            x, y = self.local_way(i, self.frames[i].section(100).frame.up)
        return math.degrees(math.atan2(x, -y))

    def face(self) -> str:
        if self.camera.side:
            return "side"
        mean = sum(self.camera.nearness(s.head.frame.forward) for s in self.keys) / len(self.keys)
        if mean < -0.35:
            return "back"
        return "front" if mean > 0.3 else "side"

    def looks_left(self) -> bool:
        total = 0.0
        for s in self.keys:
            fx, fy = self.camera.see(s.head.frame.forward)
            ux, uy = self.camera.see(s.head.frame.up)
            total += fx * -uy + fy * ux
        return total < 0

    def profile(self) -> tuple[Node, ...]:
        return (Outline("s", (body.HEAD,)), Outline("h", (body.HAIR,)))

    def back_of_head(self) -> tuple[Node, ...]:
        return (Outline("s o", (body.sized(body.FACE, 0.96),)), Outline("h", (body.CROP,)))

    def front_face(self) -> tuple[Node, ...]:
        """Eyes, nose and mouth ride on the skull: they show where a turned head looks."""
        shifts = []
        for i, s in enumerate(self.frames):
            frame = s.head.frame
            looks = self.local_way(i, frame.forward)
            angle = self.upright(i, s.head)
            x, y = rotated(looks, -angle)
            shifts.append((max(-14.0, min(14.0, x * 18)), max(-14.0, min(12.0, y * 18))))
        features = Outline("l", ([("M", [(-9, -25)]), ("L", [(-9, -25)]), ("M", [(9, -25)]), ("L", [(9, -25)])],))
        mouth = Outline(
            "y",
            (
                [
                    ("M", [(0, -22)]),
                    ("C", [(1, -18), (2, -15), (0, -14.5)]),
                    ("M", [(-6, -6)]),
                    ("C", [(-3, -3), (3, -3), (6, -6)]),
                ],
            ),
        )
        return (
            Outline("s", (body.FACE,)),
            moved([(round(x), round(y)) for x, y in shifts], features, mouth),
            Outline("h", (body.FRINGE,)),
        )

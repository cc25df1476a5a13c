"""Arms and legs: rigid outlines that turn at the joints and shorten when they point at the viewer.

Where that would cost more bytes, or let a resting hand or foot slide, a limb is drawn as outlines that change instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from exercises.figures import body
from exercises.figures.body import Path
from exercises.figures.pose import Angles
from exercises.figures.shapes import (
    STILL,
    Disc,
    Either,
    Group,
    Node,
    Outline,
    along,
    flattened,
    hung,
    limb_facing,
    moved,
    rotating,
)
from exercises.figures.sight import Sight
from exercises.figures.skeleton import Chain
from exercises.figures.space import Point, minus, plus, rotated, scaled, turn


class Limbs(Sight):
    def segment(self, name: str, part: int) -> list[tuple[float, float]]:
        """The angle and the shortening of a limb's part in every frame. A part that swings past the viewer turns inside out."""
        out: list[tuple[float, float]] = []
        for i, s in enumerate(self.frames):
            x, y = self.limb_way(name, i, scaled(s.limbs[name].frames[part].up, -1))
            size, angle = math.hypot(x, y), math.degrees(math.atan2(-x, y))
            if out:
                before, scale = out[-1]
                step = turn(angle - before)
                if scale < 0 or (size < 0.5 and abs(scale) < 0.5):
                    flipped = turn(angle + 180 - before)
                    if abs(flipped) < abs(step):
                        step, size = flipped, -size
                angle = before + step
            out.append((angle, size))
        return out

    def sideways(self, name: str, part: int) -> tuple[bool, bool]:
        """Whether a limb's part is seen from its side, and whether its front then looks the other way."""
        total = 0.0
        for s in self.keys:
            frame = s.limbs[name].frames[part]
            fx, fy = self.camera.see(frame.forward)
            wx, wy = self.camera.see(scaled(frame.up, -1))
            size = math.hypot(wx, wy) or 1.0
            total += (fx * wy - fy * wx) / size
        mean = total / len(self.keys)
        return abs(mean) > 0.55 or self.camera.side, mean < 0

    def either(self, name: str) -> Node:
        """A limb as parts that turn, or as outlines that change: cheaper when it points at the viewer as it moves."""
        if len(self.frames) == 1:
            return self.limb(name)
        if name in self.outlined:
            return self.outlined_limb(name)
        return Either(self.limb(name), self.outlined_limb(name))

    def outlined_limb(self, name: str) -> Node:
        kind = name[:3]
        far = " f" if self.camera.side and self.far(name) else ""
        cloth, skin = ("b" if kind == "leg" else "t") + far, "s" + far
        names = ("thigh", "shank") if kind == "leg" else ("upper arm", "forearm")
        frames = range(len(self.frames))
        looks = [self.sideways(name, part) for part in range(3)]
        shapes = [body.SIDE if side else body.FACING for side, _ in looks]
        at: list[list[Point]] = [[], [], []]
        ways: list[list[Point]] = [[], [], []]
        for i in frames:
            x, y = self.limb_base(name, i)
            chain = self.frames[i].limbs[name]
            for part in range(3):
                dx, dy = self.limb_way(name, i, scaled(chain.frames[part].up, -1))
                at[part].append((x, y))
                ways[part].append((dx, dy))
                if part < 2:
                    size = body.LENGTHS[kind][part]
                    x, y = x + dx * size, y + dy * size

        def drawn(classes: str, path: Path, part: int, mirror: bool = False) -> Node:
            long = body.LENGTHS[kind][part] if part < 2 else 1e9
            flip = (looks[part][1] and looks[part][0]) or mirror
            return Outline(classes, self.per_frame(lambda i: hung(path, at[part][i], ways[part][i], long, flip)))

        def part_of(part: int, classes: str) -> list[Node]:
            side = looks[part][0]
            return [
                drawn(classes, shapes[part][names[part]], part),
                *(drawn("m", m, part, mirror) for m, mirror in self.muscle_shapes(name, names[part], side)),
            ]

        end = self.outlined_foot(name, at[2], skin) if kind == "leg" else drawn(skin, body.HANDS[self.grip(name)], 2)
        lower = part_of(1, cloth if kind == "leg" else skin)
        lower = [*lower, end] if self.pointing_at_viewer(name) else [end, *lower]
        cap = moved(at[0], Disc(cloth + " o", 23 if kind == "leg" and looks[0][0] else 21 if kind == "leg" else 15))
        upper = part_of(0, cloth if kind == "leg" else skin)
        if kind == "leg":
            return Group("translate", STILL, (cap, *upper, *lower))
        sleeve = [
            drawn("t" + far, shapes[0]["sleeve"], 0),
            *(drawn("m", m, 0, mirror) for m, mirror in self.muscle_shapes(name, "sleeve", looks[0][0])),
        ]
        whole = [*upper, cap, *sleeve]
        return Group("translate", STILL, tuple([*lower, *whole] if self.forearm_behind(name) else [*whole, *lower]))

    def outlined_foot(self, name: str, at: list[Point], skin: str) -> Node:
        chains = [s.limbs[name] for s in self.frames]

        def one(i: int) -> Path:
            foot = chains[i].frames[2]
            fx, fy = self.limb_way(name, i, foot.forward)
            dx, dy = self.limb_way(name, i, scaled(foot.up, -1))
            if seen_sideways:
                size = math.hypot(fx, fy) or 1.0
                ux, uy = fx / size, fy / size
                vx, vy = (-uy, ux) if -uy * dx + ux * dy > 0 else (uy, -ux)
                size = max(0.7, size)
                x, y = at[i]
                return [
                    (c, [(x + px * ux * size + py * vx, y + px * uy * size + py * vy) for px, py in points])
                    for c, points in body.foot(chains[i].toes)
                ]
            x, y = self.limb_way(name, i, plus(scaled(foot.forward, 40), foot.up, -12))
            size = min(1.25, max(0.62, math.hypot(x, y) / 28))
            turned = math.hypot(x, y) or 1.0
            return hung(body.FACING["foot"], at[i], (x / turned * size, y / turned * size), 1e9, False)

        seen_sideways = self.foot_sideways(name)
        return Outline(skin, self.per_frame(one))

    def foot_sideways(self, name: str) -> bool:
        lengths = [math.hypot(*self.camera.see(k.limbs[name].frames[2].forward)) for k in self.keys]
        return self.camera.side or sum(lengths) / len(lengths) > 0.6

    def grip(self, name: str) -> str:
        rests = any(getattr(key.limbs[name], "rest", "") == "flat" for key in self.figure.keys)
        return self.figure.grips.get(name[-1]) or ("flat" if rests else "open")

    def limb(self, name: str) -> Node:
        kind = name[:3]
        far = " f" if self.camera.side and self.far(name) else ""
        lengths = body.LENGTHS[kind]
        side, flip = self.sideways(name, 0)
        shapes = body.SIDE if side else body.FACING
        free = all(isinstance(key.limbs[name], Angles) for key in self.figure.keys)
        cloth = "b" if kind == "leg" else "t"
        names = ("thigh", "shank") if kind == "leg" else ("upper arm", "forearm")
        one, two = self.segment(name, 0), self.segment(name, 1)
        bases = [self.limb_base(name, i) for i in range(len(self.frames))]
        first, second = [a for a, _ in one], [a for a, _ in two]
        short_one, short_two = [s for _, s in one], [s for _, s in two]
        side_two, flip_two = self.sideways(name, 1)
        shapes_two = body.SIDE if side_two else body.FACING
        skin = "s" + far if kind == "arm" else cloth + far
        shank: list[Node] = [Outline(skin, (along(shapes_two[names[1]]),)), *self.muscles(name, names[1], side_two)]
        end = self.end(name, second, far)
        joint: tuple[Node, ...] = ()
        if any(abs(v - 1) > 0.1 for v in (*short_one, *short_two)):
            joint = (Disc(skin + " o", 14.5 if kind == "leg" else 9.5),)
        lower_outline = flattened(short_two, *limb_facing(flip_two and side_two, *shank))
        end_group = moved([(lengths[1] * v, 0.0) for v in short_two], end)
        toward = self.pointing_at_viewer(name)
        lower_parts: tuple[Node, ...] = (
            (*joint, *lower_outline, end_group) if toward else (end_group, *joint, *lower_outline)
        )
        bends = [b - a for a, b in zip(first, second, strict=True)]
        lower = moved([(lengths[0] * v, 0.0) for v in short_one], rotating(bends, *lower_parts, coarse=free))
        upper: list[Node] = [Outline(skin, (along(shapes[names[0]]),)), *self.muscles(name, names[0], side)]
        if kind == "leg":
            cap = limb_facing(flip and side, Outline(cloth + far + " o", (along(shapes["hip end"]),)))
            parts: tuple[Node, ...] = (*cap, *flattened(short_one, *limb_facing(flip and side, *upper)), lower)
        else:
            upper += [
                Disc("t" + far + " o", 15),
                Outline("t" + far, (along(shapes["sleeve"]),)),
                *self.muscles(name, "sleeve", side),
            ]
            whole = flattened(short_one, *limb_facing(flip and side, *upper))
            parts = (lower, *whole) if self.forearm_behind(name) else (*whole, lower)
        return moved(bases, rotating([a + 90 for a in first], *parts, coarse=free))

    def forearm_behind(self, name: str) -> bool:
        if self.camera.side:
            return False
        gap = [self.camera.nearness(minus(s.limbs[name].places[2], s.limbs[name].places[1])) for s in self.keys]
        return sum(gap) / len(gap) < -12

    def track(self, name: str) -> Callable[[int, float], Point]:
        """Where a browser draws the ankle or wrist between two frames: it mixes turns and shifts evenly."""
        one, two = self.segment(name, 0), self.segment(name, 1)
        bases = [self.local(i, s.limbs[name].places[0]) for i, s in enumerate(self.frames)]
        leans = [self.leans[0]]
        for lean in self.leans[1:]:
            leans.append(leans[-1] + turn(lean - leans[-1]))
        a, b = body.LENGTHS[name[:3]]

        def at(i: int, share: float) -> Point:
            def mix(values: Sequence[float]) -> float:
                return values[i] + (values[i + 1] - values[i]) * share

            x, y = mix([p[0] for p in bases]), mix([p[1] for p in bases])
            for size, part in ((a, one), (b, two)):
                dx, dy = rotated((0, size * mix([v for _, v in part])), mix([v for v, _ in part]))
                x, y = x + dx, y + dy
            x, y = rotated((x, y), mix(leans))
            return (x + mix([r[0] for r in self.roots]), y + mix([r[1] for r in self.roots]))

        return at

    def pointing_at_viewer(self, name: str) -> bool:
        if self.camera.side:
            return False
        gap = [self.camera.nearness(minus(s.limbs[name].places[2], s.limbs[name].places[0])) for s in self.keys]
        return sum(gap) / len(gap) > 25

    def end(self, name: str, second: list[float], far: str) -> Node:
        """The foot or the hand, turned against the part above it."""
        chains = [s.limbs[name] for s in self.frames]
        if name[:3] == "leg":
            return self.foot(name, chains, second, far)
        angles = self.segment(name, 2)
        _, flip = self.sideways(name, 2)
        shape = Outline("s" + far, (along(body.HANDS[self.grip(name)]),))
        sizes = [max(0.7, sum(abs(v) for _, v in angles) / len(angles))]
        return rotating(
            [a - b for (a, _), b in zip(angles, second, strict=True)],
            *flattened(sizes, *limb_facing(flip, shape)),
            coarse=True,
        )

    def foot(self, name: str, chains: list[Chain], second: list[float], far: str) -> Node:
        if self.foot_sideways(name):
            turns, flips = [], 0.0
            for i, chain in enumerate(chains):
                fx, fy = self.limb_way(name, i, chain.frames[2].forward)
                dx, dy = self.limb_way(name, i, scaled(chain.frames[2].up, -1))
                turns.append(math.degrees(math.atan2(fy, fx)))
                flips += fx * dy - fy * dx
            flip = flips < 0
            bends = [c.toes for c in chains]
            shapes = (
                tuple(body.foot(b) for b in bends) if len({round(b) for b in bends}) > 1 else (body.foot(bends[0]),)
            )
            outline = Outline("s" + far, shapes)
            if not flip:
                return rotating([a - b - 90 for a, b in zip(turns, second, strict=True)], outline, coarse=True)
            return rotating(
                [a + 90 - b for a, b in zip(turns, second, strict=True)],
                Group("scale", ((-1.0, 1.0),), (outline,)),
                coarse=True,
            )
        turns, sizes = [], []
        for i, chain in enumerate(chains):
            foot = chain.frames[2]
            x, y = self.limb_way(name, i, plus(scaled(foot.forward, 40), foot.up, -12))
            turns.append(math.degrees(math.atan2(-x, y)))
            sizes.append(min(1.25, max(0.62, math.hypot(x, y) / 28)))
        return rotating(
            [a - b for a, b in zip(turns, second, strict=True)],
            *flattened(sizes, Outline("s" + far, (along(body.FACING["foot"]),))),
            coarse=True,
        )

    def muscles(self, name: str, part: str, side: bool) -> list[Node]:
        return [
            node
            for shape, mirror in self.muscle_shapes(name, part, side)
            for node in limb_facing(mirror, Outline("m", (along(shape),)))
        ]

    def muscle_shapes(self, name: str, part: str, side: bool) -> list[tuple[Path, bool]]:
        """The outlines of working muscles on a limb's part, and whether each is the other way round."""
        out: list[tuple[Path, bool]] = []
        if self.camera.side and self.far(name) and not any(m.endswith("." + name[-1]) for m in self.figure.muscles):
            return out
        for muscle in self.figure.muscles:
            bare, _, only = muscle.partition(".")
            if only not in ("", name[-1]) or bare not in body.LIMB_MUSCLES:
                continue
            on, path, front = body.LIMB_MUSCLES[bare]
            if bare == "glutes" and not side and self.figure.view == "back":
                front = body.ellipse(0, -6, 17, 20)
            if bare == "hamstrings" and not side and self.figure.view == "back":
                front = body.ellipse(0, 48, 11, 34)
            if on == part and (shape := path if side else front) is not None:
                mirror = not side and bare in ("abductors", "adductors") and self.outer_is_left(name)
                out.append((shape, mirror))
        return out

    def outer_is_left(self, name: str) -> bool:
        sign = 1 if name[-1] == "R" else -1
        way = 0.0
        for s in self.keys:
            frame = s.limbs[name].frames[0]
            ox, oy = self.camera.see(scaled(frame.right, sign))
            wx, wy = self.camera.see(scaled(frame.up, -1))
            way += ox * wy - oy * wx
        return way < 0

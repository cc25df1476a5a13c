"""From skeletons to shapes: which part lies over which, and what moves with what.

The whole body sits in one group that moves and turns with the pelvis, so that a rigid trunk costs no bytes.
"""

from __future__ import annotations

from exercises.figures.limbs import Limbs
from exercises.figures.pose import LIMBS
from exercises.figures.shapes import Node, moved, rotating
from exercises.figures.space import minus, scaled
from exercises.figures.trunk import Trunk


class Artist(Limbs, Trunk):
    """Draws one sequence of skeletons: the frames of a loop, or a single pose."""

    def person(self, *, behind: tuple[Node, ...] = (), upright_legs: bool = False) -> Node:
        """The whole body. Legs either turn with the pelvis or hang free of it: one of the two costs fewer bytes."""
        self.upright_legs = upright_legs
        parts = {**{name: self.either(name) for name in LIMBS}, **self.trunk()}
        runs: list[list[Node]] = [[*behind]]
        turned = [True]
        for name in self.order():
            with_pelvis = not (upright_legs and name[:3] == "leg")
            if with_pelvis != turned[-1]:
                runs.append([])
                turned.append(with_pelvis)
            runs[-1].append(parts[name])
        inner: list[Node] = []
        for run, turns in zip(runs, turned, strict=True):
            if run:
                inner += [rotating(self.leans, *run)] if turns else run
        return moved(self.roots, *inner)

    def nearness(self, name: str) -> float:
        """How much nearer to the viewer than the trunk a limb is, on the whole."""
        total = 0.0
        for s in self.keys:
            chain = s.limbs[name]
            middle = s.section(50).at if name[:3] == "arm" else s.root
            total += sum(self.camera.nearness(minus(p, middle)) for p in chain.places[1:]) / 2
        return total / len(self.keys)

    def order(self) -> list[str]:
        figure, near = self.figure, {name: self.nearness(name) for name in LIMBS}
        legs = sorted(("leg.R", "leg.L"), key=lambda n: near[n])
        arms = sorted(("arm.R", "arm.L"), key=lambda n: near[n])
        flexed = max(
            s.pelvis.inside(scaled(c.frames[0].up, -1))[0]
            for s in self.keys
            for n, c in s.limbs.items()
            if n[:3] == "leg"
        )
        straight = figure.shirt == "over" or (figure.shirt != "under" and flexed < 0.6)
        if self.camera.side:
            far_arm, near_arm, far_leg, near_leg = arms[0], arms[1], legs[0], legs[1]
            middle = ["pelvis", near_leg, "head", "trunk"] if straight else ["pelvis", "head", "trunk", near_leg]
            order = [far_arm, far_leg, *middle, near_arm]
        else:
            away = sum(self.camera.nearness(s.pelvis.up) for s in self.keys) / len(self.keys)
            thighs = sum(near[n] for n in legs) / 2
            body_parts = ["pelvis", *legs, "trunk"] if straight or thighs < -20 else ["pelvis", "trunk", *legs]
            if away > 0.5:  # the head is nearer than the feet: seen from above the head
                body_parts = [*legs, "pelvis", "trunk"]
            order = [n for n in arms if near[n] < -14] + body_parts + [n for n in arms if near[n] >= -14]
            at = order.index("trunk")
            # a head that nods towards the viewer is before the shirt, one that lies further back behind it
            nod = sum(self.camera.nearness(minus(s.head.at, s.section(100).at)) for s in self.keys) / len(self.keys)
            order.insert(at + 1 if nod > 8 else at, "head")
        for name in figure.over:
            order.remove(name)
            order.append(name)
        for name in reversed(figure.under):
            order.remove(name)
            order.insert(0, name)
        return order

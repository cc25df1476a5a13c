"""The solved body: every joint as a place in the world."""

from __future__ import annotations

import math
from dataclasses import dataclass

from exercises.figures import body
from exercises.figures.space import Frame, Vec, mixed, plus

STEP = 4.0  # of spine height, between two places on its curve


@dataclass(frozen=True)
class Section:
    """The trunk at one height: where its mid line runs and which way it faces there."""

    at: Vec
    frame: Frame


@dataclass(frozen=True)
class Chain:
    """A solved limb: hip knee ankle, or shoulder elbow wrist; and the frames of its three parts."""

    places: tuple[Vec, Vec, Vec]
    frames: tuple[Frame, Frame, Frame]
    toes: float = 0.0  # how far the toes are bent up


@dataclass(frozen=True)
class Skeleton:
    pelvis: Frame
    root: Vec
    spine: tuple[Section, ...]
    neck: Section
    head: Section
    limbs: dict[str, Chain]
    points: dict[str, Vec]
    belly: float
    seat: float

    def section(self, s: float) -> Section:
        """The trunk at a height along the spine; below the hips it runs straight on."""
        if s <= 0:
            return Section(plus(self.root, self.pelvis.up, s * body.SPINE_STRETCH), self.pelvis)
        i = min(len(self.spine) - 2, int(s / STEP))
        share = s / STEP - i
        a, b = self.spine[i], self.spine[i + 1]
        return Section(mixed(a.at, b.at, share), a.frame if share < 0.5 else b.frame)

    def front(self, s: float) -> float:
        return body.at_height(body.FRONT, s) + self.belly * math.exp(-(((s - 36) / 18) ** 2))

    def back(self, s: float) -> float:
        return body.at_height(body.BACK, s) + self.seat * math.exp(-(((s + 2) / 14) ** 2))

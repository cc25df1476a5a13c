"""Vectors and frames. The world: x forward (to the right of a side view), y up, z to the person's right, in units.

A standing person is 400 units tall. Angles are degrees everywhere outside this file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Vec = tuple[float, float, float]
Point = tuple[float, float]
X: Vec = (1.0, 0.0, 0.0)
Y: Vec = (0.0, 1.0, 0.0)
Z: Vec = (0.0, 0.0, 1.0)
ORIGIN: Vec = (0.0, 0.0, 0.0)


def plus(a: Vec, b: Vec, times: float = 1.0) -> Vec:
    return (a[0] + b[0] * times, a[1] + b[1] * times, a[2] + b[2] * times)


def minus(a: Vec, b: Vec) -> Vec:
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def scaled(a: Vec, times: float) -> Vec:
    return (a[0] * times, a[1] * times, a[2] * times)


def dot(a: Vec, b: Vec) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vec, b: Vec) -> Vec:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def length(a: Vec) -> float:
    return math.sqrt(dot(a, a))


def unit(a: Vec) -> Vec:
    return scaled(a, 1 / (length(a) or 1.0))


def mixed(a: Vec, b: Vec, share: float) -> Vec:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def between(a: float, b: float, share: float) -> float:
    return a + (b - a) * share


def eased(share: float) -> float:
    """Smoothstep: starts and ends at rest, as a calm movement does."""
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def rotated(p: Point, degrees: float) -> Point:
    """Turned as SVG turns: clockwise on the screen, where y runs down."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return (p[0] * c - p[1] * s, p[0] * s + p[1] * c)


def turn(degrees: float) -> float:
    """The same turn, between -180 and 180."""
    return (degrees + 180) % 360 - 180


@dataclass(frozen=True)
class Frame:
    """Three unit vectors that say which way a body part faces. A limb hangs along -up."""

    forward: Vec = X
    up: Vec = Y
    right: Vec = Z

    def flexed(self, degrees: float) -> Frame:
        """What hangs below swings forward; a trunk leans back."""
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        f, u = self.forward, self.up
        return Frame(plus(scaled(f, c), u, s), plus(scaled(u, c), f, -s), self.right)

    def abducted(self, degrees: float) -> Frame:
        """What hangs below swings to the right; a trunk tilts to the left."""
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        u, r = self.up, self.right
        return Frame(self.forward, plus(scaled(u, c), r, -s), plus(scaled(r, c), u, s))

    def turned(self, degrees: float) -> Frame:
        """The front turns to the right, about the part's own length."""
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        f, r = self.forward, self.right
        return Frame(plus(scaled(f, c), r, s), self.up, plus(scaled(r, c), f, -s))

    def inside(self, v: Vec) -> Vec:
        """The world vector as (forward, up, right) parts of this frame."""
        return (dot(v, self.forward), dot(v, self.up), dot(v, self.right))

    def outside(self, v: Vec) -> Vec:
        return plus(plus(scaled(self.forward, v[0]), self.up, v[1]), self.right, v[2])


WORLD = Frame()


def relative(part: Frame, parent: Frame) -> Frame:
    return Frame(parent.inside(part.forward), parent.inside(part.up), parent.inside(part.right))


def absolute(part: Frame, parent: Frame) -> Frame:
    return Frame(parent.outside(part.forward), parent.outside(part.up), parent.outside(part.right))


def spun(v: Vec, axis: Vec, radians: float) -> Vec:
    c, s = math.cos(radians), math.sin(radians)
    return plus(plus(scaled(v, c), cross(axis, v), s), axis, dot(axis, v) * (1 - c))


def frames_between(a: Frame, b: Frame, share: float) -> Frame:
    """The shortest turn from a to b, part of the way."""
    step = relative(b, a)
    cosine = (step.forward[0] + step.up[1] + step.right[2] - 1) / 2
    angle = math.acos(max(-1.0, min(1.0, cosine)))
    if angle < 1e-6:
        return a
    axis = (step.up[2] - step.right[1], step.right[0] - step.forward[2], step.forward[1] - step.up[0])
    if length(axis) < 1e-6:
        axis = (0.0, 0.0, 1.0)
    # the frame's parts are (forward, up, right) = right-handed, so the usual axis of a rotation matrix holds
    axis = unit(a.outside(unit(axis)))
    return Frame(*(spun(v, axis, angle * share) for v in (a.forward, a.up, a.right)))

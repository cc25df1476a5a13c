"""From key poses to frames: an even grid of moments, eased in and out, that loops.

Hands and feet that stay where they are in two neighbouring poses are solved again in every frame, so they do not slide.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from exercises.figures.pose import (
    LIMBS,
    Angle,
    Angles,
    Bend,
    Figure,
    Girdle,
    Limb,
    Pose,
    PoseError,
    Problem,
    Put,
    Reach,
)
from exercises.figures.skeleton import Skeleton
from exercises.figures.solve import angles_of, limb_bases, problems, solve
from exercises.figures.space import between, eased, mixed, turn

GRIDS: Final = (0.6, 0.45, 0.36, 0.3, 0.24, 0.2, 0.15, 0.12)  # seconds between two frames


@dataclass(frozen=True)
class Film:
    figure: Figure
    keys: tuple[Skeleton, ...]
    frames: tuple[Skeleton, ...]  # the last one is the first again
    poses: tuple[Pose, ...]
    marks: tuple[int, ...]  # frames at which a pose is reached or left
    starts: tuple[int, ...]  # the frame at which each pose of the order is reached, and the last frame
    seconds: float
    outlined: frozenset[str] = (
        frozenset()
    )  # limbs that are drawn as changing outlines, for else their end would slide

    @property
    def still(self) -> bool:
        return len(self.frames) < 2


def solved(pose: Pose, line: int | None = None) -> Skeleton:
    try:
        skeleton = solve(pose)
    except PoseError as error:
        if line is None:
            raise
        raise PoseError(
            *(Problem(p.line or line, f"On the way into this pose: {p.message}") for p in error.problems)
        ) from error
    if found := problems(pose, skeleton):
        raise PoseError(
            *(
                Problem(p.line, p.message if line is None else f"On the way between two poses: {p.message}")
                for p in found
            )
        )
    return skeleton


def film(figure: Figure, grid: float | None = None) -> Film:
    """All frames of the loop. Raises PoseError for a pose, or a way between two, that a body cannot do."""
    found: list[Problem] = []
    keys: list[Skeleton] = []
    for pose in figure.keys:
        try:
            keys.append(solved(pose))
        except PoseError as error:
            found.extend(error.problems)
    if found:
        raise PoseError(*dict.fromkeys(found))
    order = figure.order
    if len(order) == 1:
        return Film(figure, tuple(keys), (keys[0],), (figure.keys[0],), (0,), (0,), 0.0)
    step = grid or usual_grid(figure)
    poses: list[Pose] = []
    marks: list[int] = []
    starts: list[int] = []
    for n, i in enumerate(order):
        j = order[(n + 1) % len(order)]
        starts.append(len(poses))
        marks.append(len(poses))
        if count := round(figure.keys[i].hold / step):
            poses += [figure.keys[i]] * count
            marks.append(len(poses))
        moves = max(2, round(figure.keys[j].move / step))
        for q in range(moves):
            share = q / moves
            poses.append(
                blend(figure.keys[i], figure.keys[j], keys[i], keys[j], share if figure.linear else eased(share))
            )
    starts.append(len(poses))
    marks.append(len(poses))
    poses.append(figure.keys[order[0]])
    known = {id(pose): keys[i] for i, pose in enumerate(figure.keys)}
    frames = tuple(known.get(id(pose)) or solved(pose, pose.line) for pose in poses)
    return Film(figure, tuple(keys), frames, tuple(poses), tuple(marks), tuple(starts), (len(poses) - 1) * step)


def usual_grid(figure: Figure) -> float:
    quickest = min(pose.move for pose in figure.keys)
    return next((g for g in GRIDS if quickest / g >= (3 if figure.linear else 3.8)), GRIDS[-1])


# ------------------------------------------------------------------------------------------------ between two poses
def blend(a: Pose, b: Pose, solved_a: Skeleton, solved_b: Skeleton, share: float) -> Pose:
    if share <= 0:
        return a
    if share >= 1:
        return b
    limbs: dict[str, Limb] = {}
    for name in LIMBS:
        one, two = a.limbs[name], b.limbs[name]
        if isinstance(one, Reach) and isinstance(two, Reach) and alike(one, two):
            limbs[name] = reach_between(one, two, share)
        elif isinstance(one, Angles) and isinstance(two, Angles) and fixed(one) == fixed(two):
            limbs[name] = angles_between(one, two, share)
        else:
            kind, sign = name[:3], 1 if name[-1] == "R" else -1
            found = [
                angles_of(kind, s.limbs[name], limb_bases(p, s)[name][1], sign)
                for p, s in ((a, solved_a), (b, solved_b))
            ]
            limbs[name] = replace(angles_between(*continued(*found), share), line=two.line)
    return replace(
        b,
        trunk=bend_between(a.trunk, b.trunk, share),
        lumbar=bend_between(a.lumbar, b.lumbar, share),
        thoracic=bend_between(a.thoracic, b.thoracic, share),
        neck=bend_between(a.neck, b.neck, share),
        head=between(a.head, b.head, share),
        belly=between(a.belly, b.belly, share),
        seat=between(a.seat, b.seat, share),
        girdle={
            s: Girdle(
                between(a.girdle[s].up, b.girdle[s].up, share),
                between(a.girdle[s].forward, b.girdle[s].forward, share),
            )
            for s in a.girdle
        },
        limbs=limbs,
        puts=puts_between(a, b, solved_a, solved_b, share),
    )


def alike(a: Reach, b: Reach) -> bool:
    grounded = {"flat", "ball", "heel"}
    return a.on == b.on and (
        a.rest == b.rest
        or {a.rest, b.rest} <= grounded
        or ({a.rest, b.rest} <= {"along", "point"} and a.rest == b.rest)
    )


def fixed(limb: Angles) -> tuple[bool, ...]:
    return tuple(joint.fixed for joint in limb.joints)


def bend_between(a: Bend, b: Bend, share: float) -> Bend:
    return Bend(
        between(a.bend, b.bend, share), between(a.side, b.side, share), between(a.turn, b.turn, share), b.line
    )


def angles_between(a: Angles, b: Angles, share: float) -> Angles:
    joints = tuple(
        Angle(between(x.degrees, y.degrees, share), y.fixed) for x, y in zip(a.joints, b.joints, strict=True)
    )
    return Angles(
        (joints[0], joints[1], joints[2]), between(a.out, b.out, share), between(a.turn, b.turn, share), b.line
    )


def continued(a: Angles, b: Angles) -> tuple[Angles, Angles]:
    """The second limb's angles written so that each turns the short way from the first."""
    near = tuple(Angle(x.degrees + turn(y.degrees - x.degrees)) for x, y in zip(a.joints, b.joints, strict=True))
    return a, replace(b, joints=(near[0], near[1], near[2]), turn=a.turn + turn(b.turn - a.turn))


def reach_between(a: Reach, b: Reach, share: float) -> Reach:
    angle = b.angle
    if b.rest == "pedal":
        angle = a.angle + ((b.angle - a.angle) % 360) * share
    elif a.rest == b.rest:
        angle = between(a.angle, b.angle, share)
    rest = b.rest
    if a.rest != b.rest:  # a foot that goes from flat to its ball, or back
        rest = a.rest if b.rest == "flat" else b.rest
        angle = between(0.0 if a.rest == "flat" else a.angle, 0.0 if b.rest == "flat" else b.angle, share)
        if "flat" not in (a.rest, b.rest):  # from the ball to the heel through the flat foot
            rest, angle = (a.rest, a.angle * (1 - 2 * share)) if share < 0.5 else (b.rest, b.angle * (2 * share - 1))
    bend = b.bend if share > 0.5 else a.bend
    return Reach(
        mixed(a.at, b.at, share),
        b.on,
        rest,
        angle,
        between(a.turn, b.turn, share),
        bend,
        between(a.bend_by, b.bend_by, share),
        b.line,
    )


def puts_between(a: Pose, b: Pose, solved_a: Skeleton, solved_b: Skeleton, share: float) -> tuple[Put, ...]:
    same = [(p.point, p.x is None, p.y is None, p.z is None) for p in a.puts] == [
        (p.point, p.x is None, p.y is None, p.z is None) for p in b.puts
    ]
    if not same:
        x, y, z = mixed(solved_a.root, solved_b.root, share)
        return (Put("hip", x, y, z, b.line),)

    def place(x: float | None, y: float | None) -> float | None:
        return None if x is None or y is None else between(x, y, share)

    return tuple(
        Put(q.point, place(p.x, q.x), place(p.y, q.y), place(p.z, q.z), q.line)
        for p, q in zip(a.puts, b.puts, strict=True)
    )


def resting(figure: Figure, i: int, j: int) -> list[str]:
    """Limbs whose end rests on one place of the world from pose i to pose j."""
    out = []
    for name in LIMBS:
        a, b = figure.keys[i].limbs[name], figure.keys[j].limbs[name]
        if (
            isinstance(a, Reach)
            and isinstance(b, Reach)
            and not a.on
            and not b.on
            and math.dist(a.at, b.at) < 0.01
            and a.rest == b.rest
            and a.angle == b.angle
        ):
            out.append(name)
    return out

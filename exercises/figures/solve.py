"""From a pose to a skeleton: every joint as a place in the world. Targets that cannot be reached are errors, never bent to fit.

The order: the trunk's curve hangs on the pelvis; limbs given by angles follow it; `put` then moves the whole body; limbs
given by their end are solved last (two bones and a target leave one freedom, the way the knee or elbow points).
"""

from __future__ import annotations

import math
from dataclasses import replace

from exercises.figures import body
from exercises.figures.places import named_points, place_on_body
from exercises.figures.pose import LIMBS, Angle, Angles, Bend, Limb, Pose, Problem, Reach, refuse
from exercises.figures.skeleton import STEP, Chain, Section, Skeleton
from exercises.figures.space import (
    ORIGIN,
    WORLD,
    Frame,
    Vec,
    cross,
    dot,
    length,
    minus,
    plus,
    scaled,
    spun,
    turn,
    unit,
)

REACH_SLACK = 0.6


def solve(pose: Pose) -> Skeleton:
    pelvis = WORLD.flexed(-pose.trunk.bend).abducted(-pose.trunk.side).turned(pose.trunk.turn)
    draft = trunk(pose, pelvis, ORIGIN)
    bases = limb_bases(pose, draft)
    chains: dict[str, Chain] = {}
    for name, limb in pose.limbs.items():
        if isinstance(limb, Angles):
            chains[name] = by_angles(name, limb, *bases[name])
    root = stand_where_put(pose, named_points(draft, chains))
    whole = shifted(draft, root)
    bases = limb_bases(pose, whole)
    chains = {}
    later = [n for n in LIMBS if hangs_on_arm(pose.limbs[n])]
    for name in [*(n for n in LIMBS if n not in later), *later]:
        limb = pose.limbs[name]
        chains[name] = (
            by_angles(name, limb, *bases[name])
            if isinstance(limb, Angles)
            else by_reach(name, limb, *bases[name], whole, chains)
        )
    return Skeleton(
        pelvis, root, whole.spine, whole.neck, whole.head, chains, named_points(whole, chains), pose.belly, pose.seat
    )  # fmt: skip


def hangs_on_arm(limb: Limb) -> bool:
    return isinstance(limb, Reach) and limb.on.partition(".")[0] in ("hand", "wrist", "elbow", "upper-arm")


# ------------------------------------------------------------------------------------------------ trunk and head
def trunk(pose: Pose, pelvis: Frame, root: Vec) -> Skeleton:
    sections = [Section(root, pelvis)]
    at = root
    for i in range(1, 31):
        low, high = pelvis_bent(pelvis, pose, (i - 0.5) * STEP), pelvis_bent(pelvis, pose, i * STEP)
        at = plus(at, low.up, STEP * body.SPINE_STRETCH)
        sections.append(Section(at, high))
    chest = pelvis_bent(pelvis, pose, 116)
    neck = pose.neck
    neck_frame = chest.flexed(-(12 + neck.bend * 0.55)).abducted(-neck.side * 0.5).turned(neck.turn * 0.5)
    head_frame = chest.flexed(-(neck.bend + pose.head)).abducted(-neck.side).turned(neck.turn)
    draft = Skeleton(pelvis, root, tuple(sections), sections[0], sections[0], {}, {}, pose.belly, pose.seat)
    neck_at = draft.section(body.NECK_AT).at
    head_at = plus(neck_at, neck_frame.up, body.NECK)
    return Skeleton(
        pelvis, root, tuple(sections), Section(neck_at, neck_frame), Section(head_at, head_frame), {}, {}, pose.belly, pose.seat
    )  # fmt: skip


def shifted(draft: Skeleton, by: Vec) -> Skeleton:
    """The same trunk and head, elsewhere."""

    def there(section: Section) -> Section:
        return Section(plus(section.at, by), section.frame)

    return replace(
        draft,
        root=plus(draft.root, by),
        spine=tuple(there(section) for section in draft.spine),
        neck=there(draft.neck),
        head=there(draft.head),
    )


def pelvis_bent(pelvis: Frame, pose: Pose, s: float) -> Frame:
    low, high = body.lumbar_share(s), body.thoracic_share(s)
    a, b = pose.lumbar, pose.thoracic
    if not (low or high):
        return pelvis
    return (
        pelvis.flexed(-(a.bend * low + b.bend * high))
        .abducted(-(a.side * low + b.side * high))
        .turned(a.turn * low + b.turn * high)
    )


def limb_bases(pose: Pose, draft: Skeleton) -> dict[str, tuple[Vec, Frame]]:
    chest = draft.section(body.SHOULDER_AT)
    out: dict[str, tuple[Vec, Frame]] = {}
    for side, sign in (("R", 1), ("L", -1)):
        out[f"leg.{side}"] = (plus(draft.root, draft.pelvis.right, sign * body.HIP_OUT), draft.pelvis)
        girdle = pose.girdle[side]
        at = plus(chest.at, chest.frame.right, sign * (body.SHOULDER_OUT - abs(girdle.forward) * 0.25))
        at = plus(plus(at, chest.frame.up, girdle.up), chest.frame.forward, 1 + girdle.forward)
        out[f"arm.{side}"] = (at, chest.frame)
    return out


def stand_where_put(pose: Pose, points: dict[str, Vec]) -> Vec:
    root = ORIGIN
    for put in pose.puts:
        if put.point not in points:
            raise refuse(
                put.line, f"{put.point} cannot be put: its limb is placed by its end. Put a point of the trunk."
            )
        now = plus(points[put.point], root)
        wanted = [now[i] if v is None else v for i, v in enumerate((put.x, put.y, put.z))]
        root = plus(root, minus((wanted[0], wanted[1], wanted[2]), now))
    return root


# ------------------------------------------------------------------------------------------------ limbs
def by_angles(name: str, limb: Angles, base: Vec, parent: Frame) -> Chain:
    kind, sign = name[:3], 1 if name[-1] == "R" else -1
    first, second, third = limb.joints
    upper = (
        (WORLD if first.fixed else parent).flexed(first.degrees).abducted(sign * limb.out).turned(sign * limb.turn)
    )
    lower = (
        WORLD.flexed(second.degrees)
        if second.fixed
        else upper.flexed(-second.degrees if kind == "leg" else second.degrees)
    )
    if third.fixed:
        end = WORLD.flexed(third.degrees - 90 if kind == "leg" else third.degrees)
    else:
        end = lower.flexed(third.degrees)
    return chained(kind, base, upper, lower, end)


def chained(kind: str, base: Vec, upper: Frame, lower: Frame, end: Frame, toes: float = 0.0) -> Chain:
    a, b = body.LENGTHS[kind]
    middle = plus(base, upper.up, -a)
    return Chain((base, middle, plus(middle, lower.up, -b)), (upper, lower, end), toes)


def by_reach(name: str, limb: Reach, base: Vec, parent: Frame, draft: Skeleton, chains: dict[str, Chain]) -> Chain:
    kind, sign = name[:3], 1 if name[-1] == "R" else -1
    end, toes = end_frame(kind, limb, sign)
    target = place_on_body(limb, draft, chains, sign) if limb.on else end_joint(kind, limb, end)
    a, b = body.LENGTHS[kind]
    way = minus(target, base)
    far = length(way)
    if kind == "arm" and far > a + b - 0.5:
        base = plus(base, unit(way), min(body.SHOULDER_GIVE, far - a - b + 0.5))
        way = minus(target, base)
        far = length(way)
    if far > a + b + REACH_SLACK or far < abs(a - b) + 8:
        whose = f"{'right' if sign > 0 else 'left'} {'foot' if kind == 'leg' else 'hand'}"
        off = f"{far - a - b:.0f} units too far away" if far > a + b else "too close to the body"
        raise refuse(limb.line, f"The {whose} cannot get there: the place is {off}.")
    far = min(far, a + b - 0.01)
    along = unit(way)
    pole = pole_of(kind, limb, parent, sign, along)
    share = (a * a + far * far - b * b) / (2 * far)
    middle = plus(plus(base, along, share), pole, math.sqrt(max(0.0, a * a - share * share)))
    # the front of a thigh is where the knee points; the front of an upper arm is away from the elbow
    facing = pole if kind == "leg" else scaled(pole, -1)
    upper = limb_frame(minus(middle, base), facing)
    lower = limb_frame(minus(plus(base, along, far), middle), facing)
    if end is None:
        end = lower
    return Chain((base, middle, plus(base, along, far)), (upper, lower, end), toes)


def limb_frame(way: Vec, facing: Vec) -> Frame:
    up = unit(scaled(way, -1))
    forward = unit(plus(facing, up, -dot(facing, up)))
    return Frame(forward, up, cross(forward, up))


def end_frame(kind: str, limb: Reach, sign: int) -> tuple[Frame | None, float]:
    if kind == "arm":
        return (WORLD.flexed(limb.angle) if limb.rest in ("flat", "point") else None), 0.0
    faced = WORLD.turned(sign * limb.turn)
    if limb.rest == "ball":
        return faced.flexed(-limb.angle), limb.angle
    if limb.rest == "heel":
        return faced.flexed(limb.angle), 0.0
    if limb.rest == "point":
        return faced.flexed(limb.angle - 90), 0.0
    return faced, 0.0


def end_joint(kind: str, limb: Reach, end: Frame | None) -> Vec:
    """Where the ankle or wrist is when the sole or palm rests on the place."""
    x, y, z = limb.at
    if kind == "arm":
        return (x, y + body.WRIST_HEIGHT, z) if limb.rest == "flat" else (x, y, z)
    if limb.rest == "point" or end is None:
        return (x, y, z)
    if limb.rest == "pedal":
        swing = math.radians(limb.angle)
        return (
            x + body.PEDAL * math.sin(swing) - body.BALL[0],
            y + body.PEDAL * math.cos(swing) + body.ANKLE_HEIGHT,
            z,
        )
    rests_on = {"ball": body.BALL, "heel": body.HEEL}.get(limb.rest)
    if rests_on is None:
        return (x, y + body.ANKLE_HEIGHT, z)
    # x says where the ankle would be with the foot flat: raising a heel does not move the foot
    level = WORLD.turned(0)
    flat_forward = unit((end.forward[0], 0.0, end.forward[2])) if abs(end.forward[1]) < 0.999 else level.forward
    contact = plus((x, y, z), flat_forward, rests_on[0])
    return plus(plus(contact, end.forward, -rests_on[0]), end.up, rests_on[1])


def pole_of(kind: str, limb: Reach, parent: Frame, sign: int, along: Vec) -> Vec:
    """The way the knee or elbow points, square to the line from joint to target.

    Unless told otherwise a limb bends about the body's left-right axis, as a hinge: wherever the target is in front,
    overhead or below, the knee then points forward and the elbow back.
    """
    out = scaled(parent.right, sign)
    hinge = cross(parent.right, along) if kind == "leg" else cross(along, parent.right)
    if length(hinge) < 0.2:  # the target lies straight to the side
        hinge = plus(
            hinge, parent.forward if kind == "leg" else plus(scaled(parent.forward, -1), parent.up, -1.0), 0.2
        )
    hinge = unit(plus(hinge, along, -dot(hinge, along)))
    if kind == "leg":
        return unit(spun(hinge, along, math.radians(limb.bend_by) * turning(hinge, out, along)))
    if not limb.bend:
        return hinge
    wanted = {
        "natural": plus(hinge, out, 0.7),
        "back": scaled(parent.forward, -1),
        "front": parent.forward,
        "down": scaled(parent.up, -1),
        "up": parent.up,
        "out": plus(out, hinge, 0.15),
        "in": plus(scaled(out, -1), hinge, 0.15),
    }[limb.bend]
    square = plus(wanted, along, -dot(wanted, along))
    return unit(square) if length(square) > 0.1 else hinge


def turning(hinge: Vec, out: Vec, along: Vec) -> int:
    """Which way round the limb's line leads outwards."""
    return 1 if dot(cross(along, hinge), out) >= 0 else -1


# ------------------------------------------------------------------------------------------------ angles back from a solved limb
def angles_of(kind: str, chain: Chain, parent: Frame, sign: int) -> Angles:
    """Clinical angles of a solved limb; they give the same limb again."""
    upper, lower, end = chain.frames
    f, u, r = parent.inside(scaled(upper.up, -1))
    out = math.degrees(math.asin(max(-1.0, min(1.0, sign * r))))
    flexion = math.degrees(math.atan2(f, -u)) if math.hypot(f, u) > 1e-6 else 0.0
    bare = parent.flexed(flexion).abducted(sign * out)
    swing = math.degrees(math.atan2(dot(upper.forward, bare.right), dot(upper.forward, bare.forward)))
    bend = hinge(upper, lower)
    last = hinge(lower, end)
    return Angles((Angle(flexion), Angle(-bend if kind == "leg" else bend), Angle(last)), out, sign * swing)


def hinge(part: Frame, next_part: Frame) -> float:
    """How far the next part has swung forward about the part's own axis."""
    f, u, _ = part.inside(scaled(next_part.up, -1))
    return math.degrees(math.atan2(f, -u))


def problems(pose: Pose, skeleton: Skeleton) -> list[Problem]:
    """Joints that are beyond their range."""
    found: list[Problem] = []

    def hold(name: str, value: float, line: int, what: str = "") -> None:
        low, high = body.LIMITS[name]
        if not low - 0.5 <= value <= high + 0.5:
            found.append(
                Problem(
                    line or pose.line,
                    f"{what or name.capitalize()} would be {value:.0f} degrees; {low:.0f} to {high:.0f} is possible.",
                )
            )

    for region in ("lumbar", "thoracic", "neck"):
        bend: Bend = getattr(pose, region)
        hold(f"{region} bend", bend.bend + (pose.head if region == "neck" else 0), bend.line)
        hold(f"{region} side bend", bend.side, bend.line)
        hold(f"{region} turn", bend.turn, bend.line)
    parents = limb_bases(pose, skeleton)
    for name in LIMBS:
        kind, sign = name[:3], 1 if name[-1] == "R" else -1
        whose = "right" if sign > 0 else "left"
        chain, line = skeleton.limbs[name], pose.limbs[name].line
        angles = angles_of(kind, chain, parents[name][1], sign)
        first, second, third = (a.degrees for a in angles.joints)
        steep = abs(angles.out) > 75
        if kind == "leg":
            if not steep:
                hold("hip flexion", first, line, f"The {whose} hip's flexion")
                if abs(second) > 8:  # a straight leg does not show which way its thigh is turned
                    hold("hip turn", turn(angles.turn), line, f"The {whose} hip's turn")
            hold("hip abduction", angles.out, line, f"The {whose} hip's angle outwards")
            hold("knee", turn(second), line, f"The {whose} knee")
            hold("ankle", turn(third), line, f"The {whose} ankle")
        else:
            if abs(angles.out) < 55:
                behind = first + 360 if first < -160 else first
                hold("shoulder behind", behind, line, f"The {whose} shoulder")
            hold("elbow", turn(second), line, f"The {whose} elbow")
            hold("wrist", turn(third), line, f"The {whose} wrist")
    return found

"""Statements that place the body: trunk and spine, limbs by angles or by where their end is, and `put`."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from exercises.figures.body import HIP_OUT, SHOULDER_OUT
from exercises.figures.pose import PLACES, SIDES, Angle, Angles, Bend, Girdle, Limb, Pose, Put, Reach, refuse
from exercises.figures.words import Words

BASES: Final[dict[str, str]] = {
    "stand": "put hip 0 204; foot at 0; arm 0 6",
    "sit": "put hip 0 114; foot at 97; hand on thigh",
    "long-sit": "put hip 0 28; leg @90 0 0; hand on thigh",
    "supine": "trunk -90; neck 3; put back -92 4; leg @90 0 @172; arm @84 @90 @90",
    "hook": "trunk -90; neck 3; put back -92 4; foot at 98; arm @80 @88 @90",
    "tabletop": "trunk -90; neck 3; put back -92 4; leg 90 90 0; arm @80 @88 @90",
    "prone": "trunk 90; neck -14; put groin 0 3; leg @-86 0 @-66; arm @-86 @-88 @-90",
    "quad": "trunk 75; neck -4; put knee.R 0 16; leg @0 @-90 -60; hand at 107 elbow back",
    "kneel": "put knee.R 0 16; leg @0 @-90 -60; arm 0 6",
    "half-kneel": "put knee.R 0 16; leg.R @0 @-90 -60; foot.L at 96; arm 0 6",
    "side-lie": "trunk 0 side 90; put flank.R 0 3 0; neck 0 side -8; leg 45 90 0; arm 90 4",
}
POSE_STATEMENTS: Final = ("trunk", "lumbar", "thoracic", "neck", "head", "belly", "seat", "put")
LIMB_STATEMENTS: Final = ("leg", "arm", "foot", "hand", "shoulder")


def said(pose: Pose, words: Words) -> Pose:
    """The pose after one more statement."""
    word = words.take("")
    if word in ("trunk", "lumbar", "thoracic", "neck"):
        bend = Bend(words.number(f"The {word} angle", -200, 200), line=words.line)
        while words:
            if words.choice("After the angle", ("side", "turn")) == "side":
                bend = replace(bend, side=words.number("The side bend", -180, 180))
            else:
                bend = replace(bend, turn=words.number("The turn", -180, 180))
        values: dict[str, object] = {word: bend}
        return replace(pose, **values)  # type: ignore[arg-type]
    if word in ("head", "belly", "seat"):
        values = {word: words.number(f"The {word}", -60, 60)}
        words.end()
        return replace(pose, **values)  # type: ignore[arg-type]
    if word == "put":
        return put(pose, words)
    name, _, side = word.partition(".")
    if side and side not in SIDES:
        raise refuse(words.line, f"“{word[:24]}”: the side is R (the person’s right) or L.")
    if name == "shoulder":
        girdle = shoulder(words)
        return replace(pose, girdle={**pose.girdle, **dict.fromkeys(side or "RL", girdle)})
    reading = {"leg": angles, "arm": angles, "foot": foot, "hand": hand}[name]
    for each in side or "RL":
        limb = reading(
            Words(" ".join(words.words), words.line), "leg" if name in ("leg", "foot") else "arm", each, bool(side)
        )
        pose = pose.with_limb(f"{'leg' if name in ('leg', 'foot') else 'arm'}.{each}", limb)
    return pose


def put(pose: Pose, words: Words) -> Pose:
    point = words.point()
    places: list[float | None] = []
    while words:
        if words.words[0] == "_":
            words.take("")
            places.append(None)
        else:
            places.append(words.number("A place"))
    if not 2 <= len(places) <= 3:
        raise refuse(
            words.line, "“put” wants a point and its x and height (and how far to the right); _ leaves one free."
        )
    new = Put(point, places[0], places[1], places[2] if len(places) == 3 else None, words.line)
    kept = (
        replace(
            old,
            x=old.x if new.x is None else None,
            y=old.y if new.y is None else None,
            z=old.z if new.z is None else None,
        )
        for old in pose.puts
    )
    return replace(pose, puts=(*(old for old in kept if (old.x, old.y, old.z) != (None, None, None)), new))


def shoulder(words: Words) -> Girdle:
    girdle = Girdle()
    while words:
        if words.choice("The shoulder", ("up", "forward")) == "up":
            girdle = replace(girdle, up=words.number("The shoulder’s lift", -15, 30))
        else:
            girdle = replace(girdle, forward=words.number("The shoulder’s way forward", -25, 25))
    return girdle


def angles(words: Words, kind: str, side: str, alone: bool) -> Limb:
    names = (
        ("The hip angle", "The knee angle", "The ankle angle")
        if kind == "leg"
        else ("The shoulder angle", "The elbow angle", "The wrist angle")
    )
    joints = [words.angle(names[0]), words.angle(names[1])]
    joints.append(
        words.angle(names[2]) if words and (words.is_number() or words.words[0].startswith("@")) else Angle()
    )
    limb = Angles((joints[0], joints[1], joints[2]), line=words.line)
    while words:
        if words.choice("After the angles", ("out", "turn")) == "out":
            limb = replace(limb, out=words.number("The angle outwards", -180, 180))
        else:
            limb = replace(limb, turn=words.number("The turn", -180, 180))
    return limb


def place(words: Words, kind: str, side: str, alone: bool, out: float) -> tuple[Reach, int]:
    spot = words.numbers(3, "A place")
    if not spot:
        raise refuse(words.line, "After “at” come x, height and how far to the right.")
    sign = 1 if side == "R" else -1
    z = (spot[2] if alone else sign * spot[2]) if len(spot) == 3 else sign * out
    return Reach(at=(spot[0], spot[1] if len(spot) > 1 else 0.0, z), line=words.line), len(spot)


def foot(words: Words, kind: str, side: str, alone: bool) -> Limb:
    words.choice("After “foot”", ("at",))
    reach, _ = place(words, kind, side, alone, HIP_OUT)
    reach = replace(reach, rest="flat")
    while words:
        if words.words[0].startswith("@"):
            reach = replace(reach, rest="point", angle=words.angle("The foot’s direction").degrees)
            continue
        option = words.choice("After the place", ("flat", "ball", "heel", "pedal", "turn", "knee"))
        if option == "flat":
            reach = replace(reach, rest="flat", angle=0.0)
        elif option == "turn":
            reach = replace(reach, turn=words.number("The toes’ turn outwards", -90, 90))
        elif option == "knee":
            reach = replace(reach, bend="knee", bend_by=words.number("The knee’s way outwards in degrees", -120, 120))
        else:
            reach = replace(
                reach,
                rest=option,
                angle=words.number(
                    f"The angle of the {option}", -360 if option == "pedal" else 0, 360 if option == "pedal" else 100
                ),
            )
    return reach


def hand(words: Words, kind: str, side: str, alone: bool) -> Limb:
    if words.choice("After “hand”", ("at", "on")) == "at":
        reach, given = place(words, kind, side, alone, SHOULDER_OUT)
        if given == 1:
            reach = replace(reach, rest="flat", angle=90.0)
    else:
        spot = words.take("A place on the body")
        name, _, other = spot.partition(".")
        if name not in PLACES or other not in ("", *SIDES):
            raise refuse(words.line, f"A hand cannot lie on “{spot[:24]}”: {', '.join(sorted(PLACES))}.")
        shift = words.numbers(3, "A shift")
        x, y, z = [*shift, 0.0, 0.0, 0.0][:3]
        reach = Reach(on=f"{name}.{other or side}", at=(x, y, z if alone or side == "R" else -z), line=words.line)
    while words:
        if words.words[0].startswith("@"):
            reach = replace(
                reach,
                rest="flat" if reach.rest == "flat" else "point",
                angle=words.angle("The hand’s direction").degrees,
            )
            continue
        option = words.choice("After the place", ("flat", "elbow"))
        if option == "flat":
            reach = replace(reach, rest="flat", angle=reach.angle if reach.rest in ("point", "flat") else 90.0)
        else:
            reach = replace(
                reach, bend=words.choice("The elbow", ("back", "out", "down", "up", "in", "front", "natural"))
            )
    return reach

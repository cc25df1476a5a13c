"""The body: lengths, ranges of movement and outlines, for a person of 400 units and seven and a half heads."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

from exercises.figures.space import Point, eased

THIGH: Final = 96.0
SHANK: Final = 93.0
ANKLE_HEIGHT: Final = 15.0  # ankle joint above the sole
UPPER_ARM: Final = 70.0
FOREARM: Final = 62.0
WRIST_HEIGHT: Final = 9.0  # wrist joint above a surface the palm lies on
GRIP: Final = 13.0  # wrist to the middle of the closed hand
SHOULDER_GIVE: Final = 14.0  # how far the shoulder blade lets the shoulder follow a hand that reaches
NECK: Final = 22.0
HIP_OUT: Final = 17.0  # hip joint from the middle of the body
SHOULDER_OUT: Final = 37.0
SHOULDER_AT: Final = 101.0  # heights along the spine are counted from the hip joints
NECK_AT: Final = 113.0
SPINE_STRETCH: Final = 1.08  # units of length for one step of spine height
BALL: Final[Point] = (27.0, 15.0)  # in the foot's own frame: forward, down
HEEL: Final[Point] = (-13.0, 15.0)
TOE: Final[Point] = (44.0, 13.0)
PEDAL: Final = 34.0

LENGTHS: Final = {"leg": (THIGH, SHANK), "arm": (UPPER_ARM, FOREARM)}

# lowest and highest angle; a healthy and supple adult, so that a pose beyond it is a slip of the pen
LIMITS: Final = {
    "hip flexion": (-38.0, 150.0),
    "hip abduction": (-45.0, 70.0),
    "hip turn": (-60.0, 88.0),
    "knee": (-3.0, 158.0),
    "ankle": (-72.0, 45.0),
    "shoulder behind": (-95.0, 205.0),
    "elbow": (-3.0, 156.0),
    "wrist": (-115.0, 115.0),
    "lumbar bend": (-45.0, 62.0),
    "lumbar side bend": (-35.0, 35.0),
    "lumbar turn": (-22.0, 22.0),
    "thoracic bend": (-40.0, 60.0),
    "thoracic side bend": (-40.0, 40.0),
    "thoracic turn": (-55.0, 55.0),
    "neck bend": (-75.0, 65.0),
    "neck side bend": (-48.0, 48.0),
    "neck turn": (-85.0, 85.0),
}

# the trunk's section at a height along the spine: how far it reaches behind, in front and to each side of the mid line
BACK: Final = (
    (-17, 24),
    (-6, 29.5),
    (10, 30),
    (27, 22),
    (46, 18),
    (66, 21.5),
    (86, 26.5),
    (101, 25),
    (112, 17),
    (118, 12),
)
FRONT: Final = ((-5, 21), (10, 25), (27, 26), (46, 26), (64, 27), (82, 27), (98, 22.5), (110, 15), (119, 9))
WIDTH: Final = (
    (-17, 22),
    (-8, 32),
    (2, 37),
    (12, 37.5),
    (30, 33),
    (48, 31),
    (66, 33.5),
    (86, 38.5),
    (100, 43),
    (109, 37),
    (115, 18),
    (119, 13),
)

Table = tuple[tuple[float, float], ...]


def at_height(table: Table, s: float) -> float:
    if s <= table[0][0]:
        return table[0][1]
    for (a, x), (b, y) in pairwise(table):
        if s <= b:
            return x + (y - x) * eased((s - a) / (b - a))
    return table[-1][1]


def lumbar_share(s: float) -> float:
    """How much of the lumbar bend has happened at this height."""
    return eased((s - 23) / 45)


def thoracic_share(s: float) -> float:
    return eased((s - 58) / 54)


# ------------------------------------------------------------------------------------------------ outlines
# A limb part hangs from its upper joint at 0,0 down +y, its front at +x. It is open at the joint, where the round end
# beneath it shows, so that a bend has no seam.
Path = list[tuple[str, list[Point]]]


def curve(*points: Point) -> Path:
    start, *rest = points
    return [("M", [start]), *(("C", list(three)) for three in zip(rest[::3], rest[1::3], rest[2::3], strict=True))]


def sized(path: Path, by: float) -> Path:
    return [(command, [(x * by, y * by) for x, y in points]) for command, points in path]


def ellipse(cx: float, cy: float, rx: float, ry: float) -> Path:
    k = 0.5523
    return curve(
        (cx - rx, cy), (cx - rx, cy - ry * k), (cx - rx * k, cy - ry), (cx, cy - ry), (cx + rx * k, cy - ry), (cx + rx, cy - ry * k),
        (cx + rx, cy), (cx + rx, cy + ry * k), (cx + rx * k, cy + ry), (cx, cy + ry), (cx - rx * k, cy + ry), (cx - rx, cy + ry * k), (cx - rx, cy),
    )  # fmt: skip


# fmt: off
SIDE: Final[dict[str, Path]] = {
    "thigh": curve((26, 2), (29, 30), (22, 64), (15, 96), (16, 117), (-15, 117), (-15.5, 96), (-16, 66), (-28, 46), (-29, 7)),
    "shank": curve((15, 0), (16, 30), (9, 64), (8.5, 93), (8, 104), (-9, 104), (-9, 93), (-8, 68), (-24, 52), (-15.5, 0)),
    "upper arm": curve((13, 0), (14, 22), (11, 46), (10, 70), (9, 82), (-10, 82), (-10.5, 70), (-11, 44), (-15, 24), (-14, 0)),
    "sleeve": curve((14.5, 0), (15.5, 14), (14.5, 22), (13.8, 33), (5, 36), (-6, 36), (-14.2, 33), (-16, 22), (-16, 10), (-15.5, 0)),
    "forearm": curve((10, 0), (13, 20), (7, 42), (6.5, 62), (5, 68), (-6, 68), (-6.5, 62), (-7, 42), (-12, 24), (-10.5, 0)),
    "hip end": ellipse(-1.5, 5, 27.5, 24),
}
FACING: Final[dict[str, Path]] = {
    "thigh": curve((21, -4), (21, 30), (17, 64), (14.5, 96), (15, 117), (-15, 117), (-14.5, 96), (-17, 64), (-21, 30), (-21, -4)),
    "shank": curve((14.5, 0), (19, 28), (10, 64), (8.5, 93), (8, 104), (-8, 104), (-8.5, 93), (-10, 64), (-19, 28), (-14.5, 0)),
    "upper arm": curve((12.5, 0), (13, 22), (11, 46), (10, 70), (9, 82), (-9, 82), (-10, 70), (-11, 46), (-13, 22), (-12.5, 0)),
    "sleeve": curve((15, 0), (16, 14), (15, 22), (13.5, 33), (5, 36), (-5, 36), (-13.5, 33), (-15, 22), (-16, 14), (-15, 0)),
    "forearm": curve((10, 0), (12, 20), (7, 42), (6.5, 62), (6, 68), (-6, 68), (-6.5, 62), (-7, 42), (-12, 20), (-10, 0)),
    "hip end": ellipse(0, 0, 21, 21),
    "foot": curve((8.5, -3), (11, 8), (15, 18), (12, 26), (8, 30), (-8, 30), (-12, 26), (-15, 18), (-11, 8), (-8.5, -3)),
}
HANDS: Final[dict[str, Path]] = {
    "flat": curve((6.5, -2), (7, 8), (6, 18), (3, 30), (2, 36), (-5, 36), (-7.5, 34), (-9, 28), (-8, 6), (-6.5, -2)),
    "open": curve((6.5, -1), (12, 3), (13, 11), (11, 15), (9, 17), (8, 13), (7, 11), (7, 20), (6, 36), (0, 36), (-6, 36), (-8, 22), (-6.5, -1)),
    "fist": curve((6.5, -1), (11, 2), (12, 8), (11, 14), (9, 22), (-9, 22), (-10, 12), (-10, 6), (-8, 2), (-6.5, -1)),
}
FOOT: Final = ((8.5, -3), (10, 4), (19, 3), (30, 6), (38, 7.5), (46, 8), (46, 12), (46, 16), (40, 15), (36, 15), (24, 15), (8, 14), (-3, 15), (-15, 16), (-18, 8), (-9, -5))
NECK_SHAPE: Final = curve((13, 9), (12, -5), (11, -12), (13, -24), (2, -30), (-8, -30), (-13, -24), (-12, -12), (-13, -3), (-16, 7))
NECK_FACING: Final = curve((16, 7), (11, 0), (11, -8), (11, -26), (4, -30), (-4, -30), (-11, -26), (-11, -8), (-11, 0), (-16, 7))
HEAD: Final = sized(curve(
    (-12, 2), (-20, -8), (-24, -22), (-22, -34), (-19, -50), (-4, -56), (7, -54), (18, -52), (24, -42), (23, -33), (23, -30), (25, -27), (29, -20),
    (30, -17), (27, -16), (24.5, -15.5), (25.5, -11), (25, -8), (24, -5), (24, -1), (19, 3), (15, 5), (10, 6), (4, 3), (0, 3), (-4, 4), (-9, 5), (-12, 2)), .93)
HAIR: Final = sized(curve(
    (-13, 0), (-24, -10), (-27, -26), (-23, -38), (-18, -54), (-2, -60), (10, -57), (19, -54), (24, -46), (23, -38), (14, -44), (6, -42), (2, -34),
    (1, -29), (2, -26), (-1, -24), (-5, -24), (-7, -20), (-6, -14), (-8, -9), (-9, -4), (-13, 0)), .93)
FACE: Final = sized(curve((0, 8), (-15, 7), (-22, -12), (-21, -30), (-20, -50), (-10, -56), (0, -56), (10, -56), (20, -50), (21, -30), (22, -12), (15, 7), (0, 8)), .93)
FRINGE: Final = sized(curve(
    (-21, -20), (-27, -44), (-15, -61), (0, -61), (15, -61), (27, -44), (21, -20), (20, -32), (15, -40), (4, -43), (-6, -41), (-18, -38), (-21, -20)), .93)
CROP: Final = sized(curve((0, 2), (-14, 2), (-24, -12), (-23, -32), (-22, -52), (-11, -61), (0, -61), (11, -61), (22, -52), (23, -32), (24, -12), (14, 2), (0, 2)), .93)
# fmt: on


def foot(bend: float) -> Path:
    """The foot from its outer side, toes bent up by an angle so that they lie flat when the heel is raised."""
    c, s = math.cos(math.radians(-bend)), math.sin(math.radians(-bend))
    points = [
        (27 + (x - 27) * c - (y - 14) * s, 14 + (x - 27) * s + (y - 14) * c) if x >= 30 else (x, y) for x, y in FOOT
    ]
    return curve(*points)


# ------------------------------------------------------------------------------------------------ working muscles
# on a limb seen from its outer side, and seen from the front
# fmt: off
LIMB_MUSCLES: Final[dict[str, tuple[str, Path, Path | None]]] = {
    "glutes": ("thigh", curve((-10, -22), (-24, -20), (-29, -6), (-28, 10), (-27, 22), (-25, 28), (-21, 38), (-12, 34), (-6, 20), (-5, 6), (-5, -6), (-5, -14), (-10, -22)), None),
    "abductors": ("thigh", ellipse(-3, -4, 13, 19), curve((19, -14), (23, -2), (22, 16), (18, 30), (10, 26), (8, 8), (12, -10), (15, -16), (17, -18), (19, -14))),
    "quads": ("thigh", curve((24, 14), (25, 40), (19, 66), (14, 86), (3, 74), (4, 34), (24, 14)), ellipse(0, 48, 12, 34)),
    "hamstrings": ("thigh", curve((-24, 18), (-23, 46), (-16, 66), (-14, 88), (-2, 76), (-6, 34), (-24, 18)), None),
    "adductors": ("thigh", ellipse(4, 34, 8, 26), curve((-18, 6), (-18, 30), (-15, 52), (-11, 70), (-4, 56), (-4, 26), (-10, 8), (-12, 4), (-16, 2), (-18, 6))),
    "hip-flexors": ("thigh", curve((24, -2), (26, 18), (24, 30), (21, 44), (8, 34), (10, 10), (24, -2)), ellipse(0, 12, 9, 22)),
    "calves": ("shank", curve((-16, 8), (-20, 28), (-18, 44), (-10, 64), (-2, 48), (-4, 20), (-16, 8)), ellipse(0, 34, 11, 26)),
    "shins": ("shank", curve((13, 14), (13, 34), (9, 56), (7, 76), (0, 60), (2, 30), (13, 14)), ellipse(0, 46, 5, 30)),
    "shoulders": ("sleeve", curve((8, -8), (13, 4), (12, 20), (4, 28), (-8, 26), (-13, 4), (-6, -9), (0, -13), (5, -12), (8, -8)), ellipse(0, 8, 11, 17)),
    "triceps": ("upper arm", curve((-11, 34), (-13, 42), (-11, 52), (-8, 64), (-1, 56), (-2, 40), (-11, 34)), ellipse(0, 52, 5, 16)),
    "biceps": ("upper arm", curve((11, 34), (13, 44), (10, 56), (8, 64), (1, 56), (2, 42), (11, 34)), ellipse(0, 52, 6, 16)),
    "forearms": ("forearm", ellipse(1, 22, 7, 18), ellipse(0, 22, 7, 18)),
}
# fmt: on
# on the trunk from the side: behind or in front, from height, to height, inset from the surface, depth
TRUNK_SIDE: Final[dict[str, tuple[int, float, float, float, float]]] = {
    "erectors": (-1, 19, 80, 2.5, 13),
    "upper-back": (-1, 72, 112, 2.5, 14),
    "lats": (-1, 44, 92, 5, 22),
    "abs": (1, 12, 76, 2.5, 12),
    "obliques": (1, 22, 72, 6, 22),
    "diaphragm": (1, 52, 76, 3, 34),
    "chest": (1, 76, 108, 2.5, 14),
}
# on the trunk from the front or the back: from height, to height, from, to (share of the half width), on both sides or across
TRUNK_FACING: Final[dict[str, tuple[float, float, float, float]]] = {
    "erectors": (14, 80, 0.1, 0.36),
    "upper-back": (72, 108, 0.12, 0.66),
    "lats": (44, 92, 0.4, 0.92),
    "abs": (14, 74, -0.32, 0.32),
    "obliques": (24, 74, 0.5, 0.92),
    "diaphragm": (54, 74, -0.7, 0.7),
    "chest": (80, 102, 0.14, 0.74),
}
MUSCLES: Final = frozenset({*LIMB_MUSCLES, *TRUNK_SIDE, "neck"})

"""What a pose text says, as values: the figure, its key poses, and how each part of the body is placed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from exercises.figures.space import ORIGIN, Vec

SIDES: Final = ("R", "L")
LIMBS: Final = ("leg.R", "leg.L", "arm.R", "arm.L")
PAIRED: Final = frozenset(
    [
        "hip",
        "knee",
        "ankle",
        "heel",
        "toe",
        "ball",
        "sole",
        "thigh",
        "shin",
        "shoulder",
        "elbow",
        "wrist",
        "hand",
        "tip",
        "flank",
        "rib",
        "ear",
        "waist",
    ]
)
MIDDLE: Final = frozenset(
    [
        "hip",
        "back",
        "sacrum",
        "belly",
        "chest",
        "neck",
        "waist",
        "lumbar",
        "shoulder",
        "sit",
        "groin",
        "head",
        "crown",
        "occiput",
        "nose",
        "chin",
        "nape",
        "lap",
    ]
)
# where a hand may lie; a paired place without a side means the hand's own side
PLACES: Final = frozenset(
    [
        "thigh",
        "thigh-side",
        "knee",
        "shin",
        "hamstring",
        "calf",
        "ankle",
        "foot",
        "sole",
        "toe",
        "hips",
        "waist",
        "belly",
        "ribs",
        "chest",
        "low-back",
        "nape",
        "head",
        "ear",
        "shoulder",
        "elbow",
        "upper-arm",
        "wrist",
        "hand",
        "forehead",
        "sacrum",
    ]
)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a pose text, and in which line (counted from 1)."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}"


class PoseError(ValueError):
    def __init__(self, *problems: Problem) -> None:
        super().__init__(" ".join(str(p) for p in problems))
        self.problems = problems


def refuse(line: int, message: str) -> PoseError:
    return PoseError(Problem(line, message))


@dataclass(frozen=True)
class Angle:
    """Degrees against the part above, or, when fixed, a direction in the world: 0 down, 90 forward, 180 up, -90 back."""

    degrees: float = 0.0
    fixed: bool = False


@dataclass(frozen=True)
class Angles:
    """A limb by its joints: hip knee ankle, or shoulder elbow wrist."""

    joints: tuple[Angle, Angle, Angle] = (Angle(), Angle(), Angle())
    out: float = 0.0
    turn: float = 0.0
    line: int = 0


@dataclass(frozen=True)
class Reach:
    """A limb by where its end is. The joints between are worked out."""

    at: Vec = ORIGIN
    on: str = ""
    rest: str = "along"  # feet: flat, ball, heel, point, pedal; hands: along (the forearm), point, flat
    angle: float = 0.0
    turn: float = 0.0
    bend: str = ""
    bend_by: float = 0.0
    line: int = 0


Limb = Angles | Reach


@dataclass(frozen=True)
class Bend:
    """Forward, to the person's right, and turned to the right."""

    bend: float = 0.0
    side: float = 0.0
    turn: float = 0.0
    line: int = 0


@dataclass(frozen=True)
class Put:
    """Moves the whole body so that a point of it stands there; None leaves that axis alone."""

    point: str
    x: float | None
    y: float | None
    z: float | None = None
    line: int = 0


@dataclass(frozen=True)
class Girdle:
    up: float = 0.0
    forward: float = 0.0


@dataclass(frozen=True)
class Pose:
    trunk: Bend = Bend()
    lumbar: Bend = Bend()
    thoracic: Bend = Bend()
    neck: Bend = Bend()
    head: float = 0.0
    girdle: dict[str, Girdle] = field(default_factory=lambda: dict.fromkeys(SIDES, Girdle()))
    belly: float = 0.0
    seat: float = 0.0
    limbs: dict[str, Limb] = field(default_factory=lambda: dict.fromkeys(LIMBS, Angles()))
    puts: tuple[Put, ...] = ()
    hold: float = 0.0
    move: float = 1.8
    line: int = 0

    def with_limb(self, name: str, limb: Limb) -> Pose:
        return replace(self, limbs={**self.limbs, name: limb})


@dataclass(frozen=True)
class Prop:
    kind: str
    numbers: tuple[float, ...]
    words: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Arrow:
    point: str = ""
    off: tuple[float, float] | None = None
    span: tuple[float, float] = (0.1, 0.9)
    poses: tuple[int, int] | None = None
    path: tuple[float, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class Figure:
    """A whole pose text, read."""

    view: str = "side"
    raised: float = 12.0  # camera above the horizon, in a front or back view
    round: float = 0.0  # camera walked round the person, towards the person's right
    keys: tuple[Pose, ...] = ()
    order: tuple[int, ...] = ()
    linear: bool = False
    stills: tuple[int, int] = (0, 0)
    thumb: int | None = None
    muscles: tuple[str, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    props: tuple[Prop, ...] = ()
    grips: dict[str, str] = field(default_factory=dict)
    over: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    shirt: str = ""
    face: str = ""
    flipped: bool = False

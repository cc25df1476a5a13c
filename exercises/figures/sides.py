"""Which side of the body a figure works with."""

from __future__ import annotations

from typing import Final

from exercises.figures.pictures import posed

OTHER: Final = {"right": "left", "left": "right"}
NAMES: Final = {"R": "right", "L": "left"}


def side_of(pose_text: str) -> str:
    """right or left, from its working muscles, else from what its first arrow follows; empty for both or neither."""
    figure = posed(pose_text).figure
    for points in (figure.muscles, [arrow.point for arrow in figure.arrows][:1]):
        sides = {NAMES[point[-1]] for point in points if point.endswith((".R", ".L"))}
        if len(sides) == 1:
            side = sides.pop()
            return OTHER[side] if figure.flipped else side
    return ""

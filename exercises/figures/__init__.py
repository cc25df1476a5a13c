"""Exercise figures: a short pose text in, a moving or still picture of a person as SVG out.

    language.py   text            -> Figure (pose.py): what the text says, with the line of every part
    timeline.py   key poses       -> frames, eased, hands and feet kept where they rest
    solve.py      pose            -> Skeleton: joints in the world, in three dimensions, limbs of true length
    camera.py     world           -> picture: side, front, back or top, one parallel projection
    draw.py       skeletons       -> outlines and groups (things.py: furniture and what is held; arrows.py: the way)
    svg.py        drawing         -> SVG text          pictures.py  the three kinds, and the choice of frames
    body.py       lengths, joint ranges, outlines            space.py   vectors and frames

Units: a standing person is 400 tall; angles are degrees; times are seconds. Pure: no files, no clock, no chance, so the
same text gives the same bytes, and a caller may cache by content. POSES.md teaches the language.
"""

from __future__ import annotations

import gzip
from typing import Literal

from exercises.figures import svg
from exercises.figures.pictures import (
    DOCUMENT_BYTES,
    MOVE_BYTES,
    PACKED_BYTES,
    STILL_BYTES,
    moving,
    posed,
    stills,
    thumb,
)
from exercises.figures.pose import PoseError, Problem

Kind = Literal["move", "still", "thumb"]

__all__ = ["Kind", "PoseError", "Problem", "check", "render"]


def render(
    pose_text: str, kind: Kind = "move", *, title: str, desc: str, prefix: str = "", mirror: bool = False
) -> str:
    """An `<svg class="fig">` to put into a page: the moving loop, the key poses side by side, or the one telling pose.

    The page styles it through its classes and custom properties (static/css/figures.css). `prefix` keeps ids apart when a page shows
    several; `mirror` shows the other side of the body. Raises PoseError where `check` finds problems.
    """
    reel = posed(pose_text)
    flip = mirror != reel.figure.flipped
    if kind == "still" and not reel.still:
        content = stills(reel, flip)
    elif kind == "move" and not reel.still:
        content = moving(pose_text, flip)
    else:
        content = thumb(reel, flip)
    return svg.document(content, title, desc, prefix)


def check(pose_text: str) -> list[Problem]:
    """What is wrong with a pose text, by line; empty when it can be drawn."""
    try:
        reel = posed(pose_text)
        if reel.still:
            thumb(reel, False)
            return []
        motion, pair = moving(pose_text), stills(reel, False)
    except PoseError as error:
        return list(error.problems)
    problems = []
    for size, most, name in (
        (len(motion), MOVE_BYTES - DOCUMENT_BYTES, "moving"),
        (len(gzip.compress(motion.encode(), 9)), PACKED_BYTES - 180, "moving, compressed"),
        (len(pair), STILL_BYTES - DOCUMENT_BYTES + 120, "still"),
    ):
        if size > most:
            what = f"The picture ({name}) is {size - most} bytes too large: take fewer poses, things or muscles, or a shorter hold."
            problems.append(Problem(1, what))
    return problems

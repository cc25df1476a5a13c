"""The three pictures of a figure: the moving loop, its key poses side by side, the one telling pose."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import Final

from exercises.figures import svg
from exercises.figures.arrows import arrows
from exercises.figures.camera import camera
from exercises.figures.draw import Artist
from exercises.figures.language import read
from exercises.figures.shapes import Node
from exercises.figures.svg import HEIGHT, MARGIN, WIDTH, Box
from exercises.figures.things import Things
from exercises.figures.timeline import GRIDS, Film, film, resting, usual_grid

MOVE_BYTES: Final = 7500
STILL_BYTES: Final = 6000
PACKED_BYTES: Final = 2048  # the moving figure, compressed
DOCUMENT_BYTES: Final = 420  # kept for the svg element, a title and a description
SLIDE: Final = 2.7  # units that a resting hand or foot may stray between two frames


@lru_cache(maxsize=64)
def posed(pose_text: str) -> Film:
    """The frames of a text on the usual grid: all that still pictures need."""
    figure = read(pose_text)
    return film(figure, usual_grid(figure))


@lru_cache(maxsize=64)
def filmed(pose_text: str) -> tuple[Film, tuple[str, Box]]:
    """The film, and its moving picture, on the grid that makes the smallest one in which nothing that rests slides."""
    reel = settled(posed(pose_text))
    figure, usual = reel.figure, usual_grid(reel.figure)
    best = (reel, motion(reel))
    if reel.outlined:
        finer = (settled(film(figure, grid)) for grid in GRIDS if usual / 2.1 < grid < usual)
        if steady := next((one for one in finer if not one.outlined), None):
            best = min(best, (steady, motion(steady)), key=size)
    if size(best) > MOVE_BYTES - DOCUMENT_BYTES:
        coarser = settled(film(figure, usual * 4 / 3))
        best = min(best, (coarser, motion(coarser)), key=size)
    return best


def size(drawn: tuple[Film, tuple[str, Box]]) -> int:
    return len(drawn[1][0])


def settled(reel: Film) -> Film:
    """The film with those limbs marked whose resting end would slide, were they drawn as turning parts."""
    return replace(reel, outlined=frozenset(name for name, far in slides(reel).items() if far > SLIDE))


def slides(reel: Film) -> dict[str, float]:
    """The most that each resting hand or foot strays between two frames when a browser turns the limb's parts."""
    if reel.still:
        return {}
    figure = reel.figure
    artist = Artist(figure, reel.keys, reel.frames, camera(figure))
    worst: dict[str, float] = {}
    order = figure.order
    for n, i in enumerate(order):
        first, last = reel.starts[n], reel.starts[n + 1]
        for name in resting(figure, i, order[(n + 1) % len(order)]):
            target = artist.camera.see(reel.keys[i].limbs[name].places[2])
            track = artist.track(name)
            far = max(
                math.dist(track(frame, share), target) for frame in range(first, last) for share in (0.25, 0.5, 0.75)
            )
            worst[name] = max(worst.get(name, 0.0), far)
    return worst


def scene(reel: Film, frame: int | None = None, *, upright_legs: bool = False) -> list[Node]:
    """Everything but the arrows, for all frames or for one key pose."""
    figure = reel.figure
    lens = camera(figure)
    artist = Artist(figure, reel.keys, reel.frames if frame is None else (reel.keys[frame],), lens, reel.outlined)
    stage = Things(artist, reel.frames)
    stage.build(figure.props)
    return [*stage.back, artist.person(behind=tuple(stage.riding), upright_legs=upright_legs), *stage.front]


def motion(reel: Film) -> tuple[str, Box]:
    """The moving picture and the room it needs over the whole loop."""
    way = arrows(reel.figure, reel.keys, camera(reel.figure))
    mover = svg.Mover(reel.marks, len(reel.frames), reel.seconds, reel.figure.linear)
    trees = [[*scene(reel, upright_legs=free), *way] for free in (False, True)]
    return min((mover.write(nodes) for nodes in trees), key=len), svg.bounds(trees[0], range(len(reel.frames)))


def moving(pose_text: str, mirror: bool = False) -> str:
    _, (text, box) = filmed(pose_text)
    return whole(text, box, 1.35, mirror)


def whole(text: str, box: Box, most: float, mirror: bool) -> str:
    width, height = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    return svg.centred(text, box, MARGIN, MARGIN, width, height, svg.fitted(box, width, height, most), mirror)


def thumb(reel: Film, mirror: bool) -> str:
    nodes = [*scene(reel, reel.figure.thumb or 0), *arrows(reel.figure, reel.keys, camera(reel.figure))]
    return whole(svg.still(nodes), svg.bounds(nodes, (0,)), 1.5, mirror)


def stills(reel: Film, mirror: bool) -> str:
    """Two key poses, numbered; next to each other or one above the other, whichever is larger."""
    way = arrows(reel.figure, reel.keys, camera(reel.figure))
    one, two = scene(reel, reel.figure.stills[0]), [*scene(reel, reel.figure.stills[1]), *way]
    boxes = [svg.bounds(one, (0,)), svg.bounds(two, (0,))]
    half, full, label = (WIDTH - 3 * MARGIN) / 2, WIDTH - 2 * MARGIN - 40, 30
    beside = min(svg.fitted(b, half, HEIGHT - 2 * MARGIN - label, 1.25) for b in boxes)
    stacked = min(svg.fitted(b, full, (HEIGHT - 3 * MARGIN) / 2, 1.25) for b in boxes)
    out = ""
    for n, (nodes, box) in enumerate(zip((one, two), boxes, strict=True)):
        drawn = svg.still(nodes)
        if beside >= stacked:
            x = MARGIN + n * (half + MARGIN)
            tall = max(b[3] for b in boxes) - min(b[1] for b in boxes)
            level = (box[0], max(b[3] for b in boxes) - tall, box[2], max(b[3] for b in boxes))
            out += svg.centred(drawn, level, x, MARGIN + label, half, HEIGHT - 2 * MARGIN - label, beside, mirror)
            out += f'<text class="n" x="{x + 2:.0f}" y="{MARGIN + 20}">{n + 1}</text>'
        else:
            tall = (HEIGHT - 3 * MARGIN) / 2
            y = MARGIN + n * (tall + MARGIN)
            wide = (min(b[0] for b in boxes), box[1], max(b[2] for b in boxes), box[3])
            out += svg.centred(drawn, wide, MARGIN + 40, y, full, tall, stacked, mirror)
            out += f'<text class="n" x="{MARGIN}" y="{y + 26:.0f}">{n + 1}</text>'
    return out

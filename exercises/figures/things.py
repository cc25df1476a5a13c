"""The things around the person, by the word that names them in a pose text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from exercises.figures.furniture import Furniture
from exercises.figures.held import Held
from exercises.figures.machines import Machines
from exercises.figures.pose import Prop, refuse
from exercises.figures.stage import pad


class Things(Furniture, Held, Machines):
    def build(self, props: Sequence[Prop]) -> None:
        kinds = {p.kind for p in props}
        for prop in props:
            if prop.kind == "anchor":
                x, high, z = pad(prop.numbers, self.anchored)
                self.anchored = (x, high, z)
        if "mat" not in kinds and "floor" not in kinds and "bed" not in kinds:
            self.floor(Prop("floor", (), (), 0))
        for prop in sorted(props, key=lambda p: p.kind not in ("mat", "floor", "wall", "pool")):
            try:
                MAKERS[prop.kind](self, prop)
            except KeyError as error:
                raise refuse(prop.line, f"{prop.kind}: {error} is not a point that can be used here.") from error


MAKERS: dict[str, Callable[[Things, Prop], None]] = {
    "mat": Things.mat, "floor": Things.floor, "chair": Things.chair, "stool": Things.chair, "wall": Things.wall, "step": Things.step,
    "table": Things.table, "bench": Things.bench, "bed": Things.bed, "box": Things.block, "doorway": Things.doorway, "bar": Things.bar,
    "stick": Things.stick, "band": Things.band, "strap": Things.band, "loop": Things.band, "anchor": Things.anchor, "dumbbell": Things.dumbbell,
    "kettlebell": Things.kettlebell, "barbell": Things.barbell, "crate": Things.crate, "card": Things.card, "ball": Things.ball,
    "towel": Things.towel, "pillow": Things.pillow, "roller": Things.roller, "bike": Things.bike, "recumbent": Things.recumbent,
    "elliptical": Things.elliptical, "pool": Things.pool, "inversion": Things.inversion, "roman-chair": Things.roman,
}  # fmt: skip

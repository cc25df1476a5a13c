"""What stands in the world: floor, mat, chair, wall, step, table, bench, bed, doorway, bar, anchor."""

from __future__ import annotations

from exercises.figures import body
from exercises.figures.pose import Prop
from exercises.figures.shapes import Disc, Outline
from exercises.figures.space import Vec
from exercises.figures.stage import Stage, pad


class Furniture(Stage):
    def floor(self, prop: Prop) -> None:
        x0, x1 = prop.numbers if len(prop.numbers) == 2 else self.reach_of(0, True)
        z0, z1 = self.reach_of(2, True)
        if self.camera.side:
            middle, wide, deep = (x0 + x1) / 2 + 4, (x1 - x0) / 2 + 34, 10.0
            low = 2.0
        else:
            a, b = self.camera.see((0, 0, z0)), self.camera.see((0, 0, z1))
            c, d = self.camera.see((x0, 0, 0)), self.camera.see((x1, 0, 0))
            middle, wide = (
                (min(a[0], b[0], c[0], d[0]) + max(a[0], b[0], c[0], d[0])) / 2,
                abs(a[0] - b[0]) / 2 + abs(c[0] - d[0]) / 2 + 36,
            )
            low, deep = (c[1] + d[1]) / 2 + 2, abs(c[1] - d[1]) / 2 + 9
        self.back.append(Outline("sh", (body.ellipse(middle, low, wide, deep),)))

    def mat(self, prop: Prop) -> None:
        x0, x1 = (
            prop.numbers
            if len(prop.numbers) == 2
            else (v + d for v, d in zip(self.reach_of(0), (-26, 26), strict=True))
        )
        z0, z1 = self.reach_of(2, True)
        z0, z1 = min(-62.0, z0 - 14), max(62.0, z1 + 14)
        self.polygon("mat", (x0, 0, z0), (x1, 0, z0), (x1, 0, z1), (x0, 0, z1))
        near = [(x0, 0, z1), (x1, 0, z1), (x1, -7, z1), (x0, -7, z1)]
        if not self.camera.side:
            far_x = x1 if self.camera.near[0] > 0 else x0
            near = [(far_x, 0, z0), (far_x, 0, z1), (far_x, -7, z1), (far_x, -7, z0)]
            if abs(self.camera.near[0]) < 0.1:
                return
        self.polygon("mat e", *((float(x), float(y), float(z)) for x, y, z in near))

    def chair(self, prop: Prop) -> None:
        x, high = pad(prop.numbers, (0.0, 90.0))
        way = -1 if "flip" in prop.words else 1
        a, b = sorted((x - 46 * way, x + 44 * way))
        legs: list[list[Vec]] = [
            [(x_, high - 4, z), (x_ + splay, 0, z)] for x_, splay in ((a + 5, -4), (b - 5, 4)) for z in (-40.0, 40.0)
        ]
        back_x = x - 44 * way
        if prop.kind == "chair":
            legs += [[(back_x, high - 4, z), (back_x - 9 * way, high + 108, z)] for z in (-40.0, 40.0)]
        self.lines("d", *legs)
        if prop.kind == "chair":
            self.polygon(
                "p",
                *(
                    (back_x - lean * way, high + up, z)
                    for lean, up, z in ((5, 60, -42), (9, 112, -42), (9, 112, 42), (5, 60, 42))
                ),
            )
        self.box(a, b, high - 9, high, -46, 46)

    def wall(self, prop: Prop) -> None:
        at, high = pad(prop.numbers, (0.0, 420.0))
        if "back" in prop.words:  # behind the person, seen face on
            x0, x1 = self.reach_of(0)
            z0, z1 = self.reach_of(2)
            if self.camera.side:
                self.polygon("w", (x0 - 60, 0, -60), (x1 + 60, 0, -60), (x1 + 60, high, -60), (x0 - 60, high, -60))
            else:
                self.polygon("w", (at, 0, z0 - 70), (at, 0, z1 + 70), (at, high, z1 + 70), (at, high, z0 - 70))
            return
        if self.camera.side:
            thick = 16 if at > sum(s.root[0] for s in self.everything) / len(self.everything) else -16
            corners = [(at, 0.0, 60.0), (at, high, 60.0), (at + thick, high, 60.0), (at + thick, 0.0, 60.0)]
            self.polygon("w", *corners)
            if thick > 0:
                self.polygon("w e", (at, 0, 60), (at, high, 60), (at, high, -60), (at, 0, -60))
        else:
            thick = 18 if at > 0 else -18
            self.polygon("w", (0, 0, at), (0, high, at), (0, high, at + thick), (0, 0, at + thick))

    def step(self, prop: Prop) -> None:
        x, high, deep = pad(prop.numbers, (0.0, 45.0, 110.0))
        self.box(x, x + deep, 0, high, -70, 70)

    def table(self, prop: Prop) -> None:
        x, high, deep = pad(prop.numbers, (0.0, 210.0, 110.0))
        self.lines(
            "d", *([(leg_x, high - 6, z), (leg_x, 0.0, z)] for leg_x in (x + 8, x + deep - 8) for z in (-60.0, 60.0))
        )
        self.box(x, x + deep, high - 10, high, -70, 70, to=None)

    def bench(self, prop: Prop) -> None:
        x, high, deep = pad(prop.numbers, (0.0, 90.0, 120.0))
        self.lines("d", *([(leg_x, high - 8, 0.0), (leg_x, 0.0, 0.0)] for leg_x in (x + 14, x + deep - 14)))
        self.box(x, x + deep, high - 16, high, -36, 36)

    def bed(self, prop: Prop) -> None:
        x, high, deep = pad(prop.numbers, (0.0, 110.0, 400.0))
        self.lines("d", *([(leg_x, high - 30, 60.0), (leg_x, 0.0, 60.0)] for leg_x in (x + 16, x + deep - 16)))
        self.box(x, x + deep, high - 44, high, -80, 80, "mat e", "mat")

    def block(self, prop: Prop) -> None:
        x0, x1, y0, y1, z0, z1 = pad(prop.numbers, (0.0, 60.0, 0.0, 60.0, -45.0, 45.0))
        self.box(x0, x1, y0, y1, z0, z1, to=self.layer(prop))

    def doorway(self, prop: Prop) -> None:
        x = prop.numbers[0]
        for z in (-78.0, 78.0):
            self.box(x, x + 16, 0, 430, z - 8, z + 8, "w", "w")
        self.box(x, x + 16, 414, 430, -86, 86, "w", "w")

    def bar(self, prop: Prop) -> None:
        x, high = prop.numbers
        self.line("x", (x, 0, -110), (x, high, -110), (x, high, 110), (x, 0, 110))

    def anchor(self, prop: Prop) -> None:
        x, high, z = self.anchored
        if self.camera.side:
            self.polygon("w", (x, 0, 0), (x, high + 60, 0), (x + 14, high + 60, 0), (x + 14, 0, 0))
        else:
            sign = 7 if z > 0 else -7
            self.polygon("w", (x, 0, z), (x, high + 60, z), (x, high + 60, z + 2 * sign), (x, 0, z + 2 * sign))
        self.back.append(Disc("p", 7, self.camera.see((x, high, z))))

"""Machines and water: bicycles, elliptical trainer, pool, inversion table, roman chair."""

from __future__ import annotations

from functools import partial

from exercises.figures.body import Path
from exercises.figures.pose import Prop
from exercises.figures.shapes import Disc, Outline
from exercises.figures.skeleton import Skeleton
from exercises.figures.space import Point, plus
from exercises.figures.stage import Stage, closed, pad


class Machines(Stage):
    def crank(self, x: float, y: float, near: bool) -> None:
        side = "R" if near else "L"
        z = 20.0 if near else -20.0

        def arm(s: Skeleton) -> list[Point]:
            ball = s.points[f"ball.{side}"]
            return [self.camera.see((x, y, z)), self.camera.see((ball[0], ball[1], z))]

        self.path_of("x", arm, self.front if near else self.back)

    def bike(self, prop: Prop) -> None:
        """Numbers: the crank's centre. The saddle is put under the hips of the first pose."""
        x, y = prop.numbers
        hip = self.everything[0].root
        saddle = (hip[0] - 4, hip[1] - 34)
        self.back.append(Disc("pl", 58, self.camera.see((x + 118, 62, 0))))
        self.lines(
            "x",
            [(saddle[0] + 2, saddle[1], 0), (x, y, 0), (x + 96, hip[1] + 22, 0), (x + 66, hip[1] + 40, 0)],
            [(x - 70, 4, 0), (x, y, 0), (x + 118, 62, 0), (x + 150, 4, 0)],
        )
        self.polygon(
            "p",
            (saddle[0] - 36, saddle[1] + 8, 0),
            (saddle[0] + 38, saddle[1] + 4, 0),
            (saddle[0] + 8, saddle[1] - 8, 0),
            (saddle[0] - 30, saddle[1] - 6, 0),
        )
        self.crank(x, y, False)
        self.crank(x, y, True)

    def recumbent(self, prop: Prop) -> None:
        x, y = prop.numbers
        hip = self.everything[0].root
        low = hip[1] - 26
        up = self.everything[0].pelvis.up
        behind = self.everything[0].pelvis.forward
        a = plus(plus(hip, behind, -33), up, -14)
        b = plus(plus(hip, behind, -33), up, 128)
        post = hip[0] + 10
        self.lines(
            "x",
            [(post - 70, 5, 0), (x + 70, 5, 0)],
            [(post, low, 0), (post, 5, 0)],
            [(x + 20, 5, 0), (x + 10, y, 0), (x - 8, y + 120, 0), (x - 34, y + 126, 0)],
        )
        self.back.append(Disc("pl", 44, self.camera.see((x + 12, y, 0))))
        self.box(hip[0] - 34, hip[0] + 44, low - 14, low, -34, 34)
        self.polygon("p", (a[0], a[1], 30), (b[0], b[1], 30), (b[0] - 14, b[1] - 4, 30), (a[0] - 14, a[1] - 4, 30))
        self.crank(x, y, False)
        self.crank(x, y, True)

    def elliptical(self, prop: Prop) -> None:
        x = pad(prop.numbers, (150.0,))[0]
        self.back.append(Disc("pl", 52, self.camera.see((x, 62, 0))))
        self.lines("x", [(x - 260, 5, 0), (x + 60, 5, 0)], [(x + 10, 5, 0), (x - 20, 260, 0)])
        for side, z, layer in (("L", -30.0, self.back), ("R", 30.0, self.front)):
            self.path_of("x", partial(self.pedal_bar, side, x, z), layer)
            self.path_of("x", partial(self.hand_bar, side, x, z), layer)

    def pedal_bar(self, side: str, x: float, z: float, s: Skeleton) -> list[Point]:
        (hx, hy, _), (tx, ty, _) = s.points[f"heel.{side}"], s.points[f"toe.{side}"]
        return [self.camera.see(v) for v in ((hx, hy - 5, z), (tx + 8, ty - 8, z), (x - 24, 66, z))]

    def hand_bar(self, side: str, x: float, z: float, s: Skeleton) -> list[Point]:
        grip = self.camera.see(s.points[f"hand.{side}"])
        return [(grip[0] + 4, grip[1] - 26), grip, self.camera.see((x - 22, 120, z))]

    def pool(self, prop: Prop) -> None:
        high = prop.numbers[0]
        x0, x1 = (v + d for v, d in zip(self.reach_of(0), (-90, 90), strict=True))
        z0, z1 = (v + d for v, d in zip(self.reach_of(2), (-80, 80), strict=True))
        if self.camera.side:
            left, right, bottom, top = x0, x1, 16.0, -high
        else:
            a, b = self.camera.see((0, 0, z0))[0], self.camera.see((0, 0, z1))[0]
            left, right = min(a, b), max(a, b)
            bottom, top = 24.0, self.camera.see((0, high, 0))[1]
        count = 6
        wide = (right - left) / count
        wave: Path = [("M", [(left, top)])]
        for n in range(count):
            wave.append(("Q", [(left + wide * (n + 0.5), top + (9 if n % 2 else -9)), (left + wide * (n + 1), top)]))
        self.front.append(Outline("wa", ([*wave, ("L", [(right, bottom)]), ("L", [(left, bottom)]), ("Z", [])],)))
        self.front.append(Outline("wl", (wave,)))

    def inversion(self, prop: Prop) -> None:
        """The bed turns with the pelvis; the frame stands on the floor."""
        hip = self.everything[0].root
        self.line("x", (hip[0] - 104, 4, 0), (hip[0] - 12, hip[1], 0), (hip[0] + 80, 4, 0))
        bed: Path = closed([(-46, -165), (-33, -165), (-33, 176), (-46, 176)])
        roll: Path = [("M", [(-40, 176)]), ("L", [(-40, 206)]), ("L", [(18, 206)])]
        self.riding += [Outline("p", (bed,)), Outline("x", (roll,))]
        self.front.append(self.on_point("ankle.R", Disc("u", 15), off=(0, 0)))

    def roman(self, prop: Prop) -> None:
        x, high = prop.numbers
        self.lines(
            "x",
            [(x - 210, 5, 0), (x + 70, 5, 0)],
            [(x + 6, high - 12, 0), (x - 10, 5, 0)],
            [(x + 6, high - 30, 0), (x - 190, 60, 0)],
        )
        self.box(x - 34, x + 28, high - 26, high, -36, 36)
        self.back.append(Disc("u", 15, self.camera.see((x - 186, 66, 0))))

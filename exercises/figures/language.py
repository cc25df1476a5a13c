"""Reads a pose text. One statement a line (or several, parted by ;), words and numbers only; # starts a remark.

Statements before the first `pose` describe the figure (view, things, muscles, arrows) and hold for every pose; those
after a `pose` line change that pose alone. POSES.md is the reference. A line-based language and not TOML: a text of ten
lines is edited in a box by people who do not know what a table or a bracket is for, and every mistake has a line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from exercises.figures.body import MUSCLES
from exercises.figures.pose import (
    LIMBS,
    SIDES,
    Arrow,
    Figure,
    Pose,
    PoseError,
    Problem,
    Prop,
    refuse,
)
from exercises.figures.statements import BASES, LIMB_STATEMENTS, POSE_STATEMENTS, said
from exercises.figures.words import NUMBER, Words

MAX_LENGTH: Final = 6000
MAX_POSES: Final = 9
THINGS: Final[dict[str, tuple[int, int]]] = {  # least and most numbers
    "mat": (0, 2), "floor": (0, 2), "chair": (0, 2), "stool": (0, 2), "wall": (1, 2), "step": (1, 3), "table": (1, 3),
    "bench": (1, 3), "bed": (1, 3), "box": (2, 6), "doorway": (1, 1), "bar": (2, 2), "stick": (0, 0), "band": (0, 12),
    "strap": (0, 12), "loop": (0, 0), "anchor": (2, 3), "dumbbell": (0, 0), "kettlebell": (0, 0), "barbell": (0, 0), "crate": (0, 1),
    "ball": (0, 4), "towel": (0, 3), "pillow": (0, 3), "roller": (0, 3), "bike": (2, 2), "recumbent": (2, 2), "elliptical": (0, 1),
    "pool": (1, 1), "inversion": (0, 0), "roman-chair": (2, 2), "card": (0, 0),
}  # fmt: skip
HEAD_STATEMENTS: Final = ("view", "start", "muscles", "arrow", "grip", "grip.R", "grip.L", "over", "under", "shirt", "face", "facing", "linear", "order", "stills", "thumb")  # fmt: skip


def read(text: str) -> Figure:
    """The figure a text describes. Raises PoseError with every line that cannot be read."""
    return Reader(text).figure()


class Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.head = Figure()
        self.start = "stand"
        self.common: list[tuple[int, str]] = []
        self.poses: list[tuple[int, str, list[tuple[int, str]]]] = []
        self.problems: list[Problem] = []

    def figure(self) -> Figure:
        if len(self.text) > MAX_LENGTH:
            raise refuse(1, f"The text is longer than {MAX_LENGTH} characters.")
        for line, raw in enumerate(self.text.replace("\r\n", "\n").split("\n"), 1):
            for statement in raw.partition("#")[0].split(";"):
                if statement.strip():
                    self.sort(line, statement.strip())
        if not self.poses:
            self.problems.append(
                Problem(max(1, self.text.count("\n") + 1), "There is no pose: start one with the word “pose”.")
            )
        if len(self.poses) > MAX_POSES:
            self.problems.append(Problem(self.poses[MAX_POSES][0], f"A figure has at most {MAX_POSES} poses."))
        keys: list[Pose] = []
        for number, (line, head, body) in enumerate(self.poses[:MAX_POSES]):
            try:
                keys.append(self.pose(number, line, head, body))
            except PoseError as error:
                self.problems.extend(error.problems)
        if self.problems:
            raise PoseError(*dict.fromkeys(sorted(self.problems, key=lambda p: p.line)))
        return self.finish(tuple(keys))

    def attempt(self, work: Callable[[], None]) -> None:
        try:
            work()
        except PoseError as error:
            self.problems.extend(error.problems)

    def sort(self, line: int, statement: str) -> None:
        word = statement.split()[0]
        if word == "pose":
            self.poses.append((line, statement, []))
        elif word in POSE_STATEMENTS or word.partition(".")[0] in LIMB_STATEMENTS:
            (self.poses[-1][2] if self.poses else self.common).append((line, statement))
        elif word in THINGS:
            self.attempt(lambda: self.thing(Words(statement, line)))
        elif word in HEAD_STATEMENTS:
            self.attempt(lambda: self.header(Words(statement, line)))
        else:
            self.problems.append(Problem(line, f"“{word[:24]}” is not a word of the pose language."))

    # -------------------------------------------------------------------------------------------- the figure
    def header(self, words: Words) -> None:
        word, head = words.take(""), self.head
        if word == "view":
            view = words.choice("The view", ("side", "front", "back", "top"))
            raised = (
                words.number("The camera’s height", -20, 90)
                if words.is_number()
                else {"side": 0.0, "top": 90.0}.get(view, 12.0)
            )
            around = 0.0
            if words and words.choice("The camera", ("turn",)):
                around = words.number("The turn", -180, 180)
            if view == "side" and around:
                raise refuse(words.line, "A side view cannot be turned: use front with turn.")
            self.head = replace(head, view="back" if view == "top" else view, raised=raised, round=around)
        elif word == "start":
            self.start = words.choice("The starting position", tuple(BASES))
        elif word == "muscles":
            names = []
            while words:
                name = words.take("")
                if name.partition(".")[0] not in MUSCLES or name.partition(".")[2] not in ("", *SIDES):
                    raise refuse(
                        words.line, f"“{name[:24]}” is not a muscle that can be shown: {', '.join(sorted(MUSCLES))}."
                    )
                names.append(name)
            self.head = replace(head, muscles=(*head.muscles, *names))
        elif word == "arrow":
            self.head = replace(head, arrows=(*head.arrows, self.arrow(words)))
        elif word == "grip" or word.startswith("grip."):
            self.grip(word, words)
        elif word in ("over", "under"):
            names = []
            while words:
                names.append(words.choice("A limb", (*LIMBS, "trunk", "head")))
            self.head = replace(head, over=tuple(names)) if word == "over" else replace(head, under=tuple(names))
        elif word == "shirt":
            self.head = replace(head, shirt=words.choice("The shirt", ("over", "under")))
        elif word == "face":
            self.head = replace(head, face=words.choice("The face", ("side", "front", "back")))
        elif word == "facing":
            self.head = replace(head, flipped=words.choice("The facing", ("right", "left")) == "left")
        elif word == "linear":
            self.head = replace(head, linear=True)
        elif word in ("order", "stills", "thumb"):
            numbers = tuple(int(words.number("A pose’s number", 1, MAX_POSES)) - 1 for _ in range(len(words.words)))
            if (
                not numbers
                or (word == "stills" and len(numbers) != 2)
                or (word == "thumb" and len(numbers) != 1)
                or len(numbers) > 16
            ):
                raise refuse(
                    words.line,
                    f"“{word}” wants {'two numbers' if word == 'stills' else 'one number' if word == 'thumb' else 'up to 16 numbers'} of poses.",
                )
            values: dict[str, object] = {word: numbers[0] if word == "thumb" else numbers}
            self.head = replace(head, **values)  # type: ignore[arg-type]
            self.numbers_line = words.line
        words.end()

    def grip(self, word: str, words: Words) -> None:
        side = word.partition(".")[2]
        if side and side not in SIDES:
            raise refuse(words.line, "Say grip, grip.R or grip.L.")
        shape = words.choice("The grip", ("open", "flat", "fist"))
        self.head = replace(self.head, grips={**self.head.grips, **dict.fromkeys(side or "RL", shape)})

    def arrow(self, words: Words) -> Arrow:
        arrow = Arrow(line=words.line)
        if words and words.words[0] == "at":
            words.take("")
            path = words.numbers(6, "A place on the arrow")
            if len(path) not in (4, 6):
                raise refuse(words.line, "“arrow at” wants two or three places, each as x and height.")
            return replace(arrow, path=tuple(path))
        arrow = replace(arrow, point=words.point())
        while words:
            option = words.choice("After the point", ("off", "from", "of"))
            if option == "off":
                arrow = replace(arrow, off=(words.number("The shift to the right"), words.number("The shift up")))
            elif option == "from":
                low = words.number("The start of the arrow", -2, 3)
                words.choice("Between the two shares", ("to",))
                arrow = replace(arrow, span=(low, words.number("The end of the arrow", -2, 3)))
            else:
                first = int(words.number("A pose’s number", 1, MAX_POSES)) - 1
                arrow = replace(arrow, poses=(first, int(words.number("A pose’s number", 1, MAX_POSES)) - 1))
        return arrow

    def thing(self, words: Words) -> None:
        kind = words.take("")
        numbers: list[float] = []
        names: list[str] = []
        while words:
            if words.is_number():
                numbers.append(words.number(f"A number of the {kind}"))
            elif words.words[0] in (
                "back",
                "front",
                "flip",
                "off",
                "right",
                "left",
                "narrow",
                "small",
                "gym",
                "hands",
                "spine",
                "low",
                "anchor",
            ):
                names.append(words.take(""))
            elif "," in words.words[0]:
                pair = words.take("").split(",")
                if len(pair) != 2 or not all(NUMBER.match(p) for p in pair):
                    raise refuse(words.line, "A place is written as x,height: 230,250.")
                names.append(",".join(pair))
            else:
                names.append(words.point())
        least, most = THINGS[kind]
        if not least <= len(numbers) <= most:
            raise refuse(
                words.line,
                f"{kind} wants {least} to {most} numbers." if least != most else f"{kind} wants {least} numbers.",
            )
        if kind in ("band", "strap", "loop") and len(names) < 2:
            raise refuse(words.line, f"{kind} wants at least two points to run between.")
        if (
            kind in ("dumbbell", "kettlebell", "barbell", "crate", "card")
            and not any("." in n for n in names)
            and "hands" not in names
        ):
            raise refuse(words.line, f"{kind} wants the hand that holds it: hand.R, hand.L or hands.")
        self.head = replace(self.head, props=(*self.head.props, Prop(kind, tuple(numbers), tuple(names), words.line)))

    def finish(self, keys: tuple[Pose, ...]) -> Figure:
        figure = self.head
        count = len(keys)
        order = figure.order or tuple(range(count))
        stills = figure.stills if figure.stills != (0, 0) else (order[0], order[min(1, len(order) - 1)])
        thumb = stills[1] if figure.thumb is None else figure.thumb
        arrows = tuple(a if a.poses else replace(a, poses=stills) for a in figure.arrows)
        for wanted in (*order, *stills, thumb, *(n for a in arrows for n in (a.poses or ()))):
            if wanted >= count:
                raise refuse(getattr(self, "numbers_line", 1), f"There is no pose {wanted + 1}.")
        return replace(figure, keys=keys, order=order, stills=stills, thumb=thumb, arrows=arrows)

    # -------------------------------------------------------------------------------------------- a pose
    def pose(self, number: int, line: int, head: str, body: list[tuple[int, str]]) -> Pose:
        words = Words(head, line)
        words.take("")
        pose = Pose(line=line, hold=0.9 if number else 0.0)
        base, statements = self.start, list(body)
        while words:
            word = words.take("")
            if word in BASES:
                base = word
            elif word == "hold":
                pose = replace(pose, hold=words.number("The hold in seconds", 0, 20))
            elif word == "move":
                pose = replace(pose, move=words.number("The movement in seconds", 0.2, 20))
            elif word == "like":
                other = int(words.number("A pose’s number", 1, MAX_POSES)) - 1
                if other >= number:
                    raise refuse(line, "“like” wants the number of an earlier pose.")
                base = self.base_of(other, base)
                statements = [*self.poses[other][2], *statements]
            else:
                raise refuse(
                    line, f"“{word[:24]}” is not understood here: name a starting position, hold, move or like."
                )
        for at, statement in [*((line, s.strip()) for s in BASES[base].split(";")), *self.common, *statements]:
            try:
                pose = said(pose, Words(statement, at))
            except PoseError as error:
                self.problems.extend(error.problems)
        return pose

    def base_of(self, number: int, default: str) -> str:
        return next((w for w in self.poses[number][1].split() if w in BASES), default)

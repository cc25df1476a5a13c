"""The words of a statement, taken from the left, with errors that name the line."""

from __future__ import annotations

import re
from typing import Final

from exercises.figures.pose import MIDDLE, PAIRED, SIDES, Angle, refuse

NUMBER: Final = re.compile(r"[+-]?(\d{1,4}(\.\d{1,3})?|\.\d{1,3})\Z", re.ASCII)


class Words:
    """The words of one statement, taken from the left."""

    def __init__(self, text: str, line: int) -> None:
        self.words, self.line = text.split(), line

    def __bool__(self) -> bool:
        return bool(self.words)

    def take(self, what: str) -> str:
        if not self.words:
            raise refuse(self.line, f"{what} is missing at the end.")
        return self.words.pop(0)

    def is_number(self) -> bool:
        return bool(self.words) and NUMBER.match(self.words[0]) is not None

    def number(self, what: str, low: float = -2000, high: float = 2000) -> float:
        word = self.take(what)
        if not NUMBER.match(word):
            raise refuse(self.line, f"{what} must be a number, not “{word[:20]}”.")
        if not low <= (value := float(word)) <= high:
            raise refuse(self.line, f"{what} must be between {low:g} and {high:g}.")
        return value

    def numbers(self, most: int, what: str) -> list[float]:
        out: list[float] = []
        while self.is_number() and len(out) < most:
            out.append(self.number(what))
        return out

    def angle(self, what: str) -> Angle:
        fixed = bool(self.words) and self.words[0].startswith("@")
        if fixed:
            self.words[0] = self.words[0][1:]
        return Angle(self.number(what, -360, 360), fixed)

    def choice(self, what: str, of: tuple[str, ...]) -> str:
        word = self.take(what)
        if word not in of:
            raise refuse(self.line, f"{what} must be {', '.join(of[:-1])} or {of[-1]}, not “{word[:20]}”.")
        return word

    def point(self) -> str:
        word = self.take("a point of the body")
        name, _, side = word.partition(".")
        if (side in SIDES and name in PAIRED) or (not side and name in MIDDLE):
            return word
        hint = f" Say {name}.R or {name}.L." if name in PAIRED and not side else ""
        raise refuse(self.line, f"“{word[:24]}” is not a point of the body.{hint}")

    def end(self) -> None:
        if self.words:
            raise refuse(self.line, f"“{self.words[0][:24]}” is not understood here.")

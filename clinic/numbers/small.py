"""Small groups are not shown: a number about fewer than five people may tell who they are. Pure."""

from collections.abc import Iterable, Sequence

FEWEST = 5


def shown(groups: Sequence[int]) -> bool:
    """Whether the sizes of groups that make up a whole may stand on a page: all of them or none. Hiding only the small
    ones would leave them to be worked out from the whole and the others. Nobody is a small group too."""
    return all(size >= FEWEST for size in groups)


def part_shown(part: int, whole: int) -> bool:
    """A part and the whole tell how many are left over, so those have to be enough as well."""
    return shown([part, whole - part])


def told(people: int, beside: Iterable[int] = ()) -> bool:
    """Whether a number of people may stand beside others of the same people: 12 who wrote beside 11 who were answered
    tell of one who was not. The same number twice tells about the clinic and not about a patient."""
    return shown([people]) and all(people == each or abs(people - each) >= FEWEST for each in beside)


def visible(groups: Sequence[int], beside: Iterable[int] = ()) -> list[bool]:
    """Which parts of a whole may be shown. With a small one among them, or with a whole that must not be worked out, the
    first may still stand against all others together: always the first, because a choice by size would itself tell
    something."""
    if shown(groups) and told(sum(groups), beside):
        return [True] * len(groups)
    return [part_shown(groups[0], sum(groups)), *[False] * (len(groups) - 1)]

"""Colours as attributes, for a drawing that no style sheet of a page reaches: one reused from a file, or a file on its own."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
CLASSES = re.compile(r'(<(?!svg)\w+) class="([^"]+)"')
FALLBACK = re.compile(r"var\(--[\w-]+,\s*([^)]+)\)")

Rules = tuple[tuple[frozenset[str], tuple[tuple[str, str], ...]], ...]


@lru_cache(maxsize=4)
def colours(css: str, *, fixed: bool = False) -> Rules:
    """The `.fig .class` rules of a style sheet, weakest first. fixed: with the colours that stand in for custom properties."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    if fixed:
        css = FALLBACK.sub(r"\1", css)
    rules = []
    for selectors, body in RULE.findall(css):
        declared = tuple(
            (name.strip(), value.strip()) for name, value in re.findall(r"([\w-]+)\s*:\s*([^;]+)(?:;|$)", body)
        )
        for selector in selectors.split(","):
            if match := re.fullmatch(r"\.fig ((?:\.[a-z]+)+)", selector.strip()):
                rules.append((frozenset(match[1][1:].split(".")), declared))
    return tuple(sorted(rules, key=lambda rule: len(rule[0])))


def painted(svg: str, rules: Rules) -> str:
    def attributes(match: re.Match[str]) -> str:
        classes = frozenset(match[2].split())
        paint: dict[str, str] = {}
        for wanted, declared in rules:
            if wanted <= classes:
                paint |= declared
        return match[1] + "".join(f' {name}="{escape(value)}"' for name, value in paint.items())

    return CLASSES.sub(attributes, svg)

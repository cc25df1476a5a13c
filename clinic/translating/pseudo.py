"""The pseudo-language: English with an accent, a third longer, in brackets. No word is longer than those that languages
have; a long text grows by words.

Whoever reads the portal in it sees at once what was forgotten (plain letters), what is cut off (no closing bracket) and
what was put together from pieces (brackets within a sentence).
"""

import re

LANGUAGE = "en-xa"
LONGER = 1 / 3
TAIL = 4
_TAILS = re.compile(r"~{1,6}")
# What is no word in a text: values to fill in, tags, entities.
_NOT_WORDS = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>|&#?\w+;")
_ACCENTS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÁƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ",
)


def pseudo(text: str) -> str:
    """`Set %(n)s` becomes `[Šéţ %(n)s~]`; blanks around it stay outside."""
    words = text.strip()
    if not words:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    more = "~" * round(len(_NOT_WORDS.sub("", words)) * LONGER)
    grown = "".join(f" {each}" for each in _TAILS.findall(more[TAIL:]))
    return f"{before}[{_accented(words)}{more[:TAIL]}{grown}]{after}"


def _accented(text: str) -> str:
    written, end = "", 0
    for found in _NOT_WORDS.finditer(text):
        written += text[end : found.start()].translate(_ACCENTS) + found.group()
        end = found.end()
    return written + text[end:].translate(_ACCENTS)

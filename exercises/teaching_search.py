"""Finding articles and questions by words, as patients type them: whole questions, with slips of the finger.

Some dozens of texts are searched in memory, like the catalogue, so that both databases find the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from exercises.index import STOP_WORDS, WordIndex, note, words_in
from exercises.teaching import Teaching

MOST_LETTERS = 100
# What a question is made of beside what it is about.
SMALL_WORDS = frozenset(STOP_WORDS) | {
    "about", "all", "am", "are", "as", "at", "back", "be", "but", "can", "cannot", "could", "did", "do", "does", "from",
    "have", "help", "how", "i", "if", "is", "it", "its", "long", "may", "me", "much", "need", "not", "often", "pain",
    "should", "so", "some", "that", "their", "then", "there", "this", "was", "we", "what", "when", "where", "which",
    "while", "who", "why", "will", "you", "your",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundTexts:
    """Which of the texts, best first, by their places. is_guess: a word was spelt otherwise. is_part: none has all of the
    words, these have some."""

    places: list[int]
    is_guess: bool = False
    is_part: bool = False


def find_texts(texts: Sequence[Teaching], asked: str) -> FoundTexts:
    """Those with most of the words, and of these the ones with more of them in their title first."""
    index = _index_of(tuple(text.words for text in texts))
    words = index.asked(asked)
    hits, titles = [0] * len(texts), [0] * len(texts)
    is_guess = False
    for word in words:
        in_title, anywhere, guessed = index.with_word(word)
        is_guess |= guessed and bool(anywhere)
        for place in _places(anywhere):
            hits[place] += 1
        for place in _places(in_title):
            titles[place] += 1
    if not (most := max(hits, default=0)):
        return FoundTexts([])
    places = sorted((n for n, hit in enumerate(hits) if hit == most), key=lambda n: -titles[n])
    return FoundTexts(places, is_guess, is_part=most < len(words))


def _places(mask: int) -> list[int]:
    return [n for n in range(mask.bit_length()) if mask >> n & 1]


@lru_cache(maxsize=4)
def _index_of(texts: tuple[tuple[str, str, str], ...]) -> WordIndex:
    index = WordIndex(size=len(texts), stop_words=SMALL_WORDS)
    for n, (title, summary, text) in enumerate(texts):
        note(index.in_names, words_in(title), n)
        note(index.in_muscles, words_in(summary), n)
        note(index.in_text, words_in(text), n)
    index.words = sorted({*index.in_names, *index.in_muscles, *index.in_text})
    return index

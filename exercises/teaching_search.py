"""Finding articles and questions by words, as patients type them: whole questions, with slips of the finger.

Some dozens of texts are searched in memory, like the catalogue, so that both databases find the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from exercises.index import STOP_WORDS, WordIndex, note, plain, words_in
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
    index = _index_of(tuple(text.words for text in texts))
    ranked, is_guess = index.search(asked)
    if places := [place for mask in ranked for place in _places(mask)]:
        return FoundTexts(places, is_guess)
    return _with_some(index, index.asked(asked))


def _with_some(index: WordIndex, words: list[str]) -> FoundTexts:
    """Those with most of the words first."""
    hits: dict[int, int] = {}
    is_guess = False
    for word in words:
        mask, guessed = index.with_word(word)
        is_guess |= guessed and bool(mask)
        for place in _places(mask):
            hits[place] = hits.get(place, 0) + 1
    most = max(hits.values(), default=0)
    return FoundTexts([place for place in sorted(hits) if hits[place] == most], is_guess, is_part=True)


def _places(mask: int) -> list[int]:
    return [n for n in range(mask.bit_length()) if mask >> n & 1]


@lru_cache(maxsize=4)
def _index_of(texts: tuple[tuple[str, str, str], ...]) -> WordIndex:
    index = WordIndex(size=len(texts), stop_words=SMALL_WORDS)
    for n, (title, summary, text) in enumerate(texts):
        note(index.own_names, [plain(title)], n)
        note(index.in_names, words_in(title), n)
        note(index.in_muscles, words_in(summary), n)
        note(index.in_text, words_in(text), n)
    index.words = sorted({*index.in_names, *index.in_muscles, *index.in_text})
    return index

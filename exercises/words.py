from collections.abc import Iterable


def in_words(names: Iterable[str]) -> str:
    """A, b and c; each once."""
    *first, last = dict.fromkeys(names) or [""]
    return f"{', '.join(first)} and {last}" if first else last

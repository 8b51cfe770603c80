"""Known words, found by what is one letter away from them."""

from collections.abc import Iterable

from opsdesk.text import typos


class Spellings:
    """Known words by what is left of each without one letter, and by all of it: one of these is a typo's, too."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._by_part: dict[str, str] = {}  # several words with blanks between them: tuples would take twice the room
        for word in self._words:
            for part in _parts(word):
                self._by_part[part] = f"{self._by_part[part]} {word}" if part in self._by_part else word

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def near(self, word: str) -> list[str]:
        """Return the known words that differ from `word` by one letter, or by two that are swapped, sorted."""
        near = {known for part in _parts(word) for known in self._by_part.get(part, "").split()}
        return sorted(known for known in near if typos(word, known, 1) == 1)


def _parts(word: str) -> list[str]:
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]

"""Titles by their words: those that are about the same are found without going through all of them."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from heapq import nsmallest
from itertools import chain
from typing import Any

from opsdesk.text import words

SHARED = 2  # words that two titles must have in common to be about the same
SHORTEST = 3  # letters of a word that says anything
SAID_BY_ALL = frozenset({"the", "and", "for", "with", "from", "are", "was", "not", "slow", "down", "error", "errors"})
SATURATED, LENGTH_COUNTS = 1.5, 0.75  # k1 and b of BM25, as usual

Words = frozenset[str]


class Titles:
    """Titles, each under a number. Those with the very same words are compared as one."""

    def __init__(self) -> None:
        self._words: dict[int, Words] = {}
        self._numbers: dict[Words, set[int]] = {}
        self._having: defaultdict[str, dict[Words, set[int]]] = defaultdict(dict)  # the same sets, by each word
        self._length = 0  # of all titles, in words

    def __len__(self) -> int:
        return len(self._words)

    def __contains__(self, number: int) -> bool:
        return number in self._words

    def put(self, number: int, title: str) -> None:
        """Add a title, in the place of the one that stood under this number."""
        self.drop(number)
        self._words[number] = said = _telling(title)
        numbers = self._numbers.setdefault(said, set())
        numbers.add(number)
        for word in said:
            self._having[word][said] = numbers
        self._length += len(said)

    def drop(self, number: int) -> None:
        """Remove the title under this number, if there is one."""
        said = self._words.pop(number, None)
        if said is None:
            return
        self._length -= len(said)
        self._numbers[said].discard(number)
        if not self._numbers[said]:
            del self._numbers[said]
            for word in said:
                self._forget(word, said)

    def lowest(self) -> int:
        """Return the lowest number; there must be one."""
        return min(self._words)

    def likest(self, title: str, most: int, order: Callable[[int], Any]) -> Sequence[int]:
        """Return the numbers of up to so many titles that share enough words with this one, the likest first.

        Rare words weigh more. Of titles that are equally like it, `order` has the first come first.
        """
        best: list[int] = []
        for _, numbers in sorted(self._weighed(_telling(title)).items(), reverse=True):
            best += nsmallest(most - len(best), numbers, key=order)
        return best

    def _weighed(self, said: Words) -> dict[float, list[int]]:
        """Return the numbers of titles that share enough of these words, by how like they are."""
        having = {word: self._having[word] for word in said if word in self._having}
        enough, shared = min(SHARED, len(said)), Counter(chain.from_iterable(having.values()))
        titles = len(self._words)
        rarity = {word: math.log((titles + 1) / sum(map(len, of.values()))) for word, of in having.items()}
        alike: defaultdict[tuple[Words, int], list[int]] = defaultdict(list)
        for theirs, many in shared.items():
            if many >= enough:
                alike[said & theirs, len(theirs)] += self._numbers[theirs]
        found: defaultdict[float, list[int]] = defaultdict(list)
        for (of_both, length), numbers in alike.items():
            found[_weight([rarity[word] for word in of_both], length * titles / self._length)] += numbers
        return found

    def _forget(self, word: str, said: Words) -> None:
        del self._having[word][said]
        if not self._having[word]:
            del self._having[word]


def _weight(rarities: Sequence[float], length: float) -> float:
    """Return how like a title is by the rarity of the words it shares, each of which it has but once, and its length
    in terms of the average, by BM25 (Robertson and Walker, 1994).
    """
    longer = 1 - LENGTH_COUNTS + LENGTH_COUNTS * length
    return math.fsum(rarities) * (SATURATED + 1) / (1 + SATURATED * longer)


def _telling(title: str) -> Words:
    return frozenset(word for word in words(title) if len(word) >= SHORTEST and word not in SAID_BY_ALL)
